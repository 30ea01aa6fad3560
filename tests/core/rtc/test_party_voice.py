"""Voices of simulated parties: sound a microphone can read, the same for the same party, with and without espeak-ng."""

from pathlib import Path
from random import Random

import numpy as np
import pytest

from chengyun_core.rtc import party_voice
from chengyun_core.rtc.party_voice import PEAK, at_our_rate, syllables, voice_file
from chengyun_core.rtc.sound import FRAME, RATE, FileMicrophone, loudness

TEXT = "已到位，正在了解现场情况。"


@pytest.fixture(params=["/nowhere/espeak-ng", "/bin/false", "/bin/true"])
def no_speaker(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """Have the program be missing, fail, or write nothing."""
    monkeypatch.setattr(party_voice, "PROGRAM", request.param)


def _heard(file: Path) -> float:
    """Return the loudest 20 ms of the first three seconds, dBFS."""
    microphone = FileMicrophone(file)
    return max(loudness(microphone.take()) for _ in range(3 * RATE // FRAME))


def test_that_a_party_is_heard_by_what_reads_microphones(tmp_path: Path) -> None:
    assert _heard(voice_file(tmp_path, "U-1", 1, TEXT, "zh_CN")) > -30


@pytest.mark.usefixtures("no_speaker")
def test_that_without_the_program_it_is_heard_as_well(tmp_path: Path) -> None:
    assert _heard(voice_file(tmp_path, "U-1", 1, TEXT, "zh_CN")) > -30


@pytest.mark.usefixtures("no_speaker")
def test_that_a_party_keeps_its_voice_and_others_have_theirs(tmp_path: Path) -> None:
    first = voice_file(tmp_path, "U-1", 1, TEXT, "en").read_bytes()
    assert voice_file(tmp_path, "U-1", 1, TEXT, "en").read_bytes() == first
    assert voice_file(tmp_path, "U-2", 1, TEXT, "en").read_bytes() != first
    assert voice_file(tmp_path, "U-1", 2, TEXT, "en").read_bytes() != first


def test_that_our_own_syllables_fill_two_seconds_and_clip_nowhere() -> None:
    sound = syllables(Random(1))
    assert 2 * RATE < len(sound) < 8 * RATE
    assert np.abs(sound).max() <= PEAK


def test_that_another_rate_keeps_its_pitch_at_ours() -> None:
    rate, hertz = 22_050, 440
    sound = np.sin(2 * np.pi * hertz * np.arange(rate) / rate) * 3000
    ours = at_our_rate(sound, rate)
    assert len(ours) == RATE
    spectrum = np.abs(np.fft.rfft(ours.astype(np.float64)))
    assert int(spectrum.argmax()) == hertz


def test_that_silence_stays_silence() -> None:
    assert not at_our_rate(np.zeros(100), 22_050).any()
