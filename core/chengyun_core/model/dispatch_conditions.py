"""What a route asks before it holds: a comparison of an attribute, a span of the day; and the lists in its cells."""

import re
from collections.abc import Mapping
from datetime import time

from chengyun_core.model.failure import Refused
from chengyun_core.model.plan import Comparison, Condition

CAPABILITY_PREFIX = "capability:"
"""What a cell of a route begins with when it asks for the best unit that can, not for a certain one."""
ANY_MATTER = "*"
_CONDITION = re.compile(r"\s*([\w.]+)\s*(<=|>=|<|>|=|in\b)\s*(\S.*?)\s*")
_HOURS = re.compile(r"([01]\d|2[0-3]):([0-5]\d)-([01]\d|2[0-3]):([0-5]\d)", re.ASCII)
_CAPABILITY = re.compile(r"[a-z][a-z0-9_]*(\.[a-z][a-z0-9_]*)*", re.ASCII)


def listed(cell: str) -> tuple[str, ...]:
    """Return the parts of a cell that holds several between bars; empty ones are left out."""
    return tuple(part for raw in cell.split("|") if (part := raw.strip()))


def is_capability(word: str) -> bool:
    """Return whether a word may name a capability: `repair.water`."""
    return _CAPABILITY.fullmatch(word) is not None


def condition_of(text: str) -> Condition:
    """Return the condition that a text such as `diameter_mm < 500` or `kind in 水管|气管` states.

    Raises:
        Refused: `dispatch.condition_unread`; `dispatch.condition_not_number`, for an order between what is no figure.
    """
    found = _CONDITION.fullmatch(text)
    if found is None:
        raise Refused("dispatch.condition_unread", condition=text)
    condition = Condition(attribute=found[1], comparison=Comparison(found[2]), value=found[3])
    if condition.comparison not in {Comparison.EQUAL, Comparison.ONE_OF} and _figure(condition.value) is None:
        raise Refused("dispatch.condition_not_number", condition=text, figure=condition.value)
    return condition


def holds(condition: Condition, attributes: Mapping[str, str]) -> bool | None:
    """Return whether a condition holds; None when its attribute is not known, which fulfils nothing."""
    told = attributes.get(condition.attribute, "").strip()
    if not told:
        return None
    if condition.comparison is Comparison.ONE_OF:
        return told in listed(condition.value)
    one, other = _figure(told), _figure(condition.value)
    if condition.comparison is Comparison.EQUAL:
        return told == condition.value if one is None or other is None else one == other
    if one is None or other is None:
        return None
    return _ordered(condition.comparison, one, other)


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


def _ordered(comparison: Comparison, one: float, other: float) -> bool:
    verdicts = {
        Comparison.LESS: one < other,
        Comparison.AT_MOST: one <= other,
        Comparison.AT_LEAST: one >= other,
        Comparison.MORE: one > other,
    }
    return verdicts[comparison]


def _figure(text: str) -> float | None:
    try:
        figure = float(text)
    except ValueError:
        return None
    return figure if abs(figure) < float("inf") else None
