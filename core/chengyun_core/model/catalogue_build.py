"""Checked tables to a numbered version of the catalogue and back; numbers are never given twice."""

from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from typing import Any

from chengyun_core.model.camera import CameraKind
from chengyun_core.model.catalogue import Catalogue, Channel, Threshold, Vital
from chengyun_core.model.catalogue_cells import text_of
from chengyun_core.model.catalogue_rows import Faults, Row, rows_of
from chengyun_core.model.catalogue_tables import MOST_CHANNEL_NUMBERS, TABLES, Table, Tables
from chengyun_core.model.dispatch import UnitKind
from chengyun_core.model.failure import Refused
from chengyun_core.model.rights import Label
from chengyun_core.model.scales import Level

_UNITED = frozenset({"channels", "vitals", "kpis"})
"""Tables with a unit, whose empty cell means a bare number."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Numbers:
    """Every number ever given; kept by the centre from version to version.

    Vitals are dense from 0. A channel (series) owns `first … first + count - 1`.
    """

    vitals: dict[str, int] = field(default_factory=dict)
    channels: dict[str, tuple[int, int]] = field(default_factory=dict)
    """`DEVICE.quantity` → (first number, how many the range holds)."""
    next_channel: int = 0


def build(tables: Tables, numbers: Numbers, version: int) -> tuple[Catalogue, Numbers]:
    """Return the catalogue of tables that `check` found no fault in, and the numbers given so far.

    A code known from before gets its number again. A vital no longer named leaves a retired row, so that the vitals
    stay dense by number. A series that grew gets a new range, a shrunken one keeps its own.

    Raises:
        Refused: `catalogue.faulty`, the tables were not checked; `catalogue.channel_numbers_used_up`.
    """
    faults = Faults(1)
    rows = rows_of(tables, faults)
    if listed := faults.listed():
        raise Refused("catalogue.faulty", table=listed[0].table, line=listed[0].line, reason=listed[0].code)
    records = {name: _records(rows[name]) for name in TABLES if name not in {"facts", "channels", "vitals"}}
    facts = {row.text("key"): row.text("value") for row in rows["facts"]}
    vitals, vital_numbers = _vitals(rows["vitals"], numbers)
    channels, ranges, next_channel = _channels(rows, numbers)
    if next_channel > MOST_CHANNEL_NUMBERS:
        raise Refused("catalogue.channel_numbers_used_up", needed=next_channel, most=MOST_CHANNEL_NUMBERS)
    catalogue = Catalogue(
        version=version,
        name=facts.get("name", ""),
        vitals=vitals,
        channels=channels,
        facts=facts,
        scope_sets={},
        **records,
    )
    return catalogue, Numbers(vitals=vital_numbers, channels=ranges, next_channel=next_channel)


def threshold_of(cells: dict[str, str]) -> Threshold:
    """Return the rule of one row of `thresholds`; raise Refused("catalogue.faulty") for a row that was not checked."""
    faults = Faults(len(TABLES) + 1)  # the other tables are missing, each a fault of its own
    (row,) = rows_of({"thresholds": [cells]}, faults)["thresholds"]
    told = [fault for fault in faults.listed() if fault.table == "thresholds"]
    if told:
        raise Refused("catalogue.faulty", table=told[0].table, line=told[0].line, reason=told[0].code)
    rule: Threshold = _record(row)
    return rule


def tables_of(catalogue: Catalogue) -> Tables:
    """Return the tables an export writes; building them again with the same numbers gives the same catalogue."""
    tables = {name: _texts(table, getattr(catalogue, name)) for name, table in TABLES.items() if name != "facts"}
    tables["vitals"] = _texts(TABLES["vitals"], tuple(vital for vital in catalogue.vitals if not vital.retired))
    tables["facts"] = [{"key": key, "value": value} for key, value in catalogue.facts.items()]
    return tables


def _records(rows: list[Row]) -> tuple[Any, ...]:
    return tuple(_record(row) for row in rows)


def _record(row: Row, **numbered: int) -> Any:
    values: dict[str, object] = dict(row.values)
    if row.table.name in _UNITED:
        values.setdefault("unit", "")
    if "level" in values:
        values["level"] = Level(str(values["level"]))
    if row.table.name == "units":
        values["kind"] = UnitKind(str(values["kind"]))
    if row.table.name == "cameras":
        values["kind"] = CameraKind(str(values.get("kind", CameraKind.RTSP)))
        values["label"] = Label(str(values.get("label", Label.NORMAL)))
    return row.table.record(**values, **numbered)


def _vitals(rows: list[Row], numbers: Numbers) -> tuple[tuple[Vital, ...], dict[str, int]]:
    given = dict(numbers.vitals)
    for row in rows:
        given.setdefault(row.text("code"), len(given))
    places = [_retired(code, number) for code, number in sorted(given.items(), key=lambda item: item[1])]
    for row in rows:
        number = given[row.text("code")]
        places[number] = _record(row, number=number)
    return tuple(places), given


def _retired(code: str, number: int) -> Vital:
    return Vital(
        number=number,
        code=code,
        name=code,
        subtrack="",
        centre="",
        unit="",
        owner_post="",
        vital_class="operation",
        period_s=1.0,
        decimals=0,
        formula="",
        retired=True,
    )


def _channels(
    rows: Mapping[str, list[Row]], numbers: Numbers
) -> tuple[tuple[Channel, ...], dict[str, tuple[int, int]], int]:
    counts = {row.text("code"): row.count("count", 1) for row in rows["devices"]}
    ranges, next_channel, channels = dict(numbers.channels), numbers.next_channel, []
    for row in rows["channels"]:
        code, count = f"{row.text('device')}.{row.text('quantity')}", counts.get(row.text("device"), 1)
        first, held = ranges.get(code, (0, 0))
        if held < count:
            first, next_channel = next_channel, next_channel + count
            ranges[code] = (first, count)
        row.values["count"] = count
        channels.append(_record(row, number=first))
    return tuple(channels), ranges, next_channel


def _texts(table: Table, records: tuple[Any, ...]) -> list[dict[str, str]]:
    """Return a row for each record; a cell that holds its default is left empty where the column may be."""
    names = {item.name: item.default for item in fields(table.record)}
    columns = [(column.name, column.required, names[column.name]) for column in table.columns]
    return [
        {
            name: text_of(value)
            for name, required, default in columns
            if (value := getattr(record, name)) not in (None, "") and (required or value != default)
        }
        for record in records
    ]
