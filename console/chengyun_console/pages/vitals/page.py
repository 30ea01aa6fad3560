"""Page F2: the table of all vitals, the trend of the chosen ones, and where the figure in focus comes from."""

from PySide6.QtCore import QEvent, QPoint, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QStackedWidget, QVBoxLayout, QWidget
from typing_extensions import override

from chengyun_console.desk import Desk
from chengyun_console.frame_turns import Steps, finish
from chengyun_console.pages.alarm_marks import AlarmMarks
from chengyun_console.pages.explain_card import ExplainPanel
from chengyun_console.pages.page import Page
from chengyun_console.pages.split_panes import SplitPanes
from chengyun_console.pages.vitals.districts import DistrictsPanel
from chengyun_console.pages.vitals.filters import FilterBar
from chengyun_console.pages.vitals.table import VitalColumns, made_table, widen
from chengyun_console.pages.vitals.trends import COMPARE, MOST_SERIES, STACK, USUAL, YESTERDAY, TrendPanel
from chengyun_core.mirror.links import Links
from chengyun_core.mirror.news import FactNews
from chengyun_core.model.clock import NS_PER_S
from chengyun_resources.theme.tokens import SPACE_PX
from chengyun_widgets.carry import Carry
from chengyun_widgets.panel import Panel
from chengyun_widgets.presence import Presence

REFILL_AFTER_S = 15
"""An ingest that has just started may still be reading its history back: it is asked once more."""
PERIOD_S = 0.2
"""Figures that change faster than five times a second cannot be read."""
_TOGGLE_KEYS = {
    Qt.Key.Key_K: STACK,
    Qt.Key.Key_Y: YESTERDAY,
    Qt.Key.Key_Z: USUAL,
    Qt.Key.Key_C: COMPARE,
}
"""As in actions.trend_deeds; a test holds them together."""
RESORT_EVERY_S = 2
"""A table sorted by a moving figure is put in order again this often: rows that jump faster cannot be read."""


class VitalsPage(Page):
    """Space (or Ctrl+click) keeps a row on the axis; the row under the cursor is always drawn. Enter: to its chart."""

    def __init__(self, desk: Desk) -> None:
        super().__init__()
        self._desk = desk
        self._marks = AlarmMarks()
        self._columns: VitalColumns | None = None
        self._kept: tuple[int, ...] = ()
        self._district: int | None = None
        self._scheme = ""
        self._is_dirty = True
        self._mask_is_dirty = True
        self._second = self._refill_second = -1
        self._next_s = 0.0
        self._table_px = 0
        self._ingest_epoch = 0
        self.filters = FilterBar(desk)
        self.table = made_table(desk)
        self.carry = Carry(self.table.viewport(), self._vital_at, within=True)
        """A row carried off the table: let go on the rail's cockpit it is pinned there."""
        self.panel = Panel(desk.theme)
        self.trend = TrendPanel(desk, self._marks)
        self.explain = ExplainPanel(desk)
        self.districts = DistrictsPanel(desk)
        self.beside = QStackedWidget()
        self._build()
        self._connect()

    @override
    def take_catalogue(self, scheme: str) -> None:
        """Show the vitals of another catalogue version."""
        self._columns = None
        self._scheme = scheme
        self._is_dirty = True

    def carried(self) -> object:
        """Return the lines kept on the axis and the alarms seen; None when nobody was here (see shell.carried)."""
        return (self._kept, self._marks) if self._columns is not None else None

    def take_carried(self, kept: object) -> None:
        """Keep the same lines. The columns are made first: the filters are filled with them."""
        match kept:
            case (tuple(lines), AlarmMarks() as marks):
                self._made_columns()
                self._marks.take_over(marks)
                self._kept = lines
                if self._desk.vital is not None:
                    self._show(self._desk.vital)

    @override
    def take_facts(self, news: FactNews) -> None:
        """Take note of alarms for the marks on charts."""
        self._marks.take(news)
        self._is_dirty = True

    @override
    def take_frame(self) -> None:
        """State came; it is read on the next frame."""
        self._is_dirty = True

    @override
    def bring_to_now(self, links: Links, now_s: float) -> None:
        self.refresh(now_s)

    @override
    def focus_front(self) -> None:
        self.table.setFocus()

    @override
    def step_back(self) -> bool:
        return self.trend.view.drop_cursor()

    def refresh(self, now_s: float) -> None:
        """Bring table and trend to now, all at once."""
        finish(self.steps(self._desk.session.links(), now_s))

    @override
    def steps(self, links: Links, now_s: float) -> Steps:
        """Bring table, filter, trend and card to now. Called on each frame while the page is visible."""
        state, columns = self._desk.session.state, self._columns or self._made_columns()
        now_ns = self._desk.now_ns()
        second = now_ns // NS_PER_S
        if (not self._is_dirty and second == self._second) or now_s < self._next_s:
            return
        if columns is None or len(columns.value) != state.count:
            return
        if state.epoch != self._ingest_epoch:
            self._ingest_epoch = state.epoch
            self._refill_second = second + REFILL_AFTER_S
            self.trend.forget_past()
        if second == self._refill_second:
            self._refill_second = -1
            self.trend.forget_past()
        self._next_s = now_s + PERIOD_S
        if self.table.viewport().width() != self._table_px:
            self._table_px = self.table.viewport().width()
            widen(self.table)
        columns.take(state, now_ns)
        self.table.refresh()
        yield
        if columns is not self._columns:  # another catalogue came meanwhile
            return
        is_first = self._second < 0
        if self._mask_is_dirty or second != self._second:
            self._filter(second)
        self._is_dirty, self._second = False, second
        if is_first:
            self._begin()
        yield
        self.trend.refresh(state, now_ns)
        yield
        if self.trend.is_on(COMPARE):
            self.districts.refresh(state, now_ns)
        else:
            self.explain.refresh(now_ns)

    def open_vital(self, number: int) -> None:
        """Put a vital in focus: its row, its trend, its explanation. Filters that hide it are lifted."""
        columns = self._columns
        if columns is None:
            return
        mask = self.filters.wanted(self._desk.session.state, columns.has_data)
        if mask is not None and not mask[number]:
            self.filters.clear()
            self._filter(self._second)
        self.table.select_row(number)
        self._show(number)
        self.table.setFocus()

    def show_lines(self, numbers: tuple[int, ...], span_ns: int, to_ns: int | None) -> None:
        """Draw these vitals, the first in focus, over a window: up to `to_ns`, or up to now. Lines kept before stay."""
        self.open_vital(numbers[0])
        kept = dict.fromkeys((*numbers[1:], *(number for number in self._kept if number != numbers[0])))
        self._kept = tuple(kept)[: MOST_SERIES - 1]
        self._redraw()
        self.trend.show_window(span_ns, to_ns)
        self.trend.view.setFocus()

    @override
    def take_preferences(self) -> None:
        """Take over what the seat that was taken keeps."""
        self.trend.take_preferences()
        self.restore_panes()

    def restore_panes(self) -> None:
        """Take the sizes this seat keeps."""
        for panes in (self.whole, self.right):
            panes.restore()

    def _made_columns(self) -> VitalColumns | None:
        """Make the columns when the page is first seen: 6 000 names are not written for a page nobody opened."""
        names = self._desk.names
        if names is None or not self._scheme:
            return None
        self._columns = VitalColumns(self._desk, names)
        self.table.set_data(self._columns.data())
        self.filters.take_catalogue(self._scheme)
        self.trend.take_catalogue()
        self._mask_is_dirty = True
        self.panel.show_notice(Presence.FRESH, "")
        if self._desk.vital is not None:
            # With the rows: a table that is given the keyboard and has no row chosen takes its first one.
            self.table.select_row(self._desk.vital)
        return self._columns

    def _begin(self) -> None:
        """Put the vital in focus first, or the gravest one: an empty trend says nothing."""
        self.table.resort()
        order = self.table.rows.order
        if not order.size:
            return
        number = self._desk.vital if self._desk.vital is not None else int(order[0])
        self.table.select_row(number)
        self._show(number)

    def _filter(self, second: int) -> None:
        state, columns = self._desk.session.state, self._columns
        if columns is None or len(columns.value) != state.count:
            return
        mask = self.filters.wanted(state, columns.has_data)
        if mask is None:
            return
        self._mask_is_dirty = False
        self.table.set_filter(mask)
        if second % RESORT_EVERY_S == 0:
            self.table.resort()
        figures, names = self._desk.figures, self._desk.names
        shown, count = int(mask.sum()), len(names.shown) if names else 0
        self.panel.set_title(
            self._desk.say("console.vitals.title", shown=figures.count(shown), count=figures.count(count))
        )

    def _connect(self) -> None:
        self.filters.did_change.connect(self._on_filter)
        self.filters.row_was_asked.connect(self._on_row_asked)
        self.filters.was_left.connect(self.table.setFocus)
        self.table.current_did_change.connect(self._show)
        self.table.row_was_marked.connect(self._on_marked)
        self.table.row_was_opened.connect(self._on_opened)
        self.trend.compare_was_asked.connect(self._on_compare)
        self.trend.view.was_opened.connect(self._on_chart_opened)
        self.districts.vital_was_chosen.connect(self._on_district)
        self.districts.vital_was_opened.connect(self.open_vital)

    def _vital_at(self, at: QPoint) -> int:
        place = self.table.indexAt(at).row()
        return int(self.table.rows.order[place]) if place >= 0 else -1

    def _on_filter(self) -> None:
        self._is_dirty = self._mask_is_dirty = True
        self._filter(self._second)

    def _on_row_asked(self, _step: int) -> None:
        self.table.setFocus()

    def _show(self, number: int) -> None:
        if number < 0:
            return
        self._desk.select_vital(number)
        self._draw(number)
        self._is_dirty = True

    def _draw(self, number: int) -> None:
        """Draw the vital in focus, the district chosen beside it, and the lines kept."""
        is_comparing = self.trend.is_on(COMPARE)
        if is_comparing:
            self.districts.show_vital(number)
        beside = self._district if is_comparing and self._district in self.districts.family.numbers else None
        chosen = (number, *((beside,) if beside is not None else ()), *self._kept)
        self.trend.show_vitals(chosen)
        self.trend.show_crowd(self.districts.family.numbers if is_comparing else ())
        styles = self.trend.styles()
        self.table.set_marks({kept: styles[kept] for kept in self._kept if kept in styles})

    def _on_marked(self, number: int) -> None:
        """Keep a row on the axis, or let it go."""
        if number in self._kept:
            self._kept = tuple(kept for kept in self._kept if kept != number)
        elif len(self._kept) >= MOST_SERIES - 1:
            self._desk.message_came.emit(self._desk.say("vitals.trend.full", most=MOST_SERIES), False)
        else:
            self._kept = (*self._kept, number)
        self._redraw()

    def _on_opened(self, number: int) -> None:
        """Give the keyboard to the chart of a row: there it is scrolled, read and compared."""
        self._show(number)
        self.trend.view.setFocus()

    def _on_chart_opened(self) -> None:
        """Enter on the chart: where its figure comes from, in place of the districts."""
        if self.trend.is_on(COMPARE):
            self.trend.toggle(COMPARE)

    def _on_compare(self, is_on: bool) -> None:
        self._district = None
        self.beside.setCurrentWidget(self.districts if is_on else self.explain)
        self._redraw()

    def _on_district(self, number: int) -> None:
        self._district = number
        self._redraw()

    def _redraw(self) -> None:
        if self._desk.vital is not None and self._columns is not None:
            self._draw(self._desk.vital)
            self._is_dirty, self._next_s = True, 0.0

    @override
    def event(self, event: QEvent) -> bool:
        # Some of the letters mean something about events and orders elsewhere, and a shortcut would take them first.
        is_key = event.type() == QEvent.Type.ShortcutOverride and isinstance(event, QKeyEvent)
        if is_key and not event.modifiers() and Qt.Key(event.key()) in _TOGGLE_KEYS:  # type: ignore[attr-defined]
            event.accept()
            return True
        return super().event(event)

    @override
    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Letters nobody below took: text fields keep theirs."""
        toggle = _TOGGLE_KEYS.get(Qt.Key(event.key()))
        if event.modifiers() or (toggle is None and event.key() != Qt.Key.Key_Delete):
            super().keyPressEvent(event)
        elif toggle is not None:
            self.trend.toggle(toggle)
        else:
            self._kept = ()
            self._redraw()

    def _build(self) -> None:
        body = QWidget()
        column = QVBoxLayout(body)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.filters)
        column.addWidget(self.table, 1)
        self.panel.set_title(self._desk.say("console.page.F2"))
        self.panel.set_body(body)
        self.panel.show_notice(Presence.EMPTY, self._desk.say("console.vitals.waiting"))
        self.right = SplitPanes(self._desk, "vitals.lower", Qt.Orientation.Horizontal, (62, 38))
        self.right.addWidget(self.trend)
        self.beside.addWidget(self.explain)
        self.beside.addWidget(self.districts)
        self.right.addWidget(self.beside)
        self.whole = SplitPanes(self._desk, "vitals.whole", Qt.Orientation.Vertical, (60, 40))
        self.whole.addWidget(self.panel)
        self.whole.addWidget(self.right)
        page = QVBoxLayout(self)
        page.setContentsMargins(SPACE_PX * 3, SPACE_PX * 3, SPACE_PX * 3, SPACE_PX * 3)
        page.addWidget(self.whole)
        self.restore_panes()
