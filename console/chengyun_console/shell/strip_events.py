"""Events on the risk strip (class 3): what was just opened, what is grave, and whose report is due or overdue."""

from chengyun_console.desk import Desk
from chengyun_console.wording.events import EventWords
from chengyun_core.model.clock import NS_PER_S
from chengyun_core.model.event import LIVING, Event
from chengyun_core.model.event_rules import is_weighty
from chengyun_widgets.ticker_items import TickerItem

EVENT_CLASS = 3
NEW_S = 900
"""An event that was opened within the last quarter of an hour is news whatever its grade."""
_LONGEST = "000:00:00"


def on_strip(desk: Desk) -> list[Event]:
    """Return the events of this seat the strip tells, the gravest first."""
    now_ns = desk.now_ns()
    living = (event for event in desk.session.facts.events.values() if event.state in LIVING)
    told = [event for event in living if _is_told(event, now_ns) and desk.routing.event_is_mine(event)]
    told.sort(key=lambda event: (not event.report_overdue, -int(event.grade or 0), -event.number))
    return told


def event_items(desk: Desk, *, narrow: bool) -> list[TickerItem]:
    """Return their items; an overdue report stands still until it has left."""
    words = EventWords(desk.figures, desk.names)
    return [_item(desk, words, event, narrow=narrow) for event in on_strip(desk)]


def event_tails(desk: Desk) -> dict[str, str]:
    """Return the living end of every item: the report's clock, else where the event stands and for how long."""
    words, now_ns = EventWords(desk.figures, desk.names), desk.now_ns()
    return {_key(event): _tail(desk, words, event, now_ns) for event in on_strip(desk)}


def told_state(desk: Desk) -> tuple[object, ...]:
    """Return what the items depend on; their clocks are their living end."""
    return tuple(_told(event) for event in on_strip(desk))


def _is_told(event: Event, now_ns: int) -> bool:
    is_new = now_ns - event.opened_at < NEW_S * NS_PER_S
    return is_new or is_weighty(event) or event.report_due_at is not None or event.report_overdue


def _told(event: Event) -> tuple[object, ...]:
    return event.number, event.grade, event.state, event.report_overdue, event.title


def _key(event: Event) -> str:
    # Another grade or state makes another item: the old one leaves in its place, nothing changes its width.
    return f"event:{event.number}.{int(event.grade or 0)}.{event.state.value}.{int(event.report_overdue)}"


def _item(desk: Desk, words: EventWords, event: Event, *, narrow: bool) -> TickerItem:
    is_short = narrow or event.report_overdue
    return TickerItem(
        key=_key(event),
        severity=words.severity(event),
        word=words.grade(event),
        head="" if is_short else desk.say("strip.event.head"),
        text=desk.say("strip.placed", place=words.district(event), line=event.title),
        time="",
        class_code=EVENT_CLASS,
        is_pinned=event.report_overdue,
        tails=_widest(desk, words, event),
    )


def _tail(desk: Desk, words: EventWords, event: Event, now_ns: int) -> str:
    if event.report_due_at is not None:
        return words.counted(event.report_due_at, desk.say("event.report_kind.first"), now_ns).text
    return desk.say("strip.tail", state=words.state(event), age=words.age(event, now_ns))


def _widest(desk: Desk, words: EventWords, event: Event) -> tuple[str, ...]:
    what = desk.say("event.report_kind.first")
    return (
        desk.say("events.clock.over", what=what, time=_LONGEST),
        desk.say("events.clock.left", what=what, time=_LONGEST),
        desk.say("strip.tail", state=words.state(event), age=_LONGEST),
    )
