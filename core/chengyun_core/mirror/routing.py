"""Routing on a screen's copy of the facts: whose an alarm, an event or an order is now, and the board of one seat."""

from collections.abc import Iterable
from dataclasses import dataclass, replace

from chengyun_core.mirror.alarm_groups import AlarmGroup
from chengyun_core.mirror.alarms import AlarmBoard, Line, awaits
from chengyun_core.mirror.catalogue_view import CatalogueView
from chengyun_core.mirror.facts import FactMirror
from chengyun_core.mirror.news import FactNews
from chengyun_core.model import routing
from chengyun_core.model.alarm import Alarm, AlarmState, effective
from chengyun_core.model.event import Event
from chengyun_core.model.holding import PostKind, Sectors
from chengyun_core.model.order import Order, Receipt
from chengyun_core.model.permission import PERMISSIONS, kind_of
from chengyun_core.model.routing import Route, Sitting, Watch
from chengyun_core.model.scales import WarningColour

KINDS = frozenset({"catalogue", "seat_cover", "seat_silence", "session"})
"""Kinds of facts that change who answers for what."""
KEEPS_WATCH = frozenset(row.post for row in PERMISSIONS["alarm.acknowledge"] if row.sectors is Sectors.ALL)
"""Kinds of posts that may acknowledge whatever their area holds: who sits at a seat with one of them keeps watch."""

NEVER = 2**63 - 1
MOST_KEPT = 1000
"""Judgements kept of alarms that left the board, besides twice as many as stand on it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Others:
    """What is annunciated and goes to other seats only."""

    count: int = 0
    red: int = 0
    unacknowledged: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Parted:
    """A board, as far as it concerns one seat, and what it leaves to others."""

    board: AlarmBoard
    others: Others = Others()
    theirs: frozenset[int] = frozenset()
    """Numbers of the alarms left to others, silenced ones among them."""


class Routing:
    """Owned by who owns the facts. Looks places up once: a flood has thousands of alarms in a few places."""

    def __init__(self, facts: FactMirror) -> None:
        self._facts = facts
        self._view: CatalogueView | None = None
        self._areas: dict[str, str] = {}
        self._watched: frozenset[str] = frozenset()
        self._paths: dict[str, tuple[str, ...]] = {}
        self._places: dict[str, Route] = {}
        self._orders: dict[tuple[str, str, str, str], Route] = {}
        self._own: Sitting | None = None
        self._made_of: object = None
        self.watch = Watch()
        self.version = 0
        """Raised whenever somebody else answers for something."""

    def take_catalogue(self, view: CatalogueView, own_centre: str) -> None:
        """Use the places and seats of another version from now on; those of `own_centre` are to be held here."""
        self._view = view
        watching = [seat for seat in view.catalogue.seats if kind_of(seat.post) in KEEPS_WATCH]
        self._areas = {seat.code: seat.area or seat.centre for seat in watching}
        self._watched = frozenset(self._areas[seat.code] for seat in watching if seat.centre == own_centre)
        self._paths = {}
        self._made_of = None
        self.look()

    def take_facts(self, news: FactNews) -> bool:
        """Take note of news; return whether somebody else answers for something now."""
        touched = any(fact.kind in KINDS for fact in news.facts) or any(kind in KINDS for kind, _ in news.gone)
        return self.look() if touched else False

    def sit(self, own: Sitting | None) -> bool:
        """Take note of the seat this screen is at: it is held whatever the facts have told of it yet."""
        self._own = own
        return self.look()

    def look(self) -> bool:
        """Look who sits where; return whether somebody else answers for something."""
        sittings = self._sittings()
        covers = tuple(sorted(self._facts.duty.covers.values(), key=lambda cover: cover.seat))
        made_of = (tuple(sittings), covers, self._view)
        if made_of == self._made_of:
            return False
        self._made_of = made_of
        # A seat that is not meant for the watch is one all the same while an officer sits there.
        areas = self._areas | {one.seat: area for one in sittings if one.answers and (area := self._area(one.seat))}
        self.watch = routing.watch_of(areas, sittings, covers, self._watched)
        self._places, self._orders = {}, {}
        self.version += 1
        return True

    def path(self, centre: str) -> tuple[str, ...]:
        """Return a centre's code, its parent's and so on; empty for one the catalogue does not know."""
        if centre not in self._paths:
            self._paths[centre] = self._climbed(centre)
        return self._paths[centre]

    def of_centre(self, centre: str) -> Route:
        """Return who answers for a place."""
        if centre not in self._places:
            self._places[centre] = routing.of_place(self.watch, self.path(centre))
        return self._places[centre]

    def of_vital(self, vital: int) -> Route:
        """Return who answers for the place of a vital; one the catalogue does not know is everybody's."""
        return self.of_centre(self._centre_of(vital))

    def of_alarm(self, alarm: Alarm, now_ns: int) -> Route:
        """Return to whom an alarm goes at a profile time."""
        return routing.of_alarm(self.watch, self.path(self._centre_of(alarm.vital)), alarm, now_ns)

    def of_event(self, event: Event) -> Route:
        """Return to whom an event goes."""
        return routing.of_event(self.watch, self.path(event.centre), event)

    def of_order(self, order: Order) -> Route:
        """Return to whom an order goes."""
        event = self._facts.events.get(order.event) if order.event is not None else None
        seat = event.command_seat if event is not None else ""
        key = (order.issued_seat, seat, order.centre, order.critical)
        if key not in self._orders:
            self._orders[key] = routing.of_order(self.watch, self.path(order.centre), order, seat)
        return self._orders[key]

    def of_receipt(self, receipt: Receipt) -> Route | None:
        """Return to whom a receipt goes; None while its order is not known here."""
        order = self._facts.orders.get(receipt.order)
        if order is None:
            return None
        return routing.of_receipt(self.watch, self.path(order.centre), receipt, self.of_order(order))

    def mine(self, seat: str) -> tuple[list[bool], list[bool]]:
        """Return by vital number whether its place is routed to a seat, and whether its grave alarms are.

        Asked once per version, not per alarm; what the catalogue does not know is everybody's.
        """
        view = self._view
        if view is None:
            return [], []
        by_centre: dict[str, tuple[bool, bool]] = {}
        mine, grave = [True] * view.count, [True] * view.count
        for vital in view.catalogue.vitals:
            held = by_centre.get(vital.centre)
            if held is None:
                held = by_centre[vital.centre] = self._held(vital.centre, seat)
            mine[vital.number], grave[vital.number] = held
        return mine, grave

    def _held(self, centre: str, seat: str) -> tuple[bool, bool]:
        route = self.of_centre(centre)
        return seat in route.seats, seat in routing.with_chief(self.watch, self.path(centre), route).seats

    def _centre_of(self, vital: int) -> str:
        if self._view is None:
            return ""
        try:
            return self._view.vital(vital).centre
        except KeyError:
            return ""

    def _climbed(self, centre: str) -> tuple[str, ...]:
        found: list[str] = []
        while self._view is not None and centre and centre not in found:
            row = self._view.centre(centre)
            if row is None:
                break
            found.append(centre)
            centre = row.parent or ""
        return tuple(found)

    def _area(self, seat: str) -> str:
        row = self._view.seat(seat) if self._view is not None else None
        return (row.area or row.centre) if row is not None else ""

    def _sittings(self) -> list[Sitting]:
        # A screen that hears that it is not heard is there all the same: it does not fall silent over it.
        here = self._own.seat if self._own is not None else ""
        silent = self._facts.duty.silences.keys() - {here}
        found = {
            seat: sitting(seat, record.posts, responds=seat not in silent)
            for seat, record in self._facts.sessions.items()
        }  # fmt: skip
        if self._own is not None and self._own.seat not in found:
            found[self._own.seat] = self._own
        return sorted(found.values(), key=lambda one: one.seat)


def sitting(seat: str, posts: Iterable[str], *, responds: bool = True) -> Sitting:
    """Return who sits at a seat with these posts, as routing asks."""
    kinds = {kind_of(post) for post in posts}
    return Sitting(
        seat=seat, answers=not KEEPS_WATCH.isdisjoint(kinds), is_chief=PostKind.WATCH_CHIEF in kinds, responds=responds
    )  # fmt: skip


class Parting:
    """Parts boards for one seat. Each alarm is judged once per record: a board of 6 000 is parted in 2 to 3 ms."""

    def __init__(self, routes: Routing, seat: str) -> None:
        self._routes, self._seat = routes, seat
        self._mine: list[bool] = []
        self._grave: list[bool] = []
        self._is_held = False
        self._version = -1
        self._known: dict[int, tuple[Alarm, int]] = {}
        self.next_ns = NEVER
        """When the next alarm of another seat becomes this one's, because nobody acknowledged it, profile ns UTC."""

    def is_mine(self, alarm: Alarm, now_ns: int) -> bool:
        """Return whether an alarm goes to the seat at a profile time."""
        return self.is_mine_here(alarm.vital) or self._others_from(alarm) <= now_ns

    def is_mine_here(self, vital: int) -> bool:
        """Return whether the place of a vital is routed to the seat; one the catalogue does not know is."""
        self._look()
        return not 0 <= vital < len(self._mine) or self._mine[vital]

    def of(self, board: AlarmBoard, now_ns: int) -> Parted:
        """Return the seat's part of a board; the board itself when nothing in it is another seat's.

        A group keeps what is the seat's and its head, whoever's that is: what something follows from is to be seen.
        """
        self._look()
        theirs = self._theirs(board, now_ns)
        if not theirs:
            return Parted(board=board)
        mine = tuple([alarm for alarm in board.alarms if alarm.number not in theirs])
        waiting = sum([alarm.number not in theirs for alarm in board.alarms[: board.unacknowledged]])
        counts = [0] * len(WarningColour)
        for alarm in mine:
            counts[alarm.colour] += 1
        shelved, suppressed, out_of_service = (
            tuple(alarm for alarm in alarms if alarm.number not in theirs) for alarms in _silent(board)
        )
        own = replace(
            board, alarms=mine, lines=tuple(_lines(board.lines, theirs)), shelved=shelved, suppressed=suppressed,
            out_of_service=out_of_service, unacknowledged=waiting,
            counts=(counts[0], counts[1], counts[2], counts[3], counts[4]),
        )  # fmt: skip
        red = board.counts[WarningColour.RED] - counts[WarningColour.RED]
        others = Others(count=len(board.alarms) - len(mine), red=red, unacknowledged=board.unacknowledged - waiting)
        return Parted(board=own, others=others, theirs=frozenset(theirs))

    def _look(self) -> None:
        if self._version != self._routes.version:
            self._version, self._known = self._routes.version, {}
            self._mine, self._grave = self._routes.mine(self._seat)
            self._is_held = self._seat in self._routes.watch.everybody

    def _theirs(self, board: AlarmBoard, now_ns: int) -> set[int]:
        theirs: set[int] = set()
        known, soonest = self._known, NEVER
        if len(known) > 2 * len(board.alarms) + MOST_KEPT:
            known.clear()
        mine, count = self._mine, len(self._mine)
        for alarms in (board.alarms, *_silent(board)):
            for alarm in alarms:
                if not 0 <= alarm.vital < count or mine[alarm.vital]:
                    continue
                held = known.get(alarm.number)
                at_ns = held[1] if held is not None and held[0] is alarm else self._others_from(alarm)
                if at_ns > now_ns:
                    theirs.add(alarm.number)
                    soonest = min(soonest, at_ns)
        self.next_ns = soonest
        return theirs

    def _others_from(self, alarm: Alarm) -> int:
        """Return from when on an alarm elsewhere is this seat's all the same: 0 always, NEVER as it stands."""
        is_chiefs = self._grave[alarm.vital]
        at_ns = NEVER
        if is_chiefs and routing.concerns_chief(alarm):
            at_ns = 0
        elif self._is_held and effective(alarm) is AlarmState.UNACK:
            at_ns = routing.late_at(alarm)[0 if is_chiefs else 1]
        self._known[alarm.number] = (alarm, at_ns)
        return at_ns


def _silent(board: AlarmBoard) -> tuple[tuple[Alarm, ...], ...]:
    return board.shelved, board.suppressed, board.out_of_service


def _lines(lines: Iterable[Line], theirs: set[int]) -> Iterable[Line]:
    for line in lines:
        if isinstance(line, AlarmGroup):
            part = _group(line, theirs)
            if part is not None:
                yield part
        elif line.number not in theirs:
            yield line


def _group(group: AlarmGroup, theirs: set[int]) -> Line | None:
    members = tuple(alarm for alarm in group.members if alarm.number not in theirs)
    is_heads = group.head.number not in theirs
    if len(members) == len(group.members) and is_heads:
        return group
    if not members:
        return group.head if is_heads else None
    waiting = sum(awaits(alarm) for alarm in members) + (is_heads and awaits(group.head))
    return replace(group, members=members, unacknowledged=waiting)
