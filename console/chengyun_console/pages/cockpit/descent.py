"""Down the tree: a sector's tracks, a track's sub-tracks, a sub-track's KPIs and vitals, with the way back."""

import numpy as np
from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QScrollArea, QSplitter, QVBoxLayout, QWidget
from typing_extensions import override

from chengyun_console.actions.table import BY_ID
from chengyun_console.desk import Desk
from chengyun_console.lettered import Lettered
from chengyun_console.pages.cockpit.node_rows import kpi_rows, owner_line, vital_rows
from chengyun_console.pages.cockpit.sectors import Cards, NodeFigures, aged
from chengyun_console.wording.calls import person_line
from chengyun_console.wording.gazetteer import Gazetteer
from chengyun_core.mirror.state import StateMirror
from chengyun_core.mirror.tree import Node, NodeKind
from chengyun_core.model.catalogue import Kpi
from chengyun_core.model.clock import NS_PER_S
from chengyun_core.model.kpi_progress import is_met
from chengyun_resources.theme.tokens import SPACE_PX, Colour, TypeSize
from chengyun_widgets.breadcrumb import Breadcrumb, Crumb
from chengyun_widgets.fact_list import FactList
from chengyun_widgets.panel import HEADER_PX, Panel
from chengyun_widgets.plain_tip import plain_tip
from chengyun_widgets.presence import Presence
from chengyun_widgets.summary_card import SummaryCard

TOP = "top"
KPI = "kpi:"
HEADER_ACTIONS = ("health.explain", "call.open", "scope.choose")
LEAST_COLUMNS, MOST_COLUMNS = 4, 6
_CARD_PX = 112
_CARD_WIDTH_PX = 216
_ABOVE_PX = HEADER_PX + 32
"""Header and way back."""
_LISTS_PX = 130
"""A title and two rows: less says nothing that the cards do not."""
_UNBOUNDED = 16_777_215
"""Qt's own QWIDGETSIZE_MAX."""
_NEXT_KIND = {NodeKind.SECTOR: NodeKind.TRACK, NodeKind.TRACK: NodeKind.SUBTRACK}


class DescentPanel(Panel):
    """Shows one node; asks the page to go elsewhere. Esc goes one up."""

    node_was_asked = Signal(object)
    """The tree.Node to show, or None for the overview."""
    vital_was_chosen = Signal(int)
    health_was_asked = Signal(object)
    """The tree.Node whose figure was clicked."""
    kpi_was_asked = Signal(str)
    """Code of the KPI whose row was opened."""

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk.theme)
        self._desk = desk
        self._node: Node | None = None
        self._children: tuple[Node, ...] = ()
        self._cards: list[SummaryCard] = []
        self._columns = 0
        self._maker = Cards(desk)
        self._shown_second = 0
        self._crumbs = Breadcrumb(desk.theme)
        self._owner = Lettered(desk.theme, TypeSize.BODY, Colour.TEXT_SECOND)
        self._kpis, self._vitals = FactList(desk.theme), FactList(desk.theme)
        self._kpi_head = Lettered(desk.theme, TypeSize.BODY, Colour.TEXT, bold=True)
        self._vital_head = Lettered(desk.theme, TypeSize.BODY, Colour.TEXT, bold=True)
        self.set_title(desk.say("console.tree.title"))
        self.set_note(desk.say("console.tree.back"))
        self._lay_out()
        self._crumbs.crumb_was_asked.connect(self._on_crumb)
        self._vitals.current_did_change.connect(self._on_vital)
        self._vitals.row_was_opened.connect(self._on_vital)
        self._kpis.row_was_opened.connect(lambda key: self.kpi_was_asked.emit(key.removeprefix(KPI)))
        self._add_actions()

    @property
    def node(self) -> Node | None:
        """The node shown, None for the overview."""
        return self._node

    def show_node(self, node: Node | None) -> None:
        """Show a node: its cards, its KPIs and its vitals."""
        self._node = node
        names = self._desk.names
        if node is None or names is None:
            return
        self._children = names.view.children(node)
        self._shown_second = 0
        self._crumbs.show_crumbs(self._steps(node))
        self._owner.show_text(owner_line(self._desk, names, node.owner_post) if node.owner_post else "")
        self._lay_cards()
        self._list_kpis(node)

    def in_focus(self) -> Node | Kpi | None:
        """Return what the keyboard is on here: a KPI, a child's card, else the node shown."""
        if self._kpis.hasFocus() and self._kpis.current_key():
            kpis = self._desk.names.view.catalogue.kpis if self._desk.names else ()
            return next((kpi for kpi in kpis if f"{KPI}{kpi.code}" == self._kpis.current_key()), None)
        key = next((card.key for card in self._cards if card.hasFocus()), "")
        return next((child for child in self._children if child.code == key), self._node)

    def has_keyboard(self) -> bool:
        """Return whether the keyboard is on something in here."""
        return any(child.hasFocus() for child in self.findChildren(QWidget))

    def has_vital(self) -> bool:
        """Return whether the list of vitals has the keyboard: then the vital in focus is what is meant."""
        return self._vitals.hasFocus()

    def focus_way(self) -> None:
        """Give the way back the keyboard: what is meant then is the node shown."""
        self._crumbs.setFocus()

    def select_vital(self, number: int) -> None:
        """Put the cursor on a vital's row; the list is filled first, it may never have been shown."""
        self._shown_second = 0
        self.refresh(self._desk.session.state, self._desk.now_ns())
        if self._vitals.select(f"vital:{number}"):
            self._vitals.setFocus()

    def parent_node(self) -> Node | None:
        """Return the node one up, None when that is the overview."""
        names = self._desk.names
        if self._node is None or names is None:
            return None
        path = names.view.path(self._node)
        return path[-2] if len(path) > 1 else None

    def refresh(self, state: StateMirror, now_ns: int) -> None:
        """Show the figures of now; lists once a second."""
        names, node = self._desk.names, self._node
        if node is None or names is None or state.count != names.view.count:
            return
        kind = _NEXT_KIND.get(node.kind)
        if kind is not None:
            figures = NodeFigures(names.view, kind, state.band, state.time > 0, self._desk.scope)
            for child, card in zip(self._children, self._cards, strict=False):
                below = len(names.view.children(child))
                record = self._maker.record(child, figures, below, np.empty(0))
                card.show_record(aged(record, self._silence(now_ns)) if state.silent else record)
        if now_ns // NS_PER_S != self._shown_second and not self._lists.isHidden():
            self._shown_second = now_ns // NS_PER_S
            self._list_vitals(node, names, state, now_ns)

    def _list_kpis(self, node: Node) -> None:
        """List the KPIs of a node; of a sector, which may have a hundred, those that are not met."""
        kpis, is_sector = self._kpis_within(node), node.kind is NodeKind.SECTOR
        rows = kpi_rows(self._desk, [kpi for kpi in kpis if not (is_sector and is_met(kpi))])
        self._kpis.set_rows(rows)
        head = "cockpit.tree.unmet" if is_sector else "cockpit.tree.kpi_keys"
        self._kpi_head.show_text(self._desk.say(head, count=len(rows)))
        empty = "cockpit.tree.all_met" if is_sector and kpis else "console.kpi.none"
        self._kpis.show_notice(Presence.FRESH if rows else Presence.EMPTY, self._desk.say(empty))

    def _list_vitals(self, node: Node, names: Gazetteer, state: StateMirror, now_ns: int) -> None:
        """List the vitals of a node, the gravest first; of a sector, which may have a thousand, the abnormal ones."""
        inside, is_sector = self._desk.scope.narrowed(names.view.vitals_of(node)), node.kind is NodeKind.SECTOR
        numbers = (inside[state.band[inside] > 0] if is_sector else inside).tolist()
        rows = vital_rows(self._desk, names, numbers, state, now_ns)
        self._vitals.set_rows(rows)
        whole = "cockpit.tree.abnormal" if is_sector else "console.tree.vitals"
        code = whole if len(rows) >= len(numbers) else "cockpit.tree.vitals_of"
        self._vital_head.show_text(self._desk.say(code, count=len(numbers), shown=len(rows)))
        empty = "cockpit.tree.none_abnormal" if is_sector and inside.size else "console.vitals.empty"
        self._vitals.show_notice(Presence.FRESH if rows else Presence.EMPTY, self._desk.say(empty))

    def _silence(self, now_ns: int) -> str:
        """Return for how long ingest has been silent: what it told before never looks live (UI.md, 6)."""
        since_ns = self._desk.session.links().ingest.since_ns
        return self._desk.figures.short_duration((now_ns - since_ns) / NS_PER_S)

    def _steps(self, node: Node) -> list[Crumb]:
        names = self._desk.names
        path = names.view.path(node) if names else ()
        steps = [Crumb(key=str(at), text=step.name) for at, step in enumerate(path)]
        return [Crumb(key=TOP, text=self._desk.say("console.tree.all")), *steps]

    def _lay_cards(self) -> None:
        while len(self._cards) < len(self._children):
            card = SummaryCard(self._desk.theme)
            card.setMinimumHeight(_CARD_PX)
            card.was_opened.connect(self._on_card)
            card.figure_was_asked.connect(self._on_figure)
            self._cards.append(card)
            self._columns = 0
        # Placed before it is shown: a card without a parent would be a window for a moment, and take the keyboard.
        self._place_cards()
        why = self._desk.say("console.health.why")
        for at, card in enumerate(self._cards):
            card.setVisible(at < len(self._children))
            if at < len(self._children):
                # The telephone of the 跑道长 is one glance away (C3); H has the whole card.
                owner = person_line(self._desk, self._children[at].owner_post)
                card.setToolTip(plain_tip(f"{owner}\n{why}"))
        self._card_area.setVisible(bool(self._children))
        self._fit_cards()

    @override
    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit_cards()

    def _fit_cards(self) -> None:
        """Give the cards whole rows, up to half of the panel; a sector's all, and its lists what is left of it."""
        self._place_cards()
        row = _CARD_PX + SPACE_PX * 2
        rows = -(-len(self._children) // self._columns)
        is_sector = self._node is None or self._node.kind is NodeKind.SECTOR
        is_alone = is_sector and self.height() - _ABOVE_PX - rows * row < _LISTS_PX
        self._lists.setHidden(is_alone)
        if is_sector and not is_alone:
            self._card_area.setFixedHeight(row * max(1, rows))
            return
        shown = min(rows, max(1, self.height() // 2 // row))
        self._card_area.setMinimumHeight(row * max(1, shown))
        self._card_area.setMaximumHeight(_UNBOUNDED if is_alone else row * max(1, shown))

    def _place_cards(self) -> None:
        """Put the cards into as many columns as there is room for, but no more than there are cards."""
        most = min(MOST_COLUMNS, max(LEAST_COLUMNS, self.width() // _CARD_WIDTH_PX))
        columns = min(most, max(LEAST_COLUMNS, len(self._children)))
        if columns == self._columns:
            return
        self._columns = columns
        for column in range(MOST_COLUMNS):
            self._grid.setColumnStretch(column, 1 if column < columns else 0)
        for at, card in enumerate(self._cards):
            self._grid.addWidget(card, at // columns, at % columns)

    def _on_card(self, key: str) -> None:
        child = next((child for child in self._children if child.code == key), None)
        if child is not None:
            self.node_was_asked.emit(child)

    def _on_figure(self, key: str) -> None:
        child = next((child for child in self._children if child.code == key), None)
        if child is not None:
            self.health_was_asked.emit(child)

    def _kpis_within(self, node: Node) -> tuple[Kpi, ...]:
        """Return the KPIs below a node that a focus filter lets through."""
        names, inside = self._desk.names, self._desk.scope.kpis
        if names is None:
            return ()
        rows = names.view.layer(node.kind).kpis_of(node.index).tolist()
        return tuple(names.view.catalogue.kpis[row] for row in rows if inside is None or inside[row])

    def _add_actions(self) -> None:
        """Offer by mouse, beside their keys, what W, H and F do here."""
        for action in HEADER_ACTIONS:
            named = BY_ID[action]
            self.add_action(action, f"{named.keys[0]} {self._desk.say(named.title)}")

    def _on_crumb(self, key: str) -> None:
        names = self._desk.names
        if key == TOP or names is None or self._node is None:
            self.node_was_asked.emit(None)
        else:
            self.node_was_asked.emit(names.view.path(self._node)[int(key)])

    def _on_vital(self, key: str) -> None:
        kind, _, number = key.partition(":")
        if kind == "vital":
            self.vital_was_chosen.emit(int(number))

    def _lay_out(self) -> None:
        way = QHBoxLayout()
        way.setContentsMargins(SPACE_PX * 2, SPACE_PX, SPACE_PX * 3, SPACE_PX)
        way.addWidget(self._crumbs, 1)
        way.addWidget(self._owner)
        self._grid = QGridLayout()
        self._grid.setContentsMargins(SPACE_PX * 2, 0, SPACE_PX * 2, SPACE_PX * 2)
        self._grid.setSpacing(SPACE_PX * 2)
        inner = QWidget()
        outer = QVBoxLayout(inner)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.addLayout(self._grid)
        outer.addStretch(1)
        self._card_area = QScrollArea()
        self._card_area.setWidgetResizable(True)
        self._card_area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._card_area.setWidget(inner)
        # QScrollArea lets its widget fill itself with the ground colour.
        inner.setAutoFillBackground(False)
        self._lists = QSplitter(Qt.Orientation.Horizontal)
        self._lists.addWidget(_titled(self._kpi_head, self._kpis))
        self._lists.addWidget(_titled(self._vital_head, self._vitals))
        self._lists.setSizes([450, 550])
        body = QWidget()
        stack = QVBoxLayout(body)
        stack.setContentsMargins(0, 0, 0, 0)
        stack.setSpacing(0)
        stack.addLayout(way)
        stack.addWidget(self._card_area, 2)
        stack.addWidget(self._lists, 3)
        self.set_body(body)


def _titled(head: Lettered, body: QWidget) -> QWidget:
    whole = QWidget()
    column = QVBoxLayout(whole)
    column.setContentsMargins(0, 0, 0, 0)
    column.setSpacing(0)
    head.setContentsMargins(SPACE_PX * 3, SPACE_PX, SPACE_PX * 3, SPACE_PX)
    column.addWidget(head)
    column.addWidget(body, 1)
    return whole
