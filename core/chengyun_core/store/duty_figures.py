"""Counts the figures of a shift: one statement each, plain SQL that anybody can run again on SQLite or PostgreSQL."""

import json
from collections.abc import Collection

from sqlalchemy import Column, Connection, bindparam, func, select, text

from chengyun_core.model.clock import NS_PER_S
from chengyun_core.model.duty_figures import FigureName, SeatFigure, ShiftFigures
from chengyun_core.store import journal
from chengyun_core.store.chain_tables import EVENTS
from chengyun_core.store.tables import JOURNAL

_MARGIN_NS = 3600 * NS_PER_S
"""Rows are numbered as they came; a clock that was set back by less than this is allowed for."""

SQL: dict[FigureName, str] = {
    FigureName.ALARMS_RAISED: """
        SELECT COUNT(*) FROM journal WHERE action = 'alarm.raise' AND version = 1
        AND number BETWEEN :first AND :last AND at_ns >= :begin AND at_ns < :end""",
    FigureName.ALARMS_RED: """
        SELECT COUNT(*) FROM journal j JOIN alarms a ON a.number = CAST(j.key AS BIGINT)
        WHERE j.action = 'alarm.raise' AND j.version = 1 AND a.colour = 4
        AND j.number BETWEEN :first AND :last AND j.at_ns >= :begin AND j.at_ns < :end""",
    FigureName.ALARMS_ORANGE: """
        SELECT COUNT(*) FROM journal j JOIN alarms a ON a.number = CAST(j.key AS BIGINT)
        WHERE j.action = 'alarm.raise' AND j.version = 1 AND a.colour = 3
        AND j.number BETWEEN :first AND :last AND j.at_ns >= :begin AND j.at_ns < :end""",
    FigureName.ALARMS_YELLOW: """
        SELECT COUNT(*) FROM journal j JOIN alarms a ON a.number = CAST(j.key AS BIGINT)
        WHERE j.action = 'alarm.raise' AND j.version = 1 AND a.colour = 2
        AND j.number BETWEEN :first AND :last AND j.at_ns >= :begin AND j.at_ns < :end""",
    FigureName.ALARMS_BLUE: """
        SELECT COUNT(*) FROM journal j JOIN alarms a ON a.number = CAST(j.key AS BIGINT)
        WHERE j.action = 'alarm.raise' AND j.version = 1 AND a.colour = 1
        AND j.number BETWEEN :first AND :last AND j.at_ns >= :begin AND j.at_ns < :end""",
    FigureName.ALARM_CALLS: """
        SELECT COUNT(*) FROM journal WHERE action IN ('alarm.raise', 'alarm.realarm')
        AND number BETWEEN :first AND :last AND at_ns >= :begin AND at_ns < :end""",
    FigureName.ACKNOWLEDGED: """
        SELECT COUNT(*) FROM journal WHERE action = 'alarm.acknowledge'
        AND number BETWEEN :first AND :last AND at_ns >= :begin AND at_ns < :end""",
    FigureName.ACK_MEDIAN_S: """
        WITH took AS (
            SELECT (a.at_ns - (
                SELECT c.at_ns FROM journal c WHERE c.kind = 'alarm' AND c.key = a.key AND c.number < a.number
                AND c.action IN ('alarm.raise', 'alarm.escalate', 'alarm.realarm', 'alarm.shelf_expired',
                    'alarm.unacknowledge', 'alarm.unmask', 'alarm.release', 'alarm.put_back')
                ORDER BY c.number DESC LIMIT 1)) / 1e9 AS seconds
            FROM journal a WHERE a.action = 'alarm.acknowledge'
            AND a.number BETWEEN :first AND :last AND a.at_ns >= :begin AND a.at_ns < :end),
        ranked AS (
            SELECT seconds, ROW_NUMBER() OVER (ORDER BY seconds) AS place, COUNT(*) OVER () AS many
            FROM took WHERE seconds IS NOT NULL)
        SELECT AVG(seconds) FROM ranked WHERE place IN ((many + 1) / 2, (many + 2) / 2)""",
    FigureName.ACK_LONGEST_S: """
        SELECT MAX((a.at_ns - (
            SELECT c.at_ns FROM journal c WHERE c.kind = 'alarm' AND c.key = a.key AND c.number < a.number
            AND c.action IN ('alarm.raise', 'alarm.escalate', 'alarm.realarm', 'alarm.shelf_expired',
                'alarm.unacknowledge', 'alarm.unmask', 'alarm.release', 'alarm.put_back')
            ORDER BY c.number DESC LIMIT 1)) / 1e9)
        FROM journal a WHERE a.action = 'alarm.acknowledge'
        AND a.number BETWEEN :first AND :last AND a.at_ns >= :begin AND a.at_ns < :end""",
    FigureName.FLOOD_MINUTES: """
        WITH spans AS (
            SELECT b.at_ns AS since, COALESCE((
                SELECT e.at_ns FROM journal e WHERE e.kind = 'flood' AND e.key = b.key AND e.number > b.number
                AND e.action = 'flood.end' ORDER BY e.number LIMIT 1), :end) AS till
            FROM journal b WHERE b.kind = 'flood' AND b.action = 'flood.begin' AND b.at_ns < :end),
        clipped AS (
            SELECT CASE WHEN since < :begin THEN :begin ELSE since END AS since,
                CASE WHEN till > :end THEN :end ELSE till END AS till
            FROM spans WHERE till > :begin),
        marked AS (
            SELECT since, till, MAX(till) OVER (
                ORDER BY since, till ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING) AS reached
            FROM clipped)
        SELECT COALESCE(SUM(CASE WHEN reached IS NULL OR since >= reached THEN till - since
            WHEN till > reached THEN till - reached ELSE 0 END), 0) / 6e10 FROM marked""",
    FigureName.ALARMS_OPEN: """
        SELECT COUNT(*) FROM alarms
        WHERE closed = 0 AND acked_at IS NULL AND shelved_at IS NULL AND raised_at < :end""",
    FigureName.ALARMS_SHELVED: """
        SELECT COUNT(*) FROM alarms WHERE closed = 0 AND shelved_at IS NOT NULL AND raised_at < :end""",
    FigureName.EVENTS_OPENED: """
        SELECT COUNT(*) FROM events
        WHERE number BETWEEN :first_event AND :last_event AND opened_at >= :begin AND opened_at < :end""",
    FigureName.EVENTS_EXTRAORDINARY: """
        SELECT COUNT(*) FROM events WHERE grade = 4
        AND number BETWEEN :first_event AND :last_event AND opened_at >= :begin AND opened_at < :end""",
    FigureName.EVENTS_MAJOR: """
        SELECT COUNT(*) FROM events WHERE grade = 3
        AND number BETWEEN :first_event AND :last_event AND opened_at >= :begin AND opened_at < :end""",
    FigureName.EVENTS_LARGER: """
        SELECT COUNT(*) FROM events WHERE grade = 2
        AND number BETWEEN :first_event AND :last_event AND opened_at >= :begin AND opened_at < :end""",
    FigureName.EVENTS_GENERAL: """
        SELECT COUNT(*) FROM events WHERE grade = 1
        AND number BETWEEN :first_event AND :last_event AND opened_at >= :begin AND opened_at < :end""",
    FigureName.EVENTS_UNGRADED: """
        SELECT COUNT(*) FROM events WHERE grade = 0
        AND number BETWEEN :first_event AND :last_event AND opened_at >= :begin AND opened_at < :end""",
    FigureName.EVENTS_CLOSED: """
        SELECT COUNT(*) FROM journal WHERE action = 'event.close'
        AND number BETWEEN :first AND :last AND at_ns >= :begin AND at_ns < :end""",
    FigureName.EVENTS_LIVING: """
        SELECT COUNT(*) FROM events WHERE living = true AND opened_at < :end""",
    FigureName.REPORTS_SENT: """
        SELECT COUNT(*) FROM journal WHERE action = 'report.send'
        AND number BETWEEN :first AND :last AND at_ns >= :begin AND at_ns < :end""",
    FigureName.REPORTS_OVERDUE: """
        SELECT COUNT(*) FROM journal WHERE action = 'event.report_overdue'
        AND number BETWEEN :first AND :last AND at_ns >= :begin AND at_ns < :end""",
    FigureName.PLANS_STARTED: """
        SELECT COUNT(*) FROM journal WHERE action = 'plan.start'
        AND number BETWEEN :first AND :last AND at_ns >= :begin AND at_ns < :end""",
    FigureName.ORDERS_ISSUED: """
        SELECT COUNT(*) FROM orders WHERE issued_at >= :begin AND issued_at < :end""",
    FigureName.RECEIPTS_ASKED: """
        SELECT COUNT(*) FROM receipts JOIN orders ON orders.number = receipts.order_number
        WHERE orders.issued_at >= :begin AND orders.issued_at < :end""",
    FigureName.RECEIPTS_SIGNED: """
        SELECT COUNT(*) FROM receipts JOIN orders ON orders.number = receipts.order_number
        WHERE orders.issued_at >= :begin AND orders.issued_at < :end
        AND receipts.step IN ('signed', 'arrived', 'handling', 'fed_back', 'checked')""",
    FigureName.RECEIPTS_FED_BACK: """
        SELECT COUNT(*) FROM receipts JOIN orders ON orders.number = receipts.order_number
        WHERE orders.issued_at >= :begin AND orders.issued_at < :end AND receipts.step IN ('fed_back', 'checked')""",
    FigureName.RECEIPTS_OVERDUE: """
        SELECT COUNT(*) FROM receipts WHERE living = true AND due_at < :end""",
    FigureName.RECEIPTS_REMINDED: """
        SELECT COUNT(DISTINCT key) FROM journal WHERE action = 'receipt.remind'
        AND number BETWEEN :first AND :last AND at_ns >= :begin AND at_ns < :end""",
    FigureName.SIDE_REQUESTS: """
        SELECT COUNT(*) FROM side_requests WHERE asked_at >= :begin AND asked_at < :end""",
    FigureName.SUPERVISIONS: """
        SELECT COUNT(*) FROM journal WHERE action = 'supervision.issue'
        AND number BETWEEN :first AND :last AND at_ns >= :begin AND at_ns < :end""",
    FigureName.WARNINGS_RECEIVED: """
        SELECT COUNT(*) FROM journal WHERE kind || '' = 'warning' AND version = 1
        AND number BETWEEN :first AND :last AND at_ns >= :begin AND at_ns < :end""",
    FigureName.MODE_CHANGES: """
        SELECT COUNT(*) FROM journal WHERE action IN ('mode.in_force', 'mode.lifted')
        AND number BETWEEN :first AND :last AND at_ns >= :begin AND at_ns < :end""",
    FigureName.CALL_OUTS: """
        SELECT COUNT(*) FROM journal WHERE kind || '' = 'call_out' AND version = 1
        AND number BETWEEN :first AND :last AND at_ns >= :begin AND at_ns < :end""",
    FigureName.CALL_TRIES: """
        SELECT COUNT(*) FROM journal WHERE action = 'call.note'
        AND number BETWEEN :first AND :last AND at_ns >= :begin AND at_ns < :end""",
    FigureName.LOG_LINES: """
        SELECT COUNT(*) FROM journal WHERE kind || '' = 'log_line' AND version = 1
        AND number BETWEEN :first AND :last AND at_ns >= :begin AND at_ns < :end""",
}
"""Figure → the statement that counts it over [:begin, :end), ns UTC, as SQLite reads it (`sql_of`: PostgreSQL).

:first, :last, :first_event and :last_event only keep it from reading years of rows; with 0 and 9223372036854775807 it
counts the same. What a table says (`alarms`, `events`, `orders`, `receipts`) is what stands when it is asked; what the
journal says stays. No condition is on `kind` alone: its index would lead through every alarm there ever was.
"""


SEAT_SQL: dict[SeatFigure, str] = {
    SeatFigure.ALARMS_RAISED: """
        SELECT COUNT(*) FROM journal j JOIN alarms a ON a.number = CAST(j.key AS BIGINT)
        WHERE j.action = 'alarm.raise' AND j.version = 1 AND a.vital IN (SELECT value FROM json_each(:vitals))
        AND j.number BETWEEN :first AND :last AND j.at_ns >= :begin AND j.at_ns < :end""",
    SeatFigure.ACKNOWLEDGED: """
        SELECT COUNT(*) FROM journal WHERE action = 'alarm.acknowledge' AND seat = :seat
        AND number BETWEEN :first AND :last AND at_ns >= :begin AND at_ns < :end""",
    SeatFigure.ACK_MEDIAN_S: SQL[FigureName.ACK_MEDIAN_S].replace(
        "a.action = 'alarm.acknowledge'", "a.action = 'alarm.acknowledge' AND a.seat = :seat"
    ),
    SeatFigure.EVENTS_HANDLED: """
        SELECT COUNT(DISTINCT key) FROM journal WHERE kind || '' = 'event' AND seat = :seat
        AND number BETWEEN :first AND :last AND at_ns >= :begin AND at_ns < :end""",
    SeatFigure.ORDERS_GIVEN: """
        SELECT COUNT(*) FROM journal WHERE kind || '' = 'order' AND version = 1 AND seat = :seat
        AND action IN ('order.send', 'order.hold', 'order.wait')
        AND number BETWEEN :first AND :last AND at_ns >= :begin AND at_ns < :end""",
    SeatFigure.CALL_OUTS: """
        SELECT COUNT(*) FROM journal WHERE kind || '' = 'call_out' AND version = 1 AND seat = :seat
        AND number BETWEEN :first AND :last AND at_ns >= :begin AND at_ns < :end""",
}
"""Figure of a seat → its statement, as `SQL`; :seat is the seat's code, :vitals a JSON list of the numbers of the
vitals that lie in its area: where a vital lies is in the catalogue, which is no table."""
_OF_A_SERVER = {
    "closed = 0": "NOT closed",
    "SELECT value FROM json_each(:vitals)":
        "SELECT CAST(value AS BIGINT) FROM json_array_elements_text(CAST(:vitals AS json))",
}  # fmt: skip
"""What SQLite reads → what PostgreSQL reads in its place."""


def sql_of(name: FigureName | SeatFigure, dialect: str) -> str:
    """Return a figure's statement for `sqlite` or `postgresql`.

    They differ in two places: SQLite finds the living alarms by its index only where the condition is written as the
    index has it, and PostgreSQL compares no truth with a number; and each has its own word for the items of a list.
    """
    statement = SEAT_SQL[name] if isinstance(name, SeatFigure) else SQL[name]
    if dialect != "sqlite":
        for here, there in _OF_A_SERVER.items():
            statement = statement.replace(here, there)
    return statement


def count(
    connection: Connection, from_ns: int, to_ns: int, *, seat: str = "", vitals: Collection[int] = ()
) -> ShiftFigures:  # fmt: skip
    """Return the figures of [from_ns, to_ns), profile ns UTC, as everything stands now.

    seat: code of one whose own figures are counted besides; vitals: numbers of those in its area.
    """
    bound: dict[str, object] = {**bounds(connection, from_ns, to_ns)}
    dialect = connection.dialect.name
    counted = {name: connection.execute(text(sql_of(name, dialect)), bound).scalar_one() for name in FigureName}
    bound |= {"seat": seat, "vitals": json.dumps(sorted(vitals))}
    of_seat = {
        name: connection.execute(text(sql_of(name, dialect)), bound).scalar_one() for name in SeatFigure if seat
    }  # fmt: skip
    return ShiftFigures(
        from_ns=from_ns, to_ns=to_ns, head=journal.head(connection).number,
        values={name: float(value) for name, value in counted.items() if value is not None},
        seat=seat, of_seat={name: float(value) for name, value in of_seat.items() if value is not None},
    )  # fmt: skip


def bounds(connection: Connection, from_ns: int, to_ns: int) -> dict[str, int]:
    """Return what the statements are given: the times, and the numbers between which their rows lie."""
    first, last = _between(connection, JOURNAL.c.number, JOURNAL.c.at_ns, from_ns, to_ns)
    first_event, last_event = _between(connection, EVENTS.c.number, EVENTS.c.opened_at, from_ns, to_ns)
    return {
        "begin": from_ns, "end": to_ns, "first": first, "last": last, "first_event": first_event,
        "last_event": last_event,
    }  # fmt: skip


def first_row(connection: Connection, at_ns: int) -> int:
    """Return a journal number no row of a time or later lies below: twenty looks among a million rows."""
    return _reached(connection, JOURNAL.c.number, JOURNAL.c.at_ns, at_ns - _MARGIN_NS)


def _between(
    connection: Connection, number: Column[int], at: Column[int], from_ns: int, to_ns: int
) -> tuple[int, int]:  # fmt: skip
    first = _reached(connection, number, at, from_ns - _MARGIN_NS)
    return first, _reached(connection, number, at, to_ns + _MARGIN_NS, first)


def _reached(connection: Connection, number: Column[int], at: Column[int], at_ns: int, above_all: int = 0) -> int:
    """Return the first number whose row is no older than a time, the last number when there is none."""
    # One by one: asked for both at once, SQLite reads the whole index.
    low = above_all or connection.execute(select(func.coalesce(func.min(number), 0))).scalar_one()
    high = connection.execute(select(func.coalesce(func.max(number), 0))).scalar_one()
    statement = select(at).where(number >= bindparam("number")).order_by(number).limit(1)
    while low < high:
        middle = (low + high) // 2
        if connection.execute(statement, {"number": middle}).scalar_one() < at_ns:
            low = middle + 1
        else:
            high = middle
    return int(low)
