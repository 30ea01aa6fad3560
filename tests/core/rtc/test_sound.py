"""Ears and mouth without a sound card: tones, files, silence; loudness, mixing, honest words for what is missing."""

from pathlib import Path

import numpy as np
import pytest

from chengyun_core.model.failure import Trouble
from chengyun_core.rtc import pictures, sound
from chengyun_core.rtc.sound import FRAME, RATE, SILENCE, FileSpeaker, ToneMicrophone


def test_that_a_tone_has_its_pitch_and_its_level_without_a_seam() -> None:
    tone = ToneMicrophone(440)
    wave = np.concatenate([tone.take() for _ in range(50)]).astype(float)
    assert np.argmax(np.abs(np.fft.rfft(wave))) * RATE / len(wave) == pytest.approx(440, abs=1)
    assert np.abs(np.diff(wave)).max() < 8192 * 2 * np.pi * 440 / RATE + 2, "no jump between frames"
    assert sound.loudness(tone.take()) == pytest.approx(-15.05, abs=0.1)


def test_that_silence_and_loud_voices_are_measured_and_clipped() -> None:
    assert sound.loudness(SILENCE) == sound.QUIETEST_DB
    loud = np.full(FRAME, 30_000, np.int16)
    assert sound.mixed([loud, loud]).max() == 32_767
    assert sound.mixed([-loud, -loud]).min() == -32_768
    assert np.array_equal(sound.mixed([]), SILENCE)
    assert np.array_equal(sound.mixed([loud, -loud]), SILENCE)


def test_that_what_a_file_plays_is_what_was_written(tmp_path: Path) -> None:
    path = tmp_path / "heard.wav"
    tone, speaker = ToneMicrophone(1000), FileSpeaker(path)
    frames = [tone.take() for _ in range(5)]
    for frame in frames:
        speaker.put(frame)
    speaker.close()
    microphone = sound.microphone(f"file:{path}")
    assert [np.array_equal(microphone.take(), frame) for frame in (*frames, frames[0])] == [True] * 6
    microphone.close()


@pytest.mark.parametrize("data", [b"", b"RIFF....WAVE", b"\0" * 100])
def test_that_a_file_that_is_no_sound_is_told(tmp_path: Path, data: bytes) -> None:
    path = tmp_path / "bad.wav"
    path.write_bytes(data)
    with pytest.raises(Trouble, match="sound_file"):
        sound.microphone(f"file:{path}")
    with pytest.raises(Trouble, match="sound_file"):
        sound.speaker(f"file:{tmp_path}/no/such/folder.wav")


def test_that_no_card_no_camera_and_no_such_kind_are_told() -> None:
    for make, spec, code in (
        (sound.microphone, "device:no such card", "room.no_microphone"), (sound.microphone, "?", "room.no_microphone"),
        (sound.speaker, "device:no such card", "room.no_speaker"), (sound.speaker, "?", "room.no_speaker"),
        (pictures.eye, "device:/dev/no-such-camera", "room.no_camera"), (pictures.eye, "file:/none", "room.no_camera"),
    ):  # fmt: skip
        with pytest.raises(Trouble, match=code):
            make(spec)


def test_that_a_test_card_moves_so_that_a_frozen_one_is_seen() -> None:
    eye = pictures.eye("card")
    first, second = eye.picture(320, 180), eye.picture(320, 180)
    assert first is not None
    assert second is not None
    assert first.shape == (180, 320, 3)
    assert not np.array_equal(first, second)
    assert pictures.eye("none").picture(10, 10) is None
