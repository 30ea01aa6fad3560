"""KPIs and vitals of a sub-track as rows of a list."""

from collections.abc import Iterable

import numpy as np

from chengyun_console.desk import Desk
from chengyun_console.wording.gazetteer import Gazetteer
from chengyun_console.wording.kpi import KpiWords
from chengyun_core.mirror.state import Freshness, StateMirror
from chengyun_core.model.catalogue import Kpi, Vital
from chengyun_core.model.clock import NS_PER_S
from chengyun_core.model.kpi_progress import is_met
from chengyun_resources.theme.tokens import SEVERITY_TEXT, Colour, Severity
from chengyun_widgets.fact_model import FactRow

MOST_ROWS = 160
"""More rows of a track than anybody reads; written each second they would cost a frame. F2 has them all."""


def kpi_rows(desk: Desk, kpis: Iterable[Kpi]) -> list[FactRow]:
    """Return a row per KPI, those not met first. A KPI is no alarm: only met or not (办法 art. 13)."""
    return [_kpi_row(desk, kpi) for kpi in sorted(kpis, key=is_met)]


def vital_rows(desk: Desk, names: Gazetteer, numbers: Iterable[int], state: StateMirror, now_ns: int) -> list[FactRow]:
    """Return a row per vital, the gravest band first, at most MOST_ROWS."""
    fresh = state.freshness(now_ns)
    known = [vital for number in numbers if (vital := names.vital(number)) is not None and not vital.retired]
    order = sorted(known, key=lambda vital: (-int(state.band[vital.number]), vital.number))[:MOST_ROWS]
    return [_vital_row(desk, names, vital, state, Freshness(int(fresh[vital.number])), now_ns) for vital in order]


def owner_line(desk: Desk, names: Gazetteer, post_code: str) -> str:
    """Return 跑道长 with name and phone."""
    post = names.post(post_code)
    if post is None:
        return desk.say("console.tree.owner_none")
    who = " ".join(part for part in (post.name, post.holder) if part)
    return desk.say("cockpit.tree.owner", name=who, phone=post.phone or desk.say("cockpit.call.no_phone"))


def _kpi_row(desk: Desk, kpi: Kpi) -> FactRow:
    met = is_met(kpi)
    words = KpiWords(desk, kpi)
    told = words.progress()
    standing = desk.say(f"cockpit.kpi.short.{told.standing.value}")
    line = desk.say(
        "cockpit.kpi.row", target=f"{kpi.target:g}", actual=f"{kpi.actual:g}", unit=kpi.unit, standing=standing
    )
    updated = desk.say("console.kpi.updated", updated=kpi.updated) if kpi.updated else ""
    return FactRow(
        key=f"kpi:{kpi.code}",
        severity=Severity.NONE,
        title=kpi.name,
        detail=f"{line}   {updated}",
        age=kpi.due,
        status=desk.say("console.kpi.met" if met else "console.kpi.unmet"),
        status_colour=Colour.DONE if met else Colour.TEXT,
        is_stale=told.is_stale,
    )


def _vital_row(
    desk: Desk, names: Gazetteer, vital: Vital, state: StateMirror, fresh: Freshness, now_ns: int
) -> FactRow:
    number = vital.number
    band = Severity(int(state.band[number]))
    value = float(state.value[number]) if fresh is not Freshness.NEVER else np.nan
    age_s = (now_ns - int(state.time[number])) / NS_PER_S
    post = names.post(vital.owner_post)
    return FactRow(
        key=f"vital:{number}",
        severity=band,
        title=vital.name,
        detail="   ".join(part for part in (names.place(vital.centre), post.name if post else "", vital.code) if part),
        age=desk.figures.short_duration(age_s) if fresh is not Freshness.NEVER else "",
        status=desk.figures.with_unit(value, vital.decimals, vital.unit),
        status_colour=SEVERITY_TEXT[band],
        is_stale=fresh is not Freshness.FRESH,
    )
