"""The nearest cameras in one key: which, in which stream, only while they are seen, and what each says of itself."""

from collections.abc import Iterator
from dataclasses import replace

import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from chengyun_console.video.desk import RESTING_MS
from chengyun_console.video.panel import VideoPanel
from chengyun_core.mirror.news import FactNews
from chengyun_core.model.camera import StreamQuality
from chengyun_core.model.failure import Reason
from chengyun_core.model.scales import WarningColour
from chengyun_core.video.port import PaneState
from chengyun_core.wire.camera_asks import TellCameras
from chengyun_widgets.video.record import PaneTone
from tests.console.conftest import Room
from tests.console.event_samples import event, put_events
from tests.console.still_session import alarm
from tests.console.video_stand import Stand, made_stand
from tests.support.small_city import small_city
from tests.support.still_cameras import HERE, cameras, live, with_cameras


@pytest.fixture
def stand(desk_room: Room) -> Iterator[Stand]:
    """An officer with an event at HERE in focus, and twelve cameras around it."""
    made = made_stand(desk_room)
    put_events(desk_room.session, event(7, longitude=HERE[0] + 0.0001, latitude=HERE[1]))
    desk_room.desk.event_focus.select(7)
    yield made
    desk_room.desk.video.stop()


def opened(stand: Stand) -> Stand:
    """Open the nearest cameras of the event, with leave for all."""
    stand.do("event.video")
    stand.settle()
    stand.grant_all()
    return stand


def test_that_one_key_shows_the_four_nearest_cameras_of_an_event(stand: Stand) -> None:
    opened(stand)
    assert stand.sheet.isVisible()
    assert stand.fleet.codes() == ["CAM-0000", "CAM-0001", "CAM-0002", "CAM-0003"]
    assert stand.room.window.focusWidget() is stand.panes.grid
    stand.do("event.video")
    assert not stand.sheet.isVisible()


def test_that_an_alarm_shows_the_camera_that_watches_its_vital_first(stand: Stand) -> None:
    bound = tuple(replace(one, watches="V0001") if one.code == "CAM-0009" else one for one in cameras())
    stand.room.session.show_city(replace(with_cameras(small_city(12)), cameras=bound))
    stand.settle()
    stand.room.session.put_alarms(alarm(1, 1, WarningColour.RED))
    stand.room.desk.select_alarm(1)
    stand.do("alarm.video")
    stand.settle()
    # Where its device's place is not known it is that of the camera that watches it.
    assert stand.panes.cameras[:2] == ("CAM-0009", "CAM-0008")
    stand.grant_all()


def test_that_digits_choose_how_many_and_small_panes_take_the_small_stream(stand: Stand) -> None:
    opened(stand)
    assert {shown[1] for shown in stand.fleet.shown.values()} == {stand.panes.grid.panes[0].width()}
    for key, count in ((Qt.Key.Key_9, 9), (Qt.Key.Key_1, 1), (Qt.Key.Key_4, 4), (Qt.Key.Key_0, 16)):
        stand.press(key)
        stand.settle()
        assert stand.panes.grid.count == count
    asked = stand.grant_all()
    stand.pass_time(0.02)
    asked += stand.grant_all()
    assert {ask.quality for ask in asked} == {StreamQuality.SUB}
    for camera in stand.fleet.codes():
        stand.fleet.looks[camera] = live(3)
    stand.pass_time(0.02)
    assert len(stand.fleet.shown) == 12
    assert all("/sub" in source.address for source, _width, _height in stand.fleet.shown.values())


def test_that_a_pane_nobody_sees_gives_its_stream_up(stand: Stand) -> None:
    opened(stand)
    stand.room.window.layers.close_nearest()
    stand.settle()
    stand.pass_time(1.0)
    assert len(stand.fleet.shown) == 4
    stand.pass_time(2.5)
    assert stand.fleet.shown == {}
    assert stand.video._timer.interval() == RESTING_MS


def test_that_a_look_in_large_brings_the_main_stream_and_shows_the_small_one_until_then(stand: Stand) -> None:
    opened(stand)
    stand.press(Qt.Key.Key_9)
    stand.settle()
    stand.fleet.looks["CAM-0000"] = live(3)
    for _ in range(2):
        stand.grant_all()
        stand.pass_time(0.02)
    stand.press(Qt.Key.Key_Return)
    stand.settle()
    pane = stand.panes.pane()
    assert stand.video.standing(pane).quality is StreamQuality.SUB
    (large,) = stand.grant_all()
    assert (large.camera, large.quality) == ("CAM-0000", StreamQuality.MAIN)
    stand.pass_time(0.02)
    assert stand.video.standing(pane).quality is StreamQuality.MAIN
    assert stand.room.window.layers.close_nearest()
    assert stand.sheet.isVisible()
    assert not stand.panes.grid.is_large


def test_that_a_small_panel_shows_its_camera_as_large_as_the_page(stand: Stand) -> None:
    assert stand.cameras is not None
    panel = VideoPanel(stand.room.desk, "command")
    panel.setParent(stand.room.window)
    panel.resize(480, 300)
    panel.show()
    panel.show_cameras(("CAM-0003", "CAM-0004", "CAM-0005"))
    stand.settle()
    assert {ask.quality for ask in stand.grant_all()} == {StreamQuality.SUB}
    panel.focus_front()
    stand.press(Qt.Key.Key_Right)
    stand.press(Qt.Key.Key_Return)
    stand.settle()
    assert stand.sheet.isVisible()
    assert stand.panes.camera() == panel.panes.camera()
    assert [ask.quality for ask in stand.grant_all() if ask.camera == "CAM-0004"] == [StreamQuality.MAIN]
    assert stand.room.window.layers.close_nearest()
    assert not stand.sheet.isVisible()
    assert panel.panes.grid.hasFocus()
    panel.setParent(None)
    panel.deleteLater()


def test_that_panes_under_the_sheet_give_their_streams_up_and_take_them_again(stand: Stand) -> None:
    assert stand.cameras is not None
    panel = VideoPanel(stand.room.desk, "command")
    panel.setParent(stand.room.window)
    panel.setGeometry(stand.room.window.page_area().adjusted(100, 100, -100, -100))
    panel.show()
    panel.show_cameras(("CAM-0007",))
    stand.settle()
    stand.grant_all()
    assert list(stand.fleet.shown) == ["CAM-0007/main"]
    opened(stand)
    for _ in range(14):
        stand.pass_time(0.26)
    assert sorted(stand.fleet.shown) == [f"CAM-000{at}/main" for at in range(4)]
    stand.do("event.video")
    for _ in range(14):
        stand.pass_time(0.26)
        stand.grant_all()
    assert list(stand.fleet.shown) == ["CAM-0007/main"]
    panel.setParent(None)
    panel.deleteLater()


def test_that_a_full_fleet_gives_the_places_of_panes_nobody_sees_any_more(stand: Stand) -> None:
    stand.fleet.most = 4
    opened(stand)
    stand.press(Qt.Key.Key_PageDown)
    stand.settle()
    stand.grant_all()
    assert stand.fleet.codes() == [f"CAM-000{at}" for at in (4, 5, 6, 7)]
    stand.room.window.layers.close_nearest()
    stand.settle()
    panel = VideoPanel(stand.room.desk, "command")
    panel.setParent(stand.room.window)
    panel.resize(480, 300)
    panel.show()
    panel.show_cameras(("CAM-0011",))
    stand.settle()
    stand.pass_time(1.5)
    stand.grant_all()
    assert "CAM-0011/sub" in stand.fleet.shown
    panel.setParent(None)
    panel.deleteLater()


def test_that_an_alarm_that_joins_the_event_moves_nothing_the_officer_chose(stand: Stand) -> None:
    opened(stand)
    stand.press(Qt.Key.Key_PageDown)
    assert stand.panes.spot is not None
    stand.panes.follow(replace(stand.panes.spot, named=("CAM-0011",)))
    assert stand.panes.first == 4
    assert stand.panes.cameras[0] == "CAM-0011"
    stand.panes.put("CAM-0000")
    chosen = stand.panes.cameras
    stand.panes.follow(replace(stand.panes.spot, named=()))
    assert stand.panes.cameras == chosen
    stand.settle()
    stand.grant_all()


def test_that_the_console_signs_off_and_no_stream_goes_on(stand: Stand) -> None:
    opened(stand)
    stand.room.session.sign_off()
    assert stand.fleet.shown == {}


def test_that_a_pane_never_looks_live_when_it_is_not(stand: Stand) -> None:
    opened(stand)
    stand.fleet.pictures["CAM-0000"] = np.full((90, 160, 4), 200, np.uint8)
    tones = {
        PaneState.LIVE: PaneTone.LIVE, PaneState.LATE: PaneTone.OLD, PaneState.FROZEN: PaneTone.OLD,
        PaneState.BLACK: PaneTone.DARK, PaneState.DEAD: PaneTone.LOST, PaneState.RETRYING: PaneTone.LOST,
        PaneState.REFUSED: PaneTone.REFUSED, PaneState.UNSUPPORTED: PaneTone.REFUSED,
        PaneState.CONNECTING: PaneTone.WAITING,
    }  # fmt: skip
    assert set(tones) == set(PaneState)
    for state, tone in tones.items():
        stand.fleet.looks["CAM-0000"] = live(3, state=state)
        stand.pass_time(0.02)
        record = stand.panes.grid.panes[0].record
        assert record.tone is tone
        assert bool(record.notice) is (state is not PaneState.LIVE)


def test_that_a_live_pane_tells_its_lines_rate_and_latency(stand: Stand) -> None:
    opened(stand)
    stand.fleet.looks["CAM-0000"] = live(3)
    stand.pass_time()
    assert stand.panes.grid.panes[0].record.foot == "1080p · 25 fps · 延迟 0.4 s"
    stand.fleet.looks["CAM-0000"] = live(4, latency_ms=None)
    stand.pass_time()
    assert stand.panes.grid.panes[0].record.foot == "1080p · 25 fps"


def test_that_a_frozen_picture_counts_its_age(stand: Stand) -> None:
    opened(stand)
    stand.fleet.looks["CAM-0000"] = live(3, state=PaneState.FROZEN, since_s=12.4)
    stand.pass_time()
    clock = stand.room.desk.figures.clock(stand.room.session.clock.utc_ns() - 12_400_000_000)
    assert stand.panes.grid.panes[0].record.notice == f"画面冻结 12 s · {clock}"
    assert stand.panes.grid.panes[0].record.foot == "1080p · 25 fps"
    stand.fleet.looks["CAM-0000"] = live(3, state=PaneState.FROZEN, since_s=112.0)
    stand.pass_time()
    assert "01:52" in stand.panes.grid.panes[0].record.notice


@pytest.mark.parametrize(
    ("state", "attempt", "told"),
    [
        (PaneState.RETRYING, 2, "重连中 2 / 5"), (PaneState.RETRYING, 8, "第 8 次重连中"),
        (PaneState.DEAD, 1, "3 s 后重连 2 / 5"), (PaneState.DEAD, 7, "3 s 后第 8 次重连"),
    ],
)  # fmt: skip
def test_that_a_lost_signal_says_how_it_is_tried_again(stand: Stand, state: PaneState, attempt: int, told: str) -> None:
    opened(stand)
    stand.fleet.looks["CAM-0000"] = live(0, state=state, attempt=attempt, next_try_s=2.8)
    stand.pass_time()
    record = stand.panes.grid.panes[0].record
    assert (record.notice, record.foot) == ("信号中断 · 自动重连", told)


def test_that_a_refused_stream_says_why_and_is_asked_for_again_later(stand: Stand) -> None:
    stand.do("event.video")
    stand.settle()
    stand.room.session.answer_ask("video.CAM-0000/main", Reason(code="camera.no_demo", params={"camera": "CAM-0000"}))
    stand.grant_all()
    stand.pass_time()
    record = stand.panes.grid.panes[0].record
    assert record.tone is PaneTone.REFUSED
    assert record.notice == stand.room.desk.say("camera.no_demo", camera="CAM-0000")
    assert "video.CAM-0000/main" not in stand.room.session.sent.asks
    stand.pass_time(31.0)
    assert "video.CAM-0000/main" in stand.room.session.sent.asks


def test_that_a_stream_ends_when_a_new_label_forbids_it(stand: Stand) -> None:
    opened(stand)
    session = stand.room.session
    through = session.facts.through + 1
    news = FactNews(facts=(), gone=(), changes=(), through=through, tail=through, complete=True, relabelled=True)
    session.facts.apply(news)
    session.facts_came.emit(news)
    session.answer_ask("video.CAM-0000/main", Reason(code="label.not_cleared"))
    session.answer_ask("video.CAM-0001/main", Reason(code="session.no_answer"))
    stand.grant_all()
    stand.pass_time()
    assert stand.fleet.codes() == ["CAM-0001", "CAM-0002", "CAM-0003"]
    assert stand.panes.grid.panes[0].record.tone is PaneTone.REFUSED
    assert stand.panes.grid.panes[1].record.tone is PaneTone.WAITING  # what runs goes on: nobody said no


def test_that_words_are_written_anew_only_when_something_changed(stand: Stand) -> None:
    opened(stand)
    for code in stand.fleet.codes():
        stand.fleet.looks[code] = live(1)
    stand.pass_time()
    stand.room.qtbot.wait(30)
    painted = stand.panes.grid.paint_count
    for _ in range(10):
        stand.pass_time(0.02)
    stand.room.qtbot.wait(30)
    assert stand.panes.grid.paint_count == painted
    stand.fleet.looks["CAM-0001"] = live(2)
    stand.pass_time(0.02)
    stand.room.qtbot.waitUntil(lambda: stand.panes.grid.paint_count > painted)
    assert stand.panes.grid.paint_count == painted + 1


def test_that_pages_turn_round_and_round(stand: Stand) -> None:
    opened(stand)
    for first in ("CAM-0004", "CAM-0008", "CAM-0000"):
        stand.press(Qt.Key.Key_PageDown)
        assert stand.panes.shown()[0] == first
    stand.press(Qt.Key.Key_PageUp)
    assert stand.panes.shown()[0] == "CAM-0008"
    assert "第 3/3 页" in stand.panes.head()


def test_that_what_is_typed_finds_cameras_by_initials_code_and_district(stand: Stand) -> None:
    opened(stand)
    stand.press(Qt.Key.Key_S)
    assert stand.sheet.list.field.hasFocus()
    stand.room.qtbot.waitUntil(lambda: stand.video.book is not None and stand.video.book.is_spelled)
    for text, count in (("ctm", 12), ("cam-0007", 1), ("朝天门 11", 1), ("jfb", 6), ("nowhere", 0)):
        stand.sheet.list.field.setText(text)
        assert len(stand.sheet.list.list.rows()) == count, text
    stand.sheet.list.field.setText("cam-0007")
    stand.press(Qt.Key.Key_Return)
    assert stand.panes.shown()[0] == "CAM-0007"
    assert stand.panes.grid.current == 1
    stand.press(Qt.Key.Key_Escape)
    stand.press(Qt.Key.Key_Escape)
    assert stand.panes.grid.hasFocus()


def test_that_the_tree_unfolds_and_a_place_shows_all_of_its_cameras(stand: Stand) -> None:
    stand.do("video.open")
    stand.settle()
    rows = stand.sheet.list.list
    assert [row.key for row in rows.rows()] == ["heading:all", "path:渝中区"]
    rows.fold_was_asked.emit("path:渝中区", True)
    assert [row.title for row in rows.rows()[1:]] == ["渝中区", "朝天门街道", "解放碑街道"]
    rows.row_was_opened.emit("path:渝中区/朝天门街道")
    assert stand.panes.cameras == ("CAM-0001", "CAM-0003", "CAM-0005", "CAM-0007", "CAM-0009", "CAM-0011")
    stand.settle()
    stand.grant_all()


def test_that_the_centre_is_told_what_is_seen_when_it_changes(stand: Stand) -> None:
    opened(stand)
    stand.fleet.looks["CAM-0000"] = live(1)
    stand.fleet.looks["CAM-0001"] = live(1, state=PaneState.FROZEN, reason=Reason(code="video.frozen"))
    stand.pass_time(3.0)
    _kind, told, _answer = stand.room.session.sent.asks.pop("camera.told")
    assert isinstance(told, TellCameras)
    assert {look.camera: (look.state.value, look.reason) for look in told.looks} == {
        "CAM-0000": ("online", ""), "CAM-0001": ("frozen", "video.frozen"),
    }  # fmt: skip
    stand.pass_time(3.0)
    assert "camera.told" not in stand.room.session.sent.asks
    stand.pass_time(60.0)
    assert "camera.told" in stand.room.session.sent.asks


def test_that_the_sheet_gives_way_to_a_page_that_comes_forward(stand: Stand) -> None:
    stand.do("event.video")
    assert stand.sheet.isVisible()
    stand.room.window.show_page("F3")
    assert stand.sheet.isHidden(), "else the key of the page would seem dead"


def test_that_a_mouse_alone_keeps_evidence_and_closes_the_sheet(stand: Stand) -> None:
    opened(stand)
    grid = stand.panes.grid
    QTest.mouseClick(grid.panes[1], Qt.MouseButton.LeftButton)
    QTest.mouseClick(stand.sheet.actions_by_key["video.grab"], Qt.MouseButton.LeftButton)
    assert [pane for pane, _future in stand.fleet.grabs] == ["CAM-0001/main"]
    assert grid.hasFocus(), "letters are about the panes still"
    QTest.mouseClick(stand.sheet.actions_by_key["back"], Qt.MouseButton.LeftButton)
    assert stand.sheet.isHidden()
