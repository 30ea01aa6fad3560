"""Rows of what has not been read: by how far it is, with age, why it stands there, and what happens next."""

from collections.abc import Sequence

from chengyun_console.outbox_counts import STANDINGS, standing_of
from chengyun_console.wording.orders import OrderWords
from chengyun_console.wording.task_rows import heading, joined
from chengyun_core.mirror.facts import FactMirror
from chengyun_core.model.clock import NS_PER_S
from chengyun_core.model.order import Receipt, Step, key_of
from chengyun_core.wire.order_asks import CentreQueue
from chengyun_resources.theme.tokens import Colour
from chengyun_widgets.fact_model import FactRow


def rows(
    words: OrderWords, facts: FactMirror, unread: Sequence[Receipt], queues: Sequence[CentreQueue], now_ns: int
) -> list[FactRow]:
    """Return the rows, what has not left first, each standing under a heading that says what it means."""
    made: list[FactRow] = []
    waits = {queue.centre: queue for queue in queues}
    for name in STANDINGS:
        some = [row for row in unread if standing_of(row) == name]
        if some:
            made.append(heading(f"outbox {name}", words.say(f"tasks.outbox.{name}", count=len(some))))
        made += [_row(words, facts, row, waits.get(row.away), now_ns) for row in some]
    return made + [_queue_row(words, queue, now_ns) for queue in queues if not _has_row(queue, unread)]


def _row(
    words: OrderWords, facts: FactMirror, receipt: Receipt, queue: CentreQueue | None, now_ns: int
) -> FactRow:  # fmt: skip
    order, event = facts.orders.get(receipt.order), facts.events.get(receipt.event or 0)
    since = receipt.climbed[Step.SENT].at if Step.SENT in receipt.climbed else receipt.changed_at
    return FactRow(
        key=key_of(receipt),
        severity=words.severity(event),
        title=words.who(receipt.recipient),
        detail=joined(order.code if order else "", _why(words, receipt, queue, now_ns)),
        age=words.figures.short_duration((now_ns - since) / NS_PER_S),
        status=words.say(f"tasks.outbox.status.{standing_of(receipt)}"),
        status_colour=Colour.TEXT if standing_of(receipt) == "waiting" else Colour.TEXT_SECOND,
        badges=words.notes(receipt, None),
    )


def _why(words: OrderWords, receipt: Receipt, queue: CentreQueue | None, now_ns: int) -> str:
    """Return why it stands where it stands, and what is done about it: by the machine, or by U."""
    name = standing_of(receipt)
    if name != "waiting":
        return words.say(f"tasks.outbox.why.{name}")
    centre = words.place(receipt.away)
    if queue is None:
        return words.say("tasks.outbox.why.unconfirmed", centre=centre)
    age = words.figures.short_duration((now_ns - queue.oldest_ns) / NS_PER_S)
    return words.say("tasks.outbox.why.queued", centre=centre, count=queue.rows, age=age)


def _queue_row(words: OrderWords, queue: CentreQueue, now_ns: int) -> FactRow:
    """Return the row of a queue in which no receipt stands: answers and events wait there too."""
    age = words.figures.short_duration((now_ns - queue.oldest_ns) / NS_PER_S)
    title = words.say("tasks.outbox.queue", centre=words.place(queue.centre), count=queue.rows, age=age)
    return heading(f"outbox queue {queue.centre}", title)


def _has_row(queue: CentreQueue, unread: Sequence[Receipt]) -> bool:
    return any(row.away == queue.centre for row in unread)
