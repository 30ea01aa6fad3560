"""What stands in the cells of units and routes: lists between bars, capabilities, spans of the day."""

import re
from datetime import time

from chengyun_core.model.failure import Refused

CAPABILITY_PREFIX = "capability:"
"""What a cell of a route begins with when it asks for the best unit that can, not for a certain one."""
ANY_MATTER = "*"
_HOURS = re.compile(r"([01]\d|2[0-3]):([0-5]\d)-([01]\d|2[0-3]):([0-5]\d)", re.ASCII)
_CAPABILITY = re.compile(r"[a-z][a-z0-9_]*(\.[a-z][a-z0-9_]*)*", re.ASCII)


def listed(cell: str) -> tuple[str, ...]:
    """Return the parts of a cell that holds several between bars; empty ones are left out."""
    return tuple(part for raw in cell.split("|") if (part := raw.strip()))


def is_capability(word: str) -> bool:
    """Return whether a word may name a capability: `repair.water`."""
    return _CAPABILITY.fullmatch(word) is not None


def hours_of(text: str) -> tuple[time, time]:
    """Return the first and last minute of `08:00-18:00`; raise Refused("dispatch.hours_unread") for anything else."""
    found = _HOURS.fullmatch(text)
    if found is None:
        raise Refused("dispatch.hours_unread", hours=text)
    return time(int(found[1]), int(found[2])), time(int(found[3]), int(found[4]))


def within_hours(text: str, minute: time) -> bool:
    """Return whether a time of day lies in the span, its end not included; one over midnight ends the next day."""
    if not text:
        return True
    begins, ends = hours_of(text)
    if begins <= ends:
        return begins <= minute < ends
    return minute >= begins or minute < ends
