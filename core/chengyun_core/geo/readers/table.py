"""CSV → rows: a point from two columns of degrees, or any geometry from a column of WKT; with true line numbers."""

import csv
import io
from collections.abc import Iterator
from typing import Any

import shapely

from chengyun_core.geo.readers.decoding import decoded
from chengyun_core.geo.rows import Row, Source, note
from chengyun_core.geo.shapes import LONGEST_VALUE, MOST_FEATURES
from chengyun_core.model.failure import Refused
from chengyun_core.model.map_layer import LayerNote, NoteGrade
from chengyun_resources.reading import map_headings

LONGITUDES = ("longitude", "lon", "lng", "long", "x")
LATITUDES = ("latitude", "lat", "y")
WKT = ("wkt", "geometry", "geom")
"""Headings that are known; those of other languages are in resources (reading.map_headings)."""
_DELIMITERS = ",;\t|"
_LONGEST_CELL = 16 * 2**20
"""A WKT of a district may be long; beyond this it is no cell."""
Records = list[tuple[int, dict[str, str]]]


def records(data: bytes, encoding: str = "") -> tuple[Records, list[str], str]:
    """Return (line, column → cell) of every row that is not empty, the columns, and the codec.

    Raises:
        Refused: `map.not_text`, `map.no_heading`, `map.column_twice`, `map.not_csv` with the line.
    """
    text, codec = decoded(data, encoding)
    if "\x00" in text:
        raise Refused("map.not_csv", line=text.count("\n", 0, text.index("\x00")) + 1, reason="NUL")
    before = csv.field_size_limit(_LONGEST_CELL)
    try:
        return *_split(text), codec
    finally:
        csv.field_size_limit(before)


def read(data: bytes, *, longitude: str = "", latitude: str = "", encoding: str = "") -> Source:
    """Return the rows of a table as features. Raises Refused as `records`, and `map.no_place_columns`."""
    found, columns, codec = records(data, encoding)
    wkt = _chosen(columns, "", WKT + map_headings()["geometry"])
    east, north = (
        _chosen(columns, wanted, known + map_headings()[name])
        for wanted, known, name in ((longitude, LONGITUDES, "longitude"), (latitude, LATITUDES, "latitude"))
    )
    if not wkt and not (east and north):
        raise Refused("map.no_place_columns", columns=", ".join(columns)[:120])
    notes: tuple[LayerNote, ...] = ()
    if codec != "utf-8":
        notes = (note(NoteGrade.TOLD, "map.note_encoding", params={"encoding": codec}),)
    places = {east, north} if not wkt or (east and north) else {wkt}
    rows = [
        _placed(number, line, cells, wkt if not (east and north) else "", east, north, places)
        for number, (line, cells) in enumerate(found, start=1)
    ]
    return Source(rows=rows, notes=notes)


def point_of(east: str, north: str) -> tuple[object, str]:
    """Return a point of two cells and "", or None and the code of what is wrong."""
    if not east.strip() or not north.strip():
        return None, "map.note_no_geometry"
    try:
        return shapely.points(float(east), float(north)), ""
    except ValueError:
        return None, "map.note_not_a_place"


def line_of(wkt: str) -> tuple[object, str]:
    """Return the geometry of a WKT and "", or None and the code of what is wrong."""
    if not wkt.strip():
        return None, "map.note_no_geometry"
    try:
        return shapely.from_wkt(wkt), ""
    except shapely.GEOSException:
        return None, "map.note_wkt"


def _placed(
    number: int, line: int, cells: dict[str, str], wkt: str, east: str, north: str, places: set[str]
) -> Row:  # fmt: skip
    geometry, fault = line_of(cells[wkt]) if wkt else point_of(cells[east], cells[north])
    values = {name: cell[:LONGEST_VALUE] for name, cell in cells.items() if name not in places}
    told = cells[wkt] if wkt else f"{cells[east]}, {cells[north]}"
    params = {"value": told[:80]} if fault else {}
    return Row(number=number, line=line, geometry=geometry, values=values, fault=fault, params=params)


def _chosen(columns: list[str], wanted: str, known: tuple[str, ...]) -> str:
    """Return the column that is meant; raise Refused `map.no_column` for one that was named and is not there."""
    if wanted:
        if wanted not in columns:
            raise Refused("map.no_column", column=wanted, columns=", ".join(columns)[:120])
        return wanted
    lower = {column.lower(): column for column in reversed(columns)}
    return next((lower[one] for one in known if one in lower), "")


def _split(text: str) -> tuple[Records, list[str]]:
    first = text.partition("\n")[0]
    delimiter = max(_DELIMITERS, key=first.count)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    try:
        columns = [name.strip() for name in next(reader, [])]
        _check(columns)
        return list(_cells(reader, columns)), columns
    except csv.Error as fault:
        raise Refused("map.not_csv", line=reader.line_num, reason=str(fault)) from fault


def _check(columns: list[str]) -> None:
    if not any(columns):
        raise Refused("map.no_heading")
    twice = next((name for name in columns if name and columns.count(name) > 1), "")
    if twice:
        raise Refused("map.column_twice", column=twice)


def _cells(reader: Any, columns: list[str]) -> Iterator[tuple[int, dict[str, str]]]:
    line = reader.line_num + 1
    for count, cells in enumerate(reader):
        if count >= MOST_FEATURES:
            raise Refused("map.too_many_features", count=count + 1, most=MOST_FEATURES)
        if any(cell.strip() for cell in cells):
            padded = cells + [""] * (len(columns) - len(cells))
            yield line, {name: cell.strip() for name, cell in zip(columns, padded, strict=False) if name}
        line = reader.line_num + 1
