"""What moves in the scenes and comes round again with the loop: water, cars, people, rain. A phase runs from 0 to 1."""

import math
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt

from chengyun_core.video.demo_cameras.brush import HEIGHT, WIDTH, Colour, Picture, glow, rectangle, shine

Field = npt.NDArray[np.float32]
TURN = 2 * math.pi


@dataclass(slots=True, kw_only=True)
class Water:
    """Water that covers whatever lies lower than its level."""

    heights: Field
    """float32[540, 960]: how high what each pixel shows lies; never covered: inf."""
    top: int
    """First row that may ever be covered."""
    near: Colour
    far: Colour
    flow: int = 6
    """Waves that pass in one turn of the loop."""
    _waves: tuple[Field, ...] = field(init=False)
    _shade: Field = field(init=False)

    def __post_init__(self) -> None:
        """Prepare the waves, at half the size: they have no edges to lose."""
        y, x = np.mgrid[self.top : HEIGHT : 2, 0:WIDTH:2].astype(np.float32)
        depth = (y - self.top + 18) / (HEIGHT - self.top)  # perspective: waves are long near by
        self._waves = (x * 0.035 / depth + y * 0.5 / depth, x * -0.05 / depth + y * 0.3, 22.0 / depth + x * 0.012)
        self._shade = np.clip((y - self.top) / (HEIGHT - self.top), 0, 1)

    def cover(self, picture: Picture, phase: float, level: float) -> None:
        """Cover a picture up to a level."""
        first, second, third = self._waves
        turn = np.float32(TURN * phase)
        swell = (
            np.sin(first + turn * self.flow) + 0.7 * np.sin(second - turn * (self.flow + 3))
            + 0.8 * np.sin(third - turn * 2 * self.flow)
        )  # fmt: skip
        tone = self._shade[:, :, None]
        colour = np.asarray(self.far, np.float32) * (1 - tone) + np.asarray(self.near, np.float32) * tone
        half = np.clip(colour + (6 + 5 * tone) * swell[:, :, None], 0, 255)
        water = np.repeat(np.repeat(half, 2, axis=0), 2, axis=1)[: HEIGHT - self.top]
        covered = np.clip((level - self.heights[self.top :]) * 0.8, 0, 1)[:, :, None]
        part = picture[self.top :]
        part[:] = part * (1 - covered * 0.93) + water * (covered * 0.93)


@dataclass(frozen=True, slots=True, kw_only=True)
class Lane:
    """A lane of a road that runs to the vanishing point."""

    x: float
    """Of its middle at the lower edge, pixels from the vanishing point."""
    is_coming: bool
    cars: int
    rounds: int = 2
    """How often its cars pass in one turn of the loop."""
    shift: float = 0.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Road:
    """Lanes in perspective."""

    horizon: float
    x: float
    """Of the vanishing point."""
    lanes: tuple[Lane, ...]
    car_width: float = 130.0
    """At the lower edge."""
    depth: float = 11.0
    is_night: bool = False

    def drive(self, picture: Picture, phase: float) -> None:
        """Paint the cars, the furthest first."""
        seen = []
        for number, lane in enumerate(self.lanes):
            for car in range(lane.cars):
                way = (phase * lane.rounds + (car + lane.shift) / lane.cars) % 1
                distance = 0.75 + self.depth * ((1 - way) if lane.is_coming else way) ** 1.6
                seen.append((distance, number, car, lane))
        for distance, number, car, lane in sorted(seen, key=lambda entry: -entry[0]):
            self._paint(picture, lane, distance, (number * 7 + car * 3) % len(_PAINTS))

    def _paint(self, picture: Picture, lane: Lane, distance: float, paint: int) -> None:
        x = self.x + lane.x / distance
        y = self.horizon + (HEIGHT + 40 - self.horizon) / distance
        car(picture, x, y, self.car_width / distance, _PAINTS[paint], lane, is_night=self.is_night)


_PAINTS: tuple[Colour, ...] = (
    (196, 198, 200), (58, 62, 68), (138, 32, 30), (36, 62, 104), (222, 220, 212), (92, 96, 92), (28, 30, 34),
    (170, 150, 60),
)  # fmt: skip
_WHITE, _RED = (255, 240, 200), (200, 30, 24)


def car(picture: Picture, x: float, y: float, width: float, paint: Colour, lane: Lane, *, is_night: bool) -> None:
    """Paint a car whose wheels stand at y."""
    if width < 4:
        return
    body, roof = width * 0.42, width * 0.30
    dim = (lambda colour: tuple(part // 4 for part in colour)) if is_night else (lambda colour: colour)
    rectangle(picture, x - width * 0.52, y - 2, x + width * 0.52, y + width * 0.03, (30, 31, 33))
    rectangle(picture, x - width / 2, y - body, x + width / 2, y - width * 0.07, dim(paint))
    rectangle(picture, x - width * 0.4, y - body - roof, x + width * 0.4, y - body, dim(paint))
    rectangle(picture, x - width * 0.35, y - body - roof * 0.85, x + width * 0.35, y - body, dim((70, 84, 94)))
    for side in (-1, 1):
        rectangle(
            picture,
            x + side * width * 0.4 - width * 0.08,
            y - width * 0.1,
            x + side * width * 0.4 + width * 0.08,
            y,
            (18, 18, 19),
        )
        lamp = x + side * width * 0.38
        colour = _WHITE if lane.is_coming else _RED
        rectangle(picture, lamp - width * 0.07, y - body * 0.75, lamp + width * 0.07, y - body * 0.52, colour)
        if is_night:
            reach = max(3, round(width * (0.55 if lane.is_coming else 0.28)))
            shine(picture, glow(reach, colour), lamp, y - body * 0.6)


@dataclass(slots=True, kw_only=True)
class Crowd:
    """People who cross an open place and come again."""

    top: float
    count: int
    seed: int = 1
    _ways: Field = field(init=False)

    def __post_init__(self) -> None:
        """Give each a way: a row, a first place, a speed of whole rounds, a colour and a stride."""
        random = np.random.default_rng(self.seed)
        self._ways = random.random((self.count, 5)).astype(np.float32)

    def walk(self, picture: Picture, phase: float) -> None:
        """Paint them, the furthest first."""
        for row, place, speed, colour, stride in sorted(self._ways.tolist()):
            y = self.top + row * (HEIGHT - self.top) * 0.9
            size = 12 + 34 * (y - self.top) / (HEIGHT - self.top)
            way = (place + phase * (1 if speed > 0.5 else -1)) % 1
            x = way * (WIDTH + 120) - 60 + 30 * math.sin(TURN * (phase * 2 + stride))
            person(picture, x, y, size, math.sin(TURN * (phase * 24 + stride)), _COATS[int(colour * len(_COATS))])


_COATS: tuple[Colour, ...] = ((52, 66, 92), (120, 52, 48), (70, 74, 70), (34, 36, 40), (150, 140, 120), (86, 110, 96))


def person(picture: Picture, x: float, y: float, size: float, step: float, coat: Colour) -> None:
    """Paint somebody whose feet stand at y."""
    rectangle(picture, x - size * 0.3, y - 1, x + size * 0.35, y + size * 0.06, (70, 72, 72))
    for side in (-1, 1):
        foot = x + side * step * size * 0.16
        rectangle(picture, min(x, foot) - size * 0.05, y - size * 0.42, max(x, foot) + size * 0.05, y, (36, 38, 44))
    rectangle(picture, x - size * 0.17, y - size * 0.85, x + size * 0.17, y - size * 0.38, coat)
    rectangle(picture, x - size * 0.09, y - size * 1.05, x + size * 0.09, y - size * 0.86, (196, 158, 132))


class Rain:
    """Streaks that fall through the picture a whole number of times in a turn."""

    def __init__(self, drops: int, seed: int, *, rounds: int = 18) -> None:
        random = np.random.default_rng(seed)
        sheet = np.zeros((HEIGHT, WIDTH), np.uint8)
        for x, y, length in zip(
            random.integers(0, WIDTH, drops), random.integers(0, HEIGHT, drops), random.integers(9, 26, drops),
            strict=True,
        ):  # fmt: skip
            rows = np.arange(y, y + length)
            sheet[rows % HEIGHT, (x - (rows - y) // 6) % WIDTH] = 34
        self._sheet, self._rounds = sheet, rounds

    def fall(self, picture: Picture, phase: float) -> None:
        """Lay the streaks over a picture."""
        fallen = np.roll(self._sheet, round(phase * self._rounds * HEIGHT) % HEIGHT, axis=0)[:, :, None]
        np.minimum(picture.astype(np.uint16) + fallen, 255, out=picture, casting="unsafe")
