"""Commands and asks about consultation with what carries them out; merged into `handlers`."""

from collections.abc import Callable

from chengyun_core.centre import heard_lines, room_answers, room_deeds, room_mail, room_parties, room_polls
from chengyun_core.centre.handler import Handler
from chengyun_core.centre.room_care import subjects, subjects_of_event

ROOM_HANDLERS: dict[str, Handler] = {
    "heard.call_back": Handler(handle=heard_lines.call_back, subjects=heard_lines.subjects_of_known),
    "heard.write": Handler(handle=heard_lines.write, subjects=heard_lines.subjects_of_line),
    "room.agenda": Handler(handle=room_deeds.set_agenda, subjects=subjects),
    "room.chair": Handler(handle=room_deeds.pass_chair, subjects=subjects),
    "room.close": Handler(handle=room_deeds.close, subjects=subjects),
    "room.decide": Handler(handle=room_polls.decide, subjects=subjects),
    "room.end_poll": Handler(handle=room_polls.end, subjects=subjects),
    "room.hand": Handler(handle=room_deeds.hand, subjects=subjects),
    "room.invite": Handler(handle=room_deeds.invite, subjects=subjects),
    "room.join": Handler(handle=room_deeds.join, subjects=subjects),
    "room.leave": Handler(handle=room_deeds.leave, subjects=subjects),
    "room.link": Handler(handle=room_polls.link, subjects=subjects),
    "room.mute": Handler(handle=room_deeds.mute, subjects=subjects),
    "room.open": Handler(handle=room_deeds.open_room, subjects=subjects_of_event),
    "room.play": Handler(handle=room_parties.play),
    "room.poll": Handler(handle=room_polls.ask, subjects=subjects),
    "room.record": Handler(handle=room_deeds.record, subjects=subjects),
    "room.say": Handler(handle=room_deeds.say, subjects=subjects),
    "room.share": Handler(handle=room_deeds.share, subjects=subjects),
    "room.vote": Handler(handle=room_polls.vote, subjects=subjects),
}
"""Command kind → handler. Alphabetical."""

ROOM_ANSWERS: dict[str, Callable[..., bytes]] = {
    "heard.page": heard_lines.page,
    "room.lines": room_answers.lines,
    "room.page": room_answers.page,
    "room.suggest": room_answers.suggest,
}
"""Ask → what answers it: (desk, connection, body) -> bytes. Alphabetical."""

ROOM_BY_CALLER: dict[str, Callable[..., bytes]] = {"room.mail": room_mail.mail, "room.signal": room_mail.signal}
"""Ask → what answers it to who asks: (desk, ledger, caller, body) -> bytes."""
