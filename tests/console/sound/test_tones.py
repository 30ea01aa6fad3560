"""The tones: told apart, without clicks, never too loud."""

from itertools import product

import numpy as np
import pytest

from chengyun_console.sound import tones
from chengyun_core.model.scales import AlarmPriority, WarningColour

ALL = list(product(list(WarningColour)[1:], AlarmPriority))


@pytest.mark.parametrize(("colour", "priority"), ALL)
def test_that_a_tone_is_bounded_begins_and_ends_in_nothing_and_has_no_step(
    colour: WarningColour, priority: AlarmPriority
) -> None:
    made = tones.tone(colour, priority)
    assert made.dtype == np.float32
    assert 0.3 < np.abs(made).max() <= tones.PEAK
    assert abs(made[0]) < 1e-6
    assert made[-1] == 0.0
    # The steepest thing in it is its own third overtone: a click would be a step between two samples.
    steepest = 2 * np.pi * 3 * max(tones.PATTERNS[colour].pitches) / tones.RATE * tones.PEAK
    assert np.abs(np.diff(made)).max() < steepest


def test_that_a_stroke_swells_instead_of_starting_at_once() -> None:
    made = tones.tone(WarningColour.YELLOW, AlarmPriority.LOW)
    first, second = made[:96], made[960:2880]
    assert np.abs(first).max() < 0.1 * np.abs(second).max()


def test_that_no_two_tones_are_the_same_and_none_lasts_longer_than_the_speech_may_wait() -> None:
    made = [tones.tone(colour, priority) for colour, priority in ALL] + [tones.returned()]
    assert len({one.tobytes() for one in made}) == len(made)
    assert max(one.size for one in made) / tones.RATE < 2.5


def test_that_the_count_of_strokes_is_the_priority() -> None:
    for colour, priority in ALL:
        pattern = tones.PATTERNS[colour]
        heard = np.flatnonzero(tones.tone(colour, priority))
        rests = np.count_nonzero(np.diff(heard) > 0.9 * pattern.rest_s * tones.RATE)
        assert rests + 1 == int(priority)
