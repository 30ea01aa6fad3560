"""Every vital at a glance: one cell each, grouped by sector, abnormal ones first."""

import numpy as np
import numpy.typing as npt
from PySide6.QtCore import Signal
from PySide6.QtGui import QCursor
from PySide6.QtWidgets import QToolTip, QVBoxLayout, QWidget

from chengyun_console.desk import Desk
from chengyun_console.plain_tip import plain_tip
from chengyun_core.mirror.state import Freshness, StateMirror
from chengyun_core.model.clock import NS_PER_S
from chengyun_core.model.scales import Quality
from chengyun_resources.theme.tokens import SPACE_PX
from chengyun_widgets.heatgrid import HeatGrid, HeatGroup
from chengyun_widgets.panel import Panel
from chengyun_widgets.presence import Presence

GROUP_COLUMNS = 4


class HeatPanel(Panel):
    """Counts in the header; the place and value under the mouse as a tip; a click explains the vital."""

    vital_was_chosen = Signal(int)
    sector_was_asked = Signal(str)

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk.theme)
        self._desk = desk
        self._grid = HeatGrid(desk.theme)
        self._grid.set_column_count(GROUP_COLUMNS)
        self._members: npt.NDArray[np.int32] = np.empty(0, np.int32)
        self._shown: tuple[bytes, bytes] | None = None
        body = QWidget()
        inner = QVBoxLayout(body)
        inner.setContentsMargins(SPACE_PX * 3, SPACE_PX, SPACE_PX * 3, SPACE_PX * 2)
        inner.addWidget(self._grid)
        self.set_body(body)
        self.show_notice(Presence.EMPTY, desk.say("console.heat.empty"))
        self._grid.cell_is_hovered.connect(self._on_hovered)
        self._grid.cell_was_opened.connect(self.vital_was_chosen.emit)
        self._grid.group_was_opened.connect(self.sector_was_asked.emit)

    def take_catalogue(self, scheme: str) -> None:
        """Lay the cells out for a new catalogue version."""
        names = self._desk.names
        if names is None:
            return
        kept = np.zeros(names.view.count, bool)
        kept[list(names.shown)] = True
        groups = []
        for node in names.view.sectors(scheme):
            members = names.view.vitals_of(node)
            groups.append(HeatGroup(key=node.code, title=node.name, members=members[kept[members]].astype(np.int32)))
        self._grid.set_groups(groups)
        self._members = np.concatenate([group.members for group in groups] or [np.empty(0, np.int32)])
        self._shown = None
        self.set_title(self._desk.say("console.heat.title", count=self._desk.figures.count(self._members.size)))
        self.show_notice(Presence.FRESH, "")

    def refresh(self, state: StateMirror, now_ns: int) -> None:
        """Colour the cells by the bands of now; dashed where no value is known of now."""
        if self._members.size == 0 or int(self._members.max()) >= state.count:
            return
        has_data = is_known(state, now_ns)
        shown = (state.band.tobytes(), has_data.tobytes())
        if shown == self._shown:
            return
        self._shown = shown
        self._grid.set_states(state.band, has_data)
        members = self._members
        figures = self._desk.figures
        abnormal = int(np.count_nonzero(state.band[members]))
        silent = int(members.size - np.count_nonzero(has_data[members]))
        counts = self._desk.say("console.heat.counts", abnormal=figures.count(abnormal), silent=figures.count(silent))
        self.set_note(self._desk.say("console.heat.lost") if state.silent else counts)

    def _on_hovered(self, number: int) -> None:
        names = self._desk.names
        vital = names.vital(number) if names and number >= 0 else None
        if vital is None or names is None:
            QToolTip.hideText()
            return
        state, figures = self._desk.session.state, self._desk.figures
        value = figures.with_unit(float(state.value[number]), vital.decimals, vital.unit)
        band = self._desk.say(f"console.band.{int(state.band[number])}")
        age = figures.short_duration((self._desk.now_ns() - int(state.time[number])) / NS_PER_S)
        tip = f"{vital.name}  {value}  {band}\n{names.place(vital.centre)} · {vital.code} · {age}"
        QToolTip.showText(QCursor.pos(), plain_tip(tip), self._grid)


def is_known(state: StateMirror, now_ns: int) -> npt.NDArray[np.bool_]:
    """Return which vitals have a value of now, bool[count]: fresh, and neither bad nor missing."""
    fresh = state.freshness(now_ns)
    known: npt.NDArray[np.bool_] = (fresh == Freshness.FRESH) & (state.quality <= Quality.UNCERTAIN)
    return known
