"""What the centre holds of cameras besides facts: the fence, secrets, what consoles saw, who moves which."""

from dataclasses import dataclass, field
from pathlib import Path
from typing import Self

from chengyun_core.centre.camera_http import Route, straight
from chengyun_core.centre.camera_office import CameraOffice
from chengyun_core.centre.camera_secrets import FILE_NAME, CameraSecrets
from chengyun_core.model.camera import CameraLook, EvidenceWish, PtzLock
from chengyun_core.model.failure import Reason, Refused
from chengyun_core.video.fence import Fence
from chengyun_core.video.settings import VideoSettings
from chengyun_core.wire import settings_file
from chengyun_core.wire.camera_asks import PlatformHealth


@dataclass(slots=True)
class Held:
    """Somebody's hand on one camera."""

    lock: PtzLock
    used_ns: int
    """Monotonic ns of the last time it was used."""
    moves: int = 0
    is_moving: bool = False
    """Whether the last that was told of it was a movement: of a run of movements one counts."""


@dataclass(slots=True, kw_only=True)
class CameraDesk:
    """Part of the desk: changed by the daemon's one thread, after COMMIT where it mirrors facts."""

    settings: VideoSettings = field(default_factory=VideoSettings)
    fence: Fence = field(default_factory=Fence)
    fault: Reason | None = None
    """Why section `[video]` cannot be meant: then no stream is given out, and everything else goes on."""
    secrets: CameraSecrets = field(default_factory=lambda: CameraSecrets(Path(FILE_NAME)))
    route: Route = straight
    looks: dict[str, CameraLook] = field(default_factory=dict)
    """Camera → what was told of it last."""
    held: dict[str, Held] = field(default_factory=dict)
    """Camera → whose hand is on it."""
    wishes: dict[int, EvidenceWish] = field(default_factory=dict)
    """Wishes of the rule nobody has answered, by number."""
    platforms: dict[str, PlatformHealth] = field(default_factory=dict)
    noted: dict[tuple[str, str], int] = field(default_factory=dict)
    """(session, camera) → hour of the profile in which it was journalled that a stream was given out."""
    _office: CameraOffice | None = None

    @classmethod
    def of(cls, profile: Path) -> Self:
        """Return the desk of a profile; a section that cannot be meant closes the fence, not the centre."""
        secrets = CameraSecrets(profile / "keys" / FILE_NAME)
        try:
            settings = settings_file.read(profile / "profile.toml", "video", VideoSettings)
            return cls(settings=settings, fence=Fence.of(settings), secrets=secrets)
        except Refused as no:
            return cls(fault=no.reason, secrets=secrets)

    @property
    def office(self) -> CameraOffice:
        """Return what goes out to cameras; made when first needed, in the centre's loop."""
        if self._office is None:
            self._office = CameraOffice(self.fence, self.secrets, self.route)
        return self._office

    def close(self) -> None:
        """End the office."""
        if self._office is not None:
            self._office.close()
            self._office = None
