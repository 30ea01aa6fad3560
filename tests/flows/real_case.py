"""A real case played through the centre's commands in simulated time: everything at the minute it happened.

The clock goes from one due time to the next, so that every reminder and every end of a suspension falls where it would
have fallen; what was done is read from the journal.
"""

from collections import Counter
from dataclasses import dataclass
from datetime import datetime, timedelta, timezone

from chengyun_core.model.change import Change
from chengyun_core.model.event import Event, EventSource, EventState, Factor, Hop
from chengyun_core.model.event_commands import CheckEvent, CloseEvent, GradeEvent, OpenEvent, VerifyEvent
from chengyun_core.model.order import LADDER, Channel, Feedback, Order, Receipt, Step
from chengyun_core.model.plan import PlanRun
from chengyun_core.model.plan_commands import SendPlanOrders, StartPlan
from chengyun_core.model.plan_match import Match
from chengyun_core.model.receipt_commands import ConfirmReceipt
from chengyun_core.store import event_table, order_table, plan_table
from chengyun_core.wire.event_asks import AskTimeline, Timeline
from chengyun_core.wire.plan_asks import AskDrafts, AskMatch, Drafts, Matches
from tests.core.centre.event_room import asked
from tests.core.centre.room import Room

CITY_TIME = timezone(timedelta(hours=8))
MINUTE_NS = 60 * 10**9
FOUR = {"talked_to": "现场负责人", "measures": "已按预案处置", "time_limit": "已办结"}


@dataclass(slots=True, kw_only=True)
class Case:
    """One event from its first word to its end. `room` stands at the case's first minute."""

    room: Room
    officer: str
    checker: str
    began_ns: int
    event_number: int = 0
    run_number: int = 0

    def at(self, minutes: float) -> None:
        """Let the centre's time pass up to a minute of the case, doing what falls due on the way."""
        clock, target = self.room.clock, self.began_ns + round(minutes * MINUTE_NS)
        while clock.utc_ns() < target:
            due_s = self.room.desk.due.next_in_s()
            left_s = (target - clock.utc_ns()) / 1e9
            clock.advance(left_s if due_s is None else min(left_s, max(due_s, 0.001)))
            self.room.tend()

    def opened(self, **told: object) -> Event:
        """Open it, as told by a person unless told otherwise."""
        form = OpenEvent(**{"source": EventSource.MANUAL, **told})
        self.event_number = int(self.room.done(form, self.officer).key)
        return self.event()

    def verified(self, words: str, channel: Channel = Channel.PHONE) -> None:
        """Say by what it was found true."""
        self._do(VerifyEvent, words=words, channel=channel)

    def graded(self, *factors: int) -> None:
        """Grade by nature, urgency, control, reach."""
        self._do(GradeEvent, factors=dict(zip(Factor, factors, strict=True)))

    def started(self, template: str) -> Match:
        """Start the plan that is ranked first, which must be this one; return how it was matched."""
        found = asked(self.room, self.officer, "plan.match", AskMatch(event=self.event_number), Matches)
        best = found.matches[0]
        assert best.template == template, [match.template for match in found.matches]
        start = StartPlan(
            event=self.event_number, template=template, edition=best.edition, risk_point=best.risk_point
        )  # fmt: skip
        self.run_number = int(self.room.done(start, self.officer).key)
        return best

    def ordered(self) -> list[Order]:
        """Send the orders of every ready step as dispatch proposes them; return the orders."""
        drafts = asked(self.room, self.officer, "plan.drafts", AskDrafts(run=self.run_number), Drafts)
        chosen = tuple(one for one in drafts.drafts if one.draft is not None)
        assert len(chosen) == len(drafts.drafts), "somebody can do every step"
        before = {order.number for order in self.orders()}
        command = SendPlanOrders(
            run=self.run_number, version=drafts.version, drafts=tuple(one.draft for one in chosen)
        )  # fmt: skip
        self.room.done(command, self.officer)
        return [order for order in self.orders() if order.number not in before]

    def told(self, step: str, upto: Step, words: str, channel: Channel = Channel.PHONE) -> None:
        """Note what a step's unit says over a channel; steps of the ladder it has passed unsaid stay empty."""
        receipt = self.receipt(step)
        feedback = Feedback(accepted_at=self.room.clock.utc_ns(), **FOUR) if upto is Step.FED_BACK else None
        self.room.done(
            ConfirmReceipt(
                order=receipt.order, place=receipt.place, version=receipt.version, step=upto, channel=channel,
                words=words, said_by=receipt.recipient, feedback=feedback,
            ),
            self.officer,
        )  # fmt: skip

    def checked_and_closed(self) -> None:
        """Have another person check, and close."""
        self._do(CheckEvent, session=self.checker, passed=True)
        self._do(CloseEvent, reason="其余回执随事件办结")
        assert self.event().state is EventState.CLOSED

    def event(self) -> Event:
        """Return the event as it lies in the database."""
        with self.room.ledger.reading() as connection:
            found = event_table.get(connection, self.event_number)
        assert found is not None
        return found

    def orders(self) -> list[Order]:
        """Return the orders of the event."""
        with self.room.ledger.reading() as connection:
            return order_table.of_event(connection, self.event_number)

    def receipt(self, step: str) -> Receipt:
        """Return the receipt of a plan step's order: each has one recipient."""
        order = next(order for order in self.orders() if order.plan_step == step)
        with self.room.ledger.reading() as connection:
            (found,) = order_table.receipts_of(connection, order.number)
        return found

    def run(self) -> PlanRun:
        """Return the run of its plan."""
        with self.room.ledger.reading() as connection:
            found = plan_table.run(connection, self.run_number)
        assert found is not None
        return found

    def hop(self, hop: Hop) -> float:
        """Return a hop in minutes after the first."""
        return (self.event().hops[hop] - self.began_ns) / MINUTE_NS

    def clock_of(self, hop: Hop) -> str:
        """Return a hop as the city's clocks showed it."""
        return datetime.fromtimestamp(self.event().hops[hop] / 1e9, CITY_TIME).strftime("%H:%M")

    def minutes(self, step: str) -> dict[Step, float]:
        """Return when the receipt of a plan step climbed, minutes after its order left."""
        receipt = self.receipt(step)
        sent = receipt.climbed[Step.SENT].at
        return {
            rung: (receipt.climbed[rung].at - sent) / MINUTE_NS for rung in LADDER[1:] if rung in receipt.climbed
        }  # fmt: skip

    def rows(self) -> Counter[str]:
        """Return how often the event's own timeline has each action: its rows, its orders', its plan's."""
        lines = asked(self.room, self.officer, "event.timeline", AskTimeline(event=self.event_number), Timeline)
        assert not lines.more
        return Counter(line.code.removeprefix("timeline.") for line in lines.lines)

    def written(self) -> list[Change]:
        """Return the journal's rows as they were published, in their order."""
        return self.room.published

    def _do(self, kind: type, *, session: str = "", **fields: object) -> None:
        self.room.done(
            kind(event=self.event_number, version=self.event().version, **fields), session or self.officer
        )  # fmt: skip
