"""`chengyun warnings check|import|lists FILE`: warnings and call lists from files, by who is at the machine."""

import argparse
import hashlib
from collections.abc import Iterator
from pathlib import Path

from chengyun_core.launch.door_client import DoorClient
from chengyun_core.launch.profile import Profile
from chengyun_core.launch.report import EXIT_REFUSED, Report, sentence_of
from chengyun_core.launch.up import borrowed_centre
from chengyun_core.model.call_tables import lists
from chengyun_core.model.failure import Reason, Refused
from chengyun_core.model.warning_commands import SaveCallList, TakeWarning
from chengyun_core.tabular import event_file
from chengyun_core.wire import codec
from chengyun_core.wire.addresses import of_profile
from chengyun_core.wire.warning_asks import AskCallLists, AskWarningCheck, CallLists, WarningChecked
from chengyun_resources.texts import Texts

ROWS_AT_ONCE = 200
"""As many rows of a table as one import takes (bulletins.rows)."""
LIMIT_S = 60.0


def run(profile: Profile, options: argparse.Namespace, texts: Texts) -> Report:
    """Carry out one act on one file.

    Raises:
        Refused: the file cannot be read; the centre refuses. Trouble: no daemon.
    """
    file: Path = options.file
    if not file.is_file():
        raise Refused("launch.no_file", file=file)
    address = of_profile(profile.folder).centre_door
    with borrowed_centre(profile), DoorClient(address, session=profile.key("admin.key")) as door:
        if options.act == "lists":
            return _lists(door, file, texts)
        return _warnings(door, file, texts, check_only=options.act == "check")


def _warnings(door: DoorClient, file: Path, texts: Texts, *, check_only: bool) -> Report:
    parts = list(parts_of(file.name, file.read_bytes()))
    faults: list[Reason] = []
    count = 0
    for part in parts:
        asked = AskWarningCheck(name=file.name, data=part)
        told = codec.unpack(door.ask("warning.check", asked, timeout_s=LIMIT_S), WarningChecked)
        faults += told.faults
        count += len(told.warnings)
    if faults:
        return _faulty(faults, texts)
    known = 0 if check_only else sum(_take(door, file.name, part) for part in parts)
    code = "launch.warnings_checked" if check_only else "launch.warnings_taken"
    line = texts.say(code, count=count - known, known=known, file=file.name)
    return Report(lines=(line,), facts={"outcome": "done", "warnings": count, "known": known, "taken": not check_only})


def _take(door: DoorClient, name: str, data: bytes) -> int:
    """Take one part; its id is made from its bytes, so that a run that was cut off may be run again."""
    request = hashlib.sha256(b"warning.import\x00" + data).hexdigest()
    return len(door.send(TakeWarning(name=name, data=data), timeout_s=LIMIT_S, request_id=request).left)


def parts_of(name: str, data: bytes) -> Iterator[bytes]:
    """Yield what is imported at once: an XML file whole, a table by so many rows below its head."""
    lines = data.splitlines(keepends=True)
    if not name.lower().endswith(".csv") or len(lines) <= ROWS_AT_ONCE + 1:
        yield data
        return
    for start in range(1, len(lines), ROWS_AT_ONCE):
        yield b"".join((lines[0], *lines[start : start + ROWS_AT_ONCE]))


def _lists(door: DoorClient, file: Path, texts: Texts) -> Report:
    made, faults = lists(event_file.read(file))
    if faults:
        return _faulty(faults, texts)
    held = codec.unpack(door.ask("call_list.page", AskCallLists()), CallLists).lists
    versions = {one.code: one.version for one in held}
    for one in made:
        door.send(SaveCallList(call_list=one, version=versions.get(one.code, 0)))
    line = texts.say("launch.call_lists_saved", count=len(made), file=file.name)
    return Report(lines=(line,), facts={"outcome": "done", "lists": [one.code for one in made]})


def _faulty(faults: list[Reason], texts: Texts) -> Report:
    lines = tuple(sentence_of(fault, texts) for fault in faults)
    facts = {"outcome": "refused", "faults": [{"code": one.code, "params": one.params} for one in faults]}
    return Report(lines=lines, facts=facts, exit_code=EXIT_REFUSED)
