"""A kept clip on the screen: keys play it, go by single pictures and seconds; its process goes with the sheet."""

import hashlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from chengyun_console.shell.file_sheet import LARGEST_CLIP
from chengyun_console.video.clip_view import ClipView
from chengyun_core.model.event import Attachment
from chengyun_core.model.failure import Reason
from chengyun_core.video.clip_orders import ClipAnswer, ClipFailed, ClipOpened, PictureShown
from chengyun_core.video.clip_reader import READERS
from tests.console.conftest import Room
from tests.console.still_session import START_NS, S
from tests.core.video.test_clip_reader import clip

TIMES = tuple(at / 25 for at in range(500))
"""Twenty seconds."""
SHIFT = Qt.KeyboardModifier.ShiftModifier


@dataclass
class StillViewer:
    """A viewer in the test's hand: it answers when the test says so."""

    data: bytes
    media: str
    heard: Callable[[ClipAnswer], None]
    shown: list[tuple[int, int, int]] = field(default_factory=list)
    is_running: bool = False

    def start(self) -> None:
        self.is_running = True

    def open(self) -> None:
        self.heard(ClipOpened(times_s=TIMES, width=1920, height=1080, codec="h264"))

    def show(self, at: int, width: int, height: int) -> None:
        self.shown.append((at, width, height))

    def stop(self) -> None:
        self.is_running = False

    def answer(self) -> None:
        at = self.shown[-1][0]
        self.heard(PictureShown(at=at, data=bytes(64 * 16 * 4), width=64, height=16, stride=256))


@dataclass
class Playing:
    room: Room
    view: ClipView
    viewers: list[StillViewer]

    @property
    def viewer(self) -> StillViewer:
        return self.viewers[-1]

    def press(self, key: Qt.Key, modifiers: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier) -> None:
        QTest.keyClick(self.view, key, modifiers)

    def answer(self) -> None:
        """Let the picture that was asked for come."""
        self.viewer.answer()
        self.room.qtbot.wait(1)

    def pass_time(self, seconds: float) -> None:
        self.room.session.clock.advance(seconds)
        self.view.player.tick()

    @property
    def at(self) -> int:
        return self.view.player.at


@pytest.fixture
def playing(desk_room: Room) -> Iterator[Playing]:
    """A clip of twenty seconds that stands at its first picture."""
    viewers: list[StillViewer] = []

    def make(data: bytes, media: str, heard: Callable[[ClipAnswer], None]) -> StillViewer:
        viewers.append(StillViewer(data, media, heard))
        return viewers[-1]

    view = ClipView(desk_room.desk, make)
    view.resize(900, 600)
    desk_room.qtbot.addWidget(view)
    view.show()
    view.open(b"clip", "video/mp4", START_NS)
    desk_room.qtbot.wait(1)
    made = Playing(desk_room, view, viewers)
    made.answer()
    yield made
    view.player.stop()


def test_that_a_clip_opens_at_its_first_picture_and_says_what_it_is(playing: Playing) -> None:
    assert playing.viewer.shown[0][0] == 0
    assert playing.view.words.text() == "暂停 00:00 / 00:19 · 第 1/500 帧 · 1080p · 2026-07-18 14:32:07"
    assert playing.view.picture._image is not None
    assert playing.view.line.isVisible()


def test_that_space_plays_in_the_clips_own_time_and_rests(playing: Playing) -> None:
    playing.press(Qt.Key.Key_Space)
    assert playing.view.player.is_playing
    playing.pass_time(1.0)
    assert playing.at == 25
    playing.pass_time(1.0)
    assert playing.at == 25, "one picture is waited for at a time"
    playing.answer()
    playing.pass_time(0.5)
    assert playing.at == 62
    assert playing.view.words.text().startswith("播放 00:02 / 00:19 · 第 63/500 帧")
    assert playing.view.words.text().endswith("14:32:09")
    playing.press(Qt.Key.Key_Space)
    playing.answer()
    playing.pass_time(5.0)
    assert not playing.view.player.is_playing
    assert playing.at == 62


def test_that_it_rests_at_its_end_and_plays_from_the_beginning_then(playing: Playing) -> None:
    playing.press(Qt.Key.Key_Space)
    playing.pass_time(60.0)
    assert playing.at == 499
    assert not playing.view.player.is_playing
    playing.answer()
    playing.press(Qt.Key.Key_Space)
    playing.answer()
    playing.pass_time(2.0)
    assert playing.at == 50


def test_that_comma_and_full_stop_go_by_single_pictures_and_rest(playing: Playing) -> None:
    playing.press(Qt.Key.Key_Space)
    playing.pass_time(1.0)
    playing.press(Qt.Key.Key_Period)
    assert playing.at == 26
    assert not playing.view.player.is_playing
    for _ in range(40):
        playing.press(Qt.Key.Key_Comma)
    assert playing.at == 0


def test_that_shift_and_arrows_go_by_five_seconds_and_home_and_end_to_the_ends(playing: Playing) -> None:
    playing.press(Qt.Key.Key_Right, SHIFT)
    assert playing.at == 125
    playing.press(Qt.Key.Key_Space)
    playing.press(Qt.Key.Key_Right, SHIFT)
    playing.answer()
    playing.pass_time(1.0)
    assert playing.at == 275, "it plays on from there"
    playing.press(Qt.Key.Key_End)
    assert playing.at == 499
    playing.press(Qt.Key.Key_Left, SHIFT)
    assert playing.at == 374
    playing.press(Qt.Key.Key_Home)
    assert playing.at == 0


def test_that_the_line_of_time_goes_where_it_is_clicked(playing: Playing) -> None:
    playing.view.line.time_was_chosen.emit(10 * S)
    assert playing.at == 250
    playing.view.line.time_was_chosen.emit(None)
    assert playing.at == 499


def test_that_another_size_asks_for_the_picture_anew(playing: Playing) -> None:
    before = playing.viewer.shown[-1]
    playing.view.resize(500, 400)
    playing.room.qtbot.waitUntil(lambda: playing.viewer.shown[-1] != before)
    assert playing.viewer.shown[-1][1] < 500


def test_that_what_cannot_be_read_is_said_and_what_is_not_seen_is_not_read(playing: Playing) -> None:
    playing.viewer.heard(ClipFailed(reason=Reason(code="video.clip_lost")))
    playing.room.qtbot.wait(1)
    assert playing.view.picture.accessibleDescription() == playing.room.desk.say("video.clip_lost")
    playing.view.hide()
    assert not playing.viewer.is_running
    stale = playing.viewer
    playing.view.show()
    playing.view.open(b"other", "video/mp4", 0)
    stale.heard(ClipFailed(reason=Reason(code="video.clip_lost")))
    playing.room.qtbot.wait(1)
    assert playing.view.player.clip is not None
    assert playing.view.words.text().endswith(playing.room.desk.say("clips.no_clock"))


@pytest.fixture
def sheet_room(desk_room: Room) -> Room:
    """An officer who has signed on."""
    desk_room.session.enter(allowed=("attachment.add",))
    return desk_room


def kept(content: bytes, **fields: object) -> Attachment:
    made = {
        "number": 9, "about": "evidence:5", "digest": hashlib.sha256(content).hexdigest(), "name": "CAM-1.mp4",
        "size": len(content), "media": "video/mp4", "taken_at": START_NS, "added_at": START_NS, "added_by": "li",
    }  # fmt: skip
    return Attachment(**{**made, **fields})  # type: ignore[arg-type]


def test_that_a_kept_clip_is_played_in_the_sheet_of_files(sheet_room: Room) -> None:
    from tests.console.test_event_files import answer_part

    content, window = clip(), sheet_room.window
    sheet, file = window.event_desk.files.sheet, kept(content)
    sheet.open_for(file, (file,), window.page_area())
    answer_part(sheet_room, "file.looked_at", content, file)
    sheet_room.qtbot.waitUntil(lambda: sheet.clip is not None and sheet.clip.picture._image is not None, timeout=30_000)
    assert sheet.clip is not None
    assert sheet.clip.hasFocus()
    assert "第 1/60 帧" in sheet.clip.words.text()
    QTest.keyClick(sheet.clip, Qt.Key.Key_Period)
    sheet_room.qtbot.waitUntil(lambda: "第 2/60 帧" in sheet.clip.words.text() if sheet.clip else False)
    viewer = sheet.clip.player._viewer
    assert sheet.close_over()
    assert sheet.clip.player._viewer is None
    assert viewer is not None


def test_that_a_clip_too_large_to_be_played_says_so(sheet_room: Room) -> None:
    file = kept(b"x", size=LARGEST_CLIP + 1)
    sheet = sheet_room.window.event_desk.files.sheet
    sheet.open_for(file, (file,), sheet_room.window.page_area())
    assert "file.looked_at" not in sheet_room.session.sent.asks
    assert "129" in sheet.view.accessibleDescription() or "128" in sheet.view.accessibleDescription()
    sheet.close_over()


def test_that_the_sheet_plays_what_the_process_can_read() -> None:
    from chengyun_console.shell.file_sheet import CLIPS

    assert frozenset(READERS) == CLIPS
