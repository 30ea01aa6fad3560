"""F6: the event in command with charts, timeline, plan, receipts; 急时 brings it forward, peace takes it back."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget

from chengyun_console.actions.table import BY_ID
from chengyun_console.pages.command.page import CommandPage
from chengyun_console.pages.command.receipts import MATRIX_FROM_PX
from chengyun_console.shell import keys
from chengyun_core.model.mode import SwitchState
from tests.console import event_samples, mode_samples, scenes, walk_checks
from tests.console.command_scenes import show_command
from tests.console.mode_scenes import put


@pytest.fixture(scope="module")
def at(qapp: QApplication, tmp_path_factory: pytest.TempPathFactory) -> Iterator[scenes.Stand]:
    """One window for all tests, on F1 with no event."""
    folder: Path = tmp_path_factory.mktemp("command")
    with scenes.stand(folder, scenes.Look()) as made:
        scenes.seat(made)
        yield made


def page_of(at: scenes.Stand) -> CommandPage:
    return at.window.stack.of(CommandPage)


def test_that_an_emergency_brings_the_page_forward_for_who_watches_and_peace_takes_it_back(
    at: scenes.Stand,
) -> None:
    put(at, mode_samples.declaration())
    assert at.window.stack.front == "F6"
    put(at, mode_samples.declaration(SwitchState.LIFTED, version=3))
    assert at.window.stack.front == "F1"


def test_that_who_is_at_work_elsewhere_stays_there(at: scenes.Stand) -> None:
    at.window.show_page("F4")
    put(at, mode_samples.declaration(version=4, term=2))
    assert at.window.stack.front == "F4"
    put(at, mode_samples.declaration(SwitchState.LIFTED, version=5, term=2))
    assert at.window.stack.front == "F4"


def test_that_without_an_event_the_page_says_so_and_offers_none(at: scenes.Stand) -> None:
    at.press(Qt.Key.Key_F6)
    at.beat()
    page = page_of(at)
    assert page.head.standing.text() == at.desk.say("command.none")
    assert not page.head.events.isVisible()
    assert page.timeline.accessibleDescription() == at.desk.say("command.none")
    assert at.desk.say("command.none_but_alarms", count=5) == page._what_to_do()


def test_that_the_commanded_event_comes_into_focus_with_grade_time_and_seat(at: scenes.Stand) -> None:
    event_samples.put_events(at.session, *event_samples.several())
    at.press(Qt.Key.Key_F6)
    at.beat()
    shown = at.desk.event_focus.record
    assert shown is not None
    assert shown.command_seat == "A-03"
    told = page_of(at).head.standing.toolTip()
    assert "重大" in told
    assert "00:41:" in told
    assert "A-03" in told


def test_that_plan_receipts_timeline_and_charts_are_those_of_the_event(at: scenes.Stand) -> None:
    show_command(at)
    page = page_of(at)
    event = at.desk.event_focus.record
    run = page.runner.run()
    assert event is not None
    assert run is not None
    assert run.event == event.number
    assert {order.event for order, _ in page.matrix.orders()} == {event.number}
    assert page.timeline.accessibleDescription().count("\n") >= len(event_samples.lines()) - 1
    # Of the gravest first, and others than those that are pinned on the cockpit.
    at.session.put_fact("event", str(event.number), replace(event, alarms=(9, 3), version=event.version + 1))
    at.beat()
    wanted = [at.session.facts.alarms[number].vital_code for number in (3, 9)]
    assert [pin.vital for pin in page._laid_charts.pins] == wanted


def test_that_another_event_is_chosen_in_the_head_and_letters_are_about_it(at: scenes.Stand) -> None:
    show_command(at)
    page = page_of(at)
    other = next(
        at_ for at_ in range(page.head.events.count()) if page.head.events.itemData(at_) != at.desk.event_focus.number
    )
    page.head.events.setCurrentIndex(other)
    page.head.events.activated.emit(other)
    at.beat()
    assert at.desk.event_focus.number == page.head.events.itemData(other)
    assert page.runner._event == page.head.events.itemData(other)


def test_that_the_key_of_the_page_goes_from_pane_to_pane(at: scenes.Stand) -> None:
    show_command(at)
    page = page_of(at)
    seen = []
    for _ in range(5):
        at.press(Qt.Key.Key_F6)
        seen.append(next(at_ for at_, widget in enumerate(page._fronts()) if _is_in(widget)))
    assert sorted(seen) == [0, 1, 2, 3, 4]


def test_that_a_layout_is_taken_by_key_and_kept_and_reset(at: scenes.Stand) -> None:
    show_command(at)
    page = page_of(at)
    before = page.map.width()
    QTest.keyClick(page.timeline, Qt.Key.Key_2, Qt.KeyboardModifier.AltModifier)
    at.beat()
    assert page.laid.layout.code == "map"
    assert page.map.width() > before
    QTest.keyClick(page.timeline, Qt.Key.Key_4, Qt.KeyboardModifier.AltModifier)
    at.beat()
    assert page.charts.isVisible()
    assert _is_in(page)
    assert at.desk.preferences.command_layout == "figures"
    at.window.do((BY_ID["layout.reset"],))
    at.beat()
    assert page.laid.layout.code == "whole"
    assert not page.charts.isVisible()


def _panes(page: CommandPage) -> dict[str, QWidget]:
    return {"map": page.map, "video": page.video, "plan": page.plan, "receipts": page.receipts,
            "timeline": page.timeline, "charts": page.charts}  # fmt: skip


def test_that_a_layout_moves_a_pane_at_a_time_and_the_keyboard_stays_where_it_is(at: scenes.Stand) -> None:
    show_command(at)
    page = page_of(at)
    for key in (Qt.Key.Key_4, Qt.Key.Key_1):
        page.map.canvas.setFocus()
        QTest.keyClick(page.map.canvas, key, Qt.KeyboardModifier.AltModifier)
        before = {name: pane.parentWidget() for name, pane in _panes(page).items()}
        steps, moved = page.panes.steps(), []
        for _pause in steps:
            assert at.window.focusWidget() is page.map.canvas
            assert page.map.isVisible()
            assert not page.panes.updatesEnabled(), "half of it would be painted"
            now = {name: pane.parentWidget() for name, pane in _panes(page).items()}
            moved.append({name for name, parent in now.items() if parent is not before[name]})
            before = now
        assert max(map(len, moved)) == 1
        assert set().union(*moved) >= {"video", "plan", "receipts", "timeline"}
        assert page.panes.updatesEnabled()
        assert at.window.focusWidget() is page.map.canvas
        assert page.map.isVisible()
        at.beat()
    assert page.charts.parentWidget() is page.panes


def test_that_tab_reaches_everything_after_each_layout(at: scenes.Stand) -> None:
    show_command(at)
    page = page_of(at)
    for key in (Qt.Key.Key_2, Qt.Key.Key_3, Qt.Key.Key_4, Qt.Key.Key_1):
        page.timeline.setFocus()
        QTest.keyClick(page.timeline, key, Qt.KeyboardModifier.AltModifier)
        at.beat()
        assert walk_checks.unreached(at.window) == set()


def test_that_of_two_layouts_chosen_at_once_the_last_one_stands(at: scenes.Stand) -> None:
    show_command(at)
    page = page_of(at)
    for key in (Qt.Key.Key_2, Qt.Key.Key_4, Qt.Key.Key_3):
        QTest.keyClick(page.timeline, key, Qt.KeyboardModifier.AltModifier)
    at.beat()
    assert page.laid.layout.code == "video"
    assert {name for name, pane in _panes(page).items() if pane.isVisible()} == set(_panes(page)) - {"charts"}
    assert set(page.panes.splits) == {"whole", "upper", "right"}
    assert all(split.isVisible() for split in page.panes.splits.values())
    page.laid.reset()
    at.beat()


def test_that_the_key_of_the_page_finds_every_pane_while_a_layout_comes(at: scenes.Stand) -> None:
    show_command(at)
    page = page_of(at)
    page.runner.list.setFocus()
    QTest.keyClick(page.runner.list, Qt.Key.Key_3, Qt.KeyboardModifier.AltModifier)
    next(page.panes.steps())
    next(page.panes.steps())
    at.press(Qt.Key.Key_F6)
    assert _is_in(page._fronts()[1])
    assert len(page._fronts()) == 5
    page.laid.reset()
    at.beat()


def test_that_receipts_are_a_list_where_the_matrix_has_no_room_and_letters_are_about_the_receipt(
    at: scenes.Stand,
) -> None:
    show_command(at)
    page = page_of(at)
    assert page.matrix.currentWidget() is page.matrix.list
    page.matrix.list.setFocus()
    assert page.matrix.list.current_key(), "who has the keyboard is on a row"
    assert keys.is_in_the_matrix(page.matrix.list)
    page.matrix.setMinimumWidth(MATRIX_FROM_PX)
    QApplication.processEvents()
    assert page.matrix.currentWidget() is page.matrix.matrix


def test_that_on_the_map_letters_are_the_maps_and_others_the_events(at: scenes.Stand) -> None:
    show_command(at)
    page = page_of(at)
    page.map.canvas.setFocus()
    at.press(Qt.Key.Key_L)
    assert page.map.canvas.is_locked
    at.press(Qt.Key.Key_L)
    at.press(Qt.Key.Key_D)
    at.beat()
    assert at.window.rooms.tasks.form.isVisible()


def _is_in(widget: QWidget) -> bool:
    keyboard = QApplication.focusWidget()
    return keyboard is not None and (keyboard is widget or widget.isAncestorOf(keyboard))
