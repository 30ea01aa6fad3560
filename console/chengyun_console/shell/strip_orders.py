"""Orders on the risk strip (class 4): what is overdue, and what came for a unit of this seat and nobody signed."""

from dataclasses import replace

from chengyun_console import own_receipts
from chengyun_console.desk import Desk
from chengyun_console.wording.orders import OrderWords
from chengyun_console.wording.task_rows import late_row
from chengyun_core.model.deadline_rules import pending
from chengyun_core.model.event import Event
from chengyun_core.model.order import Receipt, key_of
from chengyun_widgets.fact_model import FactRow
from chengyun_widgets.ticker_items import TickerItem

ORDER_CLASS, ORDER_KEY = 4, "order:"
MOST = 60
"""More of them say nothing more: the page of tasks counts and sorts them."""
_LONGEST = "000:00:00"


def on_strip(desk: Desk) -> list[Receipt]:
    """Return the receipts the strip tells: own ones nobody signed first, then by grade and lateness.

    Who may not urge sees those of his own units only.
    """
    own = {key_of(row): row for row in own_receipts.own(desk)}
    late = [row for row in desk.late.over(desk.now_ns()) if key_of(row) in own or desk.routing.receipt_is_mine(row)]
    shown = late if "receipt.urge" in desk.allowed() else [row for row in late if key_of(row) in own]
    told = [*(row for row in own.values() if own_receipts.not_signed(row) and row not in shown), *shown]
    # A stable sort: of one grade the latest stays first.
    told.sort(key=lambda row: (key_of(row) not in own, -_grade(desk, row)))
    return told[:MOST]


def order_items(desk: Desk, *, narrow: bool) -> list[TickerItem]:
    """Return their items; an own order nobody signed stands still until somebody did."""
    words = OrderWords(desk.figures, desk.names)
    return [_item(desk, words, receipt, narrow=narrow) for receipt in on_strip(desk)]


def order_tails(desk: Desk) -> dict[str, str]:
    """Return the living end of every item: what is owed, and by how much it is over."""
    words, now_ns = OrderWords(desk.figures, desk.names), desk.now_ns()
    return {_key(row): words.clock(row, now_ns) or words.standing(row) for row in on_strip(desk)}


def order_rows(desk: Desk) -> list[FactRow]:
    """Return them as rows of the unfolded strip; their keys say that they are no alarms."""
    words, facts, now_ns = OrderWords(desk.figures, desk.names), desk.session.facts, desk.now_ns()
    told = ((row, late_row(words, facts, row, now_ns)) for row in on_strip(desk))
    return [replace(shown, key=f"{ORDER_KEY}{row.order}.{row.place}") for row, shown in told]


def told_state(desk: Desk) -> tuple[object, ...]:
    """Return what the items depend on; their clocks are their living end."""
    return tuple(_key(row) for row in on_strip(desk))


def _event(desk: Desk, receipt: Receipt) -> Event | None:
    return desk.session.facts.events.get(receipt.event) if receipt.event is not None else None


def _grade(desk: Desk, receipt: Receipt) -> int:
    event = _event(desk, receipt)
    return int(event.grade or 0) if event is not None else 0


def _key(receipt: Receipt) -> str:
    # `.` ends the number in keys of the strip: the place stands behind it with the step that is owed.
    step = pending(receipt)
    return f"order:{receipt.order}.{receipt.place}.{step.value if step is not None else receipt.step.value}"


def place_of(key: str) -> int | None:
    """Return the place of the receipt an item is about."""
    parts = key.split(".")
    return int(parts[1]) if len(parts) > 1 and parts[1].isdigit() else None


def _item(desk: Desk, words: OrderWords, receipt: Receipt, *, narrow: bool) -> TickerItem:
    order = desk.session.facts.orders.get(receipt.order)
    is_own = own_receipts.is_own(desk, receipt.recipient)
    title = receipt.task or (order.title if order is not None else str(receipt.order))
    return TickerItem(
        key=_key(receipt),
        severity=words.severity(_event(desk, receipt)),
        word="",
        head="" if narrow else desk.say("tasks.strip.own" if is_own else "tasks.strip.late"),
        text=desk.say("strip.placed", place=words.who(receipt.recipient), line=title),
        time="",
        class_code=ORDER_CLASS,
        is_pinned=is_own and own_receipts.not_signed(receipt),
        tails=_widest(desk),
    )


def _widest(desk: Desk) -> tuple[str, ...]:
    steps = (desk.say(f"receipt.step.{name}") for name in ("signed", "arrived", "handling", "fed_back"))
    return tuple(desk.say("tasks.clock.over", what=what, time=_LONGEST) for what in steps)
