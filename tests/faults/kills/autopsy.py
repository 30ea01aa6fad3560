"""What a killed city left on the disk, held against everything that was promised and everything that was sensed."""

import re
import shutil
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import Connection, select

from chengyun_core.ingest.spool import BandTable, _records
from chengyun_core.launch.profile import Profile
from chengyun_core.store import chain
from chengyun_core.store.engine import Database
from chengyun_core.store.tables import JOURNAL
from chengyun_core.wire.durable import read_record
from tests.faults.kills.officer import KIND, Officer

ACTIVATION = re.compile(r"activation:0:(\d+):(\d+)")
SHOWN = 5
"""Numbers told of a long list."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Left:
    """What lies on the disk. Only read while both daemons are dead: nobody writes then, and nothing is recovered."""

    rows: int
    chain_fault: str
    delivered: Mapping[int, int]
    """Number of an activation → journal rows it caused."""
    epochs: frozenset[int]
    acknowledged: Mapping[int, tuple[str, str]]
    """Row of an acknowledgement → (command id, alarm)."""
    spooled: frozenset[int]
    numbered: int
    """Greatest number ingest has given out, as far as its files tell."""


def read(profile: Profile, copy: Path, *, whole_chain: bool) -> Left:
    """Read a copy of database and spool. `whole_chain`: every signature is verified too, not only the last."""
    spooled, numbered = _spool(profile.folder / "ingest")
    if copy.exists():
        shutil.rmtree(copy)
    shutil.copytree(profile.folder / "centre", copy, ignore=shutil.ignore_patterns("reserve.bin", "backup"))
    database = Database(copy / "chengyun.db")
    try:
        with database.reading() as connection:
            return _journal(connection, profile, spooled, numbered, whole_chain=whole_chain)
    finally:
        database.close()


def faults(left: Left, officer: Officer, *, sensed: int) -> list[str]:
    """Return a sentence for each promise that was not kept. `sensed`: activations ingest was ever heard to number."""
    found = [f"the chain is broken: {left.chain_fault}"] if left.chain_fault else []
    found += officer.differing
    found += _of_activations(left, max(sensed, left.numbered))
    for request_id, (alarm, row) in officer.done.items():
        if left.acknowledged.get(row) != (request_id, str(alarm)):
            found.append(f"acknowledged and lost: alarm {alarm}, told row {row}, there {left.acknowledged.get(row)}")
    twice = [name for name, count in Counter(name for name, _ in left.acknowledged.values()).items() if count > 1]
    found += _told("commands took effect twice", twice)
    known = officer.done.keys() | officer.unknown
    strangers = {name for name, _ in left.acknowledged.values()} - known
    return found + _told("commands took effect that were answered otherwise", strangers)


def _of_activations(left: Left, last: int) -> list[str]:
    durable = left.delivered.keys() | left.spooled
    lost = set(range(1, last + 1)) - durable
    overtaken = [seq for seq in left.spooled - left.delivered.keys() if seq < max(left.delivered, default=0)]
    return [
        *_told("activations are neither in the journal nor in the spool", lost),
        *_told("activations were delivered more than once", [s for s, rows in left.delivered.items() if rows > 1]),
        *_told("activations in the spool were passed over by the journal", overtaken),
        *([] if len(left.epochs) <= 1 else [f"the spool began anew: epochs {sorted(left.epochs)}"]),
    ]


def _told(words: str, numbers: Iterable[object]) -> list[str]:
    found = sorted(numbers, key=str)
    return [f"{len(found)} {words}: {', '.join(map(str, found[:SHOWN]))}"] if found else []


def _spool(folder: Path) -> tuple[frozenset[int], int]:
    table = read_record(folder / "state" / "bands-0", BandTable)
    spooled = {
        activation.seq
        for path in (folder / "spool" / "0").glob("*.run")
        for _end, activation in _records(path.read_bytes())
    }
    return frozenset(spooled), max(table.as_of_seq if table else 0, max(spooled, default=0))


def _journal(
    connection: Connection, profile: Profile, spooled: frozenset[int], numbered: int, *, whole_chain: bool
) -> Left:
    public = bytes.fromhex((profile.folder / "keys" / "sign.pub").read_text("ascii").strip())
    columns = (JOURNAL.c.number, JOURNAL.c.action, JOURNAL.c.key, JOURNAL.c.command_id)
    rows = connection.execute(select(*columns).order_by(JOURNAL.c.number)).all()
    causes = [match for row in rows if (match := ACTIVATION.match(row.command_id))]
    signatures = chain.EVERY if whole_chain else chain.LAST_ONLY
    verdict = chain.verify(connection, public, 1, len(rows), signatures=signatures)
    return Left(
        rows=len(rows),
        chain_fault=verdict.fault and f"{verdict.fault} at row {verdict.number} of {len(rows)}",
        delivered=Counter(int(match[2]) for match in causes),
        epochs=frozenset(int(match[1]) for match in causes),
        acknowledged={row.number: (row.command_id, row.key) for row in rows if row.action == KIND},
        spooled=spooled, numbered=numbered,
    )  # fmt: skip
