"""The list of facts: changes by key, keeps scroll and selection, flashes what nobody acknowledged."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtCore import QPersistentModelIndex, Qt
from PySide6.QtTest import QAbstractItemModelTester
from pytestqt.qtbot import QtBot

from chengyun_resources.theme.tokens import Colour, Severity
from chengyun_widgets.fact_list import ROW_PX, FactList
from chengyun_widgets.fact_model import ROW_ROLE, FactModel, FactRow, Flash
from chengyun_widgets.presence import Presence
from chengyun_widgets.theme import Theme
from tests.widgets.pictures import count_of, pixels_of
from tests.widgets.samples import fact_rows


def row(key: str, title: str = "", **changes: object) -> FactRow:
    fields: dict[str, object] = {"key": key, "severity": Severity.ORANGE, "title": title or key}
    return FactRow(**(fields | changes))  # type: ignore[arg-type]


STATES = st.lists(
    st.lists(st.tuples(st.integers(0, 12), st.integers(0, 2)), max_size=12, unique_by=lambda pair: pair[0]), max_size=8
)


@given(STATES)
def test_that_the_model_tells_qt_the_truth_about_every_change(states: list[list[tuple[int, int]]]) -> None:
    model = FactModel()
    tester = QAbstractItemModelTester(model, QAbstractItemModelTester.FailureReportingMode.Fatal)
    held: dict[str, QPersistentModelIndex] = {}
    resets: list[int] = []
    model.modelReset.connect(lambda: resets.append(1))
    for state in states:
        rows = [row(str(key), f"title {version}") for key, version in state]
        model.set_rows(rows)
        assert [model.row_at(place) for place in range(model.rowCount())] == rows
        for key, index in held.items():
            if index.isValid():
                assert index.data(ROW_ROLE).key == key
            else:
                assert all(shown.key != key for shown in rows)
        held = {shown.key: QPersistentModelIndex(model.index(place)) for place, shown in enumerate(rows)}
    assert resets == []
    del tester


def test_that_a_changed_row_is_one_ranged_change() -> None:
    model = FactModel()
    model.set_rows([row(str(n)) for n in range(10)])
    changes: list[tuple[int, int]] = []
    model.dataChanged.connect(lambda first, last, *_: changes.append((first.row(), last.row())))
    model.set_rows([row(str(n), "new" if n in (3, 4, 5) else "") for n in range(10)])
    assert changes == [(3, 5)]


def test_that_two_rows_with_one_key_are_refused_by_name() -> None:
    with pytest.raises(ValueError, match=r"given twice: \['a'\]"):
        FactModel().set_rows([row("a"), row("a", "other")])


@pytest.fixture
def facts(theme: Theme, qtbot: QtBot) -> FactList:
    made = FactList(theme)
    qtbot.addWidget(made)
    made.resize(460, 400)
    made.show()
    qtbot.waitExposed(made)
    return made


def test_that_what_is_seen_stays_put_when_rows_come_above_it(facts: FactList) -> None:
    facts.set_rows([row(str(n)) for n in range(100)])
    facts.executeDelayedItemsLayout()
    facts.verticalScrollBar().setValue(20 * ROW_PX + 7)
    top = facts.indexAt(facts.viewport().rect().topLeft()).data(ROW_ROLE).key
    facts.set_rows([row(f"new{n}") for n in range(5)] + [row(str(n)) for n in range(100)])
    assert facts.indexAt(facts.viewport().rect().topLeft()).data(ROW_ROLE).key == top
    assert facts.verticalScrollBar().value() == 25 * ROW_PX + 7


def test_that_a_list_at_its_top_shows_what_is_new(facts: FactList) -> None:
    facts.set_rows([row(str(n)) for n in range(100)])
    facts.set_rows([row("new")] + [row(str(n)) for n in range(100)])
    assert facts.indexAt(facts.viewport().rect().topLeft()).data(ROW_ROLE).key == "new"


def test_that_the_selection_stays_with_its_key(facts: FactList) -> None:
    facts.set_rows([row(key) for key in "abcd"])
    assert facts.select("c")
    facts.set_rows([row(key) for key in "dcxa"])
    assert facts.current_key() == "c"
    assert not facts.select("b")


def test_that_enter_and_a_double_click_open_a_row(facts: FactList, qtbot: QtBot) -> None:
    facts.set_rows([row(key) for key in "abc"])
    facts.select("b")
    with qtbot.waitSignal(facts.row_was_opened, check_params_cb=lambda key: key == "b"):
        qtbot.keyClick(facts, Qt.Key.Key_Return)
    at = facts.visualRect(facts.model().index(2, 0)).center()
    with qtbot.waitSignal(facts.row_was_opened, check_params_cb=lambda key: key == "c"):
        qtbot.mouseClick(facts.viewport(), Qt.MouseButton.LeftButton, pos=at)
        qtbot.mouseDClick(facts.viewport(), Qt.MouseButton.LeftButton, pos=at)


def test_that_moving_to_another_row_is_told(facts: FactList, qtbot: QtBot) -> None:
    facts.set_rows([row(key) for key in "abc"])
    facts.select("a")
    with qtbot.waitSignal(facts.current_did_change, check_params_cb=lambda key: key == "b"):
        qtbot.keyClick(facts, Qt.Key.Key_Down)


def test_that_a_letter_is_left_to_the_page_and_does_not_search(facts: FactList, qtbot: QtBot) -> None:
    facts.set_rows([row("1", "aaa"), row("2", "sss")])
    facts.select("1")
    qtbot.keyClick(facts, Qt.Key.Key_S)
    assert facts.current_key() == "1"


def test_that_only_unacknowledged_rows_flash_and_only_when_the_phase_turns(facts: FactList) -> None:
    facts.set_rows([row("a", flash=Flash.FAST), row("b", flash=Flash.SLOW), row("c")])
    pictures = []
    for now in (0.0, 0.2, 0.6, 1.2):
        facts.tick(now)
        pictures.append(pixels_of(facts))
    first, second, third = (slice(n * ROW_PX, (n + 1) * ROW_PX - 1) for n in range(3))
    assert (pictures[0] == pictures[1]).all()
    assert (pictures[1][first] != pictures[2][first]).any()
    assert (pictures[1][second] == pictures[2][second]).all()
    assert (pictures[2][second] != pictures[3][second]).any()
    assert all((picture[third] == pictures[0][third]).all() for picture in pictures)


def test_that_a_shelved_row_is_struck_through(facts: FactList, theme: Theme) -> None:
    facts.set_rows([row("a", "嘉陵江水位", is_struck=True)])
    struck = pixels_of(facts)
    facts.set_rows([row("a", "嘉陵江水位")])
    plain = pixels_of(facts)
    longest = max((r == theme.colour(Colour.TEXT_THIRD).rgba()).sum() for r in struck[:ROW_PX])
    assert longest > 40
    assert max((r == theme.colour(Colour.TEXT_THIRD).rgba()).sum() for r in plain[:ROW_PX]) < 10


def test_that_a_refused_list_shows_its_sentence_instead_of_rows(facts: FactList, theme: Theme) -> None:
    facts.set_rows(fact_rows())
    shown = pixels_of(facts)
    facts.show_notice(Presence.REFUSED, "中心服务中断")
    refused = pixels_of(facts)
    assert count_of(shown, theme.fill(Severity.RED)) > 20
    assert count_of(refused, theme.fill(Severity.RED)) == 0
    facts.show_notice(Presence.FRESH, "")
    assert count_of(pixels_of(facts), theme.fill(Severity.RED)) > 20
