"""Which events the machine is to look at: those of a kind it may send, once for each thing that counts (D6)."""

from chengyun_core.centre.desk import Desk
from chengyun_core.model import dispatch_auto
from chengyun_core.model.event import Event

TIMER = "auto_dispatch"
"""What the desk waits for with an event, as a kind of `desk.due`."""


def consider(desk: Desk, event: Event) -> None:
    """Have an event looked at soon if the machine may send it; called after COMMIT whenever an event is known anew."""
    matter = desk.city.matters.get(event.matter)
    ready = dispatch_auto.considers(event, matter, desk.settings.dispatch_auto_confidence)
    if not ready:
        desk.looked_at.pop(event.number, None)
    waits = ready and desk.looked_at.get(event.number) != _what_counts(event)
    desk.due.wait((TIMER, str(event.number)), event.changed_at if waits else None)


def done_with(desk: Desk, event: Event) -> None:
    """Remember that the machine has looked at an event as it is: it does not come back to the same."""
    desk.looked_at[event.number] = _what_counts(event)
    desk.due.wait((TIMER, str(event.number)), None)


def _what_counts(event: Event) -> tuple[object, ...]:
    return (event.title, event.narrative, event.matter, event.grade, event.centre, tuple(event.attributes.items()))
