"""Receipts: told by who signs for the unit, by an officer in the very words, checked by another; the event follows."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from chengyun_core.model.audit import CENTRE
from chengyun_core.model.event import Attachment, EventState, Hop
from chengyun_core.model.event_commands import MergeEvent
from chengyun_core.model.order import Channel, Feedback, OrderState, ReceiptState, Step
from chengyun_core.model.order_commands import RecallOrder
from chengyun_core.model.receipt_commands import (
    ArriveReceipt,
    CheckReceipt,
    ConfirmReceipt,
    DeliverReceipt,
    FeedBackReceipt,
    ReadReceipt,
    SignReceipt,
)
from tests.core.centre.order_stand import FOUR, OrderStand, draft

S = Step


@pytest.fixture
def stand(tmp_path: Path) -> Iterator[OrderStand]:
    with OrderStand(tmp_path) as made:
        yield made


def test_that_a_unit_climbs_its_own_receipt_and_no_other_s(stand: OrderStand) -> None:
    stand.send(draft("U-WATER", "U-POLICE"))
    stand.climb(S.DELIVERED, S.READ, S.SIGNED, S.ARRIVED, S.HANDLING, S.FED_BACK)
    assert list(stand.receipt().climbed) == [S.SENT, S.DELIVERED, S.READ, S.SIGNED, S.ARRIVED, S.HANDLING, S.FED_BACK]
    other = SignReceipt(order=1, place=2, version=1)
    assert stand.code(other, stand.unit("U-WATER")) == "permission.not_owner"
    assert stand.code(other, stand.officer) == "permission.not_owner"
    assert stand.code(other, stand.unit("U-POLICE")) == ""


def test_that_a_post_signs_for_itself(stand: OrderStand) -> None:
    stand.send(draft("500103.duty_officer"))
    sign = SignReceipt(order=1, place=1, version=1)
    assert stand.code(sign, stand.officer) == "permission.not_owner"
    district = stand.room.officer("yuzhong", "500103.duty_officer", seat="Y-01")
    assert stand.code(sign, district) == ""


def test_that_a_second_console_of_the_unit_adds_nothing(stand: OrderStand) -> None:
    stand.send()
    for _ in range(2):
        assert stand.code(DeliverReceipt(order=1, place=1), stand.unit()) == ""
        assert stand.code(ReadReceipt(order=1, place=1), stand.unit()) == ""
    assert stand.actions("receipt") == ["receipt.send", "receipt.deliver", "receipt.read"]


def test_that_a_console_s_own_word_does_not_make_a_signature_stale(stand: OrderStand) -> None:
    stand.send()
    seen = stand.receipt().version
    stand.climb(S.DELIVERED, S.READ)
    assert stand.code(SignReceipt(order=1, place=1, version=seen), stand.unit()) == ""
    reply = stand.room.do(SignReceipt(order=1, place=1, version=seen), stand.unit())
    assert (reply.code, reply.params["who"], reply.params["what"]) == ("receipt.changed", "u-water", "receipt.sign")
    assert stand.code(SignReceipt(order=1, place=1, version=99), stand.unit()) == "receipt.unseen"


def test_that_a_read_order_is_not_recalled_and_says_who_read_it(stand: OrderStand) -> None:
    stand.send(draft("U-WATER", "U-POLICE"))
    stand.climb(S.DELIVERED)
    stand.climb(S.READ)
    reply = stand.room.do(RecallOrder(order=1, version=1, reason="发错"), stand.officer)
    assert (reply.code, reply.params["recipient"], reply.params["who"]) == ("order.already_read", "U-WATER", "u-water")
    assert stand.order().state is OrderState.SENT


def test_that_an_officer_confirms_on_behalf_with_channel_words_and_source_time(stand: OrderStand) -> None:
    stand.send()
    at = stand.room.clock.utc_ns() + 10 * 10**9
    stand.room.clock.advance(75)
    told = ConfirmReceipt(
        order=1, place=1, version=1, step=S.SIGNED, channel=Channel.PHONE, words="收到，马上出发", said_by="李队长",
        source_at=at,
    )  # fmt: skip
    assert stand.code(told, stand.unit()) == "permission.no_post"
    assert stand.code(told) == ""
    how = stand.receipt().climbed[S.SIGNED]
    assert (how.at, how.received_at, how.account) == (at, stand.room.clock.utc_ns(), "officer")
    assert (how.channel, how.words, how.said_by, how.on_behalf) == (Channel.PHONE, "收到，马上出发", "李队长", True)
    row = next(change for change in stand.room.published if change.action == "receipt.confirm")
    assert (row.params["source_at"], row.params["words"]) == (str(at), "收到，马上出发")


BAD_WORDS: list[tuple[dict[str, object], str]] = [
        ({"words": " "}, "text.missing.words"), ({"said_by": ""}, "text.missing.said_by"),
        ({"channel": Channel.CONSOLE}, "receipt.channel"), ({"step": S.CHECKED}, "receipt.not_by"),
        ({"step": S.FED_BACK}, "text.missing.feedback"), ({"source_at": 5}, "receipt.bad_time"),
    ({"source_at": 2 * 10**18}, "receipt.not_yet"),
        ({"words": "a\u202eb"}, "text.control_characters"), ({"place": 9}, "receipt.unknown"),
]  # fmt: skip


def test_that_a_word_on_behalf_is_refused_without_its_parts(stand: OrderStand) -> None:
    stand.send()
    whole = {
        "order": 1, "place": 1, "version": 1, "step": S.SIGNED, "channel": Channel.RADIO, "words": "收到",
        "said_by": "李",
    }  # fmt: skip
    found = [stand.code(ConfirmReceipt(**{**whole, **changes})) for changes, _ in BAD_WORDS]  # type: ignore[arg-type]
    assert found == [code for _, code in BAD_WORDS]


BAD_FEEDBACK: list[tuple[dict[str, object], str]] = [
        ({"talked_to": ""}, "text.missing.talked_to"), ({"measures": " "}, "text.missing.measures"),
        ({"time_limit": ""}, "text.missing.time_limit"), ({"accepted_at": 5}, "receipt.accepted_at"),
        ({"attachments": (7,)}, "receipt.unknown_attachment"), ({"longitude": 106.5}, "receipt.position"),
        ({"longitude": 200.0, "latitude": 29.5}, "receipt.position"),
]  # fmt: skip


def test_that_feedback_passes_only_with_its_four_elements(stand: OrderStand) -> None:
    stand.send()
    whole = {"accepted_at": stand.room.clock.utc_ns(), **FOUR}
    for changes, code in BAD_FEEDBACK:
        feedback = Feedback(**{**whole, **changes})  # type: ignore[arg-type]
        assert stand.code(FeedBackReceipt(order=1, place=1, version=1, feedback=feedback), stand.unit()) == code


def test_that_attachments_are_those_of_the_receipt_its_order_or_its_event(stand: OrderStand) -> None:
    stand.send()
    now = stand.room.clock.utc_ns()
    with stand.room.ledger.work(CENTRE) as work:
        for number, about in ((1, "receipt:1.1"), (2, "receipt:1.2"), (3, "order:1")):
            file = Attachment(
                number=number, about=about, digest="0" * 64, name="照片.jpg", size=1, media="image/jpeg", added_at=now,
                added_by="u-water",
            )  # fmt: skip
            work.note("attachment.add", "attachment", number, 1, file)

    def told(**files: tuple[int, ...]) -> str:
        feedback = Feedback(accepted_at=now, longitude=106.55, latitude=29.56, **FOUR, **files)  # type: ignore[arg-type]
        return stand.code(FeedBackReceipt(order=1, place=1, version=1, feedback=feedback), stand.unit())

    assert told(attachments=(1, 2)) == "receipt.unknown_attachment"
    assert told(before=(1,) * 51) == "receipt.too_many_attachments"
    assert told(before=(1,), after=(3,)) == ""
    kept = stand.receipt().feedback
    assert kept is not None
    assert (kept.before, kept.after, kept.longitude) == ((1,), (3,), 106.55)


def test_that_a_place_off_the_earth_is_no_arrival(stand: OrderStand) -> None:
    stand.send()
    arrive = ArriveReceipt(order=1, place=1, version=1, longitude=106.5, latitude=float("nan"))
    assert stand.code(arrive, stand.unit()) == "receipt.position"


def test_that_the_whole_chain_of_an_event_is_stamped_and_moved_by_its_receipts(stand: OrderStand) -> None:
    event = stand.open_event()
    stand.send(draft("U-WATER", "U-POLICE", event=event.number))
    sent_at = stand.room.clock.utc_ns()
    assert (stand.event().state, stand.event().orders) == (EventState.HANDLING, 1)
    stand.climb(S.SIGNED, S.ARRIVED, place=2, unit="U-POLICE")
    stand.climb(S.SIGNED, S.ARRIVED, S.HANDLING, S.FED_BACK)
    after = stand.event()
    hops = {hop: (at - sent_at) // 10**9 for hop, at in after.hops.items()}
    assert hops == {Hop.ORDERED: 0, Hop.SIGNED: 1, Hop.ARRIVED: 2, Hop.FED_BACK: 6}
    assert (after.state, after.handler) == (EventState.FED_BACK, "u-water")
    assert stand.receipt().due[S.FED_BACK] == sent_at + 180 * 60 * 10**9
    assert stand.code(CheckReceipt(order=1, place=1, version=stand.receipt().version, passed=True)) == ""
    assert (stand.event().state, stand.event().checker) == (EventState.CHECKED, "officer")
    assert (stand.receipt().state, stand.order().state) == (ReceiptState.DONE, OrderState.SENT)


def test_that_an_event_is_checked_when_every_lead_has_passed(stand: OrderStand) -> None:
    event = stand.open_event()
    stand.send(draft("U-WATER", event=event.number), draft("U-FIRE", event=event.number))
    stand.climb(S.SIGNED, S.FED_BACK)
    stand.climb(S.SIGNED, S.FED_BACK, order=2, unit="U-FIRE")
    for order, state in ((1, EventState.FED_BACK), (2, EventState.CHECKED)):
        stand.room.done(
            CheckReceipt(order=order, place=1, version=stand.receipt(order).version, passed=True), stand.officer
        )
        assert stand.event().state is state


def test_that_who_is_on_site_for_a_merged_event_is_on_site_for_the_one_it_lives_on_in(stand: OrderStand) -> None:
    kept, merged = stand.open_event(), stand.open_event()
    stand.send(draft(event=merged.number))
    version = stand.event(2).version
    merge = MergeEvent(event=merged.number, version=version, into=1, into_version=kept.version, reason="同一处")
    stand.room.done(merge, stand.officer)
    stand.climb(S.SIGNED, S.ARRIVED, S.FED_BACK)
    assert {Hop.SIGNED, Hop.ARRIVED} <= set(stand.event(1).hops)
    assert (stand.event(1).state, Hop.FED_BACK in stand.event(1).hops) == (EventState.HANDLING, False)


def test_that_a_failed_check_goes_back_with_its_reason_and_the_event_with_it(stand: OrderStand) -> None:
    event = stand.open_event()
    stand.send(draft(event=event.number))
    stand.climb(S.SIGNED, S.HANDLING, S.FED_BACK)
    failed = CheckReceipt(order=1, place=1, version=stand.receipt().version, passed=False)
    assert stand.code(failed) == "text.missing.reason"
    version = stand.receipt().version
    assert stand.code(CheckReceipt(order=1, place=1, version=version, passed=False, reason="仍漏水")) == ""
    receipt = stand.receipt()
    assert (receipt.step, receipt.failed_checks, receipt.check_reason) == (S.HANDLING, 1, "仍漏水")
    assert (stand.event().state, stand.event().failed_checks) == (EventState.HANDLING, 1)
    stand.climb(S.FED_BACK)
    assert stand.code(CheckReceipt(order=1, place=1, version=stand.receipt().version, passed=True)) == ""
    assert (stand.order().state, stand.order().ended) == (OrderState.DONE, 1)
    assert stand.event().state is EventState.CHECKED


def test_that_nobody_who_handled_it_checks_it(stand: OrderStand) -> None:
    stand.send()
    stand.climb(S.SIGNED)
    told = ConfirmReceipt(
        order=1, place=1, version=stand.receipt().version, step=S.FED_BACK, channel=Channel.PHONE, words="修好了",
        said_by="李", feedback=Feedback(accepted_at=stand.room.clock.utc_ns(), **FOUR),  # type: ignore[arg-type]
    )  # fmt: skip
    assert stand.code(told) == ""
    passed = CheckReceipt(order=1, place=1, version=stand.receipt().version, passed=True)
    assert stand.code(passed) == "receipt.check_own"
    both = stand.room.officer("both", "500103.unit.1", "500103.duty_officer", seat="A-06")
    assert stand.code(passed, both) == "receipt.check_own"
    assert stand.code(passed, stand.unit()) == "permission.no_post"
    assert stand.code(passed, stand.other) == ""


def test_that_of_two_officers_who_confirm_at_once_the_second_is_told(stand: OrderStand) -> None:
    stand.send()
    told = ConfirmReceipt(order=1, place=1, version=1, step=S.SIGNED, channel=Channel.PHONE, words="收到", said_by="李")
    assert stand.code(told) == ""
    reply = stand.room.do(told, stand.other)
    assert (reply.code, reply.params["who"], reply.params["seat"]) == ("receipt.changed", "officer", "A-01")
    assert stand.actions("receipt").count("receipt.confirm") == 1
