"""The receipts of orders as a matrix: recipients down, steps of the ladder across, each with its time or its clock."""

from collections.abc import Iterable, Mapping, Sequence

from chengyun_console.wording.orders import OrderWords
from chengyun_core.model.clock import NS_PER_S
from chengyun_core.model.deadline_rules import pending
from chengyun_core.model.order import LADDER, Climbed, Order, Receipt, ReceiptState, Role, SideRequest, Step, key_of
from chengyun_core.model.receipt_rules import rank
from chengyun_widgets.ladder_record import CellMark, MatrixCell, MatrixRecord, MatrixRow

_STOOD = frozenset({ReceiptState.KEPT, ReceiptState.SUSPENDED})


def matrix(
    words: OrderWords,
    orders: Sequence[tuple[Order, Sequence[Receipt]]],
    requests: Mapping[int, SideRequest],
    now_ns: int,
    marked: Iterable[str] = (),
) -> MatrixRecord:
    """Return the matrix of one order, or of several under their headings. `requests`: those that wait, by number."""
    chosen, rows = frozenset(marked), []
    for order, receipts in orders:
        if len(orders) > 1:
            rows.append(_heading(words, order, now_ns))
        leads_first = sorted(receipts, key=lambda receipt: (receipt.role is not Role.LEAD, receipt.place))
        rows += [_row(words, receipt, requests, now_ns, chosen) for receipt in leads_first]
    columns = tuple(words.say(f"tasks.column.{step.value}") for step in LADDER)
    return MatrixRecord(who=words.say("tasks.matrix.who"), columns=columns, rows=tuple(rows))


def cell(words: OrderWords, receipt: Receipt, step: Step, now_ns: int) -> MatrixCell:
    """Return how one step of a receipt stands at a profile time."""
    climbed = receipt.climbed.get(step)
    if climbed is not None:
        return _reached(words, receipt, step, climbed)
    if rank(step) < rank(receipt.step):
        # A step nobody told of stays empty, and is shown so: nothing is invented (T2).
        return MatrixCell(mark=CellMark.PASSED, text=words.say("tasks.cell.passed"))
    if receipt.state in _STOOD and step in receipt.due:
        return MatrixCell(mark=CellMark.STANDING, text=words.say(f"receipt.state.{receipt.state.value}"))
    if receipt.state is not ReceiptState.OPEN:
        return MatrixCell()
    return _expected(words, receipt, step, now_ns)


def _expected(words: OrderWords, receipt: Receipt, step: Step, now_ns: int) -> MatrixCell:
    due = receipt.due.get(step)
    if due is None:
        return MatrixCell(mark=CellMark.AHEAD) if rank(step) == rank(receipt.step) + 1 else MatrixCell()
    left_s = (due - now_ns) / NS_PER_S
    text = words.figures.short_duration(abs(left_s))
    if left_s < 0:
        return MatrixCell(mark=CellMark.LATE, text=text, word=words.say("tasks.cell.late"))
    if pending(receipt) is not step:
        return MatrixCell(mark=CellMark.AHEAD, word=words.say("tasks.cell.until", time=words.until(due, now_ns)))
    sent = receipt.climbed[Step.SENT].at if Step.SENT in receipt.climbed else now_ns
    share = 1.0 - left_s * NS_PER_S / max(1, due - sent)
    return MatrixCell(mark=CellMark.RUNNING, text=text, word=words.say("tasks.cell.left"), share=share)


def _reached(words: OrderWords, receipt: Receipt, step: Step, climbed: Climbed) -> MatrixCell:
    mark = CellMark.FOR_HIM if climbed.on_behalf else CellMark.DONE
    return MatrixCell(mark=mark, text=words.figures.clock(climbed.at), word=_word(words, receipt, step, climbed))


def _word(words: OrderWords, receipt: Receipt, step: Step, climbed: Climbed) -> str:
    """Return by whom it was told when it was not the recipient, else how long after the sending it was."""
    if climbed.on_behalf:
        return words.say("tasks.cell.for_him", channel=words.say(f"channel.{climbed.channel.value}"))
    if step is Step.SENT or Step.SENT not in receipt.climbed:
        return words.say("tasks.cell.waiting") if receipt.away and len(receipt.climbed) == 1 else ""
    due = receipt.due.get(step)
    after = words.figures.short_duration((climbed.at - receipt.climbed[Step.SENT].at) / NS_PER_S)
    late = due is not None and climbed.at > due
    return words.say("tasks.cell.after_late" if late else "tasks.cell.after", time=after)


def _row(
    words: OrderWords, receipt: Receipt, requests: Mapping[int, SideRequest], now_ns: int, marked: frozenset[str]
) -> MatrixRow:
    request = requests.get(receipt.request) if receipt.request is not None else None
    return MatrixRow(
        key=key_of(receipt),
        title=words.who(receipt.recipient),
        badge=words.role(receipt),
        note=" · ".join(words.notes(receipt, request)) or receipt.task,
        cells=tuple(cell(words, receipt, step, now_ns) for step in LADDER),
        is_struck=words.is_struck(receipt),
        is_marked=key_of(receipt) in marked,
    )


def _heading(words: OrderWords, order: Order, now_ns: int) -> MatrixRow:
    age = words.figures.short_duration((now_ns - (order.sent_at or order.issued_at)) / NS_PER_S)
    note = words.say("tasks.matrix.order", state=words.order_state(order), age=age)
    return MatrixRow(key=f"order:{order.number}", title=f"{order.code} {order.title}", note=note, is_heading=True)


def standing_of(words: OrderWords, orders: Sequence[tuple[Order, Sequence[Receipt]]]) -> str:
    """Return how many receipts were sent, signed and have been dealt with, of all; nothing when there are none."""
    receipts = [receipt for _order, told in orders for receipt in told if not words.is_struck(receipt)]
    if not receipts:
        return ""
    reached = [rank(receipt.step) for receipt in receipts]
    counts = {name: sum(at >= rank(step) for at in reached) for name, step in _COUNTED.items()}
    return words.say("tasks.matrix.standing", count=len(receipts), **counts)


_COUNTED = {"sent": Step.SENT, "signed": Step.SIGNED, "done": Step.FED_BACK}
