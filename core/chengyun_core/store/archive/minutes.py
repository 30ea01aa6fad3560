"""One-minute roll-ups of channels: count, low, high, mean, last, how many were bad; and two halves made one."""

from typing import Any

import numpy as np
import pyarrow as pa

from chengyun_core.model.scales import Quality
from chengyun_core.series.columns import Places, Times, Values
from chengyun_core.store.archive.rows import Rows

NS_PER_MINUTE = 60_000_000_000
_MOMENT = pa.timestamp("ns", "UTC")
_SCHEMA = (
    ("series", pa.uint32()), ("time", _MOMENT), ("count", pa.uint32()), ("bad", pa.uint32()), ("low", pa.float64()),
    ("high", pa.float64()), ("mean", pa.float64()), ("last", pa.float64()), ("last_time", _MOMENT),
)  # fmt: skip

Table = Any


def rolled(rows: Rows) -> Table:
    """Return the minutes of rows in any order: one row per series and minute that has samples.

    series uint32, time timestamp (the minute's begin), count, bad uint32, low, high, mean, last double (over samples
    that are not BAD, NaN when all are), last_time timestamp of the newest sample.
    """
    ordered = rows.in_order()
    minute = ordered.time // NS_PER_MINUTE * NS_PER_MINUTE
    value = np.where(ordered.quality >= Quality.BAD, np.nan, ordered.value)
    value[~np.isfinite(value)] = np.nan
    begin = _begins(ordered.series, minute)
    if not begin.size:
        return _table(*([] for _ in _SCHEMA))
    end = np.append(begin[1:], len(ordered))
    good = ~np.isnan(value)
    goods = np.add.reduceat(good, begin, dtype=np.int64)
    total = np.add.reduceat(np.where(good, value, 0.0), begin)
    return _table(
        ordered.series[begin], minute[begin], (end - begin).astype(np.uint32), (end - begin - goods).astype(np.uint32),
        np.fmin.reduceat(value, begin), np.fmax.reduceat(value, begin), _divided(total, goods),
        value[_newest_good(good, begin, end)], ordered.time[end - 1],
    )  # fmt: skip


def merged(tables: list[Table]) -> Table:
    """Return the rows of all tables as one, ordered; parts of one minute become one row."""
    table = pa.concat_tables(tables)
    columns = {name: table[name].to_numpy() for name in ("series", "count", "bad", "low", "high", "mean", "last")}
    time, last_time = (table[name].cast(pa.int64()).to_numpy() for name in ("time", "last_time"))
    # By newest sample inside a minute, so that the last value of a minute is the last of its parts.
    order = np.lexsort((last_time, time, columns["series"]))
    columns = {name: column[order] for name, column in columns.items()}
    time, last_time = time[order], last_time[order]
    begin = _begins(columns["series"], time)
    if not begin.size:
        return table
    end = np.append(begin[1:], time.size)
    good = (columns["count"] - columns["bad"]).astype(np.int64)
    goods = np.add.reduceat(good, begin)
    total = np.add.reduceat(np.where(good > 0, columns["mean"] * good, 0.0), begin)
    alone = end - begin == 1
    mean = np.where(alone, columns["mean"][begin], _divided(total, goods))
    return _table(
        columns["series"][begin], time[begin], np.add.reduceat(columns["count"], begin),
        np.add.reduceat(columns["bad"], begin), np.fmin.reduceat(columns["low"], begin),
        np.fmax.reduceat(columns["high"], begin), mean, columns["last"][_newest_good(good > 0, begin, end)],
        last_time[end - 1],
    )  # fmt: skip


def points_of(table: Table) -> tuple[Times, Values]:
    """Return (time, value) for a chart: lowest and highest at the minute's begin, the last at its own time."""
    time, last_time = (table[name].cast(pa.int64()).to_numpy() for name in ("time", "last_time"))
    times = np.stack([time, time, np.maximum(time, last_time)], axis=1).reshape(-1)
    values = np.stack([table[name].to_numpy() for name in ("low", "high", "last")], axis=1).reshape(-1)
    return times, values


def _begins(series: Any, minute: Times) -> Places:
    if not minute.size:
        return np.empty(0, np.intp)
    fresh = (series[1:] != series[:-1]) | (minute[1:] != minute[:-1])
    return np.concatenate((np.zeros(1, np.intp), np.flatnonzero(fresh) + 1))


def _newest_good(good: Any, begin: Places, end: Places) -> Places:
    """Return the place of the last good one of each run, its last place when none is."""
    place = np.where(good, np.arange(good.size), -1)
    newest: Places = np.maximum.reduceat(place, begin)
    return np.where(newest < 0, end - 1, newest)


def _divided(total: Values, count: Any) -> Values:
    with np.errstate(invalid="ignore", divide="ignore"):
        return np.asarray(np.where(count > 0, total / count, np.nan))


def _table(*columns: Any) -> Table:
    return pa.table({name: pa.array(column, kind) for (name, kind), column in zip(_SCHEMA, columns, strict=True)})
