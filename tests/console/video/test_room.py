"""What the window does about cameras: what is opened and for what, rounds, and evidence that outlives its window."""

from collections.abc import Iterator
from dataclasses import replace

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from chengyun_core.model.camera import CameraRound
from chengyun_core.model.camera_commands import RemoveRound, TakePtz
from chengyun_core.wire.envelope import Reply
from tests.console.conftest import Room
from tests.console.event_samples import event, put_events
from tests.console.still_session import alarm
from tests.console.test_video_evidence import told_of
from tests.console.video_stand import Stand, live_beside_the_event, made_stand
from tests.support.small_city import small_city
from tests.support.still_cameras import HERE, with_cameras

FAR = (HERE[0] + 11 * 0.0031, HERE[1])


def round_of(number: int, **more: object) -> CameraRound:
    """Return a round by its number."""
    given: dict[str, object] = {"cameras": (f"CAM-{number % 12:04d}",), "dwell_s": 10.0, "grid": 1, **more}
    return CameraRound(number=number, name=f"轮巡{number:02d}", centre="500000", saved_at=1, saved_by="li", **given)  # type: ignore[arg-type]


@pytest.fixture
def stand(desk_room: Room) -> Iterator[Stand]:
    """A window with twelve cameras, event 7 at the first of them and event 8 at the last; 7 is in focus."""
    made = made_stand(desk_room)
    put_events(
        desk_room.session, event(7, longitude=HERE[0], latitude=HERE[1]),
        event(8, longitude=FAR[0] + 0.0001, latitude=FAR[1]),
    )  # fmt: skip
    desk_room.desk.event_focus.select(7)
    yield made
    desk_room.desk.video.stop()


def test_that_without_an_alarm_or_an_event_v_says_so_and_opens_nothing(stand: Stand) -> None:
    stand.room.desk.event_focus.select(None)
    stand.room.desk.select_alarm(None)
    for kind, code in (("alarm", "console.no_alarm"), ("event", "events.none_in_focus")):
        stand.cameras._open_for(kind)
        assert told_of(stand) == stand.room.desk.say(code)
    assert not stand.sheet.isVisible()


def test_that_v_opens_and_closes_and_opens_for_what_is_in_focus_now(stand: Stand) -> None:
    stand.do("event.video")
    assert stand.panes.cameras[0] == "CAM-0000"
    stand.do("event.video")
    assert not stand.sheet.isVisible()
    stand.room.desk.event_focus.select(8)
    stand.do("event.video")
    assert stand.panes.cameras[0] == "CAM-0011"


def test_that_cameras_that_come_later_are_those_of_what_was_asked_for(stand: Stand) -> None:
    """V before the catalogue came, then another event comes into focus: the sheet is still the first one's."""
    stand.video.book = None
    stand.do("event.video")
    assert stand.sheet.isVisible()
    assert stand.panes.spot is None
    stand.room.desk.event_focus.select(8)
    stand.room.session.show_city(with_cameras(small_city(12, version=2)))
    assert stand.panes.spot is not None
    assert (stand.panes.spot.event, stand.panes.cameras[0]) == (7, "CAM-0000")


def test_that_what_ended_before_its_cameras_came_is_opened_for_nothing(stand: Stand) -> None:
    stand.video.book = None
    stand.room.session.put_alarms(alarm(1, 3))
    stand.room.desk.select_alarm(1)
    stand.do("alarm.video")
    stand.room.session.put_alarms(alarm(1, 3, closed=True))
    stand.room.session.show_city(with_cameras(small_city(12, version=2)))
    assert stand.panes.spot is None
    stand.sheet.give_way()
    stand.room.session.show_city(with_cameras(small_city(12, version=3)))
    assert not stand.sheet.isVisible(), "and a closed sheet stays closed"


def test_that_all_cameras_open_as_a_tree_and_in_a_city_without_any_say_so(stand: Stand) -> None:
    stand.do("video.open")
    assert stand.sheet.list.field.hasFocus()
    stand.do("video.open")
    assert not stand.sheet.isVisible()
    stand.room.session.show_city(small_city(12, version=2))
    stand.do("video.open")
    stand.settle()
    assert stand.panes.grid.panes[0].record.notice == stand.room.desk.say("panes.none")
    assert stand.grant_all() == []
    for action in ("video.grab", "video.clip"):
        stand.do(action)
        assert told_of(stand) == stand.room.desk.say("panes.no_camera")
    stand.do("video.steer")
    assert stand.room.session.sent.commands == []


def test_that_s_goes_to_the_list_and_back_and_opens_it_where_nothing_is(stand: Stand) -> None:
    stand.do("video.choose")
    assert stand.sheet.isVisible()
    assert stand.sheet.list.field.hasFocus()
    stand.do("video.choose")
    assert stand.panes.grid.hasFocus()
    stand.do("video.choose")
    assert stand.sheet.list.field.hasFocus()


def test_that_the_evidence_is_asked_for_from_anywhere(stand: Stand) -> None:
    stand.do("video.evidence")
    assert stand.sheet.isVisible()
    assert "evidence.page" in {kind for kind, _ask, _answer in stand.room.session.sent.asks.values()}


def test_that_buttons_of_the_sheet_do_what_their_keys_do(stand: Stand) -> None:
    stand.do("event.video")
    stand.cameras._on_button("back")
    assert not stand.sheet.isVisible()
    stand.cameras._on_button("video.evidence")
    assert stand.sheet.isVisible()


def test_that_a_camera_asked_for_and_refused_is_not_ours(stand: Stand) -> None:
    stand.do("event.video")
    stand.settle()
    stand.grant_all()
    stand.press(Qt.Key.Key_Y)
    assert stand.room.session.sent.commands == [TakePtz(camera="CAM-0000")]
    refused = Reply(id="command-1", outcome="refused", code="ptz.held", params={"camera": "CAM-0000", "name": "王强"})
    stand.room.session.command_ended.emit("command-1", refused)
    assert not stand.panes.steering.is_held
    assert told_of(stand)


def test_that_without_rounds_x_says_how_one_is_made(stand: Stand) -> None:
    stand.do("event.video")
    stand.do("video.round")
    assert told_of(stand) == stand.room.desk.say("panes.no_rounds")
    assert not stand.room.window.deeds.is_asking


@pytest.mark.parametrize("count", [1, 9, 10, 17, 30])
def test_that_every_round_can_be_chosen_by_digits_however_many_there_are(stand: Stand, count: int) -> None:
    for number in range(1, count + 1):
        stand.room.session.put_fact("camera_round", str(number), round_of(number))
    stand.do("event.video")
    chooser = stand.room.window.chooser
    found = []
    for wanted in range(1, count + 1):
        stand.do("video.round")
        name = f"轮巡{wanted:02d}"
        for _page in range(count):
            notes = chooser._notes
            at = next((at for at, note in enumerate(notes) if name in note), None)
            assert len(notes) <= 9
            if at is not None:
                break
            QTest.keyClick(chooser, Qt.Key.Key_9)
        assert at is not None
        QTest.keyClick(chooser, Qt.Key(int(Qt.Key.Key_1) + at))
        running = stand.panes.rounds.running
        assert running is not None
        found.append(running.number)
        stand.do("video.round")
        assert stand.panes.rounds.running is None
    assert found == list(range(1, count + 1))


def test_that_a_round_taken_away_while_it_is_chosen_is_not_run(stand: Stand) -> None:
    stand.room.session.put_fact("camera_round", "4", round_of(4))
    stand.do("event.video")
    stand.do("video.round")
    stand.room.session.drop_fact("camera_round", "4")
    stand.press(Qt.Key.Key_1)
    assert stand.panes.rounds.running is None
    assert told_of(stand) == stand.room.desk.say("rounds.gone", name="轮巡04")


def test_that_a_round_written_anew_goes_on_with_its_new_cameras(stand: Stand) -> None:
    stand.room.session.put_fact("camera_round", "4", round_of(4))
    stand.do("event.video")
    stand.do("video.round")
    stand.press(Qt.Key.Key_1)
    fresh = replace(round_of(4), cameras=("CAM-0005", "CAM-0006"), version=2)
    stand.room.session.put_fact("camera_round", "4", fresh, version=2)
    assert (stand.panes.cameras, stand.panes.rounds.running) == (fresh.cameras, fresh)
    stand.do("video.remove_round")
    stand.press(Qt.Key.Key_1)
    removed = stand.room.session.sent.commands[-1]
    assert isinstance(removed, RemoveRound)
    assert removed.version == 2, "as it is now: the centre refuses what was seen before"


@pytest.mark.parametrize("way", ["x", "esc"])
def test_that_a_round_that_was_stopped_is_none_to_take_away(stand: Stand, way: str) -> None:
    stand.room.session.put_fact("camera_round", "4", round_of(4))
    stand.do("event.video")
    stand.do("video.round")
    stand.press(Qt.Key.Key_1)
    assert stand.room.desk.video_focus.round is not None
    if way == "x":
        stand.do("video.round")
    else:
        stand.panes.step_back()
    stand.do("video.remove_round")
    assert not stand.room.window.deeds.is_asking
    assert stand.room.session.sent.commands == []


@pytest.fixture
def beside(desk_room: Room) -> Iterator[Stand]:
    """The four cameras nearest to event 7, all of them live."""
    yield live_beside_the_event(desk_room)
    desk_room.desk.video.stop()


def test_that_a_sheet_that_closes_takes_its_question_along_and_nothing_is_taken(beside: Stand) -> None:
    beside.do("video.clip")
    assert beside.room.window.deeds.is_asking
    beside.sheet.give_way()
    beside.room.beat()
    assert not beside.room.window.deeds.is_asking
    assert beside.fleet.clips == []


def test_that_a_stream_that_went_while_it_was_asked_how_long_is_told(beside: Stand) -> None:
    beside.do("video.clip")
    beside.video.leave(beside.panes.pane())
    beside.press(Qt.Key.Key_1)
    desk = beside.room.desk
    reason = desk.say("panes.nothing_to_keep")
    assert told_of(beside) == desk.say("panes.not_kept", camera="朝天门 沿江 00", reason=reason)
    assert beside.fleet.clips == []
