"""The voice of a simulated party as a WAV file: spoken by espeak-ng where it is installed, else syllables of our own.

Mono, int16, 48 kHz, as `rtc.sound` reads it. The same party speaks with the same voice.
"""

import hashlib
import subprocess
import wave
from pathlib import Path
from random import Random

import numpy as np
import numpy.typing as npt

from chengyun_core.rtc.sound import RATE

PROGRAM = "espeak-ng"
VOICES = {"zh_CN": "cmn", "en": "en"}
"""Language → voice of espeak-ng."""
LONGEST_S = 5.0
"""Until the program counts as stuck: then our own syllables are heard."""
PEAK = 9000
_PAUSE_S = 1.0
"""Of silence behind a sentence, before it begins anew."""
_SYLLABLES_A_SECOND = 4.5
_SYLLABLES = 14
_FORMANTS_HZ = (500.0, 1500.0, 2500.0)
"""Of a neutral vowel (a tube of 17 cm, closed at one end)."""
Wave = npt.NDArray[np.int16]
"""int16[n], 48 kHz."""


def voice_file(folder: Path, code: str, seed: int, text: str, language: str) -> Path:
    """Write the voice of a party that says `text`, and return its file. Raises OSError."""
    random = Random(f"{seed}/{code}/voice")
    said = _spoken(folder / "espeak.wav", random, text, language)
    sound = syllables(random) if said is None else said
    file = folder / f"{hashlib.sha256(code.encode()).hexdigest()[:16]}.wav"
    with wave.open(str(file), "wb") as written:
        written.setnchannels(1)
        written.setsampwidth(2)
        written.setframerate(RATE)
        written.writeframes(np.concatenate((sound, np.zeros(round(_PAUSE_S * RATE), np.int16))).tobytes())
    return file


def syllables(random: Random) -> Wave:
    """Return a sentence of nothing: vowels of a voice whose pitch falls, with a pause between every two words."""
    pitch = random.uniform(95.0, 210.0)
    parts = [_syllable(pitch * (1.1 - 0.2 * at / _SYLLABLES), random) for at in range(_SYLLABLES)]
    sound = np.concatenate(parts)
    return np.asarray(sound * (PEAK / np.abs(sound).max()), np.int16)


def at_our_rate(sound: npt.NDArray[np.float64], rate: int) -> Wave:
    """Return a sound of another rate (float64[n], any level) at 48 kHz, at an even level."""
    times = np.arange(round(len(sound) * RATE / rate)) * (rate / RATE)
    even = np.interp(times, np.arange(len(sound)), sound)
    return np.asarray(even * (PEAK / max(1.0, float(np.abs(even).max()))), np.int16)


def _spoken(file: Path, random: Random, text: str, language: str) -> Wave | None:
    """Return what espeak-ng says; None where it is not installed, hangs, or says nothing."""
    how = ("-p", str(random.randint(25, 70)), "-s", str(random.randint(150, 185)))
    command = (PROGRAM, "-v", VOICES.get(language, language), *how, "-w", str(file), text)
    try:
        subprocess.run(command, check=True, capture_output=True, timeout=LONGEST_S, stdin=subprocess.DEVNULL)
        with wave.open(str(file), "rb") as read:
            shape, rate = (read.getnchannels(), read.getsampwidth()), read.getframerate()
            data = np.frombuffer(read.readframes(read.getnframes()), np.int16)
    except (OSError, EOFError, subprocess.SubprocessError, wave.Error):
        return None
    return at_our_rate(data.astype(np.float64), rate) if shape == (1, 2) and np.any(data) else None


def _syllable(pitch: float, random: Random) -> npt.NDArray[np.float64]:
    length_s = random.uniform(0.7, 1.3) / _SYLLABLES_A_SECOND
    times = np.arange(round(length_s * RATE)) / RATE
    shift = random.uniform(0.75, 1.3)
    tones = np.arange(1, int(3500 / pitch)) * pitch
    loud = sum(1 / (1 + ((tones - shift * formant) / 120.0) ** 2) for formant in _FORMANTS_HZ)
    sound = (np.sin(2 * np.pi * tones[:, None] * times[None, :]) * np.asarray(loud)[:, None]).sum(axis=0)
    pause = np.zeros(round(random.choice((0.0, 0.12)) * RATE))
    return np.concatenate((sound * np.sin(np.pi * times / length_s), pause))
