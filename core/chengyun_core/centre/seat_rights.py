"""What a session may by its seat: covered seats join its own; who takes over reads and ticks; who is played speaks."""

from dataclasses import replace

from chengyun_core.centre import duty_care
from chengyun_core.centre.desk import Desk
from chengyun_core.centre.gate import Caller
from chengyun_core.model.command import COMMANDS
from chengyun_core.model.duty import INCOMING
from chengyun_core.model.failure import Refused
from chengyun_core.model.room_parties import PLAYED_MAY, is_played

INCOMING_MAY = frozenset({
    "handover.check", "handover.open", "handover.refuse", "handover.sign", "handover.tick", "handover.cancel",
    "handover.force", "duty.presence", "session.sign_off", "export.note",
})  # fmt: skip
"""Commands of who takes over before he has signed; questions are free."""


def incoming_seat(seat: str) -> str:
    """Return what the seat of a session that takes over is called."""
    return f"{seat}{INCOMING}"


def real_seat(seat: str) -> str:
    """Return the seat a session is at, or takes over."""
    return seat.removesuffix(INCOMING)


def is_incoming(seat: str) -> bool:
    """Return whether a session's seat is one that it takes over."""
    return seat.endswith(INCOMING)


def allowed_there(actions: tuple[str, ...], seat: str) -> tuple[str, ...]:
    """Return which of the allowed actions are left to a session at a seat."""
    if not is_incoming(seat):
        return actions
    return tuple(action for action in actions if action not in COMMANDS or action in INCOMING_MAY)


def widened(desk: Desk, caller: Caller, action: str) -> Caller:
    """Return the caller with the areas of the seats his covers; raise Refused for what who takes over may not yet."""
    if caller.session is None:
        return caller
    seat = caller.session.seat
    if is_incoming(seat):
        if action in COMMANDS and action not in INCOMING_MAY:
            raise Refused("session.incoming", seat=real_seat(seat), action=action)
        return caller
    if is_played(seat) and action in COMMANDS and action not in PLAYED_MAY:
        raise Refused("session.played", seat=seat, action=action)
    if not desk.covers:
        return caller
    covered = duty_care.areas(desk, seat)[1:]
    more = tuple(
        holding for area in covered for holding in desk.city.holdings(caller.session.posts, area) if holding.area
    )
    return replace(caller, holdings=(*caller.holdings, *more)) if more else caller
