"""MQTT payloads in CSV: lines of time, channel, value and perhaps quality; a first line may name the columns."""

import csv
import math
import re
from collections.abc import Iterator, Sequence

from chengyun_core.ingest.sources import moment
from chengyun_core.ingest.sources.gathered import BadRow, Gathered, channel_of, quality_of
from chengyun_core.ingest.sources.names import ChannelNames
from chengyun_core.ingest.sources.payload_json import TIME_KEYS
from chengyun_core.model.scales import Quality

COLUMNS = ("time", "channel", "value", "quality")
"""Order of the columns when no first line names them: that of a replayed file."""
_NUMBER = re.compile(r"[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?", re.ASCII)
MISSING = frozenset({"", "nan", "null", "na", "none", "-"})
"""Words for «no value»: the sample is kept, as BAD."""


def decode(payload: bytes, names: ChannelNames, *, epoch_unit: str = "") -> Gathered:
    """Return the samples of a payload; a bad line is refused and counted with its number, the rest goes on."""
    gathered = Gathered()
    try:
        lines = payload.decode("utf-8-sig").splitlines()
    except UnicodeDecodeError as fault:
        gathered.refuse("bad_csv", f"not UTF-8: {fault}")
        return gathered
    columns: Sequence[str] = COLUMNS
    for number, row in _rows(lines, gathered):
        if number == 1 and {"channel", "value"} <= set(row):
            columns = row
            if len(set(columns)) != len(columns) or not set(columns) <= {"channel", "value", "quality", *TIME_KEYS}:
                gathered.refuse("bad_csv", f"column names {','.join(columns)[:80]!r} are unknown or given twice")
                break
            continue
        try:
            gathered.add(*_sample(dict(zip(columns, row, strict=False)), len(row), len(columns), names, epoch_unit))
        except BadRow as fault:
            gathered.refuse(fault.cause, f"line {number}: {fault}")
    return gathered


def number_of(text: str) -> float:
    """Return the value a text holds, NaN for a word that means «no value»; raise BadRow otherwise."""
    text = text.strip()
    if text.lower() in MISSING:
        return math.nan
    if len(text) > 64 or _NUMBER.fullmatch(text) is None:
        raise BadRow("bad_value", f"value {text[:40]!r} is not a number")
    value = float(text)
    if not math.isfinite(value):
        raise BadRow("not_finite", f"value {text[:40]!r} is too large to be held")
    return value


def _rows(lines: list[str], gathered: Gathered) -> Iterator[tuple[int, list[str]]]:
    reader = csv.reader(lines, strict=True)
    while True:
        try:
            row = next(reader)
        except StopIteration:
            return
        except csv.Error as fault:
            gathered.refuse("bad_csv", f"line {reader.line_num}: {fault}")
            continue
        if row:
            yield reader.line_num, [cell.strip() for cell in row]


def _sample(
    row: dict[str, str], given: int, expected: int, names: ChannelNames, epoch_unit: str
) -> tuple[int, int, float, int]:
    if given > expected or "channel" not in row or "value" not in row:
        raise BadRow("bad_csv", f"{given} columns, expected time, channel, value and perhaps quality")
    times = row.keys() & TIME_KEYS.keys()
    if len(times) != 1:
        raise BadRow("bad_field", "exactly one column of time is needed")
    key = times.pop()
    number = channel_of(row["channel"], names)
    value, quality = number_of(row["value"]), quality_of(row.get("quality", ""))
    try:
        time_ns = moment.of_text(row[key], epoch_unit=TIME_KEYS[key] or epoch_unit)
    except moment.BadMoment as fault:
        raise BadRow("bad_time", str(fault)) from fault
    return number, time_ns, value, quality if math.isfinite(value) else int(Quality.BAD)
