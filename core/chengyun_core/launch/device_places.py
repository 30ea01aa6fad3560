"""A table of places (CSV or Parquet) to the file a survey reads: every row judged, all rows or none."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from chengyun_core.geo.datum import to_ours
from chengyun_core.ingest.ground import Fractions, fractions
from chengyun_core.ingest.places import UNKNOWN, PlacesHead, Scatter, SeriesPlaces
from chengyun_core.ingest.survey.estate import Estate
from chengyun_core.model.catalogue import Catalogue
from chengyun_core.model.failure import Refused
from chengyun_core.model.map_layer import Datum
from chengyun_resources.reference import device_places

COLUMNS = ("device", "member", "longitude", "latitude")
PARQUET = frozenset({".parquet", ".pq"})
MOST_TOLD = 20


@dataclass(frozen=True, slots=True, kw_only=True)
class Fault:
    """One row that cannot be taken. `code`: a sentence of devices.cli."""

    line: int
    code: str
    value: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Taken:
    """What becomes of a table: the file's head and columns, or what is wrong with it."""

    head: PlacesHead
    x: Fractions
    y: Fractions
    faults: tuple[Fault, ...] = ()
    more: int = 0
    """Faults beside those told."""

    @property
    def devices(self) -> int:
        """Return how many devices have a place."""
        return sum(one.count for one in self.head.series if one.scatter) + int(np.count_nonzero(self.x != UNKNOWN))


def read(file: Path, catalogue: Catalogue, origin: str) -> Taken:
    """Return what a file of rows (device, member, longitude, latitude in degrees WGS-84) tells.

    `member` counts a series from 1; 0 or empty is a single device. Raises Refused for a file that is no such table.
    """
    table = _table(file)
    missing = [name for name in COLUMNS if name not in table.column_names]
    if missing:
        raise Refused("device.places_columns", file=file.name, missing=", ".join(missing))
    codes = table["device"].combine_chunks()
    rows = {row.code: at for at, row in enumerate(catalogue.devices)}
    words = codes.dictionary.to_pylist()
    row = np.array([rows.get(word, -1) for word in words] or [-1], np.int64)[_filled(codes.indices, 0).astype(np.int64)]
    row[np.asarray(codes.is_null())] = -1
    member = _filled(table["member"], 0).astype(np.int64)
    longitude, latitude = (_filled(table[name], np.nan).astype(np.float64) for name in ("longitude", "latitude"))
    return _judged(Estate(catalogue), row, member, longitude, latitude, origin, (codes.indices, words))


def reference(catalogue: Catalogue, origin: str) -> Taken:
    """Return recipes for every device of the catalogue that stands in a centre of the reference city."""
    recipes = device_places.recipes()
    scatters = {code: _scatter(recipe) for code, recipe in recipes.items()}
    series = tuple(
        SeriesPlaces(device=row.code, count=row.count, scatter=row.centre)
        for row in catalogue.devices
        if row.centre in scatters
    )
    empty = np.empty(0, np.uint32)
    head = PlacesHead(origin=origin, schematic=True, series=series, scatters=scatters)
    return Taken(head=head, x=empty, y=empty)


def _scatter(recipe: device_places.Recipe) -> Scatter:
    points = np.array(recipe.points, np.float64)
    longitude, latitude = to_ours(points[:, 0], points[:, 1], Datum.GCJ02)
    return Scatter(
        seed=device_places.SEED, longitude=tuple(longitude.tolist()), latitude=tuple(latitude.tolist()),
        weight=recipe.weights, spread_m=recipe.spread_m,
    )  # fmt: skip


def _judged(estate: Estate, row: Any, member: Any, longitude: Any, latitude: Any, origin: str, told: Any) -> Taken:
    first, count = estate.first[row], np.diff(estate.first, append=0)[row]
    unknown = row < 0
    single = count == 1
    beyond = ~unknown & ((member < 0) | (member > count) | ((member == 0) & ~single))
    # A comparison with NaN is false: a cell that is empty or no number is out of range, too.
    outside = ~unknown & ~((np.abs(longitude) <= 180) & (np.abs(latitude) <= 85))
    slot = np.where(unknown | beyond, -1 - np.arange(row.size), first + np.maximum(member, 1) - 1)
    order = np.argsort(slot, kind="stable")
    twice = np.zeros(row.size, np.bool_)
    twice[order[1:]] = slot[order[1:]] == slot[order[:-1]]
    bad_rows = {"unknown": unknown, "member": beyond, "range": outside, "twice": twice}
    faults = list(_faults(bad_rows, member, longitude, latitude, told))
    if faults:
        empty = np.empty(0, np.uint32)
        bad = int(np.count_nonzero(unknown | beyond | outside | twice))
        first_told = tuple(sorted(faults, key=lambda one: one.line)[:MOST_TOLD])
        return Taken(head=PlacesHead(origin=origin), x=empty, y=empty, faults=first_told, more=max(0, bad - MOST_TOLD))
    return _packed(estate, slot, longitude, latitude, origin)


def _packed(estate: Estate, slot: Any, longitude: Any, latitude: Any, origin: str) -> Taken:
    """Lay the rows out series by series, those without a row as unknown."""
    named = np.unique(estate.row_of(slot))
    counts = np.diff(estate.first)[named]
    begin = np.cumsum(counts) - counts
    x, y = (np.full(int(counts.sum()), UNKNOWN, np.uint32) for _ in range(2))
    at = begin[np.searchsorted(named, estate.row_of(slot))] + slot - estate.first[estate.row_of(slot)]
    x[at], y[at] = fractions(longitude, latitude)
    series = tuple(
        SeriesPlaces(device=estate.rows[row].code, count=estate.rows[row].count, first=first)
        for row, first in zip(named.tolist(), begin.tolist(), strict=True)
    )
    return Taken(head=PlacesHead(origin=origin, rows=int(x.size), series=series), x=x, y=y)


def _faults(bad: dict[str, Any], member: Any, longitude: Any, latitude: Any, told: Any) -> Iterator[Fault]:
    indices, words = told
    for kind, where in bad.items():
        for at in np.flatnonzero(where)[:MOST_TOLD].tolist():
            place = indices[at].as_py()
            code = words[place] if place is not None else ""
            values = {
                "unknown": str(code)[:64], "member": f"{code}#{member[at]}", "twice": f"{code}#{member[at]}",
                "range": f"{longitude[at]}, {latitude[at]}",
            }  # fmt: skip
            yield Fault(line=at + 2, code=f"devices.cli.{kind}", value=values[kind])


def _table(file: Path) -> Any:
    """Return the four columns of a file as an Arrow table, device codes as a dictionary. Raises Refused."""
    import pyarrow as pa  # noqa: PLC0415 - heavy, and only here
    from pyarrow import csv, parquet  # noqa: PLC0415

    types = {
        "device": pa.dictionary(pa.int32(), pa.string()), "member": pa.int64(), "longitude": pa.float64(),
        "latitude": pa.float64(),
    }  # fmt: skip
    try:
        if file.suffix.lower() in PARQUET:
            table = parquet.read_table(file)
        else:
            table = csv.read_csv(
                file, read_options=csv.ReadOptions(use_threads=False),
                convert_options=csv.ConvertOptions(column_types=types),
            )  # fmt: skip
        wanted = [name for name in COLUMNS if name in table.column_names]
        columns = [table[name].cast(types[name]).combine_chunks() for name in wanted]
        return pa.table(dict(zip(wanted, columns, strict=True)))
    except (OSError, pa.ArrowException, UnicodeDecodeError) as fault:
        raise Refused("device.places_unreadable", file=file.name, reason=str(fault)[:300]) from fault


def _filled(column: Any, empty: float) -> Any:
    """Return a column as numpy, empty cells with this value."""
    return np.asarray(column.fill_null(empty))
