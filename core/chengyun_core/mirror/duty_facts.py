"""What a screen holds of duty: shifts, people, seats covered or being taken over, hand-overs, lines of the log."""

from typing import Any

from chengyun_core.model.change import SessionRecord
from chengyun_core.model.duty import INCOMING, Handover, LogLine, Person, SeatCover, SeatSilence, Shift


class DutyFacts:
    """Owned by whoever owns the FactMirror; only that one writes."""

    def __init__(self) -> None:
        self.shifts: dict[int, Shift] = {}
        """Shifts told so far, by number; pages of the roster are asked of the centre."""
        self.people: dict[str, Person] = {}
        """People told so far, by code, with masked numbers."""
        self.covers: dict[str, SeatCover] = {}
        """Seats lent or covered, by the seat whose area it is."""
        self.silences: dict[str, SeatSilence] = {}
        """Seats whose console is not heard though somebody sits there, by code."""
        self.handovers: dict[int, Handover] = {}
        """Hand-overs told so far, by number."""
        self.lines: dict[int, LogLine] = {}
        """Free lines of the log told so far, by number; pages of the log are asked of the centre."""
        self.incoming: dict[str, SessionRecord] = {}
        """Who is taking a seat over and has not signed yet, by `<seat>/incoming`."""

    def shelf_of(self, kind: str, key: str) -> tuple[dict[Any, Any], int | str] | None:
        """Return where records of a kind are kept, and the key there; None for a kind that is not kept here."""
        numbered: dict[str, dict[Any, Any]] = {
            "handover": self.handovers, "log_line": self.lines, "shift": self.shifts,
        }  # fmt: skip
        if kind in numbered:
            return numbered[kind], int(key)
        if kind == "session" and key.endswith(INCOMING):
            return self.incoming, key
        named: dict[str, dict[Any, Any]] = {
            "duty_person": self.people, "seat_cover": self.covers, "seat_silence": self.silences,
        }  # fmt: skip
        return (named[kind], key) if kind in named else None
