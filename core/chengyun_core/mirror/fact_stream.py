"""The protocol of the facts: hints, numbers and holes in; range and snapshot asks and merged facts out. No socket.

The journal is the truth and its numbers are dense; a change on PUB is only a hint that arrives early. Everything up to
`through` is known. A hint beyond `through + 1`, or a heartbeat whose tail is beyond it, means that something between is
missing: it is asked by range (`changes.since`), and the answer's own `through` makes its holes final. After a restart
of the centre, or when too much is missing, a snapshot of the living records replaces what is held. Records merge per
key by version (`>=`), so a hint may be applied before the gap below it is closed.

Hints and heartbeats come on one socket in their order. A hint numbered beyond the heartbeat after it, or a tail that
shrank, was no truth: a snapshot decides then over everything held, as it does after a restart (RF16).
"""

import logging
from collections import Counter
from dataclasses import dataclass

from chengyun_core.mirror.fact_merge import FactMerge
from chengyun_core.mirror.news import Fact, FactNews
from chengyun_core.mirror.records import RELABELS, fact_of
from chengyun_core.mirror.run_watch import RunWatch
from chengyun_core.model.change import Change
from chengyun_core.model.clock import NS_PER_S
from chengyun_core.wire.codec import BadMessage
from chengyun_core.wire.envelope import AskChanges, Changes, Heartbeat, Snapshot

ASK_EVERY_NS = NS_PER_S // 4
ANSWER_WITHIN_NS = 5 * NS_PER_S
MOST_BY_RANGE = 20_000
"""A longer gap (a console asleep over a night) is closed by a snapshot instead of a walk through the journal."""
MOST_AHEAD = 10_000
"""Numbers of hints kept beyond a gap; more are forgotten and asked by range, which loses nothing."""

logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class FactAsk:
    """A request the owner of the socket is to send: `changes.since` with its body, or `snapshot` when there is none."""

    id: str
    since: AskChanges | None


class FactStream:
    """One centre daemon's facts as they arrive. Owned by one thread."""

    def __init__(self) -> None:
        self.through = 0
        """All facts up to this journal number are known."""
        self.tail = 0
        self.counters: Counter[str] = Counter()
        """`gaps`, `ranges`, `snapshots`, `repeated`, `old_epoch`, `disowned`, `bad_records`, `relabelled`."""
        self._run = RunWatch()
        self._published = 0
        """Greatest number a hint of this run had, and the last heartbeat's tail."""
        self._merge = FactMerge()
        self._ahead: set[int] = set()
        self._allowed = False
        self._needs_snapshot = True
        self._ask: FactAsk | None = None
        self._asked_at = -ASK_EVERY_NS
        self._asks = 0

    @property
    def epoch(self) -> int:
        """Return the epoch of the centre's living run, 0 before its first heartbeat."""
        return self._run.epoch

    @property
    def complete(self) -> bool:
        """Return whether everything heard of is known."""
        return not self._needs_snapshot and self.through >= self.tail

    def allow(self, *, allowed: bool) -> None:
        """Tell whether the centre answers our asks: it needs a session for them."""
        self._allowed = allowed
        self._ask = None

    def heard(self, beat: Heartbeat, now_ns: int = 0) -> None:
        """Take a heartbeat at a monotonic time: it names the run of the centre and the journal's tail."""
        before = self.epoch
        if not self._run.beats(beat.epoch, now_ns):
            self.counters["old_epoch"] += 1
            return
        if beat.epoch != before:
            self._begin_run(beat.tail)
        elif beat.tail < self._published:
            self.counters["disowned"] += 1
            self._begin_run(beat.tail)
        self._published = beat.tail
        self._reach(beat.tail)

    def hinted(self, change: Change) -> None:
        """Take a change from PUB. Before the first heartbeat nothing is known to set it against; the tail will tell."""
        if self.epoch == 0:
            return
        if self._is_known(change):
            self.counters["repeated"] += 1
            return
        if len(self._ahead) >= MOST_AHEAD:
            self._ahead.clear()
        self._put(change)
        self._published = max(self._published, change.number)
        self._ahead.add(change.number)
        self._close_up()
        self._reach(change.number)

    def ranged(self, ask_id: str, answer: Changes) -> None:
        """Take the answer to a `changes.since`; one to an ask of an earlier run of the centre is ignored."""
        if self._ask is None or self._ask.id != ask_id or self._ask.since is None:
            return
        after, self._ask = self._ask.since.after, None
        self.counters["ranges"] += 1
        if answer.tail < after:  # The journal is shorter than what we know of it: it was put back.
            self._needs_snapshot, self.tail = True, answer.tail
            self._merge.begin_run()
            return
        for change in answer.changes:
            if not self._is_known(change):
                self._put(change)
        self._advance(answer.through, answer.tail)

    def snapped(self, ask_id: str, answer: Snapshot) -> None:
        """Take the answer to a `snapshot`: all living records, valid through its number."""
        if self._ask is None or self._ask.id != ask_id or self._ask.since is not None:
            return
        self._ask = None
        self.counters["snapshots"] += 1
        facts = [fact for change in answer.records if (fact := self._decoded(change)) is not None]
        self._merge.replace(facts, answer.through)
        self._needs_snapshot = False
        self.through = 0
        self._advance(answer.through, answer.through)

    def unanswered(self, ask_id: str) -> None:
        """Take note that an ask was refused or could not be sent; it is repeated in its time."""
        if self._ask is not None and self._ask.id == ask_id:
            self._ask = None

    def asks(self, now_ns: int) -> FactAsk | None:
        """Return the ask to send now, None while none is due; an unanswered one is given up after five seconds."""
        if not self._allowed or self.epoch == 0 or self.complete:
            return None
        patience = ASK_EVERY_NS if self._ask is None else ANSWER_WITHIN_NS
        if now_ns - self._asked_at < patience:
            return None
        self._asks += 1
        long_gap = self.tail - self.through > MOST_BY_RANGE
        since = None if self._needs_snapshot or long_gap else AskChanges(after=self.through)
        self._ask, self._asked_at = FactAsk(id=f"facts-{self._asks}", since=since), now_ns
        return self._ask

    def news(self) -> FactNews | None:
        """Return what changed since the last call, each record once; None when nothing did."""
        return self._merge.news(through=self.through, tail=self.tail, complete=self.complete)

    def _begin_run(self, tail: int) -> None:
        """Begin with a new run of the centre. Its journal may have been put back, hence a snapshot, not a range."""
        self.tail, self._published = tail, 0
        self._ask = None
        self._ahead.clear()
        self._needs_snapshot = True
        self._merge.begin_run()

    def _is_known(self, change: Change) -> bool:
        return change.number in self._ahead or (change.number <= self.through and not self._needs_snapshot)

    def _reach(self, number: int) -> None:
        """Take note that the journal goes as far as this number."""
        was_complete = self.complete
        self.tail = max(self.tail, number)
        if was_complete and not self.complete:
            self.counters["gaps"] += 1

    def _advance(self, through: int, tail: int) -> None:
        self.through = max(self.through, through)
        self.tail = max(self.tail, tail)
        self._ahead = {number for number in self._ahead if number > self.through}
        self._close_up()

    def _close_up(self) -> None:
        """Move `through` over the hints that lie directly above it."""
        while self.through + 1 in self._ahead and not self._needs_snapshot:
            self.through += 1
            self._ahead.discard(self.through)
        self._merge.settle(self.through)

    def _put(self, change: Change) -> None:
        self._merge.put(change, self._decoded(change))
        if change.action in RELABELS:
            # Whatever is held may be more, or less, than may be seen now. An answer under way was made before.
            self.counters["relabelled"] += 1
            self._needs_snapshot, self._ask = True, None
            self._merge.forget_words()

    def _decoded(self, change: Change) -> Fact | None:
        try:
            return fact_of(change)
        except BadMessage as fault:
            self.counters["bad_records"] += 1
            logger.warning("change %s of kind %s holds no readable record: %s", change.number, change.kind, fault)
            return None
