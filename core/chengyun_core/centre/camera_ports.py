"""What the centre asks of a camera that can be asked: its stream, its movement, its positions."""

from dataclasses import dataclass
from typing import Protocol

from typing_extensions import override

from chengyun_core.model.camera import Preset, StreamQuality


@dataclass(frozen=True, slots=True, kw_only=True)
class Login:
    """Who we are to a camera or a platform. Never in a log: its text is empty."""

    user: str = ""
    password: str = ""

    @override
    def __repr__(self) -> str:
        """Return nothing that could be read over a shoulder."""
        return "Login(…)"


@dataclass(frozen=True, slots=True, kw_only=True)
class Streams:
    """Addresses of a camera's streams, without credentials."""

    main: str
    sub: str = ""
    """Empty: the main one serves every size."""


class CameraPort(Protocol):
    """One camera, by whatever protocol; all of it may take seconds and raise Trouble or Refused."""

    async def streams(self, quality: StreamQuality) -> Streams:
        """Return where its streams are; a platform opens the one of this quality."""
        ...

    async def move(self, x: float, y: float, zoom: float) -> None:
        """Move on until told otherwise; speeds -1 … 1, right, up, in."""
        ...

    async def stop(self) -> None:
        """Stop moving."""
        ...

    async def presets(self) -> tuple[Preset, ...]:
        """Return the positions it knows, by number."""
        ...

    async def go_to(self, preset: int) -> None:
        """Go to a position."""
        ...

    async def keep(self, preset: int, name: str) -> None:
        """Make where it stands a position."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class PlatformSeen:
    """What a platform told of itself."""

    devices: int
    online: int


@dataclass(frozen=True, slots=True, kw_only=True)
class PlatformChannel:
    """One camera a platform has."""

    device: str
    channel: str
    name: str
    is_online: bool
    longitude: float | None = None
    latitude: float | None = None
    ptz: bool = False
    path: tuple[str, ...] = ()
    """Device and directories above it, uppermost first."""


class PlatformPort(Protocol):
    """A video platform with many cameras."""

    async def seen(self) -> PlatformSeen:
        """Ask it how it is. Raises Trouble."""
        ...

    async def channels(self) -> tuple[PlatformChannel, ...]:
        """Return all its cameras. Raises Trouble."""
        ...

    def camera(self, device: str, channel: str) -> CameraPort:
        """Return one of its cameras; nothing is asked yet."""
        ...
