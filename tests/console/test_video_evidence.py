"""Evidence by keys: the picture of the moment, why it is kept, the bytes on their way, the command that keeps them."""

import hashlib
from collections.abc import Iterator

import pytest
from PySide6.QtCore import Qt

from chengyun_core.model.camera import CameraRound, Evidence, EvidenceKind, EvidenceWish, PtzLock
from chengyun_core.model.camera_commands import GivePtz, KeepEvidence, RemoveRound, SaveRound, TakePtz
from chengyun_core.model.failure import Reason, Trouble
from chengyun_core.model.scales import WarningColour
from chengyun_core.video.port import Clip, Still
from chengyun_core.wire import codec
from chengyun_core.wire.camera_asks import AskEvidence, EvidencePage, MovePtz, SendToPreset
from chengyun_core.wire.envelope import Done, Reply
from chengyun_core.wire.event_asks import AskUpload, UploadHeld, UploadPart
from tests.console.conftest import Room
from tests.console.event_samples import event, put_events
from tests.console.still_session import START_NS, S, alarm
from tests.console.video_stand import Stand, live_beside_the_event

PICTURE = b"\xff\xd8\xff" + b"picture" * 1000


@pytest.fixture
def stand(desk_room: Room) -> Iterator[Stand]:
    """The four cameras nearest to event 7, all of them live."""
    yield live_beside_the_event(desk_room)
    desk_room.desk.video.stop()


def still(at: int = START_NS) -> Still:
    return Still(image=PICTURE, taken_utc_ns=at, width=1920, height=1080)


def told_of(stand: Stand) -> str:
    """Return what the message line says."""
    message = stand.room.window.message.message
    return message.text if message is not None else ""


def answered_upload(stand: Stand, content: bytes) -> None:
    """Take the bytes of an upload as the centre does."""
    slot = f"upload.{hashlib.sha256(content).hexdigest()}"
    session, qtbot = stand.room.session, stand.room.qtbot
    qtbot.waitUntil(lambda: slot in session.sent.asks)
    _kind, ask, _answer = session.sent.asks[slot]
    assert isinstance(ask, AskUpload)
    assert ask.size == len(content)
    session.answer_ask(slot, UploadHeld(held=0, size=len(content)))
    held = b""
    while len(held) < len(content):
        qtbot.waitUntil(lambda: slot in session.sent.asks)
        _kind, part, _answer = session.sent.asks[slot]
        assert isinstance(part, UploadPart)
        assert part.offset == len(held)
        held += part.data
        session.answer_ask(slot, UploadHeld(held=len(held), size=len(content)))
    assert held == content


def test_that_g_and_a_digit_keep_the_picture_of_the_moment_on_the_event(stand: Stand) -> None:
    stand.press(Qt.Key.Key_G)
    ((pane, future),) = stand.fleet.grabs
    assert pane == "CAM-0000/main"
    future.set_result(still())
    stand.room.qtbot.waitUntil(lambda: stand.room.window.deeds.is_asking)
    assert stand.panes.grid.panes[0]._flash_ends is not None
    stand.press(Qt.Key.Key_2)
    answered_upload(stand, PICTURE)
    stand.room.qtbot.waitUntil(lambda: bool(stand.room.session.sent.commands))
    (made,) = stand.room.session.sent.commands
    assert made == KeepEvidence(
        camera="CAM-0000", kind=EvidenceKind.SNAPSHOT, event=7, digest=hashlib.sha256(PICTURE).hexdigest(),
        size=len(PICTURE), begins_at=START_NS, ends_at=START_NS, reason="积水、水位",
    )  # fmt: skip
    done = Reply(id="command-1", outcome="done", body=codec.pack(Done(change=41, key="5", version=1)))
    stand.room.session.command_ended.emit("command-1", done)
    stand.pass_time()
    assert stand.panes.grid.panes[0].record.note == "✓ 截图已取证"
    assert stand.panes.grid.hasFocus()


def test_that_k_asks_for_how_long_and_begins_ten_seconds_ago(stand: Stand) -> None:
    stand.press(Qt.Key.Key_Right)
    stand.press(Qt.Key.Key_K)
    stand.press(Qt.Key.Key_2)
    ((pane, before_s, after_s, future),) = stand.fleet.clips
    assert (pane, before_s, after_s) == ("CAM-0001/main", 10.0, 10.0)
    future.set_result(Clip(video=PICTURE, begin_utc_ns=START_NS - 10 * S, end_utc_ns=START_NS, codec="h264",
                           width=1920, height=1080, pictures=250))  # fmt: skip
    stand.room.qtbot.waitUntil(lambda: stand.room.window.deeds.is_asking)
    stand.press(Qt.Key.Key_1)
    answered_upload(stand, PICTURE)
    stand.room.qtbot.waitUntil(lambda: bool(stand.room.session.sent.commands))
    (made,) = stand.room.session.sent.commands
    assert isinstance(made, KeepEvidence)
    assert (made.camera, made.kind, made.begins_at) == ("CAM-0001", EvidenceKind.CLIP, START_NS - 10 * S)


def test_that_without_event_and_alarm_nothing_is_taken(stand: Stand) -> None:
    stand.sheet.close_over()
    stand.room.desk.event_focus.select(None)
    stand.panes.show_cameras(("CAM-0005",))
    stand.do("video.open")
    stand.settle()
    stand.grant_all()
    stand.do("video.grab")
    assert stand.fleet.grabs == []
    assert stand.room.desk.say("panes.nothing_to_keep_with") in told_of(stand)


def test_that_a_picture_that_could_not_be_taken_is_told(stand: Stand) -> None:
    stand.do("video.grab")
    stand.fleet.grabs[0][1].set_exception(Trouble("panes.nothing_to_keep"))
    told = "朝天门 沿江 00 没有取证：这一路还没有画面"
    stand.room.qtbot.waitUntil(lambda: told in told_of(stand))


def test_that_a_second_picture_waits_for_its_question(stand: Stand) -> None:
    stand.do("video.grab")
    stand.fleet.grabs[0][1].set_result(still())
    stand.room.qtbot.waitUntil(lambda: stand.room.window.deeds.is_asking)
    stand.press(Qt.Key.Key_Escape)
    stand.do("video.grab")
    stand.do("video.grab")
    for at in (1, 2):
        stand.fleet.grabs[at][1].set_result(still(START_NS + at * S))
    stand.room.qtbot.waitUntil(lambda: stand.room.window.deeds.is_asking)
    stand.press(Qt.Key.Key_1)
    assert not stand.room.window.deeds.is_asking
    stand.room.beat()
    assert stand.room.window.deeds.is_asking
    stand.press(Qt.Key.Key_Escape)


def test_that_what_a_rule_wants_is_kept_by_who_shows_the_camera(stand: Stand) -> None:
    wish = EvidenceWish(
        number=3, camera="CAM-0002", alarm=12, vital="V0001", raised_at=START_NS, before_s=10.0, after_s=5.0,
        until=START_NS + 60 * S,
    )  # fmt: skip
    looks = dict(stand.fleet.looks)
    stand.fleet.looks.clear()
    stand.room.session.put_fact("evidence_wish", "3", wish)
    stand.room.beat()
    assert stand.fleet.grabs == [], "the streams are only being opened"
    stand.fleet.looks.update(looks)
    stand.room.beat()
    stand.room.session.put_fact("evidence_wish", "3", wish, version=2)
    stand.room.beat()
    ((pane, taken),) = stand.fleet.grabs
    ((clip_pane, before_s, after_s, _clip),) = stand.fleet.clips
    assert pane == clip_pane == "CAM-0002/main"
    assert before_s > 12.0, "two seconds went by until there was a picture"
    assert before_s + after_s == pytest.approx(15.0)
    taken.set_result(still())
    answered_upload(stand, PICTURE)
    stand.room.qtbot.waitUntil(lambda: bool(stand.room.session.sent.commands))
    (made,) = stand.room.session.sent.commands
    assert isinstance(made, KeepEvidence)
    assert (made.wish, made.alarm, made.reason) == (3, 12, "")
    assert not stand.room.window.deeds.is_asking


def lock(name: str = "officer", seat: str = "A-03", **fields: object) -> PtzLock:
    return PtzLock(camera="CAM-0000", account=name, name="王强", seat=seat, post="", since=START_NS, **fields)  # type: ignore[arg-type]


def test_that_arrows_move_a_camera_once_it_is_ours_and_esc_gives_it_back(stand: Stand) -> None:
    session = stand.room.session
    stand.press(Qt.Key.Key_Y)
    assert session.sent.commands == [TakePtz(camera="CAM-0000")]
    assert not stand.panes.steering.is_held
    session.put_fact("ptz_lock", "CAM-0000", lock())
    assert stand.panes.steering.is_held
    assert "1 全景" in stand.panes.head()
    stand.press(Qt.Key.Key_Left)
    assert session.sent.asks["ptz.move"][1] == MovePtz(camera="CAM-0000")
    assert stand.panes.grid.current == 0
    stand.press(Qt.Key.Key_2)
    assert session.sent.asks["ptz.preset"][1] == SendToPreset(camera="CAM-0000", preset=2)
    assert stand.panes.grid.count == 4
    stand.press(Qt.Key.Key_Escape)
    assert session.sent.commands[-1] == GivePtz(camera="CAM-0000")
    assert stand.sheet.isVisible()


def test_that_a_key_held_down_goes_on_moving_and_letting_go_stops(stand: Stand) -> None:
    session = stand.room.session
    stand.do("video.steer")
    session.put_fact("ptz_lock", "CAM-0000", lock())
    grid = stand.panes.grid
    stand.room.qtbot.keyPress(grid, Qt.Key.Key_Up)
    assert session.sent.asks.pop("ptz.move")[1] == MovePtz(camera="CAM-0000", y=0.4)
    stand.room.qtbot.waitUntil(lambda: "ptz.move" in session.sent.asks)
    assert session.sent.asks.pop("ptz.move")[1] == MovePtz(camera="CAM-0000", y=0.4)
    stand.room.qtbot.keyRelease(grid, Qt.Key.Key_Up)
    assert session.sent.asks.pop("ptz.move")[1] == MovePtz(camera="CAM-0000")
    stand.panes.steering.give()


def test_that_a_camera_others_move_says_who_and_is_taken_with_a_reason(stand: Stand) -> None:
    session = stand.room.session
    session.put_fact("ptz_lock", "CAM-0000", lock("wang", "A-01"))
    stand.pass_time()
    assert stand.panes.grid.panes[0].record.note == "云台：王强 自 14:32:07"
    stand.press(Qt.Key.Key_Y)
    assert stand.room.window.deeds.is_asking
    stand.press(Qt.Key.Key_2)
    assert session.sent.commands == [TakePtz(camera="CAM-0000", reason="上级要求")]


def test_that_a_camera_that_went_back_is_not_moved_any_more(stand: Stand) -> None:
    session = stand.room.session
    stand.do("video.steer")
    session.put_fact("ptz_lock", "CAM-0000", lock())
    session.drop_fact("ptz_lock", "CAM-0000")
    assert not stand.panes.steering.is_held
    assert "云台已交还" in told_of(stand)


def test_that_a_camera_without_movement_says_so(stand: Stand) -> None:
    stand.press(Qt.Key.Key_Right)
    stand.press(Qt.Key.Key_Y)
    assert stand.room.session.sent.commands == []
    assert "没有云台" in told_of(stand)


def sample_round() -> CameraRound:
    return CameraRound(
        number=4, name="沿江", centre="500000", cameras=tuple(f"CAM-{at:04d}" for at in range(3, 10)), dwell_s=10.0,
        grid=4, saved_at=1, saved_by="li", version=2,
    )  # fmt: skip


def test_that_a_round_turns_its_pages_by_its_dwell_until_it_is_stopped(stand: Stand) -> None:
    stand.room.session.put_fact("camera_round", "4", sample_round())
    stand.press(Qt.Key.Key_X)
    stand.press(Qt.Key.Key_1)
    assert stand.panes.shown()[0] == "CAM-0003"
    assert stand.panes.head() == "轮巡 沿江 1/2 · 10 s 后换 · X 停"
    stand.settle()
    for first in ("CAM-0007", "CAM-0003"):
        stand.pass_time(10.0)
        assert stand.panes.shown()[0] == first
        stand.settle()
    stand.do("video.round")
    stand.pass_time(20.0)
    assert stand.panes.shown()[0] == "CAM-0003"


def test_that_what_is_shown_is_kept_as_a_round_and_taken_away_with_a_reason(stand: Stand) -> None:
    stand.press(Qt.Key.Key_X, Qt.KeyboardModifier.ShiftModifier)
    stand.press(Qt.Key.Key_3)
    stand.room.window.asker.text_was_given.emit("朝天门一线")
    (made,) = stand.room.session.sent.commands
    assert isinstance(made, SaveRound)
    assert (made.name, made.dwell_s, made.grid, len(made.cameras)) == ("朝天门一线", 20.0, 4, 12)
    stand.room.session.put_fact("camera_round", "4", sample_round())
    stand.do("video.round")
    stand.press(Qt.Key.Key_1)
    stand.do("video.remove_round")
    stand.press(Qt.Key.Key_1)
    assert stand.room.session.sent.commands[-1] == RemoveRound(round=4, version=2, reason="已不再用")


def test_that_the_evidence_of_the_event_is_listed_beside_the_panes(stand: Stand) -> None:
    stand.press(Qt.Key.Key_J)
    _kind, ask, _answer = stand.room.session.sent.asks["evidence.page"]
    assert ask == AskEvidence(event=7)
    kept = Evidence(
        number=5, camera="CAM-0000", camera_name="朝天门 沿江 00", centre="500103", kind=EvidenceKind.SNAPSHOT, event=7,
        begins_at=START_NS, ends_at=START_NS, digest="ab" * 32, size=70_000, media="image/jpeg", attachment=9,
        reason="积水、水位", added_at=START_NS, added_by="li", added_seat="A-03",
    )  # fmt: skip
    stand.room.session.answer_ask("evidence.page", EvidencePage(evidence=(kept,)))
    _heading, row = stand.sheet.list.list.rows()
    assert (row.title, row.age, row.badges) == ("朝天门 沿江 00", "14:32:07", ("截图",))
    assert "abababababab" in row.detail
    stand.sheet.list.list.row_was_opened.emit(row.key)
    opened = stand.room.window.event_desk.files.sheet
    assert opened.isVisible()
    assert opened.file is not None
    assert (opened.file.number, opened.file.name) == (9, "CAM-0000.jpg")
    opened.close_over()


def test_that_evidence_that_cannot_be_read_says_why(stand: Stand) -> None:
    stand.do("video.evidence")
    stand.room.session.answer_ask("evidence.page", Reason(code="session.no_answer"))
    assert stand.sheet.list.list._notice == stand.room.desk.say("session.no_answer")


def test_that_an_alarm_in_focus_is_what_a_picture_is_kept_with(stand: Stand) -> None:
    stand.sheet.close_over()
    stand.room.session.put_alarms(alarm(1, 1, WarningColour.RED))
    stand.room.desk.select_alarm(1)
    stand.do("alarm.video")
    stand.settle()
    stand.grant_all()
    assert stand.cameras.keeper._about(stand.panes) == (None, 1)
    put_events(stand.room.session, event(8, alarms=(1,)))
    assert stand.cameras.keeper._about(stand.panes) == (8, 1)


def test_that_a_clip_that_still_runs_keeps_its_stream_though_the_sheet_is_closed(stand: Stand) -> None:
    pane = stand.panes.pane()
    stand.video.clip(pane, 10.0, 30.0, lambda _told: None)
    stand.sheet.close_over()
    for _ in range(29):
        stand.pass_time(1.0)
    assert list(stand.fleet.codes()) == ["CAM-0000"]
    for _ in range(5):
        stand.pass_time(1.0)
    assert list(stand.fleet.codes()) == []
