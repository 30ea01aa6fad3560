"""Suggests a grade from the four factors, and tells why (办法 §24): a documented rule, the officer decides."""

from collections.abc import Mapping
from dataclasses import dataclass

from chengyun_core.model.event import Factor
from chengyun_core.model.failure import Reason, Refused
from chengyun_core.model.scales import EventGrade

LOWEST, HIGHEST = 1, 4


@dataclass(frozen=True, slots=True, kw_only=True)
class Suggestion:
    """What the rule says."""

    grade: EventGrade | None
    """None while a factor is missing."""
    reasons: tuple[Reason, ...] = ()
    missing: tuple[Factor, ...] = ()
    may_escalate: bool = False
    """A factor is judged 重大 or graver than the grade: the law asks whether it may become so (条例 art. 34).

    Urgency is none of them: what has to be done at once does not grow by that.
    """


def suggest(factors: Mapping[Factor, int]) -> Suggestion:
    """Return the suggested grade.

    The rule: the grade that two factors reach, and never more than one grade below the gravest single factor. One grave
    factor alone is enough to lift an event, for an event taken too lightly costs more than one taken too gravely.

    Raises:
        Refused: `event.factor_range`, a factor is not 1 … 4.
    """
    for factor, value in factors.items():
        if not LOWEST <= value <= HIGHEST:
            raise Refused("event.factor_range", factor=factor.value, value=value, least=LOWEST, most=HIGHEST)
    missing = tuple(factor for factor in Factor if factor not in factors)
    if missing:
        return Suggestion(grade=None, missing=missing)
    gravest, second = sorted(factors.values(), reverse=True)[:2]
    grade = EventGrade(max(second, gravest - 1))
    grows = max(value for factor, value in factors.items() if factor is not Factor.URGENCY)
    escalates = grows >= EventGrade.MAJOR > grade
    return Suggestion(grade=grade, reasons=_reasons(factors, gravest, second), may_escalate=escalates)


def _reasons(factors: Mapping[Factor, int], gravest: int, second: int) -> tuple[Reason, ...]:
    if second >= gravest - 1:
        bearing = [factor.value for factor in Factor if factors[factor] >= second]
        return (Reason(code="event.grade.two_factors", params={"factors": " ".join(bearing), "value": str(second)}),)
    single = next(factor.value for factor in Factor if factors[factor] == gravest)
    return (
        Reason(code="event.grade.one_grave", params={"factors": single, "value": str(gravest)}),
        Reason(code="event.grade.others_below", params={"value": str(second)}),
    )
