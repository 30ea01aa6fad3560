"""`chengyun events import FILE`: every row looked at first, then sent by the batch; the same file twice is once."""

import hashlib
from pathlib import Path
from typing import Protocol

from chengyun_core.centre.settings import CentreSettings
from chengyun_core.launch import settings
from chengyun_core.launch.catalogue_command import FAULTS_SHOWN, IMPORT_LIMIT_S
from chengyun_core.launch.door_client import DoorClient
from chengyun_core.launch.profile import Profile
from chengyun_core.launch.report import EXIT_REFUSED, Report, sentence_of
from chengyun_core.launch.up import borrowed_centre
from chengyun_core.model.catalogue import Catalogue
from chengyun_core.model.catalogue_rows import CellFault
from chengyun_core.model.event_commands import ImportedEvent, ImportEvents
from chengyun_core.model.event_import import EVENTS, IN_A_BATCH, Known, forms
from chengyun_core.model.failure import Reason
from chengyun_core.tabular import event_file
from chengyun_core.wire import codec
from chengyun_core.wire.addresses import of_profile
from chengyun_core.wire.envelope import AskCatalogue, Done
from chengyun_core.wire.event_asks import ImportChecked
from chengyun_resources.texts import Texts


class Asked(Protocol):
    """What the import asks of a door."""

    def ask(self, kind: str, body: object, *, timeout_s: float | None = None, request_id: str = "") -> bytes:
        """Return the answer's body; raise Refused or Trouble."""
        ...

    def send(self, command: object, *, timeout_s: float | None = None, request_id: str = "") -> Done:
        """Carry out a command."""
        ...


def import_file(profile: Profile, file: Path, texts: Texts, *, check_only: bool = False) -> Report:
    """Import the events of a CSV or XLSX file, as the machine's local administrator.

    Raises:
        Refused: the file cannot be read; the centre refuses. Trouble: no daemon.
    """
    rows = event_file.read(file)
    zone = settings.read(profile.settings_file, "centre", CentreSettings).zone_minutes
    address = of_profile(profile.folder).centre_door
    with borrowed_centre(profile), DoorClient(address, session=profile.key("admin.key")) as door:
        return import_rows(door, file, rows, zone, texts, check_only=check_only)


def import_rows(
    door: Asked, file: Path, rows: list[dict[str, str]], zone_minutes: int, texts: Texts, *, check_only: bool
) -> Report:  # fmt: skip
    """Import rows already read: nothing is sent before every row was found good, here and by the centre.

    A run that was cut off is finished by running it again: each batch has an id made from the file's bytes, and what
    was done is answered, not done again.
    """
    catalogue = codec.unpack(door.ask("catalogue.get", AskCatalogue(version=0)), Catalogue)
    known = Known(
        centres=frozenset(one.code for one in catalogue.centres), zone_minutes=zone_minutes,
        matters=frozenset(one.code for one in catalogue.matters),
    )  # fmt: skip
    events, faults = forms(rows, known)
    if told := [*faults.listed()] or _refused_by_centre(door, file, events):
        return _faulty(file, told, texts)
    here = 0 if check_only else _send(door, file, events)
    code = "launch.events_checked" if check_only else "launch.events_imported"
    line = texts.say(code, count=len(events) - here, known=here, file=file.name)
    facts = {"outcome": "done", "events": len(events), "known": here, "imported": not check_only}
    return Report(lines=(line,), facts=facts)


def _batches(file: Path, events: list[ImportedEvent]) -> list[ImportEvents]:
    return [
        ImportEvents(file=file.name, batch=start // IN_A_BATCH + 1, rows=tuple(events[start : start + IN_A_BATCH]))
        for start in range(0, len(events), IN_A_BATCH)
    ]


def _refused_by_centre(door: Asked, file: Path, events: list[ImportedEvent]) -> list[CellFault]:
    found: list[CellFault] = []
    for batch in _batches(file, events):
        answer = codec.unpack(door.ask("event.check_import", batch, timeout_s=IMPORT_LIMIT_S), ImportChecked)
        found += [
            CellFault(table=EVENTS.name, line=line, column=reason.params.get("field", ""), value="", code=reason.code,
                      params=reason.params)
            for line, reason in answer.faults
        ]  # fmt: skip
    return found


def _send(door: Asked, file: Path, events: list[ImportedEvent]) -> int:
    """Send the batches; return how many rows were known before."""
    digest = hashlib.sha256(file.read_bytes()).hexdigest()[:40]
    answers = (
        door.send(batch, timeout_s=IMPORT_LIMIT_S, request_id=f"import:{digest}:{batch.batch}")
        for batch in _batches(file, events)
    )
    return sum(len(done.left) for done in answers)


def _faulty(file: Path, faults: list[CellFault], texts: Texts) -> Report:
    facts = [
        {"file": file.name, "line": fault.line, "column": fault.column, "value": fault.value, "code": fault.code,
         "reason": sentence_of(Reason(code=fault.code, params=fault.params), texts)}
        for fault in faults
    ]  # fmt: skip
    lines = [texts.say("launch.fault_line", table=EVENTS.name, **fact) for fact in facts[:FAULTS_SHOWN]]
    if len(facts) > FAULTS_SHOWN:
        lines.append(texts.say("launch.more_faults", count=len(facts) - FAULTS_SHOWN))
    lines.append(texts.say("launch.nothing_imported", count=len(facts)))
    return Report(lines=tuple(lines), facts={"outcome": "refused", "faults": facts}, exit_code=EXIT_REFUSED)
