"""One clip picture by picture: on, back and anywhere give the picture of that place, and what is damaged says so."""

import io
import random
from fractions import Fraction

import av
import numpy as np
import pytest

from chengyun_core.model.failure import Trouble
from chengyun_core.video import clip_worker
from chengyun_core.video.clip_orders import (
    ClipFailed,
    ClipOpened,
    CopyMarked,
    MarkCopy,
    OpenClip,
    PictureShown,
    ShowPicture,
)
from chengyun_core.video.clip_reader import ClipReader

PICTURES, WIDTH, HEIGHT = 60, 320, 192
STEP = 4
"""Levels of grey by which a picture differs from the one before."""


def clip(container: str = "mp4", pictures: int = PICTURES) -> bytes:
    """Return a clip whose picture number n is all of one grey, 10 + 4 n; key pictures every 20, B pictures between."""
    out = io.BytesIO()
    with av.open(out, "w", format=container) as made:
        stream = made.add_stream("libx264", rate=25, options={"preset": "veryfast", "g": "20", "bf": "2", "crf": "4"})
        stream.width, stream.height, stream.pix_fmt = WIDTH, HEIGHT, "yuv420p"
        for number in range(pictures):
            picture = np.full((HEIGHT, WIDTH, 3), 10 + STEP * number, np.uint8)
            frame = av.VideoFrame.from_ndarray(picture, format="rgb24")
            frame.pts, frame.time_base = number, Fraction(1, 25)
            made.mux(stream.encode(frame))
        made.mux(stream.encode(None))
    return out.getvalue()


def number_of(frame: av.VideoFrame) -> int:
    """Return which picture it is."""
    return round((float(frame.to_ndarray(format="gray").mean()) - 10) / STEP)


@pytest.mark.parametrize(("container", "media"), [("mp4", "video/mp4"), ("matroska", "video/x-matroska")])
def test_that_any_picture_can_be_reached_from_any_other(container: str, media: str) -> None:
    reader = ClipReader(clip(container), media)
    assert len(reader.times_s) == PICTURES
    assert reader.times_s[0] == 0.0
    assert reader.times_s[25] == pytest.approx(1.0, abs=0.002)
    assert (reader.size, reader.codec) == ((WIDTH, HEIGHT), "h264")
    ways = [*range(PICTURES), *reversed(range(PICTURES)), 5, 5, 59, 0, 21, 19, 20]
    ways += random.Random(4).choices(range(PICTURES), k=60)
    scale = [number_of(reader.picture(at)) for at in range(PICTURES)]
    assert len(set(scale)) > PICTURES * 0.9  # pictures can be told from each other
    assert [number_of(reader.picture(at)) for at in ways] == [scale[at] for at in ways]


def test_that_places_beyond_the_ends_are_the_ends() -> None:
    reader = ClipReader(clip(), "video/mp4")
    assert number_of(reader.picture(-3)) == number_of(reader.picture(0))
    assert number_of(reader.picture(900)) == number_of(reader.picture(PICTURES - 1))


@pytest.mark.parametrize("data", [b"", b"no clip at all" * 99, clip()[:300], bytes(range(256)) * 40])
def test_that_what_is_no_clip_is_said_to_be_damaged(data: bytes) -> None:
    with pytest.raises(Trouble) as told:
        ClipReader(data, "video/mp4")
    assert told.value.reason.code == "video.clip_damaged"


def test_that_garbage_within_a_clip_leaves_the_pictures_before_and_after_it() -> None:
    whole = bytearray(clip())
    at = whole.index(b"mdat") + 4000
    whole[at : at + 600] = bytes(600)
    reader = ClipReader(bytes(whole), "video/mp4")
    assert number_of(reader.picture(0)) == number_of(ClipReader(clip(), "video/mp4").picture(0))
    for number in range(PICTURES):
        assert reader.picture(number).width == WIDTH


def test_that_a_worker_says_what_a_clip_is_shows_its_pictures_and_marks_a_copy() -> None:
    worker = clip_worker.ClipWorker(clip(), "video/mp4")
    opened = worker.done(OpenClip())
    assert isinstance(opened, ClipOpened)
    assert (len(opened.times_s), opened.width, opened.height) == (PICTURES, WIDTH, HEIGHT)
    shown = worker.done(ShowPicture(at=30, width=160, height=160))
    assert isinstance(shown, PictureShown)
    assert (shown.at, shown.width, shown.height) == (30, 160, 96)
    pixels = np.frombuffer(shown.data, np.uint8).reshape(shown.height, shown.stride)[:, : shown.width * 4]
    assert abs(float(pixels.reshape(-1, 4)[:, 1].mean()) - (10 + STEP * 30)) < 6


def test_that_a_copy_has_words_where_the_original_has_none(monkeypatch: pytest.MonkeyPatch) -> None:
    told: list[float] = []
    monkeypatch.setattr(clip_worker, "_tell_share", told.append)
    original = clip()
    made = clip_worker.ClipWorker(original, "video/mp4").done(MarkCopy(lines=("EV-1 CAM-1", "SHA256 0123")))
    assert isinstance(made, CopyMarked)
    before = ClipReader(original, "video/mp4").picture(10).to_ndarray(format="gray").astype(int)
    after = ClipReader(made.data, "video/mp4").picture(10).to_ndarray(format="gray").astype(int)
    changed = np.abs(after - before) > 20
    assert changed[HEIGHT // 2 :].any()
    assert not changed[: HEIGHT // 3].any()
    assert told == sorted(told)
    assert told[0] == 0.0


def test_that_a_worker_answers_what_it_cannot_do() -> None:
    worker = clip_worker.ClipWorker(b"garbage", "video/mp4")
    for order in (OpenClip(), ShowPicture(at=0, width=64, height=64), MarkCopy(lines=("A",))):
        assert isinstance(worker.done(order), ClipFailed)
