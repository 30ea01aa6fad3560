"""Whatever officers, units, clocks and restarts do to orders, in any order: tables, journal and timers agree."""

import tempfile
from pathlib import Path

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from chengyun_core.centre import order_sweeps
from chengyun_core.model.event import LIVING
from chengyun_core.model.event_commands import CloseEvent, MergeEvent, SplitEvent, VoidEvent
from chengyun_core.model.order import (
    LIVING_ORDERS,
    OrderState,
    Receipt,
    ReceiptState,
    RequestKind,
    Step,
    Sweep,
    key_of,
)
from chengyun_core.model.order_commands import RecallOrder, ReleaseOrder, SendOrders, VoidOrder
from chengyun_core.model.receipt_commands import AskSideRequest, CheckReceipt, DecideSideRequest
from chengyun_core.model.receipt_rules import ENDED, is_living
from chengyun_core.model.scales import EventGrade
from chengyun_core.store import order_table
from chengyun_core.store.record_log import RecordLog
from tests.core.centre.order_stand import OrderStand, draft, own_step

UNITS = ("U-WATER", "U-POLICE")
TOLD = [Step.DELIVERED, Step.READ, Step.SIGNED, Step.ARRIVED, Step.HANDLING, Step.FED_BACK]
PICK = st.integers(0, 5)
EVENT = st.sampled_from([None, 1, 1, 2])


class Life(RuleBasedStateMachine):
    """Orders of a stand; refused deeds are part of life, disagreement is not."""

    def __init__(self) -> None:
        super().__init__()
        self.folder = tempfile.TemporaryDirectory()
        self.stand = OrderStand(Path(self.folder.name))
        self.sent = 0
        # As if two were many: every order to both is written, opened and ended over several turns (0256).
        self.at_once, order_sweeps.AT_ONCE = order_sweeps.AT_ONCE, 1
        self.changed_at_once, order_sweeps.CHANGED_AT_ONCE = order_sweeps.CHANGED_AT_ONCE, 1

    @initialize()
    def begin(self) -> None:
        """Let there be something to do with: two sent, one held, one that waits for a second person."""
        for _ in range(2):
            self.stand.open_event(grade=EventGrade.GENERAL)
        for codes, fields, hold in ((UNITS, {}, False), (("U-WATER",), {}, False), (UNITS, {}, True),
                                    (("U-FIRE",), {"critical": "closure"}, False)):  # fmt: skip
            self.stand.send(draft(*codes, event=1, **fields), hold=hold)
            self.sent += 1

    def teardown(self) -> None:
        order_sweeps.AT_ONCE, order_sweeps.CHANGED_AT_ONCE = self.at_once, self.changed_at_once
        self.stand.room.ledger.close()
        self.folder.cleanup()

    @rule(both=st.booleans(), hold=st.booleans(), critical=st.sampled_from(["", "", "closure"]), event=EVENT)
    def send(self, both: bool, hold: bool, critical: str, event: int | None) -> None:
        drafts = (draft(*UNITS[: 1 + both], critical=critical, event=event),)
        self.sent += self.stand.code(SendOrders(drafts=drafts, hold=hold)) == ""

    @rule(pick=PICK, step=st.sampled_from(TOLD))
    def tell(self, pick: int, step: Step) -> None:
        receipt = self._receipt(pick)
        if receipt is not None:
            self.stand.room.clock.advance(1)
            self.stand.code(own_step(step, receipt, self.stand.room.clock.utc_ns()), self.stand.unit(receipt.recipient))

    @rule(pick=PICK, passed=st.booleans())
    def check(self, pick: int, passed: bool) -> None:
        receipt = self._receipt(pick)
        if receipt is not None:
            self.stand.code(CheckReceipt(order=receipt.order, place=receipt.place, version=receipt.version,
                                         passed=passed, reason="r"))  # fmt: skip

    @rule(pick=PICK, kind=st.sampled_from(RequestKind), given=st.booleans())
    def ask_and_decide(self, pick: int, kind: RequestKind, given: bool) -> None:
        receipt = self._receipt(pick)
        if receipt is None:
            return
        until = self.stand.room.clock.utc_ns() + 1000 * 10**9
        ask = AskSideRequest(order=receipt.order, place=receipt.place, version=receipt.version, kind=kind, reason="r",
                             until=until)  # fmt: skip
        reply = self.stand.room.do(ask, self.stand.unit(receipt.recipient))
        if reply.outcome == "done":
            number = self.stand.receipt(receipt.order, receipt.place).request
            assert number is not None
            decide = DecideSideRequest(request=number, version=1, given=given, reason="r")
            assert self.stand.code(decide, self.stand.chief) == ""

    @rule(pick=PICK, deed=st.sampled_from([RecallOrder, VoidOrder, ReleaseOrder]))
    def end(self, pick: int, deed: type[RecallOrder | VoidOrder | ReleaseOrder]) -> None:
        if self.sent:
            number = 1 + pick % self.sent
            reason = {} if deed is ReleaseOrder else {"reason": "r"}
            who = self.stand.chief if deed is VoidOrder else self.stand.officer
            self.stand.code(deed(order=number, version=self.stand.order(number).version, **reason), who)

    @rule(event=EVENT, how=st.sampled_from([CloseEvent, VoidEvent, MergeEvent, SplitEvent]))
    def end_event(self, event: int | None, how: type[CloseEvent | VoidEvent | MergeEvent | SplitEvent]) -> None:
        """Close, void, merge or split one of the two; what its state does not allow is refused."""
        number = event or 1
        told: dict[str, object] = {"event": number, "version": self.stand.event(number).version, "reason": "r"}
        if how is MergeEvent:
            told |= {"into": 3 - number, "into_version": self.stand.event(3 - number).version}
        self.stand.code(how(**told))  # type: ignore[arg-type]

    @rule()
    def go_on(self) -> None:
        order_sweeps.tend(self.stand.room.desk, self.stand.room.ledger)

    @rule(seconds=st.sampled_from([1, 30, 60, 400, 4000]))
    def pass_by(self, seconds: int) -> None:
        self.stand.room.clock.advance(seconds)
        self.stand.room.tend()

    @rule()
    def restart(self) -> None:
        self.stand.restart()

    @invariant()
    def orders_and_receipts_agree(self) -> None:
        for number in range(1, self.sent + 1):
            order = self.stand.order(number)
            receipts = self._receipts(number)
            if order.sweeping is not None:
                assert number in self.stand.room.desk.sweeps, "somebody goes on with it"
                assert len(receipts) == (order.swept if order.sweeping is Sweep.ADDRESS else order.recipients)
                continue
            assert number not in self.stand.room.desk.sweeps
            assert {one.event for one in receipts if is_living(one)} <= {order.event}
            over = sum(one.state in ENDED for one in receipts)
            kept = order.state in (OrderState.HELD, OrderState.WAITING)
            assert all((one.state is ReceiptState.KEPT) == kept for one in receipts)
            assert order.ended == over
            if order.state not in LIVING_ORDERS:
                assert over == len(receipts) == order.recipients

    @invariant()
    def nothing_is_open_for_an_event_that_has_ended(self) -> None:
        if self.stand.room.desk.sweeps:
            return
        with self.stand.room.ledger.reading() as connection:
            events = {receipt.event for receipt, _ in order_table.living_receipts(connection)}
        assert all(self.stand.event(event).state in LIVING for event in events - {None})

    @invariant()
    def the_journal_holds_what_the_tables_hold(self) -> None:
        log = RecordLog("receipt", Receipt)
        with self.stand.room.ledger.reading() as connection:
            for number in range(1, self.sent + 1):
                for receipt in order_table.receipts_of(connection, number):
                    assert log.get(connection, key_of(receipt)) == receipt

    @invariant()
    def what_is_waited_for_is_what_the_receipts_say(self) -> None:
        with self.stand.room.ledger.reading() as connection:
            living = [receipt for receipt, _ in order_table.living_receipts(connection)]
        assert all(map(is_living, living))
        calls = {key_of(one): one.call_at for one in living if one.call_at and one.state is ReceiptState.OPEN}
        waited = {key[1]: due for key, (due, _) in self.stand.room.desk.due._waited.items() if key[0] == "receipt"}
        assert waited == calls

    def _receipts(self, number: int) -> list[Receipt]:
        with self.stand.room.ledger.reading() as connection:
            return order_table.receipts_of(connection, number)

    def _receipt(self, pick: int) -> Receipt | None:
        found = [one for number in range(1, self.sent + 1) for one in self._receipts(number)]
        return found[pick % len(found)] if found else None


TestLife = Life.TestCase
TestLife.settings = settings(
    max_examples=12, stateful_step_count=25, deadline=None, suppress_health_check=list(HealthCheck)
)  # fmt: skip
