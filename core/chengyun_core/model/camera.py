"""Cameras of the city, who moves one, rounds over them, and pictures kept as evidence (Y1-Y4). Pure records."""

from dataclasses import dataclass, field
from enum import StrEnum

from chengyun_core.model.rights import Label


class CameraKind(StrEnum):
    """How a camera's stream is come by."""

    RTSP = "rtsp"
    """Its address is the stream's."""
    ONVIF = "onvif"
    """Its address is that of its device service; the camera names the stream."""
    PLATFORM = "platform"
    """A video platform (GB/T 28181) is asked for a stream of `platform_id`."""
    DEMO = "demo"
    """`demo:/cam/CODE`: of the demo's own camera server, where the profile has one."""


class StreamQuality(StrEnum):
    """Which stream of a camera is asked for."""

    MAIN = "main"
    SUB = "sub"


@dataclass(frozen=True, slots=True, kw_only=True)
class Camera:
    """One camera; a row of the catalogue's table `cameras`.

    Consoles get it without `address`, `sub_address` and `platform_id`: streams are given out one by one
    (`camera.stream`), not published. One whose label is `hide` they do not get at all.
    """

    code: str
    name: str
    centre: str
    longitude: float | None = None
    latitude: float | None = None
    path: str = ""
    """Where it stands in the tree, `渝中区/朝天门街道/沿江`; its centre's place is not part of it."""
    kind: CameraKind = CameraKind.RTSP
    address: str = ""
    sub_address: str = ""
    """Of the smaller stream, empty: the main one serves every size."""
    ptz: bool = False
    owner: str = ""
    heading_deg: float | None = None
    """Degrees clockwise from north in which it looks at rest; None: not known, or it turns."""
    presets: str = ""
    """Positions it can be sent to, `1 全景 | 2 码头`; read by `presets_of`."""
    label: Label = Label.NORMAL
    """Who is not cleared gets no stream of it; a hidden one he does not see in the tree either."""
    platform: str = ""
    """Code of the platform of section `[video]` that has it, of kind `platform`."""
    platform_id: str = ""
    """`<device>/<channel>` there, each 20 digits of GB/T 28181."""
    watches: str = ""
    """Codes of vitals whose alarm it shows, bars between: their alarms have its picture kept (Y3)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Preset:
    """One position a camera can be sent to."""

    number: int
    name: str


def presets_of(camera: Camera) -> tuple[Preset, ...]:
    """Return the positions its row names, by number; parts that are none are left out (the import refuses them)."""
    found = (_preset(part.strip()) for part in camera.presets.split("|") if part.strip())
    return tuple(sorted((one for one in found if one is not None), key=lambda one: one.number))


def _preset(text: str) -> Preset | None:
    number, _, name = text.partition(" ")
    known = number.isascii() and number.isdigit() and 1 <= int(number[:4]) <= MOST_PRESETS and name.strip()
    return Preset(number=int(number), name=name.strip()) if known else None


def watched_by(camera: Camera) -> tuple[str, ...]:
    """Return the codes of the vitals whose alarm it shows."""
    return tuple(part.strip() for part in camera.watches.split("|") if part.strip())


MOST_PRESETS = 255
"""GB/T 28181 and most cameras number presets 1 … 255."""
LONGEST_PRESET = 32
"""Letters of what a position is called."""


class CameraState(StrEnum):
    """How a camera's picture is, as a console that shows it told (or a check at the machine)."""

    ONLINE = "online"
    LATE = "late"
    """No frame for a while, though the connection stands."""
    FROZEN = "frozen"
    """Frames come, and their picture does not change."""
    BLACK = "black"
    DEAD = "dead"
    """No connection."""
    REFUSED = "refused"
    """The camera wants other credentials, or the fence does not let its address through."""
    UNSUPPORTED = "unsupported"
    """A codec or a size we do not decode."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CameraLook:
    """What somebody saw of one camera."""

    camera: str
    state: CameraState
    reason: str = ""
    """Code of the message catalogue, empty: nothing beyond the state."""
    since: int
    """Profile ns UTC since when it has been so."""
    told_at: int = 0
    """Profile ns UTC when it was last told so; set by the centre."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PtzLock:
    """Who moves a camera (journal kind `ptz_lock`, key the camera's code). Others see the name and since when."""

    camera: str
    account: str
    name: str
    seat: str
    post: str
    """The post by virtue of which; what may take it over tells `model.ptz_rules`."""
    since: int
    reason: str = ""
    """Why it was taken from somebody else; empty: it was free."""
    taken_from: str = ""
    moves: int = 0
    """Movements and calls of presets while it was held, summed when it ends."""
    ended_at: int | None = None
    ended_by: str = ""
    """`given`, `idle`, `taken_over`, `signed_off`; empty while it is held."""
    version: int = 1


class EvidenceKind(StrEnum):
    SNAPSHOT = "snapshot"
    CLIP = "clip"


@dataclass(frozen=True, slots=True, kw_only=True)
class Evidence:
    """A picture or a clip kept as evidence (journal kind `evidence`, key the number); its row in the journal is signed
    and names the SHA-256 of the bytes, which lie in the store of attachments as they came."""

    number: int
    camera: str
    camera_name: str
    """As it was called then."""
    centre: str
    kind: EvidenceKind
    event: int | None = None
    alarm: int | None = None
    begins_at: int
    """Profile ns UTC of the first frame; of a snapshot its frame's."""
    ends_at: int
    digest: str
    """SHA-256, hex."""
    size: int
    media: str
    """Found from the content."""
    attachment: int
    """Number under which `attachment.get` gives the content."""
    reason: str
    wish: int | None = None
    """The rule's wish it answers; None: an officer kept it of himself."""
    added_at: int
    added_by: str
    added_seat: str = ""
    version: int = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class EvidenceWish:
    """A rule wants a camera's picture kept: an alarm came of a vital it watches (journal kind `evidence_wish`, key the
    number). The console that shows the camera answers with `evidence.keep`; if none does by `until`, it lapses."""

    number: int
    camera: str
    alarm: int
    vital: str
    """Code."""
    raised_at: int
    """Profile ns UTC: the clip is from `before_s` before this."""
    before_s: float
    after_s: float
    until: int
    kept: tuple[int, ...] = ()
    """Numbers of the evidence that answers it: one of each kind at most."""
    ended_at: int | None = None
    """Answered with both kinds, or lapsed."""
    version: int = 1


GRIDS = (1, 4, 9, 16)
"""Panes a wall may have."""
LEAST_DWELL_S, MOST_DWELL_S = 3.0, 3600.0
MOST_ROUND_CAMERAS = 400


@dataclass(frozen=True, slots=True, kw_only=True)
class CameraRound:
    """A round (轮巡): cameras shown one page after the other (journal kind `camera_round`, key the number)."""

    number: int
    name: str
    centre: str
    cameras: tuple[str, ...]
    dwell_s: float
    grid: int
    saved_at: int
    saved_by: str
    removed: bool = False
    version: int = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class StreamGrant:
    """Leave for one session to open one stream for a while: where it is and with which credentials."""

    camera: str
    quality: StreamQuality
    address: str
    """rtsp:// or rtsps://, without user and password."""
    sub_address: str = ""
    """Of the smaller stream where it is known without asking again, else empty."""
    user: str = ""
    password: str = field(default="", repr=False)
    transport: str = "tcp"
    until: int
    """Profile ns UTC until when it may be opened; a stream that runs then goes on."""
    demo: str = ""
    """`host:port` of the demo's own camera server, when the stream is its; the one address of this machine a fence may
    let through."""
