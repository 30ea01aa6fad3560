"""Commands and asks about drawings, and how things stood once, with what carries them out; merged into `handlers`."""

from collections.abc import Callable

from chengyun_core.centre import drawing_deeds, past_answers
from chengyun_core.centre.event_seen import subjects_of_teller
from chengyun_core.centre.handler import Handler

DRAWING_HANDLERS: dict[str, Handler] = {
    "drawing.erase": Handler(handle=drawing_deeds.erase, subjects=drawing_deeds.subjects_of_drawing),
    "drawing.put": Handler(handle=drawing_deeds.put, subjects=subjects_of_teller),
}
"""Command kind → handler. Alphabetical."""

DRAWING_ANSWERS: dict[str, Callable[..., bytes]] = {
    "drawing.of_event": drawing_deeds.of_event,
    "past.facts": past_answers.facts,
}
"""Ask → what answers it: (desk, connection, body) -> bytes. Alphabetical."""
