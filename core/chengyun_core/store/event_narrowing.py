"""Which numbers have some column values, read from the columns' indexes: for filters that let few candidates through.

A candidate's row costs some 15 µs, a number in an index 0.2: once it shows that most candidates fall out, the numbers
of a range that have the wanted values are read at once, and only what stands in both is looked at.
"""

from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import Connection, Select, Text, bindparam, cast, func, select

from chengyun_core.store.chain_tables import EVENTS
from chengyun_core.store.event_pages import NARROWING
from chengyun_core.store.event_tags import TAGGED

NARROWED = tuple(name for name in NARROWING if name not in TAGGED)
"""Columns that change too often for the search's own index to know their values."""
FIRST_RANGE, MOST_RANGE = 1 << 16, 1 << 20
"""Numbers read at once: the more, the longer nothing is found."""
TOO_MANY = 4
"""A column whose value more than one number in so many has is no help."""
FEW = 64
"""Numbers of one column in a range that make the others not worth a statement: that many rows are looked at sooner."""
Numbers = NDArray[np.int64]


def _told(name: str) -> Select[str]:
    """Return the numbers of a range that have a value, as one long text.

    A row for each of ten thousand numbers would have Python look for garbage in all it holds.
    """
    inside = (EVENTS.c.number >= bindparam("low"), EVENTS.c.number < bindparam("high"))
    window = select(EVENTS.c.number).where(EVENTS.c[name] == bindparam("value"), *inside).limit(bindparam("most"))
    return select(func.aggregate_strings(cast(window.subquery().c.number, Text), ","))


_TOLD = {name: _told(name) for name in NARROWED}
"""Made once: making a statement costs as much as a thousand numbers."""


class Narrowing:
    """The numbers that have some column values, range by range downwards."""

    def __init__(self, connection: Connection, wanted: Mapping[str, object]) -> None:
        self._connection = connection
        self._wanted = {name: wanted[name] for name in NARROWED if name in wanted}
        self._span = FIRST_RANGE
        self._low = self._high = 0
        self._numbers: Numbers = np.zeros(0, np.int64)

    def numbers(self, first: int, end: int) -> Numbers | None:
        """Return the numbers in [first, end) that may have the values, ascending; None: no index helps."""
        if self._wanted and not self._low <= first < end <= self._high:
            self._read(first, end)
        if not self._wanted:
            return None
        low, high = self._numbers.searchsorted((first, end))
        return self._numbers[low:high]

    def _read(self, first: int, end: int) -> None:
        self._high, self._low = end, min(first, max(0, end - self._span))
        self._span = min(MOST_RANGE, 2 * self._span)
        most = (self._high - self._low) // TOO_MANY
        held: Numbers | None = None
        for name in tuple(self._wanted):
            numbers = self._numbers_of(name, most)
            if len(numbers) > most:
                del self._wanted[name]
                continue
            held = numbers if held is None else np.intersect1d(held, numbers, assume_unique=True)
            if len(held) <= FEW:
                break
        self._numbers = self._numbers if held is None else held

    def _numbers_of(self, name: str, most: int) -> Numbers:
        asked = {"value": self._wanted[name], "low": self._low, "high": self._high, "most": most + 1}
        told = self._connection.execute(_TOLD[name], asked).scalar_one() or ""
        return np.sort(np.fromstring(told, np.int64, sep=","))
