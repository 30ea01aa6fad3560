"""The trend of the chosen vitals on one time axis: from the archive to the live edge without a seam."""

from collections.abc import Callable
from dataclasses import replace
from functools import partial

from PySide6.QtCore import Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QButtonGroup
from typing_extensions import override

from chengyun_console.desk import Desk
from chengyun_console.pages.alarm_marks import AlarmMarks
from chengyun_console.pages.limit_history import LimitHistory, limit_steps, unchanged_since
from chengyun_console.pages.mark_words import mark_note, marks
from chengyun_console.pages.trend_records import bands
from chengyun_console.pages.vitals.archive_gaps import ArchiveGaps
from chengyun_console.pages.vitals.axis_lines import (
    DAY_NS,
    AxisLine,
    Moment,
    axis_line,
    ghost_line,
    joined_loading,
    multi_line,
    store_of,
    trend_zone,
)
from chengyun_console.pages.vitals.moment_words import MomentWords
from chengyun_console.pages.vitals.usual_day import WEEKS, UsualDay
from chengyun_console.preferences import RANGE_MINUTES
from chengyun_console.session.background import Background
from chengyun_console.time_ranges import fitting
from chengyun_core.mirror.state import StateMirror
from chengyun_core.model.clock import NS_PER_S
from chengyun_core.model.room_share import LEAST_SPAN_S, LONGEST_SPAN_S, MOST_LINES, SharedTrend
from chengyun_widgets.line_style import LineStyle, line_style
from chengyun_widgets.multi_record import Hatch, MultiLine, MultiRecord, TrendZone
from chengyun_widgets.multi_trend import MultiTrend
from chengyun_widgets.panel import Panel
from chengyun_widgets.presence import Presence

MOST_SERIES = 16
LIVE, STACK, YESTERDAY, USUAL, COMPARE = "live", "stack", "yesterday", "usual", "compare"
TOGGLES = (STACK, YESTERDAY, USUAL, COMPARE)
HINT_FROM_PX = 1080
OLDEST_NS = 366 * DAY_NS
"""Home goes no further back than a year when nobody knows how old the archive is."""


class TrendPanel(Panel):
    """The first vital gives bands, limits and the figure; lines are told apart by number, colour and dash."""

    range_was_chosen = Signal(int)
    """Minutes of the time range."""
    compare_was_asked = Signal(bool)
    alarm_was_opened = Signal(object)
    """The Alarm whose mark was clicked, or opened with Enter."""

    def __init__(self, desk: Desk, marks_seen: AlarmMarks) -> None:
        super().__init__(desk.theme, desk.say("console.trend.title"))
        self._desk = desk
        self._marks = marks_seen
        self._lines: dict[int, AxisLine] = {}
        self._order: tuple[int, ...] = ()
        self._crowd: dict[int, AxisLine] = {}
        self._minutes = desk.preferences.vitals_range_minutes
        self._span_ns = self._minutes * 60 * NS_PER_S
        self._held: tuple[int, int] | None = None
        self._ghost: AxisLine | None = None
        self._usual: tuple[int, UsualDay] | None = None
        self._background = Background(self)
        self._gaps = ArchiveGaps(desk)
        self.limits = LimitHistory(desk, "limits")
        zone = desk.preferences.utc_offset_minutes * 60
        self.view = MultiTrend(desk.theme, utc_offset_s=zone)
        self.set_body(self.view)
        self.show_notice(Presence.EMPTY, desk.say("console.trend.empty"))
        self._add_actions()
        self.view.window_was_asked.connect(self._on_window)
        self.view.follow_was_asked.connect(self.follow)
        self.view.oldest_was_asked.connect(self._to_oldest)
        self.view.mark_was_opened.connect(self._on_mark)

    def show_vitals(self, numbers: tuple[int, ...]) -> None:
        """Draw these vitals, the first with its bands."""
        names = self._desk.names
        known = tuple(n for n in dict.fromkeys(numbers) if names and names.vital(n))[:MOST_SERIES]
        if known == self._order or names is None:
            return
        self._order = known
        self._lines = {n: self._lines.get(n) or axis_line(self._desk, names.view.vital(n)) for n in known}
        self._fit_range(max((names.view.vital(n).period_s for n in known), default=0.0))
        self.show_notice(Presence.FRESH if known else Presence.EMPTY, self._desk.say("console.trend.empty"))

    def _fit_range(self, period_s: float) -> None:
        """Show so much time that the slowest vital is more than a dot, and no more than was chosen where it is."""
        minutes = fitting(self._desk.preferences.vitals_range_minutes, period_s)
        if minutes != self._minutes:
            self._minutes = minutes
            self.actions_by_key[str(minutes)].setChecked(True)
            if self._held is None:
                self._span_ns = minutes * 60 * NS_PER_S

    def show_crowd(self, numbers: tuple[int, ...]) -> None:
        """Draw these vitals faint behind the others: the districts compared."""
        names = self._desk.names
        known = tuple(n for n in numbers if names and names.vital(n))
        if names is not None and known != tuple(self._crowd):
            self._crowd = {n: self._crowd.get(n) or axis_line(self._desk, names.view.vital(n), "crowd") for n in known}

    def styles(self) -> dict[int, LineStyle]:
        """Return the look of each line by vital number: the table marks its rows with it."""
        return {number: line_style(at) for at, number in enumerate(self._order)}

    def take_catalogue(self) -> None:
        """Use the rows of a new catalogue version; the lines of vitals that stay are kept."""
        names = self._desk.names
        if names is None:
            return
        kept = {number: line for number, line in self._lines.items() if names.vital(number) is not None}
        self._order = tuple(number for number in self._order if number in kept)
        self._lines = {number: replace(line, vital=names.view.vital(number)) for number, line in kept.items()}
        self._crowd, self._ghost, self._usual = {}, None, None
        self.show_notice(Presence.FRESH if self._order else Presence.EMPTY, self._desk.say("console.trend.empty"))

    def take_preferences(self) -> None:
        """Use the time range of the seat that was taken."""
        self._minutes = self._desk.preferences.vitals_range_minutes
        self.actions_by_key[str(self._minutes)].setChecked(True)
        self._span_ns = self._minutes * 60 * NS_PER_S
        self.follow()

    def carried(self) -> object:
        """Return the window of time that is held and what is turned on; None when neither (see shell.carried)."""
        on = tuple(key for key in TOGGLES if self.is_on(key))
        return (self._held, on) if self._held is not None or on else None

    def take_carried(self, kept: object) -> None:
        """Hold the same window of time with the same things drawn."""
        match kept:
            case (held, tuple(on)):
                for key in TOGGLES:
                    if (key in on) is not self.is_on(key):
                        self.toggle(key)
                match held:
                    case (int(t0_ns), int(t1_ns)):
                        self.view.hold(t0_ns, t1_ns)

    def forget_past(self) -> None:
        """Ask all windows anew; what is held is shown until it is answered."""
        for line in (*self._lines.values(), *self._crowd.values(), *([self._ghost] if self._ghost else [])):
            line.series.tiles.forget()

    def follow(self) -> None:
        """Go back to the live edge."""
        self._held = None
        self.view.window_shown.release()
        self.actions_by_key[LIVE].setEnabled(False)
        self.actions_by_key[LIVE].setChecked(True)

    def show_window(self, span_ns: int, to_ns: int | None) -> None:
        """Show a window that has ended, or one of this length that follows the present (`to_ns` None)."""
        if to_ns is not None:
            self.view.hold(to_ns - span_ns, to_ns)
        else:
            self._span_ns = span_ns
            self.follow()

    def toggle(self, key: str) -> None:
        """Turn one of `TOGGLES` on or off, as its button does."""
        self.actions_by_key[key].click()

    def is_on(self, key: str) -> bool:
        """Return whether one of `TOGGLES` is on."""
        return self.actions_by_key[key].isChecked()

    def refresh(self, state: StateMirror, now_ns: int) -> None:
        """Take the values of now, ask what is missing, draw what changed."""
        if not self._order or max(self._order) >= state.count:
            return
        t0_ns, t1_ns = self._window(now_ns)
        monotonic_ns = self._desk.session.clock.monotonic_ns()
        for line in (*self._lines.values(), *self._crowd.values()):
            line.series.take(state)
            line.series.tend(t0_ns, t1_ns, now_ns, monotonic_ns)
        self._tend_past(t0_ns, t1_ns, now_ns, monotonic_ns)
        at = Moment(
            state=state, fresh=state.freshness(now_ns), now_ns=now_ns, range_ns=t1_ns - t0_ns, width=self.view.width()
        )
        self.view.show_record(self._record(at, t0_ns, t1_ns))
        self.view.set_window(*self._live_window(now_ns))
        self._desk.rooms.focus.trend = self._shown(t1_ns - t0_ns)

    def _shown(self, span_ns: int) -> SharedTrend:
        """Return what is drawn, as it may be shown to a room."""
        codes = tuple(self._lines[number].vital.code for number in self._order[:MOST_LINES])
        to_s = self._held[1] // NS_PER_S if self._held is not None else None
        return SharedTrend(vitals=codes, span_s=min(LONGEST_SPAN_S, max(LEAST_SPAN_S, span_ns // NS_PER_S)), to_s=to_s)

    def _tend_past(self, t0_ns: int, t1_ns: int, now_ns: int, monotonic_ns: int) -> None:
        """Ask for yesterday, the weeks before, gaps and limits of the vital in focus: what is wanted of these."""
        first = self._lines[self._order[0]]
        pieces = first.series.tiles.pieces(t0_ns, t1_ns)
        self._gaps.tend(first.vital.number, pieces[0].from_ns, pieces[-1].to_ns)
        self.limits.tend(first.vital.code)
        if self.is_on(YESTERDAY):
            if self._ghost is None or self._ghost.vital != first.vital:
                self._ghost = axis_line(self._desk, first.vital, "yesterday")
            self._ghost.series.tend(t0_ns - DAY_NS, t1_ns - DAY_NS, now_ns, monotonic_ns)
        if self.is_on(USUAL):
            self._usual_of(first).tend(t0_ns, t1_ns, now_ns, monotonic_ns)

    def _usual_of(self, line: AxisLine) -> UsualDay:
        if self._usual is None or self._usual[0] != line.vital.number:
            stores = [store_of(self._desk, line.vital, f"usual{week}") for week in WEEKS]
            self._usual = line.vital.number, UsualDay(stores, self._work)
        return self._usual[1]

    def _work(self, job: Callable[[], object], done: Callable[[object], None]) -> None:
        self._background.run("usual", job, done)

    def _record(self, at: Moment, t0_ns: int, t1_ns: int) -> MultiRecord:
        desk = self._desk
        lines = [multi_line(desk, self._lines[n], place, at) for place, n in enumerate(self._order)]
        number, first = self._order[0], self._lines[self._order[0]]
        threshold = desk.names.view.threshold(number) if desk.names else None
        runs = self.limits.runs(at.now_ns)
        steps = limit_steps(runs)
        usual = self._usual[1].shown if self._usual and self.is_on(USUAL) else None
        has_points = any(len(line.series) for line in self._lines.values())
        is_loading = any(zone.hatch is Hatch.LOADING for zone in self._zones(at.now_ns))
        if self._ghost is not None and self.is_on(YESTERDAY) and self._ghost.vital == first.vital:
            lines.append(ghost_line(desk, lines[0], self._ghost.series))
        return MultiRecord(
            title=f"{self._title.text()} {first.vital.name}",
            lines=tuple(lines),
            crowd=self._crowd_lines(at),
            bands=bands(threshold) if not steps or t0_ns >= unchanged_since(runs) else (),
            steps=steps,
            marks=marks(self._marks.of(number), partial(mark_note, desk)),
            zones=tuple(self._zones(at.now_ns)),
            envelope=usual.envelope if usual is not None else None,
            envelope_name=desk.say("vitals.usual.name"),
            is_stacked=self.is_on(STACK),
            caption=self._caption(t0_ns, t1_ns),
            stamp=desk.figures.stamp,
            about=self._words_of(first).told,
            notice="" if has_points else desk.say("console.trend.loading" if is_loading else "console.chart.empty"),
        )

    def _words_of(self, first: AxisLine) -> MomentWords:
        many = len(self._order) > 1
        return MomentWords(desk=self._desk, vital=first.vital, series=first.series, limits=self.limits, of_many=many)

    def _crowd_lines(self, at: Moment) -> tuple[MultiLine, ...]:
        others = [line for number, line in self._crowd.items() if number not in self._lines]
        return tuple(multi_line(self._desk, line, 0, at) for line in others)

    def _zones(self, now_ns: int) -> list[TrendZone]:
        """Return what any line is loading, and what else is to be said of the vital in focus."""
        of_lines = [trend_zone(self._desk, z) for line in self._lines.values() for z in line.series.zones(now_ns)]
        loading = [zone for zone in of_lines if zone.hatch is Hatch.LOADING]
        first = [trend_zone(self._desk, z) for z in self._lines[self._order[0]].series.zones(now_ns)]
        others = [zone for zone in first if zone.hatch is not Hatch.LOADING]
        return [*joined_loading(loading), *others, *self._gaps.zones]

    def _caption(self, t0_ns: int, t1_ns: int) -> str:
        """Return how much of a normal day is known while it is drawn."""
        say = self._desk.say
        if not self.is_on(USUAL) or self._usual is None:
            return ""
        day = self._usual[1]
        if day.shown is None or day.is_loading(t0_ns, t1_ns):
            return say("vitals.usual.loading")
        if day.shown.days == len(WEEKS):
            return say("vitals.usual.whole")
        return say("vitals.usual.days", days=day.shown.days) if day.shown.days else say("vitals.usual.none")

    def _live_window(self, now_ns: int) -> tuple[int, int]:
        """Return the live window, its edge on whole pixels so that a still line stands still."""
        step = max(1, self._span_ns // max(1, self.view.width()))
        edge = -(-now_ns // step) * step
        return edge - self._span_ns, edge

    def _window(self, now_ns: int) -> tuple[int, int]:
        return self._held if self._held is not None else self._live_window(now_ns)

    def _on_mark(self, key: str) -> None:
        alarm = self._marks.get(int(key))
        if alarm is not None:
            self.alarm_was_opened.emit(alarm)

    def _on_window(self, t0_ns: object, t1_ns: object) -> None:
        """Hold a window of the past; one that reaches the present is followed instead, at its length."""
        assert isinstance(t0_ns, int)
        assert isinstance(t1_ns, int)
        if t1_ns <= t0_ns:
            return
        now_ns = self._desk.now_ns()
        if t1_ns >= now_ns:
            self._span_ns = t1_ns - t0_ns
            self.follow()
            self.view.set_window(*self._live_window(now_ns))
        else:
            self._held = (t0_ns, t1_ns)
            self.actions_by_key[LIVE].setEnabled(True)
        self._fetch_now(now_ns)

    def _fetch_now(self, now_ns: int) -> None:
        """Ask for what the new window lacks at once: a drag is not to wait for the next frame."""
        state = self._desk.session.state
        if self._order and max(self._order) < state.count:
            self.refresh(state, now_ns)

    def _to_oldest(self) -> None:
        """Show the oldest data known of the vital in focus."""
        now_ns = self._desk.now_ns()
        span_ns = self.view.window_shown.span_ns
        oldest_ns = self._lines[self._order[0]].series.tiles.oldest_ns if self._order else None
        begin_ns = oldest_ns if oldest_ns is not None else now_ns - OLDEST_NS
        self.view.hold(begin_ns, begin_ns + span_ns)

    def _add_actions(self) -> None:
        group = QButtonGroup(self)
        for minutes in RANGE_MINUTES:
            button = self.add_action(str(minutes), self._desk.say(f"console.range.{minutes}"), checkable=True)
            button.setChecked(minutes == self._minutes)
            group.addButton(button)
        for key in TOGGLES:
            tip = self._desk.say(f"console.action.trend_{key}")
            self.add_action(key, self._desk.say(f"vitals.trend.{key}"), tip, checkable=True)
        self.add_action(LIVE, self._desk.say("vitals.trend.live")).setEnabled(False)
        self.action_was_asked.connect(self._on_action)

    @override
    def resizeEvent(self, event: QResizeEvent) -> None:
        """The keys are told where there is room beside the buttons; the help window and the handbook tell them, too."""
        super().resizeEvent(event)
        self.set_note(self._desk.say("vitals.trend.hint", most=MOST_SERIES) if self.width() >= HINT_FROM_PX else "")

    def _on_action(self, key: str) -> None:
        if key == COMPARE:
            self.compare_was_asked.emit(self.is_on(COMPARE))
        elif key.isdigit():
            self._minutes = int(key)
            self._span_ns = self._minutes * 60 * NS_PER_S
            self._desk.keep(replace(self._desk.preferences, vitals_range_minutes=self._minutes))
            self.follow()
        elif key == LIVE:
            self._span_ns = self._minutes * 60 * NS_PER_S
            self.follow()
        self._fetch_now(self._desk.now_ns())
