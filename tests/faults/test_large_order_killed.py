"""SIGKILL of the centre amid an order to hundreds: every recipient has one receipt in the end, none has two (0256)."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from sqlalchemy import Connection

from chengyun_core.model.command import CreateAccount, SignOn
from chengyun_core.model.order import Order, OrderState, Role, Sweep
from chengyun_core.model.order_commands import OrderDraft, Recipient, SendOrders, VoidOrder
from chengyun_core.store import chain, journal, order_table
from chengyun_core.store.engine import Database
from chengyun_core.wire import codec
from chengyun_core.wire.envelope import Hello, SignedOn
from chengyun_core.wire.order_asks import AskOrder, OrderTold
from tests.core.centre.process import CentreProcess
from tests.support.waiting import wait_until

PASSWORD = "a long password"
TOWNS = tuple(f"500103.unit.{place}" for place in range(1, 401))
KILLS = 3


def _signed_on(centre: CentreProcess, account: str, post: str, seat: str) -> str:
    made = CreateAccount(account=account, name=account, password=PASSWORD, posts=(post,))
    assert centre.do(made, centre.admin_key).outcome == "done"
    reply = centre.do(SignOn(account=account, password=PASSWORD, seat=seat), "")
    return codec.unpack(reply.body, SignedOn).token


@contextmanager
def _left(centre: CentreProcess) -> Iterator[Connection]:
    """Give what a dead centre left."""
    database = Database(centre.profile.folder / "centre" / "chengyun.db")
    try:
        with database.reading() as connection:
            yield connection
    finally:
        database.close()


def _order(centre: CentreProcess) -> Order:
    with _left(centre) as connection:
        order = order_table.get(connection, 1)
        assert order is not None
        receipts = order_table.receipts_of(connection, 1)
    reached = order.swept if order.sweeping is Sweep.ADDRESS else order.recipients
    assert [one.recipient for one in receipts] == list(TOWNS[:reached]), "the order says how far it has come"
    return order


def _told(centre: CentreProcess, session: str) -> OrderTold:
    reply = centre.ask("order.get", AskOrder(order=1), session)
    assert reply is not None, centre.log()
    return codec.unpack(reply.body, OrderTold)


@pytest.mark.fault
@pytest.mark.wire
@pytest.mark.timeout(240)
def test_that_an_order_to_hundreds_reaches_each_once_whenever_the_centre_was_killed(tmp_path: Path) -> None:
    people = tuple(Recipient(code=code, role=Role.ASSIST if at else Role.LEAD) for at, code in enumerate(TOWNS))
    sends = SendOrders(drafts=(OrderDraft(title="暴雨", text="立即上岗", centre="500103", recipients=people),))
    with CentreProcess(tmp_path / "p") as centre:
        centre.start()
        centre.import_city(vitals=1, seats=2)
        officer = _signed_on(centre, "officer", "500000.duty_officer", "S-1")
        chief = _signed_on(centre, "chief", "500000.watch_chief", "S-2")
        first = centre.do(sends, officer, "intent")
        seen = []
        for _ in range(KILLS):
            centre.kill()
            seen.append(_order(centre).swept)
            centre.start()
        assert 0 < seen[0] < len(TOWNS), "the first kill came amid it"
        assert seen == sorted(seen) or 0 in seen
        assert centre.do(sends, officer, "intent") == first, "asked again it is the same order"
        wait_until(lambda: _told(centre, officer).order.sweeping is None, "all recipients are reached")
        version = _told(centre, officer).order.version
        assert centre.do(VoidOrder(order=1, version=version, reason="误发"), chief, "void").outcome == "done"
        assert centre.ask("hello", Hello(protocol=1, client="faults")) is not None, "others are served meanwhile"
        centre.kill()
        order = _order(centre)
        assert order.state is OrderState.VOID
        centre.start()
        wait_until(lambda: _told(centre, officer).order.sweeping is None, "all recipients are told")
        told = _told(centre, officer)
        assert {one.state.value for one in told.receipts} == {"void"}
        assert (told.order.ended, told.order.recipients) == (len(TOWNS), len(TOWNS))
        centre.kill()
        with _left(centre) as connection:
            public = bytes.fromhex((tmp_path / "p" / "keys" / "sign.pub").read_text("ascii").strip())
            assert chain.verify(connection, public, 1, journal.head(connection).number).fault == ""
