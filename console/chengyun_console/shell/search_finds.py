"""What the command bar finds for a text: vitals, alarms, places and actions, best first, each as a row of its list."""

from collections.abc import Callable, Container, Iterable, Sequence
from dataclasses import dataclass
from functools import partial

import numpy as np
import numpy.typing as npt

from chengyun_console.actions.action import Action, Where
from chengyun_console.actions.dialogue import why_not
from chengyun_console.actions.subject import Subject
from chengyun_console.actions.table import ACTIONS
from chengyun_console.desk import Desk
from chengyun_console.subjects import subject_of
from chengyun_core.mirror.alarms import awaits
from chengyun_core.mirror.finder import Place, PlaceKind
from chengyun_core.mirror.search import Rank
from chengyun_core.mirror.state import Freshness
from chengyun_core.model.alarm import Alarm
from chengyun_core.model.clock import NS_PER_S
from chengyun_core.model.scales import Quality
from chengyun_resources.texts import Texts
from chengyun_resources.theme.tokens import SEVERITY_TEXT, Colour, Severity
from chengyun_widgets.fact_model import FactRow

MOST_FOUND = 50
MOST_ALARMS = 8
MOST_PLACES = 8
_NOT_HERE = ("search.open", "alarm.open")
_BANDS = range(5)


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """One row; `denied` says why Enter on it does nothing but say so."""

    row: FactRow
    denied: str = ""


_Ranked = tuple[tuple[int, int, int], Callable[[], Found]]


class Finds:
    """Rows are made only for what is shown: 6 000 vitals are searched in about 3 ms, 50 rows are written."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        chinese = Texts("zh_CN")
        self._actions = tuple(
            action for action in ACTIONS if action.where in (Where.ANYWHERE, Where.ALARM) and action.id not in _NOT_HERE
        )
        self._freshness: tuple[object, npt.NDArray[np.uint8]] = (None, np.zeros(0, np.uint8))
        self._latest: tuple[str, list[tuple[Rank, int]]] = ("", [])
        self._spoken = {action.id: chinese.say(action.title) for action in self._actions}

    def found(self, text: str, recent: Sequence[str] = ()) -> list[Found]:
        """Return what matches, best first; among equals what was chosen lately, then vitals, alarms, places, actions.

        An empty text finds what was chosen lately and every action.
        """
        if not text.strip():
            return self._offered(recent)
        self._latest = ("", [])
        at = {key: place for place, key in enumerate(recent)}
        ranked: list[_Ranked] = []
        for order, source in enumerate((self._vitals, self._alarms, self._places, self._ranked_actions)):
            for rank, key, make in source(text):
                ranked.append(((rank, at.get(key, len(at)), order), make))
        ranked.sort(key=lambda one: one[0])
        return [make() for _rank, make in ranked[:MOST_FOUND]]

    def vitals_of(self, text: str) -> list[int]:
        """Return the numbers of the vitals that match, best first, all of them."""
        return [number for _rank, number in self._look_up(text)]

    def alarms_of(self, text: str) -> list[Alarm]:
        """Return the living alarms whose number or vital matches, in the order of the board; all for no text."""
        return self._living(text, frozenset(self.vitals_of(text)))

    def of_key(self, key: str) -> Found | None:
        """Return the row of something chosen before, None when it is gone."""
        kind, _, what = key.partition(":")
        match kind:
            case "vital" if what.isdigit() and self._knows(int(what)):
                return self.vital(int(what))
            case "place":
                place_kind, _, code = what.partition(":")
                place = self._place_of(place_kind, code)
                return self._place(place) if place else None
            case "action":
                action = next((action for action in self._actions if action.id == what), None)
                return self.action(action, subject_of(self._desk)) if action else None
        return None

    def vital(self, number: int, key: str = "") -> Found:
        """Return the row of a vital: name, place and code, the value with its age's state."""
        desk, names = self._desk, self._desk.names
        assert names is not None
        vital, state = names.view.vital(number), desk.session.state
        is_known = number < state.count
        band = Severity(int(state.band[number])) if is_known else Severity.NONE
        path = "/".join(node.name for node in names.view.place_of(number))
        fresh = Freshness(int(self._fresh()[number])) if is_known else Freshness.NEVER
        value = desk.figures.with_unit(float(state.value[number]), vital.decimals, vital.unit) if is_known else ""
        row = FactRow(
            key=key or f"vital:{number}",
            severity=band,
            title=vital.name,
            detail=f"{names.place(vital.centre)} · {path} · {vital.code}",
            status=value,
            status_colour=SEVERITY_TEXT[band],
            is_stale=fresh is not Freshness.FRESH,
        )
        return Found(row=row)

    def alarm(self, alarm: Alarm, key: str = "", denied: str = "") -> Found:
        """Return the row of an alarm: what is wrong, where, and who has it."""
        words, now_ns = self._desk.words, self._desk.now_ns()
        row = FactRow(
            key=key or f"alarm:{alarm.number}",
            severity=Severity(int(alarm.colour)),
            title=words.title(alarm),
            detail=denied or f"{words.place(alarm)} · #{alarm.number}",
            age=words.age(alarm, now_ns),
            status=words.status(alarm, now_ns),
            status_colour=Colour.RED_TEXT if awaits(alarm) else Colour.TEXT_SECOND,
            badges=(self._desk.say("search.kind.alarm"),),
        )
        return Found(row=row, denied=denied)

    def action(self, action: Action, subject: Subject) -> Found:
        """Return the row of an action with its key; one that cannot be done says why in its second line."""
        title = self._desk.say(action.title)
        denied = self.denied(action, subject)
        row = FactRow(
            key=f"action:{action.id}",
            severity=Severity.NONE,
            title=title,
            detail=denied,
            status=" / ".join(action.keys),
            badges=(self._desk.say("search.denied" if denied else "search.kind.action"),),
        )
        return Found(row=row, denied=denied)

    def denied(self, action: Action, subject: Subject | None) -> str:
        """Return why an action cannot be done: the permission first, then the subject; empty when it can."""
        desk = self._desk
        if action.permission and action.permission not in desk.allowed():
            return desk.say("console.not_allowed", action=desk.say(action.title))
        reason = why_not(action, subject) if subject is not None and action.where is Where.ALARM else None
        return desk.refusal(reason) if reason is not None else ""

    def _offered(self, recent: Iterable[str]) -> list[Found]:
        subject = subject_of(self._desk)
        found = {one.row.key: one for key in recent if (one := self.of_key(key)) is not None}
        for action in self._actions:
            found.setdefault(f"action:{action.id}", self.action(action, subject))
        return list(found.values())

    def _vitals(self, text: str) -> Iterable[tuple[Rank, str, Callable[[], Found]]]:
        for rank, number in self._ranked_vitals(text)[:MOST_FOUND]:
            yield rank, f"vital:{number}", partial(self.vital, number)

    def _alarms(self, text: str) -> Iterable[tuple[Rank, str, Callable[[], Found]]]:
        ranks = {number: rank for rank, number in self._ranked_vitals(text)}
        for alarm in self._living(text, ranks)[:MOST_ALARMS]:
            rank = ranks.get(alarm.vital, Rank.WHOLE)
            yield rank, f"alarm:{alarm.number}", partial(self.alarm, alarm)

    def _living(self, text: str, numbers: Container[int]) -> list[Alarm]:
        facts = self._desk.session.facts
        board = facts.board
        every = (*board.alarms, *board.shelved, *board.suppressed, *board.out_of_service)
        wanted = text.strip().removeprefix("#")
        if wanted.isdigit() and int(wanted) in facts.alarms:
            return [facts.alarms[int(wanted)]]
        return [alarm for alarm in every if not wanted or alarm.vital in numbers]

    def _places(self, text: str) -> Iterable[tuple[Rank, str, Callable[[], Found]]]:
        names, has_state = self._desk.names, bool(self._states(text))
        for rank, place in (names.view.finder.places(text) if names else ())[:MOST_PLACES]:
            key = f"place:{place.kind}:{place.code}"
            # hong is asked of vitals first: a place is not red, it only may be called so.
            yield Rank.AROUND if has_state else rank, key, partial(self._place, place)

    def _ranked_actions(self, text: str) -> Iterable[tuple[Rank, str, Callable[[], Found]]]:
        names, wanted, subject = self._desk.names, text.strip().casefold(), subject_of(self._desk)
        told = names.view.finder.phrases(text) if names else ()
        # In the middle of a long title's pinyin nearly everything is found: there only its beginning counts.
        spoken = {phrase: rank for rank, phrase in told if rank <= Rank.BEGINNING}
        for action in self._actions:
            rank = spoken.get(self._spoken[action.id])
            if rank is None and wanted in self._desk.say(action.title).casefold():
                rank = Rank.INSIDE
            if rank is None and wanted in action.id:
                rank = Rank.INSIDE
            if rank is not None:
                key = f"action:{action.id}"
                yield rank, key, partial(self.action, action, subject)

    def _place(self, place: Place) -> Found:
        names = self._desk.names
        assert names is not None
        if place.kind is PlaceKind.CENTRE:
            row = names.view.centre(place.code)
            above = names.view.centre(row.parent or "") if row else None
            detail = above.name if above else ""
        else:
            layer = {
                PlaceKind.SECTOR: names.view.tree.sectors,
                PlaceKind.TRACK: names.view.tree.tracks,
                PlaceKind.SUBTRACK: names.view.tree.subtracks,
            }[place.kind]
            detail = "/".join(node.name for node in names.view.path(layer.node(place.code))[:-1])
        return Found(
            row=FactRow(
                key=f"place:{place.kind}:{place.code}",
                severity=Severity.NONE,
                title=place.name,
                detail=detail,
                badges=(self._desk.say(f"search.kind.{place.kind}"),),
            )
        )

    def _place_of(self, kind: str, code: str) -> Place | None:
        names = self._desk.names
        return names.view.finder.place(kind, code) if names else None

    def _ranked_vitals(self, text: str) -> list[tuple[Rank, int]]:
        """Return the vitals found; three parts of one search ask, and one answer serves them."""
        if self._latest[0] != text:
            self._latest = (text, self._look_up(text))
        return self._latest[1]

    def _look_up(self, text: str) -> list[tuple[Rank, int]]:
        names, state = self._desk.names, self._desk.session.state
        if names is None or state.count != names.view.count:
            return []
        found = names.view.finder.vitals(text, self._states(text))
        # Of what only lies in the place typed, the gravest comes first.
        first = next((at for at, (rank, _number) in enumerate(found) if rank is Rank.AROUND), len(found))
        return found[:first] + sorted(found[first:], key=lambda one: -int(state.band[one[1]]))

    def _states(self, text: str) -> dict[str, Callable[[int], bool]]:
        """Return what the words of state typed mean: a band, abnormal, without data, late, not acknowledged."""
        means = self._meanings()
        typed = text.casefold().split()
        found = {}
        for name, is_so in means.items():
            for word in self._desk.say(f"search.state.{name}").casefold().split():
                if word in typed:
                    found[word] = is_so
        return found

    def _meanings(self) -> dict[str, Callable[[int], bool]]:
        state, facts = self._desk.session.state, self._desk.session.facts
        band, quality = state.band, state.quality
        means = {str(colour): _holds(band == colour) for colour in _BANDS}
        waiting = {alarm.vital for alarm in facts.board.alarms[: facts.board.unacknowledged]}
        means["abnormal"] = _holds(band > 0)
        means["silent"] = _holds((quality == Quality.NEVER) | (quality == Quality.MISSING))
        means["late"] = _holds(self._fresh() == Freshness.LATE)
        means["waiting"] = waiting.__contains__
        return means

    def _fresh(self) -> npt.NDArray[np.uint8]:
        """Return the freshness of every vital, asked once for the fifty rows of a search."""
        state, now_ns = self._desk.session.state, self._desk.now_ns()
        asked = (state.seq, state.silent, state.count, now_ns // (NS_PER_S // 4))
        if asked != self._freshness[0]:
            self._freshness = (asked, state.freshness(now_ns))
        return self._freshness[1]

    def _knows(self, number: int) -> bool:
        names = self._desk.names
        return names is not None and names.vital(number) is not None


def _holds(mask: npt.NDArray[np.bool_]) -> Callable[[int], bool]:
    return lambda number: bool(mask[number])
