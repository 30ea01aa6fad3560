"""Commands and asks about official warnings and call-outs with what carries them out; merged into `handlers`."""

from collections.abc import Callable

from chengyun_core.centre import call_answers, call_deeds
from chengyun_core.centre.handler import Handler

WARNING_HANDLERS: dict[str, Handler] = {
    "call.note": Handler(handle=call_deeds.note, subjects=call_deeds.subjects_of_try),
    "call_list.save": Handler(handle=call_deeds.save),
    "call_out.cancel": Handler(handle=call_deeds.cancel, subjects=call_deeds.subjects),
    "call_out.start": Handler(handle=call_deeds.start),
}
"""Command kind → handler. Alphabetical."""

WARNING_ANSWERS: dict[str, Callable[..., bytes]] = {
    "call_list.page": call_answers.lists,
    "call_out.get": call_answers.get,
    "call_out.page": call_answers.page,
}
"""Ask → what answers it: (desk, connection, body) -> bytes. Alphabetical."""
