"""Scenes of roads: a street by day, the same at night, a tunnel, a bridge in fog."""

from collections.abc import Callable

import numpy as np

from chengyun_core.video.demo_cameras.brush import HEIGHT, WIDTH, Board, Colour, Picture, glow, rectangle, shine
from chengyun_core.video.demo_cameras.moving import Lane, Road

Painter = Callable[[float], Picture]
_LANES = (
    Lane(x=-330, is_coming=True, cars=4, rounds=2),
    Lane(x=-120, is_coming=True, cars=3, rounds=3, shift=0.4),
    Lane(x=120, is_coming=False, cars=3, rounds=3, shift=0.2),
    Lane(x=330, is_coming=False, cars=4, rounds=2, shift=0.7),
)


def street() -> Painter:
    """Four lanes between houses."""
    board = Board((150, 186, 214), (216, 224, 228))
    _houses(board, 1.0)
    _asphalt(board, (98, 100, 102), (206, 206, 200), 200)
    board.rectangle(700, 60, 706, 300, (90, 92, 94))
    board.rectangle(640, 60, 706, 66, (90, 92, 94))
    board.rectangle(628, 62, 652, 118, (34, 36, 38))
    board.grain(4, 11)
    ground, road = board.finished(), Road(horizon=200, x=480, lanes=_LANES)

    def paint(phase: float) -> Picture:
        picture = ground.copy()
        lit = int(phase * 4) % 4
        for number, colour in enumerate(((214, 40, 30), (230, 180, 40), (40, 190, 90))):
            is_lit = number == (2, 2, 1, 0)[lit]
            dim = (colour[0] // 5, colour[1] // 5, colour[2] // 5)
            rectangle(picture, 633, 66 + 17 * number, 647, 80 + 17 * number, colour if is_lit else dim)
        road.drive(picture, phase)
        return picture

    return paint


def night() -> Painter:
    """The street at night: lamps, windows, head lights."""
    board = Board((10, 13, 22), (30, 34, 44))
    _houses(board, 0.16)
    _asphalt(board, (30, 32, 36), (96, 96, 90), 200)
    board.grain(3, 12)
    ground = board.finished()
    light = glow(70, (90, 74, 40))
    for row in range(5):
        distance = 1.3 * 1.6**row
        for side in (-1, 1):
            x, y = 480 + side * 560 / distance, 200 - 150 / distance
            rectangle(ground, x - 3 / distance, y, x + 3 / distance, 200 + 330 / distance, (52, 54, 58))
            for _ in range(2):
                shine(ground, light, x, y)
    road, windows = Road(horizon=200, x=480, lanes=_LANES, is_night=True), _windows()

    def paint(phase: float) -> Picture:
        picture = ground.copy()
        for x, y, begin, length in windows:
            if (phase - begin) % 1 < length:
                rectangle(picture, x, y, x + 9, y + 7, (214, 184, 112))
        road.drive(picture, phase)
        return picture

    return paint


def tunnel() -> Painter:
    """Two lanes under lamps."""
    ground = _vault()
    for row in range(9):
        distance = 0.9 + row * 0.8
        lamp = glow(round(80 / distance) + 4, (120, 104, 60))
        for side in (-1, 1):
            shine(ground, lamp, 480 + side * 300 / distance, 210 - 200 / distance)
    lanes = (Lane(x=-210, is_coming=True, cars=4, rounds=3), Lane(x=210, is_coming=False, cars=4, rounds=3, shift=0.5))
    road = Road(horizon=210, x=480, lanes=lanes, car_width=170)

    def paint(phase: float) -> Picture:
        picture = ground.copy()
        road.drive(picture, phase)
        shine(picture, glow(26, (200, 60, 40) if int(phase * 20) % 2 else (40, 120, 60)), 480, 150)
        return picture

    return paint


def _vault() -> Picture:
    board = Board((44, 42, 38), (60, 58, 52))
    for row in range(15):
        scale, shade = 1 / (0.7 + row * 0.5), int(120 - row * 5)
        arch = ((-520, 330), (-470, -120), (-260, -260), (260, -260), (470, -120), (520, 330))
        board.polygon([(480 + x * scale, 210 + y * scale) for x, y in arch], (shade, shade - 6, shade - 22))
    board.polygon([(0, HEIGHT), (470, 214), (490, 214), (WIDTH, HEIGHT)], (72, 72, 70))
    for row in range(7):
        near, far = 1.0 + row * 1.1, 1.4 + row * 1.1
        dash = [(480 - 6 / near, 210 + 330 / near), (480 + 6 / near, 210 + 330 / near)]
        board.polygon([*dash, (480 + 6 / far, 210 + 330 / far), (480 - 6 / far, 210 + 330 / far)], (210, 208, 190))
    board.grain(4, 13)
    return board.finished()


def bridge() -> Painter:
    """A bridge in fog that thickens and lifts."""
    board = Board((178, 186, 190), (198, 203, 205))
    for x in (250, 710):
        board.polygon([(x - 10, 60), (x + 10, 60), (x + 16, 330), (x - 16, 330)], (150, 156, 160))
        for cable in range(12):
            foot = x + (cable - 5.5) * 44
            board.polygon(
                [
                    (x - 1, 66),
                    (x + 1, 66),
                    (foot + 1.5, 240 + abs(cable - 5.5) * 4),
                    (foot - 1.5, 240 + abs(cable - 5.5) * 4),
                ],
                (164, 170, 174),
            )
    _asphalt(board, (124, 128, 130), (214, 214, 210), 240)
    for side in (-1, 1):
        board.polygon(
            [(480 + side * 10, 236), (480 + side * 14, 240), (480 + side * 760, HEIGHT), (480 + side * 690, 470)],
            (146, 152, 156),
        )
    board.grain(4, 14)
    ground, road = board.finished(), Road(horizon=240, x=480, lanes=_LANES, car_width=120)
    shade = np.clip((HEIGHT * 0.9 - np.arange(HEIGHT)) / (HEIGHT * 0.55), 0, 1).astype(np.float32)[:, None, None]

    def paint(phase: float) -> Picture:
        picture = ground.copy()
        road.drive(picture, phase)
        thick = shade * (0.62 + 0.28 * float(np.cos(2 * np.pi * phase)))
        picture[:] = picture * (1 - thick) + 206 * thick
        return picture

    return paint


def _houses(board: Board, light: float) -> None:
    """Rows of houses on both sides, the nearest last."""

    def toned(shade: int) -> Colour:
        return (int(shade * light), int((shade + 3) * light), int((shade + 8) * light))

    board.rectangle(0, 200, WIDTH, HEIGHT, toned(112))
    for side in (-1, 1):
        for number in range(5, -1, -1):
            near, far = 480 + side * 620 / (1 + number * 0.9), 480 + side * 620 / (1.8 + number * 0.9)
            shrunk = (1 + number * 0.9) / (1.8 + number * 0.9)
            high = (330 + (number * 53) % 140) / (1 + number * 0.9)
            foot = 120 / (1 + number * 0.9)
            points = [(near, 200 + foot), (far, 200 + foot * shrunk), (far, 200 - high * shrunk), (near, 200 - high)]
            board.polygon(points, toned(150 - (number * 31) % 60))
            for floor in range(1, 6):
                top, bottom = high * floor / 6.2, high * floor / 6.2 - 12 / (1 + number * 0.9)
                band = [
                    (near, 200 - top),
                    (far, 200 - top * shrunk),
                    (far, 200 - bottom * shrunk),
                    (near, 200 - bottom),
                ]
                board.polygon(band, toned(92))


def _asphalt(board: Board, road: Colour, line: Colour, horizon: float) -> None:
    kerb = (int(road[0] * 1.35), int(road[1] * 1.35), int(road[2] * 1.3))
    board.polygon([(-330, HEIGHT), (470, horizon), (490, horizon), (WIDTH + 330, HEIGHT)], kerb)
    board.polygon([(-60, HEIGHT), (474, horizon), (486, horizon), (WIDTH + 60, HEIGHT)], road)
    drop = HEIGHT - horizon
    for x in (-4, 4):
        board.polygon([(480 + x - 3, HEIGHT), (480 + x + 3, HEIGHT), (480, horizon + 4)], (200, 168, 60))
    for x in (-220, 220):
        for dash in range(9):
            near, far = 1 + dash * 0.9, 1.45 + dash * 0.9
            board.polygon(
                [(480 + (x - 5) / near, horizon + drop / near), (480 + (x + 5) / near, horizon + drop / near),
                 (480 + (x + 5) / far, horizon + drop / far), (480 + (x - 5) / far, horizon + drop / far)],
                line,
            )  # fmt: skip


def _windows() -> list[tuple[int, int, float, float]]:
    """Return place, begin and length of light of windows that somebody turns on and off."""
    random = np.random.default_rng(15)
    return [
        (int(x), int(y), float(begin), float(length))
        for x, y, begin, length in zip(
            np.concatenate([random.integers(8, 250, 36), random.integers(700, 945, 36)]), random.integers(14, 190, 72),
            random.random(72), random.uniform(0.3, 1.1, 72), strict=True,
        )
    ]  # fmt: skip
