"""A health figure explained to its sources, as rows: which tracks, vitals and KPIs took how many points."""

import numpy as np

from chengyun_console.desk import Desk
from chengyun_core.mirror.health import KPIS_TAKE, VITALS_TAKE
from chengyun_core.mirror.health_parts import HealthParts, health_parts
from chengyun_core.mirror.state import Freshness
from chengyun_core.mirror.tree import Node
from chengyun_core.model.catalogue import Kpi
from chengyun_core.model.clock import NS_PER_S
from chengyun_resources.theme.tokens import SEVERITY_TEXT, Colour, Severity
from chengyun_widgets.fact_model import FactRow

MOST_VITALS = 80
MOST_KPIS = 60
MOST_SILENT = 40
NODE, VITAL, KPI = "node:", "vital:", "kpi:"
"""Beginnings of the rows' keys: what a row leads to."""


def parts_of(desk: Desk, node: Node) -> HealthParts | None:
    """Return the parts of a node's health now, inside the focus filter; None while nothing is known."""
    names, state = desk.names, desk.session.state
    if names is None or state.count != names.view.count:
        return None
    return health_parts(names.view, node, state.band, desk.scope.mask)


def health_sum(desk: Desk, parts: HealthParts) -> str:
    """Return the sum in one line: a hundred, less what vitals and KPIs took."""
    return desk.say(
        "cockpit.health.sum",
        health=f"{parts.health:.0f}",
        vitals=f"{parts.by_vitals:.1f}",
        burden=f"{parts.burden:g}",
        kpis=f"{parts.by_kpis:.1f}",
        unmet=parts.kpis_all - parts.kpis_met,
        all=parts.kpis_all,
        most_vitals=f"{VITALS_TAKE:g}",
        most_kpis=f"{KPIS_TAKE:g}",
    )


def health_rows(desk: Desk, node: Node, parts: HealthParts) -> list[FactRow]:
    """Return the rows; every row but the headings leads to its source."""
    rows: list[FactRow] = []
    if parts.children:
        rows += [_head(desk, parts.children[0][0].kind.value, len(parts.children))]
        rows += [_child_row(desk, *child) for child in parts.children]
    rows += [_head(desk, "vitals", len(parts.vitals)), *_vital_rows(desk, parts)]
    rows += [_head(desk, "kpis", len(parts.kpis)), *(_kpi_row(desk, *row) for row in parts.kpis[:MOST_KPIS])]
    return [*rows, *_silent_rows(desk, node)]


def _head(desk: Desk, name: str, count: int) -> FactRow:
    title = desk.say(f"cockpit.health.head.{name}", count=count)
    return FactRow(key=f"head:{name}", severity=Severity.NONE, title=title, is_heading=True)


def _points(desk: Desk, points: float) -> str:
    return (
        desk.say("cockpit.health.points", points=f"{points:.1f}") if points >= 0.05 else desk.say("cockpit.health.none")
    )


def _less(points: float) -> str:
    return f"−{points:.1f}" if points >= 0.05 else "0"


def _child_row(desk: Desk, node: Node, by_vitals: float, by_kpis: float) -> FactRow:
    detail = desk.say("cockpit.health.split", vitals=_less(by_vitals), kpis=_less(by_kpis))
    owner = desk.names.post(node.owner_post) if desk.names else None
    who = " ".join(part for part in (owner.name, owner.holder) if part) if owner else ""
    return FactRow(
        key=f"{NODE}{node.code}",
        severity=Severity.NONE,
        title=node.name,
        detail=" · ".join(part for part in (detail, who) if part),
        status=_points(desk, by_vitals + by_kpis),
        status_colour=Colour.TEXT,
    )


def _vital_rows(desk: Desk, parts: HealthParts) -> list[FactRow]:
    names, state, figures, now_ns = desk.names, desk.session.state, desk.figures, desk.now_ns()
    fresh = state.freshness(now_ns)
    rows = []
    for number, points in parts.vitals[:MOST_VITALS]:
        vital = names.vital(number) if names else None
        if vital is None or names is None:
            continue
        band = Severity(int(state.band[number]))
        is_stale = int(fresh[number]) != Freshness.FRESH
        value = figures.with_unit(float(state.value[number]), vital.decimals, vital.unit)
        word = desk.say(f"console.band.{int(band)}")
        rows.append(
            FactRow(
                key=f"{VITAL}{number}",
                severity=band,
                title=vital.name,
                detail=f"{word} {value} · {names.place(vital.centre)} · {vital.code}",
                age=figures.short_duration((now_ns - int(state.time[number])) / NS_PER_S),
                status=_points(desk, points),
                status_colour=SEVERITY_TEXT[band],
                is_stale=is_stale,
            )
        )
    return rows


def _kpi_row(desk: Desk, kpi: Kpi, points: float) -> FactRow:
    line = desk.say("console.kpi.line", target=f"{kpi.target:g}", actual=f"{kpi.actual:g}", unit=kpi.unit)
    return FactRow(
        key=f"{KPI}{kpi.code}",
        severity=Severity.NONE,
        title=kpi.name,
        detail=line,
        age=kpi.due,
        status=_points(desk, points),
        status_colour=Colour.TEXT,
    )


def _silent_rows(desk: Desk, node: Node) -> list[FactRow]:
    """Return the vitals whose value is not of now: their last band counts, and that is said."""
    names, state, now_ns = desk.names, desk.session.state, desk.now_ns()
    if names is None:
        return []
    numbers = desk.scope.narrowed(names.view.vitals_of(node))
    fresh = state.freshness(now_ns)
    late = numbers[fresh[numbers] != Freshness.FRESH]
    late = late[np.argsort(state.time[late], kind="stable")]
    if not len(late):
        return []
    rows = [_head(desk, "silent", len(late))]
    for number in late[:MOST_SILENT].tolist():
        vital = names.vital(number)
        if vital is None or vital.retired:
            continue
        told = desk.say(f"console.fresh.{Freshness(int(fresh[number])).name.lower()}")
        has_time = int(fresh[number]) != Freshness.NEVER
        age = desk.figures.short_duration((now_ns - int(state.time[number])) / NS_PER_S) if has_time else ""
        rows.append(
            FactRow(
                key=f"{VITAL}late:{number}",
                severity=Severity(int(state.band[number])),
                title=vital.name,
                detail=f"{names.place(vital.centre)} · {vital.code}",
                age=age,
                status=told,
                is_stale=True,
            )
        )
    return rows
