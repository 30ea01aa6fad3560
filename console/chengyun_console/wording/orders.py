"""Orders and receipts in words: who, what state, what is due until when, how late, and why it stands on a board."""

from dataclasses import dataclass

from chengyun_console.wording.figures import Figures
from chengyun_console.wording.gazetteer import Gazetteer
from chengyun_core.model.clock import NS_PER_S
from chengyun_core.model.deadline_rules import due_at, pending
from chengyun_core.model.event import Event
from chengyun_core.model.order import Order, OrderState, Receipt, ReceiptState, RequestKind, Role, SideRequest, Sweep
from chengyun_core.model.supervision_rules import Why
from chengyun_resources.theme.tokens import Colour, Severity

SOON_S = 300
"""A clock with less left than this is told in full ink."""
_QUIET = frozenset({ReceiptState.VOID, ReceiptState.RECALLED, ReceiptState.LAPSED})
_SENDS = frozenset({Sweep.ADDRESS, Sweep.OPEN})


@dataclass(frozen=True, slots=True)
class OrderWords:
    """Writes orders with the names of one catalogue version; without one codes are shown."""

    figures: Figures
    names: Gazetteer | None

    def say(self, code: str, **params: object) -> str:
        """Return the sentence of a code."""
        return self.figures.texts.say(code, **params)

    def who(self, code: str) -> str:
        """Return the name of a unit or post."""
        return self.names.who(code) if self.names else code

    def severity(self, event: Event | None) -> Severity:
        """Return the shape of the grade of an order's event; none without one."""
        return Severity(int(event.grade or 0)) if event is not None else Severity.NONE

    def order_state(self, order: Order) -> str:
        """Return where an order stands; of one that was sent, how many recipients are done."""
        if order.sweeping is not None:
            kind = "send" if order.sweeping in _SENDS else "change"
            return self.say(f"order.sweeping.{kind}", done=order.swept, count=order.recipients)
        if order.state is OrderState.SENT:
            return self.say("tasks.ended_of", ended=order.ended, count=order.recipients)
        return self.say(f"order.state.{order.state.value}")

    def role(self, receipt: Receipt) -> str:
        """Return whether it leads or assists."""
        return self.say(f"receipt.role.{Role(receipt.role).value}")

    def standing(self, receipt: Receipt) -> str:
        """Return the step a receipt is on, or what became of it."""
        if receipt.state is ReceiptState.OPEN:
            return self.say(f"receipt.step.{receipt.step.value}")
        return self.say(f"receipt.state.{receipt.state.value}")

    def clock(self, receipt: Receipt, now_ns: int) -> str:
        """Return what is due and how long is left, or by how much it is over; empty when no clock runs."""
        step, at = pending(receipt), due_at(receipt)
        if step is None or at is None:
            return ""
        left_s = (at - now_ns) / NS_PER_S
        code = "tasks.clock.over" if left_s < 0 else "tasks.clock.left"
        what = self.say(f"receipt.step.{step.value}")
        return self.say(code, what=what, time=self.figures.short_duration(abs(left_s)))

    def clock_colour(self, receipt: Receipt, now_ns: int) -> Colour:
        """Return the ink of a clock: what is over or nearly so stands out, by ink and by its word."""
        at = due_at(receipt)
        near = at is not None and at - now_ns < SOON_S * NS_PER_S
        return Colour.TEXT if near else Colour.TEXT_SECOND

    def notes(
        self, receipt: Receipt, request: SideRequest | None, *, has_promise: bool = True
    ) -> tuple[str, ...]:  # fmt: skip
        """Return what else is to be said of a receipt, in short words: request, supervision, extensions, urgings.

        has_promise: the time that was promised is among them; not where it is told elsewhere.
        """
        parts: list[str] = []
        if receipt.state not in (ReceiptState.OPEN, ReceiptState.DONE):
            parts.append(self.say(f"receipt.state.{receipt.state.value}"))
        if request is not None:
            parts.append(self.say("tasks.note.request", kind=self.kind(request.kind)))
        if receipt.supervision:
            parts.append(receipt.supervision)
        if receipt.promised_at is not None and has_promise:
            until = self.figures.clock(receipt.promised_at)[:5]
            parts.append(self.say("tasks.note.promised", count=receipt.extended, time=until))
        if receipt.reminded:
            parts.append(self.say("tasks.note.reminded", count=receipt.reminded))
        if receipt.failed_checks:
            parts.append(self.say("tasks.note.failed_checks", count=receipt.failed_checks))
        if receipt.away:
            parts.append(self.say("tasks.note.away", centre=self.place(receipt.away)))
        return tuple(parts)

    def kind(self, kind: RequestKind) -> str:
        """Return what a request asks for."""
        return self.say(f"request.kind.{RequestKind(kind).value}")

    def why(self, why: tuple[Why, ...]) -> str:
        """Return why a receipt stands on the board."""
        return " · ".join(self.say(f"supervision.why.{Why(each).value}") for each in why)

    def place(self, centre: str) -> str:
        """Return the name of a centre."""
        return self.names.place(centre) if self.names else centre

    def is_struck(self, receipt: Receipt) -> bool:
        """Return whether nobody climbs this ladder any more."""
        return receipt.state in _QUIET or receipt.state is ReceiptState.RETURNED

    def until(self, at: int | None, now_ns: int) -> str:
        """Return a moment as `14:37`, with its date when that is not today's; empty for none."""
        return self.figures.axis(at, now_ns) if at is not None else ""
