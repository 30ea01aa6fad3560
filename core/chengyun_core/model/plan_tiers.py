"""The decision table of a plan (P3): which tier measured attributes bring into force, by which row, what is missing."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from chengyun_core.model.failure import Refused
from chengyun_core.model.plan import Action, Condition, PlanTemplate, Tier
from chengyun_core.model.plan_conditions import Verdict, judged, together
from chengyun_core.model.scales import ResponseLevel


@dataclass(frozen=True, slots=True, kw_only=True)
class TierRow:
    """One row of the table as it was judged."""

    tier: str
    verdict: Verdict
    conditions: tuple[tuple[Condition, Verdict], ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class TierVerdict:
    """What the table says. Rows are additive: with the row that decides, all rows before it are in force."""

    in_force: tuple[str, ...] = ()
    """Codes of tiers in the table's order; empty: no row holds, only actions without a tier apply."""
    decided_by: str = ""
    """The last row that holds."""
    rows: tuple[TierRow, ...] = ()
    missing: tuple[str, ...] = ()
    """Attributes that could still bring a higher tier into force than the one that is."""
    response: ResponseLevel | None = None


def decide(tiers: Sequence[Tier], attributes: Mapping[str, str]) -> TierVerdict:
    """Return what the tier table says of measured attributes.

    The last row that holds decides. A row whose attribute is missing never holds by guess: what it asks for is told in
    `missing`, as far as the row could raise the tier.
    """
    rows = tuple(_judged(tier, attributes) for tier in tiers)
    last = max((place for place, row in enumerate(rows) if row.verdict is Verdict.HOLDS), default=-1)
    return TierVerdict(
        in_force=tuple(tier.code for tier in tiers[: last + 1]), decided_by=tiers[last].code if last >= 0 else "",
        rows=rows, missing=_missing(rows[last + 1 :]), response=_response(tiers[: last + 1]),
    )  # fmt: skip


def up_to(tiers: Sequence[Tier], code: str) -> TierVerdict:
    """Return the tiers in force when an officer names the highest one himself.

    Raises:
        Refused: `plan.tier_unknown`.
    """
    place = next((place for place, tier in enumerate(tiers) if tier.code == code), None)
    if place is None:
        raise Refused("plan.tier_unknown", tier=code, known=", ".join(tier.code for tier in tiers))
    chosen = tiers[: place + 1]
    return TierVerdict(
        in_force=tuple(tier.code for tier in chosen), decided_by=code, response=_response(chosen)
    )  # fmt: skip


def actions_of(template: PlanTemplate, in_force: Sequence[str]) -> tuple[Action, ...]:
    """Return the actions that apply: those without a tier, and those of the tiers in force."""
    wanted = {"", *in_force}
    return tuple(action for action in template.actions if action.tier in wanted)


def _judged(tier: Tier, attributes: Mapping[str, str]) -> TierRow:
    each = tuple((condition, judged(condition, attributes)) for condition in tier.conditions)
    return TierRow(tier=tier.code, verdict=together(verdict for _, verdict in each), conditions=each)


def _missing(rows: Sequence[TierRow]) -> tuple[str, ...]:
    lacking = (Verdict.MISSING, Verdict.UNREADABLE)
    found = (
        condition.attribute
        for row in rows
        if row.verdict in lacking
        for condition, verdict in row.conditions
        if verdict in lacking
    )
    return tuple(dict.fromkeys(found))


def _response(tiers: Sequence[Tier]) -> ResponseLevel | None:
    """Return the strongest response of the tiers in force (突发事件应对法 art. 71: every plan sets its own)."""
    return min((tier.response for tier in tiers if tier.response is not None), default=None)
