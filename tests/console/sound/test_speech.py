"""Speech by espeak-ng: sentences become samples; a program that is missing, hangs or fails costs a sentence only."""

import threading
from pathlib import Path

import numpy as np
import pytest

from chengyun_console.sound import speech
from chengyun_console.sound.speech import Speech, resampled
from chengyun_core.model.failure import Trouble


def program(folder: Path, script: str) -> str:
    """Return a program that stands where espeak-ng stands."""
    path = folder / "speaker"
    path.write_text(f"#!/bin/sh\n{script}\n")
    path.chmod(0o755)
    return str(path)


@pytest.mark.parametrize(("text", "language"), [("红色，寸滩站水位", "zh_CN"), ("Red, level at Cuntan", "en")])
def test_that_a_sentence_becomes_sound_in_both_languages(text: str, language: str) -> None:
    made = Speech().samples(text, language)
    assert made.dtype == np.float32
    assert 0.5 < made.size / 48_000 < 6.0
    assert np.abs(made).max() == pytest.approx(speech.LOUDEST, rel=0.01)


def test_that_a_name_that_looks_like_an_option_is_spoken() -> None:
    assert Speech().samples("--version", "en").size > 0


def test_that_a_sentence_is_made_once(tmp_path: Path) -> None:
    calls = tmp_path / "calls"
    speaker = Speech(program(tmp_path, f"echo x >> {calls}; exec espeak-ng --stdin --stdout"))
    for _ in range(3):
        speaker.samples("one", "en")
    assert calls.read_text().count("x") == 1


@pytest.mark.parametrize("script", ["exit 3", "echo no sound", "cat > /dev/null"])
def test_that_a_program_that_makes_no_sound_is_trouble(tmp_path: Path, script: str) -> None:
    with pytest.raises(Trouble, match=r"sound\.no_speech"):
        Speech(program(tmp_path, script)).samples("one", "en")


def test_that_a_missing_program_is_trouble() -> None:
    with pytest.raises(Trouble, match=r"sound\.no_speech"):
        Speech("no-such-speaker").samples("one", "en")


def test_that_a_program_that_hangs_is_given_up(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(speech, "WITHIN_S", 0.1)
    with pytest.raises(Trouble, match=r"sound\.no_speech"):
        Speech(program(tmp_path, "exec sleep 60")).samples("one", "en")


def test_that_closing_kills_what_is_being_spoken_out(tmp_path: Path) -> None:
    begun = tmp_path / "begun"
    speaker, failed = Speech(program(tmp_path, f"touch {begun}; exec sleep 60")), threading.Event()

    def speak() -> None:
        with pytest.raises(Trouble):
            speaker.samples("one", "en")
        failed.set()

    thread = threading.Thread(target=speak)
    thread.start()
    while not begun.exists():
        thread.join(0.01)
    speaker.close()
    assert failed.wait(30)
    thread.join()


def test_that_resampling_keeps_the_length_in_seconds_and_the_level() -> None:
    wave = np.sin(np.arange(22_050) / 20).astype(np.float32)
    made = resampled(wave, 22_050, 48_000)
    assert made.size == 48_000
    assert np.abs(made).max() == pytest.approx(1.0, abs=0.01)
