"""To which seats alarms, events and orders go (H4): a table of rules and the pure functions that apply it."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum

from chengyun_core.model.alarm import Alarm, AlarmState, effective
from chengyun_core.model.clock import NS_PER_S
from chengyun_core.model.duty import SeatCover
from chengyun_core.model.event import Event
from chengyun_core.model.event_rules import is_weighty
from chengyun_core.model.order import Order, Receipt
from chengyun_core.model.scales import AlarmPriority, WarningColour

ANSWER_WITHIN_S: dict[AlarmPriority, float] = {
    AlarmPriority.HIGHEST: 60.0, AlarmPriority.HIGH: 180.0, AlarmPriority.MEDIUM: 600.0, AlarmPriority.LOW: 1800.0,
}  # fmt: skip
"""Seconds within which a seat acknowledges (ALARMS.md, Operator, P95). After it the chief hears the alarm, too; after
twice as long everybody does."""
_WITHIN_NS = {priority: round(within_s * NS_PER_S) for priority, within_s in ANSWER_WITHIN_S.items()}
SUPERIOR_TOLD = 3
"""`Receipt.escalated` from which a silent recipient is the chief's matter as well."""


class How(StrEnum):
    """How a place came to the seats it is routed to."""

    HELD = "held"
    """Somebody sits at a seat whose own area it is."""
    COVERED = "covered"
    """Nobody sits there, and another seat covers it."""
    CLIMBED = "climbed"
    """Nobody answers there: it climbed to the seat of a place above."""
    ALL = "all"
    """无人值守：归全体. Nobody answers for it or for anything above."""
    NOBODY = "nobody"
    """No seat is held at all."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """One row of the printed table."""

    what: str
    to: str


RULES: tuple[Rule, ...] = (
    Rule(what="an alarm, by the place of its vital", to="every held seat of the deepest area that has one"),
    Rule(what="the area is covered or lent", to="also the seat that covers it, and whoever covers that one"),
    Rule(what="nobody answers for the area", to="the seats of the nearest place above for which somebody does"),
    Rule(what="nobody answers up to the uppermost place", to="every held seat of the centre, and that is said"),
    Rule(what="a seat that does not respond (RF27), or whose holder may not acknowledge", to="counts as not held"),
    Rule(what="red, or calling again because nobody cleared it",
         to="also the chiefs' seats over the place; without one the seats of the next place above"),
    Rule(what="not acknowledged within the time of its priority (60 s, 3, 10, 30 min)", to="also the chiefs' seats"),
    Rule(what="not acknowledged within twice that time", to="every held seat of the centre"),
    Rule(what="a vital the catalogue does not know", to="every held seat of the centre"),
    Rule(what="an event", to="the seat that commands it, or who covers that; without one by its place as an alarm"),
    Rule(what="an event of the grade larger or graver, or whose report is overdue", to="also the chiefs' seats"),
    Rule(what="an order and its receipts",
         to="the seat that issued it, else the one that commands its event, else by its place"),
    Rule(what="an order for which two persons are needed; a receipt that is supervised or whose superior was told",
         to="also the chiefs' seats"),
)  # fmt: skip
"""What `docs/duty.md` prints, in the order in which it is applied."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Sitting:
    """Who sits at a seat, as far as routing asks."""

    seat: str
    answers: bool = True
    """His posts may acknowledge whatever his area holds. An administrator or a unit's man at a seat keeps no watch."""
    is_chief: bool = False
    responds: bool = True
    """False: 席位无响应, its console was not heard for too long."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Watch:
    """Who answers for what at one instant; made by `watch_of` once per change of seats, covers or catalogue."""

    answering: Mapping[str, frozenset[str]] = field(default_factory=dict)
    """Area (code of a centre) → seats that answer for it: those held there, and those that cover one of its seats."""
    seated: Mapping[str, frozenset[str]] = field(default_factory=dict)
    """The same without covers."""
    watched: frozenset[str] = frozenset()
    """Areas for which this centre has a seat, held or not: to tell a hole from a place without a seat of its own."""
    stands_for: Mapping[str, frozenset[str]] = field(default_factory=dict)
    """Seat → itself when it is held, and who covers it."""
    chiefs: Mapping[str, frozenset[str]] = field(default_factory=dict)
    """Seat of a chief → areas it answers for."""
    loose: frozenset[str] = frozenset()
    """Held seats the catalogue does not know: nobody can say what they answer for, so they answer for everything."""
    everybody: frozenset[str] = frozenset()
    """Held seats that keep watch and respond; without one every held seat. Empty only when none is held."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Route:
    """To whom something goes."""

    seats: frozenset[str]
    how: How
    at: str = ""
    """Code of the place (or seat, of something commanded) that answers; empty: everybody does."""


def watch_of(
    areas: Mapping[str, str], sittings: Iterable[Sitting], covers: Iterable[SeatCover], watched: Iterable[str] = ()
) -> Watch:
    """Return who answers for what.

    `areas`: seats of the catalogue that keep watch → the code of the centre whose subtree each watches. `watched`:
    areas that are to be answered for here; seats of the centres below are taken at their own consoles.
    """
    held = {one.seat: one for one in sittings}
    keeping = {seat: one for seat, one in held.items() if one.answers and one.responds}
    covered = _covered(covers)
    reach = {seat: _reach(seat, covered) for seat in keeping}
    seated, answering = _by_area(areas, {seat: {seat} for seat in keeping}), _by_area(areas, reach)
    return Watch(
        answering=answering,
        seated=seated,
        watched=frozenset(watched),
        stands_for=_turned(reach),
        chiefs={
            seat: frozenset(areas[other] for other in reach[seat] if other in areas)
            for seat, one in keeping.items() if one.is_chief
        },
        loose=frozenset(seat for seat in keeping if seat not in areas),
        everybody=frozenset(keeping) or frozenset(held),
    )  # fmt: skip


def of_place(watch: Watch, path: Sequence[str]) -> Route:
    """Return who answers for a place; `path`: its code, that of its parent, and so on up to the uppermost."""
    climbed = False
    for area in path:
        seats = watch.answering.get(area)
        if seats:
            how = How.CLIMBED if climbed else How.HELD if watch.seated.get(area) else How.COVERED
            return Route(seats=seats | watch.loose, how=how, at=area)
        climbed = climbed or area in watch.watched
    if watch.loose:
        return Route(seats=watch.loose, how=How.HELD)
    return Route(seats=watch.everybody, how=How.ALL if watch.everybody else How.NOBODY)


def of_alarm(watch: Watch, path: Sequence[str], alarm: Alarm, now_ns: int) -> Route:
    """Return to whom an alarm goes at a profile time (ns UTC)."""
    route, rung = of_place(watch, path), lateness(alarm, now_ns)
    if rung > 1:
        return Route(seats=route.seats | watch.everybody, how=route.how, at=route.at)
    return with_chief(watch, path, route) if rung or concerns_chief(alarm) else route


def of_event(watch: Watch, path: Sequence[str], event: Event) -> Route:
    """Return to whom an event goes."""
    route = _of_seat(watch, event.command_seat) or of_place(watch, path)
    return with_chief(watch, path, route) if is_weighty(event) or event.report_overdue else route


def of_order(watch: Watch, path: Sequence[str], order: Order, command_seat: str = "") -> Route:
    """Return to whom an order goes; `command_seat`: that of its event."""
    route = _of_seat(watch, order.issued_seat) or _of_seat(watch, command_seat) or of_place(watch, path)
    return with_chief(watch, path, route) if order.critical else route


def of_receipt(watch: Watch, path: Sequence[str], receipt: Receipt, route: Route) -> Route:
    """Return to whom a receipt goes, given the route of its order."""
    is_chiefs = receipt.escalated >= SUPERIOR_TOLD or bool(receipt.supervision)
    return with_chief(watch, path, route) if is_chiefs else route


def with_chief(watch: Watch, path: Sequence[str], route: Route) -> Route:
    """Return a route with the chiefs over the place; without any chief on duty the seats of the next place above."""
    over = frozenset(seat for seat, areas in watch.chiefs.items() if not areas.isdisjoint(path))
    more = over or frozenset(watch.chiefs) or _above(watch, path, route.at)
    return Route(seats=route.seats | more, how=route.how, at=route.at) if more else route


def concerns_chief(alarm: Alarm) -> bool:
    """Return whether an alarm goes to the chief at once: red, or calling again because nobody cleared it (A4)."""
    return alarm.colour is WarningColour.RED or alarm.realarms > 0


def lateness(alarm: Alarm, now_ns: int) -> int:
    """Return how far an alarm is over its time: 0 not, 1 the chief hears it, 2 everybody does."""
    late, very_late = late_at(alarm)
    return 0 if now_ns < late or effective(alarm) is not AlarmState.UNACK else 1 if now_ns < very_late else 2


def late_at(alarm: Alarm) -> tuple[int, int]:
    """Return when an alarm that nobody acknowledges is the chief's, and when everybody's, profile ns UTC.

    Counted from the begin of its life: what calls again, or comes off a shelf, has had its time already.
    """
    within_ns = _WITHIN_NS[alarm.priority]
    return alarm.raised_at + within_ns, alarm.raised_at + 2 * within_ns


def _above(watch: Watch, path: Sequence[str], at: str) -> frozenset[str]:
    """Return the seats of the nearest place above the one that answers for which somebody does."""
    higher = path[list(path).index(at) + 1 :] if at in path else path
    return next((watch.answering[area] for area in higher if watch.answering.get(area)), frozenset())


def _of_seat(watch: Watch, seat: str) -> Route | None:
    """Return the route to a seat that has something in hand; None when nobody is there and nobody covers it."""
    seats = watch.stands_for.get(seat, frozenset())
    if not seats:
        return None
    return Route(seats=seats, how=How.HELD if seat in seats else How.COVERED, at=seat)


def _covered(covers: Iterable[SeatCover]) -> dict[str, set[str]]:
    """Return covering seat → seats it covers by itself."""
    found: dict[str, set[str]] = {}
    for cover in covers:
        if not cover.ended:
            found.setdefault(cover.by_seat, set()).add(cover.seat)
    return found


def _reach(seat: str, covered: Mapping[str, set[str]]) -> set[str]:
    """Return a seat and all it stands for: who covers a seat covers what that one covers, too."""
    found, ahead = {seat}, [seat]
    while ahead:
        more = covered.get(ahead.pop(), set()) - found
        found |= more
        ahead += more
    return found


def _by_area(areas: Mapping[str, str], reach: Mapping[str, set[str]]) -> dict[str, frozenset[str]]:
    found: dict[str, set[str]] = {}
    for seat, others in reach.items():
        for other in others:
            if other in areas:
                found.setdefault(areas[other], set()).add(seat)
    return {area: frozenset(seats) for area, seats in found.items()}


def _turned(reach: Mapping[str, set[str]]) -> dict[str, frozenset[str]]:
    found: dict[str, set[str]] = {}
    for seat, others in reach.items():
        for other in others:
            found.setdefault(other, set()).add(seat)
    return {seat: frozenset(seats) for seat, seats in found.items()}
