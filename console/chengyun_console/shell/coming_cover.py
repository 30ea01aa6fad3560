"""Lies over the pages while one comes: its frame with a word in each pane, and the keyboard, whose keys it keeps."""

from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field

from PySide6.QtCore import QEvent, QRectF, Qt
from PySide6.QtGui import QKeyEvent, QMouseEvent, QPainter, QPen
from PySide6.QtWidgets import QWidget
from typing_extensions import override

from chengyun_console.desk import Desk
from chengyun_console.shell.coming_parts import Part, parts_of
from chengyun_console.shell.kept_keys import KeptKey, kept
from chengyun_resources.theme.tokens import RADIUS_PX, SPACE_PX, Colour, TypeSize
from chengyun_widgets.lettering import write
from chengyun_widgets.painted import Painted
from chengyun_widgets.panel import HEADER_PX
from chengyun_widgets.presence import Presence, paint_notice

MOST_KEPT = 64
"""A page is there in less than a second; more than this is something lying on the keyboard."""


@dataclass(slots=True, kw_only=True)
class Go:
    """A page somebody asked for, and what is to be done once it is in front."""

    page: str
    thens: list[Callable[[], object]] = field(default_factory=list)


class ComingCover(Painted):
    """Hidden unless a page comes. Of the keys it has kept, those that found no room are counted in `refused`."""

    def __init__(self, desk: Desk, parent: QWidget) -> None:
        super().__init__(desk.theme, parent)
        self._desk, self._over, self._page = desk, parent, ""
        self._parts: tuple[Part, ...] = ()
        self.kept: deque[KeptKey | Go] = deque()
        """What was done meanwhile, in its order."""
        self.refused = 0
        self.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.hide()

    def cover(self, page: str) -> None:
        """Lie over everything with the frame of a page, and take the keyboard."""
        self._page = page
        self.setAccessibleName(self._desk.say("coming.page", page=self._desk.say(f"console.page.{page}")))
        self.fit()
        self.show()
        self.raise_()
        self.setFocus()

    def fit(self) -> None:
        """Cover the parent as large as it is now."""
        self.setGeometry(self._over.rect())
        self._parts = parts_of(self._desk, self._page, self.width(), self.height()) if self._page else ()
        self.update()

    def leave(self) -> None:
        """Uncover what came; the keys that were kept stay kept."""
        self._page = ""
        self.hide()

    def keep(self, one: KeptKey | Go) -> None:
        """Keep what is to be done after the page is there; beyond MOST_KEPT keys are counted only."""
        if len(self.kept) < MOST_KEPT or isinstance(one, Go):
            self.kept.append(one)
        else:
            self.refused += 1

    def forget(self) -> None:
        """Forget all that was kept: nobody is there any more who meant it."""
        self.kept.clear()
        self.refused = 0

    def carried(self) -> object:
        """Return the keys that were kept for the page that comes (see shell.carried)."""
        keys = [one for one in self.kept if isinstance(one, KeptKey)]
        return tuple(keys) or None

    def take_carried(self, kept: object) -> None:
        """Keep them on: the page comes in this window."""
        if self._page and isinstance(kept, tuple):
            self.kept.extend(kept)

    @override
    def event(self, event: QEvent) -> bool:
        # Before anybody else may take the key for what lies beneath: shortcuts, Tab.
        if isinstance(event, QKeyEvent) and event.type() in (QEvent.Type.ShortcutOverride, QEvent.Type.KeyPress):
            event.accept()
            if event.type() is QEvent.Type.KeyPress and (key := kept(event)) is not None:
                self.keep(key)
            return True
        return super().event(event)

    @override
    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Nothing is there yet to be clicked; the page beneath is another one."""
        event.accept()

    @override
    def focus_rect(self) -> QRectF:
        return QRectF()

    @override
    def paint(self, painter: QPainter) -> None:
        painter.fillRect(self.rect(), self.theme.colour(Colour.GROUND))
        for part in self._parts:
            self._paint_part(painter, part)

    def _paint_part(self, painter: QPainter, part: Part) -> None:
        theme, rect = self.theme, part.rect.adjusted(0.5, 0.5, -0.5, -0.5)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(theme.colour(Colour.LINE), 1.0))
        painter.setBrush(theme.colour(Colour.PANEL))
        painter.drawRoundedRect(rect, RADIUS_PX, RADIUS_PX)
        head = QRectF(rect.left(), rect.top(), rect.width(), HEADER_PX)
        painter.drawLine(head.bottomLeft(), head.bottomRight())
        lettered = head.adjusted(SPACE_PX * 3, 0, -SPACE_PX * 3, 0)
        write(painter, lettered, part.title, theme.font(TypeSize.BODY, bold=True), theme.colour(Colour.TEXT))
        below = QRectF(rect.left(), head.bottom(), rect.width(), rect.bottom() - head.bottom())
        paint_notice(painter, theme, below, Presence.EMPTY, self._desk.say("coming.part"))
