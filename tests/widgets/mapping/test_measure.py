"""Lengths and areas on the ground: against the rule of the sphere, and against what the centre reckons."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from chengyun_core.geo.lookup import metres_between
from chengyun_core.geo.projection import to_world
from chengyun_widgets.mapping.measure import (
    AUTHALIC_RADIUS_M,
    MEAN_RADIUS_M,
    area_m2,
    circle,
    crosses_itself,
    degrees_of,
    length_m,
    world_of,
)
from tests.widgets.mapping.city import world

LON, LAT = st.floats(105.3, 110.2), st.floats(28.2, 32.2)


def test_that_a_degree_of_a_meridian_is_as_long_as_on_the_mean_sphere() -> None:
    line = (world(106.5, 29.0), world(106.5, 30.0))
    assert length_m(line) == pytest.approx(math.radians(1) * MEAN_RADIUS_M, rel=1e-9)


@given(LON, LAT, LON, LAT)
def test_that_the_widget_and_the_centre_measure_alike(x0: float, y0: float, x1: float, y1: float) -> None:
    theirs = float(metres_between(x0, y0, np.array([x1]), np.array([y1]))[0])
    assert length_m((world(x0, y0), world(x1, y1))) == pytest.approx(theirs, rel=0.006, abs=0.5)


def test_that_a_cell_of_degrees_has_the_area_of_its_zone() -> None:
    ring = tuple(world(*place) for place in ((106, 29), (107, 29), (107, 30), (106, 30)))
    zone = math.radians(1) * (math.sin(math.radians(30)) - math.sin(math.radians(29))) * AUTHALIC_RADIUS_M**2
    assert area_m2(ring) == pytest.approx(zone, rel=1e-9)
    assert area_m2(ring[::-1]) == pytest.approx(zone, rel=1e-9)


def test_that_a_point_has_no_length_and_a_line_no_area() -> None:
    assert length_m((world(106, 29),)) == 0.0
    assert area_m2((world(106, 29), world(107, 30))) == 0.0


@given(LON, LAT, st.floats(10.0, 50_000.0))
def test_that_all_points_of_a_circle_are_as_far_as_told(lon: float, lat: float, radius: float) -> None:
    centre = world(lon, lat)
    points = circle(centre, radius, 24)
    assert [length_m((centre, (x, y))) for x, y in points] == pytest.approx([radius] * 25, rel=1e-6, abs=0.01)
    assert points[0, 0] == points[:, 0].max()


def test_that_a_circle_at_five_kilometres_has_the_area_it_should() -> None:
    ring = tuple((float(x), float(y)) for x, y in circle(world(106.6, 29.6), 5_000.0, 720)[:-1])
    assert area_m2(ring) == pytest.approx(math.pi * 5_000**2, rel=1e-4)


@given(LON, LAT)
def test_that_degrees_and_world_are_one_place_for_widget_and_centre(lon: float, lat: float) -> None:
    degrees = np.array([[lon, lat]])
    assert world_of(degrees)[0] == pytest.approx([float(part) for part in to_world(lon, lat)], abs=1e-12)
    assert degrees_of(world_of(degrees))[0] == pytest.approx([lon, lat], abs=1e-9)


@pytest.mark.parametrize(
    ("ring", "crosses"),
    [
        (((0, 0), (1, 0), (1, 1), (0, 1)), False),
        (((0, 0), (1, 1), (1, 0), (0, 1)), True),
        (((0, 0), (2, 0), (2, 2), (1, -1), (0, 2)), True),
        (((0, 0), (1, 0), (0.5, 1)), False),
    ],
)
def test_that_a_ring_that_crosses_itself_is_known(ring: tuple, crosses: bool) -> None:
    assert crosses_itself(ring) is crosses
