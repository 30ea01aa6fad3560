"""Warnings of others taken in (A21): a worker reads the bytes and keeps them, one unit of work writes them."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, replace

from sqlalchemy import Connection

from chengyun_core.bulletins.reading import Read, read
from chengyun_core.bulletins.xml_tree import MOST_BYTES
from chengyun_core.centre import display_numbers, warning_area, warning_care
from chengyun_core.centre.desk import Desk
from chengyun_core.centre.gate import Caller
from chengyun_core.centre.wording import clean
from chengyun_core.centre.work import Work
from chengyun_core.centre.workers import Job
from chengyun_core.model import warning_rules
from chengyun_core.model.failure import Reason, Refused
from chengyun_core.model.stamp import iso_utc
from chengyun_core.model.warning import MessageType, OfficialWarning, WarningState
from chengyun_core.model.warning_commands import TakeWarning
from chengyun_core.store import counters, warning_table
from chengyun_core.store.attachments import LARGEST_PART, AttachmentStore
from chengyun_core.wire import codec
from chengyun_core.wire.envelope import Done
from chengyun_core.wire.warning_asks import AskWarningCheck, WarningChecked

OWN = "own"
"""Format of what is published here."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Taken:
    """What a worker made of the bytes."""

    read: Read
    digest: str


def prepare(desk: Desk, _connection: Connection, command: TakeWarning) -> Job:
    """Have a worker read the bytes, and keep them under their digest when nothing is wrong."""
    name, data = clean(command.name, field="file", most=200, required=True), command.data
    if len(data) > MOST_BYTES:
        raise Refused("warning.too_large", size=len(data), most=MOST_BYTES)
    return lambda: _worked(desk.files, name, data)


def take(desk: Desk, work: Work, caller: Caller, command: TakeWarning, taken: Taken) -> Done:  # noqa: ARG001 - see HANDLERS
    """Write what is in a file: all of it, or none and what is wrong with it.

    A message that is here already is not written again: its number is told among those left.

    Raises:
        Refused: the first fault; `warning.check` tells all of them.
    """
    faults = [*taken.read.faults, *_faults(desk, work.connection, taken.read.warnings)]
    if faults:
        raise Refused(faults[0].code, **faults[0].params)
    numbers, known = [], []
    for one in taken.read.warnings:
        held = warning_table.by_identity(work.connection, one.sender, one.identifier)
        if held is not None:
            known.append((str(held.number), "warning.known"))
            continue
        numbers.append(_written(desk, work, one, taken.digest))
        work.breathe()
    first = numbers[0] if numbers else None
    key = str(first.number) if first else known[0][0]
    return Done(change=work.noted, key=key, version=first.version if first else 0, left=tuple(known))


def checked(desk: Desk, connection: Connection, ask: AskWarningCheck) -> bytes:
    """Answer `warning.check`: what an import would make of the bytes, or all that is wrong with them."""
    found = read(ask.name, ask.data)
    faults = [*found.faults, *_faults(desk, connection, found.warnings)]
    shown = () if faults else tuple(_placed(desk, connection, one) for one in found.warnings)
    return codec.pack(WarningChecked(warnings=shown, faults=tuple(faults)))


def _worked(files: AttachmentStore | None, name: str, data: bytes) -> Taken:
    found = read(name, data)
    digest = hashlib.sha256(data).hexdigest()
    if found.faults or files is None:
        return Taken(read=found, digest="")
    for offset in range(0, len(data), LARGEST_PART):
        files.part(digest, len(data), offset, data[offset : offset + LARGEST_PART])
    files.seal(digest, len(data))
    return Taken(read=found, digest=digest)


def _faults(desk: Desk, connection: Connection, found: Sequence[OfficialWarning]) -> list[Reason]:
    """Return why messages that are well formed are not taken here."""
    faults = []
    for one in found:
        code = warning_rules.status_fault(one.status, desk.settings.realm)
        if code:
            faults.append(Reason(code=code, params={"identifier": one.identifier}))
        alien = [ref for ref in one.references if warning_rules.named(ref)[0] != one.sender]
        if alien:
            # Another's warning is replaced or lifted by who published it (突发事件应对法 art. 70).
            faults.append(Reason(code="warning.not_its_sender", params={"sender": one.sender, "reference": alien[0]}))
        if _names_ours(connection, one):
            faults.append(Reason(code="warning.own_sender", params={"sender": one.sender}))
    return faults


def _names_ours(connection: Connection, one: OfficialWarning) -> bool:
    """Return whether a message passes for one of ours, or would replace one: that is done here, by command."""
    names = [(one.sender, one.identifier), *map(warning_rules.named, one.references)]
    held = (warning_table.by_identity(connection, *name) for name in names)
    return any(known is not None and known.format == OWN for known in held)


def _written(desk: Desk, work: Work, one: OfficialWarning, digest: str) -> OfficialWarning:
    placed = _placed(desk, work.connection, _linked(work.connection, one))
    (code,) = display_numbers.take(desk, work, "warning")
    held = replace(
        placed, number=counters.take(work.connection, warning_table.COUNTER, 1), code=code, digest=digest,
        received_at=work.at_ns, state=WarningState.IN_FORCE,
    )  # fmt: skip
    return warning_care.publish(desk, work, held, "warning.import")


def _placed(desk: Desk, connection: Connection, one: OfficialWarning) -> OfficialWarning:
    return replace(one, area=replace(one.area, centres=warning_area.within(desk.city, connection, one.area)))


def _linked(connection: Connection, one: OfficialWarning) -> OfficialWarning:
    """Return a row of a table as an Update of the one in force of its kind in its place: such feeds never say so."""
    if one.format != "table":
        return one
    alike = one.identifier.rsplit("/", 2)[0]
    before = [held for held in warning_table.living_alike(connection, one.sender, f"{alike}/")
              if held.issued_at <= one.issued_at]  # fmt: skip
    references = tuple(f"{held.sender},{held.identifier},{iso_utc(held.issued_at)}" for held in before)
    return replace(one, message=MessageType.UPDATE, references=references) if references else one
