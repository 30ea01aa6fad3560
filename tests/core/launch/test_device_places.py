"""Tables of places: every row judged and told by its line, all rows or none; the reference city's are made up."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pyarrow as pa
import pytest
from pyarrow import parquet

from chengyun_core.geo.projection import to_degrees
from chengyun_core.ingest import places
from chengyun_core.ingest.ground import SCALE
from chengyun_core.ingest.survey.estate import Estate
from chengyun_core.launch import device_places
from chengyun_core.model.catalogue import Catalogue, Device
from chengyun_core.model.catalogue_build import Numbers, build
from chengyun_core.model.failure import Refused
from chengyun_resources.reference import city
from tests.support.small_city import small_city

HEAD = "device,member,longitude,latitude\n"


def _city() -> Catalogue:
    meters = Device(code="M", name="水表", kind="水表", centre="500103", subtrack="ST1", count=5)
    gauge = Device(code="G", name="水位计", kind="水文站", centre="500103", subtrack="ST1")
    return replace(small_city(1), devices=(gauge, meters), channels=(), vitals=())


def _file(tmp_path: Path, text: str, name: str = "places.csv") -> Path:
    file = tmp_path / name
    file.write_text(text, "utf-8")
    return file


def _faults(tmp_path: Path, rows: str) -> list[tuple[int, str]]:
    taken = device_places.read(_file(tmp_path, HEAD + rows), _city(), "test")
    return [(one.line, one.code.rpartition(".")[2]) for one in taken.faults]


def test_that_rows_become_places_and_devices_without_a_row_stay_unknown(tmp_path: Path) -> None:
    taken = device_places.read(_file(tmp_path, HEAD + "M,3,106.5,29.5\nG,,106.6,29.6\nM,1,106.7,29.7\n"), _city(), "t")
    assert (taken.faults, taken.devices) == ((), 3)
    places.write(tmp_path / "made", taken.head, taken.x, taken.y)
    x, y, known = places.places_of(Estate(_city()), tmp_path / "made")
    assert known.tolist() == [True, True, False, True, False, False]
    longitude, latitude = to_degrees(x[known] / SCALE, y[known] / SCALE)
    assert np.round(longitude, 5).tolist() == [106.6, 106.7, 106.5]
    assert np.round(latitude, 5).tolist() == [29.6, 29.7, 29.5]


def test_that_parquet_says_the_same(tmp_path: Path) -> None:
    table = pa.table({"device": ["M", "G"], "member": [2, None], "longitude": [106.5, 106.6], "latitude": [29.5, 29.6]})
    parquet.write_table(table, tmp_path / "p.parquet")
    assert device_places.read(tmp_path / "p.parquet", _city(), "t").devices == 2


@pytest.mark.parametrize(
    ("rows", "told"),
    [
        ("X,1,106,29\n", [(2, "unknown")]), ("M,6,106,29\n", [(2, "member")]), ("M,,106,29\n", [(2, "member")]),
        ("G,2,106,29\n", [(2, "member")]), ("M,-1,106,29\n", [(2, "member")]), ("M,1,29.5,106.5\n", [(2, "range")]),
        ("M,1,,29\n", [(2, "range")]), ("M,1,nan,29\n", [(2, "range")]), ("M,1,106,29\nM,1,106,29\n", [(3, "twice")]),
        ("M,1,106,29\n,2,106,29\n", [(3, "unknown")]), ("G,0,106,29\nG,1,106,29\n", [(3, "twice")]),
    ],
)  # fmt: skip
def test_that_a_row_that_cannot_be_taken_is_told_by_its_line(
    tmp_path: Path, rows: str, told: list[tuple[int, str]]
) -> None:
    assert _faults(tmp_path, rows) == told


def test_that_many_faults_are_counted_and_the_first_told(tmp_path: Path) -> None:
    rows = "".join(f"X{at},1,106,29\n" for at in range(50))
    taken = device_places.read(_file(tmp_path, HEAD + rows), _city(), "t")
    assert (len(taken.faults), taken.more, taken.faults[0].line) == (20, 30, 2)


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("device,lon,lat\nM,1,2\n", "device.places_columns"), ("", "device.places_unreadable"),
        (HEAD + "M,eins,106,29\n", "device.places_unreadable"), ('"', "device.places_unreadable"),
    ],
)  # fmt: skip
def test_that_a_file_that_is_no_such_table_is_refused(tmp_path: Path, text: str, code: str) -> None:
    with pytest.raises(Refused, match=code):
        device_places.read(_file(tmp_path, text), _city(), "t")


def test_that_bytes_that_are_no_parquet_are_refused(tmp_path: Path) -> None:
    with pytest.raises(Refused, match="places_unreadable"):
        device_places.read(_file(tmp_path, "nothing", "p.parquet"), _city(), "t")


def test_that_the_reference_city_has_a_place_for_each_of_its_22_million_devices() -> None:
    catalogue, _ = build(city.tables(), Numbers(), 1)
    taken = device_places.reference(catalogue, "reference")
    assert taken.devices == 22_013_480
    assert taken.head.schematic
    some = [one for one in taken.head.series if one.count > 1][:3]
    for one in some:
        x, y = places.scattered(taken.head.scatters[one.scatter], one.device, 1000)
        longitude, latitude = to_degrees(x / SCALE, y / SCALE)
        assert 104.5 < float(longitude.min()) < float(longitude.max()) < 111
        assert 27.5 < float(latitude.min()) < float(latitude.max()) < 33
