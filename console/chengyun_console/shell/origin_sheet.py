"""The sheet «数字从何而来»: the source of every count that stands in a bar or in the title of a panel."""

from PySide6.QtCore import QRect
from PySide6.QtWidgets import QWidget
from typing_extensions import override

from chengyun_console.desk import Desk
from chengyun_console.shell.overlay import Overlay, at_right
from chengyun_console.wording.origins import origins
from chengyun_core.mirror.links import Links
from chengyun_core.model.clock import NS_PER_S
from chengyun_widgets.fact_sheet import FactSheet
from chengyun_widgets.presence import Presence

WIDTH_PX = 620


class OriginSheet(Overlay):
    """Opened by its key, or by a click on the status bar or on a panel's head; follows the second while it is open."""

    def __init__(self, desk: Desk, parent: QWidget) -> None:
        super().__init__(desk.theme, desk.say("console.origin.title"), desk.say("console.origin.close"), parent)
        self._desk = desk
        self.sheet = FactSheet(desk.theme)
        self._shown: tuple[object, ...] = ()
        self.set_body(self.sheet)
        self.show_notice(Presence.FRESH, "")

    @override
    def open_over(self, area: QRect) -> None:
        super().open_over(at_right(area, WIDTH_PX))
        self._shown = ()
        self.refresh(self._desk.session.links())
        self.sheet.setFocus()

    def refresh(self, links: Links) -> None:
        """Follow the second while it is open."""
        state = (self._desk.now_ns() // NS_PER_S, links)
        if self.isHidden() or state == self._shown:
            return
        self._shown = state
        self.sheet.show_sections(origins(self._desk, links))
