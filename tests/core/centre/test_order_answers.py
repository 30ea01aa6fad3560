"""Asks about orders: one with its history, pages without gaps, what has not left, texts and deadlines to choose."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from chengyun_core.mirror.fact_merge import FactMerge
from chengyun_core.mirror.facts import FactMirror
from chengyun_core.mirror.records import fact_of
from chengyun_core.model.order import OrderState, ReceiptState, Step
from chengyun_core.model.order_commands import RecallOrder
from chengyun_core.wire import codec
from chengyun_core.wire.endpoints import PROTOCOL_VERSION
from chengyun_core.wire.envelope import Hello, Snapshot
from chengyun_core.wire.order_asks import (
    AskOrder,
    AskOrders,
    AskOrderTemplates,
    AskOutbox,
    AskReceipts,
    Orders,
    OrderTemplates,
    OrderTold,
    Outbox,
    Receipts,
    ReceiptView,
)
from tests.core.centre.order_stand import OrderStand, draft
from tests.core.centre.room import SETTINGS


@pytest.fixture
def stand(tmp_path: Path) -> Iterator[OrderStand]:
    with OrderStand(tmp_path) as made:
        yield made


def _many(stand: OrderStand, count: int) -> None:
    stand.send(*(draft("500103.duty_officer", "500106.duty_officer") for _ in range(count)))


def test_that_one_order_is_told_with_its_receipts_and_its_rows(stand: OrderStand) -> None:
    stand.send(draft("U-WATER", "U-POLICE"))
    stand.climb(Step.READ, Step.SIGNED)
    told = stand.ask("order.get", AskOrder(order=1), OrderTold)
    assert (told.order.number, [one.recipient for one in told.receipts]) == (1, ["U-WATER", "U-POLICE"])
    assert [row.action for row in told.history] == [
        "order.send", "receipt.send", "receipt.send", "receipt.read", "receipt.sign",
    ]  # fmt: skip
    assert not told.history_cut
    assert stand.room.ask("order.get", AskOrder(order=9), stand.officer).code == "order.unknown"


def test_that_pages_of_orders_meet_without_gap_or_overlap(stand: OrderStand) -> None:
    _many(stand, 7)
    stand.room.done(RecallOrder(order=3, version=1, reason="发错"), stand.officer)
    seen: list[int] = []
    before, more = None, True
    while more:
        page = stand.ask("order.page", AskOrders(before=before, limit=3, living=True), Orders)
        seen += [one.number for one in page.orders]
        before, more = seen[-1], page.more
    assert seen == [7, 6, 5, 4, 2, 1]
    ended = stand.ask("order.page", AskOrders(living=False), Orders)
    assert [(one.number, one.state) for one in ended.orders] == [(3, OrderState.RECALLED)]
    assert stand.ask("order.page", AskOrders(centre="500106"), Orders).orders == ()
    assert stand.room.ask("order.page", AskOrders(limit=201), stand.officer).code == "order.page_size"


@pytest.mark.parametrize("view", [ReceiptView.RECEIVED, ReceiptView.OVERDUE, ReceiptView.SILENT])
def test_that_pages_of_receipts_meet_even_where_all_are_due_at_one_instant(
    stand: OrderStand, view: ReceiptView
) -> None:
    _many(stand, 4)
    stand.room.clock.advance(3600)
    recipient = "500106.duty_officer" if view is ReceiptView.RECEIVED else ""
    seen: list[tuple[int, int]] = []
    after: tuple[int, int, int] | None = None
    for _ in range(9):
        page = stand.ask("receipt.page", AskReceipts(view=view, recipient=recipient, after=after, limit=3), Receipts)
        seen += [(one.order, one.place) for one in page.receipts]
        after = page.next
        if after is None:
            break
    all_of_them = {(order, place) for order in range(1, 5) for place in ((2,) if recipient else (1, 2))}
    assert len(seen) == len(all_of_them)
    assert set(seen) == all_of_them


def test_that_near_due_is_what_is_due_soon(stand: OrderStand) -> None:
    stand.send()
    near = AskReceipts(view=ReceiptView.NEAR_DUE)
    assert len(stand.ask("receipt.page", near, Receipts).receipts) == 1
    stand.climb(Step.HANDLING)
    assert stand.ask("receipt.page", near, Receipts).receipts == ()
    assert stand.room.ask("receipt.page", AskReceipts(view=ReceiptView.RECEIVED), stand.officer).code == (
        "order.unknown_recipient"
    )


def test_that_what_has_not_left_is_told_as_that(tmp_path: Path) -> None:
    with OrderStand(tmp_path, replace(SETTINGS, linked_centres=("500106",))) as stand:
        stand.send(draft("U-WATER", "U-POLICE", "500106.duty_officer"), draft("U-POLICE"))
        stand.climb(Step.DELIVERED)
        stand.climb(Step.READ, order=2, unit="U-POLICE")
        told = stand.ask("order.outbox", AskOutbox(), Outbox)
        lines = {one.recipient: (one.away, one.waiting, one.sent, one.delivered) for one in told.lines}
        assert lines == {
            "500106.duty_officer": ("500106", 1, 0, 0), "U-POLICE": ("", 0, 1, 0), "U-WATER": ("", 0, 0, 1),
        }  # fmt: skip
        assert [(queue.centre, queue.rows) for queue in told.queues] == [("500106", 1)]
        assert stand.receipt(1, 3).away == "500106"
        stand.restart()
        assert len(stand.ask("order.outbox", AskOutbox(), Outbox).queues) == 1


def test_that_texts_and_deadlines_of_the_catalogue_go_before_the_house_s(stand: OrderStand) -> None:
    facts = {"order_text.evacuate": "疏散 {place}\n带上 {what}", "deadline.flood": "signed=2"}
    stand.room.desk.city = replace(stand.room.desk.city, facts=facts)
    told = stand.ask("order.templates", AskOrderTemplates(), OrderTemplates)
    texts = {text.name: text for text in told.texts}
    assert (texts["evacuate"].text, texts["evacuate"].gaps) == ("带上 {what}", ("place", "what"))
    assert texts["repair_water"].gaps == ("place", "deadline")
    assert [(one.name, one.of_house) for one in told.deadlines] == [
        ("1-5-30", True), ("desk", False), ("flood", False), ("none", False),
    ]  # fmt: skip
    english = stand.ask("order.templates", AskOrderTemplates(language="en"), OrderTemplates)
    assert english.texts[1].title.isascii()
    assert stand.room.ask("order.templates", AskOrderTemplates(language="xx"), stand.officer).code == "ask.no_language"


def test_that_a_snapshot_and_the_changes_after_it_show_the_same_living_orders(stand: OrderStand) -> None:
    merge, mirror = FactMerge(), FactMirror()
    stand.send(draft("U-WATER", "U-POLICE"), draft("U-FIRE"))
    reply = stand.room.ask("snapshot", Hello(protocol=PROTOCOL_VERSION, client="t"), stand.officer)
    snapshot = codec.unpack(reply.body, Snapshot)
    facts = [fact for fact in map(fact_of, snapshot.records) if fact is not None]
    merge.replace(facts, snapshot.through)
    told = len(stand.room.published)
    stand.room.done(RecallOrder(order=2, version=1, reason="发错"), stand.officer)
    stand.climb(Step.SIGNED)
    for change in stand.room.published[told:]:
        merge.put(change, fact_of(change))
    news = merge.news(through=99, tail=99, complete=True)
    assert news is not None
    mirror.apply(news)
    assert (set(mirror.orders), set(mirror.receipts)) == ({1}, {"1.1", "1.2"})
    assert (mirror.receipts["1.1"].step, mirror.receipts["1.2"].state) == (Step.SIGNED, ReceiptState.OPEN)
