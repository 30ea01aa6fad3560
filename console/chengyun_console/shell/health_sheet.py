"""The sheet behind a health figure: its sum, and every part that took points, each a way to its source."""

from PySide6.QtCore import QRect, Qt, Signal
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QVBoxLayout, QWidget
from typing_extensions import override

from chengyun_console.desk import Desk
from chengyun_console.lettered import Lettered
from chengyun_console.shell.overlay import Overlay
from chengyun_console.wording.health import KPI, NODE, VITAL, health_rows, health_sum, parts_of
from chengyun_core.mirror.tree import Node
from chengyun_core.model.clock import NS_PER_S
from chengyun_resources.theme.tokens import SPACE_PX, Colour, TypeSize
from chengyun_widgets.fact_list import FactList
from chengyun_widgets.presence import Presence

WIDTH_PX = 760


class HealthSheet(Overlay):
    """Follows the second while it is open; Enter goes to a row's source, Backspace one up."""

    vital_was_asked = Signal(int)
    kpi_was_asked = Signal(str)
    """Code of the KPI."""

    def __init__(self, desk: Desk, parent: QWidget) -> None:
        super().__init__(desk.theme, "", desk.say("cockpit.health.hint"), parent)
        self._desk = desk
        self.node: Node | None = None
        self._sum = Lettered(desk.theme, TypeSize.BODY, Colour.TEXT, bold=True)
        self._rule = Lettered(desk.theme, TypeSize.SMALL, Colour.TEXT_SECOND, text=desk.say("console.health.why"))
        self.list = FactList(desk.theme)
        self._shown: tuple[object, ...] = ()
        self._lay_out()
        self.list.row_was_opened.connect(self._on_opened)
        # The list would take Backspace for a search among its rows.
        up = QShortcut(QKeySequence(Qt.Key.Key_Backspace), self)
        up.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
        up.activated.connect(self.go_up)

    def open_for(self, node: Node, area: QRect) -> None:
        """Explain a node's health."""
        self.node = node
        self._shown = ()
        self.open_over(area)

    @override
    def carried(self) -> object:
        return self.node if self.isVisible() else None

    @override
    def take_carried(self, kept: object) -> None:
        if isinstance(kept, Node):
            self.open_for(kept, self.window().rect())

    @override
    def open_over(self, area: QRect) -> None:
        width = min(WIDTH_PX, area.width() - SPACE_PX * 6)
        super().open_over(area.adjusted(SPACE_PX * 3, SPACE_PX * 3, width - area.width() + SPACE_PX * 3, -SPACE_PX * 3))
        self.list.setFocus()
        self.refresh()

    def go_up(self) -> None:
        """Explain the node above, when there is one."""
        names = self._desk.names
        path = names.view.path(self.node) if names and self.node else ()
        if len(path) > 1:
            self.node, self._shown = path[-2], ()
            self.refresh()

    def refresh(self) -> None:
        """Show the parts of now; called on each frame, does something when a band or the second changed."""
        node, desk = self.node, self._desk
        if self.isHidden() or node is None:
            return
        state = (node, desk.session.state.band.tobytes(), desk.now_ns() // NS_PER_S, desk.scope.scope, desk.names)
        if state == self._shown:
            return
        self._shown = state
        parts = parts_of(desk, node)
        if parts is None or desk.names is None:
            self.show_notice(Presence.EMPTY, desk.say("cockpit.health.waiting"))
            return
        path = " / ".join(step.name for step in desk.names.view.path(node))
        self.set_title(desk.say("cockpit.health.title", name=path, health=f"{parts.health:.0f}"))
        self._sum.show_text(health_sum(desk, parts))
        self.list.setAccessibleName(self._sum.text())
        self.list.set_rows(health_rows(desk, node, parts))
        self.show_notice(Presence.FRESH, "")

    def _on_opened(self, key: str) -> None:
        names = self._desk.names
        if names is None or self.node is None:
            return
        if key.startswith(NODE):
            child = next((one for one in names.view.children(self.node) if one.code == key.removeprefix(NODE)), None)
            self.node, self._shown = child or self.node, ()
            self.refresh()
        elif key.startswith(KPI):
            self.kpi_was_asked.emit(key.removeprefix(KPI))
        elif key.startswith(VITAL):
            self.vital_was_asked.emit(int(key.rpartition(":")[2]))

    def _lay_out(self) -> None:
        body = QWidget()
        column = QVBoxLayout(body)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        for label in (self._sum, self._rule):
            label.setWordWrap(True)
            label.setContentsMargins(SPACE_PX * 4, SPACE_PX * 2, SPACE_PX * 4, 0)
            column.addWidget(label)
        self._rule.setContentsMargins(SPACE_PX * 4, SPACE_PX, SPACE_PX * 4, SPACE_PX * 2)
        column.addWidget(self.list, 1)
        self.set_body(body)
