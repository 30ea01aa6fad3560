"""SIGKILL of the centre amid orders clicked twice: as many orders as intents, with all receipts (RF2, RF24)."""

import random
import time
from pathlib import Path

import pytest

from chengyun_core.model.command import CreateAccount, SignOn
from chengyun_core.model.order import OrderState, Role, Step
from chengyun_core.model.order_commands import OrderDraft, Recipient, SendOrders
from chengyun_core.model.receipt_commands import SignReceipt
from chengyun_core.store import chain, journal
from chengyun_core.store.engine import Database
from chengyun_core.wire import codec
from chengyun_core.wire.envelope import Done, SignedOn
from chengyun_core.wire.order_asks import AskOrder, AskOrders, Orders, OrderTold
from tests.core.centre.process import CentreProcess

SEED = 20_261_121
KILLS = 3
INTENTS_A_LIFE = 5
PASSWORD = "a long password"
WHO = ("500103.duty_officer", "500103012.duty_officer")
LONGEST_FLIGHT_S = 0.012
"""From a request's way in to its answer's way out: kills fall before and after the COMMIT."""


class Clerk:
    """Sends one order per intent, clicks twice, and asks again under the same id whatever happened to the daemon."""

    def __init__(self, centre: CentreProcess, session: str, chance: random.Random) -> None:
        self.centre, self.session, self.chance = centre, session, chance
        self.done: dict[str, Done] = {}
        self.unknown: dict[str, SendOrders] = {}
        self.intents = 0

    def live(self) -> None:
        """One life of the daemon: learn what became of the unknown, send more, be killed with one in flight."""
        for intent, command in list(self.unknown.items()):
            self._told(intent, command)
        for _ in range(INTENTS_A_LIFE):
            intent = self._intend()
            self._told(intent, self.unknown[intent])
        flying = self._intend()
        self.centre.send("order.send", self.unknown[flying], self.session, flying)
        ends_at = time.perf_counter() + self.chance.random() * LONGEST_FLIGHT_S
        while time.perf_counter() < ends_at:
            pass
        self.centre.kill()
        self.centre.start()

    def settle(self) -> None:
        """Learn what became of everything."""
        for intent, command in list(self.unknown.items()):
            self._told(intent, command)

    def _intend(self) -> str:
        self.intents += 1
        people = tuple(Recipient(code=code, role=Role.ASSIST if place else Role.LEAD) for place, code in enumerate(WHO))
        draft = OrderDraft(title=f"第 {self.intents} 条", text="立即办理", centre="500103", recipients=people)
        intent = f"intent-{self.intents}"
        self.unknown[intent] = SendOrders(drafts=(draft,))
        return intent

    def _told(self, intent: str, command: SendOrders) -> None:
        for _click in range(2):
            reply = self.centre.do(command, self.session, intent)
            assert reply.outcome == "done", reply
            answer = codec.unpack(reply.body, Done)
            assert self.done.setdefault(intent, answer) == answer, "the same id gets the same answer"
        self.unknown.pop(intent, None)


def _signed_on(centre: CentreProcess, account: str, *posts: str, seat: str) -> str:
    made = CreateAccount(account=account, name=account, password=PASSWORD, posts=posts)
    assert centre.do(made, centre.admin_key).outcome == "done"
    reply = centre.do(SignOn(account=account, password=PASSWORD, seat=seat), "")
    assert reply.outcome == "done", reply
    return codec.unpack(reply.body, SignedOn).token


@pytest.mark.fault
@pytest.mark.wire
@pytest.mark.slow
@pytest.mark.timeout(240)
def test_that_orders_are_as_many_as_intents_whatever_was_killed_and_clicked(tmp_path: Path) -> None:
    with CentreProcess(tmp_path / "p") as centre:
        centre.start()
        centre.import_city(vitals=1, seats=2)
        clerk = Clerk(
            centre,
            _signed_on(centre, "officer", "500000.duty_officer", seat="S-1"),
            random.Random(SEED),
        )
        unit = _signed_on(centre, "district", WHO[0], seat="S-2")
        for life in range(KILLS):
            clerk.live()
            # What the recipient signed before the next kill is among the acknowledged facts too.
            signed = SignReceipt(order=life + 1, place=1, version=1)
            assert centre.do(signed, unit, f"sign-{life}").outcome == "done"
        clerk.settle()
        _check(centre, clerk)
    database = Database(tmp_path / "p" / "centre" / "chengyun.db")
    with database.reading() as connection:
        public = (tmp_path / "p" / "keys" / "sign.pub").read_text("ascii").strip()
        assert chain.verify(connection, bytes.fromhex(public), 1, journal.head(connection).number).fault == ""
    database.close()


def _check(centre: CentreProcess, clerk: Clerk) -> None:
    reply = centre.ask("order.page", AskOrders(limit=200), clerk.session)
    assert reply is not None, centre.log()
    orders = codec.unpack(reply.body, Orders).orders
    assert len(orders) == clerk.intents == KILLS * (INTENTS_A_LIFE + 1), f"seed {SEED}"
    assert sorted(one.number for one in orders) == list(range(1, clerk.intents + 1))
    assert len({one.code for one in orders}) == len({one.title for one in orders}) == clerk.intents
    assert {answer.key for answer in clerk.done.values()} == {str(one.number) for one in orders}
    assert all((one.state, one.recipients) == (OrderState.SENT, len(WHO)) for one in orders)
    _check_receipts(centre, clerk)


def _check_receipts(centre: CentreProcess, clerk: Clerk) -> None:
    for number in range(1, clerk.intents + 1):
        reply = centre.ask("order.get", AskOrder(order=number), clerk.session)
        assert reply is not None, centre.log()
        told = codec.unpack(reply.body, OrderTold)
        assert [one.recipient for one in told.receipts] == list(WHO)
        signed = Step.SIGNED in told.receipts[0].climbed
        assert signed == (number <= KILLS), "an acknowledged signature is there, and no other"
