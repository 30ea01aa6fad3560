"""The centre over a failing disk: each fault in a centre of its own, and what must hold during it and after it."""

import json
import logging
import random
import shutil
import sys
import traceback
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, replace
from pathlib import Path

from sqlalchemy import Connection
from sqlalchemy.exc import DatabaseError

from chengyun_core.model.command import CommentAlarm
from chengyun_core.model.scales import WarningColour
from chengyun_core.store.engine import Database
from chengyun_core.wire import codec
from chengyun_core.wire.envelope import Done
from tests.core.centre.room import SETTINGS, Room
from tests.faults.disk.shim import BROKEN, FULL, Calls, Disk, Fault, drawn, indices
from tests.faults.powercut import centre_work

DEEDS = 9
HONEST = frozenset({"store.disk_full", "store.io_error", "store.read_only", "store.fault", "store.busy"})
"""What an officer may be told while the disk fails; anything else is a bug or a lie."""
TENDED = 6
LIMITS = replace(SETTINGS, reserve_mib=1)


def faults(folder: Path, disk: Disk, seed: int, at_most: int) -> Iterator[Fault]:
    """Return faults at every index of a run without any, or at so many of them; how long each lasts is drawn."""
    broken = one(folder / "whole", disk, Fault(calls=Calls.WRITES, error=0, at=1 << 40, times=0), heals=False)
    assert broken == [], broken
    dice = random.Random(seed)
    kinds = ((Calls.WRITES, FULL), (Calls.SYNCS, BROKEN), (Calls.WRITES, BROKEN))
    seen = {calls: disk.seen(calls) for calls in Calls}
    for calls, error in kinds:
        for at in indices(seen[calls], at_most // len(kinds), dice):
            yield drawn(calls, error, at, dice)


def one(folder: Path, disk: Disk, fault: Fault, *, heals: bool = True) -> list[str]:
    """Work with this fault and return what is broken: lies, losses, or a centre that does not recover by itself."""
    broken: list[str] = []
    marks: list[list[str]] = []
    with Room(folder, LIMITS) as room:
        session = room.officer()
        room.ledger._reserve.restore()
        for number in range(3):
            room.observe(number, WarningColour.RED)
        disk.arm(fault)
        refused = [deed for deed in range(DEEDS) if not _done(room, session, deed, marks, broken)]
        if heals:
            disk.heal()
        for _ in range(TENDED):
            _tend(room)
        # The disk is well again: nobody starts anything anew, and what was refused is done once under its own id.
        broken += [f"not done although the disk is well: {deed}" for deed in refused
                   if not _done(room, session, deed, marks, broken)]  # fmt: skip
        _tend(room)
        if room.ledger.light != "ok":
            broken.append(f"the light stays {room.ledger.light}")
        if not room.ledger._reserve.stands():
            broken.append("the reserve is not put back")
        comments = sum(1 for change in room.published if change.kind == "comment")
        if comments > DEEDS:
            broken.append(f"done twice: {comments} comments of {DEEDS}")
    return broken + centre_work.check(folder, marks)


def _done(room: Room, session: str, deed: int, marks: list[list[str]], broken: list[str]) -> bool:
    """Do one deed, comment or activation; note what was promised, and any answer that is no honest one."""
    _tend(room)
    if deed % 3 == 2:
        reply = room.observe(deed % 4, WarningColour.YELLOW)
        if reply.outcome == "done":
            marks.append(["confirmed", "7", str(room.seq)])
        else:
            room.seq -= 1  # the same number is sent again, as the uplink does
    else:
        command_id = uuid.UUID(int=deed + 1).hex
        reply = room.do(CommentAlarm(alarm=1 + deed % 3, text="现场已到" * 120), session, command_id)
        if reply.outcome == "done":
            marks.append(["done", command_id, str(codec.unpack(reply.body, Done).change)])
    if reply.outcome != "done" and reply.code not in HONEST:
        broken.append(f"deed {deed} was answered {reply.outcome} {reply.code} {reply.params}")
    return reply.outcome == "done"


def _tend(room: Room) -> None:
    room.ledger._look_at = 0.0  # no waiting in a test: what is looked at every two seconds is looked at now
    room.ledger.tend()


@contextmanager
def _pretending(database: Database) -> Iterator[Connection]:
    """Write like a careless program: an error at COMMIT is ignored. The control that must be seen to lie."""
    try:
        database._begin()
        yield database._writer
        database._writer.commit()
    except DatabaseError:
        database._undo()


def main(folder: Path, seed: int, at_most: int, *, pretends: bool) -> None:
    """Print a line of JSON for each fault."""
    logging.disable(logging.CRITICAL)
    if pretends:
        Database.writing = _pretending  # type: ignore[method-assign]
    disk = Disk()
    for number, fault in enumerate(faults(folder, disk, seed, at_most)):
        place = folder / str(number)
        try:
            broken = one(place, disk, fault)
        except Exception as fault_of_ours:  # noqa: BLE001 - whatever ends the daemon is what is looked for
            broken = [f"ended by {fault_of_ours!r}", *traceback.format_exc().splitlines()[-8:]]
        disk.heal()
        print(json.dumps({**asdict(fault), "broken": broken}, ensure_ascii=False), flush=True)
        shutil.rmtree(place, ignore_errors=True)


if __name__ == "__main__":
    main(Path(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3]), pretends="pretends" in sys.argv)
