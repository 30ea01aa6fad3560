"""Evidence that was taken outlives the window it was taken in: another language or theme costs not one picture."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from chengyun_core.model.camera import EvidenceKind, EvidenceWish
from chengyun_core.model.camera_commands import KeepEvidence
from chengyun_core.model.failure import Trouble
from chengyun_core.video.port import Clip
from tests.console.event_samples import event, put_events
from tests.console.staged import StagedRoom, staged
from tests.console.still_session import START_NS, S
from tests.console.test_video_evidence import PICTURE, answered_upload, still, told_of
from tests.console.video_stand import ALLOWED, Stand
from tests.support.small_city import small_city
from tests.support.still_cameras import HERE, StillFleet, live, with_cameras

CLIP = Clip(video=PICTURE, begin_utc_ns=START_NS - 10 * S, end_utc_ns=START_NS, codec="h264", width=1920, height=1080,
            pictures=250)  # fmt: skip


@pytest.fixture
def stand(qtbot: QtBot, tmp_path: Path) -> Iterator[Stand]:
    """The four cameras nearest to event 7, live, in a window that may be replaced."""
    with staged(qtbot, tmp_path) as room:
        fleet = StillFleet()
        room.desk.video.make_fleet = lambda _desk, _demo: fleet
        room.session.enter(allowed=ALLOWED)
        room.session.show_city(with_cameras(small_city(12, period_s=5.0)))
        room.window.activateWindow()
        put_events(room.session, event(7, longitude=HERE[0] + 0.0001, latitude=HERE[1]))
        room.desk.event_focus.select(7)
        made = Stand(room, fleet)
        made.do("event.video")
        made.settle()
        made.grant_all()
        for code in fleet.codes():
            fleet.looks[code] = live(3)
        made.pass_time()
        yield made
        room.desk.video.stop()


def change(stand: Stand, what: str = "language") -> None:
    """Put another window in the place of this one."""
    assert isinstance(stand.room, StagedRoom)
    stand.room.change(what)
    stand.settle()
    stand.room.beat()


def asked_why(stand: Stand) -> None:
    """Wait until it is asked why something was kept, and say so."""
    stand.room.qtbot.waitUntil(lambda: _beaten(stand))
    QTest.keyClick(stand.room.window.chooser, Qt.Key.Key_2)


def _beaten(stand: Stand) -> bool:
    stand.room.beat()
    return stand.room.window.deeds.is_asking


def sent(stand: Stand) -> KeepEvidence:
    """Return the one command that keeps evidence."""
    answered_upload(stand, PICTURE)
    stand.room.qtbot.waitUntil(lambda: bool(stand.room.session.sent.commands))
    (made,) = stand.room.session.sent.commands
    assert isinstance(made, KeepEvidence)
    return made


@pytest.mark.parametrize("what", ["language", "theme"])
def test_that_a_picture_that_came_after_its_window_went_is_asked_about_in_the_next(stand: Stand, what: str) -> None:
    stand.do("video.grab")
    ((_pane, future),) = stand.fleet.grabs
    change(stand, what)
    future.set_result(still())
    asked_why(stand)
    made = sent(stand)
    assert (made.camera, made.kind, made.event, made.begins_at) == ("CAM-0000", EvidenceKind.SNAPSHOT, 7, START_NS)
    assert made.reason == stand.room.desk.say("panes.reason.water")


def test_that_a_clip_that_runs_while_the_window_changes_is_kept_whole(stand: Stand) -> None:
    stand.do("video.clip")
    QTest.keyClick(stand.room.window.chooser, Qt.Key.Key_3)
    ((_pane, _before_s, after_s, future),) = stand.fleet.clips
    assert after_s == 30.0
    change(stand)
    for _ in range(10):
        stand.pass_time(2.0)
    assert "CAM-0000" in stand.fleet.codes(), "its stream goes on"
    future.set_result(CLIP)
    asked_why(stand)
    made = sent(stand)
    assert (made.kind, made.begins_at, made.ends_at) == (EvidenceKind.CLIP, START_NS - 10 * S, START_NS)


def test_that_the_question_why_is_asked_again_in_the_other_language(stand: Stand) -> None:
    stand.do("video.grab")
    stand.fleet.grabs[0][1].set_result(still())
    stand.room.qtbot.waitUntil(lambda: stand.room.window.deeds.is_asking)
    before = stand.room.window.chooser._question
    change(stand)
    stand.room.qtbot.waitUntil(lambda: _beaten(stand))
    assert stand.room.window.chooser._question != before
    asked_why(stand)
    assert sent(stand).camera == "CAM-0000"


def test_that_several_that_wait_are_asked_about_one_after_the_other_in_the_next_window(stand: Stand) -> None:
    for _ in range(3):
        stand.do("video.grab")
    for at in range(3):
        stand.fleet.grabs[at][1].set_result(still(START_NS + at * S))
    stand.room.qtbot.waitUntil(lambda: stand.room.window.deeds.is_asking)
    change(stand)
    times = []
    for _ in range(3):
        asked_why(stand)
        times.append(sent(stand).begins_at)
        stand.room.session.sent.commands.clear()
        stand.room.session.sent.asks.clear()
    assert times == [START_NS + at * S for at in range(3)]
    stand.room.beat()
    assert not stand.room.window.deeds.is_asking


def test_that_bytes_on_their_way_arrive_though_the_window_goes(stand: Stand) -> None:
    stand.do("video.grab")
    stand.fleet.grabs[0][1].set_result(still())
    asked_why(stand)
    stand.room.qtbot.waitUntil(lambda: any(slot.startswith("upload.") for slot in stand.room.session.sent.asks))
    change(stand)
    made = sent(stand)
    assert (made.camera, made.event) == ("CAM-0000", 7)
    assert not stand.room.window.deeds.is_asking, "why was said already"


def test_that_what_the_officer_left_by_esc_is_not_asked_again(stand: Stand) -> None:
    stand.do("video.grab")
    stand.fleet.grabs[0][1].set_result(still())
    stand.room.qtbot.waitUntil(lambda: stand.room.window.deeds.is_asking)
    QTest.keyClick(stand.room.window.chooser, Qt.Key.Key_Escape)
    stand.room.beat()
    change(stand)
    for _ in range(3):
        stand.room.beat()
    assert not stand.room.window.deeds.is_asking


def test_that_a_failure_after_the_window_went_is_told_in_the_next(stand: Stand) -> None:
    stand.do("video.grab")
    change(stand)
    stand.fleet.grabs[0][1].set_exception(Trouble("panes.nothing_to_keep"))
    desk = stand.room.desk

    def told() -> bool:
        stand.room.beat()
        reason = desk.say("panes.nothing_to_keep")
        return told_of(stand) == desk.say("panes.not_kept", camera="朝天门 沿江 00", reason=reason)

    stand.room.qtbot.waitUntil(told)


def test_that_what_a_rule_wanted_is_kept_by_the_next_window_and_once(stand: Stand) -> None:
    wish = EvidenceWish(
        number=3, camera="CAM-0002", alarm=12, vital="V0001", raised_at=START_NS, before_s=10.0, after_s=5.0,
        until=START_NS + 60 * S,
    )  # fmt: skip
    stand.room.session.put_fact("evidence_wish", "3", wish)
    stand.room.beat()
    assert len(stand.fleet.grabs) == 1
    change(stand)
    for _ in range(3):
        stand.room.beat()
    assert len(stand.fleet.grabs) == 1, "the next window does not begin it anew"
    stand.fleet.grabs[0][1].set_result(still())
    stand.room.qtbot.waitUntil(lambda: _uploading(stand))
    made = sent(stand)
    assert (made.wish, made.alarm, made.reason) == (3, 12, "")


def _uploading(stand: Stand) -> bool:
    stand.room.beat()
    return any(slot.startswith("upload.") for slot in stand.room.session.sent.asks)
