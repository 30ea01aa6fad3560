"""What a deed in a consultation is about: the room, who one is in it, and whom one has chosen in its matrix."""

from dataclasses import dataclass

from chengyun_core.model.camera import Camera
from chengyun_core.model.room import Decision, Heard, Member, Poll, Room
from chengyun_core.model.room_commands import Invitee


@dataclass(frozen=True, slots=True, kw_only=True)
class Offer:
    """Something that may be shown to all: how it is called, and as what `model.room_share` names it."""

    text: str
    name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class RoomSubject:
    """As the officer saw it when he pressed."""

    room: Room | None = None
    """The open room of the event the sheet is about; None: none is open."""
    own: Member | None = None
    """Who one is in it, whatever his state; None: one was not asked."""
    chosen: Member | None = None
    """The member whose row is current."""
    poll: Poll | None = None
    """The question that stands open, else the newest one."""
    decision: Decision | None = None
    """The newest one."""
    camera: Camera | None = None
    """The one in focus, which may be shared."""
    offers: tuple[Offer, ...] = ()
    """What else may be shared: the trend in focus, the map as one sees it, files of the event."""
    waiting: tuple[Heard, ...] = ()
    """Lines of the radio and phone log whose party waits to be called back, the most urgent first."""
    ticked: tuple[Invitee, ...] = ()
    """Who is asked with the next key and was not asked yet."""
