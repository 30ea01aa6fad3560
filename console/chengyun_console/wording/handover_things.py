"""What a hand-over's item is about, as the screen's copy of the facts has it now: alarm, event, order, running plan."""

from collections.abc import Callable

from chengyun_console.desk import Desk
from chengyun_console.wording.events import EventWords
from chengyun_console.wording.orders import OrderWords
from chengyun_console.wording.plans import PlanWords
from chengyun_console.wording.runs import RunWords
from chengyun_core.model.duty import Item, ItemKind
from chengyun_core.model.order import key_of
from chengyun_resources.theme.tokens import Colour
from chengyun_widgets.fact_sheet import SheetLine, SheetSection

_LONGEST = 200


def thing_sections(desk: Desk, item: Item) -> tuple[SheetSection, ...]:
    """Return what is known of the thing itself; nothing when this screen has no copy of it."""
    makers: dict[ItemKind, Callable[[Desk, str], tuple[SheetLine, ...]]] = {
        ItemKind.UNACKNOWLEDGED: _alarm, ItemKind.SHELVED: _alarm, ItemKind.EVENT: _event, ItemKind.REPORT_DUE: _event,
        ItemKind.ORDER: _order, ItemKind.PLAN_RUN: _run,
    }  # fmt: skip
    make = makers.get(item.kind)
    lines = make(desk, item.key) if make is not None else ()
    if not lines:
        return ()
    return (SheetSection(title=desk.say("console.handover.thing"), lines=lines),)


def number_of(key: str) -> int | None:
    """Return the number a thing's key begins with (`17.2` is the second receipt of order 17), None when it has none."""
    head = key.partition(".")[0]
    return int(head) if head.isdecimal() else None


def _alarm(desk: Desk, key: str) -> tuple[SheetLine, ...]:
    alarm = desk.session.facts.alarms.get(number_of(key) or -1)
    if alarm is None:
        return ()
    words, now = desk.words, desk.now_ns()
    return (
        _line(desk, "what", words.title(alarm)),
        _line(desk, "value", words.value(alarm, alarm.value)),
        _line(desk, "place", words.place(alarm)),
        _line(desk, "raised", desk.figures.axis(alarm.raised_at, now)),
        _line(desk, "status", words.status(alarm, now)),
    )


def _event(desk: Desk, key: str) -> tuple[SheetLine, ...]:
    event = desk.session.facts.events.get(number_of(key) or -1)
    if event is None:
        return ()
    words, now = EventWords(desk.figures, desk.names), desk.now_ns()
    told = (
        _line(desk, "what", f"{event.code} {event.title}"),
        _line(desk, "status", _joined(desk, words.grade(event), words.state(event))),
        _line(desk, "place", words.place(event)),
        _line(desk, "lead", words.who(event.lead)),
        _line(desk, "raised", desk.figures.axis(event.opened_at, now)),
        _line(desk, "told", event.narrative[:_LONGEST]),
    )
    return tuple(line for line in told if line.text)


def _order(desk: Desk, key: str) -> tuple[SheetLine, ...]:
    facts, words, now = desk.session.facts, OrderWords(desk.figures, desk.names), desk.now_ns()
    order = facts.orders.get(number_of(key) or -1)
    own = [row for row in facts.receipts.values() if key_of(row) == key or ("." not in key and str(row.order) == key)]
    if order is None and not own:
        return ()
    head = [_line(desk, "what", f"{order.code} {order.title}")] if order is not None else []
    rows = [
        SheetLine(
            label=words.who(row.recipient), text=_joined(desk, words.standing(row), words.clock(row, now)),
            colour=words.clock_colour(row, now),
        )
        for row in sorted(own, key=lambda row: row.place)
    ]  # fmt: skip
    return (*head, *rows)


def _run(desk: Desk, key: str) -> tuple[SheetLine, ...]:
    facts = desk.session.facts
    run = facts.runs.get(number_of(key) or -1)
    if run is None:
        return ()
    words = RunWords(PlanWords(desk.figures, desk.names), facts.events.get(run.event), facts)
    told, ink = words.standing(run, desk.now_ns())
    return (
        _line(desk, "what", words.head(run, desk.now_ns())),
        SheetLine(label=desk.say("console.handover.field.status"), text=told, colour=ink),
    )


def _line(desk: Desk, field: str, text: str) -> SheetLine:
    return SheetLine(label=desk.say(f"console.handover.field.{field}"), text=text, colour=Colour.TEXT)


def _joined(desk: Desk, *parts: str) -> str:
    return desk.say("events.pieces_between").join(filter(None, parts))
