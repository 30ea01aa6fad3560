"""Rows of a replayed table to samples, by its map; a bad cell is reported with file, line, column and reason."""

import math
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import datetime, timedelta, tzinfo
from pathlib import Path
from typing import Any

import numpy as np

from chengyun_core.ingest.batch import Batch
from chengyun_core.ingest.sources import moment, payload_csv
from chengyun_core.ingest.sources.gathered import BadRow, Gathered, channel_of, quality_of
from chengyun_core.ingest.sources.names import ChannelNames
from chengyun_core.ingest.sources.replay_map import ReplayMap, ValueColumn, zone_of
from chengyun_core.ingest.sources.table_file import Chunk, chunks, is_instant
from chengyun_core.model.failure import Refused
from chengyun_core.model.scales import Quality

_EPOCH = datetime(1970, 1, 1)  # noqa: DTZ001 - the zone is added by the arithmetic below
Report = Callable[[str, int, str], None]
"""Told (cause, count, `file:line column: reason`) of what was refused."""


class ReplayRows:
    """Samples of a table file in file order (or in order of time when the map says `sort`)."""

    def __init__(self, file: Path, shape: ReplayMap, names: ChannelNames, report: Report) -> None:
        self._file = file
        self._map = shape
        self._names = names
        self._report = report
        self._zone = zone_of(shape.time.zone)
        self._times: dict[Any, int] = {}
        self._missing = frozenset(word.lower() for word in shape.missing)
        self._rows_before = 0

    def batches(self) -> Iterator[Batch]:
        """Yield the samples. Raises Trouble when the file is unreadable, Refused when it lacks a column of the map."""
        read = (self._batch(chunk) for chunk in self._chunks())
        if self._map.sort:
            yield from _sorted(list(read))
        else:
            yield from read

    def first_time_ns(self) -> int:
        """Return the time of the first row whose time can be read; raise Refused when there is none."""
        for chunk in self._chunks():
            for index in range(len(chunk.row)):
                try:
                    return self._time({name: column[index] for name, column in chunk.columns.items()})
                except (moment.BadMoment, ValueError):
                    continue
        raise Refused("ingest.replay_no_time", file=self._file)

    def _chunks(self) -> Iterator[Chunk]:
        first = True
        for chunk in chunks(self._file, delimiter=self._map.delimiter, encoding=self._map.encoding):
            if first:
                self._check_columns(chunk)
                first = False
            yield chunk

    def _check_columns(self, chunk: Chunk) -> None:
        needed = set(self._map.key) | {value.column for value in self._map.value if value.column != "*"}
        if not self._map.time.start:
            needed.add(self._map.time.column)
        lacking = sorted(needed - chunk.columns.keys())
        if lacking:
            has = ", ".join(list(chunk.columns)[:12])
            raise Refused("ingest.replay_columns", file=self._file, lacking=", ".join(lacking), has=has)

    def _batch(self, chunk: Chunk) -> Batch:
        gathered = Gathered()
        for number, reason in chunk.bad:
            self._refuse("bad_row", number, "", reason)
        values = self._expanded(chunk)
        for index, number in enumerate(chunk.row):
            row = {name: column[index] for name, column in chunk.columns.items()}
            try:
                time_ns = self._time(row)
            except (moment.BadMoment, ValueError) as fault:
                self._refuse("bad_time", number, self._map.time.column, str(fault))
                self._rows_before += 1
                continue
            self._rows_before += 1
            keys = self._keys(row)
            for value in values:
                self._add(gathered, row, keys, value, time_ns, number)
        return gathered.batch()

    def _expanded(self, chunk: Chunk) -> list[ValueColumn]:
        """The map's value columns with `*` replaced by every column it stands for."""
        named = {value.column for value in self._map.value} | {value.quality for value in self._map.value}
        rest = [name for name in chunk.columns if name not in named | set(self._map.key) | self._time_names()]
        return [
            replace(value, column=column, quality=value.quality if value.quality in chunk.columns else "")
            for value in self._map.value
            for column in (rest if value.column == "*" else [value.column])
        ]

    def _time_names(self) -> set[str]:
        return set() if self._map.time.start else {self._map.time.column}

    def _keys(self, row: dict[str, Any]) -> dict[str, str]:
        keys: dict[str, str] = {}
        for name in self._map.key:
            word = str(row[name]).strip()
            keys[name] = self._map.translate.get(name, {}).get(word, word)
        return keys

    def _add(
        self,
        gathered: Gathered,
        row: dict[str, Any],
        keys: dict[str, str],
        value: ValueColumn,
        time_ns: int,
        number: int,
    ) -> None:
        cell = row[value.column]
        if cell is None or (self._missing and isinstance(cell, str) and cell.strip().lower() in self._missing):
            return
        try:
            channel = channel_of(value.channel.format_map({**keys, "column": value.column}), self._names)
            measured = self._value(cell) * value.factor + value.offset
            quality = quality_of(_word(row.get(value.quality))) if value.quality else int(Quality.GOOD)
        except BadRow as fault:
            self._refuse(fault.cause, number, value.column, str(fault))
            return
        gathered.add(channel, time_ns, measured, quality if math.isfinite(measured) else int(Quality.BAD))

    def _value(self, cell: Any) -> float:
        if isinstance(cell, str):
            return payload_csv.number_of(cell)
        if isinstance(cell, bool) or not isinstance(cell, (int, float)):
            raise BadRow("bad_value", f"{str(cell)[:40]!r} is not a number")
        return float(cell)

    def _time(self, row: dict[str, Any]) -> int:
        rule = self._map.time
        if rule.start:
            first = self._remembered(rule.start, lambda: moment.of_text(rule.start, zone=self._zone))
            return first + round(self._rows_before * rule.step_s * 1e9)
        cell = row[rule.column]
        if is_instant(cell):
            return int(cell)
        return self._remembered(cell, lambda: _parsed(cell, rule.format, self._zone))

    def _remembered(self, cell: Any, parse: Callable[[], int]) -> int:
        found = self._times.get(cell)
        if found is None:
            if len(self._times) > 4096:
                self._times.clear()
            found = self._times[cell] = parse()
        return found

    def _refuse(self, cause: str, number: int, column: str, reason: str) -> None:
        where = f"{self._file}:{number}" + (f" column {column}" if column else "")
        self._report(cause, 1, f"{where}: {reason}")


def _parsed(cell: Any, form: str, zone: tzinfo | None) -> int:
    if form in moment.UNITS:
        return moment.of_number_text(cell, form) if isinstance(cell, str) else moment.of_number(cell, form)
    text = str(cell)
    if form == "iso":
        return moment.of_text(text, zone=zone)
    read = datetime.strptime(text.strip(), form)  # noqa: DTZ007 - a pattern without zone takes the map's, just below
    shift = read.utcoffset() if read.tzinfo else (zone.utcoffset(read) if zone else None)
    if shift is None:
        raise moment.BadMoment(f"{text!r} has no time zone; name time.zone in the map")
    return (read.replace(tzinfo=None) - _EPOCH - shift) // timedelta(microseconds=1) * 1000


def _word(cell: Any) -> object:
    return "" if cell is None else cell


def _sorted(read: list[Batch]) -> Iterator[Batch]:
    if not read:
        return
    time = np.concatenate([batch.time for batch in read])
    order = np.argsort(time, kind="stable")
    channel = np.concatenate([batch.channel for batch in read])[order]
    value = np.concatenate([batch.value for batch in read])[order]
    quality = np.concatenate([batch.quality for batch in read])[order]
    yield Batch(channel=channel, time=time[order], value=value, quality=quality)
