"""Rows that fold, indent and carry badges; the sheet of facts, the gauge and the line that is asked for."""

from collections.abc import Iterator

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from chengyun_resources.theme.tokens import Colour, Severity
from chengyun_widgets.fact_list import FactList
from chengyun_widgets.fact_model import FactRow, Fold, Ground
from chengyun_widgets.fact_sheet import FactSheet, SheetLine, SheetSection
from chengyun_widgets.gauge import Gauge, GaugeRecord
from chengyun_widgets.text_asker import TextAsker
from chengyun_widgets.theme import Theme
from tests.widgets.pictures import count_of, pixels_of


def row(key: str, **changes: object) -> FactRow:
    fields: dict[str, object] = {"key": key, "severity": Severity.RED, "title": key}
    return FactRow(**(fields | changes))  # type: ignore[arg-type]


@pytest.fixture
def view(qtbot: QtBot, theme: Theme) -> FactList:
    made = FactList(theme)
    qtbot.addWidget(made)
    made.resize(380, 400)
    made.set_rows([row("a", fold=Fold.CLOSED), row("b", fold=Fold.OPEN), row("c", depth=1), row("d", is_heading=True)])
    made.show()
    return made


def test_that_right_opens_left_closes_and_left_on_a_child_goes_to_its_parent(view: FactList) -> None:
    asked: list[tuple[str, bool]] = []
    view.fold_was_asked.connect(lambda key, is_open: asked.append((key, is_open)))
    for key in ("a", "b"):
        view.select(key)
        QTest.keyClick(view, Qt.Key.Key_Right)
        QTest.keyClick(view, Qt.Key.Key_Left)
    assert asked == [("a", True), ("b", False)]
    view.select("c")
    QTest.keyClick(view, Qt.Key.Key_Left)
    assert view.current_key() == "b"


def test_that_a_click_folds_only_at_the_arrow(view: FactList) -> None:
    asked: list[str] = []
    view.fold_was_asked.connect(lambda key, _is_open: asked.append(key))
    middle = view.visualRect(view._facts.index(0)).center().y()
    for x in (200, 10):
        QTest.mouseClick(view.viewport(), Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier, QPoint(x, middle))
    assert asked == ["a"]


def test_that_a_heading_is_lower_than_a_row(view: FactList) -> None:
    heights = [view.visualRect(view._facts.index(at)).height() for at in (0, 3)]
    assert heights == [49, 29]


def test_that_a_lost_link_is_not_painted_in_the_colour_of_its_severity(qtbot: QtBot, theme: Theme) -> None:
    """A19: its own glyph and style, never the process colour."""
    made = FactList(theme)
    qtbot.addWidget(made)
    made.resize(380, 60)
    red = theme.colour(Colour.RED)
    made.set_rows([row("a")])
    assert count_of(pixels_of(made), red) > 20
    made.set_rows([row("a", is_link=True)])
    assert count_of(pixels_of(made), red) == 0


@pytest.mark.parametrize("ground", [Ground.HATCHED, Ground.CROSSED])
def test_that_suppressed_and_out_of_service_rows_do_not_look_like_plain_ones(
    qtbot: QtBot, theme: Theme, ground: Ground
) -> None:
    made = FactList(theme)
    qtbot.addWidget(made)
    made.resize(380, 60)
    made.set_rows([row("a")])
    plain = made.grab().toImage()
    made.set_rows([row("a", ground=ground)])
    assert made.grab().toImage() != plain


def test_that_a_badge_is_written_whole_or_not_at_all(view: FactList) -> None:
    delegate = view._delegate
    badges = row("a", badges=("评 2", "一个很长很长的牌子说明建议延时三十秒"))
    assert delegate._fitting(badges, 1000) == badges.badges
    assert delegate._fitting(badges, 80) == ("评 2",)
    assert delegate._fitting(badges, 10) == ()


def test_that_a_sheet_is_as_high_as_its_wrapped_texts_and_the_same_sections_cost_nothing(
    qtbot: QtBot, theme: Theme
) -> None:
    sheet = FactSheet(theme)
    qtbot.addWidget(sheet)
    sheet.resize(300, 200)
    sheet.show()
    short = (SheetSection(title="事实", lines=(SheetLine(label="值", text="1"),)),)
    sheet.show_sections(short)
    low = sheet.text.minimumHeight()
    sheet.show_sections((SheetSection(title="事实", lines=(SheetLine(label="值", text="很长的说明。" * 60),)),))
    assert sheet.text.minimumHeight() > low + 100
    shown = sheet.text.sections
    sheet.show_sections(tuple(shown))
    assert sheet.text.sections is shown
    assert sheet.text.accessibleDescription().startswith("值 很长的说明。")


def test_that_a_gauge_over_its_limit_is_loud_without_a_legal_colour(qtbot: QtBot, theme: Theme) -> None:
    gauge = Gauge(theme)
    qtbot.addWidget(gauge)
    gauge.resize(220, 26)
    gauge.show_record(GaugeRecord(text="10 分钟 3 条", share=0.15, marks=(0.25, 0.5)))
    assert count_of(pixels_of(gauge), theme.colour(Colour.TROUBLE)) == 0
    gauge.show_record(GaugeRecord(text="告警洪水 30 条", share=1.5, marks=(0.25, 0.5), is_over=True))
    assert count_of(pixels_of(gauge), theme.colour(Colour.TROUBLE)) > 200
    for legal in (Colour.RED, Colour.ORANGE, Colour.YELLOW, Colour.BLUE):
        assert count_of(pixels_of(gauge), theme.colour(legal)) == 0


@pytest.fixture
def asker(qtbot: QtBot, theme: Theme) -> Iterator[TextAsker]:
    window = QWidget()
    qtbot.addWidget(window)
    window.show()
    yield TextAsker(theme, 20, window)
    window.close()


def test_that_enter_gives_the_text_without_blanks_and_never_an_empty_one(asker: TextAsker) -> None:
    given: list[str] = []
    asker.text_was_given.connect(given.append)
    asker.open_for("问", "", "a")
    QTest.keyClick(asker.field, Qt.Key.Key_Return)
    asker.field.setText("  工单 7 ")
    QTest.keyClick(asker.field, Qt.Key.Key_Return)
    assert given == ["工单 7"]
    assert asker.isHidden()


def test_that_each_subject_keeps_its_own_draft(asker: TextAsker) -> None:
    left: list[int] = []
    asker.was_dismissed.connect(lambda: left.append(1))
    asker.open_for("问", "", "a")
    asker.field.setText("甲")
    QTest.keyClick(asker.field, Qt.Key.Key_Escape)
    asker.open_for("问", "", "b")
    assert asker.field.text() == ""
    asker.close_quietly()
    asker.open_for("问", "", "a")
    assert asker.field.text() == "甲"
    assert left == [1]
