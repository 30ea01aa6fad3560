"""SIGKILL of the centre amid acknowledgements and activations: nothing lost, nothing twice (RF1, RF24)."""

import random
import time
import uuid
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from chengyun_core.model.activation import Activation
from chengyun_core.model.change import Change
from chengyun_core.model.command import AcknowledgeAlarm, CreateAccount, SignOn
from chengyun_core.model.scales import Side, WarningColour
from chengyun_core.store import chain
from chengyun_core.store.engine import Database
from chengyun_core.wire import codec
from chengyun_core.wire.envelope import (
    AskChanges,
    Changes,
    Confirmed,
    Done,
    Hello,
    Reply,
    SendActivations,
    SignedOn,
    Snapshot,
)
from tests.core.centre.process import CentreProcess

KILLS = 7
RAISED = (WarningColour.YELLOW, WarningColour.NONE, WarningColour.YELLOW)
"""What each vital does: a step applied twice would be seen in the alarm's version and raises."""
PER_LIFE = 20 * len(RAISED)
VITALS = (KILLS + 2) * PER_LIFE // len(RAISED)
NOW_NS = 1_800_000_000_000_000_000


@dataclass
class Told:
    """What the client was told, and what it still does not know."""

    done: dict[str, Done] = field(default_factory=dict)
    """Command id → answer."""
    alarm_of: dict[str, int] = field(default_factory=dict)
    unknown: dict[str, AcknowledgeAlarm] = field(default_factory=dict)
    confirmed: int = 0


def _run_of(first: int, count: int) -> SendActivations:
    return SendActivations(
        activations=tuple(
            Activation(
                shard=0, epoch=3, seq=seq, vital=1 + (seq - 1) // len(RAISED), at_ns=NOW_NS + seq,
                before=WarningColour.NONE, after=RAISED[(seq - 1) % len(RAISED)],
                side=Side.HIGH, value=1.0, limit=1.0, catalogue_version=1,
            )
            for seq in range(first, first + count)
        )
    )  # fmt: skip


def _acknowledge(centre: CentreProcess, told: Told, session: str, command_id: str, command: AcknowledgeAlarm) -> None:
    told.unknown[command_id] = command
    told.alarm_of[command_id] = command.alarm
    reply = centre.do(command, session, command_id)
    _note(told, command_id, reply)


def _note(told: Told, command_id: str, reply: Reply) -> None:
    assert reply.outcome == "done", reply
    answer = codec.unpack(reply.body, Done)
    assert told.done.setdefault(command_id, answer) == answer, "the same id gets the same answer"
    told.unknown.pop(command_id, None)


def _life(centre: CentreProcess, told: Told, session: str, chance: random.Random) -> None:
    """One life of the daemon: finish what is unknown, work, and be killed at some point of a command or a run."""
    for command_id, command in list(told.unknown.items()):
        _note(told, command_id, centre.do(command, session, command_id))
    reply = centre.ask("ingest.activations", _run_of(told.confirmed + 1, PER_LIFE), centre.ingest_key)
    assert reply is not None, centre.log()
    told.confirmed = codec.unpack(reply.body, Confirmed).key.seq
    waiting = [
        number for number in range(1, told.confirmed // len(RAISED) + 1) if number not in set(told.alarm_of.values())
    ]
    last = chance.randrange(1, len(waiting))
    for number in waiting[:last]:
        _acknowledge(centre, told, session, uuid.uuid4().hex, AcknowledgeAlarm(alarm=number, version=len(RAISED)))
    _be_killed(centre, told, session, chance, waiting[last])


def _be_killed(centre: CentreProcess, told: Told, session: str, chance: random.Random, number: int) -> None:
    longest_s = 0.006
    if chance.random() < 0.4:
        longest_s = 0.08  # a run takes longer than one command; kills must fall before and after its COMMIT
        centre.send("ingest.activations", _run_of(told.confirmed + 1, PER_LIFE), centre.ingest_key)
    else:
        command, command_id = AcknowledgeAlarm(alarm=number, version=len(RAISED)), uuid.uuid4().hex
        told.unknown[command_id], told.alarm_of[command_id] = command, number
        centre.send("alarm.acknowledge", command, session, command_id)
    # Somewhere between the request's way in and its answer's way out: the harness's randomness, nothing waits for it.
    ends_at = time.perf_counter() + chance.random() * longest_s
    while time.perf_counter() < ends_at:
        pass
    centre.kill()


def _journal(centre: CentreProcess, session: str) -> list[Change]:
    found: list[Change] = []
    while True:
        reply = centre.ask("changes.since", AskChanges(after=len(found)), session)
        assert reply is not None, centre.log()
        page = codec.unpack(reply.body, Changes)
        found += page.changes
        if page.through >= page.tail:
            return found


@pytest.mark.fault
@pytest.mark.wire
@pytest.mark.slow
@pytest.mark.timeout(240)
def test_that_no_acknowledged_command_is_lost_and_none_acts_twice_over_many_kills(tmp_path: Path) -> None:
    seed = 20200820
    chance, told = random.Random(seed), Told()
    with CentreProcess(tmp_path / "p") as centre:
        centre.start()
        centre.import_city(VITALS)
        account = CreateAccount(
            account="officer", name="值班员", password="correct horse", posts=("500000.duty_officer",)
        )
        assert centre.do(account, centre.admin_key).outcome == "done"
        signed = centre.do(SignOn(account="officer", password="correct horse", seat="A-01"), "")
        session = codec.unpack(signed.body, SignedOn).token
        for _ in range(KILLS):
            _life(centre, told, session, chance)
            centre.start()
        for command_id, command in list(told.unknown.items()):
            _note(told, command_id, centre.do(command, session, command_id))
        changes = _journal(centre, session)
        snapshot = centre.ask("snapshot", Hello(protocol=1, client="faults"), session)
        assert centre.stop() == 0
    assert snapshot is not None
    _check(told, changes, codec.unpack(snapshot.body, Snapshot))
    _check_chain(centre, len(changes))


def _check(told: Told, changes: list[Change], snapshot: Snapshot) -> None:
    assert [change.number for change in changes] == list(range(1, len(changes) + 1)), "numbers are dense"
    by_number = {change.number: change for change in changes}
    assert len(told.done) >= KILLS
    for command_id, done in told.done.items():
        row = by_number[done.change]
        assert (row.action, row.key) == ("alarm.acknowledge", str(told.alarm_of[command_id]))
    acks = Counter(change.key for change in changes if change.action == "alarm.acknowledge")
    assert set(acks.values()) == {1}, "no acknowledgement happened twice"
    assert set(acks) == {str(number) for number in told.alarm_of.values()}
    raises = Counter(change.key for change in changes if change.action == "alarm.raise")
    assert set(raises.values()) == {RAISED.count(WarningColour.YELLOW)}, "no activation was applied twice"
    assert len(raises) >= told.confirmed // len(RAISED)
    versions = {record.key: record.version for record in snapshot.records if record.kind == "alarm"}
    rows = Counter(change.key for change in changes if change.kind == "alarm")
    assert versions == dict(rows), "the tables say what the journal says"


def _check_chain(centre: CentreProcess, rows: int) -> None:
    database = Database(centre.profile.folder / "centre" / "chengyun.db")
    public = bytes.fromhex((centre.profile.folder / "keys" / "sign.pub").read_text("ascii").strip())
    with database.reading() as connection:
        assert chain.verify(connection, public, 1, rows).fault == ""
    database.close()
