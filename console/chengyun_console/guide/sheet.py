"""The handbook over any page: it opens at the chapter about what is in focus, and the page goes on living."""

from PySide6.QtCore import QRect, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget
from typing_extensions import override

from chengyun_console.desk import Desk
from chengyun_console.guide.book import Book, Found
from chengyun_console.guide.browser import ChapterBrowser
from chengyun_console.shell.overlay import Overlay
from chengyun_resources.theme.tokens import SPACE_PX, Severity
from chengyun_widgets.fact_list import FactList
from chengyun_widgets.fact_model import FactRow
from chengyun_widgets.field import SearchField
from chengyun_widgets.presence import Presence

LIST_PX = 364
WIDTH_PX = 1_280


class HelpSheet(Overlay):
    """Type to search, Up and Down choose a chapter, Esc closes."""

    def __init__(self, desk: Desk, parent: QWidget) -> None:
        super().__init__(desk.theme, desk.say("guide.title"), desk.say("guide.hint"), parent)
        self._desk = desk
        self._book: Book | None = None
        self._keys: tuple[str, ...] = ()
        self.field = SearchField(desk.theme, desk.say("guide.search"))
        self.list = FactList(desk.theme)
        self.browser = ChapterBrowser(desk.theme)
        self._lay_out()
        self.field.search_did_change.connect(self.look_for)
        self.field.row_was_asked.connect(self._move)
        self.field.was_submitted.connect(lambda _text: self.browser.setFocus())
        self.field.was_left.connect(self.close_over)
        self.list.current_did_change.connect(self._show)
        self.browser.chapter_was_asked.connect(self.open_chapter)

    def open_at(self, chapter: str, area: QRect) -> None:
        """Open the handbook at a chapter."""
        if self._book is None:
            # Made when first asked for: a shift that never asks does not pay for it.
            self._book = Book(self._desk.texts)
        self.open_over(area)
        self.open_chapter(chapter)
        self.field.setFocus(Qt.FocusReason.ShortcutFocusReason)

    def open_chapter(self, key: str) -> None:
        """Show a chapter; a search that hides it is cleared."""
        self.field.clear()
        self.look_for("")
        self.list.select(key)
        self._show(key)

    @property
    def chapter(self) -> str:
        """Key of the chapter shown."""
        return self.list.current_key()

    def look_for(self, text: str) -> None:
        """List the chapters that say it, and show the first."""
        if self._book is None:
            return
        found = self._book.look_for(text)
        self._keys = tuple(hit.key for hit in found)
        self.list.set_rows([_row(hit) for hit in found])
        self.list.show_notice(Presence.FRESH if found else Presence.EMPTY, self._desk.say("guide.none", text=text))
        if found and text.strip():
            self.list.select(found[0].key)
            self._show(found[0].key)

    @override
    def open_over(self, area: QRect) -> None:
        width = min(WIDTH_PX, area.width() - SPACE_PX * 6)
        left = area.x() + (area.width() - width) // 2
        super().open_over(QRect(left, area.y() + SPACE_PX * 3, width, area.height() - SPACE_PX * 6))

    @override
    def close_over(self) -> bool:
        """Leave it; the first Esc clears what was searched for."""
        if self.isVisible() and self.field.text():
            self.open_chapter(self.chapter)
            return True
        return super().close_over()

    @override
    def carried(self) -> object:
        """Return the chapter that is open, for the window in another language."""
        return self.chapter if self.isVisible() else None

    @override
    def take_carried(self, kept: object) -> None:
        parent = self.parentWidget()
        if isinstance(kept, str) and parent is not None:
            self.open_at(kept, parent.rect())

    @override
    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Up, Qt.Key.Key_Down) and not self.browser.hasFocus():
            self._move(1 if event.key() == Qt.Key.Key_Down else -1)
        else:
            super().keyPressEvent(event)

    def _show(self, key: str) -> None:
        if self._book is not None and key:
            self.browser.show_chapter(self._book.chapter(key), self.field.text())

    def _move(self, step: int) -> None:
        if self._keys:
            current = self.list.current_key()
            at = self._keys.index(current) if current in self._keys else 0
            self.list.select(self._keys[max(0, min(len(self._keys) - 1, at + step))])

    def _lay_out(self) -> None:
        side = QWidget()
        side.setFixedWidth(LIST_PX)
        column = QVBoxLayout(side)
        column.setContentsMargins(SPACE_PX * 3, SPACE_PX * 3, SPACE_PX * 2, SPACE_PX * 2)
        column.setSpacing(SPACE_PX * 2)
        column.addWidget(self.field)
        column.addWidget(self.list, 1)
        body = QWidget()
        row = QHBoxLayout(body)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(0)
        row.addWidget(side)
        row.addWidget(self.browser, 1)
        self.list.setAccessibleName(self._desk.say("guide.chapters"))
        self.set_body(body)
        self.show_notice(Presence.FRESH, "")


def _row(hit: Found) -> FactRow:
    count = str(hit.count) if hit.count else ""
    return FactRow(key=hit.key, severity=Severity.NONE, title=hit.title, detail=hit.excerpt, age=count)
