"""What goes back with an event that is taken out of another: its alarms and open orders; what stays, and why."""

from collections.abc import Iterable

from chengyun_console.desk import Desk
from chengyun_console.wording.events import EventWords
from chengyun_core.model.event import Event
from chengyun_resources.theme.tokens import Colour
from chengyun_widgets.fact_model import FactRow
from chengyun_widgets.fact_sheet import SheetLine, SheetSection

MOST_LINES = 12


def merged_rows(desk: Desk, merged: Iterable[Event]) -> list[FactRow]:
    """Return a row per merged event, under its own number."""
    words = EventWords(desk.figures, desk.names)
    return [
        FactRow(
            key=str(event.number), severity=words.severity(event), title=event.title, detail=words.detail(event),
            age=desk.figures.clock(event.changed_at), badges=(words.grade(event),),
        )
        for event in merged
    ]  # fmt: skip


def parts_of(desk: Desk, event: Event, into: Event) -> tuple[SheetSection, ...]:
    """Return what the centre gives back to `event`, and what stays with `into` (decision 0255)."""
    say, facts = desk.say, desk.session.facts
    alarms = [
        (f"#{number}", desk.words.title(facts.alarms[number]) if number in facts.alarms else say("events.alarm_ended"))
        for number in event.alarms
    ]
    orders = [
        (order.code, order.title) for order in facts.orders.values()
        if order.event == into.number and event.number in order.came_from
    ]  # fmt: skip
    back = (*_lines(desk, alarms), *_lines(desk, orders)) or (
        SheetLine(label="", text=say("events.split.nothing_back"), colour=Colour.TEXT_SECOND),
    )
    before = say(f"event.state.{event.before.value}") if event.before is not None else ""
    stays = SheetLine(label=into.code, text=say("events.split.stays", files=into.attachments))
    return (
        SheetSection(title=say("events.split.back", event=event.code, state=before), lines=back),
        SheetSection(title=say("events.split.stay"), lines=(stays,)),
    )


def _lines(desk: Desk, told: list[tuple[str, str]]) -> tuple[SheetLine, ...]:
    lines = tuple(SheetLine(label=label, text=text) for label, text in told[:MOST_LINES])
    left = len(told) - len(lines)
    return (*lines, SheetLine(label="", text=desk.say("events.alarms_more", count=left))) if left else lines
