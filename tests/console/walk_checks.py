"""What a walk finds wrong with a window as it stands: poor contrast, small targets, cut texts, nameless widgets."""

import re

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QPoint, QRect, QSize
from PySide6.QtGui import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractItemView,
    QComboBox,
    QHeaderView,
    QLabel,
    QLineEdit,
    QPushButton,
    QScrollBar,
    QSplitterHandle,
    QWidget,
)

from chengyun_console.shell.status_bar import StatusBar
from chengyun_resources.theme.tokens import TARGET_PX
from tests.support.walk import (
    Written,
    called,
    contrast,
    ground,
    local,
    part,
    pixels,
    strongest,
    told_elsewhere,
    within,
)

LEAST_TEXT, LEAST_LARGE = 4.5, 3.0
LARGE_PX, LARGE_BOLD_PX = 24, 19
"""WCAG 2.1: large is 18 pt, or 14 pt in bold."""
SEEN_PX = 8
"""What shows less than this of itself is scrolled away or lies under something."""
_CLICKED = (QAbstractButton, QComboBox, QLineEdit)


def visible(window: QWidget) -> list[QWidget]:
    """Return the widgets of a window that can be seen."""
    return [w for w in window.findChildren(QWidget) if w.isVisible() and not w.visibleRegion().isEmpty()]


def covered(window: QWidget, widget: QWidget, rect: QRect) -> bool:
    """Return whether something else lies over a part of a rectangle of the window."""
    across = (rect.left() + 1, rect.center().x(), rect.right() - 1)
    points = [QPoint(x, y) for x in across for y in (rect.top() + 1, rect.center().y(), rect.bottom() - 1)]
    return any(not _is_top(window, widget, point) for point in points)


def _is_top(window: QWidget, widget: QWidget, point: QPoint) -> bool:
    top = window.childAt(point)
    return top is widget or (top is not None and widget.isAncestorOf(top))


def poor_contrast(window: QWidget, notes: list[Written], picture: NDArray[np.uint8]) -> set[str]:
    """Return texts that stand out too little from what is under them, measured in the picture."""
    faults: dict[tuple[str, ...], str] = {}
    for note in notes:
        area = part(picture, note.rect)
        if not area.size or covered(window, note.widget, note.rect):
            continue
        under = ground(area)
        found = contrast((note.ink.red(), note.ink.green(), note.ink.blue()), under)
        large = note.pixels >= (LARGE_BOLD_PX if note.bold else LARGE_PX)
        if found < (LEAST_LARGE if large else LEAST_TEXT):
            on = f"#{under[0]:02x}{under[1]:02x}{under[2]:02x}"
            faults[called(note.widget), note.ink.name(), on] = f"{found:.2f} «{note.text[:16]}»"
    for widget in visible(window):
        fault = _poor_label(window, widget, picture)
        if fault:
            faults[(called(widget),)] = fault
    return {f"{' '.join(where)}: {what}" for where, what in faults.items()}


def _poor_label(window: QWidget, widget: QWidget, picture: NDArray[np.uint8]) -> str:
    """Return what is wrong with the text of one of Qt's own widgets, read off the picture: nothing when it is fine."""
    text = _text(widget)
    rect = within(window, widget).adjusted(3, 3, -3, -3)
    if not text.strip() or not widget.isEnabled() or rect.width() < SEEN_PX or covered(window, widget, rect):
        return ""
    area = part(picture, rect)
    under = ground(area)
    found = strongest(area, under)
    large = widget.font().pixelSize() >= (LARGE_BOLD_PX if widget.font().bold() else LARGE_PX)
    return f"{called(widget)}: {found:.2f} «{text[:16]}»" if found < (LEAST_LARGE if large else LEAST_TEXT) else ""


def _text(widget: QWidget) -> str:
    match widget:
        case QLabel() | QAbstractButton():
            return widget.text()
        case QComboBox():
            return widget.currentText()
        case QLineEdit():
            return widget.displayText() or widget.placeholderText()
    return ""


def small_targets(window: QWidget) -> set[str]:
    """Return what can be clicked and is lower or narrower than a finger, in px."""
    faults = set()
    for widget in visible(window):
        for size in _targets(widget):
            if min(size.width(), size.height()) < TARGET_PX:
                faults.add(
                    f"{called(widget)} {size.width()}x{size.height()} «{_text(widget) or widget.accessibleName()}»"
                )
    return faults


def _targets(widget: QWidget) -> list[QSize]:
    """Return the sizes of what can be clicked in a widget; a painted one tells them (`click_targets`)."""
    if isinstance(widget, QSplitterHandle):
        # A seam between panes is dragged, not clicked, and the arrow keys move it as well.
        return []
    if isinstance(widget, StatusBar):
        # UI.md gives it 26 px. It lies at the lower edge of the screen, which no hand passes, as wide as the window;
        # every panel's head of 34 px and Ctrl+I open the same sheet.
        return []
    told = getattr(widget, "click_targets", None)
    if told is not None:
        return [rect.toAlignedRect().size() for rect in told()]
    if isinstance(widget, _CLICKED):
        return [widget.size()]
    if isinstance(widget, QHeaderView):
        return [QSize(widget.sectionSize(at), widget.height()) for at in range(widget.count())
                if widget.sectionsClickable() and not widget.isSectionHidden(at)]  # fmt: skip
    if isinstance(widget, QAbstractItemView) and widget.model() is not None and widget.model().rowCount():
        rows = {widget.visualRect(widget.model().index(at, 0)).height() for at in range(widget.model().rowCount())}
        return [QSize(TARGET_PX, height) for height in rows]
    if _is_clicked(widget):
        return [widget.size()]
    return []


def _is_clicked(widget: QWidget) -> bool:
    """Return whether one of our own classes hears the mouse."""
    heard = ("mousePressEvent", "mouseReleaseEvent")
    return any(name in vars(kind) for kind in type(widget).__mro__ for name in heard
               if kind.__module__.startswith("chengyun_"))  # fmt: skip


def cut_texts(window: QWidget, notes: list[Written], sentences: frozenset[str]) -> set[str]:
    """Return texts that are cut and can nowhere be read whole, and words of the console's own that are cut at all.

    `sentences`: what the console says by itself. A vital may have any name; our own words must have room.
    """
    faults = set()
    for note in notes:
        if not note.is_cut or covered(window, note.widget, note.rect):
            continue
        own = note.text.strip() in sentences
        if own or not told_elsewhere(note.widget, local(window, note), note.text):
            faults.add(f"{called(note.widget)}: «{note.text}» has {note.room:.0f} of {note.wanted:.0f} px")
    for widget in visible(window):
        lack = _lack(widget)
        if lack and not told_elsewhere(widget, widget.rect().center(), _text(widget)):
            faults.add(f"{called(widget)}: «{_text(widget)}» {lack}")
        if isinstance(widget, QHeaderView):
            faults |= _cut_sections(widget)
    return faults


def _lack(widget: QWidget) -> str:
    """Return how much room the text of one of Qt's own widgets lacks, nothing when it has enough."""
    metrics = widget.fontMetrics()
    match widget:
        case QLabel() if widget.text():
            room = widget.contentsRect()
            if widget.wordWrap():
                wanted = metrics.boundingRect(0, 0, room.width(), 10_000, Qt.TextFlag.TextWordWrap.value, widget.text())
                return f"{room.height()} of {wanted.height()} px high" if wanted.height() > room.height() + 2 else ""
            wanted_px = max(metrics.horizontalAdvance(line) for line in widget.text().splitlines() or [""])
            return f"has {room.width()} of {wanted_px} px" if wanted_px > room.width() + 1 else ""
        case QPushButton() if widget.text():
            wanted_px = metrics.horizontalAdvance(widget.text()) + 8
            return f"has {widget.width()} of {wanted_px} px" if wanted_px > widget.width() else ""
        case QComboBox():
            wanted_px = metrics.horizontalAdvance(widget.currentText()) + 40
            return f"has {widget.width()} of {wanted_px} px" if wanted_px > widget.width() else ""
        case QLineEdit() if not widget.text():
            wanted_px = metrics.horizontalAdvance(widget.placeholderText()) + 16
            return f"has {widget.width()} of {wanted_px} px" if wanted_px > widget.width() else ""
    return ""


def _cut_sections(header: QHeaderView) -> set[str]:
    model = header.model()
    found = set()
    for at in range(header.count()):
        text = str(model.headerData(at, Qt.Orientation.Horizontal) or "")
        wanted = header.fontMetrics().horizontalAdvance(text) + 16
        if not header.isSectionHidden(at) and wanted > header.sectionSize(at):
            found.add(f"{called(header)}: column «{text}» has {header.sectionSize(at)} of {wanted} px")
    return found


def focusable(window: QWidget) -> list[QWidget]:
    """Return what Tab should reach: seen, enabled and willing."""
    return [
        widget for widget in visible(window)
        if widget.isEnabled() and widget.focusPolicy() & Qt.FocusPolicy.TabFocus and widget.focusProxy() is None
        and not isinstance(widget, QScrollBar)
    ]  # fmt: skip


def nameless(window: QWidget) -> set[str]:
    """Return what can have the keyboard and tells a screen reader nothing."""
    return {
        called(widget) for widget in focusable(window)
        if not widget.accessibleName() and not (isinstance(widget, QAbstractButton) and widget.text())
    }  # fmt: skip


_MARKUP = re.compile(r"<(?!br>|/?qt>)[^>]*>")


def rich_tips(window: QWidget) -> set[str]:
    """Return tool tips that Qt would read as markup: names come from imported tables."""
    return {
        f"{called(widget)}: {widget.toolTip()[:40]}" for widget in window.findChildren(QWidget)
        if Qt.mightBeRichText(widget.toolTip())
        and (not widget.toolTip().startswith("<qt>") or _MARKUP.search(widget.toolTip()))
    }  # fmt: skip


def tabbed(window: QWidget, key: Qt.Key) -> list[QWidget]:
    """Press Tab (or Backtab) until the keyboard is where it began; return where it was, in order."""
    start = window.focusWidget()
    seen: list[QWidget] = []
    for _ in range(_MOST_STOPS):
        at = window.focusWidget() or window
        QTest.keyClick(at, key)
        at = window.focusWidget()
        if at is None or (seen and at is seen[0]):
            break
        seen.append(at)
    if start is not None:
        start.setFocus()
    return seen


_MOST_STOPS = 120


def unreached(window: QWidget) -> set[str]:
    """Return what Tab or Shift+Tab never comes to."""
    wanted = focusable(window)
    faults = set()
    for key, name in ((Qt.Key.Key_Tab, "Tab"), (Qt.Key.Key_Backtab, "Shift+Tab")):
        reached = tabbed(window, key)
        faults |= {f"{name} never reaches {called(widget)}" for widget in wanted if widget not in reached}
    return faults


LEAST_CHANGED_PX = 24
"""A ring of 2 px around something 28 px high changes ten times as many; a cursor alone changes fewer."""


def unseen_focus(window: QWidget) -> set[str]:
    """Return what looks the same with and without the keyboard."""
    faults = set()
    start, every = window.focusWidget(), focusable(window)
    for widget in every:
        if not _lies_open(window, widget):
            continue
        other = next((one for one in every if one is not widget and not one.isAncestorOf(widget)), None)
        if other is None:
            continue
        other.setFocus(Qt.FocusReason.TabFocusReason)
        rect = within(window, widget).adjusted(-2, -2, 2, 2)
        before = pixels(window.grab(rect).toImage()).astype(np.int16)
        widget.setFocus(Qt.FocusReason.TabFocusReason)
        if window.focusWidget() is not widget or within(window, widget).adjusted(-2, -2, 2, 2) != rect:
            continue
        after = pixels(window.grab(rect).toImage()).astype(np.int16)
        changed = int((np.abs(after - before).max(axis=2) > 24).sum())
        if changed < LEAST_CHANGED_PX:
            faults.add(f"{called(widget)} «{widget.accessibleName()}» changes {changed} px")
    if start is not None:
        start.setFocus()
    return faults


def _lies_open(window: QWidget, widget: QWidget) -> bool:
    """Return whether no sheet lies over a corner of a widget: what is behind an open sheet may hide its ring."""
    seen = within(window, widget).adjusted(1, 1, -1, -1)
    corners = (seen.topLeft(), seen.topRight(), seen.bottomLeft(), seen.bottomRight(), seen.center())
    return all(_is_top(window, widget, corner) for corner in corners)
