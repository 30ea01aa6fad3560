"""Ears and mouth of a media worker: sound cards where there are, else files, tones or silence, and honest words.

Everything is mono, int16, 48 kHz, in frames of 20 ms.
"""

import contextlib
import math
import wave
from collections import deque
from pathlib import Path
from typing import Any, Protocol

import numpy as np
import numpy.typing as npt

from chengyun_core.model.failure import Trouble

RATE = 48_000
FRAME = 960
"""Samples of a frame."""
FRAME_S = FRAME / RATE
QUIETEST_DB = -120.0
_WAITING = 10
"""Frames that may wait between a card and us: 200 ms; older ones are dropped, for late speech is worse than a gap."""
Sound = npt.NDArray[np.int16]
"""int16[960]."""
SILENCE: Sound = np.zeros(FRAME, np.int16)


class Microphone(Protocol):
    """Where our voice comes from."""

    def take(self) -> Sound:
        """Return the next frame; silence when none is there yet."""
        ...

    def close(self) -> None:
        """Let it go."""
        ...


class Speaker(Protocol):
    """Where the others' voices go."""

    def put(self, sound: Sound) -> None:
        """Play a frame."""
        ...

    def close(self) -> None:
        """Let it go."""
        ...


class SilentMicrophone:
    """Stands where there is no microphone."""

    def take(self) -> Sound:
        """Return silence."""
        return SILENCE

    def close(self) -> None:
        """Nothing is held."""


class ToneMicrophone:
    """A sine, for trying a line."""

    def __init__(self, hertz: float) -> None:
        self._hertz, self._at = hertz, 0

    def take(self) -> Sound:
        """Return the next 20 ms of it, at -12 dBFS."""
        times = np.arange(self._at, self._at + FRAME) / RATE
        self._at += FRAME
        return (np.sin(2 * np.pi * self._hertz * times) * 8192).astype(np.int16)

    def close(self) -> None:
        """Nothing is held."""


class FileMicrophone:
    """A WAV file over and over, for trying a line without a voice."""

    def __init__(self, path: Path) -> None:
        """Read it. Raises Trouble `room.sound_file` for a file that is no mono WAV of 48 kHz and 16 bit."""
        try:
            with wave.open(str(path), "rb") as file:
                shape = (file.getnchannels(), file.getsampwidth(), file.getframerate())
                data = np.frombuffer(file.readframes(file.getnframes()), np.int16)
        except (OSError, EOFError, wave.Error) as fault:
            raise Trouble("room.sound_file", path=path, fault=fault) from fault
        if shape != (1, 2, RATE) or len(data) < FRAME:
            raise Trouble("room.sound_file", path=path, fault=f"{shape[0]} x {shape[1] * 8} bit x {shape[2]} Hz")
        self._frames = data[: len(data) // FRAME * FRAME].reshape(-1, FRAME)
        self._at = 0

    def take(self) -> Sound:
        """Return its next 20 ms."""
        frame: Sound = self._frames[self._at % len(self._frames)]
        self._at += 1
        return frame

    def close(self) -> None:
        """Nothing is held."""


class NoSpeaker:
    """Stands where there is no speaker."""

    def put(self, sound: Sound) -> None:
        """Let it go unheard."""

    def close(self) -> None:
        """Nothing is held."""


class FileSpeaker:
    """Writes what would be heard into a WAV file."""

    def __init__(self, path: Path) -> None:
        """Open it. Raises Trouble `room.sound_file`."""
        try:
            self._raw = path.open("wb")
        except OSError as fault:
            raise Trouble("room.sound_file", path=path, fault=fault) from fault
        self._file = wave.open(self._raw, "wb")  # noqa: SIM115 - closed by close()
        self._file.setnchannels(1)
        self._file.setsampwidth(2)
        self._file.setframerate(RATE)

    def put(self, sound: Sound) -> None:
        """Write a frame."""
        self._file.writeframes(sound.tobytes())

    def close(self) -> None:
        """Finish the file."""
        self._file.close()
        self._raw.close()


class DeviceMicrophone:
    """A sound card's input; its callback runs in PortAudio's thread and only queues."""

    def __init__(self, name: str) -> None:
        """Open it. Raises Trouble `room.no_microphone` with what PortAudio says."""
        self._frames: deque[Sound] = deque(maxlen=_WAITING)
        self._stream = _opened("RawInputStream", "room.no_microphone", name, self._came)

    def take(self) -> Sound:
        """Return the next frame."""
        return self._frames.popleft() if self._frames else SILENCE

    def close(self) -> None:
        """Let the card go."""
        self._stream.close()

    def _came(self, data: Any, count: int, _time: object, _status: object) -> None:
        if count == FRAME:
            self._frames.append(np.frombuffer(bytes(data), np.int16))


class DeviceSpeaker:
    """A sound card's output; what is late is dropped by the queue's size."""

    def __init__(self, name: str) -> None:
        """Open it. Raises Trouble `room.no_speaker` with what PortAudio says."""
        self._frames: deque[bytes] = deque(maxlen=_WAITING)
        self._stream = _opened("RawOutputStream", "room.no_speaker", name, self._wanted)

    def put(self, sound: Sound) -> None:
        """Queue a frame."""
        self._frames.append(sound.tobytes())

    def close(self) -> None:
        """Let the card go."""
        self._stream.close()

    def _wanted(self, data: Any, _count: int, _time: object, _status: object) -> None:
        frame = self._frames.popleft() if self._frames else b""
        data[:] = frame.ljust(len(data), b"\0")[: len(data)]


def microphone(spec: str) -> Microphone:
    """Return the microphone a spec of `orders.Begin` names. Raises Trouble, such as `room.no_microphone`."""
    kind, _, rest = spec.partition(":")
    match kind:
        case "silence":
            return SilentMicrophone()
        case "tone":
            return ToneMicrophone(float(rest))
        case "file":
            return FileMicrophone(Path(rest))
        case "device":
            return DeviceMicrophone(rest)
    raise Trouble("room.no_microphone", name=spec, fault="?")


def speaker(spec: str) -> Speaker:
    """Return the speaker a spec of `orders.Begin` names. Raises Trouble, such as `room.no_speaker`."""
    kind, _, rest = spec.partition(":")
    match kind:
        case "none":
            return NoSpeaker()
        case "file":
            return FileSpeaker(Path(rest))
        case "device":
            return DeviceSpeaker(rest)
    raise Trouble("room.no_speaker", name=spec, fault="?")


def loudness(sound: Sound) -> float:
    """Return the level of a frame in dBFS, -120 for silence."""
    mean = float(np.mean(np.square(sound.astype(np.float64)))) if len(sound) else 0.0
    return max(QUIETEST_DB, 10 * math.log10(mean / 32768.0**2)) if mean > 0 else QUIETEST_DB


def mixed(sounds: list[Sound]) -> Sound:
    """Return several voices at once; what is too loud is clipped, never wrapped round."""
    if not sounds:
        return SILENCE
    total = np.sum([one.astype(np.int32) for one in sounds], axis=0)
    sound: Sound = np.clip(total, -32768, 32767).astype(np.int16)
    return sound


def _opened(kind: str, code: str, name: str, callback: Any) -> Any:
    """Open a stream of a sound card; whatever is wrong with cards, PortAudio or its library is one Trouble."""
    try:
        import sounddevice  # noqa: PLC0415 - loads PortAudio, which a machine without sound may not have

        stream = getattr(sounddevice, kind)(
            samplerate=RATE, blocksize=FRAME, channels=1, dtype="int16", device=name or None, callback=callback
        )
        with contextlib.ExitStack() as undo:
            undo.callback(stream.close)
            stream.start()
            undo.pop_all()
    except Exception as fault:
        # sounddevice raises OSError without PortAudio, PortAudioError and ValueError for a card: no common ancestor.
        raise Trouble(code, name=name, fault=str(fault)[:200]) from fault
    return stream
