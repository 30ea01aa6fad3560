"""Settings of consultation: `[rooms]` of one console and `[parties]` of a drill, told for the handbook."""

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


@dataclass(frozen=True, slots=True, kw_only=True)
class PartySettings:
    """Simulated parties (模拟): who plays the members of a room whom nobody plays. Read where the daemons run, in a
    drill only: in a live realm the centre refuses them, whatever stands here."""

    is_on: bool = True
    """Whether `chengyun up` and the demo start them in a drill."""
    seed: int = 1
    """With the same seed the same parties do the same, as far as the room goes the same way."""
    most: int = 12
    """Members played at once, in all rooms; the others stay invited."""
    voices: int = 4
    """How many of them have sound and a picture: each is a process and a fifth of a core. The others take part in
    words."""
    answer_s: float = 12.0
    """Profile seconds from an invitation to its answer, about."""
    act_s: float = 40.0
    """Profile seconds from one deed of a party to its next, about."""
    reservations: float = 0.25
    """Share of stances that are a reservation; the others agree."""
    drops: float = 0.08
    """Share of deeds that are a line that drops, and comes back."""
    language: str = "zh_CN"
    """In which they speak and write: `zh_CN` or `en`."""
