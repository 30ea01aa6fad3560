"""The risk strip unfolded: every living alarm as a list, over any page."""

from PySide6.QtCore import QRect, Signal
from PySide6.QtWidgets import QWidget
from typing_extensions import override

from chengyun_console.desk import Desk
from chengyun_console.pages.alarm_rows import AlarmRows, alarm_items
from chengyun_console.shell.overlay import Overlay, at_right
from chengyun_core.mirror.links import Links, Reach
from chengyun_core.model.clock import NS_PER_S
from chengyun_widgets.fact_list import FactList
from chengyun_widgets.presence import Presence

WIDTH_PX = 640


class UnfoldedStrip(Overlay):
    """Selection is the desk's, so A, U and S act here as on the cockpit."""

    alarm_was_opened = Signal(int)

    def __init__(self, desk: Desk, parent: QWidget) -> None:
        super().__init__(desk.theme, "", desk.say("console.unfolded.close"), parent)
        self._desk = desk
        self.list = FactList(desk.theme)
        self._rows = AlarmRows()
        self._shown: tuple[object, ...] = ()
        self.set_body(self.list)
        self.show_notice(Presence.FRESH, "")
        self.list.current_did_change.connect(self._on_current)
        self.list.row_was_opened.connect(self._on_opened)

    @override
    def open_over(self, area: QRect) -> None:
        super().open_over(at_right(area, WIDTH_PX))
        self._shown = ()
        self.list.setFocus()

    def refresh(self, links: Links, now_s: float) -> None:
        """Follow the board while it is open."""
        if self.isHidden():
            return
        desk, now_ns = self._desk, self._desk.now_ns()
        self.list.tick(now_s)
        facts = desk.session.facts
        state = (facts.board, now_ns // NS_PER_S, links.centre.reach)
        if state == self._shown:
            return
        self._shown = state
        told = alarm_items(facts)
        is_stale = links.centre.reach in (Reach.LOST, Reach.REFUSED)
        self.list.set_rows(self._rows.made(desk.list_words, told, now_ns, is_stale=is_stale))
        self.set_title(desk.say("console.unfolded.title", count=len(told)))
        empty = "console.alarms.empty" if facts.complete else "console.alarms.waiting"
        self.list.show_notice(Presence.FRESH if told else Presence.EMPTY, desk.say(empty))

    def _on_current(self, key: str) -> None:
        if key.isdigit() and self.isVisible():
            self._desk.select_alarm(int(key))

    def _on_opened(self, key: str) -> None:
        if key.isdigit():
            self.close_over()
            self.alarm_was_opened.emit(int(key))
