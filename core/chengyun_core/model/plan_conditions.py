"""Conditions of plans and routes, written as `diameter_mm < 500; material in 铸铁|PE`, and judged on attributes."""

import math
import re
import unicodedata
from collections.abc import Iterable, Mapping
from enum import StrEnum

from chengyun_core.model.failure import Refused
from chengyun_core.model.plan import Comparison, Condition


class Verdict(StrEnum):
    """What a condition says of attributes."""

    HOLDS = "holds"
    FAILS = "fails"
    MISSING = "missing"
    """Nobody measured it yet: it fulfils nothing, and is told as what to ask for."""
    UNREADABLE = "unreadable"
    """What was measured is no number, and the comparison needs one."""


_WRITTEN = re.compile(r"\s*([^\s<>=]+?)\s*(<=|>=|=|<|>|\sin\s)\s*(.+?)\s*", re.DOTALL)
_FIGURE = re.compile(r"[+-]?(\d+(\.\d*)?|\.\d+)([eE][+-]?\d{1,3})?", re.ASCII)
ALTERNATIVES = "|"
"""Between the values that `in` allows."""


def conditions_of(text: str) -> tuple[Condition, ...]:
    """Return the conditions in a text, separated by semicolons; an empty text has none.

    Raises:
        Refused: `plan.condition_unreadable`, with the part that is no condition.
    """
    # Folding makes the full-width semicolon, digits and signs what they are.
    parts = unicodedata.normalize("NFKC", text).split(";")
    return tuple(_condition(part) for part in parts if part.strip())


def text_of(conditions: Iterable[Condition]) -> str:
    """Return the text that `conditions_of` reads back to the same conditions."""
    return "; ".join(f"{one.attribute} {one.comparison} {one.value}" for one in conditions)


def judged(condition: Condition, attributes: Mapping[str, str]) -> Verdict:
    """Return what a condition says of attributes: code → text, as an officer or a sensor gave it."""
    given = _normal(attributes.get(condition.attribute, ""))
    if not given:
        return Verdict.MISSING
    if condition.comparison is Comparison.ONE_OF:
        return _verdict(any(_equal(given, _normal(one)) for one in condition.value.split(ALTERNATIVES)))
    if condition.comparison is Comparison.EQUAL:
        return _verdict(_equal(given, _normal(condition.value)))
    figure, limit = figure_of(given), figure_of(condition.value)
    if figure is None or limit is None:
        return Verdict.UNREADABLE
    return _verdict(_ordered(condition.comparison, figure, limit))


def together(verdicts: Iterable[Verdict]) -> Verdict:
    """Return what conditions say that must all hold: one that fails decides, whatever is missing."""
    said = set(verdicts)
    for verdict in (Verdict.FAILS, Verdict.UNREADABLE, Verdict.MISSING):
        if verdict in said:
            return verdict
    return Verdict.HOLDS


def figure_of(text: str) -> float | None:
    """Return the finite number a text is, None when it is none. Full-width digits are digits."""
    normal = _normal(text)
    if not _FIGURE.fullmatch(normal):
        return None
    figure = float(normal)
    return figure if math.isfinite(figure) else None


def _condition(part: str) -> Condition:
    found = _WRITTEN.fullmatch(part)
    if found is None:
        raise Refused("plan.condition_unreadable", part=part.strip())
    attribute, sign, value = found.groups()
    comparison = Comparison(sign.strip())
    if comparison not in (Comparison.EQUAL, Comparison.ONE_OF) and figure_of(value) is None:
        raise Refused("plan.condition_needs_figure", part=part.strip(), given=value)
    return Condition(attribute=attribute, comparison=comparison, value=value)


def _normal(text: str) -> str:
    return unicodedata.normalize("NFKC", text).strip()


def _equal(one: str, other: str) -> bool:
    figure, others = figure_of(one), figure_of(other)
    return figure == others if figure is not None and others is not None else one.casefold() == other.casefold()


def _ordered(comparison: Comparison, figure: float, limit: float) -> bool:
    match comparison:
        case Comparison.LESS:
            return figure < limit
        case Comparison.AT_MOST:
            return figure <= limit
        case Comparison.AT_LEAST:
            return figure >= limit
        case _:
            return figure > limit


def _verdict(holds: bool) -> Verdict:
    return Verdict.HOLDS if holds else Verdict.FAILS
