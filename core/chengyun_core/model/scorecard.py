"""A unit's scorecard (R2), first form: eight ratios with their formulas, numerators and denominators; pure."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum

from chengyun_core.model.order import Receipt, ReceiptState, Step
from chengyun_core.model.receipt_rules import has


class Measure(StrEnum):
    """What is measured. Receipts recalled, void or not sent yet count for nothing, nor do those whose event was void.

    What lapsed as its event was closed counts as it stood then: a deadline over by then is missed, a later one is none.
    """

    SIGNED = "signed"
    """签收率 = signed within its deadline ÷ those whose signing deadline is over or that were signed."""
    ON_TIME = "on_time"
    """按时率 = fed back within the deadline (a promised new time counts) ÷ those fed back or whose deadline is over."""
    ONCE = "once"
    """一次办结率 = checked without a failed check and without an extension ÷ checked."""
    RETURNED = "returned"
    """退回率 = given back ÷ sent."""
    CHECKS_PASSED = "checks_passed"
    """核查通过率 = checks passed ÷ checks made."""
    URGED = "urged"
    """催办率 = called for after a deadline, by the centre's clock or an officer ÷ sent."""
    SUPERVISED = "supervised"
    """督办率 = put under supervision ÷ sent."""
    EXTENDED = "extended"
    """延期率 = given more time ÷ sent."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Ratio:
    """One ratio, told with what it is made of: 0 of 0 is not 0 %."""

    measure: Measure
    numerator: int
    denominator: int

    @property
    def value(self) -> float | None:
        """Return numerator ÷ denominator, None when there is nothing to divide by."""
        return self.numerator / self.denominator if self.denominator else None


def ratios(receipts: Iterable[Receipt], now_ns: int) -> tuple[Ratio, ...]:
    """Return the ratios of one unit's receipts as they stand at a profile time (ns UTC)."""
    counted = [one for one in receipts if is_counted(one)]
    return tuple(_ratio(measure, counted, now_ns) for measure in Measure)


def is_counted(receipt: Receipt) -> bool:
    """Return whether a receipt says anything about its unit: nobody could do what was not sent, or never was."""
    return receipt.state not in _NOT_COUNTED and receipt.lapsed_with != "void"


def lapsed(receipts: Iterable[Receipt]) -> int:
    """Return how many ended with their event before they were done: told beside the ratios, never among the done."""
    return sum(one.state is ReceiptState.LAPSED for one in receipts)


def _ratio(measure: Measure, counted: Sequence[Receipt], now_ns: int) -> Ratio:
    pairs = [_COUNTS[measure](receipt, now_ns) for receipt in counted]
    return Ratio(measure=measure, numerator=sum(good for good, _ in pairs), denominator=sum(of for _, of in pairs))


def _by_deadline(step: Step) -> Callable[[Receipt, int], tuple[int, int]]:
    def count(receipt: Receipt, now_ns: int) -> tuple[int, int]:
        due, how = receipt.due.get(step), receipt.climbed.get(step)
        if due is None or receipt.state is ReceiptState.RETURNED:
            return 0, 0
        in_time = how is not None and how.at <= due
        until = receipt.changed_at if receipt.state is ReceiptState.LAPSED else now_ns
        return int(in_time), int(how is not None or until > due)

    return count


def _once(receipt: Receipt, _now_ns: int) -> tuple[int, int]:
    checked = has(receipt, Step.CHECKED)
    return int(checked and receipt.failed_checks == 0 and receipt.extended == 0), int(checked)


def _returned(receipt: Receipt, _now_ns: int) -> tuple[int, int]:
    return int(receipt.state is ReceiptState.RETURNED), 1


def _urged(receipt: Receipt, _now_ns: int) -> tuple[int, int]:
    return int(receipt.reminded > 0), 1


def _supervised(receipt: Receipt, _now_ns: int) -> tuple[int, int]:
    return int(bool(receipt.supervision)), 1


def _extended(receipt: Receipt, _now_ns: int) -> tuple[int, int]:
    return int(receipt.extended > 0), 1


def _checks(receipt: Receipt, _now_ns: int) -> tuple[int, int]:
    passed = int(has(receipt, Step.CHECKED))
    return passed, passed + receipt.failed_checks


_NOT_COUNTED = frozenset({ReceiptState.KEPT, ReceiptState.VOID, ReceiptState.RECALLED})
_COUNTS: dict[Measure, Callable[[Receipt, int], tuple[int, int]]] = {
    Measure.SIGNED: _by_deadline(Step.SIGNED),
    Measure.ON_TIME: _by_deadline(Step.FED_BACK),
    Measure.ONCE: _once,
    Measure.RETURNED: _returned,
    Measure.CHECKS_PASSED: _checks,
    Measure.URGED: _urged,
    Measure.SUPERVISED: _supervised,
    Measure.EXTENDED: _extended,
}
