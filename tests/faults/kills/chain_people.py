"""The people of the chain amid the kills: they open, grade, order, sign, feed back, check and close what they see."""

import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from chengyun_core.mirror.records import fact_of
from chengyun_core.model import event_rules
from chengyun_core.model.alarm import Alarm, AlarmMove, NoteCode, effective, possible_moves
from chengyun_core.model.command import AcknowledgeAlarm
from chengyun_core.model.event import Event, EventSource, Factor
from chengyun_core.model.event_commands import (
    CloseEvent,
    GradeEvent,
    MergeEvent,
    OpenEvent,
    VerifyEvent,
    VoidEvent,
)
from chengyun_core.model.event_rules import Move
from chengyun_core.model.order import Feedback, Order, Receipt, ReceiptState, Role, Step
from chengyun_core.model.order_commands import OrderDraft, RecallOrder, Recipient, SendOrders
from chengyun_core.model.receipt_commands import ArriveReceipt, CheckReceipt, FeedBackReceipt, SignReceipt
from chengyun_core.wire.envelope import Snapshot

UNITS = tuple(f"500103.unit.{place}" for place in range(1, 4))
TOWNS = tuple(f"500103.unit.{place}" for place in range(100, 190))
"""Posts that nobody sits at: an order to all of them is written in several turns."""
GENERAL = dict.fromkeys(Factor, 1)
OFFICER, CHECKER, UNIT = "officer", "checker", "unit"
Deed = tuple[object, str]
"""A command, and who gives it."""


@dataclass(slots=True)
class Seen:
    """What a console would show now."""

    alarms: list[Alarm] = field(default_factory=list)
    events: list[Event] = field(default_factory=list)
    orders: list[Order] = field(default_factory=list)
    receipts: list[Receipt] = field(default_factory=list)
    now_ns: int = 0


def seen(snapshot: Snapshot, now_ns: int) -> Seen:
    """Return the living records of a snapshot by kind."""
    found = Seen(now_ns=now_ns)
    lists: dict[type, list[Any]] = {
        Alarm: found.alarms, Event: found.events, Order: found.orders, Receipt: found.receipts,
    }  # fmt: skip
    for change in snapshot.records:
        fact = fact_of(change)
        if fact is not None and type(fact.record) in lists:
            lists[type(fact.record)].append(fact.record)
    return found


def deeds(seen: Seen, chance: random.Random, count: int) -> list[Deed]:
    """Return deeds that what is seen allows, most of them on records of their own; some will be refused as stale."""
    possible = [*_on_alarms(seen), *_on_receipts(seen), *_on_events(seen, chance), *_on_orders(seen)]
    chosen = chance.sample(possible, min(count, len(possible)))
    return chosen or [(OpenEvent(source=EventSource.MANUAL, title="来电报告", centre="500103"), OFFICER)]


def to_many(seen: Seen) -> list[Deed]:
    """Return an order to all towns for one of the events that take orders, if there is one."""
    able = [event for event in seen.events if Move.ORDER in event_rules.possible_moves(event)]
    return [(SendOrders(drafts=(_addressed(event, (*UNITS, *TOWNS)),)), OFFICER) for event in able[:1]]


def _on_alarms(seen: Seen) -> Iterator[Deed]:
    taken = {alarm for event in seen.events for alarm in event.alarms}
    for alarm in seen.alarms:
        if AlarmMove.ACKNOWLEDGE in possible_moves(effective(alarm)):
            yield AcknowledgeAlarm(alarm=alarm.number, version=alarm.version, note_code=NoteCode.VERIFYING), OFFICER
        elif alarm.number not in taken:
            yield OpenEvent(source=EventSource.ALARM, alarms=(alarm.number,), title="水位异常"), OFFICER


def _on_receipts(seen: Seen) -> Iterator[Deed]:
    for one in seen.receipts:
        if one.state is not ReceiptState.OPEN or one.recipient not in UNITS:
            continue
        key = {"order": one.order, "place": one.place, "version": one.version}
        if one.step is Step.FED_BACK:
            yield CheckReceipt(**key, passed=True), CHECKER
        elif one.step is Step.ARRIVED:
            told = Feedback(accepted_at=seen.now_ns, talked_to="报案人", measures="已处置", time_limit="今日")
            yield FeedBackReceipt(**key, feedback=told), UNIT
        else:
            yield (ArriveReceipt if one.step is Step.SIGNED else SignReceipt)(**key), UNIT


def _on_events(seen: Seen, chance: random.Random) -> Iterator[Deed]:
    for event in seen.events:
        key: dict[str, Any] = {"event": event.number, "version": event.version}
        moves = event_rules.possible_moves(event)
        if Move.VERIFY in moves and chance.random() < 0.3:
            yield VerifyEvent(**key), OFFICER
        if event.grade is None and Move.GRADE in moves:
            yield GradeEvent(**key, factors=GENERAL), OFFICER
        if Move.ORDER in moves and event.orders < 3:
            yield SendOrders(drafts=(_draft(event, chance),)), OFFICER
        if Move.CLOSE in moves and event.grade is not None:
            yield CloseEvent(**key, reason="已处置完毕"), OFFICER
        if chance.random() < 0.06:
            yield VoidEvent(**key, reason="误报"), OFFICER
        others = [one for one in seen.events if one.number != event.number]
        if others and chance.random() < 0.04:
            into = chance.choice(others)
            yield MergeEvent(**key, into=into.number, into_version=into.version, reason="同一处"), OFFICER


def _on_orders(seen: Seen) -> Iterator[Deed]:
    for order in seen.orders:
        if order.recipients > len(UNITS) and order.number % 5 == 0:
            yield RecallOrder(order=order.number, version=order.version, reason="误发"), OFFICER


def _draft(event: Event, chance: random.Random) -> OrderDraft:
    many = chance.random() < 0.08
    return _addressed(event, (*UNITS, *TOWNS) if many else tuple(chance.sample(UNITS, chance.randint(1, len(UNITS)))))


def _addressed(event: Event, people: Sequence[str]) -> OrderDraft:
    named = tuple(Recipient(code=code, role=Role.ASSIST if at else Role.LEAD) for at, code in enumerate(people))
    return OrderDraft(event=event.number, title="立即到场", text="到场并反馈", centre="500103", recipients=named)
