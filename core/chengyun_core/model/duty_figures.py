"""The figures of a shift (WF9): their names, what they are counted in, and what they were over one half-open time."""

from dataclasses import dataclass, field
from enum import StrEnum


class FigureName(StrEnum):
    """One figure. The order is that of the sheet."""

    ALARMS_RAISED = "alarms_raised"
    """Alarms whose life began; of each colour: the gravest they have reached."""
    ALARMS_RED = "alarms_red"
    ALARMS_ORANGE = "alarms_orange"
    ALARMS_YELLOW = "alarms_yellow"
    ALARMS_BLUE = "alarms_blue"
    ALARM_CALLS = "alarm_calls"
    """How often a condition came, came back, or called again by itself."""
    ACKNOWLEDGED = "acknowledged"
    ACK_MEDIAN_S = "ack_median_s"
    """Median from the last call before it to the acknowledgement; none when nothing was acknowledged."""
    ACK_LONGEST_S = "ack_longest_s"
    FLOOD_MINUTES = "flood_minutes"
    """Minutes in which at least one seat was in alarm flood (ISA-18.2, A11)."""
    ALARMS_OPEN = "alarms_open"
    """Neither acknowledged nor shelved, when it was counted."""
    ALARMS_SHELVED = "alarms_shelved"
    EVENTS_OPENED = "events_opened"
    """Of each grade: the one they have when it is counted (突发事件应对法 art. 3)."""
    EVENTS_EXTRAORDINARY = "events_extraordinary"
    EVENTS_MAJOR = "events_major"
    EVENTS_LARGER = "events_larger"
    EVENTS_GENERAL = "events_general"
    EVENTS_UNGRADED = "events_ungraded"
    EVENTS_CLOSED = "events_closed"
    EVENTS_LIVING = "events_living"
    REPORTS_SENT = "reports_sent"
    REPORTS_OVERDUE = "reports_overdue"
    """First reports that had not left when they were due (重庆市突发事件应对条例 art. 28)."""
    PLANS_STARTED = "plans_started"
    ORDERS_ISSUED = "orders_issued"
    RECEIPTS_ASKED = "receipts_asked"
    """Recipients of the orders issued in this time."""
    RECEIPTS_SIGNED = "receipts_signed"
    """Of these: signed, or further."""
    RECEIPTS_FED_BACK = "receipts_fed_back"
    RECEIPTS_OVERDUE = "receipts_overdue"
    """Living receipts, of any order, with a deadline that lay before the end of this time."""
    RECEIPTS_REMINDED = "receipts_reminded"
    """Receipts that were reminded or urged at least once."""
    SIDE_REQUESTS = "side_requests"
    SUPERVISIONS = "supervisions"
    WARNINGS_RECEIVED = "warnings_received"
    MODE_CHANGES = "mode_changes"
    """Rows that put a declaration in force or lifted it."""
    CALL_OUTS = "call_outs"
    CALL_TRIES = "call_tries"
    LOG_LINES = "log_lines"


class SeatFigure(StrEnum):
    """One figure of a seat, beside those of the centre. The order is that of the sheet."""

    ALARMS_RAISED = "seat_alarms_raised"
    """Alarms whose life began in the area the seat answers for when it is counted, covered seats' with it."""
    ACKNOWLEDGED = "seat_acknowledged"
    """Acknowledgements made at the seat."""
    ACK_MEDIAN_S = "seat_ack_median_s"
    """Of these: median from the last call before it; none when nothing was acknowledged."""
    EVENTS_HANDLED = "seat_events_handled"
    """Events at which something was done from the seat."""
    ORDERS_GIVEN = "seat_orders_given"
    """Orders written at the seat, those that waited for a second person or were recalled with them."""
    CALL_OUTS = "seat_call_outs"


class Unit(StrEnum):
    """What a figure is counted in."""

    COUNT = "count"
    SECONDS = "seconds"
    MINUTES = "minutes"


UNITS: dict[FigureName | SeatFigure, Unit] = {
    FigureName.ACK_MEDIAN_S: Unit.SECONDS,
    FigureName.ACK_LONGEST_S: Unit.SECONDS,
    FigureName.FLOOD_MINUTES: Unit.MINUTES,
    SeatFigure.ACK_MEDIAN_S: Unit.SECONDS,
}
"""What is not here is a count."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ShiftFigures:
    """The figures of [from_ns, to_ns), profile ns UTC. A name that is not there: nothing to say, not nought."""

    from_ns: int
    to_ns: int
    head: int = 0
    """Number of the last journal row there was when it was counted: a recount stands at the same place."""
    values: dict[FigureName, float] = field(default_factory=dict)

    seat: str = ""
    """Seat of `of_seat`; empty: none was asked for."""
    of_seat: dict[SeatFigure, float] = field(default_factory=dict)

    def __getitem__(self, name: FigureName | SeatFigure) -> float | None:
        """Return one figure, None when there was nothing to say."""
        return self.of_seat.get(name) if isinstance(name, SeatFigure) else self.values.get(name)

    def named(self) -> dict[str, float]:
        """Return all of them by the text of their names, as a sheet carries them."""
        return {name.value: value for name, value in (*self.values.items(), *self.of_seat.items())}


def unit_of(name: FigureName | SeatFigure) -> Unit:
    """Return what a figure is counted in."""
    return UNITS.get(name, Unit.COUNT)
