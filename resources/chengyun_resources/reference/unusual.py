"""The few vitals of a calm day that are not calm: steady anomalies, and those without data."""

import random
from dataclasses import replace
from functools import cache

from chengyun_resources.reference.course import Behaviour
from chengyun_resources.reference.measures import Limits
from chengyun_resources.reference.sites import PEACETIME, Site, plain_sites

ABNORMAL = {"JJ": 2, "SS": 6, "SH": 4, "YJ": 8, "WM": 1, "ST": 3, "FW": 3}
"""Sector → steady anomalies; with the demo's own two about thirty, as the drawing of the cockpit has them."""
SILENT = 110
_YELLOW_EVERY = 4
"""Every so manieth anomaly is yellow, the others blue."""


@cache
def sites(seed: int) -> tuple[Site, ...]:
    """Return every site of the city with its anomalies and silences decided."""
    plain = plain_sites(seed)
    dice = random.Random(f"{seed}/unusual")
    able = [site for site in plain if site.members == 1 and not site.demo]
    abnormal = _abnormal(able, dice)
    silent = {site.vital for site in dice.sample([site for site in able if site.vital not in abnormal], SILENT)}
    return tuple(_decided(site, abnormal, silent) for site in plain)


def _abnormal(able: list[Site], dice: random.Random) -> dict[str, Behaviour]:
    chosen: dict[str, Behaviour] = {}
    for sector, wanted in ABNORMAL.items():
        candidates = [site for site in able if site.sector == sector and _bands(site)]
        for site in dice.sample(candidates, wanted):
            yellow = len(chosen) % _YELLOW_EVERY == _YELLOW_EVERY - 1
            chosen[site.vital] = _within_band(site, yellow=yellow)
    return chosen


def _bands(site: Site) -> Limits | None:
    """Return the limits of the side an anomaly can lie on: complete ones only."""
    for limits in (site.up[PEACETIME], site.down[PEACETIME]):
        if all(limit is not None for limit in limits):
            return limits
    return None


def _within_band(site: Site, *, yellow: bool) -> Behaviour:
    """Return a course that stays inside the blue (or yellow) band whatever its noise."""
    limits = [limit for limit in _bands(site) or () if limit is not None]
    near, far = (limits[1], limits[2]) if yellow else (limits[0], limits[1])
    noise = min(site.behaviour.noise, round(abs(far - near) / 20, 6))
    return replace(site.behaviour, mean=round(near + 0.45 * (far - near), 4), daily=0.0, noise=noise)


def _decided(site: Site, abnormal: dict[str, Behaviour], silent: set[str]) -> Site:
    if site.vital in abnormal:
        return replace(site, behaviour=abnormal[site.vital])
    if site.vital in silent:
        return replace(site, behaviour=replace(site.behaviour, silent=True))
    return site
