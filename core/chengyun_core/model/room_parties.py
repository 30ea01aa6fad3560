"""Simulated parties of a room (模拟): where they may be, what they may do, how their seats are called. Tables only."""

from chengyun_core.model.scales import Realm

PLAYED_IN: dict[Realm, bool] = {Realm.LIVE: False, Realm.DRILL: True}
"""Realm → whether members whom nobody plays may be played by a machine. What is not here is refused."""
PLAYED_MAY = frozenset({
    "room.hand", "room.join", "room.leave", "room.mute", "room.say", "room.share", "room.vote", "session.sign_off",
})  # fmt: skip
"""Commands of a simulated party: it is a member of its room, and an officer of nothing. Questions are free."""
PLAYED = "/simulated"
"""What follows a member's code in the seat, and in the account, of the party that plays him: no seat of the catalogue,
so nothing is sent to it, nobody is kept from his own, and every row of the journal says what it was."""


def may_be_played(realm: str) -> bool:
    """Return whether simulated parties are allowed in a realm; one that is not in the table allows none."""
    return any(allowed for known, allowed in PLAYED_IN.items() if known == realm)


def played_seat(code: str) -> str:
    """Return the seat, and the account, of the party that plays a member."""
    return f"{code}{PLAYED}"


def is_played(seat: str) -> bool:
    """Return whether a seat or an account is that of a simulated party."""
    return seat.endswith(PLAYED)


def played_code(seat: str) -> str:
    """Return the code of the member whom the party at a seat plays."""
    return seat.removesuffix(PLAYED)
