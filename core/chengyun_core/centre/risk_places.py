"""Where risk points are and whom they concern, as columns: read once per state of the library in force."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from sqlalchemy import Connection

from chengyun_core.store import library_stage, risk_point_table
from chengyun_resources.reading import map_headings

PEOPLE = "people"
"""Attribute of a risk point that says how many it concerns; how else people call it, is in resources."""
NOBODY_SAID = -1
_MOST_PEOPLE = 10_000_000
_LONGEST_NUMBER = 18
Floats = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class RiskPlaces:
    """Parallel columns of n risk points that have a place, by code."""

    stamp: tuple[int, int]
    """What the library's counters said before it was read: rows are of that state, or newer."""
    codes: tuple[str, ...]
    names: tuple[str, ...]
    kinds: tuple[str, ...]
    longitude: Floats
    """float64[n], degrees."""
    latitude: Floats
    people: npt.NDArray[np.int64]
    """int64[n]: whom each concerns, NOBODY_SAID where it states no whole number."""
    unplaced: int
    """How many more have no place."""


class RiskPlaceBook:
    """Holds the columns of one centre's library: some ten MB for 65 000. Asked by workers.

    Two that find them out of date at once read them twice, and either's are right: nobody waits for a lock.
    """

    def __init__(self) -> None:
        self._held: RiskPlaces | None = None

    def places(self, connection: Connection) -> RiskPlaces:
        """Return the risk points as they stand in this connection's database."""
        stamp = library_stage.stamp(connection)
        held = self._held
        if held is None or held.stamp != stamp:
            held = self._held = _read(connection, stamp)
        return held


def _read(connection: Connection, stamp: tuple[int, int]) -> RiskPlaces:
    rows = risk_point_table.with_attributes(connection)
    placed = [row for row in rows if row[3] is not None and row[4] is not None]
    codes, names, kinds, longitude, latitude, attributes = zip(*placed, strict=True) if placed else ((),) * 6
    return RiskPlaces(
        stamp=stamp, codes=codes, names=names, kinds=kinds, longitude=np.array(longitude, np.float64),
        latitude=np.array(latitude, np.float64), people=np.array([_people(one) for one in attributes], np.int64),
        unplaced=len(rows) - len(placed),
    )  # fmt: skip


def _people(attributes: dict[str, str]) -> int:
    """Return the figure a risk point states; a text that is no whole number anybody would write states none."""
    names = (PEOPLE, *map_headings()[PEOPLE])
    told = next((attributes[name] for name in names if name in attributes), "")
    is_number = told.isascii() and told.isdigit() and len(told) <= _LONGEST_NUMBER
    return min(int(told), _MOST_PEOPLE) if is_number else NOBODY_SAID
