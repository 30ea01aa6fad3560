"""The centre at work under the recorder, and what must hold of its database after a power cut (RF7, RG1)."""

import random
import sys
import uuid
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path

from sqlalchemy import Connection, select

from chengyun_core.centre import start
from chengyun_core.model.alarm import Alarm, AlarmMove, NoteCode, effective, possible_moves
from chengyun_core.model.command import AcknowledgeAlarm, CommentAlarm, ShelveAlarm, UnacknowledgeAlarm, UnshelveAlarm
from chengyun_core.model.failure import Trouble
from chengyun_core.model.scales import WarningColour
from chengyun_core.store import alarm_table, answers, chain, counters, engine, facts, keys, streams
from chengyun_core.store import journal as journal_rows
from chengyun_core.store.engine import Database
from chengyun_core.store.head_file import HeadFile
from chengyun_core.store.page_sums import PageSums
from chengyun_core.store.tables import JOURNAL
from chengyun_core.wire import codec
from chengyun_core.wire.envelope import Done, Reply, SendActivations
from tests.core.centre import room as rooms
from tests.core.centre.event_room import peopled_city
from tests.core.centre.room import INGEST_KEY, Room, activation
from tests.faults.powercut import chain_work
from tests.faults.powercut.marks import mark

DEEDS = 220
VITALS = 4
EPOCH = 7
STEPS = (WarningColour.YELLOW, WarningColour.RED, WarningColour.NONE)
DATABASE = Path("centre") / "chengyun.db"


def work(folder: Path, seed: int, synchronous: str, checkpoint_pages: int) -> None:
    """Observe, acknowledge, shelve, comment and restart; mark whatever was answered as done."""
    pragmas = (pragma.replace("synchronous=FULL", f"synchronous={synchronous}") for pragma in engine._OF_THE_WRITER)
    engine._OF_THE_WRITER, engine.CHECKPOINT_FRAMES, engine._LOOK_EVERY = tuple(pragmas), checkpoint_pages, 1
    # Made by the product's own steps, and synced by them: a copy put there by a test is gone with the power.
    rooms.OPENS[:] = [lambda folder: Database(folder / DATABASE)]
    chance = random.Random(seed)
    with Room(folder) as room:
        room.adopt(peopled_city())
        session = room.officer()
        unit, index = chain_work.set_up(room), chain_work.indexer(room)
        for _ in range(DEEDS):
            room.clock.advance(1)
            if chance.random() < 0.015:
                room.restart()
                room.adopt(peopled_city())
                index = chain_work.indexer(room)
            kind = chance.random()
            if kind < 0.3:
                _observe(room, chance.randint(1, 12))
            elif kind < 0.6:
                _command(room, session, chance)
            else:
                _give(room, *chain_work.deed(room, session, unit, chance), chance)
            chain_work.go_on(room)
            for _ in range(3):
                index.step()


def _observe(room: Room, count: int) -> None:
    run = []
    for _ in range(count):
        room.seq += 1
        number = room.seq - 1
        made = activation(room.seq, number % VITALS, STEPS[number // VITALS % 3], at_ns=room.clock.utc_ns())
        run.append(replace(made, epoch=EPOCH))
    reply = room.ask("ingest.activations", SendActivations(activations=tuple(run)), INGEST_KEY)
    assert reply.outcome == "done", reply
    mark("confirmed", EPOCH, room.seq)


def _command(room: Room, session: str, chance: random.Random) -> None:
    living = sorted(room.living().values(), key=lambda alarm: alarm.number)
    if not living:
        return
    alarm = chance.choice(living)
    possible = [make for move, make in _COMMANDS if move is None or move in possible_moves(effective(alarm))]
    _give(room, chance.choice(possible)(alarm), session, chance)


def _give(room: Room, command: object, session: str, chance: random.Random) -> None:
    command_id = uuid.UUID(int=chance.getrandbits(128)).hex
    reply = room.do(command, session, command_id)
    if reply.outcome == "done":
        mark("done", command_id, codec.unpack(reply.body, Done).change)


_Make = Callable[[Alarm], object]
_COMMANDS: tuple[tuple[AlarmMove | None, _Make], ...] = (
    (
        AlarmMove.ACKNOWLEDGE,
        lambda one: AcknowledgeAlarm(alarm=one.number, version=one.version, note_code=NoteCode.VERIFYING),
    ),
    (
        AlarmMove.UNACKNOWLEDGE,
        lambda one: UnacknowledgeAlarm(alarm=one.number, version=one.version, reason="误确认" * 40),
    ),
    (
        AlarmMove.SHELVE,
        lambda one: ShelveAlarm(alarm=one.number, version=one.version, minutes=30, reason="检修" * 40),
    ),
    (AlarmMove.UNSHELVE, lambda one: UnshelveAlarm(alarm=one.number, version=one.version)),
    (None, lambda one: CommentAlarm(alarm=one.number, text="现场已到" * 100)),
)


def check(folder: Path, marks: Sequence[list[str]]) -> list[str]:
    """Return what is broken after the cut: answers lost, half transactions, the chain, or a file nobody can open."""
    damaged = PageSums(folder / DATABASE).damaged()
    try:
        database = start.opened(Database(folder / DATABASE))
    except Trouble as fault:
        return [f"cannot be opened: {fault}"]
    try:
        with database.reading() as connection:
            broken = [*_lost(connection, marks), *_half_done(connection), *_chain_faults(connection, folder)]
            broken += chain_work.half_done(connection)
            broken += _false_alarms(connection, folder, damaged)
        with database.writing() as connection:
            facts.put(connection, "life_goes_on", "yes")
    except Trouble as fault:
        return [f"cannot be used: {fault}"]
    finally:
        database.close()
    return broken


def _lost(connection: Connection, marks: Sequence[list[str]]) -> list[str]:
    broken = []
    for kind, first, second in marks:
        if kind == "confirmed" and streams.confirmed(connection, 0, int(first)) < int(second):
            broken.append(f"confirmed activations lost: through {second}")
        if kind == "done":
            number = connection.execute(select(JOURNAL.c.command_id).where(JOURNAL.c.number == int(second))).scalar()
            kept = answers.find(connection, first)
            if number != first or kept is None or codec.unpack(kept.answer, Reply).outcome != "done":
                broken.append(f"acknowledged command lost: {first} of change {second}")
    return broken


_ANSWERED = ("alarm", "comment", "event", "order", "receipt")


def _half_done(connection: Connection) -> list[str]:
    """One transaction is alarm, journal row, answer and stream position: each is asked about the others."""
    rows = connection.execute(select(JOURNAL).order_by(JOURNAL.c.number)).all()
    last = {int(row.key): codec.unpack(row.record, Alarm) for row in rows if row.kind == "alarm"}
    broken = [
        f"alarm and journal differ: {number}"
        for number, alarm in last.items()
        if alarm_table.get(connection, number) != alarm
    ]
    if counters.last(connection, alarm_table.COUNTER) != len(last):
        broken.append("counter of alarms differs from the journal")
    commands = {row.command_id for row in rows if row.account in ("officer", "unit") and row.kind in _ANSWERED}
    broken += [f"row without its answer: {name}" for name in commands if answers.find(connection, name) is None]
    seen = [int(row.command_id.split(":")[3]) for row in rows if row.command_id.startswith("activation:")]
    if max(seen, default=0) != streams.confirmed(connection, 0, EPOCH):
        broken.append(f"stream position differs from the journal: {max(seen, default=0)}")
    if set(range(1, max(seen, default=0) + 1)) != set(seen):
        broken.append("activations without their rows")
    return broken


def _chain_faults(connection: Connection, folder: Path) -> list[str]:
    tail = counters.last(connection, journal_rows.COUNTER)
    public = keys.signer(folder / "keys").public()
    verdict = chain.verify(connection, public, 1, tail, signatures=chain.LAST_ONLY)
    return [f"chain broken: {verdict.fault} at {verdict.number}"] if verdict.fault else []


def _false_alarms(connection: Connection, folder: Path, damaged: tuple[int, ...]) -> list[str]:
    """A cut is no damage: sums and the noted end may be behind what is on disk, never against it (RF4)."""
    noted, head = HeadFile(folder / "centre" / "chengyun.head").last(), journal_rows.head(connection)
    broken = [f"damage where there is none: pages {damaged[:10]}"] if damaged else []
    if noted is not None and noted.number > head.number:
        broken.append(f"a loss that is none: rows {head.number + 1} to {noted.number}")
    elif noted is not None:
        kept = connection.execute(select(JOURNAL.c.hash).where(JOURNAL.c.number == noted.number)).scalar()
        broken += [] if kept == noted.hash else [f"the noted end is another row: {noted.number}"]
    return broken


if __name__ == "__main__":
    work(Path(sys.argv[1]), int(sys.argv[2]), sys.argv[3], int(sys.argv[4]))
