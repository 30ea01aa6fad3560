"""What follows from an alarm in the reference city: guidance, response, causes, suppressions; gateways, calibration."""

import random
from collections import defaultdict
from collections.abc import Iterator
from datetime import date, timedelta
from functools import cache

from chengyun_resources.reference import divisions, facts_files, guided_plans, measures, people
from chengyun_resources.reference.measures import NO_LIMITS, Measure
from chengyun_resources.reference.sites import Site

LAST_CALIBRATED = date(2026, 10, 31)
_OVERDUE = 0.08
"""Share of sensors whose calibration is more than a year old."""
_UNKNOWN = 0.04
"""Share of sensors of which nobody knows."""
_NOT_CALIBRATED = frozenset({"业务数据接口", "调度系统"})
"""Kinds that measure nothing themselves."""
_SIDE_QUANTITIES = frozenset({"flow", "load"})
"""What a demonstration device tells besides the quantity its sub-track is about: it causes nothing."""
_BENT = {(True, False): "偏高", (False, True): "偏低", (True, True): "超出正常范围", (False, False): "异常"}
"""(has upper limits, has lower limits) → what an alarm says of the measure."""

Rows = list[dict[str, str]]


def guidance_rows() -> Rows:
    """Return the rows of the table `guidance`, one for each sub-track."""
    return [_guidance(measure) for measure in measures.measures()]


def response_of(subtrack: str) -> dict[str, str]:
    """Return the cells `consequence` and `respond_min` of a sub-track's vitals."""
    row = _template(subtrack)
    return {"consequence": row["consequence"], "respond_min": row["respond_min"]}


def cause_rows(sites: tuple[Site, ...]) -> Rows:
    """Return the rows of the table `causes`: along the chains of causes.csv, within each centre."""
    of = _by_place(sites)
    return [
        {"cause": cause, "effect": effect, "within_s": link["within_s"]} | ({"masks": "true"} if link["masks"] else {})
        for link in facts_files.rows("causes.csv")
        for cause, effect in _pairs(of, _code(link["cause"]), _code(link["effect"]))
    ]


def suppression_rows() -> Rows:
    """Return the rows of the table `suppressions`; `track/subtrack@place` names the vital of a place."""
    return [_suppression(row) for row in facts_files.rows("suppressions.csv")]


def gateway_of(site: Site) -> str:
    """Return what a site's readings come through: one gateway for each sector in a district."""
    return f"GW-{site.sector}-{_district_of().get(site.centre, site.centre)}"


def calibrated(site: Site, seed: int) -> str:
    """Return the ISO date of a site's last calibration, empty where there is none."""
    dice = random.Random(f"{seed}/calibrated/{site.vital}")
    chance, within = dice.random(), dice.randrange(360)
    if site.kind in _NOT_CALIBRATED or chance < _UNKNOWN:
        return ""
    overdue = 365 if chance < _UNKNOWN + _OVERDUE else 0
    return (LAST_CALIBRATED - timedelta(days=overdue + within)).isoformat()


def _guidance(measure: Measure) -> dict[str, str]:
    row, node = _template(measure.subtrack), _nodes()[measure.subtrack]
    bent = _BENT[(measure.up != NO_LIMITS, measure.down != NO_LIMITS)]
    told = {"measure": measure.name, "subtrack": node.name, "bent": bent}
    cells = {"about": node.code, "meaning": row["meaning"].format(**told), "action": row["action"]}
    cells["call_post"] = people.owner_of(node.code)
    told = {"plan": guided_plans.name_for(row), "cameras": row["cameras"]}
    return cells | {name: text for name, text in told.items() if text}


@cache
def _templates() -> dict[tuple[str, str], dict[str, str]]:
    return {(row["track"], row["subtrack"]): row for row in facts_files.rows("guidance.csv")}


def _template(subtrack: str) -> dict[str, str]:
    """Return a sub-track's own template, else its track's."""
    node = _nodes()[subtrack]
    track = _track_names()[node.parent]
    return _templates().get((track, node.name)) or _templates()[(track, "")]


@cache
def _nodes() -> dict[str, measures.Node]:
    return {node.code: node for node in measures.subtracks()}


@cache
def _track_names() -> dict[str, str]:
    return {node.code: node.name for node in measures.tracks()}


@cache
def _codes() -> dict[str, str]:
    return {f"{_track_names()[node.parent]}/{node.name}": node.code for node in measures.subtracks()}


def _code(text: str) -> str:
    """Return the code of `track/subtrack`, `track/subtrack@place`, or the code itself."""
    path, _, place = text.partition("@")
    code = _codes().get(path, path)
    return f"{code}-{place}" if place else code


def _suppression(row: dict[str, str]) -> dict[str, str]:
    kept = {name: row[name] for name in ("code", "name", "at_least", "up_to", "reason")}
    return kept | {"while_vital": _code(row["while"]), "suppresses": _code(row["suppresses"])}


def _by_place(sites: tuple[Site, ...]) -> dict[tuple[str, str], list[str]]:
    """Return (sub-track, centre) → vitals. A town's rain gauge also stands for its district."""
    found: dict[tuple[str, str], list[str]] = defaultdict(list)
    for site in sites:
        if not (site.demo and site.quantity in _SIDE_QUANTITIES):
            found[site.subtrack, site.centre].append(site.vital)
            district = _district_of().get(site.centre)
            if site.subtrack == _code("防汛/短时雨量") and district:
                found[site.subtrack, district].append(site.vital)
    return found


def _pairs(of: dict[tuple[str, str], list[str]], cause: str, effect: str) -> Iterator[tuple[str, str]]:
    for subtrack, place in sorted(of):
        if subtrack == cause:
            for one in of[subtrack, place]:
                for other in of.get((effect, place), []):
                    yield one, other


@cache
def _district_of() -> dict[str, str]:
    return {town.code: town.parent for town in divisions.towns()}
