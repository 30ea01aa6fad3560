"""Walks a shown window: every text that was written, every target, every widget that can have the keyboard."""

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QPoint, QPointF, QRect, QRectF, Qt
from PySide6.QtGui import QColor, QFont, QImage, QPainter
from PySide6.QtWidgets import QAbstractItemView, QWidget

from chengyun_widgets import lettering


@dataclass(frozen=True, slots=True, kw_only=True)
class Written:
    """One text a painted widget wrote: where in the window, with what, and how much room it had and wanted, in px."""

    widget: QWidget
    rect: QRect
    text: str
    pixels: int
    bold: bool
    ink: QColor
    room: float
    wanted: float

    @property
    def is_cut(self) -> bool:
        """Whether an ellipsis was written in place of its end."""
        return self.wanted > self.room + 0.5


@contextmanager
def watched_writing(window: QWidget) -> Iterator[list[Written]]:
    """Note every text written by `lettering.write` below a window while it is painted."""
    notes: list[Written] = []
    real: Callable[..., float] = lettering.write

    def write(
        painter: QPainter,
        rect: QRectF,
        text: str,
        font: QFont,
        colour: QColor,
        align: Qt.AlignmentFlag = lettering.LEFT,
    ) -> float:
        widget: Any = painter.device()
        if text and isinstance(widget, QWidget) and window.isAncestorOf(widget):
            notes.append(_written(window, widget, painter, rect, text, font, colour, align))
        return real(painter, rect, text, font, colour, align)

    # Whoever imported it by its name has to be told, too.
    places = [module for module in list(sys.modules.values()) if vars(module).get("write") is real]
    for module in places:
        module.write = write  # type: ignore[attr-defined]
    try:
        yield notes
    finally:
        for module in places:
            module.write = real  # type: ignore[attr-defined]


def _written(
    window: QWidget, widget: QWidget, painter: QPainter, rect: QRectF, text: str, font: QFont, colour: QColor,
    align: Qt.AlignmentFlag,
) -> Written:  # fmt: skip
    wanted = lettering.text_width(font, text)
    taken = min(wanted, rect.width())
    left = rect.x()
    if align & Qt.AlignmentFlag.AlignRight:
        left = rect.right() - taken
    elif align & Qt.AlignmentFlag.AlignHCenter:
        left = rect.center().x() - taken / 2
    place = painter.transform().mapRect(QRectF(left, rect.y(), taken, rect.height())).toRect()
    return Written(
        widget=widget,
        rect=QRect(widget.mapTo(window, place.topLeft()), place.size()),
        text=text,
        pixels=font.pixelSize(),
        bold=font.bold(),
        ink=QColor(colour),
        room=rect.width(),
        wanted=wanted,
    )


def pixels(image: QImage) -> NDArray[np.uint8]:
    """Return the picture as uint8[height, width, 3] in red, green, blue; in device pixels."""
    rgb = image.convertToFormat(QImage.Format.Format_RGB888)
    rows = np.frombuffer(rgb.constBits(), np.uint8).reshape(rgb.height(), rgb.bytesPerLine())
    # A copy: the buffer goes with the picture.
    return rows[:, : rgb.width() * 3].reshape(rgb.height(), rgb.width(), 3).copy()


def part(picture: NDArray[np.uint8], rect: QRect) -> NDArray[np.uint8]:
    """Return the pixels of a rectangle, clipped to the picture."""
    top, left = max(0, rect.top()), max(0, rect.left())
    return picture[top : max(top, rect.bottom() + 1), left : max(left, rect.right() + 1)]


def ground(area: NDArray[np.uint8]) -> tuple[int, int, int]:
    """Return the commonest colour of an area: what the text stands on."""
    colours, counts = np.unique(_packed(area), return_counts=True)
    found = int(colours[counts.argmax()])
    return found >> 16, found >> 8 & 255, found & 255


def _packed(area: NDArray[np.uint8]) -> NDArray[np.uint32]:
    """Return each pixel as one number, uint32[...]: three times as fast to count."""
    wide = area.astype(np.uint32)
    return (wide[..., 0] << 16) | (wide[..., 1] << 8) | wide[..., 2]


def luminance(rgb: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return the relative luminance (WCAG 2.1) of float64[..., 3] in 0..255."""
    part_of_one = rgb / 255.0
    linear = np.where(part_of_one <= 0.04045, part_of_one / 12.92, ((part_of_one + 0.055) / 1.055) ** 2.4)
    found: NDArray[np.float64] = linear @ np.array([0.2126, 0.7152, 0.0722])
    return found


def contrast(one: tuple[int, int, int], other: tuple[int, int, int]) -> float:
    """Return the contrast ratio (WCAG 2.1) of two colours, 1..21."""
    both = luminance(np.array([one, other], np.float64))
    return float((both.max() + 0.05) / (both.min() + 0.05))


def strongest(area: NDArray[np.uint8], under: tuple[int, int, int]) -> float:
    """Return the greatest contrast any pixel of an area has to the ground under it."""
    colours = np.unique(_packed(area))
    light = luminance(np.stack([colours >> 16, colours >> 8 & 255, colours & 255], axis=-1).astype(np.float64))
    base = float(luminance(np.array([under], np.float64))[0])
    ratios = (np.maximum(light, base) + 0.05) / (np.minimum(light, base) + 0.05)
    return float(ratios.max())


def within(window: QWidget, widget: QWidget) -> QRect:
    """Return the part of a widget that can be seen, in the window's coordinates."""
    seen = widget.visibleRegion().boundingRect()
    return QRect(widget.mapTo(window, seen.topLeft()), seen.size())


def called(widget: QWidget) -> str:
    """Return how a fault names a widget: its class below its nearest named parents."""
    names, at = [], widget
    while at is not None and not at.isWindow() and len(names) < 3:
        if type(at).__name__ not in ("QWidget", "QStackedWidget"):
            names.append(type(at).__name__)
        at = at.parentWidget()
    return "/".join(reversed(names))


def told_elsewhere(widget: QWidget, at: QPoint, text: str) -> bool:
    """Return whether a cut text can be read whole: in a tool tip, an accessible name, or the item under it."""
    holder: QWidget | None = widget
    wanted = text.strip()
    while holder is not None and not holder.isWindow():
        told = (holder.toolTip(), holder.accessibleName(), holder.accessibleDescription())
        if any(wanted in _plain(said) for said in told):
            return True
        if isinstance(holder, QAbstractItemView):
            index = holder.indexAt(holder.viewport().mapFrom(holder, at))
            roles = (Qt.ItemDataRole.ToolTipRole, Qt.ItemDataRole.AccessibleTextRole, Qt.ItemDataRole.DisplayRole)
            return any(wanted in _plain(str(index.data(role) or "")) for role in roles[:2])
        at, holder = holder.mapToParent(at), holder.parentWidget()
    return False


def _plain(tip: str) -> str:
    for code, letter in (("<qt>", ""), ("</qt>", ""), ("<br>", "\n"), ("&lt;", "<"), ("&gt;", ">"),
                         ("&quot;", '"'), ("&#x27;", "'"), ("&amp;", "&")):  # fmt: skip
        tip = tip.replace(code, letter)
    return tip


def local(window: QWidget, note: Written) -> QPoint:
    """Return the middle of a written text in its widget's own coordinates."""
    return QPointF(note.widget.mapFrom(window, note.rect.center())).toPoint()
