"""What may be asked of the centre about cameras: bodies and answers; found by `ask_tables`.

`camera.stream`, `camera.told`, `ptz.move` and `ptz.preset` are answered for who asks: they are no commands, because a
stream's credentials are kept nowhere and a hand on a stick moves ten times a second; what of them counts is journalled.
"""

from dataclasses import dataclass

from chengyun_core.model.camera import CameraLook, Evidence, Preset, StreamGrant, StreamQuality
from chengyun_core.wire.envelope import AskCatalogue


@dataclass(frozen=True, slots=True, kw_only=True)
class AskStream:
    """Ask `camera.stream`: leave to open a stream. Answer: model.camera.StreamGrant.

    Refused: `camera.unknown`, `label.not_cleared`, `permission.…`, `camera.no_address`, `camera.no_demo`,
    `camera.no_platform`, `camera.fenced`, `platform.…`, `onvif.…`.
    """

    camera: str
    quality: StreamQuality = StreamQuality.MAIN


@dataclass(frozen=True, slots=True, kw_only=True)
class TellCameras:
    """Ask `camera.told`: what a console sees of the cameras it shows; sent when it changes, and once a minute."""

    looks: tuple[CameraLook, ...]
    """At most 64."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CamerasHeard:
    """Answer: how many of them the centre took."""

    taken: int


@dataclass(frozen=True, slots=True, kw_only=True)
class AskCameraHealth:
    """Ask `camera.health`: how the cameras of a centre and those below it are, as far as anybody looked."""

    centre: str = ""
    """Empty: the asker's own."""
    cameras: tuple[str, ...] = ()
    """Only these; empty: all."""


@dataclass(frozen=True, slots=True, kw_only=True)
class OnlineRate:
    """How many cameras of one centre were seen to be online."""

    centre: str
    cameras: int
    looked_at: int
    """Of how many something was told within the last day."""
    online: int


@dataclass(frozen=True, slots=True, kw_only=True)
class PlatformHealth:
    """How a video platform answers."""

    platform: str
    name: str
    light: str
    """`ok`, `unknown` (nobody asked it yet), or the code of what it met last."""
    at: int = 0
    """Profile ns UTC of the last answer or fault; 0: never asked."""
    devices: int = 0
    online: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class CameraHealth:
    """Answer; looks that are not online first."""

    looks: tuple[CameraLook, ...] = ()
    rates: tuple[OnlineRate, ...] = ()
    platforms: tuple[PlatformHealth, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class MovePtz:
    """Ask `ptz.move`: move a camera whose movement one holds; it stops by itself 0.5 s after the last of these.

    Speeds -1 … 1 of what the camera can: right, up, in. All 0: stop now.
    """

    camera: str
    x: float = 0.0
    y: float = 0.0
    zoom: float = 0.0


@dataclass(frozen=True, slots=True, kw_only=True)
class PtzMoved:
    """Answer: it is on its way to the camera; `fault` is what the camera answered to the movement before."""

    fault: str = ""
    """Code of the message catalogue, empty: none."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SendToPreset:
    """Ask `ptz.preset`: send a camera whose movement one holds to a position, or keep where it stands as one."""

    camera: str
    preset: int
    keep: bool = False
    """True: where it stands becomes this position."""
    name: str = ""
    """What it is called from then on, when it is kept."""


@dataclass(frozen=True, slots=True, kw_only=True)
class AskPresets:
    """Ask `ptz.presets`: the positions a camera itself knows (ONVIF, platform), beside those of its row."""

    camera: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Presets:
    """Answer, by number."""

    presets: tuple[Preset, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class AskEvidence:
    """Ask `evidence.page`: what was kept of an event (of its alarms, too), an alarm or a camera; newest first."""

    event: int | None = None
    alarm: int | None = None
    camera: str = ""
    before: int = 0
    """Number to read on from; 0: the newest."""
    limit: int = 100


@dataclass(frozen=True, slots=True, kw_only=True)
class EvidencePage:
    """Answer."""

    evidence: tuple[Evidence, ...] = ()
    next: int = 0
    """For `before`; 0: that was all."""


CAMERA_ASKS: dict[str, tuple[type, type | None]] = {
    "camera.health": (AskCameraHealth, CameraHealth),
    "camera.stream": (AskStream, StreamGrant),
    "camera.told": (TellCameras, CamerasHeard),
    "catalogue.whole": (AskCatalogue, None),
    "evidence.page": (AskEvidence, EvidencePage),
    "ptz.move": (MovePtz, PtzMoved),
    "ptz.preset": (SendToPreset, PtzMoved),
    "ptz.presets": (AskPresets, Presets),
}
"""Ask → (body, answer). Alphabetical."""
