"""`chengyun plans`: import, export and reference library, each one command or one ask to the centre daemon."""

import json
from pathlib import Path
from typing import Any

from chengyun_core.launch import catalogue_files, exported
from chengyun_core.launch.catalogue_command import FAULTS_SHOWN, IMPORT_LIMIT_S, refuse_empty
from chengyun_core.launch.door_client import DoorClient
from chengyun_core.launch.profile import Profile
from chengyun_core.launch.report import EXIT_REFUSED, Report, sentence_of
from chengyun_core.launch.up import borrowed_centre
from chengyun_core.model.catalogue_tables import Tables
from chengyun_core.model.failure import Refused
from chengyun_core.model.plan_commands import ImportPlans
from chengyun_core.model.plan_tables import PLAN_TABLES
from chengyun_core.model.warning_line import reason_of
from chengyun_core.wire import codec
from chengyun_core.wire.addresses import of_profile
from chengyun_core.wire.plan_asks import AskExport, PlanTablesTold
from chengyun_resources.reference import plans
from chengyun_resources.texts import Texts

WORKBOOK = "plans.xlsx"


def import_folder(profile: Profile, folder: Path, texts: Texts) -> Report:
    """Import the files of a folder in one command; the centre checks every cell, and nothing is half imported."""
    if folder.suffix.lower() not in {".csv", ".xlsx"}:
        refuse_empty(folder)
    tables, origin = catalogue_files.import_folder(folder, PLAN_TABLES)
    return import_tables(profile, tables, origin, texts)


def import_tables(profile: Profile, tables: Tables, origin: dict[str, str], texts: Texts) -> Report:
    """Import tables already read."""
    address = of_profile(profile.folder).centre_door
    with borrowed_centre(profile), DoorClient(address, session=profile.key("admin.key")) as door:
        try:
            done = door.send(ImportPlans(tables=tables, origin=origin), timeout_s=IMPORT_LIMIT_S)
        except Refused as refused:
            if refused.reason.code != "plan.faults":
                raise
            return _faulty(refused.reason.params, texts)
    rows = {name: len(found) for name, found in tables.items()}
    line = texts.say("launch.plans_imported", rows=sum(rows.values()), tables=len(rows))
    told = [sentence_of(reason_of(warning), texts) for warning in done.warnings]
    return Report(lines=(line, *told), facts={"outcome": "done", "change": done.change, "rows": rows, "warnings": told})


def export_folder(profile: Profile, folder: Path, file_format: str, texts: Texts) -> Report:
    """Write the library to a folder."""
    address = of_profile(profile.folder).centre_door
    with borrowed_centre(profile), DoorClient(address, session=profile.key("admin.key")) as door:
        tables = _exported(door)
        rows = sum(len(found) for found in tables.values())
        exported.tell(door, what="plans", form=file_format, rows=rows, content=tables)
    return _written(tables, folder, file_format, texts, "launch.plans_exported")


def reference(folder: Path, file_format: str, points: int, texts: Texts) -> Report:
    """Write the generated library of the reference city to a folder, ready to be imported or edited."""
    return _written(plans.tables(points), folder, file_format, texts, "launch.plans_written")


def _written(tables: Tables, folder: Path, file_format: str, texts: Texts, code: str) -> Report:
    files = catalogue_files.write_tables(tables, folder, file_format, PLAN_TABLES, WORKBOOK)
    rows = {name: len(found) for name, found in tables.items()}
    line = texts.say(code, folder=folder, files=len(files), rows=sum(rows.values()))
    return Report(lines=(line,), facts={"outcome": "done", "rows": rows, "files": [str(path) for path in files]})


def _exported(door: DoorClient) -> Tables:
    """Return the whole library, page by page; Refused when somebody changed it meanwhile."""
    tables: Tables = {name: [] for name in PLAN_TABLES}
    after, library = "", None
    while True:
        told = codec.unpack(door.ask("plan.export", AskExport(after=after), timeout_s=IMPORT_LIMIT_S), PlanTablesTold)
        if library not in (None, told.library):
            raise Refused("plan.exported_changed")
        for name, rows in told.tables.items():
            tables[name] += rows
        after, library = told.after, told.library
        if not after:
            return tables


def _faulty(params: dict[str, str], texts: Texts) -> Report:
    faults: list[dict[str, Any]] = json.loads(params["faults"])
    facts = [{**fault, "reason": texts.say(fault["code"], **fault["params"])} for fault in faults]
    lines = [texts.say("launch.fault_line" if fault["line"] else "launch.fault_of_table", **fault)
             for fault in facts[:FAULTS_SHOWN]]  # fmt: skip
    if len(facts) > FAULTS_SHOWN:
        lines.append(texts.say("launch.more_faults", count=len(facts) - FAULTS_SHOWN))
    lines.append(texts.say("launch.nothing_imported", count=len(facts)))
    return Report(lines=tuple(lines), facts={"outcome": "refused", "faults": facts}, exit_code=EXIT_REFUSED)
