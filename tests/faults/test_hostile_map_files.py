"""Map files made to harm, read in the process of their own: nothing reaches who asked but a sentence (RS6)."""

import io
import json
import sys
import zipfile
from pathlib import Path

import pytest

from chengyun_core.geo import apart, shapes
from chengyun_core.geo.telling import Wanted
from chengyun_core.model.failure import Refused, Trouble
from chengyun_core.model.map_layer import Datum

pytestmark = pytest.mark.wire

GOOD = (
    b'{"type":"FeatureCollection","features":[{"type":"Feature","geometry":{"type":"Point","coordinates":[106,29]}}]}'
)


def _file(folder: Path, data: bytes) -> Path:
    path = folder / "content"
    path.write_bytes(data)
    return path


def _bomb() -> bytes:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as opened:
        opened.writestr("a.csv", bytes(64 * 2**20))
    return target.getvalue()


def test_that_a_good_file_comes_back_packed(tmp_path: Path) -> None:
    found = apart.read(_file(tmp_path, GOOD), Wanted(name="a.geojson", datum=Datum.GCJ02))
    assert (found.told.features, found.told.error_m, len(found.levels)) == (1, 10.0, 1)
    assert shapes.unpack(found.levels[0]).coords[0].tolist() != [106.0, 29.0]


@pytest.mark.parametrize(
    ("name", "data", "code"),
    [
        ("a.zip", _bomb(), "map.zip_bomb"),
        ("a.zip", b"PK\x03\x04" + b"\x00" * 50, "map.not_a_zip"),
        ("a.gpkg", b"<OGRVRTDataSource><OGRVRTLayer/></OGRVRTDataSource>", "map.other_content"),
        ("a.gpkg", b"SQLite format 3\x00" + b"\xff" * 2000, "map.unreadable"),
        ("a.mbtiles", b"SQLite format 3\x00" + b"\xff" * 2000, "map.not_mbtiles"),
        ("a.geojson", b"[" * 5_000_000, "map.not_json"),
        ("a.geojson", b'{"type":"FeatureCollection","features":[1e999,NaN]}', "map.not_json"),
        ("a.csv", b"x,y\n" + b'"' + b"1" * 20_000_000, "map.not_csv"),
        ("a.dxf", b"0\nSECTION\n", "map.ending_unknown"),
    ],
)
def test_that_a_file_made_to_harm_is_refused_with_a_sentence(
    tmp_path: Path, name: str, data: bytes, code: str
) -> None:  # fmt: skip
    with pytest.raises(Refused) as raised:
        apart.read(_file(tmp_path, data), Wanted(name=name))
    assert raised.value.reason.code == code


def test_that_a_shapefile_whose_parts_are_garbage_is_refused(tmp_path: Path) -> None:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w") as opened:
        opened.writestr("a.shp", b"\x00\x00\x27\x0a" + b"\xff" * 400)
        opened.writestr("a.shx", b"\x00\x00\x27\x0a" + b"\xff" * 400)
        opened.writestr("a.dbf", b"\x03" + b"\xff" * 400)
    with pytest.raises(Refused) as raised:
        apart.read(_file(tmp_path, target.getvalue()), Wanted(name="a.zip"))
    assert raised.value.reason.code in ("map.unreadable", "map.nothing_taken", "map.no_geometry_column")


@pytest.mark.parametrize(
    "program",
    [
        "import os; os.abort()",
        "import sys; sys.exit(7)",
        "import sys; sys.stdout.buffer.write(b'x' * 20_000_000)",
    ],
)
def test_that_a_reader_that_is_brought_down_is_a_sentence(tmp_path: Path, program: str) -> None:
    with pytest.raises(Refused) as raised:
        apart.read(_file(tmp_path, GOOD), Wanted(name="a.geojson"), (sys.executable, "-I", "-c", program))
    assert raised.value.reason.code == "map.reader_ended"
    assert raised.value.reason.params["file"] == "a.geojson"


def test_that_a_reader_that_needs_too_much_memory_is_brought_down_alone(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    # Enough to start and to load the libraries, not for the file.
    monkeypatch.setattr(apart, "MEMORY_MIB", 700)
    many = json.dumps([[106 + number * 1e-7, 29.0] for number in range(2_000_000)]).encode()
    data = GOOD.replace(b'"Point"', b'"LineString"').replace(b"[106,29]", many)
    with pytest.raises(Refused) as raised:
        apart.read(_file(tmp_path, data), Wanted(name="a.geojson"))
    assert raised.value.reason.code == "map.reader_ended"


def test_that_a_reader_that_never_ends_is_ended(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(apart, "LIMIT_S", -29)
    program = (sys.executable, "-I", "-c", "import signal; signal.pause()")
    with pytest.raises(Refused) as raised:
        apart.read(_file(tmp_path, GOOD), Wanted(name="a.geojson"), program)
    assert raised.value.reason.code == "map.reader_too_slow"


def test_that_a_reader_that_is_not_there_is_trouble(tmp_path: Path) -> None:
    with pytest.raises(Trouble) as raised:
        apart.read(_file(tmp_path, GOOD), Wanted(name="a.geojson"), ("/nowhere/reader",))
    assert raised.value.reason.code == "map.no_reader"
