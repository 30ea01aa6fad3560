"""Speaks a sentence with espeak-ng: text in, samples out. A process of its own, killed when it takes too long."""

import io
import logging
import shutil
import subprocess
import threading
import wave
from collections import OrderedDict
from contextlib import suppress

import numpy as np

from chengyun_console.sound.tones import RATE, Samples
from chengyun_core.model.failure import Trouble

PROGRAM = "espeak-ng"
VOICES = {"zh_CN": "cmn", "en": "en"}
"""Language of the screen → voice; both come with the package espeak-ng."""
WORDS_PER_MINUTE = 190
WITHIN_S = 5.0
"""A sentence that takes longer to speak out is given up: the tone has called already."""
LONGEST = 120
"""Characters; what is longer is cut: what is heard must be short."""
MOST_KEPT = 64
LOUDEST = 0.8
_QUIET = 1e-4
_KILLED_WITHIN_S = 1.0

logger = logging.getLogger(__name__)


class Speech:
    """Keeps the last 64 sentences. `samples` blocks and belongs into a thread; `close` may be called from another."""

    def __init__(self, program: str = PROGRAM) -> None:
        self._program = program
        self._kept: OrderedDict[tuple[str, str], Samples] = OrderedDict()
        self._lock = threading.Lock()
        self._running: subprocess.Popen[bytes] | None = None
        self._closed = False

    def samples(self, text: str, language: str) -> Samples:
        """Return a sentence as mono samples of 48 kHz within ±0.8.

        Raises:
            Trouble: `sound.no_speech` when espeak-ng is missing, fails, or takes longer than 5 s.
        """
        key = (text[:LONGEST], language)
        if key not in self._kept:
            self._kept[key] = _from_wav(self._spoken(*key))
            while len(self._kept) > MOST_KEPT:
                self._kept.popitem(last=False)
        self._kept.move_to_end(key)
        return self._kept[key]

    def close(self) -> None:
        """Kill what is being spoken out; nothing is spoken any more."""
        with self._lock:
            self._closed = True
            if self._running is not None:
                self._running.kill()

    def _spoken(self, text: str, language: str) -> bytes:
        process = self._begin(language)
        try:
            # By its input, not as an argument: a name that begins with a dash is no option.
            wav, _ = process.communicate(text.encode(), timeout=WITHIN_S)
        except subprocess.TimeoutExpired as late:
            raise Trouble("sound.no_speech", reason=f"{self._program}: > {WITHIN_S:.0f} s") from late
        finally:
            self._end(process)
        if process.returncode != 0:
            raise Trouble("sound.no_speech", reason=f"{self._program}: {process.returncode}")
        return wav

    def _begin(self, language: str) -> subprocess.Popen[bytes]:
        path = shutil.which(self._program)
        if path is None:
            raise Trouble("sound.no_speech", reason=f"{self._program} ?")
        command = [path, "-v", VOICES[language], "-s", str(WORDS_PER_MINUTE), "-b", "1", "--stdin", "--stdout"]
        with self._lock:
            if self._closed:
                raise Trouble("sound.no_speech", reason="closed")
            self._running = subprocess.Popen(
                command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL
            )
            return self._running

    def _end(self, process: subprocess.Popen[bytes]) -> None:
        with self._lock:
            self._running = None
        if process.poll() is None:
            process.kill()
            with suppress(subprocess.TimeoutExpired):  # it hangs in the kernel: nobody can do more than kill it
                process.communicate(timeout=_KILLED_WITHIN_S)


def _from_wav(data: bytes) -> Samples:
    """Return a mono 16-bit WAV as samples of 48 kHz, without the silence around it, as loud as allowed."""
    try:
        with wave.open(io.BytesIO(data)) as file:
            rate, sound = file.getframerate(), np.frombuffer(file.readframes(len(data) // 2), "<i2")
    except (wave.Error, EOFError) as fault:
        raise Trouble("sound.no_speech", reason=str(fault)) from fault
    level = sound / 32768.0
    heard = np.flatnonzero(np.abs(level) > _QUIET)
    if not heard.size:
        raise Trouble("sound.no_speech", reason="0 samples")
    return resampled(
        np.asarray(level[heard[0] : heard[-1] + 1] * LOUDEST / np.abs(level).max(), np.float32), rate, RATE
    )


def resampled(samples: Samples, rate: int, wanted: int) -> Samples:
    """Return samples of another rate by straight lines between them: good enough for speech and for the tones."""
    if rate == wanted:
        return samples
    count = round(samples.size * wanted / rate)
    return np.interp(np.arange(count) * rate / wanted, np.arange(samples.size), samples).astype(np.float32)
