"""Map files made to harm, read in the process of their own: nothing reaches who asked but a sentence (RS6)."""

import io
import json
import random
import sys
import zipfile
from pathlib import Path

import numpy as np
import pyogrio
import pytest
import shapely

from chengyun_core.geo import apart, shapes
from chengyun_core.geo.telling import Wanted
from chengyun_core.model.failure import Refused, Trouble
from chengyun_core.model.map_layer import Datum
from chengyun_resources.texts import Texts

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


def _bent(data: bytes, seed: int) -> bytes:
    """Return bytes with some of them changed, or cut off."""
    made = random.Random(seed)
    bent = bytearray(data)
    for _ in range(made.randint(1, 12)):
        bent[made.randrange(len(bent))] = made.randrange(256)
    return bytes(bent[: made.randint(len(bent) // 2, len(bent))] if seed % 3 == 0 else bent)


def _parts(folder: Path) -> dict[str, bytes]:
    """Return the parts of a small shapefile, and of the same areas as a GeoPackage."""
    areas = np.array([shapely.box(106, 29, 107, 30), shapely.box(107, 29, 108, 30)], dtype=object)
    names = np.array(["渝中", "江北"], dtype=object)
    for driver, ending in (("ESRI Shapefile", ".shp"), ("GPKG", ".gpkg")):
        pyogrio.raw.write(
            folder / f"a{ending}", shapely.to_wkb(areas), [names], ["name"], geometry_type="Polygon", crs="EPSG:4490",
            driver=driver, encoding="UTF-8",
        )  # fmt: skip
    return {file.suffix: file.read_bytes() for file in folder.iterdir()}


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(12))
def test_that_a_bent_shapefile_or_geopackage_is_read_or_refused_with_a_sentence(tmp_path: Path, seed: int) -> None:
    (tmp_path / "made").mkdir()
    parts = _parts(tmp_path / "made")
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w") as opened:
        for ending in (".shp", ".shx", ".dbf", ".prj"):
            opened.writestr(f"a{ending}", _bent(parts[ending], seed) if ending != ".prj" else parts[ending])
    for name, data in (("a.zip", target.getvalue()), ("a.gpkg", _bent(parts[".gpkg"], seed))):
        assert _outcome(_file(tmp_path, data), name) in ("read", "said")


def _outcome(path: Path, name: str) -> str:
    try:
        found = apart.read(path, Wanted(name=name))
    except Refused as refused:
        sentence = Texts("zh_CN").say(refused.reason.code, **refused.reason.params)
        return "said" if refused.reason.code not in sentence else f"no sentence for {refused.reason}"
    return "read" if found.told.features else "nothing"
