"""What the first page does without is made when it is asked for, in a quiet moment, and then knows what it missed."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import cast

import pytest
from PySide6.QtCore import QCoreApplication, QEvent, QObject, Qt, Signal
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot
from typing_extensions import override

from chengyun_console.frame_turns import Steps
from chengyun_console.pages.page import Page
from chengyun_console.shell import page_stack
from chengyun_console.shell.page_table import PAGES, Kind
from chengyun_console.shell.rooms import NEAREST_FIRST, Rooms
from chengyun_console.shell.stage import Stage
from chengyun_console.shell.warming import Warming
from chengyun_console.usable import UsableWatch
from chengyun_core.mirror.news import FactNews
from chengyun_core.model.scales import WarningColour
from tests.console.conftest import Room, made_room
from tests.console.still_session import alarm
from tests.support.small_city import small_city

MOST_WIDGETS = 190
"""Of one step. Pages had up to 421 in one go: 168 ms."""


class HearingPage(Page):
    """Writes down what it is told."""

    def __init__(self, _desk: object) -> None:
        super().__init__()
        self.told: list[object] = []

    @override
    def take_catalogue(self, scheme: str) -> None:
        self.told.append(f"scheme {scheme}")

    @override
    def take_facts(self, news: FactNews) -> None:
        self.told.append(news)

    @override
    def take_frame(self) -> None:
        self.told.append("frame")

    @override
    def take_preferences(self) -> None:
        self.told.append("preferences")


class UsableSignal(QObject):
    """What Warming waits for, in the test's hand."""

    did_become = Signal()


@pytest.fixture
def stage(desk_room: Room) -> Iterator[Stage]:
    """The stage of a window that is signed on."""
    made = Stage(desk_room.desk, desk_room.tick)
    made.window.show()
    made.window.take_present()
    yield made
    made.window.close()
    for one in (made.window, made):
        one.deleteLater()


def rooms(room: Room) -> Rooms:
    return room.window.rooms


def test_that_before_anybody_asks_only_the_first_page_stands(desk_room: Room) -> None:
    desk_room.beat()
    assert rooms(desk_room).standing() == {PAGES[0].id}
    assert set(rooms(desk_room).missing()) == {
        *(row.id for row in PAGES[1:]), *(set(NEAREST_FIRST) - {"drills"}), "printing", "handbook",
    }  # fmt: skip


@pytest.mark.parametrize(("key", "made"), [
    (Qt.Key.Key_F2, {"F2"}),
    (Qt.Key.Key_F3, {"F3", "events"}),
    (Qt.Key.Key_F4, {"F4", "tasks"}),
    (Qt.Key.Key_F7, {"F7", "plans"}),
    (Qt.Key.Key_Slash, {"search"}),
])  # fmt: skip
def test_that_a_key_makes_what_it_leads_to_and_nothing_else(desk_room: Room, key: Qt.Key, made: set[str]) -> None:
    QTest.keyClick(desk_room.window.focusWidget() or desk_room.window, key)
    desk_room.beat()
    assert rooms(desk_room).standing() == {PAGES[0].id, *made}
    assert desk_room.window.isActiveWindow()


def test_that_every_deed_of_a_room_is_found_by_its_action(desk_room: Room) -> None:
    made = rooms(desk_room)
    for name in NEAREST_FIRST:
        if name != "drills":
            room = made._room(name)
            assert [action for action in room.doers() if made.doer(action) is None] == [], name
    assert made.doer("alarm.acknowledge") is None


def test_that_esc_leaves_the_nearest_first_whichever_room_was_made_first(desk_room: Room) -> None:
    for name in reversed(rooms(desk_room).missing()):
        rooms(desk_room).make(name)
    kinds = [type(overlay).__name__ for overlay in desk_room.window.layers.overlays()]
    wanted = ["HelpSheet", "PrintSheet", "SearchOverlay", "CallCard", "GradeSheet", "ReceiptForm", "PlanSheet"]
    assert [kind for kind in kinds if kind in wanted] == wanted


def test_that_a_page_made_late_is_told_what_it_missed_in_order(
    qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    row = replace(PAGES[-1], kind="HearingPage", load=lambda: HearingPage)
    monkeypatch.setattr(page_stack, "PAGES", (*PAGES[:-1], row))
    room = made_room(qtbot, tmp_path)
    news: list[object] = []
    room.session.facts_came.connect(news.append)
    room.session.hear()
    room.session.show_city(small_city(4))
    room.session.enter()
    room.session.put_alarms(alarm(1, 2))
    room.session.put_alarms(alarm(2, 3, WarningColour.YELLOW))
    page = room.window.stack.of(HearingPage)
    assert page.told == [f"scheme {room.desk.scheme()}", *news, "frame", "preferences"]
    room.session.put_alarms(alarm(3, 1))
    assert page.told[-1] is news[-1]
    for name in room.window.rooms.missing():
        room.window.rooms.make(name)
    assert room.window.stack._missed == []
    room.window.close()


def test_that_quiet_moments_make_all_of_it_one_after_another(stage: Stage, qtbot: QtBot) -> None:
    usable = UsableSignal()
    warming = Warming(stage, cast("UsableWatch", usable))
    wanted = stage.window.rooms.missing()
    order = []
    while missing := stage.window.rooms.missing():
        order.append(missing[0])
        assert warming.turn()
    assert tuple(dict.fromkeys(order)) == wanted
    assert not warming.turn()
    assert not warming._timer.isActive()
    usable.did_become.emit()
    assert warming._timer.isActive()
    warming._on_pause()
    assert warming._timer.isActive(), "somebody may just have touched a key"
    warming._idle._since_s = -1_000_000.0
    with qtbot.waitSignal(warming.did_end):
        warming._on_pause()
    assert not warming._timer.isActive()


def test_that_no_step_makes_more_than_a_part_of_a_page(stage: Stage) -> None:
    """Stands for the time a step takes, which no test can tell: 183 widgets took 38 ms at a load of 12."""
    warming = Warming(stage, cast("UsableWatch", UsableSignal()))
    made: dict[str, list[int]] = {}
    while missing := stage.window.rooms.missing():
        before = len(QApplication.allWidgets())
        warming.turn()
        made.setdefault(missing[0], []).append(len(QApplication.allWidgets()) - before)
    assert {name: most for name, steps in made.items() if (most := max(steps)) > MOST_WIDGETS} == {}
    assert sum(made["F7"]) > 2 * MOST_WIDGETS, "a page that large is what steps are for"


def test_that_a_key_finishes_what_a_quiet_moment_began(stage: Stage) -> None:
    warming, window = Warming(stage, cast("UsableWatch", UsableSignal())), stage.window
    while window.rooms.missing()[0] != "F7":
        warming.turn()
    for _ in range(4):
        warming.turn()
    assert "F7" in window.rooms.missing()
    QTest.keyClick(window.focusWidget() or window, Qt.Key.Key_F7)
    window.refresh(1.0)
    assert window.stack.front == "F7"
    assert {"F7", "plans"} <= window.rooms.standing()
    assert isinstance(window.stack.currentWidget(), Page)
    while warming.turn():
        continue
    assert window.rooms.missing() == ()
    assert len({id(page) for page in window.stack.pages}) == len(PAGES)


def test_that_what_cannot_be_made_is_told_once_and_keeps_nothing_else_back(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken() -> Kind:
        raise NameError("a page that is broken")

    rows = [replace(row, load=broken) if row.id == "F4" else row for row in PAGES]
    monkeypatch.setattr(page_stack, "PAGES", tuple(rows))
    warming = Warming(stage, cast("UsableWatch", UsableSignal()))
    told = 0
    while True:
        try:
            if not warming.turn():
                break
        except NameError:
            told += 1
    # The sheets of orders need their page.
    assert (told, stage.window.rooms.missing()) == (2, ("F4", "tasks"))


def test_that_a_window_that_goes_leaves_nothing_half_made(stage: Stage) -> None:
    warming = Warming(stage, cast("UsableWatch", UsableSignal()))
    while stage.window.rooms.missing()[0] != "F7":
        warming.turn()
    for _ in range(3):
        warming.turn()
    made = stage.window.rooms.standing()
    stage._desk.choose_next("language")
    QApplication.processEvents()
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
    assert stage.window.rooms.standing() == made
    assert [one for one in QApplication.allWidgets() if type(one).__name__ in ("PlansPage", "LibraryPanel")] == []


def test_that_a_page_made_step_by_step_hears_what_is_told_meanwhile(
    qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    row = replace(PAGES[-1], kind="HearingPage", load=lambda: HearingPage)
    monkeypatch.setattr(page_stack, "PAGES", (*PAGES[:-1], row))
    room = made_room(qtbot, tmp_path)
    room.session.hear()
    room.session.show_city(small_city(4))
    room.session.enter()
    steps = room.window.stack.making(row.id)
    next(steps)
    next(steps)
    news: list[object] = []
    room.session.facts_came.connect(news.append)
    room.session.put_alarms(alarm(1, 2))
    page = room.window.stack.of(HearingPage)
    assert [one for one in page.told if isinstance(one, FactNews)][-1] is news[-1]
    room.window.close()


def test_that_a_page_that_could_not_be_made_is_begun_anew(
    qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    tried: list[object] = []

    class FailingPage(HearingPage):
        @override
        def making(self) -> Steps:
            tried.append(self)
            yield
            if len(tried) == 1:
                raise ValueError("the first time")

    row = replace(PAGES[-1], kind="FailingPage", load=lambda: FailingPage)
    monkeypatch.setattr(page_stack, "PAGES", (*PAGES[:-1], row))
    room = made_room(qtbot, tmp_path)
    with pytest.raises(ValueError, match="the first time"):
        room.window.stack.page(row.id)
    assert room.window.stack.page(row.id) is tried[1]
    room.window.close()


def test_that_another_language_keeps_what_was_made_and_makes_no_more(stage: Stage) -> None:
    stage.window.show_page("F3")
    before = stage.window.rooms.standing()
    stage._desk.choose_next("language")
    QApplication.processEvents()
    assert stage.window.rooms.standing() == before == {"F1", "F3", "events"}
