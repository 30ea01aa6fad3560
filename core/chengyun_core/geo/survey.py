"""A file → a layer's packed shapes, level by level, and the report of what was mended and left out on the way."""

import tempfile
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import numpy as np
import shapely

from chengyun_core.geo import coverage, datum, mend
from chengyun_core.geo import levels as zooms
from chengyun_core.geo.geometry import Geometries, shapes_of
from chengyun_core.geo.readers import opening
from chengyun_core.geo.readers.mbtiles import TileFile
from chengyun_core.geo.rows import LONGEST_TOLD, MOST_NOTED, Row, note
from chengyun_core.geo.shapes import LONGEST_VALUE, MOST_ATTRIBUTES, MOST_COORDS, Shapes, pack
from chengyun_core.geo.telling import TileSet, Wanted
from chengyun_core.model.failure import Refused
from chengyun_core.model.map_layer import Datum, LayerNote, NoteGrade
from chengyun_resources.reading import map_headings

CODES = ("code", "adcode", "id")
NAMES = ("name",)
"""Attributes that are known; those of other languages are in resources (reading.map_headings)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Packed:
    """One level as it is kept."""

    from_zoom: int
    tolerance_m: float
    points: int
    data: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class Surveyed:
    """What a file holds."""

    levels: tuple[Packed, ...] = ()
    """Coarsest first; empty for tiles."""
    tiles: TileSet | None = None
    features: int = 0
    bounds: tuple[float, float, float, float] | None = None
    error_m: float = 0.0
    mended: int = 0
    refused: int = 0
    notes: tuple[LayerNote, ...] = field(default_factory=tuple)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Taken:
    row: Row
    geometry: Any


def survey(path: Path, wanted: Wanted) -> Surveyed:
    """Read a file whole. It may be anybody's: call it in a process that may die (geo.apart).

    Raises:
        Refused: the file cannot be read (see the readers), or `map.nothing_taken` with the first reason.
    """
    if wanted.name.lower().endswith(".mbtiles"):
        return _tiles(path)
    with tempfile.TemporaryDirectory(prefix="chengyun-map-") as folder:
        source = opening.read(path, wanted, Path(folder))
    taken, bare = _judged(source.rows)
    notes = named(bare, source.rows, wanted)
    if not taken:
        raise _nothing(len(source.rows), notes)
    shapes, told, is_coverage = _made(taken, wanted)
    every = (*source.notes, *told, *notes)
    return Surveyed(
        levels=tuple(_packed(one) for one in zooms.levels_of(shapes, is_coverage=is_coverage)),
        features=len(shapes), bounds=shapes.bounds(), error_m=datum.error_of(wanted.datum) + wanted.source_error_m,
        mended=_counted(every, NoteGrade.MENDED), refused=_counted(every, NoteGrade.REFUSED), notes=every[:MOST_NOTED],
    )  # fmt: skip


def _nothing(count: int, notes: Iterable[LayerNote]) -> Refused:
    first = next((one for one in notes if one.grade is NoteGrade.REFUSED), None)
    number, line, why = (first.feature, first.line, first.code) if first else (0, 0, "")
    return Refused("map.nothing_taken", count=count, feature=number, line=line, why=why)


def _tiles(path: Path) -> Surveyed:
    with TileFile(path) as file:
        told = file.told()
    return Surveyed(tiles=told, features=told.tiles, bounds=told.bounds)


def _judged(rows: Iterable[Row]) -> tuple[list[_Taken], list[LayerNote]]:
    taken, notes, corners = list[_Taken](), list[LayerNote](), 0
    for row in rows:
        found = mend.judged(row)
        if found.geometry is not None:
            taken.append(_Taken(row=row, geometry=found.geometry))
            corners += int(shapely.get_num_coordinates(found.geometry))
        notes += found.notes
    if corners > MOST_COORDS:
        raise Refused("map.too_many_corners", count=corners, most=MOST_COORDS)
    return taken, notes


def _made(taken: list[_Taken], wanted: Wanted) -> tuple[Shapes, list[LayerNote], bool]:
    """Return the shapes in our datum with their borders put right, and what is to be said of that."""
    codes, names, notes = _called(taken, wanted)
    geometries = _ours(np.array([one.geometry for one in taken], dtype=object), wanted.datum)
    attributes, told = _attributes([one.row for one in taken])
    notes += told
    is_coverage = bool((shapely.get_dimensions(geometries) == 2).all()) and coverage.lies_side_by_side(geometries)
    if is_coverage:
        geometries, told = _fitted(geometries)
        notes += told
    return shapes_of(geometries, codes, names, attributes), notes, is_coverage


def _ours(geometries: Geometries, source: Datum) -> Geometries:
    if source is not Datum.GCJ02:
        return geometries

    def moved(corners: Any) -> Any:
        return np.column_stack(datum.to_ours(corners[:, 0], corners[:, 1], source))

    return np.asarray(shapely.transform(geometries, moved), dtype=object)


def _fitted(areas: Geometries) -> tuple[Geometries, list[LayerNote]]:
    """Put common borders right, and tell overlaps and gaps before and after; nothing worse is taken."""
    before = coverage.fit_of(areas)
    if not before.overlap_km2 and not before.gap_km2 and not before.edges:
        return areas, []
    found = coverage.cleaned(areas)
    after = coverage.fit_of(found)
    if after.overlap_km2 + after.gap_km2 > before.overlap_km2 + before.gap_km2:
        found, after = areas, before
    told = {
        "overlap_before": f"{before.overlap_km2:.4f}", "overlap_after": f"{after.overlap_km2:.4f}",
        "gap_before": f"{before.gap_km2:.4f}", "gap_after": f"{after.gap_km2:.4f}",
        "edges_before": before.edges, "edges_after": after.edges, "total": f"{after.total_km2:.1f}",
    }  # fmt: skip
    return found, [note(NoteGrade.TOLD, "map.note_fit", params=told)]


def _called(taken: list[_Taken], wanted: Wanted) -> tuple[list[str], list[str], list[LayerNote]]:
    """Return code and name of every feature, each code once, and what was renamed."""
    columns = {name for one in taken for name in one.row.values}
    code_field, name_field = _code_field(columns, wanted), _name_field(columns, wanted)
    codes, names, notes, seen = list[str](), list[str](), list[LayerNote](), set[str]()
    for one in taken:
        code, name = one.row.values.get(code_field, ""), one.row.values.get(name_field, "")
        if code in wanted.renames:
            told = {"code": code, "was": name}
            code, _, name = wanted.renames[code].partition("|")
            notes.append(note(NoteGrade.RENAMED, "map.note_renamed", one.row, name=name, params={**told, "now": code}))
        given = _once(code, one.row.number, seen)
        if code and given != code:
            notes.append(note(NoteGrade.TOLD, "map.note_code_twice", one.row, params={"code": code, "now": given}))
        codes.append(given)
        names.append(name[:LONGEST_VALUE])
    return codes, names, notes


def _once(code: str, number: int, seen: set[str]) -> str:
    """Return a code that no other feature has: its own, or with its number in the file."""
    given = code[:64] or str(number)
    if given in seen:
        given = f"{given}#{number}"
    while given in seen:
        given += "'"
    seen.add(given)
    return given


def _code_field(columns: set[str], wanted: Wanted) -> str:
    return _field(columns, wanted.code_field, CODES + map_headings()["code"])


def _name_field(columns: set[str], wanted: Wanted) -> str:
    return _field(columns, wanted.name_field, NAMES + map_headings()["name"])


def _field(columns: set[str], wanted: str, known: tuple[str, ...]) -> str:
    if wanted:
        if wanted not in columns:
            raise Refused("map.no_column", column=wanted, columns=", ".join(sorted(columns))[:120])
        return wanted
    lower = {column.lower(): column for column in sorted(columns, reverse=True)}
    return next((lower[one] for one in known if one in lower), "")


def _attributes(rows: list[Row]) -> tuple[dict[str, tuple[str, ...]], list[LayerNote]]:
    names = list(dict.fromkeys(name for row in rows for name in row.values))
    notes = []
    if len(names) > MOST_ATTRIBUTES:
        params = {"count": len(names), "most": MOST_ATTRIBUTES}
        notes.append(note(NoteGrade.TOLD, "map.note_many_attributes", params=params))
    kept = names[:MOST_ATTRIBUTES]
    return {name: tuple(row.values.get(name, "")[:LONGEST_VALUE] for row in rows) for name in kept}, notes


def _packed(level: zooms.Level) -> Packed:
    data = pack(level.shapes)
    return Packed(
        from_zoom=level.from_zoom, tolerance_m=level.tolerance_m, points=len(level.shapes.coords), data=data
    )  # fmt: skip


def _counted(notes: Iterable[LayerNote], grade: NoteGrade) -> int:
    """Return how many features have a line of a grade."""
    return len({one.feature for one in notes if one.grade is grade and one.feature})


def named(notes: Iterable[LayerNote], rows: list[Row], wanted: Wanted) -> tuple[LayerNote, ...]:
    """Return notes with the names of their features, where the file gives them."""
    field = _name_field({name for row in rows for name in row.values}, wanted)
    names = {row.number: row.values.get(field, "") for row in rows}
    return tuple(replace(one, name=one.name or names.get(one.feature, "")[:LONGEST_TOLD]) for one in notes)
