"""Layers made ready for the canvas: lines and areas as steps, names at places inside, points apart."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from chengyun_console.maps.shape_paths import area_at, inner_place, shapes_of
from chengyun_core.geo.projection import to_degrees
from chengyun_core.model.failure import Refused
from chengyun_core.model.map_layer import LayerKind
from chengyun_widgets.mapping.view import WORLD_PX
from tests.support import map_samples


def _inside(x: np.ndarray, y: np.ndarray, at: tuple[float, float]) -> bool:
    spans = (y > at[1]) != (np.roll(y, -1) > at[1])
    crossing = x[spans] + (at[1] - y[spans]) / (np.roll(y, -1)[spans] - y[spans]) * (np.roll(x, -1)[spans] - x[spans])
    return bool(np.count_nonzero(crossing > at[0]) % 2)


def test_that_every_district_gets_a_name_without_its_ending_inside_of_it() -> None:
    layer, held = map_samples.districts()
    made = shapes_of(layer, [(0, next(iter(held.values())))], is_whole=True, endings=("区", "县"))
    names = {label.id: label.text for label in made.labels}
    assert names["500103"] == "渝中"
    step = made.paths.steps[0]
    for code, place in made.places.items():
        part = int(np.flatnonzero(step.feature == made.paths.codes.index(code))[0])
        ring = step.points[step.starts[part] : step.starts[part + 1]]
        assert _inside(ring[:, 0], ring[:, 1], place), code


def test_that_the_area_a_place_lies_in_is_found() -> None:
    layer, held = map_samples.districts()
    made = shapes_of(layer, [(0, next(iter(held.values())))], is_whole=True)
    assert [area_at(made, place) for place in made.places.values()] == list(made.places)
    assert area_at(made, (0.1, 0.1)) == ""


def test_that_a_name_is_written_from_the_zoom_at_which_its_area_is_wide_enough() -> None:
    layer, held = map_samples.districts()
    made = shapes_of(layer, [(0, next(iter(held.values())))], is_whole=True)
    for label in made.labels:
        bounds = made.bounds[label.id]
        wide = max(bounds.east - bounds.west, bounds.south - bounds.north) * WORLD_PX * 2.0**label.min_zoom
        assert wide == pytest.approx(52.0)
    assert [label.rank for label in made.labels] == list(range(len(made.labels)))


def test_that_points_stand_apart_from_lines_and_attributes_come_with_the_finest_level() -> None:
    layer, held = map_samples.pipes()
    data = next(iter(held.values()))
    half = shapes_of(layer, [(0, data)], is_whole=False)
    made = shapes_of(layer, [(0, data)], is_whole=True)
    assert (made.point_codes, made.point_names) == (("FM001",), ("一号阀",))
    longitude, latitude = to_degrees(made.x, made.y)
    assert (longitude.round(6).tolist(), latitude.round(6).tolist()) == ([106.546], [29.556])
    step = made.paths.steps[0]
    assert (step.feature.tolist(), step.closed.tolist(), step.starts.tolist()) == ([0, 1], [False, False], [0, 2, 4])
    assert (half.attributes, made.attributes["GS001"]["material"]) == ({}, "铸铁")


def test_that_a_coarse_level_that_lacks_features_names_those_it_has() -> None:
    layer, held = map_samples.pipes()
    data = next(iter(held.values()))
    _small, coarse = map_samples.layer("pipes", LayerKind.PIPELINE, map_samples.shapes_of([
        (1, "GS002", "示意供水管002", [[[106.546, 29.556], [106.553, 29.553]]], {}),
    ]))  # fmt: skip
    made = shapes_of(layer, [(0, next(iter(coarse.values()))), (12, data)], is_whole=True)
    assert made.paths.steps[0].feature.tolist() == [made.paths.codes.index("GS002")]
    assert [step.min_zoom for step in made.paths.steps] == [0.0, 12.0]


def test_that_bytes_that_are_no_shapes_are_refused() -> None:
    layer, held = map_samples.pipes()
    with pytest.raises(Refused, match=r"map\.shapes_faulty"):
        shapes_of(layer, [(0, next(iter(held.values()))[:-8])], is_whole=True)


@given(st.lists(st.floats(0.2, 1.0), min_size=4, max_size=40))
def test_that_the_inner_place_of_any_star_is_inside(radii: list[float]) -> None:
    angle = np.linspace(0.0, 2 * np.pi, len(radii), endpoint=False)
    x, y = 0.5 + 0.1 * np.array(radii) * np.cos(angle), 0.5 + 0.1 * np.array(radii) * np.sin(angle)
    assert _inside(x, y, inner_place(x, y))
