"""Orders as a whole: numbered without gaps, all or none, one lead, held, recalled before reading, by two persons."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from chengyun_core.model.command import GiveApproval, RefuseApproval
from chengyun_core.model.event import EventState, Hop
from chengyun_core.model.order import OrderState, ReceiptState, Role, Step
from chengyun_core.model.order_commands import OrderDraft, RecallOrder, Recipient, ReleaseOrder, SendOrders, VoidOrder
from chengyun_core.model.scales import EventGrade
from tests.core.centre.order_stand import OrderStand, draft


@pytest.fixture
def stand(tmp_path: Path) -> Iterator[OrderStand]:
    with OrderStand(tmp_path) as made:
        yield made


def test_that_one_send_gives_every_recipient_a_receipt_with_its_deadlines(stand: OrderStand) -> None:
    stand.send(draft("U-WATER", "U-POLICE", "U-FIRE"))
    order = stand.order()
    assert (order.code, order.state, order.recipients) == ("令〔2027〕000001", OrderState.SENT, 3)
    receipts = [stand.receipt(1, place) for place in (1, 2, 3)]
    assert [one.recipient for one in receipts] == ["U-WATER", "U-POLICE", "U-FIRE"]
    assert [one.role for one in receipts] == [Role.LEAD, Role.ASSIST, Role.ASSIST]
    minutes = {step: (at - order.issued_at) / 60e9 for step, at in receipts[0].due.items()}
    assert minutes == {Step.SIGNED: 1.0, Step.ARRIVED: 5.0, Step.HANDLING: 30.0}
    assert stand.actions("receipt") == ["receipt.send"] * 3


def test_that_of_a_batch_with_one_bad_draft_nothing_is_written_and_no_number_is_burnt(stand: OrderStand) -> None:
    bad = draft("U-NOBODY")
    assert stand.code(SendOrders(drafts=(draft(), draft("U-FIRE"), bad))) == "order.unknown_recipient"
    assert stand.actions("order") == []
    stand.send(draft(), draft("U-FIRE"))
    assert [stand.order(number).code for number in (1, 2)] == ["令〔2027〕000001", "令〔2027〕000002"]


BAD: list[tuple[dict[str, object], str]] = [
        ({"recipients": ()}, "order.no_recipient"),
        ({"title": " "}, "text.missing.title"),
        ({"text": "a\u202eb"}, "text.control_characters"),
        ({"centre": "999"}, "order.unknown_centre"),
        ({"critical": "whim"}, "order.unknown_critical"),
        ({"template": "soon"}, "order.unknown_deadlines"),
        ({"event": 7}, "event.unknown"),
        ({"instead_of": "x.1"}, "receipt.unknown"), ({"instead_of": "9" * 5000 + ".1"}, "receipt.unknown"),
        ({"recipients": (Recipient(code="U-WATER"),) * 2}, "order.recipient_twice"),
        ({"recipients": (Recipient(code="U-WATER", role=Role.LEAD), Recipient(code="U-FIRE", role=Role.LEAD))},
         "order.one_lead"),
]  # fmt: skip


def test_that_a_bad_draft_is_refused_with_what_is_wrong(stand: OrderStand) -> None:
    found = [stand.code(SendOrders(drafts=(replace(draft(), **changes),))) for changes, _ in BAD]  # type: ignore[arg-type]
    assert found == [code for _, code in BAD]
    assert stand.code(SendOrders(drafts=())) == "order.batch_size"


def test_that_a_full_unit_is_refused_in_the_write_path_unless_a_reason_is_given(stand: OrderStand) -> None:
    stand.send(draft(), draft(), draft())
    assert stand.code(SendOrders(drafts=(draft(),))) == "unit.full"
    over = Recipient(code="U-WATER", role=Role.LEAD, over_capacity_reason="唯一有潜水泵的队")
    stand.send(draft(recipients=(over,)))
    assert stand.receipt(4).over_capacity == "唯一有潜水泵的队"


def test_that_a_batch_that_fills_a_unit_is_refused_as_a_whole(stand: OrderStand) -> None:
    assert stand.code(SendOrders(drafts=(draft(),) * 4)) == "unit.full"
    assert stand.actions("order") == []


def test_that_a_held_order_has_not_left_until_it_is_released(stand: OrderStand) -> None:
    stand.send(hold=True)
    assert (stand.order().state, stand.receipt().state, stand.receipt().due) == (OrderState.HELD, ReceiptState.KEPT, {})
    assert stand.order().sent_at is None
    stand.room.clock.advance(600)
    assert stand.code(ReleaseOrder(order=1, version=1)) == ""
    assert stand.order().sent_at == stand.room.clock.utc_ns()
    assert stand.receipt().due[Step.SIGNED] == stand.room.clock.utc_ns() + 60 * 10**9
    assert stand.code(ReleaseOrder(order=1, version=2)) == "order.not_held"


def test_that_an_order_is_recalled_before_and_only_before_it_was_read(stand: OrderStand) -> None:
    stand.send()
    assert stand.code(RecallOrder(order=1, version=1, reason=" ")) == "text.missing.reason"
    assert stand.code(RecallOrder(order=1, version=1, reason="发错")) == ""
    assert (stand.order().state, stand.receipt().state) == (OrderState.RECALLED, ReceiptState.RECALLED)
    assert stand.code(RecallOrder(order=1, version=2, reason="发错")) == "order.ended"


def test_that_only_another_chief_makes_an_order_void(stand: OrderStand) -> None:
    stand.send()
    assert stand.code(VoidOrder(order=1, version=1, reason="r")) == "permission.no_post"
    assert stand.code(VoidOrder(order=1, version=1, reason="r"), stand.chief) == ""
    assert (stand.order().state, stand.receipt().state) == (OrderState.VOID, ReceiptState.VOID)
    stand.send(session=stand.chief)
    assert stand.code(VoidOrder(order=2, version=1, reason="r"), stand.chief) == "order.void_own"


def test_that_a_critical_order_leaves_when_a_second_person_gives_it(stand: OrderStand) -> None:
    done = stand.send(draft(critical="evacuation"))
    assert done.warnings == ("order.waits",)
    assert (stand.order().state, stand.receipt().state) == (OrderState.WAITING, ReceiptState.KEPT)
    give = GiveApproval(approval=1, version=1)
    assert stand.code(give) == "approval.own"
    assert stand.code(give, stand.other) == "order.needs_chief"
    assert stand.code(give, stand.chief) == ""
    assert (stand.order().state, stand.receipt().state) == (OrderState.SENT, ReceiptState.OPEN)


def test_that_every_order_of_an_extraordinary_event_takes_two_and_none_is_sent_for_an_ended_one(
    stand: OrderStand,
) -> None:
    grave = stand.open_event(grade=EventGrade.EXTRAORDINARY)
    stand.send(draft(event=grave.number))
    assert (stand.order().critical, stand.order().state) == ("extraordinary", OrderState.WAITING)
    assert Hop.ORDERED not in stand.event().hops
    ended = stand.open_event(state=EventState.CLOSED)
    assert stand.code(SendOrders(drafts=(draft(event=ended.number),))) == "order.event_ended"
    assert stand.code(GiveApproval(approval=1, version=1), stand.chief) == ""
    assert stand.event().hops[Hop.ORDERED] == stand.room.clock.utc_ns()


def test_that_any_officer_is_the_second_person_of_a_chief(stand: OrderStand) -> None:
    stand.send(draft(critical="closure"), session=stand.chief)
    assert stand.code(GiveApproval(approval=1, version=1), stand.other) == ""
    assert stand.order().state is OrderState.SENT


def test_that_a_critical_order_nobody_gave_ends_as_refused_and_never_leaves(stand: OrderStand) -> None:
    stand.send(draft(critical="closure"), draft(critical="evacuation"))
    assert stand.code(RefuseApproval(approval=1, version=1, reason="不必"), stand.chief) == ""
    assert (stand.order(1).state, stand.order(1).reason) == (OrderState.REFUSED, "不必")
    stand.room.clock.advance(3600)
    stand.room.tend()
    assert (stand.order(2).state, stand.order(2).reason) == (OrderState.REFUSED, "expired")
    assert "receipt.send" not in stand.actions()


def test_that_a_waiting_order_ends_with_its_request_only(stand: OrderStand) -> None:
    stand.send(draft(critical="closure"))
    assert stand.code(RecallOrder(order=1, version=1, reason="r")) == "order.waits_for_second"
    assert stand.code(RefuseApproval(approval=1, version=1, reason="发错")) == ""
    assert stand.order().state is OrderState.RECALLED


def test_that_the_second_of_two_officers_is_told_who_did_what_when(stand: OrderStand) -> None:
    stand.send(hold=True)
    assert stand.code(ReleaseOrder(order=1, version=1)) == ""
    reply = stand.room.do(RecallOrder(order=1, version=1, reason="r"), stand.other)
    assert (reply.code, reply.params["who"], reply.params["what"]) == ("order.changed", "officer", "order.release")
    assert stand.order().state is OrderState.SENT


def test_that_an_officer_of_another_district_sends_nothing(stand: OrderStand) -> None:
    elsewhere = stand.room.officer("sha", "500106.duty_officer", seat="A-05")
    assert stand.code(SendOrders(drafts=(draft(),)), elsewhere) == "permission.outside_area"


def test_that_an_order_elsewhere_touches_no_event_and_no_return_of_another_district(stand: OrderStand) -> None:
    event = stand.open_event(centre="500106")
    stand.send(draft("U-FIRE", centre="500106"))
    district = stand.room.officer("yuzhong", "500103.duty_officer", seat="Y-01")
    found = [
        stand.code(SendOrders(drafts=(one,)), district)
        for one in (draft(), draft(event=event.number), draft(instead_of="1.1"))
    ]
    assert found == ["", "permission.outside_area", "permission.outside_area"]


FORGED = ("a\u202eb", "a\x00b", "a\x1b[31m", "\ue000")
KEPT = ("'; DROP TABLE orders; --", "<img src=x onerror=1>", "=1+1", "{place.__class__}", "${jndi}", "%' OR 1=1")


def test_that_no_text_of_an_order_forges_and_every_other_letter_is_kept(stand: OrderStand) -> None:
    def with_text(field: str, text: str) -> OrderDraft:
        if field in ("task", "over_capacity_reason"):
            return draft(recipients=(Recipient(code="U-WATER", role=Role.LEAD, **{field: text}),))
        return draft(**{field: text})

    fields = ("title", "text", "place", "task", "over_capacity_reason")
    for field in fields:
        found = {stand.code(SendOrders(drafts=(with_text(field, text),))) for text in FORGED}
        assert found == {"text.control_characters"}, field
    for text in KEPT:
        over = Recipient(code="U-WATER", role=Role.LEAD, task=text, over_capacity_reason=text)
        key = stand.send(draft(title=text, text=text, place=text, recipients=(over,))).key
        order, receipt = stand.order(int(key)), stand.receipt(int(key))
        assert {order.title, order.text, order.place, receipt.task, receipt.over_capacity} == {text}


def test_that_one_command_sent_again_is_one_order(stand: OrderStand) -> None:
    command = SendOrders(drafts=(draft(),))
    first = stand.room.do(command, stand.officer, "click")
    stand.restart()
    again = stand.room.do(command, stand.officer, "click")
    assert (again.body, again.outcome) == (first.body, "done")
    assert stand.send().key == "2"
