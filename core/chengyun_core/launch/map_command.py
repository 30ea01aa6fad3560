"""`chengyun map import|list|retire|report`: layers of the map from files, by who is at the machine; and the demo's."""

import argparse
import hashlib
import tempfile
import zipfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from chengyun_core.geo import apart
from chengyun_core.geo.telling import Wanted
from chengyun_core.launch.door_client import DoorClient, asked
from chengyun_core.launch.profile import Profile
from chengyun_core.launch.report import Report, sentence_of
from chengyun_core.launch.up import borrowed_centre
from chengyun_core.model.failure import Reason, Refused
from chengyun_core.model.map_commands import ImportLayer, RetireLayer
from chengyun_core.model.map_layer import Datum, LayerKind, LayerNote, MapLayer
from chengyun_core.model.warning_line import reason_of
from chengyun_core.wire import codec
from chengyun_core.wire.addresses import of_profile
from chengyun_core.wire.envelope import Done
from chengyun_core.wire.event_asks import AskUpload, UploadHeld, UploadPart
from chengyun_core.wire.map_asks import AskLayers, Layers
from chengyun_resources import boundaries
from chengyun_resources.texts import Texts

LIMIT_S = apart.LIMIT_S + 60.0
NOTES_SHOWN = 40
_PART = 512 * 2**10


def run(profile: Profile, options: argparse.Namespace, texts: Texts) -> Report:
    """Carry out one act.

    Raises:
        Refused: a file cannot be read; the centre refuses. Trouble: no daemon.
    """
    with borrowed_centre(profile), _door(profile) as door:
        if options.act == "list":
            return _listed(asked(door, "map.layers", AskLayers(retired=options.all), Layers).layers, texts)
        if options.act == "retire":
            return _retired(door, options, texts)
        return _imported(door, options, texts)


def report(options: argparse.Namespace, texts: Texts) -> Report:
    """Read a file as an import would, and tell what it would mend and leave out; no daemon is asked."""
    with tempfile.TemporaryDirectory(prefix="chengyun-map-") as folder:
        file = _one_file([Path(one) for one in options.files], Path(folder))
        told = apart.read(file, _wanted(options, file.name)).told
    line = texts.say("map.report_line", file=file.name, features=told.features, mended=told.mended,
                     refused=told.refused, error=_error(told.error_m, texts))  # fmt: skip
    reasons = [_reason(one) for one in told.notes]
    facts = {
        "outcome": "done", "features": told.features, "mended": told.mended, "refused": told.refused,
        "bounds": told.bounds, "error_m": told.error_m, "notes": [_fact(one, texts) for one in reasons],
    }  # fmt: skip
    return Report(lines=(line, *_lines(reasons, texts)), facts=facts)


def ensure_demo(profile: Profile, texts: Texts) -> None:
    """Give a demo city the layers that ship, as far as it has none of their codes."""
    with _door(profile) as door:
        known = {one.code for one in asked(door, "map.layers", AskLayers(retired=True), Layers).layers}
        missing = [one for one in boundaries.shipped() if one.code not in known]
        if missing:
            print(texts.say("launch.making_map"), flush=True)
        for one in missing:
            with tempfile.TemporaryDirectory(prefix="chengyun-map-") as folder:
                file = _one_file(one.files, Path(folder))
                _send(door, file, _shipped(one, file))


def _door(profile: Profile) -> DoorClient:
    return DoorClient(of_profile(profile.folder).centre_door, session=profile.key("admin.key"))


def _shipped(one: boundaries.Shipped, file: Path) -> ImportLayer:
    fields: dict[str, Any] = dict(one.fields)
    fields["kind"], fields["datum"] = LayerKind(fields["kind"]), Datum(fields.get("datum", Datum.CGCS2000))
    fields["searchable"] = tuple(fields.get("searchable", ()))
    return ImportLayer(code=one.code, file=file.name, digest=_digest(file), size=file.stat().st_size, **fields)


def _imported(door: DoorClient, options: argparse.Namespace, texts: Texts) -> Report:
    with tempfile.TemporaryDirectory(prefix="chengyun-map-") as folder:
        file = _one_file([Path(one) for one in options.files], Path(folder))
        code = options.code or file.stem
        layers = asked(door, "map.layers", AskLayers(retired=True), Layers).layers
        held = next((one.version for one in layers if one.code == code), 0)
        done = _send(door, file, _command(options, file, code, held))
    reasons = [reason_of(line) for line in done.warnings]
    say = "map.checked_line" if options.check else "map.imported_line"
    facts = {
        "outcome": "done", "layer": code, "imported": not options.check,
        "version": 0 if options.check else done.version, "notes": [_fact(one, texts) for one in reasons],
    }  # fmt: skip
    line = texts.say(say, layer=code, file=file.name, count=len(reasons))
    return Report(lines=(line, *_lines(reasons, texts)), facts=facts)


def _command(options: argparse.Namespace, file: Path, code: str, version: int) -> ImportLayer:
    return ImportLayer(
        code=code, version=version, name=options.name or code, kind=LayerKind(options.kind), file=file.name,
        digest=_digest(file), size=file.stat().st_size, datum=Datum(options.datum), approval_number=options.approval,
        licence=options.licence, origin=options.origin, valid_from=options.valid_from, valid_to=options.valid_to,
        schematic=options.schematic, style=options.style, min_zoom=options.min_zoom, max_zoom=options.max_zoom,
        source_error_m=options.source_error, code_field=options.code_field, name_field=options.name_field,
        longitude_field=options.longitude_field, latitude_field=options.latitude_field, encoding=options.encoding,
        searchable=tuple(options.search), renames=_renames(options.rename), try_only=options.check,
    )  # fmt: skip


def _wanted(options: argparse.Namespace, name: str) -> Wanted:
    return Wanted(
        name=name, datum=Datum(options.datum), code_field=options.code_field, name_field=options.name_field,
        longitude_field=options.longitude_field, latitude_field=options.latitude_field, encoding=options.encoding,
        renames=_renames(options.rename), source_error_m=options.source_error,
    )  # fmt: skip


def _renames(told: Sequence[str]) -> dict[str, str]:
    pairs = (one.partition("=") for one in told)
    return {code: name for code, _, name in pairs}


def _send(door: DoorClient, file: Path, command: ImportLayer) -> Done:
    """Upload a file, as far as it is not there, and have it imported."""
    size, way = command.size, "map" if command.kind is LayerKind.TILES else "attachment"
    held = asked(door, f"{way}.held", AskUpload(digest=command.digest, size=size), UploadHeld).held
    with file.open("rb") as opened:
        opened.seek(held)
        while data := opened.read(_PART):
            part = UploadPart(digest=command.digest, size=size, offset=held, data=data)
            held = codec.unpack(door.ask(f"{way}.part", part), UploadHeld).held
    return door.send(command, timeout_s=LIMIT_S)


def _one_file(files: Sequence[Path], folder: Path) -> Path:
    """Return the file, or a zip of the parts; a `.shp` brings what lies beside it."""
    found = [beside for file in files for beside in _with_parts(file)]
    missing = next((file for file in found if not file.is_file()), None)
    if not found or missing is not None:
        raise Refused("launch.no_file", file=missing or "")
    if len(found) == 1:
        return found[0]
    target = folder / f"{files[0].stem}.zip"
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as opened:
        for file in found:
            # Without the files' own times the same parts make the same bytes, and so the same content.
            opened.writestr(zipfile.ZipInfo(file.name), file.read_bytes(), zipfile.ZIP_DEFLATED)
    return target


def _with_parts(file: Path) -> list[Path]:
    if file.suffix.lower() != ".shp":
        return [file]
    return sorted(one for one in file.parent.glob(f"{file.stem}.*") if one.suffix.lower() in _SHAPEFILE) or [file]


_SHAPEFILE = frozenset({".shp", ".shx", ".dbf", ".prj", ".cpg"})


def _digest(file: Path) -> str:
    with file.open("rb") as opened:
        return hashlib.file_digest(opened, "sha256").hexdigest()


def _retired(door: DoorClient, options: argparse.Namespace, texts: Texts) -> Report:
    layers = {one.code: one for one in asked(door, "map.layers", AskLayers(), Layers).layers}
    lines, facts = [], []
    for code in options.files:
        if code not in layers:
            raise Refused("map.layer_unknown", layer=code)
        door.send(RetireLayer(code=code, version=layers[code].version, reason=options.reason))
        lines.append(texts.say("map.retired_line", layer=code, name=layers[code].name))
        facts.append(code)
    return Report(lines=tuple(lines), facts={"outcome": "done", "retired": facts})


def _listed(layers: Sequence[MapLayer], texts: Texts) -> Report:
    lines = [
        texts.say(
            "map.list_line", layer=one.code, name=one.name, kind=texts.say(f"map.kind.{one.kind}"),
            features=one.features, error=_error(one.error_m, texts),
            approval=one.approval_number or texts.say("map.no_approval"),
            retired=texts.say("map.retired") if one.retired else "",
        ).rstrip()
        for one in layers
    ]  # fmt: skip
    facts = [
        {"code": one.code, "name": one.name, "kind": one.kind.value, "features": one.features, "error_m": one.error_m,
         "approval_number": one.approval_number, "schematic": one.schematic, "licence": one.licence,
         "origin": one.origin, "valid_from": one.valid_from, "valid_to": one.valid_to, "mended": one.mended,
         "refused": one.refused, "retired": one.retired, "version": one.version}
        for one in layers
    ]  # fmt: skip
    return Report(lines=tuple(lines) or (texts.say("map.no_layers"),), facts={"layers": facts})


def _error(metres: float, texts: Texts) -> str:
    return texts.say("map.error", metres=f"{metres:g}") if metres else texts.say("map.error_unknown")


def _reason(one: LayerNote) -> Reason:
    where = {"feature": str(one.feature), "line": str(one.line), "name": one.name, "grade": one.grade.value}
    return Reason(code=one.code, params={**one.params, **where})


def _lines(reasons: Sequence[Reason], texts: Texts) -> list[str]:
    lines = [_line(one, texts) for one in reasons[:NOTES_SHOWN]]
    if len(reasons) > NOTES_SHOWN:
        lines.append(texts.say("map.more_notes", count=len(reasons) - NOTES_SHOWN))
    return lines


def _line(reason: Reason, texts: Texts) -> str:
    """Return a line of the report: which feature, in which line, what became of it, and why."""
    params = reason.params
    where = "map.note_where_file" if params["feature"] == "0" else "map.note_where"
    at = texts.say("map.note_line", line=params["line"]) if params["line"] not in ("", "0") else ""
    grade = texts.say(f"map.grade.{params['grade']}")
    told = texts.say(where, feature=params["feature"], name=params["name"], line=at, grade=grade)
    return f"{told}{sentence_of(reason, texts)}"


def _fact(reason: Reason, texts: Texts) -> dict[str, Any]:
    return {"code": reason.code, **reason.params, "text": sentence_of(reason, texts)}
