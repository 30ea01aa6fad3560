"""Files of places: written whole, read strictly; a recipe gives the same places everywhere."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from chengyun_core.geo.projection import to_degrees
from chengyun_core.ingest import places
from chengyun_core.ingest.ground import SCALE, fractions
from chengyun_core.ingest.places import PlacesHead, Scatter, SeriesPlaces, places_of, read_head, scattered, write
from chengyun_core.ingest.survey.estate import Estate
from chengyun_core.model.catalogue import Device
from chengyun_core.model.failure import Refused
from tests.support.small_city import small_city

TOWNS = Scatter(seed=5, longitude=(106.0, 108.0), latitude=(29.0, 30.0), weight=(3.0, 1.0), spread_m=(500.0, 2000.0))


def _estate(*rows: Device) -> Estate:
    return Estate(replace(small_city(1), devices=rows, channels=(), vitals=()))


def _device(code: str, count: int, **more: float) -> Device:
    return Device(code=code, name=code, kind="k", centre="500103", subtrack="ST1", count=count, **more)


def test_that_rows_recipes_and_the_catalogues_own_places_come_together(tmp_path) -> None:
    x, y = fractions(np.array([106.5, 106.6]), np.array([29.5, 29.6]))
    head = PlacesHead(
        origin="test", rows=2, scatters={"towns": TOWNS},
        series=(SeriesPlaces(device="A", count=2), SeriesPlaces(device="B", count=9, scatter="towns")),
    )  # fmt: skip
    write(tmp_path / "f", head, x, y)
    estate = _estate(_device("A", 3), _device("B", 9), _device("C", 1, longitude=107.0, latitude=29.0), _device("D", 2))
    found_x, found_y, known = places_of(estate, tmp_path / "f")
    assert known.tolist() == [True] * 2 + [False] + [True] * 10 + [False] * 2
    assert (found_x[:2] == x).all()
    longitude, latitude = to_degrees(found_x[12] / SCALE, found_y[12] / SCALE)
    assert (round(float(longitude), 6), round(float(latitude), 6)) == (107.0, 29.0)


def test_that_a_recipe_scatters_by_weight_and_spread_and_is_the_same_every_time() -> None:
    x, y = scattered(TOWNS, "B", 20_000)
    longitude, latitude = to_degrees(x / SCALE, y / SCALE)
    west = longitude < 107
    assert abs(np.count_nonzero(west) / 20_000 - 0.75) < 0.02
    north_m = (latitude[west] - 29.0) * 111_200
    assert abs(float(np.std(north_m)) - 500) < 20
    again = scattered(TOWNS, "B", 20_000)
    assert (again[0] == x).all()
    assert (scattered(TOWNS, "C", 20_000)[0] != x).any()


def test_that_a_file_cut_short_or_altered_is_refused(tmp_path) -> None:
    file = tmp_path / "f"
    x, y = fractions(np.array([106.5, 106.6]), np.array([29.5, 29.6]))
    write(file, PlacesHead(origin="test", rows=2, series=(SeriesPlaces(device="A", count=2),)), x, y)
    whole = file.read_bytes()
    for broken in (whole[:-1], whole + b"x", b"CYPX" + whole[4:], whole[:5], b""):
        file.write_bytes(broken)
        with pytest.raises(Refused):
            read_head(file)
    write(file, PlacesHead(origin="test", rows=2, series=(SeriesPlaces(device="A", count=9),)), x, y)
    with pytest.raises(Refused, match="places_damaged"):
        read_head(file)


@given(st.binary(max_size=300))
def test_that_bytes_of_any_kind_are_refused(tmp_path_factory, data: bytes) -> None:
    file = tmp_path_factory.mktemp("p") / "f"
    file.write_bytes(places.MAGIC + data)
    with pytest.raises(Refused):
        read_head(file)


def test_that_a_disk_that_refuses_leaves_the_places_that_were(tmp_path, monkeypatch) -> None:
    file = tmp_path / "f"
    empty = np.empty(0, np.uint32)
    write(file, PlacesHead(origin="first"), empty, empty)

    def full(_descriptor: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("os.fsync", full)
    with pytest.raises(OSError, match="No space"):
        write(file, PlacesHead(origin="second"), empty, empty)
    assert read_head(file)[0].origin == "first"
    assert [one.name for one in tmp_path.iterdir()] == ["f"]
