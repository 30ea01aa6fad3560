"""Page F1, the cockpit: sectors above, charts and every vital in the middle, alarms at the right."""

from PySide6.QtCore import Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QStackedWidget, QVBoxLayout, QWidget
from typing_extensions import override

from chengyun_console.actions.action import Where
from chengyun_console.desk import Desk
from chengyun_console.frame_turns import Steps, finish
from chengyun_console.layouts.arranged import ArrangedPanes
from chengyun_console.layouts.arrangement import Pane
from chengyun_console.layouts.cockpit_layout import CockpitLayout
from chengyun_console.pages.alarm_marks import AlarmMarks
from chengyun_console.pages.cockpit.alarms import AlarmPanel
from chengyun_console.pages.cockpit.descent import DescentPanel
from chengyun_console.pages.cockpit.heat import HeatPanel
from chengyun_console.pages.cockpit.in_hand import CornerPane
from chengyun_console.pages.cockpit.pinned import PinnedPanel
from chengyun_console.pages.cockpit.sectors import SectorRow
from chengyun_console.pages.explain_card import ExplainPanel
from chengyun_console.pages.page import Page
from chengyun_console.pages.search_entry import SearchEntry
from chengyun_core.mirror.links import Links, Reach
from chengyun_core.mirror.news import FactNews
from chengyun_core.mirror.scope import ScopeKind
from chengyun_core.mirror.tree import Node, NodeKind
from chengyun_core.model.catalogue import Kpi
from chengyun_core.model.clock import NS_PER_S
from chengyun_resources.theme.tokens import SPACE_PX
from chengyun_widgets.carry import Carry

SECTOR_ROW_PX = 112
LOW_PX = 760
REFILL_AFTER_S = 15
"""An ingest that has just started may still be reading its history back: it is asked once more."""
SPARK_EVERY_S = 2
SETTLED_AFTER_S = 3
"""The first frames hold some vitals only; a curve that began with them would begin with a cliff."""


class CockpitPage(Page):
    """Reads the mirror on its frame and hands each panel what it shows; keeps where in the tree one is."""

    search_was_asked = Signal()
    health_was_asked = Signal(object)
    """The tree.Node whose health was asked for."""
    kpi_was_asked = Signal(str)
    """Code of a KPI."""

    def __init__(self, desk: Desk, *, post: str = "") -> None:
        """`post`: a kind of post whose layout is shown whoever sits here, such as the wall's."""
        super().__init__()
        self._desk = desk
        self.laid = CockpitLayout(desk, post=post, parent=self)
        self._marks = AlarmMarks()
        self._scheme = ""
        self._is_dirty = True
        self._ingest_epoch = 0
        self._spark_second = -1
        self._refill_second = -1
        self._curves_from = 0
        self._second = -1
        self.sectors = SectorRow(desk)
        self.pinned = PinnedPanel(desk, self._marks, self.laid, slot=post or "pinned")
        self.descent = DescentPanel(desk)
        self.alarms = AlarmPanel(desk)
        self.heat = HeatPanel(desk)
        self.explain = ExplainPanel(desk)
        self.corner = CornerPane(desk, self.explain)
        self.search = SearchEntry(desk)
        self._carry = Carry(self.heat.grid, lambda _at: self.heat.grid.aim)
        self._build()
        self._connect()

    @override
    def resizeEvent(self, event: QResizeEvent) -> None:
        self.search.set_compact(compact=self.height() < LOW_PX)

    @override
    def take_catalogue(self, scheme: str) -> None:
        """Show another catalogue version; the place in the tree is kept when it still exists."""
        names = self._desk.names
        if names is None:
            return
        self._scheme = scheme
        self.sectors.take_catalogue(names.view, scheme)
        self.laid.look()
        self.heat.take_catalogue(scheme)
        here = self.descent.node
        if here is not None:
            layer = names.view.layer(here.kind)
            self.open_node(next((node for node in layer.nodes if node.code == here.code), None))
        self._is_dirty = True

    def carried(self) -> object:
        """Return the place in the tree and the alarms seen (see shell.carried)."""
        return self.descent.node, self._marks

    def take_carried(self, kept: object) -> None:
        """Go to the same place."""
        match kept:
            case (Node() | None as node, AlarmMarks() as marks):
                self._marks.take_over(marks)
                if node is not None:
                    self.open_node(node)

    @override
    def take_facts(self, news: FactNews) -> None:
        """Take note of alarms for the marks on charts."""
        self._marks.take(news)
        self._is_dirty = True
        if any(fact.kind == "mode" for fact in news.facts):
            self.laid.look()

    @override
    def take_frame(self) -> None:
        """State came; it is read on the next frame."""
        self._is_dirty = True

    @override
    def bring_to_now(self, links: Links, now_s: float) -> None:
        self.refresh(links, now_s)

    @override
    def step_back(self) -> bool:
        return self.go_up()

    @override
    def subject(self) -> Where:
        return Where.EVENT if self.corner.in_hand.has_keyboard() else Where.ALARM

    @override
    def free_until(self) -> int | None:
        """The alarm list stays in sight beside the card of one alarm."""
        return self.alarms.mapTo(self, self.alarms.rect().topLeft()).x()

    def refresh(self, links: Links, now_s: float) -> None:
        """Bring every panel to now, all at once."""
        finish(self.steps(links, now_s))

    @override
    def steps(self, links: Links, now_s: float) -> Steps:
        """Bring panel after panel to now, alarms first. Called on each frame while the page is visible."""
        desk, now_ns = self._desk, self._desk.now_ns()
        second = now_ns // NS_PER_S
        self.alarms.tick(now_s)
        self.corner.in_hand.tick(now_s)
        if not self._is_dirty and second == self._second:
            return
        self._is_dirty, self._second = False, second
        self.alarms.refresh(desk.session.facts, now_ns, lost_since=self._lost_since(links))
        yield
        yield from self._state_steps(links, now_ns, second)
        self.corner.refresh(now_ns, is_stale=bool(self._lost_since(links)))

    def open_node(self, node: Node | None) -> None:
        """Go to a node of the tree, or back to the overview."""
        self.descent.show_node(node)
        self._middle.setCurrentWidget(self.descent if node is not None else self._overview)
        names = self._desk.names
        path = names.view.path(node) if names and node else ()
        self.sectors.select(path[0].code if path else "")
        self._is_dirty = True

    def go_up(self) -> bool:
        """Go one step up the tree; return False when already at the top."""
        if self.descent.node is None:
            return False
        self.open_node(self.descent.parent_node())
        return True

    def open_alarm(self, number: int) -> None:
        """Bring an alarm into focus: list, explanation, keys. A focus that hides it is ended, and told."""
        alarm, scope = self._desk.session.facts.alarms.get(number), self._desk.scope
        if alarm is not None and not scope.lets(alarm.vital):
            scope.clear()
            told = self._desk.say("cockpit.scope.lifted", name=self._desk.words.name(alarm))
            self._desk.message_came.emit(told, False)
        self._desk.select_alarm(number)
        self.alarms.focus_list()

    def in_focus(self) -> Node | Kpi | int | None:
        """Return what the keyboard is on: a sector's card, a track, a KPI, else the number of the vital in focus."""
        if not self.isVisible():
            return self._desk.vital
        sector = self.sectors.focused_node()
        if sector is not None:
            return sector
        descent, has_none = self.descent, self._desk.vital is None
        if descent.node is not None and not descent.has_vital() and (descent.has_keyboard() or has_none):
            return descent.in_focus()
        return self._desk.vital

    def _state_steps(self, links: Links, now_ns: int, second: int) -> Steps:
        state = self._desk.session.state
        if not self._is_named():
            return
        if state.epoch != self._ingest_epoch:
            self._ingest_epoch = state.epoch
            self._refill_second = second + REFILL_AFTER_S
            self._curves_from = second + SETTLED_AFTER_S
            self.pinned.forget_past()
        if second == self._refill_second:
            self._refill_second = -1
            self.pinned.forget_past()
        sample = second >= self._curves_from and second // SPARK_EVERY_S != self._spark_second // SPARK_EVERY_S
        self._spark_second = second
        age = self._desk.figures.short_duration((now_ns - links.ingest.since_ns) / NS_PER_S)
        self.sectors.refresh(state, age=age, sample=sample)
        yield
        # Another catalogue may have come meanwhile.
        if self._is_named():
            self.heat.refresh(state, now_ns)
        yield
        if self._is_named():
            (self.pinned if self.descent.node is None else self.descent).refresh(state, now_ns)
        yield

    def _is_named(self) -> bool:
        """Return whether catalogue and values are of the same version."""
        names = self._desk.names
        return names is not None and self._desk.session.state.count == names.view.count

    def _lost_since(self, links: Links) -> str:
        centre = links.centre
        return self._desk.figures.clock(centre.since_ns) if centre.reach in (Reach.LOST, Reach.REFUSED) else ""

    def _connect(self) -> None:
        self.sectors.node_was_opened.connect(self.open_node)
        self.sectors.health_was_asked.connect(self.health_was_asked)
        self.descent.health_was_asked.connect(self.health_was_asked)
        self.descent.kpi_was_asked.connect(self.kpi_was_asked)
        self.descent.action_was_asked.connect(self._on_action)
        self._desk.scope.did_change.connect(self._on_scope)
        self.descent.node_was_asked.connect(self.open_node)
        for panel in (self.pinned, self.descent, self.heat):
            panel.vital_was_chosen.connect(self._on_vital)
        self.heat.node_was_asked.connect(self.open_node)
        self.pinned.range_was_chosen.connect(self._on_range)
        self.search.was_entered.connect(self.search_was_asked)
        self._carry.is_carried.connect(self.pinned.drop.hold_over)
        self._carry.was_let_go.connect(self.pinned.drop.let_go)
        self._desk.selection_did_change.connect(self._on_selection)

    def _on_vital(self, number: int) -> None:
        self._desk.select_vital(number)

    def locate_alarm(self) -> None:
        """Go to the sub-track of the alarm in focus, where its vital stands among its neighbours."""
        alarm, names = self._desk.alarm(), self._desk.names
        node = names.subtrack(alarm.vital) if alarm and names else None
        if node is not None:
            self.open_node(node)

    def _on_range(self, _minutes: int) -> None:
        self._is_dirty = True

    def _on_action(self, action: str) -> None:
        """A button of the descent was pressed: it means the node shown, whatever had the keyboard."""
        self.descent.focus_way()
        self.action_was_asked.emit(action)

    def _on_scope(self) -> None:
        """Follow the focus: to its node, or out of a node that has nothing of it."""
        self._is_dirty = True
        scope, names = self._desk.scope.scope, self._desk.names
        if scope is None or names is None:
            self.open_node(self.descent.node)
        elif scope.kind in (ScopeKind.CENTRE, ScopeKind.ALARM):
            self.open_node(None)
        else:
            self.open_node(names.view.layer(NodeKind(scope.kind.value)).node(scope.code))

    def show_vital(self, number: int) -> None:
        """Go to a vital in its sub-track: chosen, explained, its row under the cursor. A focus that hides it ends."""
        names = self._desk.names
        node = names.subtrack(number) if names else None
        if not self._desk.scope.lets(number):
            self._desk.scope.clear()
        self._desk.select_vital(number)
        if node is not None:
            self.open_node(node)
            self.descent.select_vital(number)

    def _on_selection(self) -> None:
        self._is_dirty = True

    def _build(self) -> None:
        self._overview = QWidget()
        column = QVBoxLayout(self._overview)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.pinned, 1)
        self.pinned.add_footer(self.search)
        self._middle = QStackedWidget()
        self._middle.addWidget(self._overview)
        self._middle.addWidget(self.descent)
        self.sectors.setFixedHeight(SECTOR_ROW_PX)
        self.panes = ArrangedPanes(
            self._desk,
            self.laid,
            {Pane.CHARTS: self._middle, Pane.HEAT: self.heat, Pane.EXPLAIN: self.corner, Pane.ALARMS: self.alarms},
        )
        page = QVBoxLayout(self)
        page.setContentsMargins(SPACE_PX * 3, SPACE_PX * 3, SPACE_PX * 3, SPACE_PX * 3)
        page.setSpacing(SPACE_PX * 2)
        page.addWidget(self.sectors)
        page.addWidget(self.panes, 1)

    @override
    def take_preferences(self) -> None:
        """Take over what the seat that was taken keeps, and begin where its master does."""
        self.laid.look()
        names, sector = self._desk.names, self.laid.standing.sector
        if names is not None and sector and self.laid.master.row.opens == "sector":
            self.open_node(names.view.layer(NodeKind.SECTOR).node(sector))

    @override
    def focus_front(self) -> None:
        """Give the keyboard to the pane the master brings forward."""
        fronts = {Pane.CHARTS: self.pinned.focus_first, Pane.HEAT: self.heat.focus_grid}
        fronts.get(Pane(self.laid.master.row.front), self.alarms.focus_list)()
