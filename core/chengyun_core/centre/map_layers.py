"""Layers of the map taken in and taken off: a worker has the file read apart, one unit of work writes the layer."""

import hashlib
import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date

from sqlalchemy import Connection

from chengyun_core.centre import duty_care
from chengyun_core.centre.desk import Desk
from chengyun_core.centre.event_files import label
from chengyun_core.centre.gate import Caller
from chengyun_core.centre.wording import clean
from chengyun_core.centre.work import Work
from chengyun_core.centre.workers import Job
from chengyun_core.geo import apart
from chengyun_core.geo.telling import Told, Wanted
from chengyun_core.model.failure import Reason, Refused
from chengyun_core.model.holding import Subject
from chengyun_core.model.map_commands import ImportLayer, RetireLayer
from chengyun_core.model.map_layer import (
    LARGEST_ZOOM,
    LONGEST_CODE,
    LONGEST_TEXT,
    MOST_NOTES,
    LayerKind,
    LayerLevel,
    LayerNote,
    MapLayer,
)
from chengyun_core.model.warning_line import line_of
from chengyun_core.store import map_table
from chengyun_core.store.attachments import LARGEST_PART, AttachmentStore
from chengyun_core.wire import codec
from chengyun_core.wire.envelope import Done
from chengyun_core.wire.event_asks import AskUpload, UploadHeld, UploadPart

KIND = "map_layer"
_CODE = re.compile(rf"[A-Za-z0-9][A-Za-z0-9_.-]{{0,{LONGEST_CODE - 1}}}")
_STYLES = {
    LayerKind.BOUNDARY: "district", LayerKind.AREA: "zone", LayerKind.WATER: "river", LayerKind.ROAD: "road",
    LayerKind.PIPELINE: "pipe_supply", LayerKind.PLACE: "place", LayerKind.TILES: "tiles",
}  # fmt: skip
"""Kind → how it is drawn unless the importer says otherwise: keys of the console's styles."""
_MOST_TOLD = 200
"""Lines of a report an answer holds."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Prepared:
    """What a worker made of the file."""

    told: Told
    levels: tuple[LayerLevel, ...]


def subjects(desk: Desk, work: Work, command: ImportLayer | RetireLayer) -> tuple[Subject, ...]:  # noqa: ARG001 - see HANDLERS
    """Return the profile's own centre: a layer is of the whole map."""
    return (duty_care.subject_of_centre(desk, duty_care.own_centre(desk)),)


def prepare(desk: Desk, connection: Connection, command: ImportLayer) -> Job:
    """Return the slow part: the content checked against its digest, read in a process of its own, and kept."""
    _check(command)
    _as_seen(connection, command.code, command.version)
    files = _holder(desk, command)
    return lambda: _prepared(files, command)


def take(desk: Desk, work: Work, caller: Caller, command: ImportLayer, prepared: Prepared) -> Done:  # noqa: ARG001 - see HANDLERS
    """Put a layer on the map; what was mended and left out is told in the answer's warnings."""
    held = _as_seen(work.connection, command.code, command.version)
    told = tuple(line_of(reason_of(one)) for one in prepared.told.notes[:_MOST_TOLD])
    if command.try_only:
        return Done(change=0, key=command.code, version=prepared.told.features, warnings=told)
    layer = replace(
        _made(command, prepared), imported_at=work.at_ns, imported_by=caller.account, version=held + 1
    )  # fmt: skip
    params: dict[str, object] = {
        "name": layer.name, "features": layer.features, "mended": layer.mended, "refused": layer.refused,
        "file": layer.file, "digest": layer.sha256,
    }  # fmt: skip
    change = work.note("map.import", KIND, layer.code, layer.version, layer, params=params)
    map_table.put(work.connection, layer, change)
    return Done(change=change, key=layer.code, version=layer.version, warnings=told)


def retire(desk: Desk, work: Work, caller: Caller, command: RetireLayer) -> Done:  # noqa: ARG001 - see HANDLERS
    """Take a layer off the map."""
    reason = clean(command.reason, field="reason", required=True)
    held = map_table.get(work.connection, command.code)
    if held is None or held.retired:
        raise Refused("map.layer_unknown", layer=command.code[:LONGEST_CODE])
    _as_seen(work.connection, command.code, command.version)
    layer = replace(held, retired=True, version=held.version + 1)
    params = {"name": held.name, "reason": reason}
    change = work.note("map.retire", KIND, held.code, layer.version, layer, params=params)
    map_table.put(work.connection, layer, change)
    return Done(change=change, key=held.code, version=layer.version)


def reason_of(one: LayerNote) -> Reason:
    """Return a line of a report as a reason, with the feature and line it is about."""
    where = {"feature": str(one.feature), "line": str(one.line), "name": one.name, "grade": one.grade.value}
    return Reason(code=one.code, params={**one.params, **where})


def _check(command: ImportLayer) -> None:
    """Refuse what is wrong with the words before a file is looked at."""
    if not _CODE.fullmatch(command.code):
        raise Refused("map.code_faulty", layer=command.code[:LONGEST_CODE])
    clean(command.name, field="name", most=LONGEST_TEXT, required=True)
    for field in ("approval_number", "licence", "origin", "style"):
        clean(getattr(command, field), field=field, most=LONGEST_TEXT)
    for day in (command.valid_from, command.valid_to):
        _check_day(day)
    if not 0 <= command.min_zoom <= command.max_zoom <= LARGEST_ZOOM:
        raise Refused("map.zoom_range", low=command.min_zoom, high=command.max_zoom, most=LARGEST_ZOOM)
    if not 0 <= command.source_error_m <= 100_000:
        raise Refused("map.error_range", error=command.source_error_m)
    if (command.kind is LayerKind.TILES) != command.file.lower().endswith(".mbtiles"):
        raise Refused("map.kind_of_file", kind=command.kind.value, file=command.file[:80])


def _check_day(day: str) -> None:
    try:
        good = not day or date.fromisoformat(day).isoformat() == day
    except ValueError:
        good = False
    if not good:
        raise Refused("map.day_faulty", day=day[:20])


def _as_seen(connection: Connection, code: str, version: int) -> int:
    """Return the version of a layer as it is, 0 for none; raise Refused when that is not what was seen."""
    held = map_table.get(connection, code)
    found = held.version if held else 0
    if found != version:
        raise Refused("map.changed", layer=code, version=found)
    return found


def _prepared(files: AttachmentStore, command: ImportLayer) -> Prepared:
    files.seal(command.digest, command.size)
    wanted = Wanted(
        name=command.file, datum=command.datum, code_field=command.code_field, name_field=command.name_field,
        longitude_field=command.longitude_field, latitude_field=command.latitude_field, encoding=command.encoding,
        renames=command.renames, source_error_m=command.source_error_m,
    )  # fmt: skip
    read = apart.read(files.path(command.digest), wanted)
    levels = [
        LayerLevel(
            from_zoom=told.from_zoom, digest=hashlib.sha256(data).hexdigest(), size=len(data),
            tolerance_m=told.tolerance_m, points=told.points,
        )
        for told, data in zip(read.told.levels, read.levels, strict=True)
    ]  # fmt: skip
    if not command.try_only:
        _keep(files, levels, read.levels)
    return Prepared(told=read.told, levels=tuple(levels))


def _keep(files: AttachmentStore, levels: Sequence[LayerLevel], contents: Sequence[bytes]) -> None:
    for level, data in zip(levels, contents, strict=True):
        for offset in range(0, len(data), LARGEST_PART):
            files.part(level.digest, len(data), offset, data[offset : offset + LARGEST_PART])
        files.seal(level.digest, len(data))


def _made(command: ImportLayer, prepared: Prepared) -> MapLayer:
    told, tiles = prepared.told, prepared.told.tiles
    finest = prepared.levels[-1] if prepared.levels else None
    low, high = command.min_zoom, command.max_zoom
    if tiles is not None:
        low, high = max(low, tiles.min_zoom), min(high, tiles.max_zoom)
    return MapLayer(
        code=command.code, name=command.name.strip(), kind=command.kind, datum_of_source=command.datum,
        error_m=told.error_m, approval_number=command.approval_number.strip(), licence=command.licence.strip(),
        origin=command.origin.strip() or (tiles.attribution if tiles else ""), valid_from=command.valid_from,
        valid_to=command.valid_to, schematic=command.schematic, style=command.style or _STYLES[command.kind],
        min_zoom=low, max_zoom=high, searchable=command.searchable[:8], features=told.features, bounds=told.bounds,
        levels=prepared.levels, sha256=finest.digest if finest else command.digest,
        size=finest.size if finest else command.size, media=tiles.media if tiles else "", mended=told.mended,
        refused=told.refused, notes=told.notes[:MOST_NOTES], file=label(command.file),
    )  # fmt: skip


def held(desk: Desk, _connection: Connection, ask: AskUpload) -> bytes:
    """Answer `map.held`: how much of a file of tiles is here; as `attachment.held`, of files that may be larger."""
    return codec.pack(UploadHeld(held=_map_store(desk).held(ask.digest, ask.size), size=ask.size))


def part(desk: Desk, _connection: Connection, ask: UploadPart) -> bytes:
    """Answer `map.part`: take a part of a file of tiles."""
    taken = _map_store(desk).part(ask.digest, ask.size, ask.offset, ask.data)
    return codec.pack(UploadHeld(held=taken, size=ask.size))


def _holder(desk: Desk, command: ImportLayer) -> AttachmentStore:
    """Return where an upload came: tiles by `map.part`, or as any other file by `attachment.part`."""
    if command.kind is not LayerKind.TILES:
        return _store(desk)
    large = _map_store(desk)
    return large if large.held(command.digest, command.size) == command.size else _store(desk)


def _map_store(desk: Desk) -> AttachmentStore:
    if desk.map_files is None:
        raise Refused("attachment.no_store")
    return desk.map_files


def _store(desk: Desk) -> AttachmentStore:
    if desk.files is None:
        raise Refused("attachment.no_store")
    return desk.files
