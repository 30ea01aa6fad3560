"""Widgets that ask and answer: notes, messages, search, watermark."""

import pytest
from PySide6.QtCore import QCoreApplication, QEvent, QPoint, Qt
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QLineEdit, QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot

from chengyun_resources.theme.tokens import TARGET_PX
from chengyun_widgets.field import SearchField
from chengyun_widgets.note_chooser import NoteChooser
from chengyun_widgets.text_asker import TextAsker
from chengyun_widgets.theme import Theme
from chengyun_widgets.toast import Message, MessageLine, MessageTone
from chengyun_widgets.watermark import Watermark
from tests.widgets.pictures import pixels_of

NOTES = ("已通知现场核实", "误报：传感器检修", "持续观察")


class Desk(QWidget):
    """A window with a field that has the focus, and a chooser beside it."""

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self.field, self.chooser = QLineEdit(), NoteChooser(theme)
        layout = QVBoxLayout()
        layout.addWidget(self.field)
        layout.addWidget(self.chooser)
        self.setLayout(layout)


@pytest.fixture
def desk(theme: Theme, qtbot: QtBot) -> Desk:
    made = Desk(theme)
    qtbot.addWidget(made)
    made.resize(700, 200)
    made.show()
    qtbot.waitExposed(made)
    made.activateWindow()
    made.field.setFocus()
    qtbot.waitUntil(made.field.hasFocus, timeout=5000)
    return made


def test_that_a_digit_chooses_a_note_and_gives_the_focus_back(desk: Desk, qtbot: QtBot) -> None:
    desk.chooser.open_for("确认", NOTES)
    assert desk.chooser.hasFocus()
    with qtbot.waitSignal(desk.chooser.note_was_chosen, check_params_cb=lambda index: index == 1):
        qtbot.keyClick(desk.chooser, Qt.Key.Key_2)
    assert desk.chooser.isHidden()
    assert desk.field.hasFocus()


def test_that_a_digit_answers_although_it_is_a_shortcut_of_the_window(desk: Desk, qtbot: QtBot) -> None:
    taken = QShortcut(QKeySequence("2"), desk)
    desk.chooser.open_for("确认", NOTES)
    with qtbot.assertNotEmitted(taken.activated), qtbot.waitSignal(desk.chooser.note_was_chosen):
        qtbot.keyClick(desk.chooser, Qt.Key.Key_2)


def test_that_a_digit_without_a_note_does_nothing(desk: Desk, qtbot: QtBot) -> None:
    desk.chooser.open_for("确认", NOTES)
    with qtbot.assertNotEmitted(desk.chooser.note_was_chosen):
        qtbot.keyClick(desk.chooser, Qt.Key.Key_9)
    assert desk.chooser.isVisible()


def test_that_escape_chooses_nothing(desk: Desk, qtbot: QtBot) -> None:
    desk.chooser.open_for("确认", NOTES)
    with qtbot.waitSignal(desk.chooser.was_dismissed), qtbot.assertNotEmitted(desk.chooser.note_was_chosen):
        qtbot.keyClick(desk.chooser, Qt.Key.Key_Escape)
    assert desk.field.hasFocus()


def test_that_going_elsewhere_dismisses_and_does_not_pull_the_focus_back(desk: Desk, qtbot: QtBot) -> None:
    other = QLineEdit(desk)
    other.show()
    desk.chooser.open_for("确认", NOTES)
    with qtbot.waitSignal(desk.chooser.was_dismissed):
        other.setFocus(Qt.FocusReason.TabFocusReason)
    assert other.hasFocus()


def test_that_arrows_and_enter_choose_too_and_clicks_land_on_whole_targets(desk: Desk, qtbot: QtBot) -> None:
    desk.chooser.open_for("确认", NOTES)
    qtbot.keyClick(desk.chooser, Qt.Key.Key_Left)
    with qtbot.waitSignal(desk.chooser.note_was_chosen, check_params_cb=lambda index: index == 2):
        qtbot.keyClick(desk.chooser, Qt.Key.Key_Return)
    desk.chooser.open_for("确认", NOTES)
    rect = desk.chooser._rects()[0]
    assert rect.height() >= TARGET_PX
    with qtbot.waitSignal(desk.chooser.note_was_chosen, check_params_cb=lambda index: index == 0):
        qtbot.mouseClick(desk.chooser, Qt.MouseButton.LeftButton, pos=rect.center().toPoint())


def test_that_nine_long_notes_flow_into_rows_inside_the_strip(desk: Desk) -> None:
    desk.chooser.open_for("确认", [f"很长的一条备注文字 {n}" for n in range(9)])
    rects = desk.chooser._rects()
    assert all(rect.right() <= desk.chooser.width() and rect.bottom() <= desk.chooser.height() for rect in rects)
    assert len({rect.y() for rect in rects}) > 1


@pytest.mark.parametrize("count", [0, 10])
def test_that_a_digit_can_reach_every_note(desk: Desk, count: int) -> None:
    with pytest.raises(ValueError, match="1 to 9 notes"):
        desk.chooser.open_for("确认", ["x"] * count)


REFUSED = Message(tone=MessageTone.REFUSED, text="不能搁置", detail="请带班长操作")
TROUBLE = Message(tone=MessageTone.TROUBLE, text="中心服务中断")
DONE = Message(tone=MessageTone.DONE, text="已确认")


@pytest.fixture
def line(theme: Theme, qtbot: QtBot) -> MessageLine:
    made = MessageLine(theme)
    qtbot.addWidget(made)
    made.resize(800, 40)
    return made


def test_that_a_confirmation_goes_by_itself_after_six_seconds(line: MessageLine, qtbot: QtBot) -> None:
    line.show_message(DONE)
    line.tick(100.0)
    line.tick(105.9)
    assert line.message == DONE
    with qtbot.waitSignal(line.was_dismissed):
        line.tick(106.0)
    assert line.isHidden()


def test_that_a_refusal_stays_until_it_is_closed(line: MessageLine, qtbot: QtBot) -> None:
    line.show_message(REFUSED)
    for second in range(1000):
        line.tick(float(second))
    assert line.message == REFUSED
    qtbot.mouseClick(line, Qt.MouseButton.LeftButton)
    assert line.isHidden()


def test_that_what_is_no_longer_so_is_taken_back_and_what_waits_below_it_shows(line: MessageLine) -> None:
    line.show_message(REFUSED)
    line.show_message(TROUBLE)
    line.withdraw(REFUSED)
    assert line.message == TROUBLE
    line.withdraw(TROUBLE)
    assert line.isHidden()
    line.withdraw(TROUBLE)


def test_that_closing_one_shows_the_one_that_waits_below_it(line: MessageLine) -> None:
    line.show_message(REFUSED)
    line.show_message(TROUBLE)
    line.show_message(DONE)
    line.tick(0.0)
    line.tick(6.0)
    assert line.message == TROUBLE
    line.dismiss()
    assert line.message == REFUSED
    line.dismiss()
    assert line.message is None


def test_that_a_repeated_message_is_not_stacked(line: MessageLine) -> None:
    for message in (TROUBLE, REFUSED, TROUBLE):
        line.show_message(message)
    line.dismiss()
    line.dismiss()
    assert line.message is None


def test_that_a_message_crowded_out_is_told(line: MessageLine, qtbot: QtBot) -> None:
    line.show_message(REFUSED)
    with qtbot.waitSignal(line.was_crowded_out, check_params_cb=lambda message: message == REFUSED):
        for number in range(20):
            line.show_message(Message(tone=MessageTone.TROUBLE, text=str(number)))


def test_that_the_four_tones_look_different(line: MessageLine) -> None:
    pictures = set()
    for tone in MessageTone:
        line.show_message(Message(tone=tone, text="同一句话"))
        pictures.add(pixels_of(line).tobytes())
    assert len(pictures) == 4


def test_that_the_search_line_submits_steps_clears_and_leaves(theme: Theme, qtbot: QtBot) -> None:
    field = SearchField(theme, "名称 / 拼音首字母", "Ctrl+K")
    qtbot.addWidget(field)
    with qtbot.waitSignal(field.search_did_change, check_params_cb=lambda text: text == "c"):
        qtbot.keyClicks(field, "c")
    qtbot.keyClicks(field, "sz ")
    with qtbot.waitSignal(field.was_submitted, check_params_cb=lambda text: text == "csz"):
        qtbot.keyClick(field, Qt.Key.Key_Return)
    with qtbot.waitSignal(field.row_was_asked, check_params_cb=lambda step: step == 1):
        qtbot.keyClick(field, Qt.Key.Key_Down)
    qtbot.keyClick(field, Qt.Key.Key_Escape)
    assert field.text() == ""
    with qtbot.waitSignal(field.was_left):
        qtbot.keyClick(field, Qt.Key.Key_Escape)


def test_that_the_watermark_is_in_every_picture_and_in_nobodys_way(theme: Theme, qtbot: QtBot) -> None:
    window = QWidget()
    qtbot.addWidget(window)
    window.resize(900, 600)
    clean = pixels_of(window)
    field = SearchField(theme, parent=window)
    field.setGeometry(100, 100, 300, 36)
    mark = Watermark(theme, window)
    mark.set_text("A-03 值班员 2026-07-18 14:32")
    window.show()
    qtbot.waitExposed(window)
    marked = pixels_of(window)
    changed = clean != marked
    changed[90:150, 90:410] = False
    blocks = [changed[y : y + 300, x : x + 450].any() for y in (0, 300) for x in (0, 450)]
    assert all(blocks)
    assert window.childAt(QPoint(150, 110)) is field


def test_that_the_watermark_grows_with_its_window(theme: Theme, qtbot: QtBot) -> None:
    window = QWidget()
    qtbot.addWidget(window)
    mark = Watermark(theme, window)
    window.show()
    qtbot.waitExposed(window)
    window.resize(1366, 768)
    qtbot.waitUntil(lambda: mark.size() == window.size(), timeout=5000)


@pytest.mark.parametrize("kind", ["chooser", "asker"])
def test_that_the_keyboard_of_another_window_that_goes_is_not_given_back(theme: Theme, qtbot: QtBot, kind: str) -> None:
    """A question may be asked while the window before is still there: another language puts a window in its place."""
    before, field = QWidget(), QLineEdit()
    field.setParent(before)
    before.show()
    before.activateWindow()
    field.setFocus()
    qtbot.waitUntil(field.hasFocus)
    window = QWidget()
    qtbot.addWidget(window)
    made = NoteChooser(theme, window) if kind == "chooser" else TextAsker(theme, 100, window)
    window.show()
    if isinstance(made, NoteChooser):
        made.open_for("question", ["note"])
    else:
        made.open_for("question", "hint", "key")
    before.close()
    before.deleteLater()
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
    made.close_quietly()
    assert made.isHidden()
