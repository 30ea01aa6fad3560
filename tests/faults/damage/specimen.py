"""A centre's files with a backup and rows behind it, and the judgement of a start on what was damaged."""

import hashlib
import shutil
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import Connection

from chengyun_core.centre import start
from chengyun_core.centre.ledger import Ledger
from chengyun_core.centre.opening import Opening
from chengyun_core.model.clock import ProfileClock
from chengyun_core.model.failure import Trouble
from chengyun_core.model.scales import WarningColour
from chengyun_core.store import journal as journal_rows
from chengyun_core.store import keys
from chengyun_core.store.backups import Backups
from chengyun_core.store.head_file import HeadFile
from chengyun_core.store.journal import Journal
from chengyun_core.store.reserve import Reserve
from tests.core.centre.room import SETTINGS, Room

DATABASE = Path("centre") / "chengyun.db"
_COLOURS = (WarningColour.YELLOW, WarningColour.RED, WarningColour.NONE)
BEFORE, BETWEEN, AFTER = 30, 20, 20


@dataclass(frozen=True, slots=True, kw_only=True)
class Truth:
    """What the files held before they were damaged."""

    digest: str
    """Over every row of every table."""
    tail: int
    """Number of the last journal row."""


def grown(folder: Path, *, closed: bool) -> tuple[Path, Truth]:
    """Return the files of a centre that was closed, or killed with rows in its log, and what they hold."""
    room = Room(folder / "alive")
    _observe(room, BEFORE)
    database = room.ledger._database
    assert database is not None
    database.settle()
    _backups(room.folder).make(room.folder / DATABASE)
    _observe(room, BETWEEN)
    database.settle()
    _observe(room, AFTER)
    with room.ledger.reading() as connection:
        truth = _truth(connection)
    if closed:
        room.ledger.close()
    target = folder / "found"
    shutil.copytree(room.folder, target)
    for shared in target.rglob("*-shm"):  # memory of a process that is gone
        shared.unlink()
    room.ledger.close()
    return target, truth


def opened_and_judged(folder: Path, truth: Truth) -> tuple[str, str]:
    """Start on the files as the daemon does; return harmless, healed, told, refused or silent, and why."""
    path = folder / DATABASE
    signer, clock = keys.signer(folder / "keys"), ProfileClock()
    opening = Opening(path, _backups(folder), HeadFile(path.with_name("chengyun.head")))
    try:
        ledger = Ledger(
            opening, Journal(signer, SETTINGS.realm), clock, Reserve(path.with_name("reserve.bin"), 0),
            lambda _: None, head=opening.head,
        )  # fmt: skip
    except Trouble as trouble:
        return "refused", str(trouble)
    try:
        with ledger.reading() as connection:
            found = _truth(connection)
        begun = start.begin(ledger, SETTINGS, clock, signer, opening.findings)
    except Trouble as trouble:
        return "refused", str(trouble)
    finally:
        ledger.close()
    return _verdict(truth, found, begun, opening)


def _verdict(truth: Truth, found: Truth, begun: start.Begun, opening: Opening) -> tuple[str, str]:
    if found == truth:
        return ("healed" if opening.findings.healed else "harmless"), begun.chain_light
    if begun.chain_light == "ok":
        return "silent", "content differs under a lamp that says ok"
    window = (begun.lost.first, begun.lost.last) if begun.lost else None
    if window != ((found.tail + 1, truth.tail) if found.tail < truth.tail else None):
        return "silent", f"lost {found.tail + 1} to {truth.tail}, told {window}, {begun.chain_light}"
    return "told", begun.chain_light


def _observe(room: Room, count: int) -> None:
    for _ in range(count):
        room.clock.advance(1)
        room.observe(room.seq % 4, _COLOURS[room.seq // 4 % 3])


def _backups(folder: Path) -> Backups:
    return Backups(folder / "centre" / "backup", keys.signer(folder / "keys").public(), 6)


def _truth(connection: Connection) -> Truth:
    names = connection.exec_driver_sql("SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY name").scalars()
    digest = hashlib.sha256()
    for name in names.all():
        rows = connection.exec_driver_sql(f'SELECT * FROM "{name}"')  # noqa: S608 - names of the schema
        for row in sorted(map(repr, map(tuple, rows))):  # a table need not have row numbers to be read in the order of
            digest.update(row.encode())
    return Truth(digest=digest.hexdigest(), tail=journal_rows.head(connection).number)
