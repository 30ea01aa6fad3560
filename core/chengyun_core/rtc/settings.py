"""Settings of consultation on one console: section `[rooms]` of profile.toml, every field told for the handbook."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class RoomSettings:
    """Ears, mouth and eyes of this machine. Without a sound card the console says so and takes part in words."""

    microphone: str = "device"
    """`device`, `device:NAME` as PortAudio has it, `silence`, `tone:HZ`, or `file:PATH` (mono WAV, 48 kHz)."""
    speaker: str = "device"
    """`device`, `device:NAME`, `none`, or `file:PATH` (a WAV file that is written)."""
    camera: str = "device"
    """What is sent when somebody shows his picture: `device` (the first camera), `device:/dev/video1`, `card` (a test
    card), or `file:PATH`. Nothing is sent before he does."""
