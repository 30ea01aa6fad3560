"""Tests of judging and mending: a fault is told by feature and line, and neighbours still fit."""

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st

from chengyun_core.geo import coverage, geometry, levels, mend, shapes
from chengyun_core.geo.rows import Row
from chengyun_core.geo.survey import Surveyed, survey
from chengyun_core.geo.telling import Wanted
from chengyun_core.model.failure import Refused
from chengyun_core.model.map_layer import Datum, NoteGrade

STAR = shapely.polygons(
    [(np.sin(turn * 4 * np.pi / 11), np.cos(turn * 4 * np.pi / 11)) for turn in range(12)]
).wkt  # fmt: skip
"""Twice round a circle: filled it is the circle, even-odd only its eleven tips."""


def _judged(wkt: str) -> mend.Judged:
    return mend.judged(Row(number=3, line=7, geometry=shapely.from_wkt(wkt)))


@pytest.mark.parametrize(
    ("wkt", "code"),
    [
        ("POINT (500000 3280000)", "map.note_projected"),
        ("POINT (200 100)", "map.note_out_of_range"),
        ("POINT (NaN 29)", "map.note_not_a_number"),
        ("POINT EMPTY", "map.note_no_geometry"),
        ("GEOMETRYCOLLECTION (POINT (1 2))", "map.note_kind_unknown"),
        ("LINESTRING (1 1, 1 1)", "map.note_no_length"),
        ("POLYGON ((0 0, 1 0, 2 0, 0 0))", "map.note_no_area"),
        (STAR, "map.note_mend_loses"),
    ],
)
def test_that_a_feature_that_cannot_be_taken_says_why_and_where(wkt: str, code: str) -> None:
    found = _judged(wkt)
    assert found.geometry is None
    assert [(one.grade, one.code, one.feature, one.line) for one in found.notes] == [(NoteGrade.REFUSED, code, 3, 7)]


@pytest.mark.parametrize(
    ("wkt", "code", "area"),
    [
        ("POLYGON ((0 0, 2 2, 2 0, 0 2, 0 0))", "map.note_mended", 2.0),
        ("POLYGON ((0 0, 2 0, 2 2, 1 2, 1 3, 1 2, 0 2, 0 0))", "map.note_mended", 4.0),
        ("POLYGON ((29 106, 30 106, 30 107, 29 107, 29 106))", "map.note_turned", 1.0),
        ("MULTILINESTRING ((0 0, 1 1), (2 2, 2 2))", "map.note_parts_left_out", 0.0),
    ],
)
def test_that_a_feature_that_can_be_mended_is_and_it_is_said(wkt: str, code: str, area: float) -> None:
    found = _judged(wkt)
    assert shapely.is_valid(found.geometry)
    assert shapely.area(found.geometry) == pytest.approx(area)
    assert [(one.grade, one.code) for one in found.notes] == [(NoteGrade.MENDED, code)]


def test_that_what_may_be_turned_round_is_told_and_left() -> None:
    found = _judged("POINT (29.5 88)")
    assert shapely.get_coordinates(found.geometry).tolist() == [[29.5, 88.0]]
    assert [one.code for one in found.notes] == ["map.note_perhaps_turned"]


CORNERS = st.lists(st.tuples(st.integers(-20, 20), st.integers(-20, 20)), min_size=3, max_size=12)


@given(CORNERS)
def test_that_any_outline_becomes_an_area_in_order_or_is_refused(corners: list[tuple[int, int]]) -> None:
    ring = [*corners, corners[0]]
    found = mend.judged(Row(number=1, geometry=shapely.polygons(shapely.linearrings(ring))))
    if found.geometry is None:
        assert found.notes[-1].grade is NoteGrade.REFUSED
    else:
        assert shapely.is_valid(found.geometry)
        assert shapely.area(found.geometry) > 0
        shapes.pack(geometry.shapes_of([found.geometry], ["A"], [""]))


def _grid(shift: float = 0.0) -> Any:
    """Return sixteen squares side by side, each drawn by itself, so that borders overlap or gape by `shift`."""
    return np.array(
        [
            shapely.box(106 + x * 0.1 - shift, 29 + y * 0.1 - shift, 106.1 + x * 0.1 + shift, 29.1 + y * 0.1 + shift)
            for x in range(4) for y in range(4)
        ],
        dtype=object,
    )  # fmt: skip


def test_that_overlaps_between_neighbours_are_closed() -> None:
    areas = _grid(0.0004)
    before, after = coverage.fit_of(areas), coverage.fit_of(coverage.cleaned(areas))
    assert before.overlap_km2 > 10
    assert before.edges == len(areas)
    assert (after.overlap_km2, after.gap_km2, after.edges) == (0.0, 0.0, 0)
    assert after.total_km2 == pytest.approx(before.total_km2, rel=0.02)


def test_that_a_sliver_around_an_area_is_closed() -> None:
    areas = _grid()
    areas[5] = shapely.buffer(areas[5], -0.0004, join_style="mitre")
    before, after = coverage.fit_of(areas), coverage.fit_of(coverage.cleaned(areas))
    # 44 m wide around 0.1° by 0.1°.
    assert before.gap_km2 == pytest.approx(1.7, abs=0.2)
    assert (after.overlap_km2, after.gap_km2, after.edges) == (0.0, 0.0, 0)


def test_that_a_lake_between_districts_is_no_sliver() -> None:
    areas = np.delete(_grid(), 5)
    assert coverage.fit_of(areas).gap_km2 == 0
    assert shapely.area(coverage.cleaned(areas)).sum() == pytest.approx(shapely.area(areas).sum())


def test_that_only_areas_that_lie_side_by_side_are_a_coverage() -> None:
    assert coverage.lies_side_by_side(_grid())
    zones = shapely.buffer(shapely.points([106.0, 106.01, 106.02], [29.0] * 3), 0.1)
    assert not coverage.lies_side_by_side(zones)
    assert not coverage.lies_side_by_side(_grid()[:1])


def test_that_simplified_neighbours_still_share_their_borders() -> None:
    turns = np.linspace(0, 1, 400)
    wave = np.column_stack((106.5 + 0.02 * np.sin(40 * turns), 29 + turns))
    west = shapely.polygons(np.vstack(([106, 29], wave, [106, 30], [106, 29])))
    east = shapely.polygons(np.vstack(([107, 29], wave, [107, 30], [107, 29])))
    made = geometry.shapes_of([west, east], ["W", "E"], ["西", "东"], {"note": ("", "")})
    found = levels.levels_of(made, is_coverage=True)
    assert found[0].from_zoom == 0
    assert found[-1].shapes is made
    assert len(found[0].shapes.coords) < 0.5 * len(made.coords)
    for one in found:
        fit = coverage.fit_of(geometry.geometries_of(one.shapes))
        assert (fit.overlap_km2, fit.edges) == (0.0, 0), one.from_zoom
        assert (one.shapes.codes, one.shapes.names) == (made.codes, made.names)
    assert found[0].shapes.attributes == {}


def _survey(folder: Path, features: list[dict[str, Any]], **told: Any) -> Surveyed:
    path = folder / "a.geojson"
    path.write_text(json.dumps({"type": "FeatureCollection", "features": features}, ensure_ascii=False), "utf-8")
    return survey(path, Wanted(name="a.geojson", **told))


def _point(east: float, north: float, **properties: Any) -> dict[str, Any]:
    return {"type": "Feature", "properties": properties, "geometry": {"type": "Point", "coordinates": [east, north]}}


def test_that_the_report_counts_features_and_names_them(tmp_path: Path) -> None:
    found = _survey(
        tmp_path,
        [_point(106, 29, code="A", name="甲"), _point(29, 106, code="A", name="乙"), _point(0, 999, name="丙"),
         _point(106.5, 29.5, code="C", name="旧县")],
        renames={"C": "D|新区"}, source_error_m=5.0,
    )  # fmt: skip
    layer = shapes.unpack(found.levels[-1].data)
    assert (layer.codes, layer.names) == (("A", "A#2", "D"), ("甲", "乙", "新区"))
    assert (found.features, found.mended, found.refused, found.error_m) == (3, 1, 1, 5.0)
    told = {(one.code, one.feature): one for one in found.notes}
    assert told["map.note_out_of_range", 3].name == "丙"
    assert told["map.note_renamed", 4].params == {"code": "C", "was": "旧县", "now": "D"}
    assert told["map.note_code_twice", 2].grade is NoteGrade.TOLD
    assert layer.attributes["name"] == ("甲", "乙", "旧县")


def test_that_a_gcj02_source_is_moved_and_its_error_is_told(tmp_path: Path) -> None:
    found = _survey(tmp_path, [_point(121.531541859215, 31.17530398364597)], datum=Datum.GCJ02)
    place = shapes.unpack(found.levels[-1].data).coords[0]
    assert place.tolist() == pytest.approx([121.5272106, 31.1774276], abs=1e-7)
    assert found.error_m == 10.0


def test_that_a_file_of_which_nothing_can_be_taken_says_the_first_reason(tmp_path: Path) -> None:
    with pytest.raises(Refused) as raised:
        _survey(tmp_path, [_point(0, 999), _point(0, 998)])
    assert raised.value.reason.code == "map.nothing_taken"
    assert raised.value.reason.params["why"] == "map.note_out_of_range"
    assert raised.value.reason.params["count"] == "2"


def test_that_too_many_attributes_are_told_and_cut(tmp_path: Path) -> None:
    found = _survey(tmp_path, [_point(106, 29, **{f"a{number}": "x" for number in range(80)})])
    assert len(shapes.unpack(found.levels[-1].data).attributes) == 64
    assert "map.note_many_attributes" in [one.code for one in found.notes]
