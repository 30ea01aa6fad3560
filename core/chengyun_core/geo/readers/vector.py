"""Shapefile and GeoPackage → rows, read by GDAL in this process: call it in one that may die (geo.apart)."""

import os
import warnings
from pathlib import Path
from typing import Any

import numpy as np
import shapely

from chengyun_core.geo.readers import decoding
from chengyun_core.geo.rows import Row, Source, note, text_of
from chengyun_core.geo.shapes import LONGEST_VALUE, MOST_ATTRIBUTES, MOST_FEATURES
from chengyun_core.model.failure import Refused
from chengyun_core.model.map_layer import LayerNote, NoteGrade

_MARKS = {".gpkg": b"SQLite format 3\x00", ".shp": b"\x00\x00\x27\x0a"}
"""First bytes: GDAL goes by content, and would open a file that names others."""
_SKIPPED = "OGR_VRT,HTTP,WFS,OAPIF,EEDA,OGCAPI,GDALG,Elasticsearch,Carto,AmigoCloud,PLSCENES,NGW,CSW,ADBC,LIBKML"
"""Drivers that may fetch or open something else."""
_MOST_SAID = 20
"""Warnings of GDAL's that are told."""
_OURS = frozenset({4326, 4490, 4979})


def read(path: Path, *, encoding: str = "") -> Source:
    """Return the features of a `.shp` (its .dbf, .shx, .prj, .cpg beside it) or the first layer of a `.gpkg`.

    Raises:
        Refused: `map.other_content`, `map.part_missing`, `map.crs_unknown`, `map.unreadable` with what GDAL says.
    """
    _check_mark(path)
    with warnings.catch_warnings(record=True) as said:
        warnings.simplefilter("always")
        info, codec = _info(path, encoding)
        _check_crs(info["crs"])
        if info["features"] > MOST_FEATURES:
            raise Refused("map.too_many_features", count=info["features"], most=MOST_FEATURES)
        meta, wkb, columns = _columns(path, codec)
    names = [str(name) for name in meta["fields"]]
    geometries = _geometries(wkb)
    rows = [
        _row(number + 1, geometry, {name: column[number] for name, column in zip(names, columns, strict=True)}, wkb)
        for number, geometry in enumerate(geometries)
    ]
    return Source(rows=rows, notes=_notes(info, codec, path, [str(one.message) for one in said]))


def _gdal() -> Any:
    os.environ["OGR_SKIP"] = os.environ["GDAL_SKIP"] = _SKIPPED
    os.environ["CPL_CURL_ENABLED"] = "NO"
    import pyogrio  # noqa: PLC0415 - takes long to load, and reads the two settings while it does

    return pyogrio


def _check_mark(path: Path) -> None:
    mark = _MARKS[path.suffix]
    with path.open("rb") as file:
        if file.read(len(mark)) != mark:
            raise Refused("map.other_content", file=path.name)
    if path.suffix == ".shp":
        missing = [end for end in (".dbf", ".shx") if not path.with_suffix(end).is_file()]
        if missing:
            raise Refused("map.part_missing", file=path.name, missing=", ".join(missing))


def _info(path: Path, encoding: str) -> tuple[dict[str, Any], str]:
    """Return what GDAL says of a file, and the codec its texts are read with."""
    codec = decoding.named(encoding) or (_of_dbf(path) if path.suffix == ".shp" else "")
    pyogrio = _gdal()
    try:
        return pyogrio.read_info(path, encoding=codec or None, force_feature_count=True), codec
    except (pyogrio.errors.DataSourceError, pyogrio.errors.DataLayerError, ValueError) as fault:
        raise Refused("map.unreadable", file=path.name, reason=str(fault)[:120]) from fault


def _of_dbf(path: Path) -> str:
    """Return the codec of a .dbf: what its .cpg says, when the texts can be read with it; else UTF-8, then GB 18030."""
    told = path.with_suffix(".cpg")
    data = path.with_suffix(".dbf").read_bytes()
    start = int.from_bytes(data[8:10], "little")
    named = told.read_text("ascii", "replace").strip() if told.is_file() else ""
    for one in ([decoding.named(named)] if named.lower() in ("utf-8", "gbk", "gb18030", "gb2312", "cp936") else []) + [
        decoding.UTF8, decoding.GB18030,
    ]:  # fmt: skip
        if _reads(data[start:], one):
            return one
    return "latin-1"


def _reads(data: bytes, codec: str) -> bool:
    try:
        data.decode(codec)
    except UnicodeDecodeError as fault:
        # Fields are cut at a width: the last letter of one may be half, which is followed by a space or a digit.
        return codec != decoding.UTF8 and fault.start > len(data) - 2
    return True


def _check_crs(crs: str | None) -> None:
    """A file that says nothing is taken by the datum the importer named; one that says something else is refused."""
    if crs is None:
        return
    told = crs.upper()
    degrees = any(f"EPSG:{number}" == told or f'"EPSG","{number}"' in told for number in _OURS)
    named = "PROJCS" not in told and any(
        word in told
        for word in ("WGS_1984", "WGS 84", "CGCS2000", "CGCS_2000", "CHINA GEODETIC COORDINATE SYSTEM 2000")
    )
    if not degrees and not named:
        raise Refused("map.crs_unknown", crs=crs[:80])


def _columns(path: Path, codec: str) -> tuple[dict[str, Any], Any, list[Any]]:
    pyogrio = _gdal()
    from pyogrio import raw  # noqa: PLC0415 - as pyogrio

    try:
        meta, _, wkb, columns = raw.read(path, encoding=codec or None, force_2d=True, datetime_as_string=True)
    except (pyogrio.errors.DataSourceError, pyogrio.errors.DataLayerError, ValueError, UnicodeDecodeError) as fault:
        raise Refused("map.unreadable", file=path.name, reason=str(fault)[:120]) from fault
    if wkb is None:
        raise Refused("map.no_geometry_column", file=path.name)
    return meta, wkb, list(columns)[:MOST_ATTRIBUTES]


def _geometries(wkb: Any) -> list[Any]:
    """Return geometries; garbage is None, and told feature by feature."""
    found = shapely.from_wkb(wkb, on_invalid="ignore")
    return list(np.asarray(found, dtype=object))


def _row(number: int, geometry: Any, values: dict[str, Any], wkb: Any) -> Row:
    told = {name: text_of(value)[:LONGEST_VALUE] for name, value in values.items()}
    if geometry is None:
        code = "map.note_no_geometry" if wkb[number - 1] is None else "map.note_wkb"
        return Row(number=number, values=told, fault=code)
    return Row(number=number, geometry=geometry, values=told)


def _notes(info: dict[str, Any], codec: str, path: Path, said: list[str]) -> tuple[LayerNote, ...]:
    found: list[LayerNote] = []
    if codec not in ("", decoding.UTF8):
        found.append(note(NoteGrade.TOLD, "map.note_encoding", params={"encoding": codec}))
    if info["crs"] is None:
        found.append(note(NoteGrade.TOLD, "map.note_no_crs", params={"file": path.name}))
    found += [note(NoteGrade.TOLD, "map.note_said", params={"reason": one}) for one in dict.fromkeys(said[:_MOST_SAID])]
    return tuple(found)
