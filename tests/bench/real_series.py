"""The real series of ../shared/data as rows of (series, time, value, quality), one data set at a time."""

import csv
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
import pyarrow.parquet as pq

from chengyun_core.store.archive.rows import Rows

DATA = Path(__file__).parents[3] / "shared" / "data"
FIVE_MINUTES = 300_000_000_000

Series = tuple[list[int], list[float]]
"""Times in ns UTC and values, NaN for a missing one."""


def data_sets() -> dict[str, Rows]:
    """Return every data set that is there, its series numbered from 0."""
    readers = {
        "river_yangtze": _river, "air_beijing": _air, "traffic_los": _traffic, "nab": _nab, "skab": _skab,
        "batadal": _batadal,
    }  # fmt: skip
    return {name: _rows(read(DATA / name)) for name, read in readers.items() if (DATA / name).exists()}


def _rows(series: Iterable[Series]) -> Rows:
    parts = [
        Rows.of(np.full(len(time), number), time, value, np.where(np.isnan(value), 2, 0))
        for number, (time, value) in enumerate(series)
    ]
    return Rows.joined(parts).in_order()


def _river(folder: Path) -> Iterator[Series]:
    rows = _csv(folder / "water_level.csv")
    for column in ("level_m", "flow_m3s"):
        for station in sorted({row["station"] for row in rows}):
            yield _of([(row["time"], row[column]) for row in rows if row["station"] == station])


def _air(folder: Path) -> Iterator[Series]:
    table = pq.read_table(folder / "prsa.parquet").to_pydict()
    moment, place = table["time"], table["station"]
    for name in ("PM2.5", "PM10", "SO2", "NO2", "CO", "O3", "TEMP", "PRES", "DEWP", "RAIN", "WSPM"):
        for station in sorted(set(place)):
            here = [k for k, other in enumerate(place) if other == station]
            yield [_ns(moment[k]) for k in here], [_number(table[name][k]) for k in here]


def _traffic(folder: Path) -> Iterator[Series]:
    rows = _csv(folder / "los_speed.csv")
    begin = _ns(datetime(2012, 3, 1, tzinfo=UTC))
    for name in rows[0]:
        yield [begin + k * FIVE_MINUTES for k in range(len(rows))], [_number(row[name]) for row in rows]


def _nab(folder: Path) -> Iterator[Series]:
    for file in sorted((folder / "data").glob("*/*.csv")):
        yield _of([(row["timestamp"], row["value"]) for row in _csv(file)])


def _skab(folder: Path) -> Iterator[Series]:
    for file in sorted(folder.glob("*/*.csv")):
        rows = _csv(file, ";")
        for name in list(rows[0])[1:9]:
            yield _of([(row["datetime"], row[name]) for row in rows])


def _batadal(folder: Path) -> Iterator[Series]:
    for file in sorted(folder.glob("*.csv")):
        rows = _csv(file)
        for name in list(rows[0])[1:-1]:
            times = [_ns(datetime.strptime(row["DATETIME"].strip(), "%d/%m/%y %H").replace(tzinfo=UTC)) for row in rows]
            yield times, [_number(row[name]) for row in rows]


def _of(cells: list[tuple[str, str]]) -> Series:
    return [_ns(datetime.fromisoformat(moment)) for moment, _ in cells], [_number(value) for _, value in cells]


def _csv(file: Path, delimiter: str = ",") -> list[dict[str, str]]:
    with file.open(encoding="utf-8-sig", newline="") as opened:
        return [{key.strip(): cell for key, cell in row.items()} for row in csv.DictReader(opened, delimiter=delimiter)]


def _ns(moment: datetime) -> int:
    return round(moment.replace(tzinfo=moment.tzinfo or UTC).timestamp()) * 1_000_000_000


def _number(cell: object) -> float:
    return float("nan") if cell in (None, "") else float(str(cell))
