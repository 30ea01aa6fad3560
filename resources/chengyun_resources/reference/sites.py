"""Every vital of the reference city with sensor, limits and usual course: measures spread over places, and the demo."""

import random
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import cache

from chengyun_resources.reference import divisions, facts_files, measures
from chengyun_resources.reference.course import Behaviour
from chengyun_resources.reference.measures import Limits, Measure

VITALS = 6142
"""As many as the drawing of the cockpit shows; rain gauges of towns fill up what the other measures leave."""
PEACETIME, FLOOD = "PT", "XQ"


@dataclass(frozen=True, slots=True, kw_only=True)
class Site:
    """One vital and the device (series) that feeds it."""

    vital: str
    name: str
    sector: str
    subtrack: str
    centre: str
    unit: str
    decimals: int
    period_s: float
    formula: str
    pinned: int = 0
    device: str
    device_name: str
    kind: str
    quantity: str
    members: int = 1
    up: dict[str, Limits]
    """Threshold set → upper limits."""
    down: dict[str, Limits]
    on_delay_s: float
    off_delay_s: float
    more: dict[str, float]
    behaviour: Behaviour
    demo: bool = False

    @property
    def is_risk(self) -> bool:
        """Whether it is of the risk class: it has limits (办法 art. 14)."""
        return any(limit is not None for limit in (*self.up[PEACETIME], *self.down[PEACETIME]))


@cache
def plain_sites(seed: int) -> tuple[Site, ...]:
    """Return all sites, the demo's first, before some are made silent or abnormal."""
    demo = tuple(_demo_site(row) for row in facts_files.rows("demo.csv"))
    spread = [site for measure in measures.measures() if measure.spread != "towns" for site in _spread(measure, seed)]
    rest = VITALS - len(demo) - len(spread)
    gauges = [
        site for measure in measures.measures() if measure.spread == "towns" for site in _towns(measure, rest, seed)
    ]
    return (*demo, *spread, *gauges)


def _spread(measure: Measure, seed: int) -> Iterator[Site]:
    for place in divisions.spread_over(measure.spread):
        yield _site(measure, place, place.name, seed)


def _towns(measure: Measure, wanted: int, seed: int) -> Iterator[Site]:
    towns, parents = divisions.towns(), {place.code: place.name for place in divisions.districts()}
    for step in range(wanted):
        place = towns[step * len(towns) // wanted]
        yield _site(measure, place, parents[place.parent] + place.name, seed)


def _site(measure: Measure, place: divisions.Place, where: str, seed: int) -> Site:
    dice = random.Random(f"{seed}/{measure.subtrack}/{place.code}")
    code = f"{measure.subtrack}-{place.code}"
    datum = round(dice.uniform(160, 380), 1) if "datum" in measure.more else 0.0
    up = {name: _shifted(limits, datum) for name, limits in _by_set(measure.up, measure.flood).items()}
    down = {name: _shifted(limits, datum) for name, limits in _by_set(measure.down, measure.flood).items()}
    return Site(
        vital=code,
        name=_joined(where, measure.name),
        sector=measure.sector,
        subtrack=measure.subtrack,
        centre=place.code,
        unit=measure.unit,
        decimals=measure.decimals,
        period_s=measure.period_s,
        formula=_formula(measure, code),
        device=code,
        device_name=f"{where}{measure.kind}",
        kind=measure.kind,
        quantity=measure.quantity,
        members=measure.members,
        up=up,
        down=down,
        on_delay_s=2 * measure.period_s,
        off_delay_s=3 * measure.period_s,
        more=measure.more,
        behaviour=_behaviour(measure, up, down, datum, dice),
    )


def _joined(where: str, what: str) -> str:
    """Chinese text is set apart from figures and Latin letters."""
    return f"{where} {what}" if what[0].isascii() else f"{where}{what}"


def _formula(measure: Measure, device: str) -> str:
    member = "#*" if measure.members > 1 else ""
    argument = f"{measure.argument}; " if measure.argument else ""
    return f"{measure.function}({argument}{device}{member}.{measure.quantity})"


def _by_set(limits: Limits, flood: str) -> dict[str, Limits]:
    return {PEACETIME: limits, FLOOD: _moved(limits, flood)}


def _moved(limits: Limits, flood: str) -> Limits:
    if not flood:
        return limits
    factor, plus = (float(flood[1:]), 0.0) if flood.startswith("x") else (1.0, float(flood))
    blue, yellow, orange, red = (None if limit is None else round(limit * factor + plus, 3) for limit in limits)
    return blue, yellow, orange, red


def _shifted(limits: Limits, datum: float) -> Limits:
    blue, yellow, orange, red = (None if limit is None else round(limit + datum, 3) for limit in limits)
    return blue, yellow, orange, red


def _behaviour(
    measure: Measure, up: dict[str, Limits], down: dict[str, Limits], datum: float, dice: random.Random
) -> Behaviour:
    """Return the course of one channel, somewhere in the room between its usual mean and its nearest limits."""
    share = measure.members if measure.function == "sum" else 1
    usual = Behaviour(
        mean=measure.mean + datum,
        daily=measure.daily,
        noise=measure.noise,
        low=measure.low + datum,
        high=measure.high + datum,
        peak_hour=dice.choice((8.0, 11.0, 14.0, 18.0)),
    )
    if not measure.function.startswith("share"):
        usual = replace(usual, mean=round(usual.mean + _jitter(usual, up, down, dice), 4))
    return replace(usual, mean=usual.mean / share, daily=usual.daily / share, noise=usual.noise / share)


def _jitter(usual: Behaviour, up: dict[str, Limits], down: dict[str, Limits], dice: random.Random) -> float:
    swing = abs(usual.daily) + 5 * usual.noise
    above = min([usual.high, *(limit for limits in up.values() for limit in limits if limit is not None)])
    below = max([usual.low, *(limit for limits in down.values() for limit in limits if limit is not None)])
    most = 0.12 * abs(usual.mean)
    upward = max(0.0, min(most, 0.4 * (above - usual.mean - swing)))
    downward = max(0.0, min(most, 0.4 * (usual.mean - swing - below)))
    return dice.uniform(-downward, upward)


def _demo_site(row: dict[str, str]) -> Site:
    subtrack = measures.code_of(row["subtrack"])
    up, down = measures.limits_of(row["up"]), measures.limits_of(row["down"])
    flood_up = measures.limits_of(row["flood_up"]) if row["flood_up"] else up
    return Site(
        vital=row["vital"],
        name=row["name"],
        sector=subtrack[:2],
        subtrack=subtrack,
        centre=row["centre"],
        unit=row["unit"],
        decimals=int(row["decimals"]),
        period_s=float(row["period_s"]),
        formula=f"last({row['device']}.{row['quantity']})",
        pinned=int(row["pinned"]),
        device=row["device"],
        device_name=row["device_name"],
        kind=row["kind"],
        quantity=row["quantity"],
        up={PEACETIME: up, FLOOD: flood_up},
        down={PEACETIME: down, FLOOD: down},
        on_delay_s=0.0,
        off_delay_s=0.0,
        more={},
        behaviour=Behaviour(
            mean=float(row["mean"]),
            daily=float(row["daily"]),
            noise=float(row["noise"]),
            low=float(row["low"]),
            high=float(row["high"]),
        ),
        demo=True,
    )
