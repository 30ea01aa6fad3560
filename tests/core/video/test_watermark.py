"""Copies with words burnt in: the same picture but for the words, of the same kind; and what is no picture at all."""

import io
from fractions import Fraction

import av
import numpy as np
import pytest

from chengyun_core.model.failure import Trouble
from chengyun_core.video import watermark

LINES = ("EV-12 CAM-500105005-001", "LOCAL-ADMIN", "SHA256 0123456789ABCDEF")


def _picture(width: int = 640, height: int = 360) -> np.ndarray:
    across = np.linspace(40, 200, width, dtype=np.uint8)
    return np.repeat(np.repeat(across[None, :, None], height, axis=0), 3, axis=2)


def _still(codec: str, form: str) -> bytes:
    context = av.CodecContext.create(codec, "w")
    picture = _picture()
    context.height, context.width = picture.shape[:2]
    context.pix_fmt, context.time_base = form, Fraction(1, 1)
    frame = av.VideoFrame.from_ndarray(picture, format="rgb24").reformat(format=form)
    return b"".join(bytes(packet) for packet in (*context.encode(frame), *context.encode(None)))


def _clip(container: str, frames: int = 10, width: int = 320, height: int = 180) -> bytes:
    out = io.BytesIO()
    with av.open(out, "w", format=container) as made:
        stream = made.add_stream("libx264", rate=25, options={"preset": "ultrafast"})
        stream.width, stream.height, stream.pix_fmt = width, height, "yuv420p"
        for number in range(frames):
            picture = np.roll(_picture(width, height), number * 8, axis=1)
            frame = av.VideoFrame.from_ndarray(np.ascontiguousarray(picture), format="rgb24")
            frame.pts, frame.time_base = number, Fraction(1, 25)
            made.mux(stream.encode(frame))
        made.mux(stream.encode(None))
    return out.getvalue()


def _decoded(data: bytes, reader: str) -> list[np.ndarray]:
    with av.open(io.BytesIO(data), format=reader) as source:
        return [frame.to_ndarray(format="rgb24") for frame in source.decode(video=0)]


@pytest.mark.parametrize(
    ("codec", "form", "media", "reader"),
    [("png", "rgb24", "image/png", "png_pipe"), ("mjpeg", "yuvj420p", "image/jpeg", "jpeg_pipe")],
)
def test_that_a_still_keeps_its_kind_and_its_upper_part(codec: str, form: str, media: str, reader: str) -> None:
    original = _still(codec, form)
    (before,), (after,) = _decoded(original, reader), _decoded(watermark.marked(original, media, LINES), reader)
    assert after.shape == before.shape
    upper = np.abs(after[:180].astype(int) - before[:180]).max()
    assert upper <= (0 if codec == "png" else 12)
    lower = after[260:]
    assert (lower > 230).sum() > 500  # letters


@pytest.mark.parametrize(
    ("container", "media", "reader"), [("mp4", "video/mp4", "mov"), ("matroska", "video/x-matroska", "matroska")]
)
def test_that_a_clip_keeps_its_pictures_and_their_number(container: str, media: str, reader: str) -> None:
    original = _clip(container)
    before, after = _decoded(original, reader), _decoded(watermark.marked(original, media, LINES), reader)
    assert len(after) == len(before) == 10
    assert after[0].shape == before[0].shape
    assert all(np.abs(one[:80].astype(int) - other[:80]).mean() < 6 for one, other in zip(after, before, strict=True))
    assert all((one[120:] > 200).sum() > 200 for one in after)


def test_that_small_pictures_are_marked_as_far_as_they_reach() -> None:
    out = watermark.burnt(np.full((24, 40, 3), 90, np.uint8), LINES)
    assert out.shape == (24, 40, 3)
    assert (out == 255).any()


@pytest.mark.parametrize(
    ("data", "media"),
    [(b"", "image/png"), (b"\x89PNG\r\n\x1a\n" + bytes(100), "image/png"), (b"\xff\xd8\xff" + bytes(50), "image/jpeg"),
     (bytes(range(256)) * 4, "video/mp4"), (b"PK\x03\x04", "application/zip")],
)  # fmt: skip
def test_that_what_is_no_picture_is_told_and_not_handed_out(data: bytes, media: str) -> None:
    with pytest.raises(Trouble) as no:
        watermark.marked(data, media, LINES)
    assert no.value.reason.code == "evidence.cannot_mark"
