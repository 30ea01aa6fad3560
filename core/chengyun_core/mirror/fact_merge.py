"""Merging of facts per key: what stands, what left, and what of it has not been handed on yet."""

from collections import OrderedDict, deque
from collections.abc import Iterable

from chengyun_core.mirror.alarms import AlarmBoard
from chengyun_core.mirror.news import Fact, FactNews
from chengyun_core.mirror.records import is_living
from chengyun_core.model.alarm import Alarm
from chengyun_core.model.change import Change
from chengyun_core.model.situation import Situation

RECENT_CHANGES = 1000
"""Changes kept for a hand-over that waits long; the oldest are dropped (they can be asked again), the records never."""

ADDED_TO = ("call", "comment", "evidence", "late", "roll_answer", "room_decision", "room_poll", "threshold")
"""Kinds of records that never end: only new ones come. A console that runs for weeks must not keep all of them."""
MOST_OF_A_KIND = 2000
"""Newest records kept of each of these kinds; older ones are asked of the centre."""

Key = tuple[str, str]


class FactMerge:
    """The newest version of every record, and the difference to what was handed on last."""

    def __init__(self) -> None:
        self._facts: dict[Key, Fact] = {}
        self._ended: dict[Key, Fact] = {}
        """Records that live no longer, kept until nothing older about them can arrive and revive them."""
        self._earlier: set[Key] = set()
        """Keys told by an earlier run of the centre, whose versions count for nothing."""
        self._added: dict[str, OrderedDict[Key, None]] = {kind: OrderedDict() for kind in ADDED_TO}
        """Records of the kinds that are only added to, in the order in which they came."""
        self._changed: set[Key] = set()
        self._changes: deque[Change] = deque(maxlen=RECENT_CHANGES)
        self._told = (0, 0, False)
        self._relabelled = self._is_begun = False

    def begin_run(self) -> None:
        """Take note that all records held are of an earlier run: whatever the new run says of them wins."""
        self._ended.clear()
        self._earlier = set(self._facts)

    def put(self, change: Change, fact: Fact | None) -> None:
        """Take one change with its record, None for a record that is not shown."""
        self._changes.append(change)
        if fact is not None:
            self._take((fact.kind, fact.key), fact)

    def replace(self, facts: Iterable[Fact], through: int) -> None:
        """Take a snapshot: what is not in it and was last told at or below `through` lives no longer."""
        self._relabelled, self._is_begun = self._is_begun, True
        snapshot = {(fact.kind, fact.key): fact for fact in facts}
        for key, held in list(self._facts.items()):
            if key not in snapshot and (key in self._earlier or held.number <= through):
                del self._facts[key]
                self._changed.add(key)
        for key, fact in snapshot.items():
            self._take(key, fact)
        self._earlier.clear()

    def forget_words(self) -> None:
        """Forget the changes that wait to be handed on: records in them may be of what was labelled since."""
        kept = [change for change in self._changes if change.kind == "alarm"]
        self._changes.clear()
        self._changes.extend(kept)

    def settle(self, through: int) -> None:
        """Forget ended records at or below `through`: every later answer is newer than they are."""
        self._ended = {key: fact for key, fact in self._ended.items() if fact.number > through}

    def news(self, *, through: int, tail: int, complete: bool) -> FactNews | None:
        """Return the difference to the last call, None when there is none."""
        if not self._changed and not self._changes and not self._relabelled and self._told == (through, tail, complete):
            return None
        news = FactNews(
            facts=tuple(self._facts[key] for key in sorted(self._changed & self._facts.keys())),
            gone=tuple(sorted(self._changed - self._facts.keys())),
            changes=tuple(self._changes),
            through=through,
            tail=tail,
            complete=complete,
            relabelled=self._relabelled,
            board=self._board(),
        )
        self._relabelled = False
        self._told = (through, tail, complete)
        self._changed.clear()
        self._changes.clear()
        return news

    def _board(self) -> AlarmBoard | None:
        if not any(kind in ("alarm", "situation") for kind, _ in self._changed):
            return None
        records = [fact.record for fact in self._facts.values()]
        situations = [record for record in records if isinstance(record, Situation)]
        return AlarmBoard.of((record for record in records if isinstance(record, Alarm)), situations)

    def _take(self, key: Key, fact: Fact) -> None:
        held = self._facts.get(key) or self._ended.get(key)
        if held is not None and key not in self._earlier and fact.version < held.version:
            return
        self._earlier.discard(key)
        self._facts.pop(key, None)
        self._ended.pop(key, None)
        (self._facts if is_living(fact) else self._ended)[key] = fact
        self._changed.add(key)
        if fact.kind in self._added:
            self._bound(fact.kind, key)

    def _bound(self, kind: str, key: Key) -> None:
        added = self._added[kind]
        added[key] = None
        while len(added) > MOST_OF_A_KIND:
            oldest, _ = added.popitem(last=False)
            self._facts.pop(oldest, None)
            self._changed.add(oldest)
