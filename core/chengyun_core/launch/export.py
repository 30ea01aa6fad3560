"""`chengyun export`: facts folded from the journal and written as files that other programs read."""

import csv
import hashlib
import io
import json
import sys
from collections.abc import Iterable
from pathlib import Path

from chengyun_core.launch.door_client import DoorClient
from chengyun_core.launch.profile import Profile
from chengyun_core.launch.report import Report
from chengyun_core.launch.up import borrowed_centre
from chengyun_core.model.alarm import Alarm
from chengyun_core.model.change import Change
from chengyun_core.model.failure import Trouble
from chengyun_core.model.rights_commands import NoteExport
from chengyun_core.model.stamp import iso_utc
from chengyun_core.wire import codec
from chengyun_core.wire.addresses import of_profile
from chengyun_resources.texts import Texts

ALARM_COLUMNS = ("vital", "colour", "raised_at", "returned_at", "acked_at", "acked_by", "note")
"""The contract others rely on (issue 2); times are UTC ISO 8601."""
_SIGNS = "=+-@"
_FULL_WIDTH = 0xFEE0
_DANGEROUS = (*_SIGNS, *(chr(ord(sign) + _FULL_WIDTH) for sign in _SIGNS), "\t", "\r", "\n")


def run(profile: Profile, file_format: str, output: Path | None, texts: Texts) -> Report | int:
    """Export all alarms of the journal to a file or to standard output."""
    with (
        borrowed_centre(profile),
        DoorClient(of_profile(profile.folder).centre_door, session=profile.key("admin.key")) as door,
    ):
        alarms = alarms_of(door.changes())
        text = (
            alarms_csv(alarms)
            if file_format == "csv"
            else json.dumps([alarm_facts(alarm) for alarm in alarms], ensure_ascii=False)
        )
        # In the journal before a byte leaves (docs/rights.md): who took what.
        digest = hashlib.sha256(text.encode()).hexdigest()
        door.send(NoteExport(what="alarms", form=file_format, rows=len(alarms), digest=digest))
    if output is None:
        sys.stdout.write(text if text.endswith("\n") else text + "\n")
        return 0
    _write(output, text)
    return Report(
        lines=(texts.say("launch.exported", count=len(alarms), file=output),),
        facts={"alarms": len(alarms), "file": str(output)},
    )


def _write(output: Path, text: str) -> None:
    try:
        output.write_text(text, "utf-8")
    except OSError as fault:
        raise Trouble("launch.not_writable", file=output, reason=fault.strerror or fault) from fault


def alarms_of(changes: Iterable[Change]) -> list[Alarm]:
    """Return every alarm's last record, by number: the journal is the truth."""
    last: dict[int, Alarm] = {}
    for change in changes:
        if change.kind == "alarm":
            alarm = codec.unpack(change.record, Alarm)
            last[alarm.number] = alarm
    return [last[number] for number in sorted(last)]


def alarms_csv(alarms: Iterable[Alarm]) -> str:
    """Return the alarms as CSV text."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(ALARM_COLUMNS)
    for alarm in alarms:
        writer.writerow([safe(cell) for cell in _alarm_cells(alarm)])
    return text.getvalue()


def alarm_facts(alarm: Alarm) -> dict[str, str]:
    """Return one alarm's cells by column name."""
    return dict(zip(ALARM_COLUMNS, _alarm_cells(alarm), strict=True))


def _alarm_cells(alarm: Alarm) -> tuple[str, ...]:
    note = " ".join(part for part in (alarm.note_code or "", alarm.note) if part)
    return (
        alarm.vital_code,
        alarm.colour.name.lower(),
        iso_utc(alarm.raised_at),
        iso_utc(alarm.returned_at),
        iso_utc(alarm.acked_at),
        alarm.acked_by or "",
        note,
    )


def safe(cell: str) -> str:
    """Return a cell that no spreadsheet takes for a formula."""
    # A spreadsheet takes such text for a formula (OWASP CSV injection, RS7), a Chinese one its full-width twin as well.
    begins = cell.startswith(_DANGEROUS) or cell.lstrip().startswith(_DANGEROUS)
    return "'" + cell if begins and not _is_number(cell) else cell


def _is_number(cell: str) -> bool:
    try:
        float(cell)
    except ValueError:
        return False
    return True
