"""The page of official warnings: the list at the left, the document and its call-out at the right."""

from collections.abc import Callable

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QDragEnterEvent, QDropEvent
from PySide6.QtWidgets import QVBoxLayout
from typing_extensions import override

from chengyun_console.actions.action import Where
from chengyun_console.desk import Desk
from chengyun_console.file_intake import has_files, paths_in
from chengyun_console.pages.page import Page
from chengyun_console.pages.plans.ask_line import AskLine
from chengyun_console.pages.plans.keyed import KeyedButtons
from chengyun_console.pages.split_panes import SplitPanes
from chengyun_console.warnings.calling import CallPane
from chengyun_console.warnings.document import DocumentPane
from chengyun_console.warnings.listing import WarningList
from chengyun_core.mirror.links import Links
from chengyun_core.mirror.news import FactNews
from chengyun_core.model.warning import OfficialWarning, WarningState
from chengyun_resources.theme.tokens import SPACE_PX

DEEDS = ("warning.issue", "warning.import", "warning.call", "warning.mode", "warning.map", "warning.update",
         "warning.cancel")  # fmt: skip
_OWN = "own"


class WarningsPage(Page):
    """Single letters are about the warning in focus; the digits about the addressee in focus."""

    file_was_dropped = Signal(object)
    """Path of a file that may hold warnings."""

    def __init__(self, desk: Desk) -> None:
        super().__init__()
        self._desk = desk
        self.setAcceptDrops(True)
        self.ask_line = AskLine(desk)
        self.list, self.document = WarningList(desk), DocumentPane(desk)
        self.calling = CallPane(desk, self.ask_line)
        self.deeds = KeyedButtons(desk, {action: self._asker(action) for action in DEEDS})
        self._lay_out()
        self.list.warning_was_chosen.connect(self.show_warning)
        self.list.warning_was_opened.connect(self._on_opened)
        self.document.did_change.connect(self._follow)
        self.calling.deeds.bind_to(self, without=("warning.end_call",))

    @override
    def bring_to_now(self, links: Links, now_s: float) -> None:
        if self._desk.session.signed_on is None:
            return
        self.list.refresh()
        self.document.refresh()
        self._follow()
        self.calling.refresh()

    @override
    def take_facts(self, news: FactNews) -> None:
        if any(fact.kind == "warning" for fact in news.facts) or any(kind == "warning" for kind, _key in news.gone):
            self.list.mark_stale()
        if any(fact.kind == "mode" for fact in news.facts):
            self.document.mark_stale()

    @override
    def take_preferences(self) -> None:
        self.list.mark_stale()

    @override
    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        if has_files(event.mimeData()):
            event.acceptProposedAction()

    @override
    def dropEvent(self, event: QDropEvent) -> None:
        """A file that is dropped on the page is looked at in the sheet that imports."""
        paths = paths_in(event.mimeData())
        if paths:
            event.acceptProposedAction()
            self.file_was_dropped.emit(paths[0])

    @override
    def subject(self) -> Where:
        return Where.WARNING

    @override
    def focus_front(self) -> None:
        self.list.list.setFocus()

    @override
    def step_back(self) -> bool:
        return self.ask_line.close_over()

    def open_warning(self, number: int) -> None:
        """Show a warning, whatever the list is about."""
        self.list.select(number)
        self.show_warning(number)

    def show_warning(self, number: int) -> None:
        """Show the document and the call-out of a warning."""
        self.document.show_warning(number, self.list.warning(number))
        self._follow()

    def warning(self) -> OfficialWarning | None:
        """Return the warning in focus as it stands."""
        told = self.document.told
        if told is None:
            return None
        return self._desk.session.facts.warned.warnings.get(told.warning.number, told.warning)

    def _follow(self) -> None:
        """Show the call-out of the warning in focus, and what can be done with it."""
        one, told = self.warning(), self.document.told
        given = told.call_out if told is not None else None
        number = one.call_out if one is not None and one.call_out is not None else given.number if given else None
        self.calling.show_call_out(number, given)
        self.deeds.show_only(self._possible(one))

    def _possible(self, one: OfficialWarning | None) -> tuple[str, ...]:
        always = ("warning.issue", "warning.import")
        if one is None or one.state is not WarningState.IN_FORCE:
            return always
        found = [*always, "warning.mode", "warning.map"]
        if one.call_out is None:
            found.append("warning.call")
        if one.format == _OWN:
            found += ["warning.update", "warning.cancel"]
        return tuple(found)

    def _asker(self, action: str) -> Callable[[], object]:
        return lambda: self.action_was_asked.emit(action)

    def _on_opened(self, number: int) -> None:
        """Enter on a warning: its call-out where one runs, else its text."""
        self.show_warning(number)
        (self.calling.list if self.calling.call_out() is not None else self.document.sheet).setFocus()

    def _lay_out(self) -> None:
        right = SplitPanes(self._desk, "warnings.right", Qt.Orientation.Vertical, (50, 50))
        right.addWidget(self.document)
        right.addWidget(self.calling)
        panes = SplitPanes(self._desk, "warnings.whole", Qt.Orientation.Horizontal, (36, 64))
        panes.addWidget(self.list)
        panes.addWidget(right)
        column = QVBoxLayout(self)
        column.setContentsMargins(SPACE_PX * 3, SPACE_PX * 3, SPACE_PX * 3, SPACE_PX * 2)
        column.setSpacing(0)
        column.addWidget(panes, 1)
        for widget in (self.ask_line, self.deeds):
            column.addWidget(widget)
