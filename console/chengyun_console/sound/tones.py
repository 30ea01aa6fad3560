"""The tones: the pitch pattern says the colour, the number of strokes the priority. Synthesised, nothing is recorded.

Told apart without looking, and by ears that hear no high notes: each colour has pitches, a direction and a pace of its
own. Fundamentals lie between 500 and 1400 Hz with two overtones, as alarms in hospitals have them (IEC 60601-1-8).
"""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from chengyun_core.model.scales import AlarmPriority, WarningColour

RATE = 48_000
"""Samples per second of everything in this room."""
PEAK = 0.6
"""No tone is louder than this share of full scale, before the officer's volume."""
OVERTONES = ((1, 1.0), (2, 0.35), (3, 0.15))
"""(multiple of the fundamental, level)."""
EDGE_S = 0.012
"""Every stroke swells and fades for so long: a hard edge clicks."""

Samples = npt.NDArray[np.float32]
"""float32[n], mono, 48 kHz, within ±1."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Pattern:
    """One stroke: its pitches in Hz one after another, how long each is, and the rest after the stroke, in s."""

    pitches: tuple[int, ...]
    note_s: float
    rest_s: float


PATTERNS: dict[WarningColour, Pattern] = {
    WarningColour.RED: Pattern(pitches=(1320, 990), note_s=0.11, rest_s=0.05),
    WarningColour.ORANGE: Pattern(pitches=(784, 1046), note_s=0.13, rest_s=0.09),
    WarningColour.YELLOW: Pattern(pitches=(659,), note_s=0.22, rest_s=0.14),
    WarningColour.BLUE: Pattern(pitches=(523,), note_s=0.34, rest_s=0.20),
    WarningColour.NONE: Pattern(pitches=(880, 587), note_s=0.16, rest_s=0.10),
}
"""Colour → stroke; NONE is the tone of what ended by itself: falling and slow."""

NOTICE = Pattern(pitches=(587, 698, 880), note_s=0.13, rest_s=0.10)
"""Three steps up: no colour rises so far."""
NOTICE_LEVEL = 0.6

LOOKOUT = Pattern(pitches=(523, 1397, 523, 1397), note_s=0.30, rest_s=0.15)
"""Up and down by more than an octave, slow and long: the console itself hangs, and no alarm of its sounds like this."""
LOOKOUT_STROKES = 2


def tone(colour: WarningColour, priority: AlarmPriority) -> Samples:
    """Return the strokes of a colour, as many as the priority counts (1 low … 4 highest)."""
    return _of_strokes(PATTERNS[colour], int(priority))


def returned() -> Samples:
    """Return the one stroke that says that something ended before anybody acknowledged it."""
    return _of_strokes(PATTERNS[WarningColour.NONE], 1)


def notice() -> Samples:
    """Return the one rising figure that says that something came for this seat; softer than any alarm."""
    return np.asarray(NOTICE_LEVEL * _of_strokes(NOTICE, 1), np.float32)


def lookout() -> Samples:
    """Return the call of the process beside a console that hangs (lookout.sentry)."""
    return _of_strokes(LOOKOUT, LOOKOUT_STROKES)


def seconds(colour: WarningColour, priority: AlarmPriority) -> float:
    """Return how long a tone lasts, in s."""
    pattern = PATTERNS[colour]
    return int(priority) * (len(pattern.pitches) * pattern.note_s + pattern.rest_s)


def _of_strokes(pattern: Pattern, count: int) -> Samples:
    rest = np.zeros(round(pattern.rest_s * RATE), np.float32)
    stroke = [*(_note(pitch, pattern.note_s) for pitch in pattern.pitches), rest]
    return np.concatenate(stroke * count)


def _note(pitch: int, length_s: float) -> Samples:
    at = np.arange(round(length_s * RATE)) / RATE
    wave = sum(level * np.sin(2 * np.pi * pitch * times * at) for times, level in OVERTONES)
    whole = sum(level for _times, level in OVERTONES)
    return np.asarray(PEAK / whole * wave * _envelope(at.size), np.float32)


def _envelope(count: int) -> npt.NDArray[np.float64]:
    """Return a level per sample: a raised cosine up and down, flat between."""
    edge = min(round(EDGE_S * RATE), count // 2)
    swell = 0.5 - 0.5 * np.cos(np.pi * np.arange(edge) / edge)
    level = np.ones(count)
    level[:edge], level[count - edge :] = swell, swell[::-1]
    return level
