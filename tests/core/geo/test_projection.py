"""Tests of the world's coordinates."""

import numpy as np
import pytest

from chengyun_core.geo import projection


def test_that_the_world_is_a_unit_square_with_north_at_the_top() -> None:
    assert projection.to_world(0.0, 0.0) == (0.5, pytest.approx(0.5))
    assert projection.to_world(-180.0, projection.HIGHEST_LATITUDE) == (0.0, pytest.approx(0.0, abs=1e-12))
    assert projection.to_world(180.0, -90.0) == (1.0, pytest.approx(1.0))
    assert projection.to_world(0.0, 10.0)[1] < 0.5


def test_that_a_tile_of_the_web_is_a_whole_fraction() -> None:
    # OpenStreetMap's own example of tile names: Chongqing's centre is tile 12/3259/1696.
    x, y = projection.to_world(106.5507, 29.5647)
    assert (int(x * 2**12), int(y * 2**12)) == (3260, 1695)
    longitude, latitude = projection.to_degrees(np.array([3260, 3261]) / 2**12, np.array([1695, 1696]) / 2**12)
    assert longitude[0] < 106.5507 < longitude[1]
    assert latitude[1] < 29.5647 < latitude[0]


def test_that_there_and_back_is_the_same_place() -> None:
    made = np.random.default_rng(1)
    longitude, latitude = made.uniform(-180, 180, 1000), made.uniform(-85, 85, 1000)
    found = projection.to_degrees(*projection.to_world(longitude, latitude))
    assert np.abs(found[0] - longitude).max() < 1e-10
    assert np.abs(found[1] - latitude).max() < 1e-10


def test_that_metres_shrink_towards_the_poles() -> None:
    assert projection.metres_per_world(0.0) == pytest.approx(40_075_016.69)
    assert projection.metres_per_world(60.0) == pytest.approx(20_037_508.34)
