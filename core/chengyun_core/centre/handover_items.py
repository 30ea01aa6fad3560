"""What is open at a seat, collected from the facts themselves (H5): a kind of item a function, no second list."""

import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from functools import cached_property, partial

from sqlalchemy import Connection, select

from chengyun_core.centre import approvals, duty_care, mode_care, overrides
from chengyun_core.centre.desk import Desk
from chengyun_core.model.alarm import Alarm, AlarmState, effective, is_active
from chengyun_core.model.duty import Item, ItemKind, ItemState
from chengyun_core.model.event import Event
from chengyun_core.model.handover_rules import in_order, rank_of
from chengyun_core.model.mode import Declaration, SwitchState
from chengyun_core.model.order import LADDER, Order, Receipt, Step
from chengyun_core.model.permission import centre_of, kind_of
from chengyun_core.model.receipt_rules import is_living as receipt_lives
from chengyun_core.model.scales import Aspect, Mode, WarningColour
from chengyun_core.model.warning import OfficialWarning
from chengyun_core.store import (
    call_table,
    duty_table,
    handover_table,
    order_table,
    plan_table,
)
from chengyun_core.store.warning_tables import WARNINGS
from chengyun_core.wire import codec

MOST_SINGLY = 30
"""Unacknowledged alarms told one by one; above it those of one situation are one item (a flood is one story)."""
MOST_OF_A_KIND = 60
"""Items of one kind; what is beyond is one item more that counts them, so that no flood makes a sheet unreadable."""
MOST_NOTICES = 200
_HELD = frozenset({SwitchState.APPLYING, SwitchState.IN_FORCE})
_SIGNED = LADDER.index(Step.SIGNED)
_FED_BACK = LADDER.index(Step.FED_BACK)


@dataclass(frozen=True, kw_only=True)
class Ground:
    """One look at a seat: what is read once and asked by several kinds."""

    desk: Desk
    connection: Connection
    seat: str
    giver: str = ""
    """Account that gives it."""
    areas: tuple[str, ...] = ()
    known: dict[str, bool] = field(default_factory=dict)

    def watches(self, centre: str) -> bool:
        """Return whether a centre lies in the seat's area; remembered, for a flood asks thousands of times."""
        if centre not in self.known:
            self.known[centre] = duty_care.watches(self.desk, self.areas, centre)
        return self.known[centre]

    @cached_property
    def alarms(self) -> list[Alarm]:
        """Return the living alarms of the seat's area; of a vital the catalogue forgot, those are the city's."""
        city = self.desk.city
        root = city.root()
        found = sorted(self.desk.alarms.values(), key=_number_of)
        return [one for one in found if self.watches(v.centre if (v := city.vitals.get(one.vital)) else root)]

    @cached_property
    def events(self) -> list[Event]:
        """Return the living events the seat leads or handles: it commands them, or nobody does and they are there."""
        return [event for event in self.desk.events.values() if self._is_ours(event)]

    def _is_ours(self, event: Event) -> bool:
        if event.command_seat:
            return event.command_seat == self.seat
        return event.opened_seat == self.seat or any(map(self.watches, (event.centre, *event.also_in)))


@dataclass(frozen=True, slots=True)
class Outline:
    """An item that is made only when it is told singly: of a flood of thousands all but sixty are counted."""

    kind: ItemKind
    key: str
    version: int
    gravity: int
    due_at: int | None
    make: Callable[[], Item]


def collected(desk: Desk, connection: Connection, seat: str, giver: str) -> tuple[Item, ...]:
    """Return what is open at a seat now, gravest and soonest first; nothing is kept of it."""
    ground = Ground(
        desk=desk, connection=connection, seat=seat, giver=giver, areas=duty_care.areas(desk, seat)
    )  # fmt: skip
    found = [item for collect in _KINDS for item in _bounded(collect(ground))]
    return in_order(_with_owners(connection, seat, found))


def _bounded(found: Iterator[Item | Outline]) -> list[Item]:
    told = sorted(found, key=rank_of)
    singly = [_made(one) for one in told[:MOST_OF_A_KIND]]
    rest = told[MOST_OF_A_KIND:]
    if not rest:
        return singly
    # Its version is made of all it stands for: ticked, it is shown again as soon as one of them changes.
    version = _mark([(one.key, one.version) for one in rest])
    gathered = replace(
        _made(rest[0]), key="rest", title=f"+{len(rest)}", version=version, next_action="handover.next.rest",
        params={"count": str(len(rest))},
    )  # fmt: skip
    return [*singly, gathered]


def _made(one: Item | Outline) -> Item:
    return one if isinstance(one, Item) else one.make()


def _with_owners(connection: Connection, seat: str, items: list[Item]) -> list[Item]:
    """Leave what was refused at the last hand-over with the giver it stayed with."""
    last = handover_table.last_signed(connection, seat)
    kept = {(i.kind, i.key): i.owner for i in last.items if i.state is ItemState.REFUSED} if last else {}
    return [replace(item, owner=kept.get((item.kind, item.key), item.owner)) for item in items]


def _unacknowledged(ground: Ground) -> Iterator[Outline]:
    calling = [one for one in ground.alarms if effective(one) in (AlarmState.UNACK, AlarmState.RTNUN)]
    grouped: dict[int, list[Alarm]] = {}
    for alarm in calling:
        if len(calling) > MOST_SINGLY and alarm.situation is not None:
            grouped.setdefault(alarm.situation, []).append(alarm)
        else:
            yield Outline(
                ItemKind.UNACKNOWLEDGED, str(alarm.number), _alarm_version(alarm), int(alarm.colour), alarm.due_at,
                partial(_alarm, ground, ItemKind.UNACKNOWLEDGED, alarm),
            )  # fmt: skip
    for situation, members in grouped.items():
        version = _mark(sorted((one.number, _alarm_version(one)) for one in members))
        gravity = max(int(one.colour) for one in members)
        make = partial(_situation, ground, situation, members, version, gravity)
        yield Outline(ItemKind.UNACKNOWLEDGED, f"situation/{situation}", version, gravity, None, make)


def _situation(ground: Ground, number: int, members: list[Alarm], version: int, gravity: int) -> Item:
    first = next((one for one in members if one.first_out), members[0])
    params = {"count": str(len(members)), "colour": WarningColour(gravity).name.lower()}
    return Item(
        kind=ItemKind.UNACKNOWLEDGED, key=f"situation/{number}", title=_vital_name(ground, first), gravity=gravity,
        owner=ground.giver, next_action="handover.next.situation", version=version, params=params,
    )  # fmt: skip


def _shelved(ground: Ground) -> Iterator[Item]:
    for alarm in ground.alarms:
        if effective(alarm) is AlarmState.SHELVED:
            item = _alarm(ground, ItemKind.SHELVED, alarm)
            yield replace(item, due_at=alarm.shelved_until, owner=alarm.shelved_by or ground.giver)


def _alarm(ground: Ground, kind: ItemKind, alarm: Alarm) -> Item:
    vital = ground.desk.city.vitals.get(alarm.vital)
    decimals = vital.decimals if vital else 2
    params = {
        "colour": alarm.colour.name.lower(), "value": f"{alarm.value:.{decimals}f}",
        "limit": f"{alarm.limit:.{decimals}f}", "unit": vital.unit if vital else "", "reason": alarm.shelve_reason,
        "active": str(int(is_active(alarm))),
    }  # fmt: skip
    return Item(
        kind=kind, key=str(alarm.number), title=_vital_name(ground, alarm), owner=alarm.assigned_to or ground.giver,
        next_action=f"handover.next.{kind.value}", due_at=alarm.due_at, version=_alarm_version(alarm),
        gravity=int(alarm.colour), params=params,
    )  # fmt: skip


def _alarm_version(alarm: Alarm) -> int:
    """Return what tells one state of an alarm from another for who takes it over.

    Not its version: grouping and badges raise that with every alarm that comes beside it, and a whole flood would have
    to be ticked again with each.
    """
    return _mark((
        effective(alarm).value, int(alarm.colour), int(alarm.band), alarm.raises, alarm.realarms, alarm.shelved_until,
        alarm.assigned_to, alarm.comments,
    ))  # fmt: skip


def _number_of(alarm: Alarm) -> int:
    return alarm.number


def _mark(told: object) -> int:
    return zlib.crc32(repr(told).encode())


def _vital_name(ground: Ground, alarm: Alarm) -> str:
    vital = ground.desk.city.vitals.get(alarm.vital)
    return vital.name if vital else alarm.vital_code


def _events(ground: Ground) -> Iterator[Item]:
    for event in ground.events:
        yield Item(
            kind=ItemKind.EVENT, key=str(event.number), title=_joined(event.code, event.title),
            owner=_unit_name(ground, event.lead) or event.opened_by, next_action="handover.next.event",
            due_at=event.resume_at, version=event.version, gravity=int(event.grade or 0),
            params={"state": event.state.value, "code": event.code}, event=event.number,
        )  # fmt: skip


def _reports(ground: Ground) -> Iterator[Item]:
    for event in ground.events:
        if event.report_due_at is not None:
            yield Item(
                kind=ItemKind.REPORT_DUE, key=str(event.number), title=_joined(event.code, event.title),
                owner=ground.giver, next_action="handover.next.report_due", due_at=event.report_due_at,
                version=event.report_due_at // 10**9 + int(event.report_overdue), gravity=int(event.grade or 0),
                params={"overdue": str(int(event.report_overdue)), "code": event.code}, event=event.number,
            )  # fmt: skip

    for due, _ in mode_care.REPORTS.standing(ground.connection, lambda one: one.given_at is None):
        if ground.watches(due.centre) or _lies_in(ground, (due.centre,)):
            yield Item(
                kind=ItemKind.REPORT_DUE, key=f"mode/{due.declaration}.{due.place}",
                title=_centre_name(ground, due.centre), owner=ground.giver, next_action="handover.next.mode_report",
                due_at=due.due_at, version=due.version, gravity=int(WarningColour.ORANGE),
                params={"place": str(due.place)},
            )  # fmt: skip


def _runs(ground: Ground) -> Iterator[Item]:
    events = {event.number: event for event in ground.events}
    for run, _ in plan_table.living_runs(ground.connection):
        if run.event in events or run.started_seat == ground.seat:
            event = events.get(run.event)
            gravity = int(event.grade or 0) if event else 0
            yield Item(
                kind=ItemKind.PLAN_RUN, key=str(run.number), title=run.name, owner=run.started_by,
                next_action="handover.next.plan_run", version=run.version, gravity=gravity,
                params={"code": event.code if event else "", "overdue": str(len(run.overdue))}, event=run.event,
            )  # fmt: skip


def _orders(ground: Ground) -> Iterator[Item]:
    grades = {event.number: int(event.grade or 0) for event in ground.events}
    waiting: dict[int, list[Receipt]] = {}
    for receipt, _ in order_table.living_receipts(ground.connection):
        if receipt_lives(receipt) and LADDER.index(receipt.step) < _FED_BACK:
            waiting.setdefault(receipt.order, []).append(receipt)
    for order, _ in order_table.living(ground.connection):
        if order.number in waiting and (order.issued_seat == ground.seat or order.event in grades):
            yield _order(order, waiting[order.number], grades.get(order.event or 0, 0))


def _order(order: Order, waiting: list[Receipt], gravity: int) -> Item:
    unsigned = sum(LADDER.index(one.step) < _SIGNED for one in waiting)
    dues = [min(one.due.values()) for one in waiting if one.due]
    version = _mark([_receipt_mark(one) for one in waiting] + [(0, order.version)])
    return Item(
        kind=ItemKind.ORDER, key=str(order.number), title=_joined(order.code, order.title), owner=order.issued_by,
        next_action="handover.next.order", due_at=min(dues, default=None), version=version, gravity=gravity,
        params={"unsigned": str(unsigned), "waiting": str(len(waiting)), "code": order.code}, event=order.event,
    )  # fmt: skip


def _receipt_mark(receipt: Receipt) -> object:
    """Return what tells one state of a receipt from another for who takes its order over.

    Not its version: the clock raises that with every reminder, a minute apart, and nothing ticked would stay ticked.
    """
    return (
        receipt.place, receipt.step.value, receipt.state.value, receipt.promised_at, receipt.superior,
        receipt.supervision, receipt.failed_checks,
    )  # fmt: skip


def _warnings(ground: Ground) -> Iterator[Item]:
    packed = select(WARNINGS.c.record).where(WARNINGS.c.living.is_(True)).order_by(WARNINGS.c.number)
    for record in ground.connection.execute(packed).scalars():
        held = codec.unpack(record, OfficialWarning)
        if not held.area.centres or any(map(ground.watches, held.area.centres)) or _lies_in(ground, held.area.centres):
            yield Item(
                kind=ItemKind.WARNING, key=str(held.number), title=held.headline or held.category, owner=held.issuer,
                next_action="handover.next.warning", due_at=held.expires_at, version=held.version,
                gravity=int(held.colour), params={"colour": held.colour.name.lower(), "state": held.state.value},
            )  # fmt: skip


def _lies_in(ground: Ground, centres: tuple[str, ...]) -> bool:
    """Return whether the seat's own area lies within one of the centres."""
    ways = [ground.desk.city.path(area) for area in ground.areas]
    return any(centre in way for way in ways for centre in centres)


def _call_outs(ground: Ground) -> Iterator[Item]:
    for held, _ in call_table.running(ground.connection):
        yield Item(
            kind=ItemKind.CALL_OUT, key=str(held.number), title=held.title, owner=held.started_by,
            next_action="handover.next.call_out", version=held.version, gravity=int(WarningColour.ORANGE),
            params={"confirmed": str(held.confirmed), "addressees": str(held.addressees)},
        )  # fmt: skip


def _modes(ground: Ground) -> Iterator[Item]:
    for key, held in ground.desk.declarations.items():
        if held.mode is Mode.EMERGENCY and held.state in _HELD and _concerns(ground, held):
            yield Item(
                kind=ItemKind.MODE, key=key, title=held.reason, owner=held.declared_by,
                next_action="handover.next.mode", version=held.version, gravity=int(WarningColour.RED),
                params={"centre": _centre_name(ground, held.scope.centre), "preset": held.preset},
            )  # fmt: skip


def _concerns(ground: Ground, held: Declaration) -> bool:
    return ground.watches(held.scope.centre) or _lies_in(ground, (held.scope.centre,))


def _approvals(ground: Ground) -> Iterator[Item]:
    for held, _ in approvals.waiting(ground.connection):
        if held.asked_seat == ground.seat:
            yield Item(
                kind=ItemKind.APPROVAL, key=str(held.number), title=held.subject, owner=held.asked_by,
                next_action="handover.next.approval", due_at=held.expires_at, version=held.version,
                gravity=int(WarningColour.YELLOW), params={"deed": held.action},
            )  # fmt: skip


def _faults(ground: Ground) -> Iterator[Item]:
    yield from _silenced(ground)
    yield from _lights(ground)
    for alarm in ground.alarms:
        if alarm.aspect is Aspect.COMMS and is_active(alarm) and effective(alarm) is AlarmState.ACKED:
            item = _alarm(ground, ItemKind.FAULT, alarm)
            yield replace(item, key=f"source/{alarm.number}", next_action="handover.next.source")


def _silenced(ground: Ground) -> Iterator[Item]:
    """Vitals that somebody silenced, with the end of it; what rules and causes silence ends by itself."""
    for held, _ in overrides.standing(ground.connection):
        vital = ground.desk.city.vitals.get(held.vital)
        if held.by and ground.watches(vital.centre if vital else ground.desk.city.root()):
            yield Item(
                kind=ItemKind.FAULT, key=f"override/{held.vital}:{held.kind.value}",
                title=vital.name if vital else held.vital_code, owner=held.by, next_action="handover.next.override",
                due_at=held.until, version=held.version, gravity=int(WarningColour.YELLOW),
                params={"override": held.kind.value, "reason": held.reason},
            )  # fmt: skip


def _lights(ground: Ground) -> Iterator[Item]:
    for name, code in sorted(ground.desk.lights.items()):
        if code != "ok":
            yield Item(
                kind=ItemKind.FAULT, key=f"light/{name}", title=name, owner=ground.giver,
                next_action="handover.next.light", version=_mark(code), gravity=int(WarningColour.ORANGE),
                params={"light": name, "code": code},
            )  # fmt: skip


def _notices(ground: Ground) -> Iterator[Item]:
    centre = duty_care.seat(ground.desk, ground.seat).centre
    for line in duty_table.notices(ground.connection, centre, MOST_NOTICES):
        yield Item(
            kind=ItemKind.NOTICE, key=str(line.number), title=line.text, owner=line.written_by,
            next_action="handover.next.notice", version=line.version, params={"about": line.about},
        )  # fmt: skip


_KINDS: tuple[Callable[[Ground], Iterator[Item | Outline]], ...] = (
    _unacknowledged, _shelved, _events, _runs, _orders, _reports, _warnings, _call_outs, _modes, _approvals, _faults,
    _notices,
)  # fmt: skip


def _unit_name(ground: Ground, code: str) -> str:
    unit = ground.desk.city.units.get(code)
    if unit is not None:
        return unit.name
    return _centre_name(ground, centre_of(code)) if kind_of(code) else code


def _centre_name(ground: Ground, code: str) -> str:
    place = ground.desk.city.centres.get(code)
    return place.name if place else code


def _joined(code: str, title: str) -> str:
    return f"{code} {title}".strip()
