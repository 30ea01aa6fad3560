"""Every vital at a glance: one cell each, grouped by sector, abnormal ones first; near by, searched, walked by keys."""

import numpy as np
import numpy.typing as npt
from PySide6.QtCore import QPoint, Signal
from PySide6.QtGui import QCursor
from PySide6.QtWidgets import QToolTip, QVBoxLayout, QWidget

from chengyun_console.desk import Desk
from chengyun_core.mirror.catalogue_view import CatalogueView
from chengyun_core.mirror.state import Freshness, StateMirror
from chengyun_core.mirror.tree import Node
from chengyun_core.model.clock import NS_PER_S
from chengyun_core.model.scales import Quality
from chengyun_resources.theme.tokens import SPACE_PX, TARGET_PX
from chengyun_widgets.field import SearchField
from chengyun_widgets.heat_marks import MOST_NAMED
from chengyun_widgets.heatgrid import NO_VITAL, HeatGrid, HeatGroup
from chengyun_widgets.panel import Panel
from chengyun_widgets.plain_tip import plain_tip
from chengyun_widgets.presence import Presence

GROUP_COLUMNS = 4
FIELD_PX = 168
FIND = "find"


class HeatPanel(Panel):
    """Counts in the header; the place and value under the mouse as a tip; a click explains the vital."""

    vital_was_chosen = Signal(int)
    node_was_asked = Signal(object)
    """The tree.Node whose title was clicked."""

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk.theme)
        self._desk = desk
        self.grid = HeatGrid(desk.theme)
        self.grid.set_column_count(GROUP_COLUMNS)
        self.field = SearchField(desk.theme, desk.say("cockpit.heat.find"))
        self._scheme = ""
        self._nodes: dict[str, Node] = {}
        self._members: npt.NDArray[np.int32] = np.empty(0, np.int32)
        self._shown: tuple[bytes, bytes] | None = None
        self._counts = self._found = ""
        body = QWidget()
        inner = QVBoxLayout(body)
        inner.setContentsMargins(SPACE_PX * 3, SPACE_PX, SPACE_PX * 3, SPACE_PX * 2)
        inner.addWidget(self.grid)
        self.set_body(body)
        self._add_field()
        self.show_notice(Presence.EMPTY, desk.say("console.heat.empty"))
        self._connect()

    def focus_grid(self) -> None:
        """Give the grid the keyboard."""
        self.grid.setFocus()

    def take_catalogue(self, scheme: str) -> None:
        """Lay the cells out for a new catalogue version, or for another focus filter: what is outside has no cell."""
        names = self._desk.names
        self._scheme = scheme
        if names is None or not scheme:
            return
        kept = np.zeros(names.view.count, bool)
        kept[list(names.shown)] = True
        if self._desk.scope.mask is not None:
            kept &= self._desk.scope.mask
        self._nodes = {}
        groups = []
        for node in grouping(names.view, scheme):
            members = names.view.vitals_of(node)
            members = members[kept[members]].astype(np.int32)
            if members.size or self._desk.scope.mask is None:
                key = f"{node.kind.value}:{node.code}"
                self._nodes[key] = node
                groups.append(HeatGroup(key=key, title=node.name, members=members, names=self._names_of(members)))
        self.grid.set_column_count(min(GROUP_COLUMNS, max(1, len(groups))))
        self.grid.set_groups(groups)
        self._members = np.concatenate([group.members for group in groups] or [np.empty(0, np.int32)])
        self._shown = None
        self.set_title(self._desk.say("console.heat.title", count=self._desk.figures.count(self._members.size)))
        self.show_notice(Presence.FRESH, "")
        self._on_text(self.field.text())

    def refresh(self, state: StateMirror, now_ns: int) -> None:
        """Colour the cells by the bands of now; dashed where no value is known of now."""
        if self._members.size == 0 or int(self._members.max()) >= state.count:
            return
        has_data = is_known(state, now_ns)
        shown = (state.band.tobytes(), has_data.tobytes())
        if shown == self._shown:
            return
        self._shown = shown
        self.grid.set_states(state.band, has_data)
        members, figures = self._members, self._desk.figures
        abnormal = int(np.count_nonzero(state.band[members]))
        silent = int(members.size - np.count_nonzero(has_data[members]))
        counts = self._desk.say("console.heat.counts", abnormal=figures.count(abnormal), silent=figures.count(silent))
        self._counts = self._desk.say("console.heat.lost") if state.silent else counts
        self._tell()

    def open_search(self) -> None:
        """Show the search line and give it the keyboard; what is typed lights up in the grid."""
        self.field.show()
        self.actions_by_key[FIND].hide()
        self.field.setFocus()
        self.field.selectAll()
        self._tell()

    def close_search(self) -> bool:
        """Show all cells alike again; return False when nothing was searched for."""
        if self.field.isHidden():
            return False
        self.field.clear()
        self.field.hide()
        self.actions_by_key[FIND].show()
        self.grid.setFocus()
        self._tell()
        return True

    def _tell(self) -> None:
        """Say in the header what matters most now: hits, the zoom, or the counts."""
        zoomed = self._desk.say("cockpit.heat.zoomed", zoom=f"{self.grid.zoom:g}") if self.grid.zoom > 1 else ""
        self.set_note(self._found or zoomed or self._counts)

    def _on_text(self, text: str) -> None:
        names = self._desk.names
        self._found = ""
        if names is None or not text.strip():
            self.grid.set_marked(None)
            self._tell()
            return
        # A text that another window handed on is seen where it is searched for.
        self.field.show()
        self.actions_by_key[FIND].hide()
        marked = np.zeros(names.view.count, bool)
        marked[list(names.view.search(text.strip(), names.view.count))] = True
        count = int(np.count_nonzero(marked[self._members]))
        self.grid.set_marked(marked)
        self._found = self._desk.say("cockpit.heat.found" if count else "cockpit.heat.none", count=count)
        self._tell()

    def _on_step(self, step: int) -> None:
        """Enter, Up and Down in the search line walk from hit to hit and explain it."""
        vital = self.grid.step_marked(step)
        if vital != NO_VITAL:
            self.vital_was_chosen.emit(vital)

    def _on_hovered(self, number: int) -> None:
        is_looked_at = self.grid.underMouse() or self.grid.hasFocus()
        # A hit of the search is explained by the card; a tip over the line one types in would be in the way.
        if number < 0 or not is_looked_at or self._desk.names is None or self._desk.names.vital(number) is None:
            QToolTip.hideText()
            return
        QToolTip.showText(self._tip_place(number), plain_tip(self.tip(number)), self.grid)

    def tip(self, number: int) -> str:
        """Return name, value and band of a vital, and below them place, code, age and freshness."""
        names, state, figures = self._desk.names, self._desk.session.state, self._desk.figures
        vital = names.vital(number) if names else None
        if vital is None or names is None or number >= state.count:
            return ""
        now_ns, place = self._desk.now_ns(), names.place(vital.centre)
        fresh = Freshness(int(state.freshness(now_ns)[number]))
        band = self._desk.say(f"console.band.{int(state.band[number])}")
        value = figures.with_unit(float(state.value[number]), vital.decimals, vital.unit)
        if fresh is Freshness.NEVER:
            never = self._desk.say("cockpit.heat.tip_never", place=place, vital=vital.code)
            return f"{vital.name}\n{never}"
        age = figures.short_duration((now_ns - int(state.time[number])) / NS_PER_S)
        told = self._desk.say(f"console.fresh.{fresh.name.lower()}")
        first = self._desk.say("cockpit.heat.tip", name=vital.name, value=value, band=band)
        second = self._desk.say("cockpit.heat.tip_age", place=place, vital=vital.code, age=age, state=told)
        return f"{first}\n{second}"

    def _tip_place(self, number: int) -> QPoint:
        """Return where the tip goes: at the pointer, or at the cell when the keyboard walks."""
        rect = self.grid.cell_rect(number)
        if self.grid.underMouse() or rect is None:
            return QCursor.pos()
        return self.grid.mapToGlobal(rect.bottomRight().toPoint())

    def _on_scope(self) -> None:
        self.take_catalogue(self._scheme)

    def _names_of(self, members: npt.NDArray[np.int32]) -> tuple[str, ...]:
        """Return what each vital is called, where a group is so small that cells may have room for it."""
        names = self._desk.names
        if names is None or members.size > MOST_NAMED:
            return ()
        return tuple(names.view.vital(number).name for number in members.tolist())

    def _add_field(self) -> None:
        self.field.setFixedSize(FIELD_PX, TARGET_PX)
        self.field.hide()
        self.field.setToolTip(plain_tip(self._desk.say("cockpit.heat.steps")))
        self._header.addWidget(self.field)
        text = f"Ctrl+F {self._desk.say('cockpit.action.find')}"
        self.add_action(FIND, text, plain_tip(self._desk.say("cockpit.heat.keys")))
        self.action_was_asked.connect(lambda _key: self.open_search())

    def _connect(self) -> None:
        self.grid.setAccessibleName(self._desk.say("cockpit.heat.grid"))
        self.grid.setAccessibleDescription(self._desk.say("cockpit.heat.keys"))
        self.grid.cell_is_hovered.connect(self._on_hovered)
        self.grid.cell_was_opened.connect(self.vital_was_chosen)
        self.grid.group_was_opened.connect(lambda key: self.node_was_asked.emit(self._nodes[key]))
        self.grid.zoom_did_change.connect(lambda _zoom: self._tell())
        self.field.search_did_change.connect(self._on_text)
        self.field.was_submitted.connect(lambda _text: self._on_step(1))
        self.field.row_was_asked.connect(self._on_step)
        self.field.was_left.connect(self.close_search)
        self._desk.scope.did_change.connect(self._on_scope)


def grouping(view: CatalogueView, scheme: str) -> tuple[Node, ...]:
    """Return the nodes whose vitals stand together: the sectors, or the tracks of a city that has one sector."""
    sectors = view.sectors(scheme)
    tracks = view.children(sectors[0]) if len(sectors) == 1 else ()
    return tracks or sectors


def is_known(state: StateMirror, now_ns: int) -> npt.NDArray[np.bool_]:
    """Return which vitals have a value of now, bool[count]: fresh, and neither bad nor missing."""
    fresh = state.freshness(now_ns)
    known: npt.NDArray[np.bool_] = (fresh == Freshness.FRESH) & (state.quality <= Quality.UNCERTAIN)
    return known
