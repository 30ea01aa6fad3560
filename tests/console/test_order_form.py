"""D: dispatch proposes, the officer changes it by hand; nothing waits for the centre, and no written word is lost."""

from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from chengyun_console.preferences import PreferenceFile
from chengyun_console.shell.order_form import OrderForm
from chengyun_core.model import command
from chengyun_core.model.dispatch import UnitKind
from chengyun_core.model.dispatch_call import Judged, Need, Proposal, Reach, Shortfall
from chengyun_core.model.failure import Reason
from chengyun_core.model.order import Role, Step
from chengyun_core.model.order_commands import SendOrders
from chengyun_core.model.receipt_commands import DeliverReceipt, ReadReceipt
from chengyun_core.wire.dispatch_asks import AskProposal, Proposed
from tests.console import task_samples
from tests.console.conftest import Room

CTRL = Qt.KeyboardModifier.ControlModifier


def judged(unit: str, role: Role, load: int = 1) -> Judged:
    return Judged(
        unit=unit, name=unit, kind=UnitKind.TEAM, need=Need(role=role, capability="rescue"), score=80.0,
        reach=Reach.SAME, minutes=12.0, load=load, capacity=3, reasons=(Reason(code="dispatch.reach_same"),),
    )  # fmt: skip


PROPOSAL = Proposal(
    picks=(judged("U-01", Role.LEAD), judged("U-02", Role.ASSIST)),
    rejections=(judged("U-03", Role.LEAD, load=3),),
    shortfalls=(
        Shortfall(need=Need(role=Role.ASSIST, capability="medical"),
                  reason=Reason(code="dispatch.nobody_can", params={"capability": "medical"})),
    ),
)  # fmt: skip


@pytest.fixture
def form(desk_room: Room, tmp_path: Path) -> OrderForm:
    """The form of the gravest event, with a proposal of dispatch."""
    desk_room.session.enter(allowed=(*command.KIND_OF.values(),))
    desk_room.desk.take_seat(PreferenceFile(tmp_path, "A-03"))
    task_samples.put_orders(desk_room.session)
    desk_room.window.tasks.compose(41)
    kind, ask, _answer = desk_room.session.sent.asks["tasks propose"]
    assert (kind, ask) == ("dispatch.propose", AskProposal(event=41))
    desk_room.session.answer_ask("tasks propose", Proposed(proposal=PROPOSAL))
    return desk_room.window.tasks.form


def write(form: OrderForm) -> None:
    form.name.setText("转移群众")
    form.text.setPlainText("立即转移。")


def test_that_dispatch_is_followed_unless_the_officer_does_otherwise(form: OrderForm, desk_room: Room) -> None:
    write(form)
    QTest.keyClick(form.name, Qt.Key.Key_Return, CTRL)
    (sent,) = desk_room.session.sent.commands
    assert isinstance(sent, SendOrders)
    (draft,) = sent.drafts
    assert (draft.event, draft.title, draft.place) == (41, "转移群众", "磁器口码头3号趸船北侧滨江步道")
    assert [(one.code, one.role) for one in draft.recipients] == [("U-01", Role.LEAD), ("U-02", Role.ASSIST)]
    assert form.isHidden()


def test_that_picks_rejections_and_gaps_stand_with_their_reasons(form: OrderForm) -> None:
    rows = {row.key: row for row in form.recipients.list.rows()}
    assert list(rows) == ["U-01", "U-02", "gap:0", "heading:rejected", "U-03"]
    assert rows["U-01"].detail
    assert "医疗急救" in rows["gap:0"].title
    assert "医疗急救" in rows["gap:0"].detail


def test_that_what_is_missing_is_said_and_nothing_is_sent(form: OrderForm, desk_room: Room) -> None:
    form.send()
    assert form.told.text() == desk_room.desk.say("tasks.compose.no_title")
    write(form)
    form.recipients.chosen = {"U-01": Role.ASSIST}
    form.send()
    assert form.told.text() == desk_room.desk.say("tasks.compose.one_lead")
    form.recipients.chosen = {"U-03": Role.LEAD}
    form.send()
    assert form.told.text() == desk_room.desk.say("tasks.compose.no_over_capacity")
    assert desk_room.session.sent.commands == []
    form.recipients.over_capacity.setText("全市只有这一支")
    form.send()
    (sent,) = desk_room.session.sent.commands
    assert sent.drafts[0].recipients[0].over_capacity_reason == "全市只有这一支"  # type: ignore[attr-defined]


def test_that_a_draft_is_there_again_after_esc_and_gone_once_it_was_sent(form: OrderForm, desk_room: Room) -> None:
    write(form)
    form.close_over()
    desk_room.window.tasks.compose(41)
    assert form.name.text() == "转移群众"
    assert form.recipients.chosen == {"U-01": Role.LEAD, "U-02": Role.ASSIST}
    form.send()
    assert desk_room.desk.drafts.read("order.41.0.")  # a kill now would lose nothing
    desk_room.session.end_command()
    assert desk_room.desk.drafts.read("order.41.0.") == {}


def test_that_a_letter_typed_right_before_sending_brings_no_sent_order_back(form: OrderForm, desk_room: Room) -> None:
    """It once came back as a draft a second after it was sent, ready to be sent twice."""
    form.keeper.timer.setInterval(20)
    write(form)
    assert form.keeper.timer.isActive()
    form.send()
    desk_room.session.end_command()
    form.recipients.did_change.emit()
    QTest.qWait(80)
    assert desk_room.desk.drafts.read("order.41.0.") == {}


def test_that_a_refused_order_comes_back_with_its_words_and_the_reason(form: OrderForm, desk_room: Room) -> None:
    write(form)
    form.send()
    desk_room.session.end_command(outcome="refused", code="order.event_ended", event="事〔2026〕000041")
    assert form.isVisible()
    assert form.name.text() == "转移群众"
    assert "000041" in form.told.text()


def test_that_the_console_tells_by_itself_what_arrived_and_what_was_opened(desk_room: Room) -> None:
    """T2: 已达 and 已阅 are nobody's work; each is told once."""
    desk_room.session.enter(allowed=(*command.KIND_OF.values(),))
    row = task_samples.receipt(21, 1, "500000.duty_officer")
    desk_room.session.put_fact("order", "21", task_samples.order(21))
    desk_room.session.put_fact("receipt", "21.1", row)
    desk_room.session.put_fact("receipt", "22.1", task_samples.receipt(22, 1, "U-01"))
    desk_room.beat()
    desk_room.beat()
    assert desk_room.session.sent.commands == [DeliverReceipt(order=21, place=1)]
    desk_room.window.tasks.open_receipt(21, 1)
    desk_room.beat()
    desk_room.beat()
    assert desk_room.session.sent.commands[1:] == [ReadReceipt(order=21, place=1)]
    assert Step.READ not in row.climbed
