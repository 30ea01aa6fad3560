"""Scenes on foot: a square with people and a fountain, a slope from which stones fall."""

import math
from collections.abc import Callable

import numpy as np

from chengyun_core.video.demo_cameras.brush import HEIGHT, WIDTH, Board, Picture, rectangle
from chengyun_core.video.demo_cameras.moving import TURN, Crowd

Painter = Callable[[float], Picture]
_JETS, _DROPS = 7, 22


def square() -> Painter:
    """People cross a square; a fountain plays."""
    board = Board((158, 190, 214), (212, 222, 226))
    _paved(board)
    for x in (70, 300, 660, 890):
        _tree(board, x)
    board.polygon([(370, 300), (590, 300), (640, 336), (320, 336)], (132, 138, 140))
    board.polygon([(384, 304), (576, 304), (620, 330), (340, 330)], (108, 142, 158))
    board.grain(4, 21)
    ground, crowd = board.finished(), Crowd(top=258, count=26)

    def paint(phase: float) -> Picture:
        picture = ground.copy()
        _play(picture, phase)
        crowd.walk(picture, phase)
        return picture

    return paint


def _paved(board: Board) -> None:
    for left, top, right, tone in ((0, 60, 200, 150), (210, 100, 420, 164), (560, 84, 760, 156), (770, 40, WIDTH, 142)):
        board.rectangle(left, top, right, 250, (tone, tone, tone - 6))
        for row in range(top + 14, 236, 24):
            for column in range(left + 12, right - 18, 26):
                board.rectangle(column, row, column + 14, row + 12, (tone - 58, tone - 46, tone - 36))
    board.rectangle(0, 240, WIDTH, HEIGHT, (176, 172, 162))
    for row in range(9):
        y = 244 + row * row * 4.2
        board.rectangle(0, y, WIDTH, y + 1 + row * 0.3, (154, 150, 142))
    for column in range(-14, 15):
        far, near = 480 + column * 26, 480 + column * 110
        board.polygon([(far, 240), (far + 1, 240), (near + 3, HEIGHT), (near, HEIGHT)], (158, 154, 146))


def _tree(board: Board, x: float) -> None:
    board.rectangle(x - 5, 190, x + 5, 262, (92, 76, 60))
    for part in range(14):
        angle = part * TURN / 14
        _leaf(board, x + 26 * math.cos(angle), 166 + 22 * math.sin(angle), 24)


def _play(picture: Picture, phase: float) -> None:
    """The fountain's jets."""
    for jet in range(_JETS):
        for drop in range(_DROPS):
            way = (phase * 26 + drop / _DROPS + jet * 0.13) % 1
            x = 480 + (jet - 3) * (16 + 18 * way)
            y = 316 - 240 * way * (1 - way) * (1 - abs(jet - 3) * 0.12)
            rectangle(picture, x - 2, y - 3, x + 2, y + 3, (226, 234, 238))


def slope() -> Painter:
    """A slope above a road: stones come down, dust rises, the crack opens."""
    random = np.random.default_rng(22)
    ground, stones = _hill(random), random.random((16, 4)).tolist()
    dust = random.normal(0, 1, (60, 120)).astype(np.float32)
    soft = np.outer(np.sin(np.linspace(0, np.pi, 60)), np.sin(np.linspace(0, np.pi, 120))).astype(np.float32) * 1.8

    def paint(phase: float) -> Picture:
        picture = ground.copy()
        opened = 3 + 3 * (0.5 - 0.5 * math.cos(TURN * phase))
        for part in range(26):
            x, y = 230 + part * 9, 150 + part * 5 + 7 * math.sin(part * 1.7)
            rectangle(picture, x, y, x + 10, y + opened, (40, 34, 28))
        for stone in stones:
            _fall(picture, phase, stone)
        thick = 0.20 + 0.14 * math.sin(TURN * phase)
        cloud = np.clip(np.roll(dust, round(phase * 120), axis=1) * 0.06 + thick, 0, 0.6) * soft
        veil = np.repeat(np.repeat(cloud, 3, axis=0), 4, axis=1)[:, :, None]
        dusty = picture[330:510, 360:840]
        dusty[:] = dusty * (1 - veil) + 168 * veil
        return picture

    return paint


def _hill(random: np.random.Generator) -> Picture:
    board = Board((170, 180, 186), (208, 212, 212))
    board.polygon(
        [(0, HEIGHT), (0, 120), (240, 40), (520, 90), (820, 300), (WIDTH, 380), (WIDTH, HEIGHT)], (112, 98, 76)
    )
    for x, y, size, tone in zip(
        random.integers(0, 760, 150), random.integers(90, 520, 150), random.integers(6, 30, 150),
        random.integers(-16, 14, 150), strict=True,
    ):  # fmt: skip
        if y > 110 + max(0, x - 480) * 0.75:
            points = [(x, y), (x + size, y + size * 0.3), (x + size * 0.7, y + size), (x - size * 0.2, y + size * 0.7)]
            board.polygon(points, (106 + int(tone), 94 + int(tone), 72 + int(tone)))
    for x, y in zip(random.integers(0, 420, 40), random.integers(60, 180, 40), strict=True):
        if y > 120 - x * 0.2:
            _leaf(board, float(x), float(y), 15)
    board.polygon([(0, 500), (WIDTH, 430), (WIDTH, HEIGHT), (0, HEIGHT)], (92, 94, 94))
    board.polygon([(0, 506), (WIDTH, 436), (WIDTH, 440), (0, 511)], (200, 196, 176))
    board.grain(6, 22)
    return board.finished()


def _fall(picture: Picture, phase: float, stone: list[float]) -> None:
    begin, side, size, speed = stone
    way = ((phase * (1 + round(speed * 2)) + begin) % 1) ** 1.5
    x, y = 250 + side * 220 + way * 330, 190 + side * 60 + way * 300
    bounce, half = 14 * abs(math.sin(way * 24 + side * 9)) * (1 - way), 3 + size * 6
    rectangle(picture, x - half, y - bounce - half, x + half, y - bounce + half, (84, 74, 58))
    rectangle(picture, x - half, y - bounce - half, x + half * 0.4, y - bounce, (132, 118, 94))


def _leaf(board: Board, x: float, y: float, size: float) -> None:
    points = [(x + size * math.cos(part * TURN / 8), y + size * 0.8 * math.sin(part * TURN / 8)) for part in range(8)]
    tone = int(x * 7 + y * 3) % 22
    board.polygon(points, (58 + tone, 92 + tone, 56 + tone // 2))
