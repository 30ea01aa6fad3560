"""Where the map looks: places keep their pixels, zooming keeps what is under the hand, fitting shows the whole."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtCore import QPointF

from chengyun_core.geo.projection import metres_per_world, to_degrees
from chengyun_widgets.mapping.measure import metres_per_px
from chengyun_widgets.mapping.units import area_text, distance_text, nice_distance
from chengyun_widgets.mapping.view import LEAST_ZOOM, MOST_ZOOM, Bounds, MapView, Screen, fitting

SHARE = st.floats(0.05, 0.95)
VIEWS = st.builds(MapView, SHARE, SHARE, st.floats(LEAST_ZOOM, MOST_ZOOM))
SIDES = st.integers(1, 8000)


@given(VIEWS, SIDES, SIDES, st.floats(0, 1), st.floats(0, 1))
def test_that_a_pixel_and_its_place_belong_together(view: MapView, width: int, height: int, x: float, y: float) -> None:
    screen = Screen(view, width, height)
    at = QPointF(x * width, y * height)
    back = screen.px(*screen.world(at))
    assert abs(back.x() - at.x()) < 1e-3
    assert abs(back.y() - at.y()) < 1e-3


@given(VIEWS, st.floats(-3, 3), st.floats(0, 1), st.floats(0, 1))
def test_that_zooming_keeps_the_place_under_the_hand(view: MapView, by: float, x: float, y: float) -> None:
    screen = Screen(view, 800, 600)
    at = QPointF(x * 800, y * 600)
    place = screen.world(at)
    zoomed = screen.zoomed(by, at)
    assert LEAST_ZOOM <= zoomed.zoom <= MOST_ZOOM
    if 0 < zoomed.x < 1 and 0 < zoomed.y < 1:
        there = Screen(zoomed, 800, 600).px(*place)
        assert abs(there.x() - at.x()) < 1e-2
        assert abs(there.y() - at.y()) < 1e-2


@given(SHARE, SHARE, st.floats(1e-5, 0.04), st.floats(1e-5, 0.04), st.integers(50, 4000), st.integers(50, 4000))
def test_that_what_is_fitted_is_seen_whole(
    x: float, y: float, wide: float, high: float, width: int, height: int
) -> None:
    bounds = Bounds(x, y, x + wide, y + high)
    view = fitting(bounds, width, height)
    if view.zoom > LEAST_ZOOM:
        assert Screen(view, width, height).bounds.grown(1e-12).holds(bounds)


def test_that_a_view_off_the_world_is_brought_back() -> None:
    assert MapView(-3.0, 7.0, 99.0).kept_in() == MapView(0.0, 1.0, MOST_ZOOM)


def test_that_fitting_one_point_goes_no_nearer_than_told() -> None:
    assert fitting(Bounds(0.8, 0.4, 0.8, 0.4), 800, 600, 15.0).zoom == 15.0


def test_that_a_metre_is_as_many_pixels_as_the_projection_says() -> None:
    view = MapView(0.796, 0.414, 12.0)
    latitude = float(to_degrees(view.x, view.y)[1])
    # The projection is on WGS-84's equator, lengths are on the mean sphere: 0.11 % apart.
    assert metres_per_px(view) == pytest.approx(float(metres_per_world(latitude)) / view.scale, rel=0.0012)


@pytest.mark.parametrize(
    ("metres", "text"), [(0.5, "0.5 m"), (84.4, "84.4 m"), (999, "999 m"), (1240, "1.24 km"), (123_400, "123 km")]
)
def test_that_lengths_are_told_to_three_figures(metres: float, text: str) -> None:
    assert distance_text(metres) == text


def test_that_areas_change_their_unit_at_a_tenth_of_a_square_kilometre() -> None:
    assert [area_text(8_400), area_text(530_000), area_text(13.3e6)] == ["8400 m²", "0.53 km²", "13.3 km²"]


@given(st.floats(0.02, 1e8))
def test_that_the_scale_bar_is_one_two_or_five_and_as_long_as_it_can_be(most: float) -> None:
    found = nice_distance(most)
    assert found <= most * (1 + 1e-9)
    assert found * 2.6 > most
    assert round(float(f"{found:e}".split("e")[0]), 6) in (1.0, 2.0, 5.0)


def test_that_there_is_no_bar_for_less_than_a_centimetre() -> None:
    assert nice_distance(0.001) == 0.0
