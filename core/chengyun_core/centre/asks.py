"""Questions that change nothing: hello, seats, snapshot, changes since, catalogue."""

from collections.abc import Callable

from sqlalchemy import Connection

from chengyun_core.centre import (
    activations,
    alarms,
    approvals,
    camera_catalogue,
    camera_facts,
    drawing_deeds,
    duty_clock,
    floods,
    labels,
    map_layers,
    mode_care,
    order_facts,
    overrides,
    repair_deeds,
    room_answers,
    sessions,
    situations,
    warning_facts,
)
from chengyun_core.centre.catalogue import KEY
from chengyun_core.centre.desk import Desk
from chengyun_core.model.change import Change
from chengyun_core.model.clock import NS_PER_S
from chengyun_core.model.failure import Refused
from chengyun_core.store import (
    alarm_table,
    catalogue_table,
    counters,
    event_table,
    map_table,
    plan_table,
    session_table,
    threshold_log,
)
from chengyun_core.store import journal as journal_rows
from chengyun_core.store.alarm_verdicts import verdicts
from chengyun_core.wire import codec
from chengyun_core.wire.endpoints import PROTOCOL_VERSION
from chengyun_core.wire.envelope import (
    AskCatalogue,
    AskChanges,
    AskThresholds,
    AskVerdicts,
    Changes,
    GlassTerms,
    Hello,
    Seats,
    Snapshot,
    ThresholdHistory,
    ThresholdTold,
    Verdicts,
)

MOST_CHANGES = 5000
COMMENTS_LOOKED_AT = 2000
"""Newest comments, and newest late violations, of which a snapshot tells those that still matter."""
LATE_TOLD_NS = 86_400 * 10**9
MOST_VERDICT_DAYS = 3660


def seats(desk: Desk, connection: Connection, hello: Hello) -> bytes:
    """Return the seats of the catalogue with who holds them."""
    refuse_other_protocol(hello)
    held = {session.seat: session.account for session in session_table.living(connection)}
    rows = tuple((seat.code, seat.name, held.get(seat.code, "")) for seat in desk.city.seats.values())
    settings = desk.settings
    terms = GlassTerms(
        posts=settings.break_glass_posts, by=settings.break_glass_by, minutes=settings.break_glass_minutes
    )  # fmt: skip
    return codec.pack(Seats(seats=rows, glass=terms if settings.break_glass_posts else None))


def snapshot(desk: Desk, connection: Connection, hello: Hello) -> bytes:
    """Return the living records: alarms, sessions, the catalogue in force, the last 200 changes of thresholds."""
    refuse_other_protocol(hello)
    records = [_told("alarm", str(alarm.number), alarm.version, change, alarm)
               for alarm, change in alarm_table.living(connection)]  # fmt: skip
    records += [
        _told("session", session.seat, session.version, session.change, sessions.record_of(session))
        for session in session_table.living(connection)
    ]
    stored = catalogue_table.in_force(connection)
    if stored is not None:
        records.append(
            _told("catalogue", KEY, stored.version, catalogue_table.change_of(connection, stored.version), stored)
        )
    records += [
        _told(approvals.LOG.kind, str(approval.number), approval.version, number, approval)
        for approval, number in approvals.waiting(connection)
    ]
    records += [
        _told(situations.LOG.kind, str(situation.number), situation.version, number, situation)
        for situation, number in situations.standing(connection)
    ]
    records += [
        _told(floods.LOG.kind, flood.seat, flood.version, number, flood)
        for flood, number in floods.standing(connection)
    ]
    records += [
        _told(overrides.LOG.kind, f"{override.vital}:{override.kind}", override.version, number, override)
        for override, number in overrides.standing(connection)
    ]
    records += _threads(desk, connection) + _chain(desk, connection)
    records += duty_clock.told(desk, connection)
    records += [
        _told(threshold_log.KIND, str(change.number), change.version, number, change)
        for change, number in threshold_log.newest(connection)
    ]
    through = counters.last(connection, journal_rows.COUNTER)
    return codec.pack(Snapshot(through=through, records=tuple(records)))


def _chain(desk: Desk, connection: Connection) -> list[Change]:
    """Return the living events, orders and all that hangs on them, plans that run, and what units told."""
    found = list(order_facts.living(connection))
    found += [
        Change(number=change, at_ns=0, action="snapshot", kind="event", key=str(number), version=version, record=packed)
        for number, version, change, packed in event_table.living_rows(connection)
    ]
    found += [
        _told("plan_run", str(run.number), run.version, number, run)
        for run, number in plan_table.living_runs(connection)
    ]
    found += warning_facts.living(connection)
    found += [
        _told(map_layers.KIND, layer.code, layer.version, number, layer)
        for layer, number in map_table.layers(connection)
    ]
    found += room_answers.living(connection)
    found += drawing_deeds.living(connection)
    found += repair_deeds.living(connection)
    found += camera_facts.living(connection)
    found += [
        _told(kind, key, version, number, record) for kind, key, version, number, record in mode_care.told(connection)
    ]
    return found + [_told("unit", unit.code, unit.version, number, unit) for unit, number in desk.units.values()]


def _threads(desk: Desk, connection: Connection) -> list[Change]:
    """Return the comments of living alarms and the late violations of the last day."""
    living = {alarm.number for alarm, _ in alarm_table.living(connection)}
    found = [
        _told(alarms.COMMENTS.kind, str(line.number), line.version, number, line)
        for line, number in alarms.COMMENTS.newest(connection, COMMENTS_LOOKED_AT) if line.alarm in living
    ]  # fmt: skip
    since = desk.clock.utc_ns() - LATE_TOLD_NS
    return found + [
        _told(activations.LATE.kind, str(late.number), late.version, number, late)
        for late, number in activations.LATE.newest(connection, COMMENTS_LOOKED_AT) if late.recorded_at >= since
    ]  # fmt: skip


def changes_since(desk: Desk, connection: Connection, ask: AskChanges) -> bytes:
    """Return the changes after a number and through which number the answer is complete."""
    if ask.after < 0 or not 1 <= ask.limit <= MOST_CHANGES:
        raise Refused("ask.out_of_range", after=ask.after, limit=ask.limit, most=MOST_CHANGES)
    tail = counters.last(connection, journal_rows.COUNTER)
    rows = journal_rows.changes(connection, ask.after, ask.limit, desk.settings.changes_most_bytes)
    found = tuple(labels.bare(change) for change in rows)
    through = found[-1].number if found else tail
    return codec.pack(Changes(through=through, tail=tail, changes=found))


def catalogue(desk: Desk, connection: Connection, ask: AskCatalogue) -> bytes:
    """Return the msgpack of a catalogue version, without what of its cameras is not published."""
    if desk.packed and ask.version in (0, desk.city.version):
        return desk.published
    stored = catalogue_table.get(connection, ask.version)
    if stored is None:
        raise Refused("catalogue.no_version" if ask.version else "catalogue.none_yet", version=ask.version)
    return camera_catalogue.published(catalogue_table.unsqueezed(stored))


def alarm_verdicts(desk: Desk, connection: Connection, ask: AskVerdicts) -> bytes:
    """Return how many alarms of each vital were acknowledged lately, and how many of them as false."""
    if not 1 <= ask.days <= MOST_VERDICT_DAYS:
        raise Refused("ask.out_of_days", days=ask.days, most=MOST_VERDICT_DAYS)
    since_ns = desk.clock.utc_ns() - ask.days * 86_400 * NS_PER_S
    return codec.pack(Verdicts(rows=tuple(verdicts(connection, since_ns, ask.vitals))))


def threshold_history(desk: Desk, connection: Connection, ask: AskThresholds) -> bytes:
    """Return the changes of one vital's rules, when each came into force, and which set was in force when."""
    rows = threshold_log.history(connection, ask.vital_code)
    told = tuple(ThresholdTold(change=change, effect_at=effect_at) for change, effect_at in rows)
    vital = next((held for held in desk.city.vitals.values() if held.code == ask.vital_code), None)
    place = (desk.city.path(vital.centre), desk.city.track_of(vital)) if vital else ((), "")
    sets, known_since = threshold_log.sets(connection, *place)
    if len(rows) == threshold_log.MOST_TOLD:
        known_since = max(known_since, min((at for _, at in rows if at), default=0))
    return codec.pack(ThresholdHistory(vital_code=ask.vital_code, rows=told, sets=sets, known_since=known_since))


def refuse_other_protocol(hello: Hello) -> None:
    """Raise Refused for a peer of another protocol version: refused, never mis-decoded (RF9)."""
    if hello.protocol != PROTOCOL_VERSION:
        raise Refused("wire.protocol", theirs=hello.protocol, ours=PROTOCOL_VERSION, client=hello.client)


def _told(kind: str, key: str, version: int, number: int, record: object) -> Change:
    return Change(
        number=number, at_ns=0, action="snapshot", kind=kind, key=key, version=version, record=codec.pack(record)
    )


Ask = Callable[[Desk, Connection, object], bytes]
