"""`chengyun catalogue`: import, export and reference, each one command or one ask to the centre daemon."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from chengyun_core.launch import catalogue_files, exported
from chengyun_core.launch.door_client import DoorClient
from chengyun_core.launch.profile import Profile
from chengyun_core.launch.report import EXIT_REFUSED, Report, sentence_of
from chengyun_core.launch.up import borrowed_centre
from chengyun_core.model.catalogue import Catalogue
from chengyun_core.model.catalogue_build import tables_of
from chengyun_core.model.catalogue_check import check
from chengyun_core.model.catalogue_rows import CellFault
from chengyun_core.model.command import ImportCatalogue
from chengyun_core.model.failure import Refused
from chengyun_core.model.warning_line import reason_of
from chengyun_core.wire import codec
from chengyun_core.wire.addresses import of_profile
from chengyun_core.wire.envelope import AskCatalogue
from chengyun_resources.reference import city
from chengyun_resources.texts import Texts

IMPORT_LIMIT_S = 120.0
FAULTS_SHOWN = 50

Tables = dict[str, list[dict[str, str]]]


def import_folder(profile: Profile, folder: Path, texts: Texts) -> Report:
    """Check the files of a folder and, when every cell is good, import them in one command."""
    tables, origin = catalogue_files.import_folder(folder)
    return import_tables(profile, tables, origin, texts)


def import_tables(profile: Profile, tables: Tables, origin: dict[str, str], texts: Texts) -> Report:
    """Import tables already read; nothing is half imported."""
    faults = check(tables)
    if faults:
        return _faulty(faults, origin, texts)
    with _door(profile) as door:
        done = door.send(ImportCatalogue(tables=tables, origin=origin), timeout_s=IMPORT_LIMIT_S)
    rows = {name: len(found) for name, found in tables.items()}
    line = texts.say("launch.catalogue_imported", version=done.version, rows=sum(rows.values()), tables=len(rows))
    told = [sentence_of(reason_of(warning), texts) for warning in done.warnings]
    facts = {"outcome": "done", "version": done.version, "change": done.change, "rows": rows, "warnings": told}
    return Report(lines=(line, *told), facts=facts)


def export_folder(profile: Profile, folder: Path, file_format: str, texts: Texts) -> Report:
    """Write the catalogue in force to a folder."""
    with _door(profile) as door:
        catalogue = codec.unpack(door.ask("catalogue.whole", AskCatalogue(), timeout_s=IMPORT_LIMIT_S), Catalogue)
        rows = sum(len(found) for found in tables_of(catalogue).values())
        exported.tell(door, what="catalogue", form=file_format, rows=rows, content=catalogue)
    written = catalogue_files.export_folder(catalogue, folder, file_format)
    line = texts.say("launch.catalogue_exported", version=catalogue.version, folder=folder, files=len(written))
    return Report(
        lines=(line,), facts={"outcome": "done", "version": catalogue.version, "files": [str(path) for path in written]}
    )


def reference(folder: Path, file_format: str, texts: Texts) -> Report:
    """Write the generated reference city to a folder, ready to be imported or edited."""
    written = catalogue_files.write_tables(city.tables(), folder, file_format)
    line = texts.say("launch.reference_written", folder=folder, files=len(written))
    return Report(lines=(line,), facts={"outcome": "done", "files": [str(path) for path in written]})


def _faulty(faults: list[CellFault], origin: dict[str, str], texts: Texts) -> Report:
    lines = [_fault_line(fault, origin, texts) for fault in faults[:FAULTS_SHOWN]]
    if len(faults) > FAULTS_SHOWN:
        lines.append(texts.say("launch.more_faults", count=len(faults) - FAULTS_SHOWN))
    lines.append(texts.say("launch.nothing_imported", count=len(faults)))
    facts = {"outcome": "refused", "faults": [_fault_facts(fault, origin, texts) for fault in faults]}
    return Report(lines=tuple(lines), facts=facts, exit_code=EXIT_REFUSED)


def _fault_facts(fault: CellFault, origin: dict[str, str], texts: Texts) -> dict[str, object]:
    return {
        "file": origin.get(fault.table, fault.table),
        "line": fault.line,
        "column": fault.column,
        "value": fault.value,
        "code": fault.code,
        "reason": texts.say(fault.code, **fault.params),
    }


def _fault_line(fault: CellFault, origin: dict[str, str], texts: Texts) -> str:
    facts = _fault_facts(fault, origin, texts)
    return texts.say("launch.fault_line" if fault.line else "launch.fault_of_table", **facts)


@contextmanager
def _door(profile: Profile) -> Iterator[DoorClient]:
    address = of_profile(profile.folder).centre_door
    with borrowed_centre(profile), DoorClient(address, session=profile.key("admin.key")) as door:
        yield door


def refuse_empty(folder: Path) -> None:
    """Raise Refused when a folder to import from does not exist."""
    if not folder.is_dir():
        raise Refused("launch.no_folder", folder=folder)
