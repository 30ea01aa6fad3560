"""Eight officers at once on a real daemon: a unit takes what it can carry, one confirms, seven are told (RF23)."""

from pathlib import Path

import pytest

from chengyun_core.model.command import CreateAccount, ImportCatalogue, SignOn
from chengyun_core.model.order import Channel, Role, Step
from chengyun_core.model.order_commands import OrderDraft, Recipient, SendOrders
from chengyun_core.model.receipt_commands import ConfirmReceipt
from chengyun_core.wire import codec
from chengyun_core.wire.envelope import Reply, SignedOn
from tests.core.centre.process import CentreProcess
from tests.support.small_tables import small_tables

OFFICERS, CAPACITY = 8, 3
PASSWORD = "a long password"


def _import(centre: CentreProcess) -> None:
    tables = small_tables()
    seat = tables["seats"][0]
    tables["seats"] += [{**seat, "code": f"S-{number}"} for number in range(OFFICERS)]
    tables["units"] = [
        {"code": "U-1", "name": "抢修队", "centre": "500103", "kind": "team", "post": "500103.unit.1",
         "capacity": str(CAPACITY)},
    ]  # fmt: skip
    tables["posts"].append({"code": "500103.unit.1", "name": "抢修队", "centre": "500103"})
    reply = centre.do(ImportCatalogue(tables=tables, origin={}), centre.admin_key)
    assert reply.outcome == "done", reply


def _officer(centre: CentreProcess, number: int) -> str:
    account = CreateAccount(account=f"o{number}", name="值班员", password=PASSWORD, posts=("500000.duty_officer",))
    assert centre.do(account, centre.admin_key).outcome == "done"
    reply = centre.do(SignOn(account=f"o{number}", password=PASSWORD, seat=f"S-{number}"), "")
    return codec.unpack(reply.body, SignedOn).token


def _at_once(centre: CentreProcess, kind: str, command: object, sessions: list[str]) -> list[Reply]:
    """Send the command of everybody before the first answer is taken; return the answers in the order they came."""
    for number, session in enumerate(sessions):
        centre.send(kind, command, session, f"{kind}-{number}")
    replies = (centre.answer(f"{kind}-{number}") for number in range(len(sessions)))
    return [reply for reply in replies if reply is not None]


@pytest.mark.wire
@pytest.mark.timeout(120)
def test_that_nobody_s_order_overfills_a_unit_and_one_confirms_while_the_others_are_told(tmp_path: Path) -> None:
    draft = OrderDraft(
        title="抢修", text="到场", centre="500103", recipients=(Recipient(code="U-1", role=Role.LEAD),)
    )  # fmt: skip
    told = ConfirmReceipt(
        order=1, place=1, version=1, step=Step.SIGNED, channel=Channel.PHONE, words="收到", said_by="李"
    )
    with CentreProcess(tmp_path / "p") as centre:
        centre.start()
        _import(centre)
        sessions = [_officer(centre, number) for number in range(OFFICERS)]
        sent = _at_once(centre, "order.send", SendOrders(drafts=(draft,)), sessions)
        confirmed = _at_once(centre, "receipt.confirm", told, sessions)
    assert [reply.outcome for reply in sent].count("done") == CAPACITY
    assert {(reply.code, reply.params["load"]) for reply in sent if reply.code} == {("unit.full", str(CAPACITY))}
    assert [reply.code for reply in confirmed].count("") == 1
    late = [reply for reply in confirmed if reply.code]
    assert {(reply.code, reply.params["what"]) for reply in late} == {("receipt.changed", "receipt.confirm")}
    assert len({reply.params["who"] for reply in late}) == 1
