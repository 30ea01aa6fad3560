"""F6: the event in command with charts, timeline, plan, receipts; 急时 brings it forward, peace takes it back."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication

from chengyun_console.pages.command.page import CommandPage
from chengyun_core.model.mode import SwitchState
from tests.console import event_samples, mode_samples, scenes
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
    assert page.standing.text() == at.desk.say("command.none")
    assert not page.events.isVisible()
    assert not page.timeline.isVisible()
    assert at.desk.say("command.none_but_alarms", count=5) == page._what_to_do()


def test_that_the_commanded_event_comes_into_focus_with_grade_time_and_seat(at: scenes.Stand) -> None:
    event_samples.put_events(at.session, *event_samples.several())
    at.press(Qt.Key.Key_F6)
    at.beat()
    shown = at.desk.event_focus.record
    assert shown is not None
    assert shown.command_seat == "A-03"
    told = page_of(at).standing.toolTip()
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
    assert page.timeline.accessibleName() == at.desk.say("command.timeline")
    assert page.lines.text.minimumHeight() > 100
    # Of the gravest first, and others than those that are pinned on the cockpit.
    at.session.put_fact("event", str(event.number), replace(event, alarms=(9, 3), version=event.version + 1))
    at.beat()
    wanted = [at.session.facts.alarms[number].vital_code for number in (3, 9)]
    assert [pin.vital for pin in page._laid.pins] == wanted


def test_that_another_event_is_chosen_in_the_head_and_letters_are_about_it(at: scenes.Stand) -> None:
    show_command(at)
    page = page_of(at)
    other = next(at_ for at_ in range(page.events.count()) if page.events.itemData(at_) != at.desk.event_focus.number)
    page.events.setCurrentIndex(other)
    page.events.activated.emit(other)
    at.beat()
    assert at.desk.event_focus.number == page.events.itemData(other)
    assert page.runner._event == page.events.itemData(other)


def test_that_nothing_pretends_to_be_a_map_or_a_camera(at: scenes.Stand) -> None:
    page = page_of(at)
    assert at.desk.say("command.later") == page.later.text()
    assert page.later.isVisible()
