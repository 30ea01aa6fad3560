"""What a deed on cameras is about: the one in focus, who moves it, and those shown beside it."""

from dataclasses import dataclass

from chengyun_core.model.camera import Camera, CameraRound, PtzLock


@dataclass(frozen=True, slots=True, kw_only=True)
class VideoSubject:
    """As the officer saw it when he pressed."""

    camera: Camera | None = None
    lock: PtzLock | None = None
    """Who moves it, be it this session."""
    cameras: tuple[str, ...] = ()
    """Codes of all cameras that are paged through."""
    grid: int = 4
    round: CameraRound | None = None
    """The round that runs."""
    centre: str = ""
    """The own one, to which a new round belongs."""
