"""Lines of vitals that a member shows to all (Y6): drawn by each console from its own samples, by its own right."""

from collections.abc import Iterable

from PySide6.QtWidgets import QVBoxLayout, QWidget

from chengyun_console.desk import Desk
from chengyun_console.lettered import Lettered
from chengyun_console.pages.limit_history import LimitHistory, limit_steps, unchanged_since
from chengyun_console.pages.trend_records import bands
from chengyun_console.pages.vitals.axis_lines import (
    AxisLine,
    Moment,
    axis_line,
    joined_loading,
    multi_line,
    trend_zone,
)
from chengyun_console.pages.vitals.long_series import Zone, ZoneKind
from chengyun_console.pages.vitals.moment_words import MomentWords
from chengyun_console.wording.shares import number_of
from chengyun_core.model.clock import NS_PER_S
from chengyun_core.model.room_share import SharedTrend
from chengyun_resources.theme.tokens import SPACE_PX, Colour, TypeSize
from chengyun_widgets.multi_record import Hatch, MultiRecord, TrendZone
from chengyun_widgets.multi_trend import MultiTrend

PURPOSE = "room"
"""Keeps what is asked here apart from what the page of vitals asks."""
PERIOD_NS = NS_PER_S // 5
"""Figures that change faster cannot be read."""


class SharedLines(QWidget):
    """Who drags or scrolls looks at another time for himself; Home, End or a double click leads back."""

    def __init__(self, desk: Desk) -> None:
        super().__init__()
        self._desk = desk
        self._share: SharedTrend | None = None
        self._lines: tuple[AxisLine, ...] = ()
        self._unknown: list[str] = []
        """Codes that are in no catalogue here."""
        self._drawn_of: object = None
        self._next_ns = 0
        self._limits = LimitHistory(desk, f"{PURPOSE}.limits")
        self.lacks = Lettered(desk.theme, TypeSize.BODY, Colour.YELLOW_TEXT)
        self.view = MultiTrend(desk.theme, utc_offset_s=desk.preferences.utc_offset_minutes * 60)
        self.view.setAccessibleName(desk.say("rooms.shared_trend"))
        self.view.oldest_was_asked.connect(self._release)
        self._lay_out()

    def follow(self, share: SharedTrend) -> None:
        """Show these lines as they are now; called on each frame."""
        monotonic_ns = self._desk.session.clock.monotonic_ns()
        if (share, self._desk.names) != self._drawn_of:
            self._begin(share)
        elif monotonic_ns < self._next_ns:
            return
        self._next_ns = monotonic_ns + PERIOD_NS
        self._show(share, monotonic_ns)

    def let_go(self) -> None:
        """Forget the lines: nobody shows them any more."""
        if self._share is None:
            return
        self._share, self._lines, self._drawn_of = None, (), None
        self.view.show_record(MultiRecord())

    def _begin(self, share: SharedTrend) -> None:
        """Draw other lines, or the same ones by another catalogue; what one looked at for oneself is left."""
        names = self._desk.names
        numbers = {code: number_of(self._desk, code) for code in share.vitals}
        self._drawn_of = share, names
        if names is not None:
            known = [names.view.vital(number) for number in numbers.values() if number is not None]
            self._lines = tuple(axis_line(self._desk, vital, PURPOSE) for vital in known)
        if share != self._share:
            self._share = share
            self._release()
        self._unknown = [code for code, number in numbers.items() if number is None and names is not None]
        self._tell_lacks(())

    def _tell_lacks(self, zones: Iterable[Zone]) -> None:
        """Say which vitals are not known here, and why the past of others is not: who may not read it reads it at once.

        What comes live stands in the chart even then.
        """
        desk, told = self._desk, []
        if self._unknown:
            vitals = desk.say("console.names_between").join(self._unknown)
            told.append(desk.say("rooms.trend.unknown", vitals=vitals))
        told += [desk.refusal(zone.reason) for zone in zones if zone.reason is not None]
        self.lacks.show_text("\n".join(dict.fromkeys(told)))
        self.lacks.setVisible(bool(told))

    def _show(self, share: SharedTrend, monotonic_ns: int) -> None:
        state, now_ns = self._desk.session.state, self._desk.now_ns()
        if not self._lines or max(line.vital.number for line in self._lines) >= state.count:
            code = "console.trend.loading" if self._lines or self._desk.names is None else "rooms.trend.none"
            self.view.show_record(MultiRecord(notice=self._desk.say(code)))
            return
        shared = self._window_of(share, now_ns)
        t0_ns, t1_ns = shared if self.view.is_following else self.view.shown_window()
        for line in self._lines:
            line.series.take(state)
            line.series.tend(t0_ns, t1_ns, now_ns, monotonic_ns)
        self._limits.tend(self._lines[0].vital.code)
        at = Moment(
            state=state, fresh=state.freshness(now_ns), now_ns=now_ns, range_ns=t1_ns - t0_ns, width=self.view.width()
        )
        zones = [zone for line in self._lines for zone in line.series.zones(now_ns)]
        self._tell_lacks(zones)
        self.view.show_record(self._record(at, t0_ns, zones))
        self.view.set_window(*shared)

    def _window_of(self, share: SharedTrend, now_ns: int) -> tuple[int, int]:
        """Return the window that is shown to all; a live one ends on a whole pixel: a still line stands still."""
        span_ns = share.span_s * NS_PER_S
        if share.to_s is not None:
            return share.to_s * NS_PER_S - span_ns, share.to_s * NS_PER_S
        step = max(1, span_ns // max(1, self.view.width()))
        edge = -(-now_ns // step) * step
        return edge - span_ns, edge

    def _record(self, at: Moment, t0_ns: int, zones: list[Zone]) -> MultiRecord:
        desk, first = self._desk, self._lines[0]
        threshold = desk.names.view.threshold(first.vital.number) if desk.names is not None else None
        runs = self._limits.runs(at.now_ns)
        steps = limit_steps(runs)
        words = MomentWords(
            desk=desk, vital=first.vital, series=first.series, limits=self._limits, of_many=len(self._lines) > 1
        )
        return MultiRecord(
            title=first.vital.name, lines=tuple(multi_line(desk, line, n, at) for n, line in enumerate(self._lines)),
            bands=bands(threshold) if not steps or t0_ns >= unchanged_since(runs) else (), steps=steps,
            zones=tuple(self._zones(zones, at.now_ns)), stamp=desk.figures.stamp, about=words.told,
            notice="" if any(len(line.series) for line in self._lines) else self._nothing(zones),
        )  # fmt: skip

    def _zones(self, zones: list[Zone], now_ns: int) -> list[TrendZone]:
        """Return what any line is loading, and what else is to be said of the first one."""
        told = [trend_zone(self._desk, zone) for zone in zones]
        first = [trend_zone(self._desk, zone) for zone in self._lines[0].series.zones(now_ns)]
        others = [zone for zone in first if zone.hatch is not Hatch.LOADING]
        return [*joined_loading([zone for zone in told if zone.hatch is Hatch.LOADING]), *others]

    def _nothing(self, zones: list[Zone]) -> str:
        """Return why there is no line."""
        is_loading = any(zone.kind is ZoneKind.LOADING for zone in zones)
        return self._desk.say("console.trend.loading" if is_loading else "console.chart.empty")

    def _release(self) -> None:
        """Look at what is shown to all again."""
        self.view.window_shown.release()
        self.view.update()

    def _lay_out(self) -> None:
        self.lacks.setWordWrap(True)
        self.lacks.hide()
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(SPACE_PX)
        column.addWidget(self.lacks)
        column.addWidget(self.view, 1)
