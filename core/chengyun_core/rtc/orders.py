"""What a console and its media worker say to each other by pipe: orders one way, what is told the other."""

import msgspec

from chengyun_core.model.failure import Reason
from chengyun_core.model.room import SignalKind
from chengyun_core.rtc.degradation import Level


class Begin(msgspec.Struct, frozen=True, kw_only=True, tag=True):
    """The first order: what stands for ears, mouth and eyes here (rtc.sound, rtc.pictures)."""

    microphone: str = "device"
    """`device`, `device:NAME`, `silence`, `tone:HZ` or `file:PATH` (WAV)."""
    speaker: str = "device"
    """`device`, `device:NAME`, `none` or `file:PATH` (WAV that is written)."""
    camera: str = "none"
    """`none`, `card` (a test picture), `device:/dev/video0` or `file:PATH`."""


class Call(msgspec.Struct, frozen=True, kw_only=True, tag=True):
    """Offer sound and pictures to one other console; what there was with it is closed first.

    Of two consoles one offers (model.room_rules.caller_of); the other answers whatever offer comes.
    """

    peer: str


class Relayed(msgspec.Struct, frozen=True, kw_only=True, tag=True):
    """Go through the relay; what there was with others directly is closed."""

    address: str
    secret: str
    room: int
    pin: str
    own: str
    """Our member code: by it the others know our picture."""


class Hear(msgspec.Struct, frozen=True, kw_only=True, tag=True):
    """A word that came from another console."""

    sender: str
    kind: SignalKind
    data: str


class HangUp(msgspec.Struct, frozen=True, kw_only=True, tag=True):
    """End what there is with one console; empty: with all."""

    peer: str = ""


class Mute(msgspec.Struct, frozen=True, kw_only=True, tag=True):
    """Close or open the microphone."""

    is_muted: bool


class Show(msgspec.Struct, frozen=True, kw_only=True, tag=True):
    """Send our picture, or stop; as in `Begin.camera`."""

    camera: str


class Look(msgspec.Struct, frozen=True, kw_only=True, tag=True):
    """Whose picture the relay is to send: one at a time, for decoding is what a console's cores are short of."""

    peer: str


class Record(msgspec.Struct, frozen=True, kw_only=True, tag=True):
    """Write what is said and heard into a file (Ogg Opus); an empty path ends it."""

    path: str


Order = Begin | Call | Relayed | Hear | HangUp | Mute | Show | Look | Record


class Say(msgspec.Struct, frozen=True, kw_only=True, tag=True):
    """A word for another console, to be passed by the centre."""

    to: str
    kind: SignalKind
    data: str


class PeerNow(msgspec.Struct, frozen=True, kw_only=True, tag=True):
    """How it goes with one console, or with the relay (`peer` «relay»); twice a second."""

    peer: str
    state: str
    """`connecting`, `connected`, `lost` (nothing comes any more) or `closed`."""
    sound_db: float = -120.0
    """Level of what came from there over the last half second, dBFS."""
    sounds_s: float = 0.0
    """Frames of 20 ms per second that came; 50 is whole."""
    pictures_s: float = 0.0
    pane: int = -1
    """Where its pictures lie in shared memory; -1: none came."""
    loss: float = 0.0
    """Share of what we sent that did not arrive there, by its own reports."""
    round_trip_ms: float = 0.0
    level: Level = Level.FULL
    """What of our picture is sent there."""
    talking: tuple[str, ...] = ()
    """Of the relay: who speaks."""


class Equipped(msgspec.Struct, frozen=True, kw_only=True, tag=True):
    """What ears, mouth and eyes there are; a reason says why one is missing, and silence stands for it."""

    microphone: Reason | None = None
    speaker: Reason | None = None
    camera: Reason | None = None
    own_db: float = -120.0
    """Level of our own microphone, dBFS; told again while it is open."""


class Recorded(msgspec.Struct, frozen=True, kw_only=True, tag=True):
    """A recording is complete."""

    path: str
    seconds: float
    size: int


class Failed(msgspec.Struct, frozen=True, kw_only=True, tag=True):
    """Something could not be done; what there is goes on."""

    peer: str = ""
    reason: Reason


Told = Say | PeerNow | Equipped | Recorded | Failed
