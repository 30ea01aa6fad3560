"""Cameras in a panel of a page or a wall: its head, its streams while it is seen, and what it leaves when it goes."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QCoreApplication, QEvent, Qt
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from chengyun_console.actions.action import Where
from chengyun_console.video.cameras import Spot
from chengyun_console.video.panel import VideoPanel
from chengyun_core.model.camera import CameraRound
from chengyun_core.model.failure import Reason
from tests.console.conftest import Room
from tests.console.staged import StagedRoom, staged
from tests.console.video_stand import Stand, made_stand
from tests.support.small_city import small_city
from tests.support.still_cameras import HERE, StillFleet, live, with_cameras

SILENT = Reason(code="session.no_answer", params={"daemon": "centre", "kind": "camera.stream"})
REFUSED = Reason(code="camera.unknown", params={"camera": "CAM-0003"})


@pytest.fixture
def stand(desk_room: Room) -> Iterator[Stand]:
    """A window whose city has twelve cameras."""
    made = made_stand(desk_room)
    yield made
    desk_room.desk.video.stop()


def shown(stand: Stand, *codes: str, slot: str = "command", count: int = 4, title: str = "") -> VideoPanel:
    """Return a panel that can be seen, with cameras."""
    panel = VideoPanel(stand.room.desk, slot, count, title)
    panel.setParent(stand.room.window)
    panel.resize(480, 300)
    panel.show()
    panel.show_cameras(codes)
    stand.settle()
    return panel


def note(panel: VideoPanel) -> str:
    """Return what stands at the right of the head."""
    return panel._note.accessibleName()


def test_that_the_head_says_how_many_panes_and_pages_there_are(stand: Stand) -> None:
    say = stand.room.desk.say
    panel = shown(stand, *(f"CAM-{at:04d}" for at in range(6)))
    assert note(panel) == say("panes.head_pages", count=4, page=1, pages=2)
    panel.panes.turn(1)
    assert note(panel) == say("panes.head_pages", count=4, page=2, pages=2)
    panel.show_count(9)
    assert note(panel) == say("panes.head", count=9)
    panel.panes.rounds.begin(
        CameraRound(number=4, name="沿江", centre="", cameras=("A",), dwell_s=9.0, grid=1, saved_at=1, saved_by=""), 0.0
    )
    assert "沿江" in note(panel)


@pytest.mark.parametrize("count", [0, 2, 5, 64])
def test_that_no_other_number_of_panes_is_taken(stand: Stand, count: int) -> None:
    panel = shown(stand, "CAM-0003")
    with pytest.raises(ValueError, match=str(count)):
        panel.show_count(count)
    assert panel.panes.grid.count == 4


def test_that_a_panel_without_cameras_says_so_and_asks_for_nothing(stand: Stand) -> None:
    panel = shown(stand)
    assert stand.grant_all() == []
    assert panel.panes.grid.panes[0].record.notice == stand.room.desk.say("panes.none")
    panel.follow(None)
    panel.show_cameras(("GONE",))
    stand.settle()
    assert stand.grant_all() == [], "a camera that left the catalogue"


def test_that_a_panel_has_its_title_or_the_one_it_was_given(stand: Stand) -> None:
    assert shown(stand)._title.accessibleName() == stand.room.desk.say("panes.title")
    assert shown(stand, title="大屏", slot="wall")._title.accessibleName() == "大屏"


def test_that_two_panels_of_one_camera_are_two_panes(stand: Stand) -> None:
    one, other = shown(stand, "CAM-0003"), shown(stand, "CAM-0003", slot="wall")
    other.move(600, 0)
    stand.settle()
    assert {one.panes.pane(), other.panes.pane()} == {"command.0", "wall.0"}
    stand.grant_all()
    stand.pass_time()
    assert [one.panes.grid.panes[0].record.title, other.panes.grid.panes[0].record.title] == ["朝天门 沿江 03"] * 2
    other.hide()
    for _ in range(5):
        stand.pass_time(1.0)
    assert set(stand.fleet.codes()) == {"CAM-0003"}, "who still looks keeps his"


def test_that_streams_run_only_while_the_panel_can_be_seen(stand: Stand) -> None:
    panel = shown(stand, "CAM-0003", "CAM-0004")
    stand.grant_all()
    assert len(stand.fleet.shown) == 2
    panel.hide()
    for _ in range(5):
        stand.pass_time(1.0)
    assert stand.fleet.shown == {}
    panel.show()
    stand.pass_time()
    stand.settle()
    assert {ask.camera for ask in stand.grant_all()} == {"CAM-0003", "CAM-0004"}


def test_that_following_the_same_spot_again_leaves_what_the_officer_chose(stand: Stand) -> None:
    panel = shown(stand)
    spot = Spot(title="码头", longitude=HERE[0], latitude=HERE[1], event=7)
    panel.follow(spot)
    assert panel.panes.shown()[0] == "CAM-0000"
    panel.panes.put("CAM-0009")
    panel.follow(spot)
    assert panel.panes.shown()[0] == "CAM-0009"
    panel.follow(Spot(title="别处", longitude=HERE[0], latitude=HERE[1], event=8))
    assert panel.panes.shown()[0] == "CAM-0000"


def test_that_the_keyboard_comes_to_the_panes_and_esc_leaves_the_nearest_thing(stand: Stand) -> None:
    panel = shown(stand, "CAM-0003", "CAM-0004")
    assert panel.subject() is Where.VIDEO
    assert not panel.step_back(), "nothing to leave"
    panel.focus_front()
    assert stand.room.window.focusWidget() is panel.panes.grid
    panel.panes.grid.show_large(large=True)
    panel.panes.rounds.begin(
        CameraRound(number=4, name="x", centre="", cameras=("A",), dwell_s=9.0, grid=1, saved_at=1, saved_by=""), 0.0
    )
    assert [panel.step_back() for _ in range(3)] == [True, True, False]
    assert not panel.panes.grid.is_large


def test_that_a_refusal_is_told_in_the_pane_and_the_others_go_on(stand: Stand) -> None:
    panel = shown(stand, "CAM-0003", "CAM-0004")
    asks = stand.room.session.sent.asks
    slot = next(slot for slot, (_kind, ask, _answer) in asks.items() if getattr(ask, "camera", "") == "CAM-0003")
    stand.room.session.answer_ask(slot, REFUSED)
    stand.grant_all()
    stand.fleet.looks["CAM-0004"] = live(3)
    stand.pass_time()
    refused, seen = panel.panes.grid.panes[:2]
    assert stand.room.desk.refusal(REFUSED) in refused.record.notice
    assert seen.record.notice == ""


def test_that_a_silent_centre_is_told_and_asked_again_until_it_answers(stand: Stand) -> None:
    panel = shown(stand, "CAM-0003")
    asks = stand.room.session.sent.asks

    def waiting() -> list[str]:
        return [slot for slot, (kind, _ask, _answer) in asks.items() if kind == "camera.stream"]

    for _ in range(2):
        (slot,) = waiting()
        stand.room.session.answer_ask(slot, SILENT)
        stand.pass_time()
        assert stand.room.desk.refusal(SILENT) in panel.panes.grid.panes[0].record.notice
        assert waiting() == [], "not at once: everybody would, and the centre has just come back"
        for _ in range(6):
            stand.pass_time(1.0)
    stand.grant_all()
    stand.fleet.looks["CAM-0003"] = live(3)
    stand.pass_time()
    assert panel.panes.grid.panes[0].record.notice == ""


def test_that_a_panel_that_goes_while_it_is_asked_leaves_no_stream(stand: Stand) -> None:
    panel = shown(stand, "CAM-0003")
    panel.setParent(None)
    panel.deleteLater()
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
    stand.grant_all()
    for _ in range(5):
        stand.pass_time(1.0)
    assert stand.fleet.shown == {}


@pytest.mark.parametrize(("what", "has_words"), [("language", True), ("theme", False)])
def test_that_in_another_window_its_words_are_those_and_its_streams_go_on(
    qtbot: QtBot, tmp_path: Path, what: str, has_words: bool
) -> None:
    with staged(qtbot, tmp_path) as room:
        fleet = _with_cameras(room)
        stand = Stand(room, fleet)
        room.window.show_page("F6")
        room.beat()
        panel = room.window.findChild(VideoPanel)
        assert isinstance(panel, VideoPanel)
        panel.show_cameras(("CAM-0003",))
        stand.settle()
        stand.grant_all()
        before = panel._title.accessibleName()
        room.change(what)
        room.beat()
        after = room.window.findChild(VideoPanel)
        assert isinstance(after, VideoPanel)
        assert (after._title.accessibleName() != before) is has_words
        assert after.theme is room.desk.theme
        stand.settle()
        stand.pass_time()
        assert fleet.is_running
        room.desk.video.stop()


def _with_cameras(room: StagedRoom) -> StillFleet:
    """Sign on in a city with cameras whose streams are in the test's hand."""
    fleet = StillFleet()
    room.desk.video.make_fleet = lambda _desk, _demo: fleet
    room.session.enter(allowed=("evidence.keep",))
    room.session.show_city(with_cameras(small_city(12, period_s=5.0)))
    room.beat()
    return fleet


def test_that_a_panel_that_was_covered_from_its_beginning_is_shown_once_nothing_covers_it(stand: Stand) -> None:
    """A page that comes is made under a frame of its own; that this went tells nobody, and no other pane is seen."""
    panel = VideoPanel(stand.room.desk, "command")
    panel.setParent(stand.room.window)
    panel.resize(480, 300)
    panel.show()
    cover = QWidget(stand.room.window)
    cover.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)
    cover.setGeometry(panel.geometry())
    cover.show()
    cover.raise_()
    panel.show_cameras(("CAM-0003",))
    stand.settle()
    assert stand.grant_all() == [], "nobody sees it yet"
    cover.hide()
    cover.deleteLater()
    asks = stand.room.session.sent.asks
    stand.room.qtbot.waitUntil(lambda: any(kind == "camera.stream" for kind, _ask, _answer in asks.values()))
    assert panel.panes.grid.panes[0].record.title == "朝天门 沿江 03"
