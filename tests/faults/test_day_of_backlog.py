"""RF20, one centre's part: a hundred thousand facts of a day wait, bounded and told; live ones leave first, once."""

from pathlib import Path

import pytest
from sqlalchemy import Connection, delete, insert

from chengyun_core.centre.outbox_watch import LONG, OK, OLD, OutboxWatch
from chengyun_core.centre.settings import CentreSettings
from chengyun_core.model.audit import CENTRE
from chengyun_core.model.clock import NS_PER_S
from chengyun_core.store import outbox
from chengyun_core.store.outbox import URGENT
from chengyun_core.store.tables import JOURNAL, OUTBOX
from chengyun_core.store.taken_facts import TakenFacts
from chengyun_core.wire.signed_fact import SignedFact
from tests.core.centre.room import Room

AWAY, FACTS, BATCH = "500103", 100_000, 2000
LINKED = CentreSettings(argon2_time_cost=1, argon2_memory_kib=64, reserve_mib=0, linked_centres=(AWAY,))
EVERY_NS = 24 * 3600 * NS_PER_S // FACTS
EMPTY = {
    "chain": 1, "realm": "live", "account": "", "seat": "", "post": "", "area": "", "part": 0, "record": b"",
    "params": b"\x80", "prev_hash": b"", "hashed": b"", "hash": b"", "signature": b"", "action": "x", "version": 1,
}  # fmt: skip


def _wait(connection: Connection, first: int, count: int, since_ns: int) -> None:
    """Put facts into the outbox as they lie there; every tenth is an order's, which goes before the rest."""
    numbers = range(first, first + count)
    kinds = {number: "receipt" if number % 10 == 0 else "event" for number in numbers}
    at = {number: since_ns + (number - first) * EVERY_NS for number in numbers}
    connection.execute(insert(JOURNAL), [
        {**EMPTY, "number": n, "command_id": f"b{n}", "kind": kinds[n], "key": str(n), "at_ns": at[n]} for n in numbers
    ])  # fmt: skip
    connection.execute(insert(OUTBOX), [
        {"number": n, "target": AWAY, "due_ns": at[n], "sealed": n.to_bytes(8, "big"), "lane": outbox.lane_of(kinds[n])}
        for n in numbers
    ])  # fmt: skip


def _fact(number: int) -> SignedFact:
    return SignedFact(
        realm="live", issuer="500000", target=AWAY, place=number, chain=1, number=number, account="", post="",
        action="x", kind="event", key="", version=1, record=b"", issued_at=0, expires_at=2**62,
    )  # fmt: skip


@pytest.mark.fault
def test_that_a_day_s_backlog_is_told_and_leaves_behind_what_is_live_each_fact_once(tmp_path: Path) -> None:
    with Room(tmp_path, LINKED) as room:
        now, begun = room.clock.utc_ns(), room.ledger.tail + 1
        watch = OutboxWatch(room.desk, room.ledger)
        with room.ledger.work(CENTRE) as work:
            _wait(work.connection, begun, FACTS, now - 23 * 3600 * NS_PER_S)
        watch.look()
        assert watch.counts["outbox.rows"] == FACTS
        assert watch.counts["outbox.oldest_s"] == 23 * 3600
        assert watch.lights == {"outbox": OK}
        room.clock.advance(2 * 3600)
        assert watch.lights == {"outbox": OLD}
        taken, live = _drained(room, begun)
        assert sorted(taken) == list(range(begun, begun + FACTS + len(live))), "nothing lost, nothing twice"
        for place, number in live.items():
            assert taken.index(number) <= place + BATCH, "what is live is in the very next batch"
        backlog = [number for number in taken if number < begun + FACTS]
        lanes = [0 if number % 10 == 0 else 1 for number in backlog]
        assert lanes == sorted(lanes), "orders of the backlog before the rest of it"
        assert all(backlog[at] < backlog[at + 1] for at in range(len(backlog) - 1) if lanes[at] == lanes[at + 1])
        watch.look()
        assert watch.counts == {"outbox.rows": 0, "outbox.oldest_s": 0}
        assert watch.lights == {"outbox": OK}


def _drained(room: Room, begun: int) -> tuple[list[int], dict[int, int]]:
    """Carry all of it away in batches, every second one twice; a fact of now comes up on every tenth."""
    taken: list[int] = []
    live: dict[int, int] = {}
    turn, extra = 0, begun + FACTS
    while True:
        now = room.clock.utc_ns()
        with room.ledger.work(CENTRE) as work:
            if turn % 10 == 9:
                _wait(work.connection, extra, 1, now)
                live[len(taken)] = extra
                extra += 1
            batch = outbox.next_batch(work.connection, AWAY, BATCH, live_after_ns=now - 60 * NS_PER_S)
            numbers = [int.from_bytes(sealed, "big") for sealed in batch]
            seen = TakenFacts(work.connection)
            for _ in range(1 + turn % 2):
                taken += [fact.number for fact in seen.take_all(map(_fact, numbers))]
            work.connection.execute(delete(OUTBOX).where(OUTBOX.c.number.in_(numbers)))
        assert len(batch) <= BATCH, "whoever carries them sets the pace"
        if not batch:
            return taken, live
        room.clock.advance(1)
        turn += 1


def test_that_too_many_rows_are_told_and_a_centre_of_its_own_has_no_light(tmp_path: Path) -> None:
    with Room(tmp_path, LINKED) as room:
        watch = OutboxWatch(room.desk, room.ledger)
        with room.ledger.work(CENTRE) as work:
            _wait(work.connection, room.ledger.tail + 1, 3, room.clock.utc_ns())
        watch.tend()
        assert watch.lights == {"outbox": OK}
        room.desk.settings = CentreSettings(linked_centres=(AWAY,), outbox_most_rows=2)
        assert watch.lights == {"outbox": LONG}
        room.desk.settings = CentreSettings()
        assert (watch.lights, watch.counts) == ({}, {})
        assert outbox.lane_of("mode") == outbox.lane_of("receipt") == URGENT != outbox.lane_of("event")
