"""The right of F5: what can be on, and beneath it what was asked, or what happens in the window."""

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QSize, Qt, Signal
from PySide6.QtWidgets import QStyleOptionViewItem, QVBoxLayout, QWidget
from typing_extensions import override

from chengyun_console.desk import Desk
from chengyun_console.maps.panel import MapPanel
from chengyun_console.pages.split_panes import SplitPanes
from chengyun_resources.theme.tokens import SPACE_PX
from chengyun_widgets.fact_list import FactList
from chengyun_widgets.fact_model import FactRow
from chengyun_widgets.field import SearchField
from chengyun_widgets.mapping.layers import World
from chengyun_widgets.mapping.view import Bounds
from chengyun_widgets.panel import Panel
from chengyun_widgets.presence import Presence
from chengyun_widgets.step_list import StepDelegate, StepList

MOST_HAPPENING = 100


_ROW_PX = 32


class _LowRows(StepDelegate):
    """Fifteen things that are on or off have to be seen at once: one line each."""

    @override
    def sizeHint(self, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex) -> QSize:
        return QSize(200, _ROW_PX)


class MapSide(SplitPanes):
    """Follows one map."""

    row_was_opened = Signal(str)
    """Key of a row of the lower list: `<kind>:<key>` of a thing."""

    def __init__(self, desk: Desk, map_panel: MapPanel) -> None:
        super().__init__(desk, "map.side", Qt.Orientation.Vertical, (46, 54))
        self._desk, self._map = desk, map_panel
        self.search = SearchField(desk.theme, desk.say("maps.find.hint"), desk.say("maps.find.key"))
        self.layers, self.list = StepList(desk.theme), FactList(desk.theme)
        self._low = _LowRows(self.layers)
        self.layers.setItemDelegate(self._low)
        self._upper, self._lower = Panel(desk.theme, desk.say("maps.layers")), Panel(desk.theme)
        self._upper.set_note(desk.say("maps.layers_hint"))
        for panel, body in ((self._upper, self.layers), (self._lower, self.list)):
            panel.set_body(body)
        self.addWidget(self._headed())
        self.addWidget(self._lower)
        self._state: tuple[object, ...] = ()
        self._is_dirty = True
        self.layers.tick_was_asked.connect(map_panel.toggles.turn)
        self.layers.row_was_opened.connect(map_panel.toggles.turn)
        self.list.row_was_opened.connect(self.row_was_opened)
        map_panel.answer_did_change.connect(self._mark_dirty)
        map_panel.toggles.did_change.connect(self._mark_dirty)

    def _headed(self) -> QWidget:
        """Return the search with the list of layers below it."""
        made = QWidget()
        column = QVBoxLayout(made)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(SPACE_PX * 2)
        column.addWidget(self.search)
        column.addWidget(self._upper, 1)
        return made

    def bring_to_now(self) -> None:
        """Bring both lists to now; called on each frame."""
        canvas, facts = self._map.canvas, self._desk.session.facts
        state = (facts.through, id(canvas.layers), canvas.view, len(self._map.maps.store.faults))
        if state == self._state and not self._is_dirty:
            return
        self._state, self._is_dirty = state, False
        self.layers.set_rows(self._map.toggles.steps())
        answer = self._map.inquiry.answer()
        title, rows = answer if answer is not None else self._happening()
        self._lower.set_title(title)
        self._lower.set_note(self._desk.say("maps.answer_hint") if answer is not None else "")
        self.list.set_rows(rows)
        self.list.show_notice(Presence.FRESH if rows else Presence.EMPTY, self._desk.say(self._none(answer is None)))

    def _none(self, is_happening: bool) -> str:
        return "maps.nothing_here" if is_happening else "maps.asking"

    def _happening(self) -> tuple[str, list[FactRow]]:
        """Return the alarms and events in the window, the gravest first; those without a place by their area."""
        canvas, scene = self._map.canvas, self._map.scene()
        bounds = canvas.screen_now.bounds
        found = [one for one in self._map.happening() if _holds(bounds, one[1].at)]
        rows = []
        for _rank, stand, item in found[:MOST_HAPPENING]:
            told = self._map.pointing.words.told(item, scene, None)
            if told is not None:
                first = next((text for _label, text in told.lines), "")
                detail = "  ".join(filter(None, (told.kind, first)))
                badges = () if stand.is_exact else (self._desk.say("maps.area_badge"),)
                rows.append(
                    FactRow(key=item.id, severity=told.severity, title=told.title, detail=detail, badges=badges)
                )
        return self._desk.say("maps.happening", count=len(found)), rows

    def _mark_dirty(self) -> None:
        self._is_dirty = True


def _holds(bounds: Bounds, at: World) -> bool:
    return bounds.west <= at[0] <= bounds.east and bounds.north <= at[1] <= bounds.south
