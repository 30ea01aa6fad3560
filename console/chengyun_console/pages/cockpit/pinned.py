"""The pinned charts: the vitals a shift watches, with bands, marks and the big figure; arranged by who sits here."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QButtonGroup, QPushButton, QVBoxLayout, QWidget

from chengyun_console.actions.table import BY_ID
from chengyun_console.desk import Desk
from chengyun_console.layouts import pins, tiling
from chengyun_console.layouts.cockpit_layout import CockpitLayout
from chengyun_console.layouts.masters import RANGE
from chengyun_console.layouts.overlay import MOST_PINS, Pin
from chengyun_console.live_series import Filler, LiveSeries, gap_ns
from chengyun_console.pages.alarm_marks import AlarmMarks
from chengyun_console.pages.cockpit.chart_hands import ChartHands
from chengyun_console.pages.cockpit.focused_pins import focused_pins
from chengyun_console.pages.cockpit.gone_tile import GoneTile
from chengyun_console.pages.cockpit.pin_board import PinBoard
from chengyun_console.pages.cockpit.pin_drop import PinDrop
from chengyun_console.pages.mark_words import mark_note, marks
from chengyun_console.pages.trend_records import bands, limits_text
from chengyun_console.preferences import RANGE_MINUTES
from chengyun_console.time_ranges import asked_ns, fitting
from chengyun_core.mirror.state import Freshness, StateMirror
from chengyun_core.model.catalogue import Vital
from chengyun_core.model.clock import NS_PER_S
from chengyun_core.model.failure import Refused
from chengyun_resources.theme.tokens import Severity
from chengyun_widgets.panel import Panel
from chengyun_widgets.presence import Presence
from chengyun_widgets.trend import TrendView
from chengyun_widgets.trend_record import TrendRecord, TrendSeries


@dataclass(slots=True)
class _Chart:
    """One chart with what it needs to be filled and drawn."""

    vital: Vital
    view: TrendView
    series: LiveSeries
    filler: Filler
    drawn_to_ns: int = 0


class PinnedPanel(Panel):
    """Charts of the layout's pins. Hands move, size and unpin them: that goes into the officer's overlay."""

    vital_was_chosen = Signal(int)
    alarm_was_opened = Signal(object)
    """The Alarm whose mark was clicked, or opened with Enter."""
    range_was_chosen = Signal(int)
    """Minutes of the time range."""

    def __init__(self, desk: Desk, marks_seen: AlarmMarks, layout: CockpitLayout, *, slot: str = "pinned") -> None:
        """`slot`: before the names of the windows asked, so that two boards do not supersede each other's."""
        super().__init__(desk.theme, desk.say("console.pinned.title"))
        self._desk, self._marks, self._laid, self._slot = desk, marks_seen, layout, slot
        self._charts: list[_Chart] = []
        self._gone: dict[str, GoneTile] = {}
        self._first = ""
        self._range_minutes = layout.range_minutes
        self._board = PinBoard()
        self._hands = ChartHands(desk.theme, desk.say, self._board.room)
        self._body = QWidget()
        self.drop = PinDrop(desk, layout, self._board, self._hands)
        self._column = QVBoxLayout(self._body)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(0)
        self._column.addWidget(self._board, 1)
        self._add_ranges()
        self.set_body(self._body)
        self._connect_hands()
        layout.did_change.connect(self.take_layout)
        desk.scope.did_change.connect(self._on_scope)

    def add_footer(self, footer: QWidget) -> None:
        """Put a widget below the charts."""
        self._column.addWidget(footer)

    def show_first(self, number: int | None) -> None:
        """Show a vital large and before the others until told otherwise; None: as the layout says (the wall)."""
        names = self._desk.names
        vital = names.vital(number) if names and number is not None else None
        self._first = vital.code if vital is not None else ""
        self.take_catalogue()

    def take_catalogue(self) -> None:
        """Show the charts with the rows of a new catalogue version; a vital that left is told in its place."""
        names = self._desk.names
        charts = focused_pins(self._desk, self._pins()) if names is not None else ()
        focused = self.focused_code()
        self._drop_others({pin.vital for pin in charts})
        self._charts = [made for pin in charts if (made := self._chart_of(pin)) is not None]
        self._board.show_tiles([self._tile_of(pin) for pin in charts], [pin.size for pin in charts])
        self.focus_chart(focused)
        self.show_notice(Presence.FRESH if charts else Presence.EMPTY, self._desk.say("console.pinned.empty"))
        self._tell_keys()

    def _on_scope(self) -> None:
        """A focus shows what is pinned inside it and its gravest vitals; the pins themselves stay as they are."""
        is_focused = self._desk.scope.scope is not None
        self.set_title(self._desk.say("cockpit.pinned.focused" if is_focused else "console.pinned.title"))
        self.take_catalogue()

    def _pins(self) -> tuple[Pin, ...]:
        charts = self._laid.pins
        rest = tuple(pin for pin in charts if pin.vital != self._first)
        return (Pin(vital=self._first, size=4), *rest)[:MOST_PINS] if self._first else charts

    def take_layout(self) -> None:
        """Use the time range and the charts of the layout of now."""
        minutes = self._laid.range_minutes
        if minutes != self._range_minutes:
            self.actions_by_key[str(minutes)].setChecked(True)
            self._set_range(minutes)
        self.take_catalogue()

    def focused_code(self) -> str:
        """Return the code of the vital whose chart has the keyboard, empty when none has."""
        codes = {chart.view: chart.vital.code for chart in self._charts} | {t: c for c, t in self._gone.items()}
        return next((code for tile, code in codes.items() if tile.hasFocus()), "")

    def focus_chart(self, code: str = "") -> None:
        """Give a chart the keyboard; nothing happens when it is not shown."""
        for chart in self._charts:
            if chart.vital.code == code:
                chart.view.setFocus()
                self._board.ensureWidgetVisible(chart.view)

    def focus_first(self) -> None:
        """Give the first chart the keyboard."""
        if self._charts:
            self._charts[0].view.setFocus()

    def pin(self, number: int) -> str:
        """Pin a vital at the end, or unpin it when it is pinned; return the sentence of what was done.

        Raises:
            Refused: there is no room, or the master keeps it.
        """
        names = self._desk.names
        vital = names.vital(number) if names else None
        if vital is None:
            raise Refused("console.layout.no_vital")
        if any(pin.vital == vital.code for pin in self._laid.pins):
            self._laid.keep_pins(pins.removed(self._laid.pins, vital.code, kept=self._laid.kept))
            return self._desk.say("console.layout.unpinned", name=vital.name)
        self._laid.keep_pins(pins.added(self._laid.pins, vital.code))
        return self._desk.say("console.layout.pinned", name=vital.name)

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
            asked = asked_ns(self._minutes_of(chart), chart.vital.period_s)
            chart.filler.tend(chart.series, now_ns, monotonic_ns, asked, chart.view.width())
            chart.view.show_record(self._record(chart, state, Freshness(int(fresh[number])), now_ns))
            self._follow(chart, now_ns, came=came)

    def _follow(self, chart: _Chart, now_ns: int, *, came: bool) -> None:
        """Move the window by whole pixels only: between them nothing on the screen would change."""
        range_ns = self._range_ns(chart)
        step = max(1, range_ns // max(1, chart.view.width()))
        edge = -(-now_ns // step) * step
        if edge != chart.drawn_to_ns:
            chart.drawn_to_ns = edge
            chart.view.set_window(edge - range_ns, edge)
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
            title=self._title_of(chart),
            value=figures.value(float(state.value[number]), vital.decimals),
            unit=vital.unit,
            severity=Severity(int(state.band[number])),
            series=(self._series(chart),),
            bands=bands(threshold),
            limits=limits_text(figures, vital, threshold),
            marks=marks(self._marks.of(number), partial(mark_note, self._desk)),
            suspect=chart.series.suspect(now_ns - self._range_ns(chart), now_ns, gap_ns(vital.period_s, 0, 1)),
            suspect_note=self._desk.say("vitals.zone.suspect"),
            presence=Presence.STALE if is_stale else Presence.FRESH,
            notice=notice,
            age=self._desk.say("console.chart.stale", age=age) if is_stale and age else "",
        )

    def _series(self, chart: _Chart) -> TrendSeries:
        vital = chart.vital
        gap = gap_ns(vital.period_s, self._range_ns(chart), chart.view.width())
        return TrendSeries(
            key=vital.code,
            name=vital.name,
            source=chart.series,
            unit=vital.unit,
            decimals=vital.decimals,
            gap_ns=gap,
        )

    def _chart_of(self, pin: Pin) -> _Chart | None:
        """Return the chart of a pin: the one there was, with its line, or a new one; None when its vital is gone."""
        vital = self._vital_of(pin.vital)
        if vital is None:
            return None
        chart = next((chart for chart in self._charts if chart.vital.code == pin.vital), None) or self._made(vital)
        if chart.vital != vital:
            chart.vital = vital
            chart.filler.forget()
        self._hands.watch(chart.view, vital.code, vital.name)
        return chart

    def _made(self, vital: Vital) -> _Chart:
        zone = self._desk.preferences.utc_offset_minutes * 60
        view = TrendView(self._desk.theme, self._board.room, utc_offset_s=zone)
        view.was_opened.connect(partial(self.vital_was_chosen.emit, vital.number))
        view.mark_was_opened.connect(self._on_mark)
        ask = partial(self._desk.session.ask_window, slot=f"{self._slot}-{vital.code}")
        return _Chart(vital=vital, view=view, series=LiveSeries(vital.number), filler=Filler(ask))

    def _on_mark(self, key: str) -> None:
        alarm = self._marks.get(int(key))
        if alarm is not None:
            self.alarm_was_opened.emit(alarm)

    def _vital_of(self, code: str) -> Vital | None:
        names = self._desk.names
        try:
            vital = names.view.vital(names.view.number_of(code)) if names else None
        except KeyError:
            return None
        return None if vital is None or vital.retired else vital

    def _tile_of(self, pin: Pin) -> QWidget:
        chart = next((chart for chart in self._charts if chart.vital.code == pin.vital), None)
        if chart is not None:
            return chart.view
        tile = self._gone.get(pin.vital) or GoneTile(self._desk.theme)
        self._gone[pin.vital] = tile
        what = self._desk.say(self._why_gone(pin.vital), name=pin.name or pin.vital, vital=pin.vital)
        tile.show_text(what, self._desk.say("console.layout.gone_hint"))
        self._hands.watch(tile, pin.vital, pin.name or pin.vital)
        return tile

    def _why_gone(self, code: str) -> str:
        names = self._desk.names
        known = {vital.code for vital in names.view.catalogue.vitals} if names else set()
        return "console.layout.retired" if code in known else "console.layout.gone"

    def _drop_others(self, codes: set[str]) -> None:
        """Take away the charts that are pinned no more, and those whose vital came or went."""
        for chart in self._charts:
            if chart.vital.code not in codes or self._vital_of(chart.vital.code) is None:
                self._drop(chart.view)
        self._charts = [c for c in self._charts if c.vital.code in codes and self._vital_of(c.vital.code) is not None]
        for code in [code for code in self._gone if code not in codes or self._vital_of(code) is not None]:
            self._drop(self._gone.pop(code))

    def _drop(self, tile: QWidget) -> None:
        self._hands.forget(tile)
        tile.hide()
        tile.deleteLater()

    def _connect_hands(self) -> None:
        hands, laid = self._hands, self._laid
        hands.step_was_asked.connect(self._on_step)
        hands.place_was_asked.connect(self._on_place)
        hands.size_was_asked.connect(
            lambda code, size: self._try(lambda: laid.keep_pins(pins.sized(laid.pins, code, size)))
        )
        hands.unpin_was_asked.connect(self._on_unpin)

    def _on_step(self, code: str, right: int, down: int) -> None:
        codes = [pin.vital for pin in self._laid.pins]
        at = codes.index(code) if code in codes else -1
        if at >= 0:
            to = tiling.neighbour(self._board.cells, at, right, down)
            # At the end of a row the next place is the beginning of the following one.
            to = max(0, min(at + right, len(codes) - 1)) if to == at else to
            self._try(lambda: self._laid.keep_pins(pins.moved(self._laid.pins, code, to, kept=self._laid.kept)))

    def _on_place(self, code: str, onto: str) -> None:
        codes = [pin.vital for pin in self._laid.pins]
        if onto not in codes:
            # A chart that only a focus shows has no place among the pins.
            return
        to = codes.index(onto)
        self._try(lambda: self._laid.keep_pins(pins.moved(self._laid.pins, code, to, kept=self._laid.kept)))

    def _on_unpin(self, code: str) -> None:
        codes = [pin.vital for pin in self._laid.pins]
        after = codes[codes.index(code) + 1 :] + codes[: codes.index(code)][::-1] if code in codes else []
        if self._try(lambda: self._laid.keep_pins(pins.removed(self._laid.pins, code, kept=self._laid.kept))):
            # The keyboard goes to the next chart, not to nowhere.
            self.focus_chart(after[0] if after else "")

    def _try(self, do: Callable[[], object]) -> bool:
        try:
            do()
        except Refused as refused:
            self._desk.message_came.emit(self._desk.refusal(refused.reason), True)
            return False
        return True

    def _tell_keys(self) -> None:
        """Print the keys beside what they do: how charts are moved, and how the master comes back."""
        if self._laid.kept >= len(self._laid.pins):
            is_locked = self._laid.master.is_locked(RANGE)
            self.set_note(self._desk.say(f"console.range.{self._range_minutes}") if is_locked else "")
        elif self._laid.overlay.is_empty:
            self.set_note(self._desk.say("console.layout.keys"))
        else:
            self.set_note(self._desk.say("console.layout.personal", key=BY_ID["layout.reset"].keys[0]))

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
        if not self._try(lambda: self._laid.keep_range(int(key))):
            self.actions_by_key[str(self._range_minutes)].setChecked(True)
            return
        self._set_range(int(key))
        self._tell_keys()
        self.range_was_chosen.emit(self._range_minutes)

    def _set_range(self, minutes: int) -> None:
        self._range_minutes = minutes
        self.forget_past()
        for chart in self._charts:
            chart.drawn_to_ns = 0

    def _minutes_of(self, chart: _Chart) -> int:
        return fitting(self._range_minutes, chart.vital.period_s)

    def _range_ns(self, chart: _Chart) -> int:
        return self._minutes_of(chart) * 60 * NS_PER_S

    def _title_of(self, chart: _Chart) -> str:
        """Return the vital's name, with the range where the chart shows more time than was chosen for all."""
        name, minutes = chart.vital.name, self._minutes_of(chart)
        if minutes == self._range_minutes:
            return name
        return self._desk.say("cockpit.chart.longer", name=name, range=self._desk.say(f"console.range.{minutes}"))
