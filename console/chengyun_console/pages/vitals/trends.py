"""The trend of the chosen vitals on one time axis: live at the right edge, or anywhere back in time."""

from dataclasses import dataclass, replace
from functools import partial

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QButtonGroup

from chengyun_console.desk import Desk
from chengyun_console.live_series import Filler, LiveSeries, gap_ns
from chengyun_console.pages.alarm_marks import AlarmMarks
from chengyun_console.pages.trend_records import bands, limits_text, marks
from chengyun_console.preferences import RANGE_MINUTES
from chengyun_core.mirror.state import Freshness, StateMirror
from chengyun_core.model.catalogue import Vital
from chengyun_core.model.clock import NS_PER_S
from chengyun_resources.theme.tokens import TRACES, Severity
from chengyun_widgets.panel import Panel
from chengyun_widgets.presence import Presence
from chengyun_widgets.trend import TrendView
from chengyun_widgets.trend_record import TrendRecord, TrendSeries

MOST_SERIES = 8
MOST_UNTOLD_NS = 120 * NS_PER_S
LIVE = "live"


@dataclass(slots=True)
class _Line:
    """One vital on the axis."""

    vital: Vital
    series: LiveSeries
    filler: Filler


class TrendPanel(Panel):
    """The first vital gives the bands and the figure; the others take the colours of traces, never a legal colour."""

    range_was_chosen = Signal(int)
    """Minutes of the time range."""

    def __init__(self, desk: Desk, marks_seen: AlarmMarks) -> None:
        super().__init__(desk.theme, desk.say("console.trend.title"))
        self._desk = desk
        self._marks = marks_seen
        self._lines: dict[int, _Line] = {}
        self._order: tuple[int, ...] = ()
        self._minutes = desk.preferences.vitals_range_minutes
        self._held: tuple[int, int] | None = None
        self._drawn_to_ns = 0
        zone = desk.preferences.utc_offset_minutes * 60
        self.view = TrendView(desk.theme, interactive=True, has_axes=True, utc_offset_s=zone)
        self.set_body(self.view)
        self.show_notice(Presence.EMPTY, desk.say("console.trend.empty"))
        self._add_actions()
        self.view.window_was_asked.connect(self._on_window)
        self.view.follow_was_asked.connect(self.follow)

    def show_vitals(self, numbers: tuple[int, ...]) -> None:
        """Draw these vitals, the first with its bands."""
        names = self._desk.names
        known = tuple(n for n in dict.fromkeys(numbers) if names and names.vital(n))[:MOST_SERIES]
        if known == self._order or names is None:
            return
        self._order = known
        taken = {line.series.vital: line for line in self._lines.values()}
        self._lines = {n: taken.get(n) or self._line(names.view.vital(n)) for n in known}
        self._drawn_to_ns = 0
        self.show_notice(Presence.FRESH if known else Presence.EMPTY, self._desk.say("console.trend.empty"))

    def take_catalogue(self) -> None:
        """Use the rows of a new catalogue version; the lines of vitals that stay are kept."""
        names = self._desk.names
        if names is None:
            return
        kept = {number: line for number, line in self._lines.items() if names.vital(number) is not None}
        self._order = tuple(number for number in self._order if number in kept)
        self._lines = {number: replace(line, vital=names.view.vital(number)) for number, line in kept.items()}
        self.show_notice(Presence.FRESH if self._order else Presence.EMPTY, self._desk.say("console.trend.empty"))

    def take_preferences(self) -> None:
        """Use the time range of the seat that was taken."""
        self._minutes = self._desk.preferences.vitals_range_minutes
        self.actions_by_key[str(self._minutes)].setChecked(True)
        self.follow()

    def carried(self) -> object:
        """Return the window of time that is held; None at the live edge (see shell.carried)."""
        return self._held

    def take_carried(self, kept: object) -> None:
        """Hold the same window of time."""
        match kept:
            case (int(t0_ns), int(t1_ns)):
                self._on_window(t0_ns, t1_ns)

    def forget_past(self) -> None:
        """Ask all windows anew."""
        for line in self._lines.values():
            line.filler.forget()
            line.series.is_filled = False

    def follow(self) -> None:
        """Go back to the live edge."""
        self._held = None
        self._drawn_to_ns = 0
        self.actions_by_key[LIVE].setEnabled(False)
        self.forget_past()

    def refresh(self, state: StateMirror, now_ns: int) -> None:
        """Take the values of now, ask what is missing, draw what changed."""
        monotonic_ns = self._desk.session.clock.monotonic_ns()
        t0_ns, t1_ns = self._window(now_ns)
        came = False
        for number in self._order:
            if number >= state.count:
                return
            line = self._lines[number]
            came |= line.series.take(state)
            line.filler.tend(line.series, t1_ns, monotonic_ns, t1_ns - t0_ns, self.view.width())
        self._tell_oldest(t0_ns)
        if self._order:
            self.view.show_record(self._record(state, now_ns, t1_ns - t0_ns))
            self._move(t0_ns, t1_ns, came=came)

    def _tell_oldest(self, t0_ns: int) -> None:
        """Say from when on ingest holds data when the window begins before that; otherwise which keys act here."""
        known = [line.series.oldest_ns for line in self._lines.values() if line.series.oldest_ns]
        oldest_ns = min(known, default=0)
        if oldest_ns > t0_ns + MOST_UNTOLD_NS:
            self.set_note(self._desk.say("console.trend.oldest", time=self._desk.figures.stamp(oldest_ns)))
        else:
            self.set_note(self._desk.say("console.trend.hint"))

    def _move(self, t0_ns: int, t1_ns: int, *, came: bool) -> None:
        step = max(1, (t1_ns - t0_ns) // max(1, self.view.width()))
        edge = t1_ns if self._held else -(-t1_ns // step) * step
        if edge != self._drawn_to_ns:
            self._drawn_to_ns = edge
            self.view.set_window(edge - (t1_ns - t0_ns), edge)
        elif came:
            self.view.refresh()

    def _record(self, state: StateMirror, now_ns: int, range_ns: int) -> TrendRecord:
        desk, figures = self._desk, self._desk.figures
        first = self._lines[self._order[0]].vital
        number = first.number
        threshold = desk.names.view.threshold(number) if desk.names else None
        fresh = Freshness(int(state.freshness(now_ns)[number]))
        is_stale = fresh is not Freshness.FRESH
        age = (
            figures.short_duration((now_ns - int(state.time[number])) / NS_PER_S)
            if fresh is not Freshness.NEVER
            else ""
        )
        filled = all(line.series.is_filled for line in self._lines.values())
        has_points = any(len(line.series) for line in self._lines.values())
        return TrendRecord(
            title=first.name,
            value=figures.value(float(state.value[number]), first.decimals),
            unit=first.unit,
            severity=Severity(int(state.band[number])),
            series=tuple(self._series(at, self._lines[n], range_ns) for at, n in enumerate(self._order)),
            bands=bands(threshold),
            limits=limits_text(figures, first, threshold),
            marks=marks(self._marks.of(number)),
            presence=Presence.STALE if is_stale else Presence.FRESH,
            notice="" if has_points else desk.say("console.chart.empty" if filled else "console.trend.loading"),
            age=desk.say("console.chart.stale", age=age) if is_stale and age else "",
        )

    def _series(self, at: int, line: _Line, range_ns: int) -> TrendSeries:
        vital = line.vital
        return TrendSeries(
            key=vital.code,
            name=vital.name,
            source=line.series,
            colour=TRACES[at % len(TRACES)] if at else None,
            unit=vital.unit,
            decimals=vital.decimals,
            gap_ns=gap_ns(vital.period_s, range_ns, self.view.width()),
        )

    def _line(self, vital: Vital) -> _Line:
        ask = partial(self._desk.session.ask_window, slot=f"trend-{vital.number}")
        return _Line(vital=vital, series=LiveSeries(vital.number), filler=Filler(ask))

    def _window(self, now_ns: int) -> tuple[int, int]:
        if self._held is not None:
            return self._held
        return now_ns - self._minutes * 60 * NS_PER_S, now_ns

    def _on_window(self, t0_ns: object, t1_ns: object) -> None:
        assert isinstance(t0_ns, int)
        assert isinstance(t1_ns, int)
        if t1_ns <= t0_ns:
            return
        self._held = (t0_ns, t1_ns)
        self.actions_by_key[LIVE].setEnabled(True)
        self.forget_past()

    def _add_actions(self) -> None:
        group = QButtonGroup(self)
        for minutes in RANGE_MINUTES:
            button = self.add_action(str(minutes), self._desk.say(f"console.range.{minutes}"), checkable=True)
            button.setChecked(minutes == self._minutes)
            group.addButton(button)
        self.add_action(LIVE, self._desk.say("console.trend.live")).setEnabled(False)
        self.set_note(self._desk.say("console.trend.hint"))
        self.action_was_asked.connect(self._on_action)

    def _on_action(self, key: str) -> None:
        if key != LIVE:
            self._minutes = int(key)
            self._desk.keep(replace(self._desk.preferences, vitals_range_minutes=self._minutes))
        self.follow()
