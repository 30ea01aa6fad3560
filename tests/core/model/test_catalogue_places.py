"""Where a device stands is part of the catalogue: checked, kept, and written out again."""

import pytest

from chengyun_core.model.catalogue_build import Numbers, build, tables_of
from chengyun_core.model.catalogue_check import check
from chengyun_core.model.catalogue_tables import Tables
from tests.support.small_tables import small_tables


def _city(**cells: str) -> Tables:
    tables = small_tables()
    return tables | {"devices": [tables["devices"][0] | cells, *tables["devices"][1:]]}


def test_that_the_place_of_a_device_makes_the_round_trip_through_an_export() -> None:
    tables = _city(longitude="106.5507", latitude="29.5647")
    assert check(tables) == []
    catalogue, _ = build(tables, Numbers(), 1)
    assert (catalogue.devices[0].longitude, catalogue.devices[0].latitude) == (106.5507, 29.5647)
    assert build(tables_of(catalogue), Numbers(), 1)[0] == catalogue


@pytest.mark.parametrize(
    ("cells", "column", "code"),
    [
        ({"longitude": "106.5"}, "latitude", "catalogue.position_half"),
        ({"latitude": "29.5"}, "longitude", "catalogue.position_half"),
        ({"longitude": "29.5", "latitude": "106.5"}, "latitude", "catalogue.cell_out_of_range"),
        ({"longitude": "nan", "latitude": "29.5"}, "longitude", "catalogue.cell_not_number"),
    ],
)
def test_that_half_a_place_and_one_that_is_none_are_told(cells: dict[str, str], column: str, code: str) -> None:
    told = [(fault.table, fault.column, fault.code) for fault in check(_city(**cells))]
    assert ("devices", column, code) in told
