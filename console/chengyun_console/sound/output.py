"""The sound device, by PortAudio: found, opened, fed with blocks; whatever fails is told as one Trouble."""

import ctypes
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Protocol

import numpy as np

from chengyun_console.sound.tones import RATE, Samples
from chengyun_core.model.failure import Trouble

LATENCY_S = 0.1
"""Room between us and the device: a busy machine must not chop a sentence."""
_ALSA = "libasound.so.2"


class Output(Protocol):
    """A device that plays."""

    @property
    def rate(self) -> int:
        """Samples per second it wants."""
        ...

    @property
    def name(self) -> str:
        """Its name, for people."""
        ...

    @property
    def devices(self) -> tuple[str, ...]:
        """Names of every device that could be opened in its place."""
        ...

    def write(self, block: Samples) -> None:
        """Play a block; returns when there is room for more. Raises Trouble when the device is gone."""
        ...

    def close(self) -> None:
        """Let go of the device."""
        ...


OpenOutput = Callable[[str], Output]
"""Device by name, the system's own when the name is empty; raises Trouble when there is none."""


@dataclass(frozen=True, slots=True)
class SoundCard:
    """An open stream of PortAudio. Belongs to the thread that opened it."""

    stream: Any
    channels: int
    rate: int
    name: str
    devices: tuple[str, ...]

    def write(self, block: Samples) -> None:
        """Play a mono block on every channel."""
        try:
            self.stream.write(np.repeat(block[:, np.newaxis], self.channels, axis=1))
        except Exception as fault:
            raise Trouble("sound.device_lost", name=self.name, reason=fault) from fault

    def close(self) -> None:
        """Let go; a device that is gone already cannot refuse it."""
        self.stream.close(ignore_errors=True)


def open_sound_card(name: str = "") -> Output:
    """Look for devices anew and open one for mono float32 samples, in two channels where it has them.

    Raises:
        Trouble: `sound.no_library` without PortAudio, `sound.no_device` when nothing can play.
    """
    sounddevice = _library()
    try:
        found = _found(sounddevice, name)
        channels = min(2, int(found["max_output_channels"]))
        rate = _rate(sounddevice, found, channels)
        stream = sounddevice.OutputStream(
            samplerate=rate, device=found["index"], channels=channels, dtype="float32", latency=LATENCY_S
        )
        stream.start()
    except (sounddevice.PortAudioError, ValueError) as fault:
        raise Trouble("sound.no_device", reason=fault) from fault
    return SoundCard(stream, channels, rate, str(found["name"]), _names(sounddevice))


def _library() -> Any:
    """Import late and in the sound thread: it looks for hardware, and may fail."""
    try:
        import sounddevice  # noqa: PLC0415 - see above
    except (ImportError, OSError) as fault:
        raise Trouble("sound.no_library", reason=fault) from fault
    return sounddevice


def _found(sounddevice: Any, name: str) -> Any:
    """Return the row of a device by its name, else the system's own."""
    _hush()
    # PortAudio only sees what was there when it was started.
    sounddevice._terminate()  # noqa: SLF001 - the library has no other way to look for devices again
    sounddevice._initialize()  # noqa: SLF001
    named = [row for row in sounddevice.query_devices() if row["name"] == name and row["max_output_channels"] > 0]
    return named[0] if named else sounddevice.query_devices(None, "output")


def _names(sounddevice: Any) -> tuple[str, ...]:
    return tuple(str(row["name"]) for row in sounddevice.query_devices() if row["max_output_channels"] > 0)


def _rate(sounddevice: Any, found: Any, channels: int) -> int:
    try:
        sounddevice.check_output_settings(device=found["index"], channels=channels, dtype="float32", samplerate=RATE)
    except sounddevice.PortAudioError:
        return int(found["default_samplerate"])
    return RATE


_Handler = ctypes.CFUNCTYPE(None, ctypes.c_char_p, ctypes.c_int, ctypes.c_char_p, ctypes.c_int, ctypes.c_char_p)


def _ignore(*_told: object) -> None:
    """Take what ALSA wants to write."""


_silent = _Handler(_ignore)


def _hush() -> None:
    """ALSA writes a screenful to stderr at each look for devices on a machine without any; the lamp says it better."""
    try:
        ctypes.CDLL(_ALSA).snd_lib_error_set_handler(_silent)
    except (AttributeError, OSError):
        return
