"""The card of one vital (V7): value, trend with bands, threshold, sources, owner and alarm, one Enter from a search."""

from collections.abc import Callable
from functools import partial

from PySide6.QtCore import QRect, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QVBoxLayout, QWidget
from typing_extensions import override

from chengyun_console.desk import Desk
from chengyun_console.live_series import Filler, LiveSeries, gap_ns
from chengyun_console.pages.trend_records import bands, limits_text
from chengyun_console.shell.alarm_card import deeds_for
from chengyun_console.shell.overlay import Overlay, centred
from chengyun_console.wording.alarm_card import AlarmCardWords
from chengyun_console.wording.explanation import Explainer, Explanation
from chengyun_console.wording.vital_card import VitalCardWords
from chengyun_core.mirror.state import Freshness
from chengyun_core.model.catalogue import Vital
from chengyun_core.model.clock import NS_PER_S
from chengyun_resources.theme.tokens import SPACE_PX, TARGET_PX, Severity
from chengyun_widgets.fact_sheet import FactSheet
from chengyun_widgets.presence import Presence
from chengyun_widgets.trend import TrendView
from chengyun_widgets.trend_record import TrendRecord, TrendSeries

WIDTH_PX, HEIGHT_PX = 820, 680
HOURS = 6
_TREND_PX = 190
_RANGE_NS = HOURS * 3600 * NS_PER_S
_MOST_DEEDS = 6


class VitalCard(Overlay):
    """The vital is in focus while its card is open: keys of deeds act on it. Enter goes on to the page of vitals."""

    vital_was_opened = Signal(int)
    action_was_asked = Signal(object)
    """Tuple of Action: a button was pressed."""

    def __init__(self, desk: Desk, parent: QWidget) -> None:
        super().__init__(desk.theme, "", desk.say("search.card.hint"), parent)
        self._desk = desk
        self._number: int | None = None
        self._series = LiveSeries(0)
        self._filler = Filler(partial(desk.session.ask_window, slot="vital-card"))
        self._shown: tuple[object, ...] = ()
        self._deeds: tuple[str, ...] = ()
        zone = desk.preferences.utc_offset_minutes * 60
        self.trend = TrendView(desk.theme, has_axes=True, utc_offset_s=zone)
        self.sheet = FactSheet(desk.theme)
        self._buttons = QHBoxLayout()
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self._lay_out()
        self.cover()
        self.trend.was_opened.connect(self._go_on)

    def open_for(self, number: int, area: QRect) -> None:
        """Show a vital over the page; what is known is there at once, the past follows."""
        self._number = number
        self._series, self._shown, self._deeds = LiveSeries(number), (), ()
        self._filler.forget()
        self._desk.select_vital(number)
        self.open_over(area)
        self.refresh()

    @override
    def carried(self) -> object:
        return self._number if self.isVisible() else None

    @override
    def take_carried(self, kept: object) -> None:
        if isinstance(kept, int):
            self.open_for(kept, self.window().rect())

    @override
    def open_over(self, area: QRect) -> None:
        super().open_over(centred(area, WIDTH_PX, HEIGHT_PX))
        self.setFocus()

    def refresh(self) -> None:
        """Show the vital as it stands; called on each frame, does something when something changed."""
        number, names, state = self._number, self._desk.names, self._desk.session.state
        if self.isHidden() or number is None:
            return
        now_ns = self._desk.now_ns()
        vital = names.vital(number) if names else None
        if names is None or vital is None or number >= state.count:
            self.show_notice(Presence.EMPTY, self._desk.say("search.card.gone"))
            return
        came = self._series.take(state)
        self._filler.tend(self._series, now_ns, self._desk.session.clock.monotonic_ns(), _RANGE_NS, self.trend.width())
        facts = self._desk.session.facts
        told = (number, int(state.time[number]), now_ns // NS_PER_S, facts.through, names, len(self._series))
        if came or told != self._shown:
            self._shown = told
            self._show(vital, now_ns)

    @override
    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self._go_on()
        else:
            super().keyPressEvent(event)

    def _show(self, vital: Vital, now_ns: int) -> None:
        desk, names, facts = self._desk, self._desk.names, self._desk.session.facts
        assert names is not None
        explainer = Explainer(desk.figures, names, desk.words)
        found = explainer.explain(vital.number, desk.session.state, now_ns, facts)
        if found is None:
            return
        words = VitalCardWords(AlarmCardWords(desk.list_words, explainer, names))
        self.sheet.show_sections(words.sections(vital, found, facts, now_ns))
        self.trend.show_record(self._record(vital, found, now_ns))
        self.trend.set_window(now_ns - _RANGE_NS, now_ns)
        self.set_title(desk.say("search.card.title", name=vital.name))
        self._show_deeds()
        self.show_notice(Presence.FRESH, "")

    def _record(self, vital: Vital, found: Explanation, now_ns: int) -> TrendRecord:
        desk, state, number = self._desk, self._desk.session.state, vital.number
        threshold = desk.names.view.threshold(number) if desk.names else None
        fresh = Freshness(int(state.freshness(now_ns)[number]))
        age = desk.figures.short_duration((now_ns - int(state.time[number])) / NS_PER_S)
        code = "console.chart.empty" if self._series.is_filled else "console.trend.loading"
        colour = desk.say(f"console.band.{int(found.band)}")
        return TrendRecord(
            title=f"{colour}  {desk.say('search.card.section.trend', hours=HOURS)}",
            value=desk.figures.value(float(state.value[number]), vital.decimals),
            unit=vital.unit,
            severity=Severity(int(found.band)),
            series=(self._line(vital),),
            bands=bands(threshold),
            suspect=self._series.suspect(now_ns - _RANGE_NS, now_ns, gap_ns(vital.period_s, 0, 1)),
            suspect_note=desk.say("vitals.zone.suspect"),
            limits=limits_text(desk.figures, vital, threshold),
            presence=Presence.STALE if found.is_stale else Presence.FRESH,
            notice="" if len(self._series) else desk.say(code),
            age=desk.say("console.chart.stale", age=age) if found.is_stale and fresh is not Freshness.NEVER else "",
        )

    def _line(self, vital: Vital) -> TrendSeries:
        return TrendSeries(
            key=vital.code,
            name=vital.name,
            source=self._series,
            unit=vital.unit,
            decimals=vital.decimals,
            gap_ns=gap_ns(vital.period_s, _RANGE_NS, self.trend.width()),
        )

    def _show_deeds(self) -> None:
        """Show the deeds possible on the vital and its alarm, each with its key; the page of vitals before them."""
        possible = deeds_for(self._desk)[:_MOST_DEEDS]
        wanted = tuple(action.id for action in possible)
        if wanted == self._deeds:
            return
        self._deeds = wanted
        while self._buttons.count():
            widget = self._buttons.takeAt(0).widget()
            if widget is not None:
                widget.deleteLater()
        self._add_button(self._desk.say("search.card.open"), self._go_on)
        for action in possible:
            text = f"{action.keys[0]} {self._desk.say(action.title)}" if action.keys else self._desk.say(action.title)
            self._add_button(text, partial(self.action_was_asked.emit, (action,)))
        self._buttons.addStretch(1)

    def _add_button(self, text: str, do: Callable[[], object]) -> None:
        button = QPushButton(text)
        button.setFlat(True)
        button.setMinimumHeight(TARGET_PX)
        button.clicked.connect(lambda _checked=False: do())
        self._buttons.addWidget(button)

    def _go_on(self) -> None:
        number = self._number
        if number is not None and self.close_over():
            self.vital_was_opened.emit(number)

    def _lay_out(self) -> None:
        body = QWidget()
        column = QVBoxLayout(body)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        self.trend.setFixedHeight(_TREND_PX)
        column.addWidget(self.trend)
        column.addWidget(self.sheet, 1)
        self._buttons.setContentsMargins(SPACE_PX * 3, SPACE_PX, SPACE_PX * 3, SPACE_PX)
        column.addLayout(self._buttons)
        self.set_body(body)
