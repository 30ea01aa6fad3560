"""Inside a polygon or a circle: what counting one by one gives."""

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from chengyun_core.geo.projection import to_degrees
from chengyun_core.ingest.ground import SCALE, Ground, fractions
from chengyun_core.ingest.survey.within import inside, slots_in
from chengyun_core.model.failure import Refused
from chengyun_core.wire.survey_asks import AskDevicesWithin


def _ground(seed: int, count: int = 3000) -> Ground:
    dice = np.random.default_rng(seed)
    x, y = fractions(106 + dice.random(count) * 0.2, 29 + dice.random(count) * 0.2)
    return Ground(x, y, np.arange(count, dtype=np.uint32), count)


def _places(ground: Ground) -> tuple[np.ndarray, np.ndarray]:
    x, y = ground.fractions_of(np.arange(ground.placed))
    return to_degrees((x + 0.5) / SCALE, (y + 0.5) / SCALE)


@settings(max_examples=20, deadline=None)
@given(st.integers(0, 2**31), st.integers(3, 9))
def test_that_a_polygon_holds_what_lies_inside_it(seed: int, corners: int) -> None:
    ground, dice = _ground(seed), np.random.default_rng(seed)
    turn = np.sort(dice.random(corners)) * 2 * math.pi
    reach = 0.02 + dice.random(corners) * 0.1
    ring = tuple((106.1 + r * math.cos(t), 29.1 + r * math.sin(t)) for r, t in zip(reach, turn, strict=True))
    found = set(slots_in(ground, AskDevicesWithin(ring=ring)).tolist())
    longitude, latitude = _places(ground)
    corner_x, corner_y = np.array(ring).T
    # Straight lines on the map and in degrees part by metres here: compare away from the border.
    expected = inside(longitude, latitude, corner_x, corner_y)
    near = _distance(longitude, latitude, corner_x, corner_y) < 2e-5
    sure = {int(slot) for slot, is_in, close in zip(ground.slots, expected, near, strict=True) if is_in and not close}
    may_be = sure | {int(slot) for slot, close in zip(ground.slots, near, strict=True) if close}
    assert sure <= found <= may_be


def _distance(x, y, ring_x, ring_y) -> np.ndarray:
    least = np.full(x.size, np.inf)
    for at in range(ring_x.size):
        ax, ay, bx, by = ring_x[at - 1], ring_y[at - 1], ring_x[at], ring_y[at]
        t = np.clip(((x - ax) * (bx - ax) + (y - ay) * (by - ay)) / ((bx - ax) ** 2 + (by - ay) ** 2), 0, 1)
        least = np.minimum(least, np.hypot(x - ax - t * (bx - ax), y - ay - t * (by - ay)))
    return least


@pytest.mark.parametrize("radius_m", [50.0, 800.0, 5000.0])
def test_that_a_circle_holds_what_is_no_farther_than_its_radius(radius_m: float) -> None:
    ground = _ground(11)
    found = np.isin(ground.slots, slots_in(ground, AskDevicesWithin(longitude=106.1, latitude=29.1, radius_m=radius_m)))
    longitude, latitude = _places(ground)
    east = (longitude - 106.1) * 111_320 * math.cos(math.radians(29.1))
    away = np.hypot(east, (latitude - 29.1) * 111_320)
    assert (found[away < radius_m * 0.99]).all()
    assert (~found[away > radius_m * 1.01]).all()


@pytest.mark.parametrize(
    "ask",
    [
        AskDevicesWithin(), AskDevicesWithin(radius_m=-1.0), AskDevicesWithin(radius_m=math.inf),
        AskDevicesWithin(longitude=math.nan, radius_m=5.0), AskDevicesWithin(ring=((1.0, 1.0), (2.0, 2.0))),
        AskDevicesWithin(ring=((1.0, 1.0), (2.0, 2.0), (29.0, 106.0))),
        AskDevicesWithin(ring=((-170.0, -80.0), (170.0, -80.0), (0.0, 80.0))),
    ],
)  # fmt: skip
def test_that_an_area_that_cannot_be_meant_is_refused(ask: AskDevicesWithin) -> None:
    with pytest.raises(Refused, match=r"survey\.area"):
        slots_in(_ground(1, 10), ask)
