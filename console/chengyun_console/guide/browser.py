"""Shows a chapter in the theme's colours and sizes. It loads nothing but its own shapes and the handbook's pictures."""

import re
from string import Template

from PySide6.QtCore import QRectF, Qt, QUrl, Signal
from PySide6.QtGui import QColor, QImage, QPainter, QResizeEvent, QTextCharFormat, QTextCursor, QTextDocument
from PySide6.QtWidgets import QTextBrowser, QTextEdit
from typing_extensions import override

from chengyun_console.guide.book import Chapter
from chengyun_console.guide.pictures import Pictures, placed
from chengyun_resources.theme.tokens import SPACE_PX, Colour, TypeSize
from chengyun_widgets.shapes import paint_link, paint_mark
from chengyun_widgets.theme import Theme

_IMAGE = re.compile(r'<img src="picture:([a-z0-9-]+)"')
_MARK_PX = 14
_SHARP = 3
MOST_MARKED = 400
_SHEET = Template(
    "body, p, li, td, th { color: $text; font-size: ${lead}px; line-height: 150%; }"
    ".h1 { font-size: ${figure}px; font-weight: bold; margin-top: 8px; margin-bottom: 12px; }"
    ".h2 { font-size: ${title}px; font-weight: bold; margin-top: 20px; margin-bottom: 8px; }"
    ".h3 { font-size: ${lead}px; font-weight: bold; margin-top: 12px; margin-bottom: 4px; }"
    "table { border-collapse: collapse; margin-top: 8px; margin-bottom: 12px; }"
    "th { color: $text_second; font-size: ${body}px; font-weight: bold; text-align: left;"
    " border-bottom: 1px solid $outline; }"
    "td { font-size: ${body}px; line-height: 120%; border-bottom: 1px solid $line; }"
    ".key { background-color: $raised; font-size: ${body}px; font-weight: bold; }"
    "a { color: $accent; text-decoration: none; }"
    ".picture { margin-top: 12px; margin-bottom: 4px; line-height: 100%; }"
    ".caption { color: $text_second; font-size: ${body}px; margin-top: 0px; margin-bottom: 16px; line-height: 130%; }"
)
_RING = Template(
    "ChapterBrowser { border: 2px solid transparent; } ChapterBrowser:focus { border: 2px solid $accent; }"
)


class ChapterBrowser(QTextBrowser):
    """Links lead to chapters only."""

    chapter_was_asked = Signal(str)

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self._chapter: Chapter | None = None
        self._pane_px = 0
        self._pictures = Pictures(self)
        self._pictures.came.connect(self._put)
        self.setOpenLinks(False)
        self.setOpenExternalLinks(False)
        self.setFont(theme.font(TypeSize.LEAD))
        self.setStyleSheet(_RING.substitute(accent=theme.colour(Colour.ACCENT).name()))
        self.document().setDocumentMargin(SPACE_PX * 4)
        self.document().setDefaultStyleSheet(_sheet(theme))
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOn)
        self.anchorClicked.connect(self._on_anchor)

    def show_chapter(self, chapter: Chapter, words: str = "") -> None:
        """Show a chapter from its beginning, or at the first of these words; all of them are marked."""
        self.setAccessibleName(chapter.title)
        self._chapter, self._pane_px = chapter, self._room_px()
        self._pictures.forget()
        self.setHtml(_with_sizes(chapter.html, self._pane_px))
        self._mark(words.split())

    @override
    def resizeEvent(self, event: QResizeEvent) -> None:
        """Give the pictures the pane's new width; what is being read stays where it is on the screen."""
        super().resizeEvent(event)
        if self._chapter is None or self._pane_px == self._room_px() or "picture:" not in self._chapter.html:
            return
        bar = self.verticalScrollBar()
        share = bar.value() / max(1, bar.maximum())
        self.show_chapter(self._chapter)
        bar.setValue(round(share * bar.maximum()))

    @override
    def loadResource(self, kind: int, name: QUrl | str) -> object:
        url = name.toString() if isinstance(name, QUrl) else name
        if kind == QTextDocument.ResourceType.ImageResource.value and url.startswith("mark:"):
            return self._shape(url.removeprefix("mark:"))
        if kind == QTextDocument.ResourceType.ImageResource.value and url.startswith("picture:"):
            return self._picture(url.removeprefix("picture:"))
        return None

    def _picture(self, address: str) -> QImage:
        """Return a picture, or what stands in its place until it has been read.

        The document keeps what it is given once: a picture that is ready is put there under its address.
        """
        image = self._pictures.image(address, self.devicePixelRatioF())
        if image is None:
            image = QImage(1, 1, QImage.Format.Format_RGB32)
            image.fill(self._theme.colour(Colour.RAISED))
        return image

    def _put(self, address: str) -> None:
        image = self._pictures.image(address, self.devicePixelRatioF())
        kind = QTextDocument.ResourceType.ImageResource.value
        self.document().addResource(kind, QUrl(f"picture:{address}"), image)
        self.viewport().update()

    def _room_px(self) -> int:
        return max(1, self.viewport().width() - 2 * round(self.document().documentMargin()))

    def _on_anchor(self, url: QUrl) -> None:
        if url.hasFragment():
            self.chapter_was_asked.emit(url.fragment())

    def _mark(self, words: list[str]) -> None:
        marks: list[QTextEdit.ExtraSelection] = []
        first: QTextCursor | None = None
        look = QTextCharFormat()
        look.setBackground(self._theme.colour(Colour.ACCENT_WASH))
        look.setFontUnderline(True)
        for word in words:
            cursor = self.document().find(word)
            while not cursor.isNull() and len(marks) < MOST_MARKED:
                first = cursor if first is None or cursor.position() < first.position() else first
                mark = QTextEdit.ExtraSelection()
                mark.cursor, mark.format = cursor, look  # type: ignore[attr-defined]
                marks.append(mark)
                cursor = self.document().find(word, cursor)
        self.setExtraSelections(marks)
        if first is not None:
            there = QTextCursor(first)
            there.clearSelection()
            self.setTextCursor(there)
            self.ensureCursorVisible()

    def _shape(self, what: str) -> QImage:
        """Return a shape as the screen paints it, `4`, `4:stale` or `link`."""
        side = _MARK_PX * _SHARP
        image = QImage(side, side, QImage.Format.Format_ARGB32_Premultiplied)
        image.setDevicePixelRatio(_SHARP)
        image.fill(QColor(Qt.GlobalColor.transparent))
        kind, _, state = what.partition(":")
        painter = QPainter(image)
        rect = QRectF(1, 1, _MARK_PX - 2, _MARK_PX - 2)
        if kind == "link":
            paint_link(painter, self._theme, rect, stale=state == "stale")
        else:
            paint_mark(painter, self._theme, rect, int(kind), stale=state == "stale")
        painter.end()
        return image


def _with_sizes(html: str, pane_px: int) -> str:
    """Return a chapter's HTML whose pictures have their sizes and addresses for a pane of this width."""

    def sized(found: "re.Match[str]") -> str:
        size = placed(found[1], pane_px)
        return f'<img src="picture:{found[1]}@{size.width()}" width="{size.width()}" height="{size.height()}"'

    return _IMAGE.sub(sized, html)


def _sheet(theme: Theme) -> str:
    colours = {str(token): theme.colour(token).name() for token in Colour}
    sizes = {size.name.lower(): str(int(size)) for size in TypeSize}
    return _SHEET.substitute({**colours, **sizes})
