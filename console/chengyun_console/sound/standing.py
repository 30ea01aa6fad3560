"""How the sound stands, as the frame of the window shows it."""

from dataclasses import dataclass

from chengyun_core.model.failure import Reason


@dataclass(frozen=True, slots=True, kw_only=True)
class SoundStanding:
    """The default is a console that was never given a loudspeaker (a screenshot, a test): nothing is shown of it."""

    is_running: bool = False
    silence_left_s: float = 0.0
    is_calling: bool = False
    """Whether anything sounds that F12 would silence."""
    device: str = ""
    """Name of the device that plays; empty while there is none."""
    devices: tuple[str, ...] = ()
    """Names of all devices that can play."""
    lost: Reason | None = None
    """Why nothing can be heard; None: it can, or the device is being opened."""
    lost_since_ns: int = 0
    """Profile ns UTC."""
