"""The line of time: keys and mouse choose a time or now, what is not held is dashed, equal records cost nothing."""

from collections.abc import Iterator

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from chengyun_widgets.theme import load_theme
from chengyun_widgets.time_slider import SliderRecord, TimeSlider

MINUTE = 60_000_000_000
DAY = 1440 * MINUTE


@pytest.fixture
def slider(qapp: QApplication) -> Iterator[tuple[TimeSlider, list[int | None]]]:
    """A line over a day, a step of a minute, held from noon of the day before on."""
    made, chosen = TimeSlider(load_theme("night")), []
    made.resize(624, made.height())
    made.show_record(SliderRecord(begin_ns=0, end_ns=DAY, held_ns=DAY // 2, step_ns=MINUTE, text="now"))
    made.time_was_chosen.connect(chosen.append)
    made.show()
    yield made, chosen
    made.close()
    made.deleteLater()


def test_that_keys_move_by_steps_and_end_is_now(slider: tuple[TimeSlider, list[int | None]]) -> None:
    made, chosen = slider
    QTest.keyClick(made, Qt.Key.Key_Left)
    QTest.keyClick(made, Qt.Key.Key_PageDown)
    QTest.keyClick(made, Qt.Key.Key_Right)
    QTest.keyClick(made, Qt.Key.Key_Home)
    QTest.keyClick(made, Qt.Key.Key_End)
    assert chosen == [DAY - MINUTE, DAY - 10 * MINUTE, None, DAY // 2, None]


def test_that_a_step_goes_from_the_time_the_handle_stands_at(slider: tuple[TimeSlider, list[int | None]]) -> None:
    made, chosen = slider
    made.show_record(SliderRecord(begin_ns=0, end_ns=DAY, at_ns=600 * MINUTE, step_ns=MINUTE, text="10:00"))
    QTest.keyClick(made, Qt.Key.Key_Right)
    QTest.keyClick(made, Qt.Key.Key_PageUp)
    assert chosen == [601 * MINUTE, 610 * MINUTE]
    assert made.accessibleDescription() == "10:00"


def test_that_a_click_chooses_a_whole_step_and_the_right_end_is_now(
    slider: tuple[TimeSlider, list[int | None]],
) -> None:
    made, chosen = slider
    QTest.mouseClick(made, Qt.MouseButton.LeftButton, pos=QPoint(312, 22))
    QTest.mouseClick(made, Qt.MouseButton.LeftButton, pos=QPoint(598, 22))
    at, now = chosen
    assert at is not None
    assert (at % MINUTE, abs(at - DAY // 2) <= 3 * MINUTE, now) == (0, True, None)


def test_that_an_equal_record_is_not_painted_again(slider: tuple[TimeSlider, list[int | None]]) -> None:
    made, _chosen = slider
    QApplication.processEvents()
    before = made.paint_count
    made.show_record(SliderRecord(begin_ns=0, end_ns=DAY, held_ns=DAY // 2, step_ns=MINUTE, text="now"))
    QApplication.processEvents()
    assert made.paint_count == before
    made.show_record(SliderRecord(begin_ns=0, end_ns=DAY + MINUTE, held_ns=0, step_ns=MINUTE, text="now"))
    QApplication.processEvents()
    assert made.paint_count > before
