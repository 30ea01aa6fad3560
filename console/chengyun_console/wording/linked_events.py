"""Living events that concern an indicator, in one line each: where they stand, what was ordered, which steps run."""

from collections.abc import Iterable

from chengyun_console.desk import Desk
from chengyun_console.event_case import receipts_of
from chengyun_console.wording.events import EventWords
from chengyun_core.mirror.scope import centres_below
from chengyun_core.model.deadline_rules import due_at, pending
from chengyun_core.model.event import Event
from chengyun_core.model.plan import RunStepState

_ENDED = (RunStepState.DONE, RunStepState.SKIPPED)


def events_of(desk: Desk, subtracks: frozenset[str], alarms: set[int], centre: str) -> list[Event]:
    """Return the living events of these sub-tracks' matters within a centre, or of these alarms; the gravest first."""
    names = desk.names
    if names is None:
        return []
    below = centres_below(names.view, centre)
    found = [
        event for event in desk.session.facts.events.values()
        if alarms & set(event.alarms) or (event.centre in below and _is_of(desk, event, subtracks))
    ]  # fmt: skip
    return sorted(found, key=lambda event: (-int(event.grade or 0), -event.number))


def event_lines(desk: Desk, events: Iterable[Event]) -> list[str]:
    """Return number, title, grade, state and age of each."""
    words, now_ns = EventWords(desk.figures, desk.names), desk.now_ns()
    return [
        " · ".join((event.code, event.title, words.grade(event), words.state(event), words.age(event, now_ns)))
        for event in events
    ]


def order_lines(desk: Desk, events: Iterable[Event]) -> list[str]:
    """Return each receipt of their orders: to whom, how far, and which clock runs."""
    words, now_ns = EventWords(desk.figures, desk.names), desk.now_ns()
    lines = []
    for event in events:
        for receipt in receipts_of(desk.session.facts.receipts.values(), event.number):
            order = desk.session.facts.orders.get(receipt.order)
            step, due = pending(receipt), due_at(receipt)
            clock = words.counted(due, desk.say(f"events.due.{step.value}"), now_ns).text if step and due else ""
            parts = (order.code if order else "", order.title if order else event.title, words.who(receipt.recipient),
                     desk.say(f"receipt.step.{receipt.step.value}"), clock)  # fmt: skip
            lines.append(" · ".join(part for part in parts if part))
    return lines


def step_lines(desk: Desk, events: Iterable[Event]) -> list[str]:
    """Return the steps of their plans that are not done yet."""
    numbers = {event.number for event in events}
    runs = (run for run in desk.session.facts.runs.values() if run.event in numbers)
    return [
        " · ".join((run.name, step.redlined or step.action.text, desk.say(f"events.step.{step.state.value}")))
        for run in runs for step in run.steps if step.state not in _ENDED
    ]  # fmt: skip


def _is_of(desk: Desk, event: Event, subtracks: frozenset[str]) -> bool:
    matter = desk.names.matter(event.matter) if desk.names else None
    return matter is not None and matter.subtrack in subtracks
