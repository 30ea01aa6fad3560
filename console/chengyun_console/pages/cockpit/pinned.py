"""The pinned charts: six vitals the whole shift watches, with bands, marks and the big figure."""

from dataclasses import dataclass
from functools import partial

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QButtonGroup, QGridLayout, QPushButton, QVBoxLayout, QWidget

from chengyun_console.desk import Desk
from chengyun_console.live_series import Filler, LiveSeries, gap_ns
from chengyun_console.pages.alarm_marks import AlarmMarks
from chengyun_console.pages.trend_records import bands, limits_text, marks
from chengyun_console.preferences import RANGE_MINUTES
from chengyun_core.mirror.state import Freshness, StateMirror
from chengyun_core.model.catalogue import Vital
from chengyun_core.model.clock import NS_PER_S
from chengyun_resources.theme.tokens import Severity
from chengyun_widgets.panel import Panel
from chengyun_widgets.presence import Presence
from chengyun_widgets.trend import TrendView
from chengyun_widgets.trend_record import TrendRecord, TrendSeries

MOST_CHARTS = 6
COLUMNS = 3


@dataclass(slots=True)
class _Chart:
    """One chart with what it needs to be filled and drawn."""

    vital: Vital
    view: TrendView
    series: LiveSeries
    filler: Filler
    drawn_to_ns: int = 0


class PinnedPanel(Panel):
    """Charts of the vitals the catalogue pins, by rank."""

    vital_was_chosen = Signal(int)
    range_was_chosen = Signal(int)
    """Minutes of the time range."""

    def __init__(self, desk: Desk, marks_seen: AlarmMarks) -> None:
        super().__init__(desk.theme, desk.say("console.pinned.title"))
        self._desk = desk
        self._marks = marks_seen
        self._charts: list[_Chart] = []
        self._range_minutes = desk.preferences.cockpit_range_minutes
        self._body = QWidget()
        self._column = QVBoxLayout(self._body)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(0)
        self._grid = QGridLayout()
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setSpacing(0)
        self._column.addLayout(self._grid, 1)
        self._add_ranges()
        self.set_body(self._body)

    def add_footer(self, footer: QWidget) -> None:
        """Put a widget below the charts."""
        self._column.addWidget(footer)

    def take_catalogue(self) -> None:
        """Make the charts of a new catalogue version."""
        names = self._desk.names
        pinned = () if names is None else tuple(n for n in names.view.pinned if not names.view.vital(n).retired)
        for chart in self._charts:
            self._grid.removeWidget(chart.view)
            chart.view.deleteLater()
        self._charts = (
            []
            if names is None
            else [self._made(names.view.vital(number), at) for at, number in enumerate(pinned[:MOST_CHARTS])]
        )
        presence = Presence.FRESH if self._charts else Presence.EMPTY
        self.show_notice(presence, self._desk.say("console.pinned.empty"))

    def take_preferences(self) -> None:
        """Use the time range of the seat that was taken."""
        minutes = self._desk.preferences.cockpit_range_minutes
        if minutes != self._range_minutes:
            self.actions_by_key[str(minutes)].setChecked(True)
            self._set_range(minutes)

    def forget_past(self) -> None:
        """Ask all windows anew: ingest was restarted or is back."""
        for chart in self._charts:
            chart.filler.forget()
            chart.series.is_filled = False

    def refresh(self, state: StateMirror, now_ns: int) -> None:
        """Take the values of now, ask what is missing, and draw what changed."""
        monotonic_ns = self._desk.session.clock.monotonic_ns()
        fresh = state.freshness(now_ns)
        for chart in self._charts:
            number = chart.vital.number
            if number >= state.count:
                continue
            came = chart.series.take(state)
            chart.filler.tend(chart.series, now_ns, monotonic_ns, self._range_ns(), chart.view.width())
            chart.view.show_record(self._record(chart, state, Freshness(int(fresh[number])), now_ns))
            self._follow(chart, now_ns, came=came)

    def _follow(self, chart: _Chart, now_ns: int, *, came: bool) -> None:
        """Move the window by whole pixels only: between them nothing on the screen would change."""
        step = max(1, self._range_ns() // max(1, chart.view.width()))
        edge = -(-now_ns // step) * step
        if edge != chart.drawn_to_ns:
            chart.drawn_to_ns = edge
            chart.view.set_window(edge - self._range_ns(), edge)
        elif came:
            chart.view.refresh()

    def _record(self, chart: _Chart, state: StateMirror, fresh: Freshness, now_ns: int) -> TrendRecord:
        vital, figures = chart.vital, self._desk.figures
        number = vital.number
        names = self._desk.names
        threshold = names.view.threshold(number) if names else None
        is_stale = fresh is not Freshness.FRESH
        age = (
            figures.short_duration((now_ns - int(state.time[number])) / NS_PER_S)
            if fresh is not Freshness.NEVER
            else ""
        )
        notice = (
            ""
            if len(chart.series)
            else self._desk.say("console.chart.empty" if chart.series.is_filled else "console.chart.loading")
        )
        return TrendRecord(
            title=vital.name,
            value=figures.value(float(state.value[number]), vital.decimals),
            unit=vital.unit,
            severity=Severity(int(state.band[number])),
            series=(self._series(chart),),
            bands=bands(threshold),
            limits=limits_text(figures, vital, threshold),
            marks=marks(self._marks.of(number)),
            presence=Presence.STALE if is_stale else Presence.FRESH,
            notice=notice,
            age=self._desk.say("console.chart.stale", age=age) if is_stale and age else "",
        )

    def _series(self, chart: _Chart) -> TrendSeries:
        vital = chart.vital
        gap = gap_ns(vital.period_s, self._range_ns(), chart.view.width())
        return TrendSeries(
            key=vital.code,
            name=vital.name,
            source=chart.series,
            unit=vital.unit,
            decimals=vital.decimals,
            gap_ns=gap,
        )

    def _made(self, vital: Vital, at: int) -> _Chart:
        zone = self._desk.preferences.utc_offset_minutes * 60
        view = TrendView(self._desk.theme, utc_offset_s=zone)
        view.was_opened.connect(partial(self.vital_was_chosen.emit, vital.number))
        self._grid.addWidget(view, at // COLUMNS, at % COLUMNS)
        ask = partial(self._desk.session.ask_window, slot=f"pinned-{at}")
        return _Chart(vital=vital, view=view, series=LiveSeries(vital.number), filler=Filler(ask))

    def _add_ranges(self) -> None:
        group = QButtonGroup(self)
        group.setExclusive(True)
        for minutes in RANGE_MINUTES:
            button: QPushButton = self.add_action(
                str(minutes), self._desk.say(f"console.range.{minutes}"), checkable=True
            )
            button.setChecked(minutes == self._range_minutes)
            group.addButton(button)
        self.action_was_asked.connect(self._on_range)

    def _on_range(self, key: str) -> None:
        self._set_range(int(key))
        self.range_was_chosen.emit(self._range_minutes)

    def _set_range(self, minutes: int) -> None:
        self._range_minutes = minutes
        self.forget_past()
        for chart in self._charts:
            chart.drawn_to_ns = 0

    def _range_ns(self) -> int:
        return self._range_minutes * 60 * NS_PER_S
