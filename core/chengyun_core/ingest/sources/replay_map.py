"""The map of a replayed table: which column is the time and in which zone, which columns are which channels."""

import tomllib
from dataclasses import dataclass, field
from datetime import timedelta, timezone, tzinfo
from pathlib import Path
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import msgspec

from chengyun_core.ingest.sources import moment
from chengyun_core.model.failure import Refused, Trouble


@dataclass(frozen=True, slots=True, kw_only=True)
class TimeColumn:
    """Where the time of a row comes from: a column, or the row's number."""

    column: str = "time"
    """Name of the column; unused when `start` is given."""
    format: str = "iso"
    """`iso`, `s`, `ms`, `us`, `ns` (numbers since 1970), or a strptime pattern."""
    zone: str = ""
    """Zone of times that name none: `+08:00` or a name such as `Asia/Shanghai`. Empty: such times are refused."""
    start: str = ""
    """For tables without a time column: ISO time of the first row."""
    step_s: float = 0.0
    """For tables without a time column: seconds from row to row."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ValueColumn:
    """A column of values, or all of them."""

    column: str
    """Name, or `*`: every column that is neither time nor key nor named by another entry."""
    channel: str
    """Channel code; `{column}` and `{KEY}` for each key column are filled in from the row."""
    quality: str = ""
    """Column of the quality, if there is one."""
    factor: float = 1.0
    """The value is multiplied by this …"""
    offset: float = 0.0
    """… and then this is added."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ReplayMap:
    """How a table is read. The default reads columns time, channel, value and perhaps quality."""

    time: TimeColumn = TimeColumn()
    value: tuple[ValueColumn, ...] = (ValueColumn(column="value", channel="{channel}", quality="quality"),)
    key: tuple[str, ...] = ("channel",)
    """Columns whose words are used in channel codes."""
    translate: dict[str, dict[str, str]] = field(default_factory=dict)
    """Key column → word in the file → word in the channel code; words not named stay as they are."""
    missing: tuple[str, ...] = ()
    """Further words that mean «no value»; such cells are left out."""
    delimiter: str = ","
    """Of CSV files."""
    encoding: str = "utf-8-sig"
    """Of CSV files."""
    sort: bool = False
    """Read the whole file first and play it in order of time (files written station by station)."""


PLAIN = ReplayMap()


def read(file: Path) -> ReplayMap:
    """Return the map in a TOML file. Raises Trouble when it cannot be read, Refused (what, where) when it is wrong."""
    try:
        table = tomllib.loads(file.read_text("utf-8"))
        _refuse_unknown(table, file)
        found = msgspec.convert({"key": (), **table}, ReplayMap)
    except OSError as fault:
        raise Trouble("ingest.map_unreadable", file=file, reason=fault.strerror or str(fault)) from fault
    except (tomllib.TOMLDecodeError, msgspec.ValidationError, UnicodeDecodeError) as fault:
        raise Refused("ingest.map_wrong", file=file, reason=str(fault)) from fault
    _check(found, file)
    return found


def zone_of(name: str) -> tzinfo | None:
    """Return the zone of `+08:00` or `Asia/Shanghai`, None for an empty name; raise ValueError otherwise."""
    if not name:
        return None
    if name[0] in "+-":
        hours, _, minutes = name[1:].partition(":")
        shift = timedelta(hours=int(hours), minutes=int(minutes or 0))
        return timezone(-shift if name[0] == "-" else shift)
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, OSError) as fault:
        raise ValueError(f"zone {name!r} is unknown on this machine; write +08:00") from fault


def _refuse_unknown(table: dict[str, object], file: Path) -> None:
    known = {"": set(ReplayMap.__slots__), "time": set(TimeColumn.__slots__), "value": set(ValueColumn.__slots__)}
    unknown = sorted(table.keys() - known[""])
    time, values = table.get("time", {}), table.get("value", [])
    if isinstance(time, dict):
        unknown += sorted(f"time.{name}" for name in time.keys() - known["time"])
    for value in values if isinstance(values, list) else []:
        unknown += sorted(
            f"value.{name}" for name in (set(value) if isinstance(value, dict) else set()) - known["value"]
        )
    if unknown:
        raise Refused("ingest.map_wrong", file=file, reason=f"unknown names {', '.join(unknown)}")


def _check(found: ReplayMap, file: Path) -> None:
    try:
        zone_of(found.time.zone)
        if found.time.start:
            moment.of_text(found.time.start, zone=zone_of(found.time.zone))
            if found.time.step_s <= 0:
                raise ValueError("time.start needs time.step_s above 0")
        names = {"column", *found.key}
        for value in found.value:
            value.channel.format_map(dict.fromkeys(names, ""))
        if not found.value:
            raise ValueError("at least one [[value]] is needed")
    except KeyError as fault:
        raise Refused("ingest.map_wrong", file=file, reason=f"channel uses {fault}, which is not in key") from fault
    except ValueError as fault:
        raise Refused("ingest.map_wrong", file=file, reason=str(fault)) from fault
