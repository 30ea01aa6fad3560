"""RF20, one centre's part: parted from its district for a day it works on; what waits is whole, in order and told."""

import itertools
from pathlib import Path

import pytest

from chengyun_core.centre.settings import CentreSettings
from chengyun_core.crypto.choice import provider
from chengyun_core.model.clock import NS_PER_S
from chengyun_core.model.order import Receipt
from chengyun_core.model.order_commands import OrderDraft, Recipient, SendOrders
from chengyun_core.store import outbox
from chengyun_core.wire import codec, signed_fact
from chengyun_core.wire.order_asks import AskOutbox, Outbox
from chengyun_core.wire.signed_fact import Roster, SignedFact
from tests.core.centre.event_room import asked, peopled_city
from tests.core.centre.room import Room

AWAY, THEIRS = "500103", "500103.duty_officer"
LINKED = CentreSettings(argon2_time_cost=1, argon2_memory_kib=64, reserve_mib=0, linked_centres=(AWAY,))
EVERY_S, HOURS = 600, 24
MOST_BYTES = 4096
"""Of one row that waits: a day of a busy city (a hundred thousand rows) stays below half a gigabyte."""


def _draft(number: int, recipient: str) -> OrderDraft:
    return OrderDraft(title=f"第 {number} 令", text="按预案处置", centre=AWAY, recipients=(Recipient(code=recipient),))


def _waiting(room: Room) -> list[bytes]:
    with room.ledger.reading() as connection:
        return outbox.waiting(connection, AWAY, 10_000)


def _opened(room: Room, rows: list[bytes]) -> list[SignedFact]:
    roster, now = Roster(keys={"500000": room.desk.public}), room.clock.utc_ns()
    return [
        signed_fact.verified(row, roster, provider("international"), realm="live", centre=AWAY, now_ns=now)
        for row in rows
    ]  # fmt: skip


@pytest.mark.fault
def test_that_a_centre_parted_for_a_day_works_on_and_keeps_all_that_waits_in_order(tmp_path: Path) -> None:
    with Room(tmp_path, LINKED) as room:
        room.adopt(peopled_city())
        session, sent = room.officer("li"), 0
        for number in range(HOURS * 3600 // EVERY_S):
            if number == 72:  # half a day: the machine is started anew, the link still down
                room.restart()
            if number == 70:
                session = room.signed_on("li", "A-01")
            room.done(SendOrders(drafts=(_draft(number, THEIRS),)), session)
            sent += 1
            told = asked(room, session, "order.outbox", AskOutbox(), Outbox)
            assert [(queue.centre, queue.rows) for queue in told.queues] == [(AWAY, len(_waiting(room)))]
            room.clock.advance(EVERY_S)
            room.tend()
        rows = _waiting(room)
        facts = _opened(room, rows)
        assert [fact.place for fact in facts] == list(range(1, len(facts) + 1)), "in order, none missing, none twice"
        assert len({fact.number for fact in facts}) == len(facts) >= sent
        firsts = [fact for fact in facts if fact.action == "order.send" or fact.version == 1]
        assert len({fact.key for fact in firsts}) == sent, "every order waits to leave"
        assert all(one.issued_at <= two.issued_at for one, two in itertools.pairwise(facts))
        assert facts[-1].issued_at - facts[0].issued_at >= (HOURS * 3600 - 2 * EVERY_S) * NS_PER_S
        assert max(map(len, rows)) <= MOST_BYTES
        assert codec.unpack(facts[0].record, Receipt).recipient == THEIRS
