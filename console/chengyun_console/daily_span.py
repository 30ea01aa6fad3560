"""Which time a 值班日报 is of: the shift that runs, what a hand-over hands over, or since somebody sat down."""

from collections.abc import Iterable

from chengyun_console.daily_paper import Span
from chengyun_console.desk import Desk
from chengyun_core.model.duty import Handover, HandoverState, Shift, ShiftState

_RUNS = (ShiftState.RUNNING, ShiftState.HANDING_OVER)


def of_sheet(sheet: Handover, now_ns: int) -> Span:
    """Return the time a sheet's figures are of: until now, or until the last signature of one that is signed."""
    about = f"shift/{sheet.shift}" if sheet.shift else ""
    from_ns = sheet.figures_from or sheet.opened_at
    if sheet.state is HandoverState.SIGNED and sheet.signatures:
        # The end is not part of a span, and the signature that ended the shift is part of the shift.
        return Span(from_ns=from_ns, to_ns=sheet.signatures[-1].at + 1, about=about)
    return Span(from_ns=from_ns, to_ns=now_ns, seat=sheet.seat, about=about)


def running(desk: Desk, shifts: Iterable[Shift]) -> Span | None:
    """Return the time of the shift that runs, without one since whoever holds this seat sat down; None: not known."""
    signed_on, now = desk.session.signed_on, desk.now_ns()
    if signed_on is None:
        return None
    runs = next((shift for shift in shifts if shift.state in _RUNS), None)
    if runs is not None:
        begun = runs.begun_at or runs.begins_at
        return Span(from_ns=begun, to_ns=now, seat=signed_on.seat, about=f"shift/{runs.number}")
    sits = desk.session.facts.sessions.get(signed_on.seat)
    return Span(from_ns=sits.since, to_ns=now, seat=signed_on.seat) if sits is not None else None
