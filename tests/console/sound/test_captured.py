"""What really left for the loudspeaker: samples captured behind PortAudio, found again by their frequencies."""

import json
import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pytest

from chengyun_console.sound.tones import PATTERNS, RATE, Samples
from chengyun_core.model.scales import WarningColour
from tests.support.sound_stand import alsa_config

REPOSITORY = Path(__file__).resolve().parents[3]
WITHIN_S = 50
HEARD = 1e-3
BLOCK = 960
A_TONE = 0.5
"""The fundamental's share in a note: 0.87 in ours, below 0.2 for every pitch in a sentence."""


@dataclass(frozen=True)
class Capture:
    """Both channels of the device, and how much of them there was at each step."""

    samples: Samples
    right: Samples
    marks: dict[str, int]

    def between(self, first: str, last: str) -> Samples:
        """Return what the device was given between two steps."""
        return self.samples[self.marks[first] : self.marks[last]]


@pytest.fixture(scope="module")
def capture(tmp_path_factory: pytest.TempPathFactory) -> Capture:
    """One run of the scenario on a device that writes to a file."""
    folder = tmp_path_factory.mktemp("sound")
    raw, config = folder / "captured.raw", folder / "asound.conf"
    config.write_text(alsa_config(raw))
    env = {**os.environ, "ALSA_CONFIG_PATH": str(config), "HOME": str(folder), "QT_QPA_PLATFORM": "offscreen"}
    run = subprocess.run(
        [sys.executable, "-m", "tests.support.sound_stand", str(folder)],
        cwd=REPOSITORY, env=env, capture_output=True, text=True, timeout=WITHIN_S, check=False,
    )  # fmt: skip
    assert run.returncode == 0, run.stderr
    stereo = np.fromfile(raw, "<f4").reshape(-1, 2)
    return Capture(stereo[:, 0], stereo[:, 1], json.loads(run.stdout))


def strength(samples: Samples, pitch: int) -> float:
    """Return how much of the samples' energy lies at a frequency, 0..1 (Goertzel's sum, done at once)."""
    turn = np.exp(-2j * np.pi * pitch / RATE * np.arange(samples.size))
    energy = float(np.sum(samples.astype(np.float64) ** 2))
    return float(2 * abs(np.sum(samples * turn)) ** 2 / samples.size / energy) if energy else 0.0


def notes(samples: Samples, colour: WarningColour) -> list[int]:
    """Return the pitch that is strongest in each note of a colour's rhythm, from the first sample heard on.

    It ends where a stroke's place holds no tone: silence, or the sentence, which may have begun before its mark.
    """
    pattern, found = PATTERNS[colour], []
    at, note = int(np.flatnonzero(np.abs(samples) > HEARD)[0]), round(pattern.note_s * RATE)
    while len(stroke := _stroke(samples[at:], note, len(pattern.pitches))) == len(pattern.pitches):
        found += stroke
        at += len(stroke) * note + round(pattern.rest_s * RATE)
    return found


def _stroke(samples: Samples, note: int, count: int) -> list[int]:
    """Return the pitch of each note that is a tone, up to the first that is none."""
    pitches = sorted({pitch for pattern in PATTERNS.values() for pitch in pattern.pitches})
    found = []
    for part in (samples[number * note : (number + 1) * note] for number in range(count)):
        strengths = {pitch: strength(part, pitch) for pitch in pitches} if part.size == note else {0: 0.0}
        pitch = max(strengths, key=lambda pitch: strengths[pitch])
        if strengths[pitch] < A_TONE:
            break
        found.append(pitch)
    return found


def test_that_nothing_is_heard_before_anything_calls(capture: Capture) -> None:
    assert capture.marks["raised"] > 0
    assert not capture.samples[: capture.marks["raised"]].any()


def test_that_an_orange_of_high_priority_is_three_rising_strokes(capture: Capture) -> None:
    assert notes(capture.between("raised", "spoken"), WarningColour.ORANGE) == [784, 1046] * 3


def test_that_the_tone_has_gone_when_the_words_begin_and_words_are_no_tone(capture: Capture) -> None:
    speech = capture.between("spoken", "acknowledged")
    heard = np.abs(speech) > HEARD
    assert heard.sum() > RATE // 4
    assert all(strength(speech, pitch) < 0.2 for pattern in PATTERNS.values() for pitch in pattern.pitches)


def test_that_an_acknowledgement_ends_the_sentence_within_a_block_and_ten_milliseconds(capture: Capture) -> None:
    after = capture.between("acknowledged", "silenced")
    assert not after[2 * BLOCK :].any()


def test_that_silence_is_silence(capture: Capture) -> None:
    assert not capture.between("silenced", "red").any()


def test_that_a_red_within_the_silence_is_four_falling_strokes_and_no_word(capture: Capture) -> None:
    assert notes(capture.between("red", "over"), WarningColour.RED) == [1320, 990] * 4
    assert not capture.between("over", "end").any()


def test_that_both_ears_hear_and_nothing_is_clipped(capture: Capture) -> None:
    assert 0.3 < np.abs(capture.samples).max() < 1.0
    assert np.array_equal(capture.samples, capture.right)
