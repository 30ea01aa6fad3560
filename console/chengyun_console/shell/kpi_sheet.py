"""The KPI drill: one indicator in four tabs, 决策执行, 风险提示, 管控结果, 实施过程 (C5)."""

from functools import partial

from PySide6.QtCore import QRect, Qt, Signal
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QButtonGroup, QHBoxLayout, QPushButton, QStackedWidget, QVBoxLayout, QWidget
from typing_extensions import override

from chengyun_console.desk import Desk
from chengyun_console.lettered import Lettered
from chengyun_console.shell.overlay import Overlay
from chengyun_console.wording.kpi import KpiWords, standing_colour
from chengyun_core.model.catalogue import Kpi
from chengyun_core.model.clock import NS_PER_S
from chengyun_resources.theme.tokens import SPACE_PX, TARGET_PX, Colour, TypeSize
from chengyun_widgets.fact_list import FactList
from chengyun_widgets.fact_sheet import FactSheet
from chengyun_widgets.plan_chart import PlanChart
from chengyun_widgets.presence import Presence

WIDTH_PX = 860
TABS = ("decisions", "risks", "results", "process")


class KpiSheet(Overlay):
    """Digits 1–4 and Left/Right turn the tabs; rows of risks lead to their alarm or vital."""

    alarm_was_asked = Signal(int)
    vital_was_asked = Signal(int)

    def __init__(self, desk: Desk, parent: QWidget) -> None:
        super().__init__(desk.theme, "", desk.say("cockpit.kpi.hint"), parent)
        self._desk = desk
        self.kpi: Kpi | None = None
        self.tab = TABS[2]
        self._headline = Lettered(desk.theme, TypeSize.LEAD, Colour.TEXT, bold=True)
        self.facts, self.decisions = FactSheet(desk.theme), FactSheet(desk.theme)
        self.risks = FactList(desk.theme)
        self.chart, self.results = PlanChart(desk.theme), FactSheet(desk.theme)
        self.process = FactSheet(desk.theme)
        self._pages = QStackedWidget()
        self.tabs: dict[str, QPushButton] = {}
        self._shown: tuple[object, ...] = ()
        self._lay_out()
        self.risks.row_was_opened.connect(self._on_opened)
        self._bind()

    def open_for(self, kpi: Kpi, area: QRect) -> None:
        """Show a KPI, on the tab that was looked at last."""
        self.kpi, self._shown = kpi, ()
        self.open_over(area)

    @override
    def carried(self) -> object:
        return (self.kpi, self.tab) if self.isVisible() else None

    @override
    def take_carried(self, kept: object) -> None:
        match kept:
            case (Kpi() as kpi, str(tab)):
                self.tab = tab
                self.open_for(kpi, self.window().rect())

    @override
    def open_over(self, area: QRect) -> None:
        width = min(WIDTH_PX, area.width() - SPACE_PX * 6)
        super().open_over(area.adjusted(SPACE_PX * 3, SPACE_PX * 3, width - area.width() + SPACE_PX * 3, -SPACE_PX * 3))
        self.show_tab(self.tab)
        self.refresh()

    def show_tab(self, tab: str) -> None:
        """Turn to a tab; its button keeps the keyboard, a list takes it."""
        self.tab = tab
        self._pages.setCurrentIndex(TABS.index(tab))
        self.tabs[tab].setChecked(True)
        (self.risks if tab == "risks" else self.tabs[tab]).setFocus()
        self._shown = ()
        self.refresh()

    def refresh(self) -> None:
        """Show the KPI as it stands; called on each frame, does something once a second or when something changed."""
        desk = self._desk
        if self.isHidden() or self.kpi is None:
            return
        state = (self.kpi.code, self.tab, desk.session.facts.through, desk.now_ns() // NS_PER_S, desk.names)
        if state == self._shown:
            return
        self._shown = state
        kpis = desk.names.view.catalogue.kpis if desk.names else ()
        found = next((row for row in kpis if row.code == self.kpi.code), None)
        if found is None:
            self.show_notice(Presence.EMPTY, desk.say("cockpit.kpi.gone"))
            return
        self.kpi = found
        self._show(KpiWords(desk, found))
        self.show_notice(Presence.FRESH, "")

    def _bind(self) -> None:
        """Bind the digits and Left/Right; a button or list inside would keep the arrows for itself."""
        keys = {Qt.Key.Key_1 + at: tab for at, tab in enumerate(TABS)}
        for key, tab in keys.items():
            self._shortcut(key).activated.connect(partial(self.show_tab, tab))
        self._shortcut(Qt.Key.Key_Right).activated.connect(partial(self._turn, 1))
        self._shortcut(Qt.Key.Key_Left).activated.connect(partial(self._turn, -1))

    def _shortcut(self, key: int) -> QShortcut:
        shortcut = QShortcut(QKeySequence(key), self)
        shortcut.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
        return shortcut

    def _turn(self, step: int) -> None:
        self.show_tab(TABS[(TABS.index(self.tab) + step) % len(TABS)])

    def _show(self, words: KpiWords) -> None:
        """Write the head and the tab in front; the others are written when they are turned to."""
        self.set_title(self._desk.say("cockpit.kpi.title", name=words.kpi.name))
        self._headline.show_text(words.headline())
        self._headline.set_colour(standing_colour(words.progress().standing))
        self.facts.show_sections((words.facts(),))
        match self.tab:
            case "decisions":
                self.decisions.show_sections(words.decisions())
            case "risks":
                self.risks.set_rows(words.risk_rows())
            case "results":
                self.chart.show_record(words.chart())
                self.results.show_sections(words.results())
            case "process":
                self.process.show_sections(words.process())

    def _on_tab(self, tab: str, _checked: bool = False) -> None:
        self.show_tab(tab)

    def _on_opened(self, key: str) -> None:
        kind, _, number = key.partition(":")
        if kind == "alarm":
            self.alarm_was_asked.emit(int(number))
        elif kind == "vital":
            self.vital_was_asked.emit(int(number))

    def _lay_out(self) -> None:
        body = QWidget()
        column = QVBoxLayout(body)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        self._headline.setWordWrap(True)
        self._headline.setContentsMargins(SPACE_PX * 4, SPACE_PX * 2, SPACE_PX * 4, SPACE_PX)
        column.addWidget(self._headline)
        column.addWidget(self.facts, 2)
        column.addLayout(self._tab_row())
        column.addWidget(self._pages, 5)
        for page in (self.decisions, self.risks, self._result_page(), self.process):
            self._pages.addWidget(page)
        self.set_body(body)

    def _tab_row(self) -> QHBoxLayout:
        row = QHBoxLayout()
        row.setContentsMargins(SPACE_PX * 3, SPACE_PX, SPACE_PX * 3, SPACE_PX)
        row.setSpacing(SPACE_PX)
        group = QButtonGroup(self)
        group.setExclusive(True)
        for at, tab in enumerate(TABS, 1):
            title = self._desk.say(f"cockpit.kpi.tab.{tab}")
            button = QPushButton(f"{at} {title}")
            button.setFlat(True)
            button.setCheckable(True)
            button.setMinimumHeight(TARGET_PX)
            button.clicked.connect(partial(self._on_tab, tab))
            group.addButton(button)
            row.addWidget(button)
            self.tabs[tab] = button
        row.addStretch(1)
        return row

    def _result_page(self) -> QWidget:
        page = QWidget()
        column = QVBoxLayout(page)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.chart, 3)
        column.addWidget(self.results, 2)
        return page
