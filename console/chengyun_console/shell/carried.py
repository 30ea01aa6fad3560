"""Carries what an officer has under way from one window to the next: texts, choices, places, and where the keys go."""

import logging
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Protocol, runtime_checkable

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QAbstractScrollArea, QComboBox, QLineEdit, QPlainTextEdit, QTabBar, QWidget

logger = logging.getLogger(__name__)

Place = tuple[tuple[str, int], ...]
"""Way from the window down to a widget: class name, and its number among the sisters of that class."""
_OTHER = "other"


@runtime_checkable
class Carries(Protocol):
    """A widget that keeps more than Qt's own fields do, such as a fold or an open question.

    `take_carried` gets what `carried` of the same widget in the earlier window returned: frozen values only, never a
    widget or a bound method, or the earlier window could not go.
    """

    def carried(self) -> object:
        """Return what is to be kept; None for nothing."""
        ...

    def take_carried(self, kept: object) -> None:
        """Take over what was kept."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Field:
    """A line of text half written, with the cursor where it was."""

    text: str
    cursor: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Scrolled:
    """How far a list was moved, in its scroll bars' units."""

    across: int
    down: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Luggage:
    """Everything taken from a window; `focus` is the way to what had the keyboard."""

    kept: tuple[tuple[Place, object], ...]
    focus: Place | None


def pack(window: QWidget, *others: QObject) -> Luggage:
    """Return what is under way in a window. `others`: what keeps state and is no widget of the window's."""
    rows = [(place, kept) for place, thing in _things(window, others) if (kept := _kept(thing)) is not None]
    focus = window.focusWidget()
    place = next((place for place, thing in _things(window, others) if thing is focus), None)
    return Luggage(kept=tuple(rows), focus=place)


def unpack(luggage: Luggage, window: QWidget, *others: QObject) -> None:
    """Put everything in its place again, from the outside to the inside; `refocus` gives the keyboard back.

    What has no place any more (a pane that the other language does not need) is told to the log, for a text is lost.
    """
    for place, kept in luggage.kept:
        # Looked up anew each time: taking one thing may make the widgets of the next.
        thing = _found(window, others, place)
        if thing is None:
            logger.info("nothing at %s takes %s over", place, type(kept).__name__)
        else:
            _give(thing, kept)


def refocus(luggage: Luggage, window: QWidget) -> None:
    """Give the keyboard to the widget that has the place of the one that had it."""
    focus = _found(window, (), luggage.focus) if luggage.focus is not None else None
    if isinstance(focus, QWidget):
        focus.setFocus()


def _found(window: QWidget, others: tuple[QObject, ...], place: Place) -> QObject | None:
    """Return what is at a place: down the one way, for to look at every widget for each of them takes 200 ms."""
    kind, at = place[0]
    if kind == _OTHER:
        return others[at] if at < len(others) else None
    parent: QObject = window
    for step in place:
        child = next((child for *way, child in _children(parent) if tuple(way) == step), None)
        if child is None:
            return None
        parent = child
    return parent


def _things(window: QWidget, others: tuple[QObject, ...]) -> Iterator[tuple[Place, QObject]]:
    yield from _below(window, ())
    yield from ((((_OTHER, at),), other) for at, other in enumerate(others))


def _below(parent: QObject, place: Place) -> Iterator[tuple[Place, QObject]]:
    for kind, at, child in _children(parent):
        yield (*place, (kind, at)), child
        yield from _below(child, (*place, (kind, at)))


def _children(parent: QObject) -> Iterator[tuple[str, int, QWidget]]:
    """Go through the widgets in a widget: class name, number among the sisters of that class, and the widget."""
    seen: dict[str, int] = {}
    for child in parent.children():
        if isinstance(child, QWidget) and not child.isWindow():
            kind = type(child).__name__
            at = seen[kind] = seen.get(kind, -1) + 1
            yield kind, at, child


def _kept(thing: QObject) -> object:
    if isinstance(thing, Carries):
        return thing.carried()
    match thing:
        case QLineEdit() if thing.text():
            return Field(text=thing.text(), cursor=thing.cursorPosition())
        case QPlainTextEdit() if thing.toPlainText():
            return Field(text=thing.toPlainText(), cursor=thing.textCursor().position())
        case QComboBox():
            return thing.currentData() if thing.currentData() is not None else thing.currentIndex()
        case QTabBar():
            return thing.currentIndex()
        case QAbstractScrollArea():
            return Scrolled(across=thing.horizontalScrollBar().value(), down=thing.verticalScrollBar().value())
    return None


def _give(thing: QObject, kept: object) -> None:
    match thing, kept:
        case Carries(), _:
            thing.take_carried(kept)
        case QLineEdit(), Field(text=text, cursor=cursor):
            thing.setText(text)
            thing.setCursorPosition(cursor)
        case QPlainTextEdit(), Field(text=text, cursor=cursor):
            thing.setPlainText(text)
            moved = thing.textCursor()
            moved.setPosition(cursor)
            thing.setTextCursor(moved)
        case QComboBox(), _:
            at = thing.findData(kept)
            thing.setCurrentIndex(at if at >= 0 else kept if isinstance(kept, int) else thing.currentIndex())
        case QTabBar(), int(at):
            thing.setCurrentIndex(at)
        case QAbstractScrollArea(), Scrolled(across=across, down=down):
            thing.horizontalScrollBar().setValue(across)
            thing.verticalScrollBar().setValue(down)
