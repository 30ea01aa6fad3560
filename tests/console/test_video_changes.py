"""A pane that grows or shrinks: no dark between its two streams, few sessions more, and a word when one is missing."""

from collections.abc import Callable, Iterator

import pytest
from PySide6.QtCore import Qt

from chengyun_console.video.desk import Standing
from chengyun_console.video.pane_book import LINGER_S
from chengyun_console.video.panel import VideoPanel
from chengyun_console.video.streams import AFTER_MISSED_S, COMES_WITHIN_S
from chengyun_core.mirror.news import FactNews
from chengyun_core.model.camera import StreamQuality
from chengyun_core.model.failure import Reason
from chengyun_core.video.port import SPARE, PaneLook, PaneState
from chengyun_widgets.video.record import PaneTone
from tests.console.conftest import Room
from tests.console.video_stand import Stand, made_stand
from tests.support.small_city import small_city
from tests.support.still_cameras import cameras, live, with_cameras

CODES = tuple(camera.code for camera in cameras(16))
SMALL, MIDDLE, WIDE = (1200, 700), (1900, 1000), (2800, 1600)
"""Of a panel: sixteen panes of it are small, four panes are large; of WIDE all sixteen are."""
MAIN, SUB = StreamQuality.MAIN, StreamQuality.SUB
FIRST = CODES[0]


@pytest.fixture
def stand(desk_room: Room) -> Iterator[Stand]:
    made = made_stand(desk_room)
    desk_room.session.show_city(with_cameras(small_city(12), 16))
    yield made
    desk_room.desk.video.stop()


def paned(stand: Stand, count: int, size: tuple[int, int] = MIDDLE) -> VideoPanel:
    """Return a panel of so many panes whose small streams all have their picture."""
    panel = VideoPanel(stand.room.desk, "command", count)
    stand.room.qtbot.addWidget(panel)
    panel.resize(*size)
    panel.show()
    panel.show_cameras(CODES)
    stand.settle()
    for ask in stand.grant_all():
        stand.fleet.looks[f"{ask.camera}/{ask.quality.value}"] = live(7, height=270)
    stand.pass_time()
    return panel


def standing(stand: Stand, at: int = 0) -> Standing:
    return stand.video.standing(f"command.{at}")


def shown(stand: Stand, count: int) -> list[tuple[StreamQuality | None, PaneState | None]]:
    """Return which stream each pane shows, and how that one is."""
    told = [standing(stand, at) for at in range(count)]
    return [(one.quality, one.look.state if one.look is not None else None) for one in told]


def picture_of(stand: Stand, quality: StreamQuality, *codes: str, look: PaneLook | None = None) -> None:
    for code in codes:
        stand.fleet.looks[f"{code}/{quality.value}"] = look or live(1)


def change(stand: Stand, act: Callable[[], object]) -> None:
    """Do what changes sizes, and give leave for what is asked: first for panes with nothing, then for the others."""
    act()
    stand.settle()
    for _ in range(2):
        stand.grant_all()
        stand.pass_time()


def test_that_a_pane_that_grows_shows_its_small_stream_until_the_first_picture_of_the_main_one(stand: Stand) -> None:
    panel = paned(stand, 16)
    change(stand, lambda: panel.show_count(4))
    assert shown(stand, 4) == [(SUB, PaneState.LIVE)] * 4
    assert {record.foot.split(" ")[0] for record in (pane.record for pane in panel.panes.grid.panes[:4])} == {"270p"}
    picture_of(stand, MAIN, FIRST)
    stand.pass_time(0.02)
    assert shown(stand, 4) == [(MAIN, PaneState.LIVE), *[(SUB, PaneState.LIVE)] * 3]
    assert panel.panes.grid.panes[0].record.foot.startswith("1080p"), "its words change with its picture"
    assert f"{FIRST}/sub" not in stand.fleet.shown
    assert stand.fleet.most_of_one == 2


def test_that_the_new_picture_is_painted_though_its_number_is_the_old_one_s(stand: Stand) -> None:
    panel = paned(stand, 9)
    change(stand, lambda: panel.show_count(4))
    painted = panel.panes.grid.panes[0].paint_count
    picture_of(stand, MAIN, FIRST, look=live(7, height=270))
    stand.pass_time(0.02)
    stand.room.qtbot.waitUntil(lambda: panel.panes.grid.panes[0].paint_count > painted)


def test_that_a_pane_that_shrinks_shows_its_main_stream_until_the_small_one_comes(stand: Stand) -> None:
    panel = paned(stand, 4)
    assert shown(stand, 4) == [(MAIN, PaneState.LIVE)] * 4
    change(stand, lambda: panel.show_count(16))
    assert shown(stand, 4) == [(MAIN, PaneState.LIVE)] * 4
    picture_of(stand, SUB, *CODES)
    stand.pass_time(0.02)
    assert shown(stand, 16) == [(SUB, PaneState.LIVE)] * 16
    assert sorted(stand.fleet.shown) == [f"{code}/sub" for code in CODES]
    assert stand.fleet.most_held <= 16 + SPARE


def test_that_a_look_in_large_and_back_has_no_dark_and_one_stream_in_the_end(stand: Stand) -> None:
    panel = paned(stand, 9)
    grid = panel.panes.grid
    change(stand, lambda: grid.show_large(large=True))
    assert shown(stand, 1) == [(SUB, PaneState.LIVE)]
    assert stand.fleet.shown[f"{FIRST}/sub"][1] <= 640, "a small picture is not blown up by the decoders"
    picture_of(stand, MAIN, FIRST)
    stand.pass_time(0.02)
    assert shown(stand, 1) == [(MAIN, PaneState.LIVE)]
    stand.fleet.looks.pop(f"{FIRST}/sub")
    change(stand, panel.step_back)
    assert shown(stand, 1) == [(MAIN, PaneState.LIVE)]
    picture_of(stand, SUB, FIRST)
    stand.pass_time(0.02)
    assert shown(stand, 1) == [(SUB, PaneState.LIVE)]
    assert f"{FIRST}/main" not in stand.fleet.shown


def test_that_changes_of_sixteen_panes_take_turns_and_none_is_dark(stand: Stand) -> None:
    panel = paned(stand, 16)
    change(stand, lambda: panel.resize(*WIDE))
    changed: set[str] = set()
    for turn in range(1, 16 // SPARE + 1):
        coming = {name for name in stand.fleet.shown if name.endswith("/main")} - changed
        assert len(coming) == SPARE
        changed |= coming
        picture_of(stand, MAIN, *(name.removesuffix("/main") for name in coming))
        stand.pass_time(0.02)
        stand.grant_all()
        told = shown(stand, 16)
        assert told.count((MAIN, PaneState.LIVE)) == turn * SPARE
        assert {state for _quality, state in told} == {PaneState.LIVE}
    assert sorted(stand.fleet.shown) == [f"{code}/main" for code in CODES]
    assert stand.fleet.most_held == 16 + SPARE
    assert stand.fleet.most_of_one == 2


@pytest.mark.parametrize(
    ("state", "again_s"),
    [(PaneState.DEAD, AFTER_MISSED_S), (PaneState.UNSUPPORTED, AFTER_MISSED_S), (PaneState.REFUSED, 60.0)],
)
def test_that_a_main_stream_that_cannot_be_had_leaves_the_small_one_and_says_so(
    stand: Stand, state: PaneState, again_s: float
) -> None:
    panel = paned(stand, 9)
    picture_of(stand, MAIN, FIRST, look=PaneLook(state=state, reason=Reason(code="video.no_video")))
    change(stand, lambda: panel.show_count(4))
    record = panel.panes.grid.panes[0].record
    assert (record.tone, record.notice) == (PaneTone.LIVE, "")
    assert record.foot.endswith("主码流未通")
    assert f"{FIRST}/main" not in stand.fleet.shown, "its place is another one's meanwhile"
    stand.pass_time(again_s - 1.0)
    assert f"video.{FIRST}/main" not in stand.room.session.sent.asks
    assert panel.panes.grid.panes[0].record.foot.endswith("主码流未通")
    stand.pass_time(1.0)
    picture_of(stand, MAIN, FIRST)
    stand.grant_all()
    stand.pass_time(0.02)
    assert shown(stand, 1) == [(MAIN, PaneState.LIVE)]
    assert "未通" not in panel.panes.grid.panes[0].record.foot


def test_that_a_small_stream_that_cannot_be_had_leaves_the_main_one(stand: Stand) -> None:
    panel = paned(stand, 4)
    picture_of(stand, SUB, FIRST, look=PaneLook(state=PaneState.DEAD, reason=Reason(code="video.silent")))
    change(stand, lambda: panel.show_count(9))
    assert shown(stand, 1) == [(MAIN, PaneState.LIVE)]
    assert panel.panes.grid.panes[0].record.foot.endswith("子码流未通")


@pytest.mark.parametrize("state", [PaneState.DEAD, PaneState.UNSUPPORTED])
def test_that_a_pane_that_begins_with_a_stream_its_camera_has_not_shows_the_other_one(
    stand: Stand, state: PaneState
) -> None:
    gone = PaneLook(state=state, reason=Reason(code="video.no_video"))
    picture_of(stand, SUB, FIRST)
    panel = paned(stand, 4)
    picture_of(stand, MAIN, FIRST, look=gone)
    for _ in range(3):
        stand.pass_time(2.0)
        stand.grant_all()
    assert shown(stand, 2) == [(SUB, PaneState.LIVE), (MAIN, PaneState.LIVE)]
    assert panel.panes.grid.panes[0].record.foot.endswith("主码流未通")
    assert stand.fleet.most_of_one == 2


def test_that_a_camera_that_is_gone_altogether_is_said_to_be_and_keeps_no_other_from_its_turn(stand: Stand) -> None:
    gone = PaneLook(state=PaneState.DEAD, reason=Reason(code="video.silent"))
    panel = paned(stand, 4)
    picture_of(stand, MAIN, FIRST, look=gone)
    picture_of(stand, SUB, FIRST, look=gone)
    for _ in range(4):
        stand.pass_time(2.0)
        stand.grant_all()
    assert shown(stand, 1) == [(MAIN, PaneState.DEAD)]
    assert panel.panes.grid.panes[0].record.tone is PaneTone.LOST
    assert f"{FIRST}/sub" not in stand.fleet.shown
    picture_of(stand, MAIN, FIRST)
    stand.pass_time(40.0)
    assert shown(stand, 1) == [(MAIN, PaneState.LIVE)]
    assert f"video.{FIRST}/sub" not in stand.room.session.sent.asks


def test_that_a_password_that_is_wrong_is_not_tried_at_the_other_stream(stand: Stand) -> None:
    paned(stand, 4)
    picture_of(stand, MAIN, FIRST, look=PaneLook(state=PaneState.REFUSED, reason=Reason(code="video.unauthorised")))
    for _ in range(3):
        stand.pass_time(2.0)
    assert f"video.{FIRST}/sub" not in stand.room.session.sent.asks


def test_that_a_stream_that_brings_nothing_gives_its_turn_up(stand: Stand) -> None:
    panel = paned(stand, 16)
    change(stand, lambda: panel.resize(*WIDE))
    first = [name for name in stand.fleet.shown if name.endswith("/main")]
    for _ in range(round(COMES_WITHIN_S) + 1):
        stand.pass_time(1.0)
        panel.panes._on_beat(stand.room.session.clock.monotonic_ns() / 1e9)
    stand.grant_all()
    second = [name for name in stand.fleet.shown if name.endswith("/main")]
    assert len(second) == SPARE
    assert not set(first) & set(second)
    assert {state for _quality, state in shown(stand, 16)} == {PaneState.LIVE}


def test_that_a_centre_that_says_no_to_the_main_stream_leaves_the_small_one(stand: Stand) -> None:
    panel = paned(stand, 9)
    panel.show_count(4)
    stand.settle()
    stand.room.session.answer_ask(f"video.{FIRST}/main", Reason(code="camera.no_platform", params={"camera": FIRST}))
    stand.grant_all()
    stand.pass_time()
    assert shown(stand, 1) == [(SUB, PaneState.LIVE)]
    assert panel.panes.grid.panes[0].record.foot.endswith("主码流未通")


def test_that_a_rule_that_forbids_the_camera_ends_the_stream_that_is_shown_too(stand: Stand) -> None:
    panel = paned(stand, 9)
    panel.show_count(4)
    stand.settle()
    for quality in ("main", "sub"):
        stand.room.session.answer_ask(f"video.{FIRST}/{quality}", Reason(code="camera.unknown"))
    stand.grant_all()
    stand.pass_time()
    assert FIRST not in stand.fleet.codes()
    assert panel.panes.grid.panes[0].record.tone is PaneTone.REFUSED


def test_that_a_stream_that_dies_while_the_other_one_comes_says_so(stand: Stand) -> None:
    panel = paned(stand, 9)
    change(stand, lambda: panel.show_count(4))
    picture_of(stand, SUB, FIRST, look=live(9, state=PaneState.DEAD, attempt=1, next_try_s=2.0, age_ms=900.0))
    stand.pass_time(0.02)
    record = panel.panes.grid.panes[0].record
    assert (record.tone, record.notice) == (PaneTone.LOST, "信号中断 · 自动重连")
    picture_of(stand, MAIN, FIRST)
    stand.pass_time(0.02)
    assert panel.panes.grid.panes[0].record.tone is PaneTone.LIVE


@pytest.mark.parametrize("state", [PaneState.CONNECTING, PaneState.LATE, PaneState.RETRYING])
def test_that_no_picture_is_changed_for_one_that_is_not_of_now(stand: Stand, state: PaneState) -> None:
    panel = paned(stand, 9)
    change(stand, lambda: panel.show_count(4))
    picture_of(stand, MAIN, FIRST, look=live(3, state=state))
    stand.pass_time(0.02)
    assert shown(stand, 1) == [(SUB, PaneState.LIVE)]


def test_that_a_clip_that_runs_goes_on_over_the_change(stand: Stand) -> None:
    panel = paned(stand, 9)
    ended: list[object] = []
    stand.video.clip("command.0", 10.0, 30.0, ended.append)
    change(stand, lambda: panel.show_count(4))
    picture_of(stand, MAIN, FIRST)
    stand.pass_time(0.02)
    assert shown(stand, 1) == [(MAIN, PaneState.LIVE)]
    for _ in range(29):
        stand.pass_time(1.0)
    assert f"{FIRST}/sub" in stand.fleet.shown
    ((taken, _before, _after, future),) = stand.fleet.clips
    assert taken == f"{FIRST}/sub"
    future.cancel()
    for _ in range(round(LINGER_S) + 2):
        stand.pass_time(1.0)
    assert f"{FIRST}/sub" not in stand.fleet.shown


def test_that_a_picture_asked_for_at_the_change_is_of_the_stream_that_was_seen(stand: Stand) -> None:
    panel = paned(stand, 9)
    change(stand, lambda: panel.show_count(4))
    stand.video.grab("command.0", lambda _told: None)
    picture_of(stand, MAIN, FIRST)
    stand.pass_time(0.02)
    assert [name for name, _future in stand.fleet.grabs] == [f"{FIRST}/sub"]
    assert f"{FIRST}/sub" in stand.fleet.shown, "it is being made still"


def test_that_who_thinks_better_of_it_has_the_stream_that_was_shown(stand: Stand) -> None:
    panel = paned(stand, 9)
    change(stand, lambda: panel.show_count(4))
    change(stand, lambda: panel.show_count(9))
    assert not [name for name in stand.fleet.shown if name.endswith("/main")]
    assert shown(stand, 9) == [(SUB, PaneState.LIVE)] * 9


def test_that_another_panel_begins_with_the_picture_that_is_there(stand: Stand) -> None:
    assert stand.cameras is not None
    panel = paned(stand, 4, SMALL)
    assert {quality for quality, _state in shown(stand, 4)} == {SUB}
    panel.panes.grid.set_current(2)
    panel.setParent(stand.room.window)
    panel.show()
    panel.focus_front()
    stand.press(Qt.Key.Key_Return)
    stand.settle()
    stand.pass_time(0.02)
    assert stand.sheet.isVisible()
    told = stand.video.standing(stand.panes.pane())
    assert stand.panes.camera() == panel.panes.camera()
    assert told.quality is SUB
    assert [(ask.camera, ask.quality) for ask in stand.grant_all()] == [(CODES[2], MAIN)]
    assert stand.panes.grid.panes[stand.panes.grid.current].record.tone is PaneTone.LIVE
    panel.setParent(None)


def test_that_cameras_that_move_to_another_pane_keep_their_pictures(stand: Stand) -> None:
    panel = paned(stand, 9)
    panel.panes.show_cameras(CODES[3:12])
    stand.settle()
    stand.grant_all()
    stand.pass_time(0.02)
    assert shown(stand, 6) == [(SUB, PaneState.LIVE)] * 6


def test_that_two_panels_share_a_stream_of_the_larger_one_s_size(stand: Stand) -> None:
    small = paned(stand, 9, SMALL)
    other = VideoPanel(stand.room.desk, "other", 9)
    stand.room.qtbot.addWidget(other)
    other.resize(*MIDDLE)
    other.show()
    other.show_cameras(CODES)
    stand.settle()
    assert stand.grant_all() == []
    assert stand.fleet.shown[f"{FIRST}/sub"][1] == other.panes.grid.panes[0].width()
    other.hide()
    for _ in range(14):
        stand.pass_time(0.26)
    assert stand.fleet.shown[f"{FIRST}/sub"][1] == small.panes.grid.panes[0].width()


def test_that_nothing_goes_on_when_the_console_signs_off_in_the_middle(stand: Stand) -> None:
    panel = paned(stand, 9)
    change(stand, lambda: panel.show_count(4))
    stand.room.session.sign_off()
    assert stand.fleet.shown == {}


def test_that_a_new_label_ends_both_streams(stand: Stand) -> None:
    panel = paned(stand, 9)
    change(stand, lambda: panel.show_count(4))
    session = stand.room.session
    through = session.facts.through + 1
    news = FactNews(facts=(), gone=(), changes=(), through=through, tail=through, complete=True, relabelled=True)
    session.facts.apply(news)
    session.facts_came.emit(news)
    for quality in ("sub", "main"):
        session.answer_ask(f"video.{FIRST}/{quality}", Reason(code="label.not_cleared"))
    stand.grant_all()
    stand.pass_time()
    assert FIRST not in stand.fleet.codes()
    assert panel.panes.grid.panes[0].record.tone is PaneTone.REFUSED


def test_that_the_centre_is_not_told_of_a_stream_nobody_sees(stand: Stand) -> None:
    panel = paned(stand, 9)
    stand.pass_time(3.0)
    stand.room.session.sent.asks.pop("camera.told")
    picture_of(stand, MAIN, FIRST, look=PaneLook(state=PaneState.DEAD, reason=Reason(code="video.silent")))
    change(stand, lambda: panel.show_count(4))
    stand.pass_time(3.0)
    assert "camera.told" not in stand.room.session.sent.asks, "its small stream is as it was"
