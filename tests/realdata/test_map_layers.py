"""Real layers: 38 districts (8 invalid, two stale names, GCJ-02), rivers without names, roads of Los Angeles."""

import csv
import json
import zipfile
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import shapely

from chengyun_core.geo import coverage, geometry, road_graph, shapes
from chengyun_core.geo.lookup import Areas, metres_between
from chengyun_core.geo.survey import Surveyed, survey
from chengyun_core.geo.telling import Wanted
from chengyun_core.model.map_layer import Datum, NoteGrade
from chengyun_resources import boundaries

pytestmark = pytest.mark.realdata

RENAMES = {"500228": "500155|梁平区", "500232": "500156|武隆区"}
INVALID = {"大渡口区", "九龙坡区", "长寿区", "合川区", "铜梁区", "潼南区", "奉节县", "开州区"}


@pytest.fixture(scope="module")
def districts(shared_data: Path) -> Surveyed:
    """Return the districts as an import reads them."""
    path = shared_data / "admin_chongqing" / "chongqing_districts.geojson"
    return survey(path, Wanted(name=path.name, datum=Datum.GCJ02, renames=RENAMES, source_error_m=100.0))


def _finest(surveyed: Surveyed) -> shapes.Shapes:
    return shapes.unpack(surveyed.levels[-1].data)


def test_that_the_eight_invalid_districts_are_mended_and_named(districts: Surveyed) -> None:
    mended = {one.name: one for one in districts.notes if one.code == "map.note_mended"}
    assert set(mended) == INVALID
    assert all(float(one.params["km2"]) < 0.01 for one in mended.values())
    assert (districts.features, districts.mended, districts.refused) == (38, 8, 0)
    assert districts.error_m == 110.0
    assert shapely.is_valid(geometry.geometries_of(_finest(districts))).all()


def test_that_the_two_stale_names_are_the_present_ones_and_all_codes_are_official(
    districts: Surveyed, shared_data: Path
) -> None:
    renamed = [(one.params["was"], one.name) for one in districts.notes if one.grade is NoteGrade.RENAMED]
    assert renamed == [("梁平县", "梁平区"), ("武隆县", "武隆区")]
    with (shared_data / "admin_chongqing" / "chongqing_areas.csv").open(encoding="utf-8") as file:
        official = {row["code"]: row["name"] for row in csv.DictReader(file)}
    layer = _finest(districts)
    assert dict(zip(layer.codes, layer.names, strict=True)) == official


def test_that_neighbours_fit_after_mending_and_at_every_level_as_they_did_not_before(
    districts: Surveyed, shared_data: Path
) -> None:
    told = json.loads((shared_data / "admin_chongqing" / "chongqing_districts.geojson").read_text("utf-8"))
    made = [shapely.make_valid(shapely.from_geojson(json.dumps(one["geometry"]))) for one in told["features"]]
    raw = coverage.fit_of(shapely.set_precision(np.array(made, dtype=object), 0))
    assert raw.overlap_km2 == pytest.approx(13.0, abs=0.2)
    assert raw.gap_km2 == pytest.approx(15.7, abs=0.2)
    for level in districts.levels:
        fit = coverage.fit_of(geometry.geometries_of(shapes.unpack(level.data)))
        assert (round(fit.overlap_km2, 6), fit.edges) == (0.0, 0), level.from_zoom
        assert fit.gap_km2 < 0.4, level.from_zoom
        # Of 82 400 km²: the shift of the datum bends areas by some 0.05 %, overlaps count once now.
        assert fit.total_km2 == pytest.approx(raw.total_km2, rel=1e-3)
    assert districts.levels[0].points < 0.4 * districts.levels[-1].points


def test_that_districts_hold_the_places_they_should(districts: Surveyed) -> None:
    areas = Areas(_finest(districts))
    # 解放碑, 沙坪坝 campus of the university, 万州's hospital: WGS-84 places anyone can look up.
    assert areas.at([106.5770, 106.4625, 108.4089], [29.5572, 29.5646, 30.8079]) == ["500103", "500106", "500101"]


def test_that_rivers_are_read_without_names(shared_data: Path) -> None:
    path = shared_data / "rivers_chongqing" / "rivers.geojson"
    found = survey(path, Wanted(name=path.name, datum=Datum.WGS84))
    assert (found.features, found.mended, found.refused, found.error_m) == (68, 0, 0, 0.0)
    assert set(_finest(found).names) == {""}
    assert set(_finest(found).attributes["wdb_class"]) == {"-1"}


def test_that_what_ships_is_what_the_sources_give(districts: Surveyed, tmp_path: Path) -> None:
    shipped = {one.code: one for one in boundaries.shipped()}
    file = shipped["districts-2023"].files[0]
    found = survey(file, Wanted(name=file.name))
    ours, theirs = _finest(found), _finest(districts)
    assert dict(zip(ours.codes, ours.names, strict=True)) == dict(zip(theirs.codes, theirs.names, strict=True))
    pairs = zip(_by_code(ours), _by_code(theirs), strict=True)
    apart = [shapely.area(shapely.symmetric_difference(one, other)) / shapely.area(other) for one, other in pairs]
    assert max(apart) < 0.01
    new = _finest(survey(shipped["districts"].files[0], Wanted(name="districts_2025.geojson")))
    assert len(new) == 37
    assert {"CQ-LJXQ"} == set(new.codes) - set(ours.codes)
    assert {"500105", "500112"} == set(ours.codes) - set(new.codes)
    assert "乡镇" not in new.attributes["note"][new.codes.index("500103")]
    assert "无界线数据" in new.attributes["note"][new.codes.index("CQ-LJXQ")]


def _by_code(layer: shapes.Shapes) -> list[Any]:
    found = dict(zip(layer.codes, geometry.geometries_of(layer), strict=True))
    return [found[code] for code in sorted(found)]


@pytest.fixture(scope="module")
def los_angeles(shared_data: Path, tmp_path_factory: pytest.TempPathFactory) -> road_graph.RoadGraph:
    """Return the loops of Los Angeles as a graph: neighbours by the data's own adjacency, as far as they are apart."""
    folder = shared_data / "traffic_los"
    with (folder / "sensor_locations.csv").open(encoding="utf-8") as file:
        places = [(row["sensor_id"], row["longitude"], row["latitude"]) for row in csv.DictReader(file)]
    near = np.loadtxt(folder / "adjacency.csv", delimiter=",")
    assert near.shape == (207, 207)
    pairs = [(one, other) for one, other in zip(*np.nonzero(near), strict=True) if one != other]
    path = tmp_path_factory.mktemp("roads") / "roads.zip"
    with zipfile.ZipFile(path, "w") as opened:
        opened.writestr("nodes.csv", "code,longitude,latitude\n" + "".join(f"{','.join(one)}\n" for one in places))
        rows = "".join(f"e{one}-{other},{places[one][0]},{places[other][0]},100,yes\n" for one, other in pairs)
        opened.writestr("edges.csv", "code,from,to,speed_kmh,oneway\n" + rows)
    found = survey(path, Wanted(name="roads.zip", datum=Datum.WGS84))
    assert found.features == 207 + len(pairs)
    assert found.refused == 0
    return road_graph.graph_of(_finest(found))


def test_that_roads_of_los_angeles_are_reached_by_the_shortest_way(los_angeles: road_graph.RoadGraph) -> None:
    minutes = road_graph.minutes_from(los_angeles, 0, 1e9, towards=False)
    # Against plain Bellman-Ford over the same edges.
    best = np.full(len(los_angeles.out), np.inf)
    best[0] = 0.0
    for _ in best:
        for node, ways in enumerate(los_angeles.out):
            for other, cost in ways:
                best[other] = min(best[other], best[node] + cost)
    reached = {node: float(one) for node, one in enumerate(best) if np.isfinite(one)}
    assert minutes == pytest.approx(reached)
    assert len(minutes) > 100


def test_that_areas_of_los_angeles_grow_with_the_minutes_and_hold_what_is_reached(
    los_angeles: road_graph.RoadGraph,
) -> None:
    east, north = float(los_angeles.longitudes[0]), float(los_angeles.latitudes[0])
    found = road_graph.isochrones(los_angeles, east, north, (2.0, 5.0, 10.0), towards=False)
    areas = [shapely.union_all([shapely.polygons(ring) for ring in one.rings]) for one in found]
    assert shapely.area(areas[0]) < shapely.area(areas[1]) < shapely.area(areas[2])
    minutes = road_graph.minutes_from(los_angeles, 0, 10.0, towards=False)
    inside = shapely.intersects_xy(
        areas[2], los_angeles.longitudes[list(minutes)], los_angeles.latitudes[list(minutes)]
    )
    assert inside.all()
    assert found[2].nodes == len(minutes)
    # Nobody drives 100 km/h further than as the crow flies.
    for one, area in zip(found, areas, strict=True):
        corners = shapely.get_coordinates(area)
        assert metres_between(east, north, corners[:, 0], corners[:, 1]).max() < one.minutes / 60 * 100_000 + 200
