"""Panes of moving pictures: a live one is the only one in colour, every other says why and since when."""

from collections.abc import Callable

import numpy as np
import pytest
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from chengyun_resources.theme.tokens import Colour, Opacity
from chengyun_widgets.theme import Theme
from chengyun_widgets.video.grid import COUNTS, VideoGrid
from chengyun_widgets.video.pane import VideoPane
from chengyun_widgets.video.record import BELOW_PICTURE, GREYED, PaneRecord, PaneTone, Pixels
from tests.widgets.pictures import count_of, pixels_of

WIDTH, HEIGHT = 320, 180
ORANGE = (20, 120, 240, 255)
"""Blue, green, red, alpha: as the bytes lie."""


class Shared:
    """Two slots of shared memory as a worker writes them; counts how often they were read."""

    def __init__(self, width: int = WIDTH, height: int = HEIGHT) -> None:
        self.bytes = np.zeros((height, width, 4), np.uint8)
        self.reads, self.is_there, self.is_whole = 0, True, True
        self.write(ORANGE)

    def write(self, colour: tuple[int, int, int, int]) -> None:
        self.bytes[:] = colour

    def read(self, _pane: int = 0) -> Pixels | None:
        self.reads += 1
        if not self.is_there:
            return None
        height, width, _ = self.bytes.shape
        whole = self.is_whole
        return Pixels(
            data=memoryview(self.bytes.reshape(-1)), width=width, height=height, stride=width * 4,
            is_whole=lambda: whole,
        )  # fmt: skip


@pytest.fixture
def shared() -> Shared:
    return Shared()


@pytest.fixture
def pane(theme: Theme, shared: Shared, qtbot: QtBot) -> VideoPane:
    made = VideoPane(theme, shared.read)
    qtbot.addWidget(made)
    made.resize(WIDTH, HEIGHT)
    return made


@pytest.fixture
def grid(theme: Theme, shared: Shared, qtbot: QtBot) -> VideoGrid:
    made = VideoGrid(theme, shared.read)
    qtbot.addWidget(made)
    made.resize(800, 460)
    made.show()
    qtbot.waitExposed(made)
    return made


def record(tone: PaneTone, notice: str = "", foot: str = "1080p · 25 fps") -> PaneRecord:
    return PaneRecord(title="寸滩码头 01", tone=tone, foot=foot, notice=notice)


def is_grey(picture: np.ndarray) -> bool:
    """Whether no pixel of the middle band, where no word stands, has a hue."""
    red, green, blue = (picture[50:70] >> shift & 255 for shift in (16, 8, 0))
    return bool(np.all((np.abs(red.astype(int) - green) < 12) & (np.abs(green.astype(int) - blue) < 12)))


def test_that_a_live_pane_shows_the_newest_bytes_and_keeps_none(pane: VideoPane, shared: Shared) -> None:
    pane.show_record(record(PaneTone.LIVE))
    first = pixels_of(pane)
    assert first[90, 160] == 0xFFF07814
    shared.write((255, 0, 0, 255))
    assert pixels_of(pane)[90, 160] == 0xFF0000FF
    shared.is_there = False
    assert not is_grey(first)
    assert pixels_of(pane)[90, 160] == pane.theme.colour(Colour.VIDEO_GROUND).rgba()


@pytest.mark.parametrize("tone", sorted(GREYED, key=str))
def test_that_a_picture_that_is_not_live_is_greyed_and_said_to_be(pane: VideoPane, tone: PaneTone) -> None:
    pane.show_record(record(PaneTone.LIVE))
    live = pixels_of(pane)
    pane.show_record(record(tone, "画面冻结 12 s · 14:31:52"))
    old = pixels_of(pane)
    assert is_grey(old)
    assert not is_grey(live)
    assert count_of(old, pane.theme.colour(Colour.VIDEO_TEXT)) > 1000
    assert "画面冻结 12 s" in pane.accessibleName()


def test_that_the_last_picture_stays_when_its_memory_is_gone(pane: VideoPane, shared: Shared) -> None:
    pane.show_record(record(PaneTone.OLD, "画面冻结 2 s"))
    before = pixels_of(pane)
    shared.write((0, 0, 0, 255))
    shared.is_there = False
    pane.show_record(record(PaneTone.LOST, "画面冻结 2 s"))
    assert np.array_equal(before[40:70], pixels_of(pane)[40:70])


def test_that_a_greyed_picture_is_read_once_and_again_when_it_was_torn(pane: VideoPane, shared: Shared) -> None:
    shared.is_whole = False
    pane.show_record(record(PaneTone.OLD, "画面冻结 2 s"))
    pixels_of(pane)
    assert shared.reads == 2
    pixels_of(pane)
    assert shared.reads == 2


@pytest.mark.parametrize(("width", "stride"), [(WIDTH, WIDTH * 8), (WIDTH * 2, WIDTH * 4), (0, 0), (-1, WIDTH * 4)])
def test_that_a_picture_larger_than_its_bytes_is_not_read(
    theme: Theme, qtbot: QtBot, width: int, stride: int
) -> None:  # fmt: skip
    data = memoryview(bytearray(WIDTH * HEIGHT * 4))
    made = VideoPane(
        theme, lambda: Pixels(data=data, width=width, height=HEIGHT, stride=stride, is_whole=lambda: True)
    )  # fmt: skip
    qtbot.addWidget(made)
    made.resize(WIDTH, HEIGHT)
    for tone in (PaneTone.LIVE, PaneTone.OLD):
        made.show_record(PaneRecord(title="", tone=tone))
        assert pixels_of(made)[90, 160] == theme.colour(Colour.VIDEO_GROUND).rgba()


def test_that_another_camera_does_not_inherit_the_last_picture(pane: VideoPane, shared: Shared) -> None:
    pane.show_record(record(PaneTone.OLD, "画面冻结 2 s"))
    pixels_of(pane)
    shared.is_there = False
    pane.show_record(PaneRecord(title="朝天门 沿江 03", tone=PaneTone.LOST, notice="信号中断"))
    assert pixels_of(pane)[60, 160] == pane.theme.colour(Colour.VIDEO_GROUND).rgba()


def test_that_each_way_of_not_being_live_has_a_sign_of_its_own(pane: VideoPane) -> None:
    shapes = set()
    for tone in PaneTone:
        if tone not in (PaneTone.LIVE, PaneTone.EMPTY):
            pane.show_record(PaneRecord(title="寸滩码头 01", tone=tone, notice="同样的话"))
            ink = pane.theme.colour(Colour.VIDEO_GROUND if tone in BELOW_PICTURE else Colour.VIDEO_TEXT_SECOND)
            # Words of 14 px and the sign before them: the words are the same, whatever is on the plate's left is not.
            shapes.add((pixels_of(pane)[80:101, 105:145] == ink.rgba()).tobytes())
    assert len(shapes) == len(PaneTone) - 2


def test_that_a_picture_of_other_proportions_is_neither_cut_nor_stretched(
    theme: Theme, qtbot: QtBot
) -> None:  # fmt: skip
    square = Shared(100, 100)
    made = VideoPane(theme, square.read)
    qtbot.addWidget(made)
    made.resize(400, 200)
    made.show_record(PaneRecord(title="", tone=PaneTone.LIVE))
    picture = pixels_of(made)
    assert picture[100, 95] == theme.colour(Colour.VIDEO_GROUND).rgba()
    assert picture[100, 105] == picture[100, 295] == 0xFFF07814
    assert picture[100, 305] == theme.colour(Colour.VIDEO_GROUND).rgba()


def test_that_the_words_of_a_pane_stand_out_from_a_white_picture(pane: VideoPane, shared: Shared) -> None:
    shared.write((255, 255, 255, 255))
    pane.show_record(record(PaneTone.LIVE))
    ground, share = pane.theme.colour(Colour.VIDEO_GROUND), pane.theme.tokens.opacities[Opacity.VIDEO_PLATE]
    grey = round(255 * (1 - share) + ground.green() * share)
    foot = pixels_of(pane)[HEIGHT - 20 : HEIGHT - 6, 6:60]
    assert abs(int(foot[0, 0] >> 8 & 255) - grey) <= 2
    assert grey < 0x4C  # the second ink on it has a contrast above 4.5


def test_that_a_record_that_is_the_same_costs_nothing(pane: VideoPane, qtbot: QtBot) -> None:
    pane.show()
    qtbot.waitExposed(pane)
    pane.show_record(record(PaneTone.OLD, "画面冻结 2 s"))
    qtbot.waitUntil(lambda: pane.paint_count > 0)
    painted = pane.paint_count
    pane.show_record(record(PaneTone.OLD, "画面冻结 2 s"))
    pane.frame_came()
    qtbot.wait(60)
    assert pane.paint_count == painted


def test_that_a_flash_ends_by_itself(pane: VideoPane) -> None:
    pane.show_record(record(PaneTone.LIVE))
    quiet = pixels_of(pane)
    pane.flash(10.0)
    assert count_of(pixels_of(pane)[:, :3], pane.theme.colour(Colour.VIDEO_TEXT)) > 300
    pane.tick(10.2)
    assert not np.array_equal(quiet, pixels_of(pane))
    pane.tick(10.4)
    assert np.array_equal(quiet, pixels_of(pane))


@pytest.mark.parametrize("count", COUNTS)
def test_that_panes_fill_the_grid_and_do_not_overlap(grid: VideoGrid, count: int) -> None:
    grid.show_count(count)
    seen = grid.seen()
    assert len(seen) == count
    boxes = [grid.panes[at].geometry() for at, _width, _height in seen]
    assert max(box.right() for box in boxes) == grid.width() - 1
    assert max(box.bottom() for box in boxes) == grid.height() - 1
    assert not any(one.intersects(other) for one in boxes for other in boxes if one is not other)


def test_that_arrows_reach_every_pane_and_enter_makes_one_large(grid: VideoGrid, qtbot: QtBot) -> None:
    grid.setFocus()
    for key, at in ((Qt.Key.Key_Right, 1), (Qt.Key.Key_Down, 3), (Qt.Key.Key_Right, 3), (Qt.Key.Key_Left, 2)):
        qtbot.keyClick(grid, key)
        assert grid.current == at
    qtbot.keyClick(grid, Qt.Key.Key_Return)
    assert grid.is_large
    assert [row[0] for row in grid.seen()] == [2]
    qtbot.keyClick(grid, Qt.Key.Key_Right)
    assert [row[0] for row in grid.seen()] == [3]
    assert grid.step_back()
    assert not grid.step_back()
    assert len(grid.seen()) == 4


def test_that_a_double_click_makes_a_pane_large_and_small_again(grid: VideoGrid, qtbot: QtBot) -> None:
    qtbot.mouseDClick(grid.panes[3], Qt.MouseButton.LeftButton)
    assert (grid.current, grid.is_large) == (
        0,
        True,
    )  # a double click alone: the press that makes it current came first
    grid.step_back()
    qtbot.mouseClick(grid.panes[3], Qt.MouseButton.LeftButton)
    qtbot.mouseDClick(grid.panes[3], Qt.MouseButton.LeftButton)
    assert [row[0] for row in grid.seen()] == [3]
    qtbot.mouseDClick(grid.panes[3], Qt.MouseButton.LeftButton)
    assert len(grid.seen()) == 4


def test_that_only_the_current_pane_has_the_teal_frame(grid: VideoGrid) -> None:
    grid.show_records([record(PaneTone.LIVE)] * 4)
    grid.set_current(2)
    teal = grid.panes[0].theme.colour(Colour.ACCENT)
    assert [count_of(pixels_of(pane), teal) > 100 for pane in grid.panes[:4]] == [False, False, True, False]


def test_that_a_hidden_grid_has_no_pane_to_be_seen(grid: VideoGrid, qtbot: QtBot) -> None:
    with qtbot.waitSignal(grid.seen_did_change):
        grid.hide()
    assert grid.seen() == ()


def test_that_sixteen_panes_are_painted_once_for_each_picture(grid: VideoGrid, qtbot: QtBot) -> None:
    grid.show_count(16)
    grid.show_records([record(PaneTone.LIVE)] * 16)
    settle: Callable[[], bool] = lambda: grid.paint_count >= 16  # noqa: E731 - read as a condition
    qtbot.waitUntil(settle)
    qtbot.wait(30)
    before = grid.paint_count
    for pane in grid.panes:
        pane.frame_came()
        pane.frame_came()
    qtbot.waitUntil(lambda: grid.paint_count >= before + 16)
    qtbot.wait(30)
    assert grid.paint_count == before + 16


def test_that_a_grid_of_another_number_is_refused(grid: VideoGrid) -> None:
    with pytest.raises(ValueError, match="no grid of 5"):
        grid.show_count(5)
