"""The Chinese input method is left alone: its key is nobody's, and every text field lets it compose."""

from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QInputMethodEvent, QKeySequence, QShortcut
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLineEdit

from chengyun_console.actions.table import ACTIONS
from tests.console.scenes import SCENES, Look, Stand, seat, stand

_TOGGLE = QKeySequence("Ctrl+Space")


def fields(at: Stand) -> list[QLineEdit]:
    """Return the text fields that can be typed into now."""
    return [
        one for one in at.window.findChildren(QLineEdit) if one.isVisible() and one.isEnabled() and not one.isReadOnly()
    ]


def compose(field: QLineEdit, preedit: str, commit: str = "") -> None:
    """Let an input method show a preedit, or commit."""
    event = QInputMethodEvent(preedit, [])
    event.setCommitString(commit)
    QApplication.sendEvent(field, event)


def test_that_no_action_has_the_key_of_the_input_method() -> None:
    keys = [key for action in ACTIONS for key in action.keys]
    assert not [key for key in keys if QKeySequence(key) == _TOGGLE]


def test_that_no_shortcut_of_the_window_takes_it(qapp: QApplication, tmp_path: Path) -> None:
    with stand(tmp_path, Look()) as at:
        bound = [key for shortcut in at.window.findChildren(QShortcut) for key in QShortcut.keys(shortcut)]
        assert bound
        assert _TOGGLE not in bound


@pytest.mark.parametrize("scene", ["sign-on", "F2", "search", "form", "asker"])
def test_that_every_text_field_lets_the_input_method_compose(qapp: QApplication, tmp_path: Path, scene: str) -> None:
    with stand(tmp_path, Look()) as at:
        if scene != "sign-on":
            seat(at)
        show: Callable[[Stand], None] = SCENES[scene]
        show(at)
        at.beat()
        found = fields(at)
        assert found
        for field in found:
            if field.echoMode() is QLineEdit.EchoMode.Password:
                continue
            field.setFocus()
            field.clear()
            compose(field, "sqs")
            assert field.text() == "", "what is only being composed is no text yet"
            compose(field, "", "水情")
            assert field.text() == "水情"
            assert field.isVisible()


def test_that_enter_and_esc_belong_to_the_input_method_while_a_comment_is_composed(
    qapp: QApplication, tmp_path: Path
) -> None:
    with stand(tmp_path, Look()) as at:
        seat(at)
        at.do("alarm.comment")
        field = at.window.asker.field
        compose(field, "yijing")
        for key in (Qt.Key.Key_Return, Qt.Key.Key_Escape):
            QTest.keyClick(field, key)
        assert at.window.asker.isVisible()
        compose(field, "", "已经到场")
        QTest.keyClick(field, Qt.Key.Key_Return)
        assert at.session.sent.commands[-1].text == "已经到场"
