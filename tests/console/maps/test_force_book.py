"""Forces on the map: at their base until they told where they are, and laid out anew only when one of them did."""

from dataclasses import replace

import numpy as np
import pytest

from chengyun_console.maps.force_book import ForceBook
from chengyun_core.geo.projection import to_world
from chengyun_core.model.dispatch import Unit, UnitKind, UnitRecord

BASE, ELSEWHERE = (106.55, 29.56), (106.60, 29.60)
UNITS = (
    Unit(
        code="A",
        name="甲队",
        centre="500103",
        kind=UnitKind.TEAM,
        post="500103.unit.1",
        longitude=BASE[0],
        latitude=BASE[1],
    ),
    Unit(code="B", name="乙队", centre="500103", kind=UnitKind.TEAM, post="500103.unit.2"),
)


def record(code: str, at: tuple[float, float] | None) -> UnitRecord:
    """Return what a unit told of itself."""
    longitude, latitude = at or (None, None)
    return UnitRecord(code=code, longitude=longitude, latitude=latitude)


def test_that_a_unit_stands_hollow_at_its_base_until_it_tells_where_it_is() -> None:
    book = ForceBook()
    at_base = book.layer(UNITS, {})
    assert (at_base.ids, at_base.names) == (("unit:A",), ("甲队",))
    assert at_base.stale is not None
    assert at_base.stale.tolist() == [True]
    assert (at_base.x[0], at_base.y[0]) == pytest.approx(tuple(map(float, to_world(*BASE))))

    told = book.layer(UNITS, {"A": record("A", ELSEWHERE)})
    assert told.stale is not None
    assert told.stale.tolist() == [False]
    assert book.place("A") == pytest.approx(tuple(map(float, to_world(*ELSEWHERE))))


def test_that_a_unit_without_a_base_is_there_once_it_told_where_it_is() -> None:
    book = ForceBook()
    book.layer(UNITS, {})
    assert book.place("B") is None
    assert book.layer(UNITS, {"B": record("B", ELSEWHERE)}).ids == ("unit:A", "unit:B")
    assert book.place("B") is not None
    assert book.layer(UNITS, {}).ids == ("unit:A",), "and is not any more when nobody knows"


def test_that_the_same_layer_is_given_until_a_unit_moves() -> None:
    book = ForceBook()
    first = book.layer(UNITS, {"A": record("A", BASE), "B": record("B", None)})
    assert book.layer(UNITS, {"A": record("A", BASE)}) is first
    assert book.layer(UNITS, {"A": record("A", ELSEWHERE)}) is not first


def test_that_another_catalogue_lays_them_out_anew() -> None:
    book = ForceBook()
    book.layer(UNITS, {})
    renamed = (replace(UNITS[0], name="甲大队"),)
    assert book.layer(renamed, {}).names == ("甲大队",)


def test_that_a_record_of_a_unit_the_catalogue_does_not_know_moves_nobody() -> None:
    book = ForceBook()
    before = book.layer(UNITS, {})
    after = book.layer(UNITS, {"Z": record("Z", ELSEWHERE)})
    assert after.ids == before.ids
    assert np.array_equal(after.x, before.x)
