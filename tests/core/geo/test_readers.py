"""Tests of the readers: files as people have them, and files made to harm; each fault told by feature and line."""

import contextlib
import io
import json
import sqlite3
import struct
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pyogrio
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st

from chengyun_core.geo.readers import archive, geojson, opening, table
from chengyun_core.geo.readers.mbtiles import TileFile
from chengyun_core.geo.survey import survey
from chengyun_core.geo.telling import Wanted
from chengyun_core.model.failure import Refused

HOLED = [[0, 0], [1, 0], [1, 1], [0, 0]]
HOLE = [[0.5, 0.1], [0.6, 0.1], [0.6, 0.2], [0.5, 0.1]]
PNG = b"\x89PNG\r\n\x1a\n" + b"x" * 20


def _collection(*features: str) -> bytes:
    return ('{"type":"FeatureCollection","features":[\n' + ",\n".join(features) + "\n]}").encode()


def _feature(kind: str, coordinates: Any, **properties: Any) -> str:
    told = {"type": "Feature", "properties": properties, "geometry": {"type": kind, "coordinates": coordinates}}
    return json.dumps(told, ensure_ascii=False)


def _taken(read: Callable[[], object]) -> None:
    """Call a reader on what may be anything: it reads it or says why not."""
    with contextlib.suppress(Refused):
        read()


def _code(raised: pytest.ExceptionInfo[Refused]) -> str:
    return raised.value.reason.code


def _read(path: Path, name: str, folder: Path, **told: str) -> Any:
    return opening.read(path, Wanted(name=name, **told), folder)


# GeoJSON


def test_that_each_feature_of_geojson_is_told_by_its_line() -> None:
    found = geojson.read(
        _collection(
            _feature("Point", [106.5, 29.5], name="甲", count=3, open=True, none=None),
            _feature("Point", [106.5]),
            _feature("Polygon", [[[0, 0], [1, 0], [1, 1], [0, 1]]]),
            '{"type":"Feature","geometry":null}',
            '{"type":"Feature","geometry":{"type":"GeometryCollection","geometries":[]}}',
            _feature("LineString", [[0, 0], "x"]),
            '["no feature"]',
            _feature(
                "MultiPolygon", [[[[0, 0], [1, 0], [1, 1], [0, 0]], [[0.5, 0.1], [0.6, 0.1], [0.6, 0.2], [0.5, 0.1]]]]
            ),
        )
    ).rows
    assert [row.line for row in found] == list(range(2, 10))
    assert [row.fault for row in found] == [
        "", "map.note_not_a_place", "", "map.note_no_geometry", "map.note_kind_unknown", "map.note_not_a_place",
        "map.note_not_a_feature", "",
    ]  # fmt: skip
    assert found[0].values == {"name": "甲", "count": "3", "open": "true", "none": ""}
    assert found[2].warned == ("map.note_closed",)
    assert shapely.get_num_interior_rings(shapely.get_parts(found[7].geometry)[0]) == 1


@pytest.mark.parametrize(
    ("data", "code", "line"),
    [
        (b'{"type":"FeatureCollection","features":[\n{"type":"Feature",\n', "map.not_json", "3"),
        (b'{"type":"FeatureCollection","features":[{"geometry":{"coordinates":[NaN]}}]}', "map.not_json", "1"),
        (b"[" * 100_000, "map.not_json", "1"),
        (b"{" + b'"a":{' * 50_000, "map.not_json", "1"),
        (b"", "map.not_json", "1"),
        (b"\xff\xfe\x00\n\x81", "map.not_text", "1"),
    ],
)
def test_that_a_text_that_is_no_geojson_is_told_by_its_line(data: bytes, code: str, line: str) -> None:
    with pytest.raises(Refused) as raised:
        geojson.read(data)
    assert (_code(raised), raised.value.reason.params["line"]) == (code, line)


def test_that_a_deeply_nested_feature_spoils_itself_only() -> None:
    deep = '{"type":"Feature","geometry":{"type":"Point","coordinates":' + "[" * 600 + "]" * 600 + "}}"
    rows = geojson.read(_collection(deep, _feature("Point", [1, 2]))).rows
    assert [bool(row.fault) for row in rows] == [True, False]


def test_that_another_reference_system_is_refused_and_ours_are_taken() -> None:
    named = '{{"type":"FeatureCollection","crs":{{"type":"name","properties":{{"name":"{}"}}}},"features":[]}}'
    geojson.read(named.format("urn:ogc:def:crs:OGC:1.3:CRS84").encode())
    geojson.read(named.format("EPSG:4490").encode())
    with pytest.raises(Refused) as raised:
        geojson.read(named.format("urn:ogc:def:crs:EPSG::3857").encode())
    assert _code(raised) == "map.crs_unknown"


def test_that_a_text_in_gbk_is_read_and_it_is_said() -> None:
    found = geojson.read(_collection(_feature("Point", [1, 2], name="重庆")).decode().encode("gb18030"))
    assert found.rows[0].values["name"] == "重庆"
    assert [one.code for one in found.notes] == ["map.note_encoding"]


@given(st.binary(max_size=300))
def test_that_no_bytes_bring_the_geojson_reader_down(data: bytes) -> None:
    _taken(lambda: geojson.read(data))
    _taken(lambda: geojson.read(_collection(data.decode("latin-1"))))


JSONS = st.recursive(
    st.one_of(st.none(), st.booleans(), st.integers(), st.floats(allow_nan=False), st.text(max_size=5)),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.sampled_from(("type", "coordinates", "x")), inner),
    max_leaves=12,
)  # fmt: skip


@given(st.sampled_from(("Point", "LineString", "Polygon", "MultiPolygon", "MultiPoint", "Nonsense")), JSONS)
def test_that_any_coordinates_are_a_geometry_or_a_fault(kind: str, coordinates: Any) -> None:
    (row,) = geojson.read(_collection(_feature(kind, coordinates))).rows
    assert (row.geometry is None) == bool(row.fault)


# CSV


def test_that_a_table_is_read_with_its_lines_whatever_its_separator_and_encoding() -> None:
    text = '名称;经度;纬度\r\n"甲\n乙";106.5;29.5\r\n\r\n丙;;29\r\n丁;东;29\r\n'
    found = table.read(text.encode("gbk"))
    assert [(row.line, row.fault) for row in found.rows] == [
        (2, ""), (5, "map.note_no_geometry"), (6, "map.note_not_a_place"),
    ]  # fmt: skip
    assert found.rows[0].values == {"名称": "甲\n乙"}
    assert shapely.get_coordinates(found.rows[0].geometry).tolist() == [[106.5, 29.5]]


def test_that_wkt_is_read_and_broken_wkt_is_told() -> None:
    found = table.read(b'name,wkt\na,"LINESTRING (0 0, 1 1)"\nb,LINESTRING (0\nc,\n').rows
    assert [row.fault for row in found] == ["", "map.note_wkt", "map.note_no_geometry"]


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"", "map.no_heading"),
        (b"a,a,b\n1,2,3\n", "map.column_twice"),
        (b"name,place\nx,y\n", "map.no_place_columns"),
        (b"x,y\n1,\x002\n", "map.not_csv"),
        (b'x,y\n"1,2\n', "map.not_csv"),
        (b"x,y\n\xff\x80\n", "map.not_text"),
    ],
)
def test_that_a_table_that_is_none_is_refused(data: bytes, code: str) -> None:
    with pytest.raises(Refused) as raised:
        table.read(data)
    assert _code(raised) == code


def test_that_a_column_that_was_named_has_to_be_there() -> None:
    with pytest.raises(Refused) as raised:
        table.read(b"x,y\n1,2\n", longitude="东")
    assert _code(raised) == "map.no_column"


@given(st.binary(max_size=300))
def test_that_no_bytes_bring_the_table_reader_down(data: bytes) -> None:
    _taken(lambda: table.read(b"x,y\n" + data))


# Zips


def _zipped(path: Path, **members: bytes) -> Path:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as opened:
        for name, data in members.items():
            opened.writestr(name.replace("__", "."), data)
    return path


def test_that_a_bomb_is_stopped_while_it_swells(tmp_path: Path) -> None:
    bomb = _zipped(tmp_path / "bomb.zip", a__shp=bytes(40 * 2**20))
    (tmp_path / "out").mkdir()
    with pytest.raises(Refused) as raised:
        archive.unpacked(bomb, tmp_path / "out")
    assert _code(raised) == "map.zip_bomb"
    assert sum(file.stat().st_size for file in (tmp_path / "out").iterdir()) < 10 * 2**20


def test_that_a_zip_whose_header_lies_about_its_size_is_stopped_as_well(tmp_path: Path) -> None:
    bomb = _zipped(tmp_path / "bomb.zip", a__csv=bytes(40 * 2**20)).read_bytes()
    size = struct.pack("<I", 40 * 2**20)
    (tmp_path / "lie.zip").write_bytes(bomb.replace(size, struct.pack("<I", 100)))
    (tmp_path / "out").mkdir()
    with pytest.raises(Refused) as raised:
        archive.unpacked(tmp_path / "lie.zip", tmp_path / "out")
    assert _code(raised) in ("map.zip_bomb", "map.not_a_zip")


def test_that_names_lead_nowhere_and_litter_is_left(tmp_path: Path) -> None:
    path = tmp_path / "a.zip"
    with zipfile.ZipFile(path, "w") as opened:
        opened.writestr("../../etc/X.CSV", b"a")
        opened.writestr("C:\\windows\\y.csv", b"b")
        opened.writestr("__MACOSX/._x.csv", b"c")
    out = tmp_path / "out"
    out.mkdir()
    assert [file.relative_to(out).as_posix() for file in archive.unpacked(path, out)] == ["x.csv", "y.csv"]


@pytest.mark.parametrize(("members", "code"), [(70, "map.zip_too_many"), (0, "map.zip_holds")])
def test_that_a_zip_with_too_much_or_nothing_in_it_is_refused(tmp_path: Path, members: int, code: str) -> None:
    path = _zipped(tmp_path / "a.zip", **{f"m{number}__txt": b"" for number in range(members)})
    (tmp_path / "out").mkdir()
    with pytest.raises(Refused) as raised:
        _read(path, "a.zip", tmp_path / "out")
    assert _code(raised) == code


@given(st.binary(max_size=200))
def test_that_garbage_is_no_zip(data: bytes) -> None:
    with pytest.raises(Refused) as raised:
        archive.unpacked(_Garbage(data), Path("/nowhere"))  # type: ignore[arg-type]
    assert _code(raised) == "map.not_a_zip"


class _Garbage(io.BytesIO):
    """Bytes in place of a path: the zip reader takes either."""


# Shapefile and GeoPackage


def _shapefile(folder: Path, encoding: str, *, crs: str | None = None, cpg: bool = False) -> Path:
    folder.mkdir(exist_ok=True)
    target = folder / "parks.shp"
    wkb = shapely.to_wkb(np.array([shapely.box(106, 29, 107, 30), shapely.box(107, 29, 108, 30)], dtype=object))
    names = np.array(["重庆市渝中区", "江北区"], dtype=object)
    pyogrio.raw.write(
        target, wkb, [names], ["name"], geometry_type="Polygon", crs=crs, driver="ESRI Shapefile", encoding=encoding
    )
    if not cpg:
        target.with_suffix(".cpg").unlink(missing_ok=True)
    return target


@pytest.mark.parametrize("encoding", ["GB18030", "UTF-8"])
@pytest.mark.filterwarnings("ignore::UserWarning", "ignore::RuntimeWarning")
def test_that_a_shapefile_is_read_whatever_its_dbf_is_written_in(tmp_path: Path, encoding: str) -> None:
    source = _shapefile(tmp_path / "in", encoding)
    path = tmp_path / "a.zip"
    with zipfile.ZipFile(path, "w") as opened:
        for file in source.parent.iterdir():
            # As Windows names them.
            opened.write(file, f"公园/{file.name.upper()}")
    (tmp_path / "out").mkdir()
    found = _read(path, "a.zip", tmp_path / "out")
    assert [row.values["name"] for row in found.rows] == ["重庆市渝中区", "江北区"]
    assert "map.note_no_crs" in [one.code for one in found.notes]
    assert ("map.note_encoding" in [one.code for one in found.notes]) == (encoding != "UTF-8")


@pytest.mark.filterwarnings("ignore::UserWarning", "ignore::RuntimeWarning")
def test_that_a_shapefile_without_its_parts_or_of_another_system_is_refused(tmp_path: Path) -> None:
    source = _shapefile(tmp_path / "in", "UTF-8", crs="EPSG:3857")
    (tmp_path / "out").mkdir()
    with pytest.raises(Refused) as raised:
        _read(_packed(tmp_path / "a.zip", source, (".shp", ".dbf", ".shx", ".prj")), "a.zip", tmp_path / "out")
    assert _code(raised) == "map.crs_unknown"
    (tmp_path / "more").mkdir()
    with pytest.raises(Refused) as raised:
        _read(_packed(tmp_path / "b.zip", source, (".shp",)), "b.zip", tmp_path / "more")
    assert _code(raised) == "map.part_missing"


def _packed(path: Path, source: Path, parts: tuple[str, ...]) -> Path:
    with zipfile.ZipFile(path, "w") as opened:
        for part in parts:
            opened.write(source.with_suffix(part), source.with_suffix(part).name)
    return path


def test_that_a_geopackage_is_read_and_its_broken_geometry_is_told_by_feature(tmp_path: Path) -> None:
    path = tmp_path / "a.gpkg"
    wkb = shapely.to_wkb(np.array([shapely.points(106, 29), shapely.points(107, 29)], dtype=object))
    names = np.array(["甲", "乙"], dtype=object)
    pyogrio.raw.write(path, wkb, [names], ["name"], geometry_type="Point", crs="EPSG:4490", driver="GPKG")
    with sqlite3.connect(path) as connection:
        connection.execute("DROP TRIGGER IF EXISTS rtree_a_geom_update6")
        connection.execute("DROP TRIGGER IF EXISTS rtree_a_geom_update7")
        for (trigger,) in connection.execute("SELECT name FROM sqlite_master WHERE type='trigger'").fetchall():
            connection.execute(f'DROP TRIGGER "{trigger}"')
        connection.execute("UPDATE a SET geom = ? WHERE name = '乙'", (b"GP\x00\x01" + b"\x07" * 30,))
    connection.close()
    (tmp_path / "out").mkdir()
    found = _read(path, "a.gpkg", tmp_path / "out")
    assert [(row.values["name"], bool(row.fault)) for row in found.rows] == [("甲", False), ("乙", True)]


@pytest.mark.parametrize("data", [b"<OGRVRTDataSource/>", b"SQLite format 3\x00" + b"\x07" * 500, b""])
def test_that_a_geopackage_that_is_something_else_is_refused(tmp_path: Path, data: bytes) -> None:
    path = tmp_path / "content"
    path.write_bytes(data)
    (tmp_path / "out").mkdir()
    with pytest.raises(Refused) as raised:
        _read(path, "a.gpkg", tmp_path / "out")
    assert _code(raised) in ("map.other_content", "map.unreadable")


def test_that_an_unknown_ending_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "content"
    path.write_bytes(b"x")
    with pytest.raises(Refused) as raised:
        _read(path, "a.dwg", tmp_path)
    assert _code(raised) == "map.ending_unknown"


# Networks


def test_that_two_tables_make_a_network_and_a_lost_end_is_told(tmp_path: Path) -> None:
    pipes = "编码,起点,终点,管径\nP1,A,B,400\nP2,B,Z,300\nP3,B,B,100\n".encode("gbk")
    path = _zipped(
        tmp_path / "n.zip", pipes__csv=pipes, valves__csv=b"code,longitude,latitude\nA,106,29\nB,106.01,29\n"
    )
    (tmp_path / "out").mkdir()
    found = _read(path, "n.zip", tmp_path / "out").rows
    assert [(row.number, row.line, row.fault) for row in found] == [
        (1, 2, ""), (2, 3, ""), (3, 2, ""), (4, 3, "map.note_no_node"), (5, 4, "map.note_no_length"),
    ]  # fmt: skip
    assert found[2].values["diameter_mm"] == "400"


# MBTiles


def _tiles(path: Path, data: bytes = PNG, zoom: int = 3) -> Path:
    with sqlite3.connect(path) as connection:
        connection.execute("CREATE TABLE metadata (name TEXT, value TEXT)")
        connection.execute(
            "CREATE TABLE tiles (zoom_level INTEGER, tile_column INTEGER, tile_row INTEGER, tile_data BLOB)"
        )
        connection.execute("INSERT INTO metadata VALUES ('bounds', '105,28,110,32')")
        connection.execute("INSERT INTO tiles VALUES (?, 5, 2, ?)", (zoom, data))
    connection.close()
    return path


def test_that_tiles_are_found_counted_from_the_north(tmp_path: Path) -> None:
    with TileFile(_tiles(tmp_path / "a.mbtiles")) as file:
        told = file.told()
        assert (told.tiles, told.min_zoom, told.max_zoom, told.media) == (1, 3, 3, "image/png")
        assert told.bounds == (105.0, 28.0, 110.0, 32.0)
        assert file.tile(3, 5, 5) == PNG
        assert file.tile(3, 5, 2) == file.tile(40, 0, 0) == file.tile(3, -1, 5) == b""


@pytest.mark.parametrize(
    ("data", "zoom", "code"), [(b"\x1f\x8bvector", 3, "map.tiles_not_pictures"), (PNG, 99, "map.no_tiles")]
)
def test_that_tiles_that_are_no_pictures_are_refused(tmp_path: Path, data: bytes, zoom: int, code: str) -> None:
    with TileFile(_tiles(tmp_path / "a.mbtiles", data, zoom)) as file, pytest.raises(Refused) as raised:
        file.told()
    assert _code(raised) == code


def test_that_a_view_without_end_is_stopped_and_nothing_is_written(tmp_path: Path) -> None:
    path = _tiles(tmp_path / "a.mbtiles")
    with sqlite3.connect(path) as connection:
        connection.execute("DROP TABLE tiles")
        connection.execute(
            "CREATE VIEW tiles AS WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) "
            "SELECT 3 AS zoom_level, 5 AS tile_column, i * 0 - 1 AS tile_row, x'00' AS tile_data FROM n"
        )
    connection.close()
    before = path.read_bytes()
    with TileFile(path) as file, pytest.raises(Refused) as raised:
        file.tile(3, 5, 5)
    assert _code(raised) == "map.not_mbtiles"
    assert path.read_bytes() == before


@pytest.mark.parametrize("data", [b"", b"SQLite format 3\x00" + b"\x01" * 600, b"PK\x03\x04"])
def test_that_garbage_is_no_mbtiles(tmp_path: Path, data: bytes) -> None:
    path = tmp_path / "a.mbtiles"
    path.write_bytes(data)
    with pytest.raises(Refused) as raised:
        survey(path, Wanted(name="a.mbtiles"))
    assert _code(raised) == "map.not_mbtiles"
