"""The table events are imported from, and its rows as forms, every unacceptable cell told by line and column (E1)."""

from collections.abc import Mapping
from dataclasses import dataclass

from chengyun_core.model.catalogue_rows import Faults, Row, rows_of
from chengyun_core.model.catalogue_tables import Cell, Column, Table
from chengyun_core.model.event import CITIZEN_FIELDS, EventSource
from chengyun_core.model.event_commands import ImportedEvent, OpenEvent
from chengyun_core.model.stamp import parse_local

NAME = "events"
MOST_FAULTS = 1000
IN_A_BATCH = 200
"""Events of one command: written within some tens of milliseconds, so that the loop is not held up."""
_SOURCES = tuple(source.value for source in EventSource if source is not EventSource.ALARM)
_FLAGS = ("citizen.solved", "citizen.satisfied")


def _text(name: str, meaning: str, *, longest: int = 200, required: bool = False, multiline: bool = False) -> Column:
    return Column(name=name, kind=Cell.TEXT, meaning=meaning, longest=longest, required=required, multiline=multiline)


def _code(name: str, meaning: str, *, required: bool = False) -> Column:
    return Column(name=name, kind=Cell.CODE, meaning=meaning, longest=64, required=required)


EVENTS = Table(
    name=NAME,
    record=OpenEvent,
    key=("source_ref",),
    meaning="Events of another system, one a row.",
    columns=(
        _text("title", "what it is called", longest=100, required=True),
        _code("centre", "code of the centre in whose area it is", required=True),
        _text("narrative", "as told, in the words of who told it; several lines", longest=4000, multiline=True),
        _code("matter", "code of the matter in the catalogue"),
        _text("place", "where, in words"),
        Column(name="longitude", kind=Cell.NUMBER, meaning="degrees, WGS-84", low=-180, high=180),
        Column(name="latitude", kind=Cell.NUMBER, meaning="degrees, WGS-84", low=-90, high=90),
        _code("risk_point", "code of the risk point"),
        Column(name="source", kind=Cell.TEXT, meaning="where it came from (default import)", words=_SOURCES),
        _text("source_ref", "their number of it", longest=64),
        _text("source_at", "when it happened: ISO 8601, without a zone in the city's time", longest=40),
        _text("informant", "who told it, and how to reach them"),
        _text("attributes", "measured attributes, `code=value` by |", longest=2000),
        *(_text(name, "step of a citizen's demand: time, 1 or 0, or words", longest=500) for name in CITIZEN_FIELDS),
    ),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """What codes must be of, and the zone of times without one."""

    centres: frozenset[str]
    matters: frozenset[str]
    zone_minutes: int


def forms(rows: list[dict[str, str]], known: Known) -> tuple[list[ImportedEvent], Faults]:
    """Return the rows as forms, and what is wrong with them; forms are worth nothing while there are faults."""
    faults = Faults(MOST_FAULTS, {NAME: EVENTS})
    checked = rows_of({NAME: rows}, faults, {NAME: EVENTS})[NAME]
    seen: dict[str, int] = {}
    for row in checked:
        _check_codes(row, known, faults)
        _check_twice(row, seen, faults)
    return [ImportedEvent(line=row.line, event=_form(row, known, faults)) for row in checked], faults


def _check_codes(row: Row, known: Known, faults: Faults) -> None:
    for column, codes in (("centre", known.centres), ("matter", known.matters)):
        code = row.text(column)
        if code and code not in codes:
            faults.add(NAME, row.line, column, code, f"event.no_{column}", **{column: code})


def _check_twice(row: Row, seen: dict[str, int], faults: Faults) -> None:
    """The same number of theirs twice in a file is one event told twice."""
    ref = row.text("source_ref")
    if ref and ref in seen:
        faults.add(NAME, row.line, "source_ref", ref, "event.import_twice", ref=ref, first=seen[ref])
    seen.setdefault(ref, row.line)


def _form(row: Row, known: Known, faults: Faults) -> OpenEvent:
    return OpenEvent(
        source=EventSource(row.text("source") or EventSource.IMPORT), title=row.text("title"),
        narrative=row.text("narrative"), matter=row.text("matter"), centre=row.text("centre"), place=row.text("place"),
        longitude=row.figure("longitude"), latitude=row.figure("latitude"), risk_point=row.text("risk_point"),
        source_ref=row.text("source_ref"), source_at=_time(row, "source_at", known, faults),
        informant=row.text("informant"), attributes={**_attributes(row, faults), **_citizen(row, known, faults)},
    )  # fmt: skip


def _attributes(row: Row, faults: Faults) -> dict[str, str]:
    found: dict[str, str] = {}
    for part in filter(str.strip, row.text("attributes").split("|")):
        code, sign, value = part.partition("=")
        if not sign or not code.strip():
            faults.add(NAME, row.line, "attributes", part, "event.import_attribute")
        found[code.strip()] = value.strip()
    return found


def _citizen(row: Row, known: Known, faults: Faults) -> Mapping[str, str]:
    found: dict[str, str] = {}
    for name in CITIZEN_FIELDS:
        text = row.text(name)
        if not text:
            continue
        if name in _FLAGS and text not in ("0", "1"):
            faults.add(NAME, row.line, name, text, "catalogue.cell_not_flag")
        found[name] = str(_time(row, name, known, faults) or "") if name.endswith("_at") else text
    return found


def _time(row: Row, column: str, known: Known, faults: Faults) -> int | None:
    text = row.text(column)
    if not text:
        return None
    try:
        return parse_local(text, known.zone_minutes)
    except ValueError:
        faults.add(NAME, row.line, column, text, "event.import_time")
        return None
