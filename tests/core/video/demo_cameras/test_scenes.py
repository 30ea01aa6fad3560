"""What the demo's cameras show: alive, marked as a demo, without a seam, and encoded as told."""

import io
from functools import cache

import av
import numpy as np
import pytest

from chengyun_core.video.demo_cameras import glyphs
from chengyun_core.video.demo_cameras.brush import HEIGHT, WIDTH
from chengyun_core.video.demo_cameras.encoding import encoded
from chengyun_core.video.demo_cameras.scenes import FRAMES, SCENES, Painter, marked, waiting


@cache
def begun(name: str) -> Painter:
    return SCENES[name].begin()


@pytest.mark.parametrize("name", list(SCENES))
def test_that_a_scene_lives_and_comes_round_without_a_seam(name: str) -> None:
    paint = begun(name)
    first = paint(0.0)
    assert (first.shape, first.dtype) == ((HEIGHT, WIDTH, 3), np.uint8)
    moved = np.abs(paint(1 / FRAMES).astype(np.int16) - first).max(axis=2) > 8
    assert moved.mean() > 0.0003
    seam = np.abs(paint(1.0).astype(np.int16) - first).max(axis=2) > 24
    step = np.abs(paint(0.5 + 1 / FRAMES).astype(np.int16) - paint(0.5)).max(axis=2) > 24
    assert seam.mean() <= step.mean() + 0.01
    again = paint(0.0)
    assert np.array_equal(again, first)  # a picture is the same whenever it is painted


@pytest.mark.parametrize("name", list(SCENES))
def test_that_every_picture_says_that_it_is_a_demo(name: str) -> None:
    picture = marked(begun(name)(0.3), SCENES[name].code, 60)
    mark = glyphs.mark(3)
    place = picture[21 : 21 + mark.shape[0], WIDTH - mark.shape[1] - 22 : WIDTH - 22]
    assert (place[mark].min(), place[~mark].max()) == (236, 20)


@pytest.mark.parametrize("name", list(SCENES))
def test_that_where_a_pane_writes_its_title_and_figures_nothing_is_burnt_in(name: str) -> None:
    plain = begun(name)(0.3)
    written = marked(plain.copy(), SCENES[name].code, 60)
    changed = (written != plain).any(axis=2)
    assert changed[: HEIGHT // 2, WIDTH // 2 :].any()
    assert not changed[:, : WIDTH // 2].any()
    assert not changed[HEIGHT // 2 :].any()


def test_that_the_river_rises_and_falls_against_its_gauge() -> None:
    paint = begun("river")
    white = [int((paint(phase)[210:500, 132:160].min(axis=2) > 190).sum()) for phase in (0.0, 0.25, 0.5, 0.75)]
    assert white[0] > white[1] > white[2]
    assert white[3] > white[2]


def test_that_a_scene_is_encoded_in_two_sizes_that_a_decoder_reads() -> None:
    loops = encoded(waiting(), "-", frames=14)
    for loop, width in ((loops.main, WIDTH), (loops.sub, WIDTH // 2)):
        assert (loop.width, len(loop.units)) == (width, 14)
        assert [unit.is_key for unit in loop.units] == [number % 12 == 0 for number in range(14)]
        with av.open(io.BytesIO(b"".join(unit.data for unit in loop.units)), format="h264") as file:
            frames = list(file.decode(video=0))
        assert (len(frames), frames[0].width) == (14, width)


def test_that_letters_are_told_apart() -> None:
    drawn = {letter: glyphs.text(letter, 1).tobytes() for letter in glyphs.SMALL}
    assert len(set(drawn.values())) == len(drawn)
    assert glyphs.text("12", 2).shape == (14, 24)
