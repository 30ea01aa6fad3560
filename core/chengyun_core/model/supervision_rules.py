"""The supervision board (督办, WF6): which receipts stand on it, why, how late, and which comes first; pure."""

from dataclasses import dataclass
from enum import StrEnum

from chengyun_core.model import deadline_rules
from chengyun_core.model.order import Receipt, ReceiptState, Step
from chengyun_core.model.receipt_rules import heard_at
from chengyun_core.model.scales import EventGrade


class Why(StrEnum):
    """Why a receipt stands on the board."""

    UNSIGNED = "unsigned"
    """超时未签收"""
    UNARRIVED = "unarrived"
    """超时未到场"""
    UNHANDLED = "unhandled"
    """超时未处置"""
    NOT_FED_BACK = "not_fed_back"
    """超时未反馈"""
    RETURNED = "returned"
    """被退回, and nobody has it yet."""
    SILENT = "silent"
    """静默: not heard of for long."""


OVERDUE: dict[Step, Why] = {
    Step.DELIVERED: Why.UNSIGNED,
    Step.READ: Why.UNSIGNED,
    Step.SIGNED: Why.UNSIGNED,
    Step.ARRIVED: Why.UNARRIVED,
    Step.HANDLING: Why.UNHANDLED,
    Step.FED_BACK: Why.NOT_FED_BACK,
}
"""Step whose deadline is over → what the board calls it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """A receipt on the board."""

    receipt: Receipt
    why: tuple[Why, ...]
    """The first is the one it is sorted by."""
    late_s: float
    """Seconds since the deadline, since it was returned, or since it was last heard of."""
    grade: EventGrade | None = None
    """Of its event; None: none, or not graded."""

    @property
    def weight(self) -> float:
        """Return lateness × grade: what the board is sorted by."""
        return self.late_s * (self.grade or EventGrade.GENERAL)


def judged(receipt: Receipt, grade: EventGrade | None, now_ns: int, silent_ns: int) -> Standing | None:
    """Return how a receipt stands on the board, None when it does not.

    now_ns: profile ns UTC. silent_ns: for how long one must not have been heard of, ns.
    """
    if receipt.state is ReceiptState.RETURNED and not receipt.settled:
        return _standing(receipt, (Why.RETURNED,), now_ns - receipt.changed_at, grade)
    step = deadline_rules.pending(receipt)
    over = 0 if step is None else now_ns - receipt.due[step]
    heard = heard_at(receipt)
    quiet = 0 if heard is None else now_ns - heard
    silent = (Why.SILENT,) if quiet >= silent_ns > 0 else ()
    if step is not None and over > 0:
        return _standing(receipt, (OVERDUE[step], *silent), over, grade)
    return _standing(receipt, silent, quiet, grade) if silent else None


def ordered(standing: list[Standing]) -> tuple[Standing, ...]:
    """Return the board in its order: heaviest first; of equals the older order first."""
    return tuple(sorted(standing, key=lambda one: (-one.weight, one.receipt.order, one.receipt.place)))


def _standing(receipt: Receipt, why: tuple[Why, ...], late_ns: int, grade: EventGrade | None) -> Standing:
    return Standing(receipt=receipt, why=why, late_s=late_ns / 1e9, grade=grade)
