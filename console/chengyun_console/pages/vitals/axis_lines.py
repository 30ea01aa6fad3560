"""The lines of the axis of time: which vitals, where their samples come from, and what the chart says of each."""

from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

from chengyun_console.desk import Desk
from chengyun_console.live_series import gap_ns
from chengyun_console.pages.vitals.long_series import LongSeries, Zone, ZoneKind
from chengyun_console.pages.vitals.moment_words import DoubtWords
from chengyun_console.pages.vitals.tiles import TileStore
from chengyun_console.session.answers import WindowSeries
from chengyun_core.mirror.state import Freshness, StateMirror
from chengyun_core.model.catalogue import Vital
from chengyun_core.model.clock import NS_PER_S
from chengyun_resources.theme.tokens import Severity
from chengyun_widgets.line_style import LineStyle, line_style
from chengyun_widgets.multi_record import Hatch, MultiLine, TrendZone, no_doubt
from chengyun_widgets.trend_record import ColumnArrays, ColumnsLike

DAY_NS = 86_400 * NS_PER_S


@dataclass(frozen=True, slots=True, kw_only=True)
class AxisLine:
    """One vital on the axis."""

    vital: Vital
    series: LongSeries


class Shifted:
    """A source moved in time: what was `shift_ns` ago is shown as if it were now."""

    def __init__(self, series: LongSeries, shift_ns: int) -> None:
        self._series, self._shift_ns = series, shift_ns

    def columns(self, t0_ns: int, t1_ns: int, pixels: int) -> ColumnsLike:
        """Return the columns of the window before, at this window's times."""
        found = self._series.columns(t0_ns - self._shift_ns, t1_ns - self._shift_ns, pixels)
        return ColumnArrays(
            time=found.time + self._shift_ns, low=found.low, high=found.high, first=found.first, last=found.last
        )


def store_of(desk: Desk, vital: Vital, purpose: str) -> TileStore:
    """Return an empty store of a vital's past that asks the session; `purpose` keeps its asks apart from others'."""

    def ask(from_ns: int, to_ns: int, pixels: int, answer: Callable[[WindowSeries], None], slot: str) -> object:
        return desk.session.ask_window(vital.number, from_ns, to_ns, pixels, answer, slot=slot)

    return TileStore(ask, vital.period_s, f"{purpose}-{vital.number}")


def axis_line(desk: Desk, vital: Vital, purpose: str = "trend") -> AxisLine:
    """Return a line that holds nothing yet."""
    return AxisLine(vital=vital, series=LongSeries(vital.number, store_of(desk, vital, purpose)))


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Moment:
    """What is the same for all lines of a frame. `fresh`: Freshness codes by vital number, uint8[count]."""

    state: StateMirror
    fresh: npt.NDArray[np.uint8]
    now_ns: int
    range_ns: int
    width: int
    """Of the chart, px."""


def multi_line(desk: Desk, line: AxisLine, place: int, at: Moment) -> MultiLine:
    """Return what the chart shows of a line at a place of the legend (0: the vital in focus)."""
    vital, number, state, now_ns = line.vital, line.vital.number, at.state, at.now_ns
    fresh = Freshness(int(at.fresh[number]))
    is_stale = fresh is not Freshness.FRESH
    aged = is_stale and fresh is not Freshness.NEVER
    age = desk.figures.short_duration((now_ns - int(state.time[number])) / NS_PER_S) if aged else ""
    return MultiLine(
        key=vital.code,
        number=str(place + 1),
        name=vital.name,
        source=line.series,
        style=line_style(place),
        unit=vital.unit,
        decimals=vital.decimals,
        gap_ns=gap_ns(vital.period_s, at.range_ns, at.width),
        value=desk.figures.value(float(state.value[number]), vital.decimals),
        severity=Severity(int(state.band[number])),
        is_stale=is_stale,
        age=desk.say("console.chart.stale", age=age) if age else "",
        doubt_at=DoubtWords(desk=desk, series=line.series).at,
    )


def ghost_line(desk: Desk, of: MultiLine, series: LongSeries) -> MultiLine:
    """Return yesterday's line of the vital in focus."""
    return replace(
        of,
        key=f"{of.key} yesterday",
        number="",
        name=desk.say("vitals.trend.ghost", name=of.name),
        source=Shifted(series, DAY_NS),
        style=LineStyle(colour=line_style(2).colour),
        value="",
        severity=Severity.NONE,
        is_stale=False,
        is_ghost=True,
        age="",
        doubt_at=no_doubt,
    )


_HATCHES = {
    ZoneKind.LOADING: (Hatch.LOADING, "vitals.zone.loading"),
    ZoneKind.SUSPECT: (Hatch.SUSPECT, "vitals.zone.suspect"),
    ZoneKind.UNRATED: (Hatch.UNRATED, "vitals.zone.unrated"),
}


def trend_zone(desk: Desk, zone: Zone) -> TrendZone:
    """Return a stretch of time with its ground and its sentence."""
    if zone.kind is ZoneKind.UNKNOWN:
        note = desk.refusal(zone.reason) if zone.reason is not None else ""
        return TrendZone(hatch=Hatch.UNKNOWN, from_ns=zone.from_ns, to_ns=zone.to_ns, note=note)
    hatch, code = _HATCHES[zone.kind]
    return TrendZone(hatch=hatch, from_ns=zone.from_ns, to_ns=zone.to_ns, note=desk.say(code))


def joined_loading(zones: list[TrendZone]) -> list[TrendZone]:
    """Return the stretches several lines are loading, each told once and touching ones as one."""
    joined: list[TrendZone] = []
    for zone in sorted(zones, key=lambda zone: zone.from_ns):
        if joined and zone.from_ns <= joined[-1].to_ns:
            joined[-1] = replace(joined[-1], to_ns=max(joined[-1].to_ns, zone.to_ns))
        else:
            joined.append(zone)
    return joined
