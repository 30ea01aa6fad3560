"""Which event a consultation is about, and whom of it one has chosen: what letters in its sheet mean."""

from chengyun_console.actions.room_subject import Offer, RoomSubject
from chengyun_core.mirror.facts import FactMirror
from chengyun_core.model.camera import Camera
from chengyun_core.model.event import Attachment
from chengyun_core.model.room import Heard, Member, MemberState, Room
from chengyun_core.model.room_commands import Invitee
from chengyun_core.model.room_rules import member_of
from chengyun_core.model.room_share import MapSight, SharedTrend


class RoomFocus:
    """One per desk; the sheet of the room writes it."""

    def __init__(self, facts: FactMirror) -> None:
        self._facts = facts
        self.event: int | None = None
        self.chosen = ""
        """Code of the member whose row is current."""
        self.ticked: tuple[Invitee, ...] = ()
        """Who is asked with the next key."""
        self.files: dict[int, Attachment] = {}
        """Files of the event by number, as far as this console was told of them: they may be shared, and are named."""
        self.sight: MapSight | None = None
        """The map as the officer saw it last, on whichever page; the map writes it."""
        self.trend: SharedTrend | None = None
        """The lines the officer saw last on the page of vitals; the page writes it."""

    def room(self) -> Room | None:
        """Return the open room."""
        return None if self.event is None else self._facts.rooms.of_event(self.event)

    def waiting(self) -> tuple[Heard, ...]:
        """Return who waits to be called back, the most urgent first."""
        return tuple(sorted(self._facts.rooms.heard.values(), key=lambda line: (line.due_at or 0, line.number)))

    def subject(
        self, seat: str, codes: frozenset[str], camera: Camera | None, offers: tuple[Offer, ...] = ()
    ) -> RoomSubject:
        """Return what a deed is about. `codes`: as whom one may come; `camera`, `offers`: what may be shown to all."""
        room, waiting = self.room(), self.waiting()
        if room is None:
            return RoomSubject(waiting=waiting)
        polls, decisions = self._facts.rooms.polls_of(room.number), self._facts.rooms.decisions_of(room.number)
        asked = next((poll for poll in polls if poll.closed_at is None), None)
        known = {one.code for one in room.members if one.state is not MemberState.LEFT}
        return RoomSubject(
            room=room, own=own_in(room, seat, codes), chosen=member_of(room, self.chosen),
            poll=asked or (polls[-1] if polls else None), decision=decisions[-1] if decisions else None,
            camera=camera, offers=offers, waiting=waiting,
            ticked=tuple(one for one in self.ticked if one.code not in known),
        )  # fmt: skip


def own_in(room: Room, seat: str, codes: frozenset[str]) -> Member | None:
    """Return who one is in a room: as whom one is in from this seat, else as whom one was asked."""
    here = next((one for one in room.members if one.seat == seat and one.state is not MemberState.LEFT), None)
    return here or next((one for one in room.members if one.code in codes), None)
