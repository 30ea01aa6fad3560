"""Scenes by the water: a river and its gauge, a dam, a flooded underpass, a sluice."""

import math
from collections.abc import Callable

import numpy as np

from chengyun_core.video.demo_cameras.brush import HEIGHT, WIDTH, Board, Colour, Picture, rectangle
from chengyun_core.video.demo_cameras.moving import TURN, Field, Rain, Water

Painter = Callable[[float], Picture]
_MUD, _MUD_FAR = (112, 98, 72), (150, 142, 122)
_GREEN, _GREEN_FAR = (52, 78, 72), (118, 138, 140)
_UNDERPASS = (66.0, 46.0)
_CONCRETE: Colour = (142, 142, 138)


def river() -> Painter:
    """A river in rain: it rises half a metre against the gauge on the embankment, and falls again."""
    board = Board((168, 174, 180), (196, 199, 200))
    for left, height, tone in (
        (0, 60, 120),
        (90, 96, 112),
        (170, 70, 126),
        (520, 88, 116),
        (600, 120, 106),
        (700, 76, 122),
    ):
        board.rectangle(left, 190 - height, left + 84, 200, (tone, tone + 4, tone + 8))
        for row in range(3, height // 12):
            board.rectangle(left + 8, 190 - row * 12, left + 76, 194 - row * 12, (tone - 18, tone - 12, tone - 6))
    board.polygon([(0, 196), (WIDTH, 186), (WIDTH, 232), (0, 240)], (92, 104, 82))  # far bank
    board.rectangle(0, 226, WIDTH, 262, (124, 122, 112))
    for pier in (250, 520, 790):  # the bridge
        board.rectangle(pier, 150, pier + 26, 330, (132, 132, 130))
    board.rectangle(0, 138, WIDTH, 160, (150, 150, 148))
    board.rectangle(0, 132, WIDTH, 137, (110, 112, 114))
    board.polygon([(560, HEIGHT), (WIDTH, 300), (WIDTH, HEIGHT)], (128, 126, 118))  # near embankment
    for step in range(9):
        x = 600 + step * 45
        board.polygon(
            [(x, HEIGHT), (x + 12, HEIGHT), (WIDTH, 318 + step * 27), (WIDTH, 312 + step * 27)], (108, 106, 100)
        )
    _staff(board, 120, 210, 500)
    board.grain(5, 1)
    heights = _sloping_up(560, 300)
    heights[:, 120:164] = _rising(500, 210)[:, None]
    heights[:262] = np.inf
    return _painted(board, Water(heights=heights, top=258, near=_MUD, far=_MUD_FAR), (132.0, 42.0), Rain(700, 1))


def reservoir() -> Painter:
    """A dam: the level creeps, two gates spill."""
    board = Board((150, 176, 200), (206, 214, 218))
    board.polygon([(0, 150), (180, 80), (420, 160), (640, 70), (WIDTH, 150), (WIDTH, 240), (0, 240)], (78, 98, 80))
    board.polygon([(0, 190), (300, 130), (600, 200), (WIDTH, 140), (WIDTH, 250), (0, 250)], (62, 86, 66))
    board.rectangle(0, 200, WIDTH, 226, _CONCRETE)
    board.rectangle(0, 226, WIDTH, 372, (168, 168, 164))
    for left in range(40, WIDTH, 150):
        board.rectangle(left, 182, left + 34, 372, (130, 131, 130))
        board.rectangle(left + 48, 232, left + 136, 330, (84, 92, 98))
    _staff(board, 846, 214, 470)
    board.grain(4, 2)
    heights = np.full((HEIGHT, WIDTH), -60.0, np.float32)
    heights[:330] = np.inf
    heights[330:372] = _rising(372, 330)[330:372, None] * 0.5
    heights[:, 846:890] = _rising(470, 214)[:, None]
    painter = _painted(board, Water(heights=heights, top=328, near=_GREEN, far=_GREEN_FAR), (96.0, 30.0), None)
    spray = np.random.default_rng(3).integers(150, 250, (2 * 140, 88), dtype=np.uint8)

    def spilling(phase: float) -> Picture:
        picture = painter(phase)
        for number, left in enumerate((238, 538)):
            fallen = np.roll(spray, round(phase * 20 * 280) + 60 * number, axis=0)[:140, :, None]
            part = picture[252:392, left : left + 88]
            part[:] = (part * 0.25 + fallen * 0.75).astype(np.uint8)
        return picture

    return spilling


def underpass() -> Painter:
    """Rain gathers under a bridge: the lamp flashes once the water stands above the kerb."""
    board = _bridge_from_below()
    y, x = np.mgrid[0:HEIGHT, 0:WIDTH].astype(np.float32)
    heights: Field = np.abs(y - 400) * 0.75 + np.abs(x - 480) * 0.05
    heights[:250] = np.inf
    heights[:, 812:856] = _rising(470, 150)[:, None]
    water = Water(heights=heights, top=250, near=(70, 66, 54), far=(104, 102, 94), flow=4)
    painter = _painted(board, water, _UNDERPASS, Rain(380, 5))

    def warned(phase: float) -> Picture:
        picture = painter(phase)
        is_high = _level(phase, *_UNDERPASS) > 70 and int(phase * 40) % 2
        rectangle(picture, 735, 123, 765, 153, (220, 40, 30) if is_high else (70, 24, 20))
        return picture

    return warned


def _bridge_from_below() -> Board:
    board = Board((96, 100, 104), (122, 124, 126))
    board.polygon([(0, HEIGHT), (300, 250), (660, 250), (WIDTH, HEIGHT)], (84, 86, 88))
    board.polygon([(0, 0), (WIDTH, 0), (WIDTH, 120), (700, 170), (260, 170), (0, 120)], (66, 66, 66))
    board.polygon([(0, 120), (260, 170), (300, 250), (0, HEIGHT)], (136, 134, 128))
    board.polygon([(WIDTH, 120), (700, 170), (660, 250), (WIDTH, HEIGHT)], (126, 125, 120))
    board.rectangle(262, 170, 698, 250, (176, 182, 186))
    for row in range(6):
        y, half, end = 262 + row * row * 8, 4 + row * 2, 276 + row * row * 8 + row * 3
        board.polygon(
            [(480 - half, y), (480 + half, y), (480 + half * 1.5, end), (480 - half * 1.5, end)], (200, 200, 190)
        )
    board.rectangle(312, 120, 648, 152, (206, 168, 30))
    board.text("LIMIT 4.5 M", 396, 127, 2.6, (24, 24, 20))
    _staff(board, 812, 150, 470)
    board.rectangle(730, 118, 770, 158, (30, 30, 30))
    board.grain(5, 4)
    return board


def gate() -> Painter:
    """A sluice: its gate goes up and down, the water behind it runs."""
    board = Board((176, 184, 188), (200, 204, 204))
    board.polygon([(0, 200), (WIDTH, 180), (WIDTH, 260), (0, 270)], (86, 110, 78))
    for side in (0, 1):
        near, far = (0, 330) if not side else (WIDTH, 630)
        board.polygon([(near, 260), (far, 240), (far, 300), (near, HEIGHT)], (150, 150, 144))
    board.rectangle(300, 110, 340, 330, (128, 130, 130))
    board.rectangle(620, 110, 660, 330, (128, 130, 130))
    board.rectangle(290, 90, 670, 124, (146, 148, 148))
    board.rectangle(430, 60, 530, 92, (92, 116, 132))
    _staff(board, 700, 190, 470)
    board.grain(4, 6)
    heights = np.full((HEIGHT, WIDTH), -60.0, np.float32)
    heights[:300] = np.inf
    y, x = np.mgrid[0:HEIGHT, 0:WIDTH].astype(np.float32)
    edge = 330 * (HEIGHT - y) / 240
    heights = np.where((x < edge) | (x > WIDTH - edge), np.maximum(heights, (HEIGHT - 60 - y) * 0.7), heights)
    heights[:, 700:744] = _rising(470, 190)[:, None]
    painter = _painted(
        board, Water(heights=heights, top=300, near=(74, 84, 70), far=(128, 134, 124), flow=16), (60.0, 26.0), None
    )

    def moved(phase: float) -> Picture:
        picture = painter(phase)
        lifted = 60 * (0.5 - 0.5 * math.cos(TURN * phase))
        rectangle(picture, 340, 190 - lifted, 620, 316 - lifted, (70, 92, 108))
        for bar in range(4):
            rectangle(picture, 340, 206 + 28 * bar - lifted, 620, 211 + 28 * bar - lifted, (54, 72, 86))
        return picture

    return moved


def _staff(board: Board, left: float, top: float, bottom: float) -> None:
    """A gauge: a white board with black marks each tenth, a figure each metre of 40 pixels."""
    board.rectangle(left - 3, top - 6, left + 47, bottom + 20, (90, 92, 92))
    board.rectangle(left, top - 3, left + 44, bottom + 20, (232, 232, 226))
    for tenth in range(int(bottom - top) // 8 + 2):
        y = bottom - tenth * 8
        board.rectangle(
            left + (20 if tenth % 5 else 8),
            y - 2,
            left + 42,
            y + 2,
            (150, 28, 24) if (tenth // 10) % 2 else (26, 28, 30),
        )
        if tenth % 10 == 0:
            board.text(str(tenth // 10), left + 3, y - 19, 2, (26, 28, 30))


def _rising(zero: float, top: float) -> Field:
    """Return float32[540]: the height of each row of something upright that stands at `zero`."""
    rows = zero - np.arange(HEIGHT, dtype=np.float32)
    rows[: max(0, round(top))] = np.inf
    return rows


def _sloping_up(left: float, top: float) -> Field:
    """Return the heights of an embankment that rises to the right, and of the bed before it."""
    y, x = np.mgrid[0:HEIGHT, 0:WIDTH].astype(np.float32)
    edge = HEIGHT - (x - left) * (HEIGHT - top) / (WIDTH - left)
    return np.where(y > edge, 0.8 * (x - left), -60.0).astype(np.float32)


def _level(phase: float, middle: float, swing: float) -> float:
    return middle - swing * math.cos(TURN * phase)


def _painted(board: Board, water: Water, level: tuple[float, float], rain: Rain | None) -> Painter:
    ground = board.finished()

    def paint(phase: float) -> Picture:
        picture = ground.copy()
        water.cover(picture, phase, _level(phase, *level))
        if rain is not None:
            rain.fall(picture, phase)
        return picture

    return paint
