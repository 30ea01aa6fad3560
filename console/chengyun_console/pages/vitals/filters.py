"""The filters above the table: text, state, sector; together they make one mask over all vitals."""

import numpy as np
import numpy.typing as npt
from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QWidget

from chengyun_console.desk import Desk
from chengyun_console.pages.choice_box import ChoiceBox
from chengyun_core.mirror.state import StateMirror
from chengyun_core.model.scales import WarningColour
from chengyun_resources.theme.tokens import SPACE_PX
from chengyun_widgets.field import SearchField

ALL, ABNORMAL, SILENT = "all", "abnormal", "silent"
_COLOURS = (WarningColour.RED, WarningColour.ORANGE, WarningColour.YELLOW, WarningColour.BLUE)
FIELD_PX = 320


class FilterBar(QWidget):
    """Says that it changed; `wanted` is asked on the frame."""

    did_change = Signal()
    row_was_asked = Signal(int)
    """Up or Down in the text field: the table's row moves by this."""
    was_left = Signal()
    """Enter or Esc in the text field: the keyboard goes to the table."""

    def __init__(self, desk: Desk) -> None:
        super().__init__()
        self._desk = desk
        self._scheme = ""
        self.text = SearchField(desk.theme, desk.say("console.vitals.filter"))
        self.state = ChoiceBox(desk.theme)
        self.sector = ChoiceBox(desk.theme)
        self._text_mask: npt.NDArray[np.bool_] | None = None
        self._build()
        self.text.search_did_change.connect(self._on_text)
        self.text.row_was_asked.connect(self.row_was_asked)
        self.text.was_submitted.connect(lambda _text: self.was_left.emit())
        self.text.was_left.connect(self.was_left)
        self.state.currentIndexChanged.connect(lambda _at: self.did_change.emit())
        self.sector.currentIndexChanged.connect(lambda _at: self.did_change.emit())
        desk.scope.did_change.connect(self.did_change)

    def take_catalogue(self, scheme: str) -> None:
        """Offer the sectors of the catalogue; a chosen one stays chosen."""
        names = self._desk.names
        if names is None:
            return
        chosen = self.sector.currentData()
        self.sector.blockSignals(True)
        self.sector.clear()
        self.sector.addItem(self._desk.say("console.vitals.all_sectors"), ALL)
        for node in names.view.sectors(scheme):
            self.sector.addItem(node.name, node.code)
        self.sector.setCurrentIndex(max(0, self.sector.findData(chosen)))
        self.sector.blockSignals(False)
        self._on_text(self.text.text())

    def wanted(self, state: StateMirror, has_data: npt.NDArray[np.bool_]) -> npt.NDArray[np.bool_] | None:
        """Return which vitals are shown, bool[count]; None without a catalogue."""
        names = self._desk.names
        if names is None:
            return None
        mask = np.zeros(names.view.count, bool)
        mask[list(names.shown)] = True
        if self._text_mask is not None and self._text_mask.size == mask.size:
            mask &= self._text_mask
        if self._desk.scope.mask is not None and self._desk.scope.mask.size == mask.size:
            mask &= self._desk.scope.mask
        sector = self.sector.currentData()
        if sector not in (None, ALL):
            mask &= names.view.tree.sectors.node_of_vital == names.view.tree.sectors.node(sector).index
        return mask & self._state_mask(state, has_data)

    def choose_state(self, key: str) -> None:
        """Set the state filter: `all`, `abnormal`, `silent` or a colour's number."""
        self.state.setCurrentIndex(max(0, self.state.findData(key)))

    def clear(self) -> None:
        """Show everything again, a focus filter's outside included."""
        self._desk.scope.clear()
        self.text.clear()
        self.state.setCurrentIndex(0)
        self.sector.setCurrentIndex(0)
        self._on_text("")

    def _state_mask(self, state: StateMirror, has_data: npt.NDArray[np.bool_]) -> npt.NDArray[np.bool_]:
        match self.state.currentData():
            case None | "all":
                return np.ones(state.count, bool)
            case "abnormal":
                return state.band > 0
            case "silent":
                return ~has_data
            case colour:
                wanted: npt.NDArray[np.bool_] = state.band == int(colour)
                return wanted

    def _on_text(self, text: str) -> None:
        names = self._desk.names
        self._text_mask = None
        if names is not None and text.strip():
            self._text_mask = np.zeros(names.view.count, bool)
            self._text_mask[list(names.view.search(text, names.view.count))] = True
        self.did_change.emit()

    def _build(self) -> None:
        say = self._desk.say
        self.state.setAccessibleName(say("console.vitals.column.band"))
        self.sector.setAccessibleName(say("console.vitals.column.track"))
        self.state.addItem(say("console.vitals.all_bands"), ALL)
        self.state.addItem(say("console.vitals.abnormal"), ABNORMAL)
        for colour in _COLOURS:
            self.state.addItem(say(f"console.band.{int(colour)}"), str(int(colour)))
        self.state.addItem(say("console.vitals.silent"), SILENT)
        self.sector.addItem(say("console.vitals.all_sectors"), ALL)
        row = QHBoxLayout(self)
        row.setContentsMargins(SPACE_PX * 3, SPACE_PX * 2, SPACE_PX * 3, SPACE_PX * 2)
        row.setSpacing(SPACE_PX * 2)
        self.text.setMinimumWidth(FIELD_PX)
        row.addWidget(self.text)
        row.addWidget(self.state)
        row.addWidget(self.sector)
        row.addStretch(1)
