"""Suggests the four factors of a grade from matter, figures and words, each with its reason; the officer judges (§24).

People dead or hurt are weighed by the limits of 《生产安全事故报告和调查处理条例》 art. 3 (3, 10, 30 dead; 10, 50, 100
gravely hurt), which the grades of other events follow in practice. All other limits are ours.
"""

from collections.abc import Mapping

from chengyun_core.model.dispatch import Matter
from chengyun_core.model.dispatch_grammar import Grammar
from chengyun_core.model.dispatch_words import folded
from chengyun_core.model.event import Factor
from chengyun_core.model.failure import Reason

HIGHEST = 4
_LIMITS: tuple[tuple[str, Factor, tuple[tuple[float, int], ...]], ...] = (
    ("dead", Factor.NATURE, ((1, 2), (3, 3), (10, 4))),
    ("injured", Factor.NATURE, ((1, 2), (10, 3), (50, 4))),
    ("missing", Factor.URGENCY, ((1, 3), (10, 4))),
    ("trapped", Factor.URGENCY, ((1, 3), (10, 4))),
    ("households", Factor.REACH, ((100, 2), (1000, 3), (10_000, 4))),
    ("people", Factor.REACH, ((50, 2), (500, 3), (5000, 4))),
    ("depth_cm", Factor.URGENCY, ((30, 3), (80, 4))),
    ("diameter_mm", Factor.REACH, ((500, 2), (1000, 3))),
    ("magnitude", Factor.NATURE, ((4, 2), (5, 3), (6, 4))),
)
"""Attribute, the factor it speaks for, and from which value on that is at least how much."""


def suggest_factors(
    matter: Matter | None, attributes: Mapping[str, str], narrative: str, grammar: Grammar
) -> tuple[dict[Factor, int], tuple[Reason, ...]]:  # fmt: skip
    """Return the four factors (1 … 4) and why; without a matter none: there is nothing to begin with."""
    if matter is None:
        return {}, ()
    factors = {
        Factor.NATURE: matter.nature, Factor.URGENCY: matter.urgency, Factor.CONTROL: matter.control,
        Factor.REACH: matter.reach,
    }  # fmt: skip
    reasons = [Reason(code="dispatch.factor_of_matter", params={"matter": matter.name})]
    for attribute, factor, limits in _LIMITS:
        value = _figure(attributes.get(attribute, ""))
        level = max((least for limit, least in limits if value is not None and value >= limit), default=0)
        if level > factors[factor]:
            factors[factor] = level
            told = {"factor": factor.value, "level": str(level), "attribute": attribute}
            reasons.append(Reason(code="dispatch.factor_by_figure", params=told | {"value": attributes[attribute]}))
    return factors, (*reasons, *_by_words(factors, folded(narrative), grammar))


def _by_words(factors: dict[Factor, int], text: str, grammar: Grammar) -> list[Reason]:
    """Let words move a factor by one: out of hand, in hand, at once. What is in hand is not also out of hand."""
    in_hand = _first(text, grammar.in_hand)
    rising = "" if in_hand else _first(text, grammar.rising)
    at_once = _first(text, grammar.at_once)
    moves = ((Factor.CONTROL, -1, in_hand), (Factor.CONTROL, 1, rising), (Factor.URGENCY, 1, at_once))
    reasons = []
    for factor, by, word in moves:
        level = min(HIGHEST, max(1, factors[factor] + by))
        if word and level != factors[factor]:
            factors[factor] = level
            told = {"factor": factor.value, "level": str(level), "word": word}
            reasons.append(Reason(code="dispatch.factor_by_word", params=told))
    return reasons


def _first(text: str, words: tuple[str, ...]) -> str:
    return next((word for word in words if word in text), "")


def _figure(text: str) -> float | None:
    try:
        return float(text)
    except ValueError:
        return None
