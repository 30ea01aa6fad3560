"""Frozen and black, told from still-but-live: the rule's two limits, and its time."""

import numpy as np
import pytest

from chengyun_core.model.clock import NS_PER_S
from chengyun_core.video.judging import PictureJudge
from chengyun_core.video.port import PaneState

WIDTH, HEIGHT = 480, 270


def picture(level: int = 100, *, seed: int = 1, noise: int = 0) -> np.ndarray:
    made = np.full((HEIGHT, WIDTH, 4), level, np.int16)
    made += np.random.default_rng(1).integers(-30, 30, (HEIGHT, WIDTH, 1)) if level > 30 else 0
    if noise:
        made += np.random.default_rng(seed).integers(-noise, noise + 1, (HEIGHT, WIDTH, 1))
    return np.clip(made, 0, 255).astype(np.uint8).reshape(HEIGHT, WIDTH * 4)


def judged(pictures: list[np.ndarray], *, key_each: int = 0, frozen_s: float = 1.5) -> list[PaneState]:
    judge = PictureJudge(round(frozen_s * NS_PER_S), round(1.5 * NS_PER_S))
    return [
        judge.state(made, WIDTH, number * NS_PER_S // 25, is_key=bool(key_each) and number % key_each == 0)
        for number, made in enumerate(pictures)
    ]


def test_that_the_same_picture_is_frozen_after_its_time_and_not_before() -> None:
    states = judged([picture()] * 60)
    assert states.index(PaneState.FROZEN) in range(38, 46)
    assert states[-1] is PaneState.FROZEN


def test_that_a_sensor_s_noise_is_a_live_picture() -> None:
    assert set(judged([picture(seed=number, noise=2) for number in range(60)])) == {PaneState.LIVE}


def test_that_a_small_person_far_away_is_a_live_picture() -> None:
    pictures = []
    for number in range(80):
        made = picture().copy().reshape(HEIGHT, WIDTH, 4)
        made[100:110, 40 + 3 * number : 46 + 3 * number] = 200
        pictures.append(made.reshape(HEIGHT, WIDTH * 4))
    assert set(judged(pictures)) == {PaneState.LIVE}


def test_that_key_pictures_that_round_anew_do_not_wake_a_frozen_one() -> None:
    pictures = [picture(seed=number // 12, noise=1) for number in range(80)]
    assert judged(pictures, key_each=12)[-1] is PaneState.FROZEN
    # the same differences in pictures that are not coded anew are a sensor's
    assert judged(pictures)[-1] is PaneState.LIVE


def test_that_a_frozen_picture_lives_again_with_the_first_that_differs() -> None:
    states = judged([*[picture()] * 60, *[picture(seed=number, noise=3) for number in range(10)]])
    assert states[59] is PaneState.FROZEN
    assert states[-1] is PaneState.LIVE


def test_that_no_light_is_black_and_a_dark_street_is_not() -> None:
    assert judged([picture(2, seed=number, noise=1) for number in range(60)])[-1] is PaneState.BLACK
    lit = picture(4).copy().reshape(HEIGHT, WIDTH, 4)
    lit[50:60, 50:60] = 250
    dark = [
        np.clip(lit + np.random.default_rng(n).integers(0, 3, lit.shape), 0, 255).astype(np.uint8) for n in range(60)
    ]
    assert judged([made.reshape(HEIGHT, WIDTH * 4) for made in dark])[-1] is PaneState.LIVE


def test_that_a_limit_of_nothing_is_never() -> None:
    assert set(judged([picture()] * 60, frozen_s=0.0)) == {PaneState.LIVE}


@pytest.mark.parametrize(("width", "height"), [(16, 16), (320, 180), (2560, 1440)])
def test_that_panes_of_any_size_are_judged(width: int, height: int) -> None:
    judge = PictureJudge(NS_PER_S, NS_PER_S)
    pixels = np.zeros((height, width * 4 + 64), np.uint8)
    assert judge.state(pixels, width, 0, is_key=True) is PaneState.LIVE
