"""Tests of the datum's conversion, against the vectors other implementations publish."""

import numpy as np
import pytest

from chengyun_core.geo import datum
from chengyun_core.geo.lookup import metres_between
from chengyun_core.model.map_layer import Datum

PUBLISHED = (
    # eviltransform, go/transform_test.go at 1643645, and hexdocs evil_transform 0.2.0: WGS-84, then GCJ-02
    (121.5272106, 31.1774276, 121.531541859215, 31.17530398364597),
    (113.912316, 22.543847, 113.9171764808363, 22.540796131694766),
    (116.377817, 39.911954, 116.38404722455657, 39.91334545536069),
    (120.596931, 31.280844, 120.60109998322247, 31.278648624428175),
)
BEIJING_STATION = (116.42079, 39.90105, 116.42703, 39.90245)
"""geoChina 1.3.0, gcj2wgs: told to five digits, verified by its author on a public map."""


@pytest.mark.parametrize("vector", PUBLISHED)
def test_that_a_place_is_shifted_as_the_published_vectors_say(vector: tuple[float, ...]) -> None:
    east, north = datum.to_gcj02(vector[0], vector[1])
    # The last vector was made with another half axis of the ellipsoid: a centimetre.
    assert float(metres_between(float(east), float(north), np.array(vector[2]), np.array(vector[3]))) < 0.02


@pytest.mark.parametrize("vector", PUBLISHED)
def test_that_the_shift_is_taken_back_to_the_published_place(vector: tuple[float, ...]) -> None:
    east, north = datum.to_ours(vector[2], vector[3], Datum.GCJ02)
    assert float(metres_between(float(east), float(north), np.array(vector[0]), np.array(vector[1]))) < 0.02


def test_that_a_place_checked_on_a_public_map_is_within_the_error_we_state() -> None:
    east, north = datum.to_ours(BEIJING_STATION[2], BEIJING_STATION[3], Datum.GCJ02)
    away = metres_between(float(east), float(north), np.array(BEIJING_STATION[0]), np.array(BEIJING_STATION[1]))
    assert float(away) < 1.5 < datum.LEFT_M


def test_that_there_and_back_leaves_less_than_is_stated_all_over_china() -> None:
    made = np.random.default_rng(7)
    longitude, latitude = made.uniform(74.0, 135.0, 50_000), made.uniform(3.0, 53.0, 50_000)
    shifted = datum.to_gcj02(longitude, latitude)
    east, north = datum.to_ours(*shifted, Datum.GCJ02)
    off = np.hypot((east - longitude) * 111_320 * np.cos(np.radians(latitude)), (north - latitude) * 111_320)
    assert off.max() < datum.ROUND_TRIP_M
    moved = metres_between(106.5, 29.5, *(column[:1] for column in datum.to_gcj02([106.5], [29.5])))
    assert 300 < float(moved[0]) < 700


def test_that_only_a_gcj02_place_within_the_box_is_moved() -> None:
    places = np.array([-118.3, 2.35]), np.array([34.15, 48.85])
    for given in Datum:
        assert all((one == other).all() for one, other in zip(datum.to_ours(*places, given), places, strict=True))
    assert datum.to_ours(106.5, 29.5, Datum.CGCS2000) == (106.5, 29.5)
    assert [datum.error_of(one) for one in Datum] == [0.0, 0.0, datum.LEFT_M]
