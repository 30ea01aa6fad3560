"""A key pressed again does what it does when Qt hands it in."""

import pytest
from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QKeyEvent, QKeySequence, QShortcut
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLineEdit, QPushButton, QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot
from typing_extensions import override

from chengyun_console.shell.kept_keys import kept, press_again
from chengyun_console.shell.keys import bind as bind_table

NO = Qt.KeyboardModifier.NoModifier


class Heard(QWidget):
    """Writes down the keys that nobody else took."""

    def __init__(self) -> None:
        super().__init__()
        self.notes: list[str] = []
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.pane, self.field = QWidget(self), QLineEdit(self)
        self.button = QPushButton("x", self.pane)
        column = QVBoxLayout(self)
        column.addWidget(self.pane)
        column.addWidget(self.field)

    @override
    def keyPressEvent(self, event: QKeyEvent) -> None:
        self.notes.append(f"key {event.key()}")


@pytest.fixture
def heard(qtbot: QtBot) -> Heard:
    """A window of two halves: a pane with a shortcut of its own, and a field."""
    window = Heard()
    qtbot.addWidget(window)
    window.show()
    return window


def bind(heard: Heard, around: QWidget, keys: str, context: Qt.ShortcutContext) -> QShortcut:
    made = QShortcut(QKeySequence(keys), around)
    made.setContext(context)
    made.activated.connect(lambda: heard.notes.append(f"{keys} {context.name}"))
    return made


def event(key: Qt.Key, text: str = "", modifiers: Qt.KeyboardModifier = NO, *, repeat: bool = False) -> QKeyEvent:
    return QKeyEvent(QEvent.Type.KeyPress, key, modifiers, text, repeat)


def again(heard: Heard, pressed: QKeyEvent) -> list[str]:
    key = kept(pressed)
    assert key is not None
    press_again(heard, key)
    notes, heard.notes = heard.notes, []
    return notes


def test_that_a_modifier_alone_is_no_key() -> None:
    assert kept(event(Qt.Key.Key_Shift)) is None
    assert kept(event(Qt.Key.Key_A)) is not None


def test_that_a_shortcut_of_the_window_acts_and_the_key_goes_no_further(heard: Heard) -> None:
    bind(heard, heard, "G", Qt.ShortcutContext.WindowShortcut)
    heard.setFocus()
    assert again(heard, event(Qt.Key.Key_G, "g")) == ["G WindowShortcut"]
    assert again(heard, event(Qt.Key.Key_H, "h")) == [f"key {Qt.Key.Key_H.value}"]


def test_that_a_field_that_has_the_keyboard_gets_the_text(heard: Heard) -> None:
    bind(heard, heard, "G", Qt.ShortcutContext.WindowShortcut)
    heard.field.setFocus()
    for key, text in ((Qt.Key.Key_G, "g"), (Qt.Key.Key_unknown, "涝"), (Qt.Key.Key_Backspace, "")):
        assert again(heard, event(key, text)) == []
    assert heard.field.text() == "g"


def test_that_a_shortcut_around_a_pane_acts_only_in_it(heard: Heard) -> None:
    bind(heard, heard.pane, "Alt+2", Qt.ShortcutContext.WidgetWithChildrenShortcut)
    alt = Qt.KeyboardModifier.AltModifier
    heard.setFocus()
    assert again(heard, event(Qt.Key.Key_2, "2", alt)) == [f"key {Qt.Key.Key_2.value}"]
    heard.button.setFocus()
    assert again(heard, event(Qt.Key.Key_2, "2", alt)) == ["Alt+2 WidgetWithChildrenShortcut"]
    heard.pane.hide()
    heard.setFocus()
    assert again(heard, event(Qt.Key.Key_2, "2", alt)) == [f"key {Qt.Key.Key_2.value}"]


def test_that_a_key_held_down_does_its_shortcut_once(heard: Heard) -> None:
    shortcut = bind(heard, heard, "F6", Qt.ShortcutContext.WindowShortcut)
    shortcut.setAutoRepeat(False)
    heard.setFocus()
    assert again(heard, event(Qt.Key.Key_F6)) == ["F6 WindowShortcut"]
    assert again(heard, event(Qt.Key.Key_F6, repeat=True)) == []


def test_that_space_presses_a_button_as_press_and_release(heard: Heard) -> None:
    heard.button.clicked.connect(lambda: heard.notes.append("clicked"))
    heard.button.setFocus()
    assert again(heard, event(Qt.Key.Key_Space, " ")) == ["clicked"]


def test_that_a_mark_typed_with_shift_is_found_by_its_own_name(heard: Heard) -> None:
    bind(heard, heard, "?", Qt.ShortcutContext.WindowShortcut)
    heard.setFocus()
    pressed = event(Qt.Key.Key_Question, "?", Qt.KeyboardModifier.ShiftModifier)
    assert again(heard, pressed) == ["? WindowShortcut"]


def test_that_every_key_of_the_table_does_what_it_does_when_it_is_handed_in_by_qt(qtbot: QtBot) -> None:
    window, done = QWidget(), list[tuple[str, ...]]()
    window.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
    qtbot.addWidget(window)
    window.show()
    window.activateWindow()
    qtbot.waitUntil(window.isActiveWindow)
    window.setFocus()
    bound = bind_table(window, lambda actions: done.append(tuple(action.id for action in actions)))
    assert len(bound) > 50
    for name in bound:
        pressed = QKeySequence(name)[0]
        QTest.keyClick(window, pressed.key(), pressed.keyboardModifiers())
        text = name.lower() if len(name) == 1 else ""
        key = kept(QKeyEvent(QEvent.Type.KeyPress, pressed.key(), pressed.keyboardModifiers(), text))
        assert key is not None
        press_again(window, key)
        assert len(done) == 2, name
        assert done[0] == done[1]
        done.clear()
