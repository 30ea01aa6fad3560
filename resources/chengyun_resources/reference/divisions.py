"""The centres of the reference city: one city, 38 districts with official codes, one with a local one, 1031 towns."""

from collections.abc import Callable
from functools import cache
from typing import NamedTuple

from chengyun_resources.reference import facts_files

CITY = "500000"
CITY_NAME = "重庆市"
NEW_DISTRICT = "CQ-LJXQ"
NEW_DISTRICT_NAME = "两江新区"
MERGED = ("500105", "500112")
MERGER_DATE = "2025-11-06"
"""On this day 江北区 and 渝北区 were dissolved and 两江新区 set up; the snapshot of names is older, see README.md."""

_CENTRAL = frozenset({"500103", "500104", "500105", "500106", "500107", "500108", "500109", "500112", "500113"})
_ON_THE_YANGTZE = frozenset(
    {
        "500101", "500102", "500103", "500104", "500105", "500107", "500108", "500112", "500113",
        "500115", "500116", "500118", "500230", "500233", "500235", "500236", "500237", "500240",
    }
)  # fmt: skip


class Place(NamedTuple):
    """A place that has a centre."""

    code: str
    name: str
    parent: str


@cache
def districts() -> tuple[Place, ...]:
    """Return the 39 districts, the one with the local code last."""
    official = [place for place in _all() if place.parent == CITY]
    return (*official, Place(NEW_DISTRICT, NEW_DISTRICT_NAME, CITY))


@cache
def towns() -> tuple[Place, ...]:
    """Return the 1031 towns."""
    return tuple(place for place in _all() if place.parent != CITY)


def spread_over(spread: str) -> tuple[Place, ...]:
    """Return the places over which a measure is spread; the words stand in measures.csv."""
    return _SPREADS[spread]()


def centre_rows() -> list[dict[str, str]]:
    """Return the rows of the table `centres`."""
    city = {"code": CITY, "name": CITY_NAME, "level": "city", "scheme": "full"}
    return [city, *map(_district_row, districts()), *map(_town_row, towns())]


@cache
def _all() -> tuple[Place, ...]:
    return tuple(Place(row["code"], row["name"], row["parent"]) for row in facts_files.rows("divisions.csv"))


def _district_row(place: Place) -> dict[str, str]:
    row = {"code": place.code, "name": place.name, "level": "district", "parent": place.parent, "scheme": "full"}
    if place.code == NEW_DISTRICT:
        row |= {"official_code": "false", "valid_from": MERGER_DATE}
    elif place.code in MERGED:
        row["valid_to"] = MERGER_DATE
    return row


def _town_row(place: Place) -> dict[str, str]:
    return {"code": place.code, "name": place.name, "level": "town", "parent": place.parent, "scheme": "town"}


def _of(codes: frozenset[str]) -> tuple[Place, ...]:
    return tuple(place for place in districts() if place.code in codes)


_SPREADS: dict[str, Callable[[], tuple[Place, ...]]] = {
    "city": lambda: (Place(CITY, "全市", ""),),
    "districts": districts,
    "central": lambda: _of(_CENTRAL),
    "river": lambda: _of(_ON_THE_YANGTZE),
    "counties": lambda: tuple(place for place in districts() if place.code.startswith("5002")),
}
