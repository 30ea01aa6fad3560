"""What documents are made of, read from the facts in one snapshot."""

from collections.abc import Iterable
from dataclasses import dataclass, field

from sqlalchemy import Connection

from chengyun_core.centre import (
    duty_care,
    event_care,
    event_reports,
    event_timeline,
    handover_care,
    handover_items,
    mode_care,
)
from chengyun_core.centre.desk import Desk
from chengyun_core.model.audit_head import head_text, printed
from chengyun_core.model.callout import CallOut
from chengyun_core.model.duty import DutyRole, Handover, Item, Presence, Shift
from chengyun_core.model.duty_figures import ShiftFigures
from chengyun_core.model.event import Event, EventReport
from chengyun_core.model.failure import Refused
from chengyun_core.model.mode import Declaration
from chengyun_core.model.warning import OfficialWarning
from chengyun_core.report.daily import DailyFacts
from chengyun_core.report.event_brief import EventFacts, Told
from chengyun_core.report.handover_sheet import SheetFacts
from chengyun_core.store import (
    call_table,
    duty_figures,
    duty_table,
    handover_table,
    order_table,
    paper_reading,
    warning_table,
)
from chengyun_core.store import journal as journal_rows
from chengyun_core.wire import codec
from chengyun_core.wire.paper_asks import AskDaily, AskEventPaper, AskSheet

LONGEST_NS = 32 * 86_400 * 10**9
"""A daily report is of a shift or a day; a month is the most anybody may ask for."""
MOST_TOLD = 200
"""Events, warnings, call-outs and hand-overs in one document."""
MOST_LINES = 1000
_ON_DUTY = frozenset({Presence.PLANNED, Presence.PRESENT, Presence.ON_CALL, Presence.RELIEVED})
_SWITCHED = frozenset({"mode.in_force", "mode.lifted"})


def daily(desk: Desk, connection: Connection, ask: AskDaily) -> bytes:
    """Answer `paper.daily`."""
    if ask.to_ns <= ask.from_ns:
        raise Refused("report.no_time", begin=desk.shown(ask.from_ns), end=desk.shown(ask.to_ns))
    if ask.to_ns - ask.from_ns > LONGEST_NS:
        raise Refused("report.more_than_month", begin=desk.shown(ask.from_ns), end=desk.shown(ask.to_ns))
    reading = _Reading(desk, connection, ask.from_ns, ask.to_ns)
    shift = reading.shift()
    sheets = reading.sheets(shift)
    facts = DailyFacts(
        issuer=reading.own_name(), shift=shift.name if shift else "", leaders=reading.people(shift, {DutyRole.LEADER}),
        officers=reading.people(shift, {DutyRole.CHIEF, DutyRole.OFFICER}), mode=desk.mode_at().value,
        figures=_figures(desk, connection, ask), events=reading.events(),
        warnings=reading.warnings(), modes=reading.modes(), call_outs=reading.call_outs(),
        lines=_free_lines(desk, sheets), items=reading.items(ask.seat, sheets),
        audit_head=head_now(desk, connection), made_at=desk.clock.utc_ns(), zone_minutes=desk.settings.zone_minutes,
        names=reading.names,
    )  # fmt: skip
    return codec.pack(facts)


def _figures(desk: Desk, connection: Connection, ask: AskDaily) -> ShiftFigures:
    if ask.seat:
        duty_care.seat(desk, ask.seat)
    vitals = handover_care.vitals_of(desk, ask.seat) if ask.seat else ()
    return duty_figures.count(connection, ask.from_ns, ask.to_ns, seat=ask.seat, vitals=vitals)


def event(desk: Desk, connection: Connection, ask: AskEventPaper) -> bytes:
    """Answer `paper.event`."""
    held = event_care.get(connection, ask.event)
    rows = event_timeline.rows_of(connection, held, limit=MOST_LINES + 1)
    lines = [event_timeline.line_of(desk, row) for row in rows[:MOST_LINES]]
    orders = tuple(order_table.of_event(connection, held.number))
    receipts = tuple(order_table.receipts_of_event(connection, held.number))
    reports = (event_reports.LOG.get(connection, number) for number in held.report_numbers)
    reading = _Reading(desk, connection, held.opened_at, desk.clock.utc_ns())
    reading.name(held.matter, held.centre, held.lead, *held.assisting, *(one.recipient for one in receipts))
    reading.name(*(line.account for line in lines), *_units_in(line.params for line in lines))
    facts = EventFacts(
        event=held, issuer=reading.own_name(), orders=orders, receipts=receipts, more=len(rows) > MOST_LINES,
        reports=tuple(one for one in reports if isinstance(one, EventReport)),
        timeline=tuple(
            Told(number=line.number, at=line.at, source_at=line.source_at, code=line.code, params=line.params,
                 account=line.account)
            for line in lines
        ),
        audit_head=head_now(desk, connection), made_at=desk.clock.utc_ns(), zone_minutes=desk.settings.zone_minutes,
        names=reading.names,
    )  # fmt: skip
    return codec.pack(facts)


def handover(desk: Desk, connection: Connection, ask: AskSheet) -> bytes:
    """Answer `paper.handover`."""
    held = handover_care.get(connection, ask.handover)
    begun, following = duty_table.shift(connection, held.shift), duty_table.shift(connection, held.next_shift)
    reading = _Reading(desk, connection, 0, 0)
    reading.name(held.seat, held.giver, held.taker, held.forced_by, *(one.owner for one in held.items))
    facts = SheetFacts(
        handover=held, issuer=reading.own_name(), shift=begun.name if begun else "",
        next_shift=following.name if following else "", from_ns=begun.begins_at if begun else 0,
        to_ns=held.figures_until, made_at=desk.clock.utc_ns(), zone_minutes=desk.settings.zone_minutes,
        names=reading.names,
    )  # fmt: skip
    return codec.pack(facts)


def _free_lines(desk: Desk, sheets: Iterable[Handover]) -> tuple[str, ...]:
    """Return what givers wrote; of a sheet whose lines are labelled none: a daily report is handed on to anybody."""
    return tuple(line for sheet in sheets if ("handover", str(sheet.number)) not in desk.labels for line in sheet.lines)


def head_now(desk: Desk, connection: Connection) -> str:
    """Return the end of the journal as it is printed: whoever keeps the paper is its witness."""
    head = journal_rows.head(connection)
    return printed(head_text(desk.settings.realm, head.chain, head.number, head.hash))


@dataclass(slots=True)
class _Reading:
    """One reading of the facts of a time, and the names of what was met."""

    desk: Desk
    connection: Connection
    from_ns: int
    to_ns: int
    names: dict[str, str] = field(default_factory=dict)

    def own_name(self) -> str:
        """Return the name of the profile's own centre; empty where its catalogue has none, and no head is printed."""
        own = self.desk.city.centres.get(duty_care.own_centre(self.desk))
        return own.name if own else ""

    def name(self, *codes: str) -> None:
        """Look up what codes are called: a centre, seat, unit, matter, or account."""
        city = self.desk.city
        for code in codes:
            known = city.centres.get(code) or city.units.get(code) or city.matters.get(code) or city.seats.get(code)
            if code and code not in self.names:
                self.names[code] = known.name if known else handover_care.name_of(self.connection, code)

    def inside(self, at_ns: int) -> bool:
        return self.from_ns <= at_ns < self.to_ns

    def shift(self) -> Shift | None:
        """Return the shift that covers most of this time."""
        found = duty_table.shifts(self.connection, self.from_ns, self.to_ns, duty_care.own_centre(self.desk))
        return max(found, key=self._overlap, default=None)

    def _overlap(self, shift: Shift) -> int:
        return min(shift.ends_at, self.to_ns) - max(shift.begins_at, self.from_ns)

    def people(self, shift: Shift | None, roles: Iterable[DutyRole]) -> tuple[str, ...]:
        """Return the names of who was on duty as one of these."""
        wanted = [one for one in (shift.assignments if shift else ()) if one.role in roles and one.presence in _ON_DUTY]
        known = (duty_table.person(self.connection, one.person) for one in wanted)
        return tuple(person.name for person in known if person is not None)

    def sheets(self, shift: Shift | None) -> list[Handover]:
        """Return what was signed in this time, or belongs to the shift."""
        every = handover_table.page(self.connection, duty_care.own_centre(self.desk), 0, MOST_TOLD)
        own = [one for one in every if one.signatures and (shift is not None and one.shift == shift.number)]
        return own or [one for one in every if one.signatures and self.inside(one.signatures[-1].at)]

    def items(self, seat: str, sheets: list[Handover]) -> tuple[Item, ...]:
        found: Iterable[Item] = (item for sheet in sheets for item in sheet.items)
        if seat:
            duty_care.seat(self.desk, seat)
            found = handover_items.collected(self.desk, self.connection, seat, "")
        items = {(item.kind, item.key): item for item in found}
        self.name(*(item.owner for item in items.values()))
        return tuple(items.values())[:MOST_TOLD]

    def events(self) -> tuple[Event, ...]:
        """Return what was taken in during this time, and what lives; the gravest first when there are too many."""
        bound = duty_figures.bounds(self.connection, self.from_ns, self.to_ns)
        span = (bound["first_event"], bound["last_event"])
        found = paper_reading.events(self.connection, self.from_ns, self.to_ns, span, MOST_TOLD)
        self.name(*(event.lead for event in found))
        return tuple(found)

    def warnings(self) -> tuple[OfficialWarning, ...]:
        newest = warning_table.older(self.connection, 0, living_only=False, colours=(), limit=MOST_TOLD)
        living = [one for one, _ in warning_table.living(self.connection)]
        received = (one for one in newest if self.inside(one.received_at))
        return tuple({one.number: one for one in (*living, *received)}.values())

    def modes(self) -> tuple[Declaration, ...]:
        rows = mode_care.LOG.since(self.connection, self.from_ns - 1)
        found = tuple(one for at, action, one in rows if at < self.to_ns and action in _SWITCHED)[:MOST_TOLD]
        self.name(*(code for one in found for code in (one.scope.centre, one.declared_by, one.seconded_by)))
        return found

    def call_outs(self) -> tuple[CallOut, ...]:
        newest = call_table.page(self.connection, "", MOST_TOLD)
        return tuple(one for one in newest if self.inside(one.started_at) or one.ended_at is None)


def _units_in(params: Iterable[dict[str, str]]) -> set[str]:
    """Return the codes of units that rows name."""
    return {code for told in params for name in ("assisting", "lead", "before_lead", "recipient", "unit", "units")
            for code in told.get(name, "").split()}  # fmt: skip
