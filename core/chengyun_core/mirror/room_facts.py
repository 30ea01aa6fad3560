"""What a screen holds of consultation: open rooms, what is asked and decided in them, who waits to be called back."""

from typing import Any

from chengyun_core.model.change import SessionRecord
from chengyun_core.model.room import Decision, Heard, Poll, Room
from chengyun_core.model.room_parties import is_played


class RoomFacts:
    """Owned by whoever owns the FactMirror; only that one writes."""

    def __init__(self) -> None:
        self.rooms: dict[int, Room] = {}
        """Open rooms by number; closed ones are asked of the centre."""
        self.polls: dict[str, Poll] = {}
        """Questions told so far, by `<room>.<number>`."""
        self.decisions: dict[str, Decision] = {}
        """Decisions told so far, by `<room>.<number>`."""
        self.heard: dict[int, Heard] = {}
        """Lines of the radio and phone log told so far whose party waits to be called back, by number."""
        self.played: dict[str, SessionRecord] = {}
        """Sessions of simulated parties, by their seats: nobody sits there, and nothing is sent there."""

    def of_event(self, event: int) -> Room | None:
        """Return the open room of an event; a centre opens one at a time."""
        return next((room for room in self.rooms.values() if room.event == event), None)

    def polls_of(self, room: int) -> tuple[Poll, ...]:
        """Return what a room was asked, oldest first."""
        return tuple(sorted((one for one in self.polls.values() if one.room == room), key=lambda one: one.number))

    def decisions_of(self, room: int) -> tuple[Decision, ...]:
        """Return what a room decided, oldest first."""
        return tuple(sorted((one for one in self.decisions.values() if one.room == room), key=lambda one: one.number))

    def shelf_of(self, kind: str, key: str) -> tuple[dict[Any, Any], int | str] | None:
        """Return where records of a kind are kept, and the key there; None for a kind that is not kept here."""
        numbered: dict[str, dict[Any, Any]] = {"heard": self.heard, "room": self.rooms}
        if kind in numbered:
            return numbered[kind], int(key)
        if kind == "session" and is_played(key):
            return self.played, key
        named: dict[str, dict[Any, Any]] = {"room_decision": self.decisions, "room_poll": self.polls}
        return (named[kind], key) if kind in named else None
