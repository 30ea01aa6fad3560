"""Drift: found in who leaves his own month and his neighbours, and in nobody else."""

import numpy as np
import pytest

from chengyun_core.ingest.device_drift import HOUR_NS, HOURS, LEARN_DAYS, LIMIT, MONTH_DAYS, Drift

DAYS = 60
FIRST = 19_000 * HOURS


def _course(channels: int, seed: int = 1) -> np.ndarray:
    """Return hourly values float64[hours, channels]: a day's course, weather that all share, noise of their own."""
    dice = np.random.default_rng(seed)
    hours = np.arange(DAYS * HOURS)
    day = 10 * np.sin(2 * np.pi * hours / HOURS)[:, None]
    weather = np.repeat(dice.normal(0, 5, DAYS), HOURS)[:, None]
    return 100 + day + weather + dice.normal(0, 1, (hours.size, channels))


def _run(values: np.ndarray, group: list[int], drift: Drift | None = None, first: int = FIRST) -> Drift:
    drift = drift or Drift(np.array(group))
    for hour in range(values.shape[0]):
        drift.let_pass((first + hour) * HOUR_NS + 1)
        stamp = np.uint64(((first + hour) * HOUR_NS + HOUR_NS // 2) * 4)
        drift.look(0, np.full(values.shape[1], stamp), values[hour])
    drift.let_pass((first + values.shape[0]) * HOUR_NS + 1)
    return drift


def test_that_who_leaves_its_neighbours_drifts_and_the_weather_of_all_does_not() -> None:
    values = _course(8)
    values[:, 3] += np.clip(np.arange(DAYS * HOURS) - 40 * HOURS, 0, None) * 0.03
    channel, since, size = _run(values, [0] * 8).found()
    assert channel.tolist() == [3]
    day = (int(since[0]) // HOUR_NS - FIRST) / HOURS
    assert 40 <= day <= 45
    assert size[0] >= LIMIT


def test_that_a_fall_is_told_with_its_sign() -> None:
    values = _course(8)
    values[40 * HOURS :, 5] -= 4
    channel, _, size = _run(values, [0] * 8).found()
    assert (channel.tolist(), bool(size[0] <= -LIMIT)) == ([5], True)


def test_that_a_city_that_drifts_nowhere_is_left_in_peace() -> None:
    for seed in range(5):
        assert _run(_course(8, seed), [0] * 8).found()[0].size == 0


def test_that_the_weather_of_all_is_no_drift_even_when_it_stays() -> None:
    values = _course(8)
    values[45 * HOURS :] += 30
    assert _run(values, [0] * 8).found()[0].size == 0


def test_that_a_channel_alone_is_compared_with_its_own_month() -> None:
    dice = np.random.default_rng(4)
    values = 50 + dice.normal(0, 1, (DAYS * HOURS, 1))
    assert _run(values, [0]).found()[0].size == 0
    values[45 * HOURS :] += 3
    assert _run(values, [0]).found()[0].tolist() == [0]


def test_that_nothing_is_judged_before_it_was_learned() -> None:
    values = _course(8)[: (LEARN_DAYS - 1) * HOURS]
    values[5 * HOURS :, 2] += 50
    assert _run(values, [0] * 8).found()[0].size == 0


def test_that_a_drift_that_stays_is_forgotten_in_its_time() -> None:
    dice = np.random.default_rng(2)
    values = 50 + dice.normal(0, 1, ((45 + 6 * MONTH_DAYS) * HOURS, 6))
    values[45 * HOURS :, 1] += 2
    assert _run(values[: 60 * HOURS], [0] * 6).found()[0].tolist() == [1]
    assert _run(values, [0] * 6).found()[0].size == 0


def test_that_another_run_goes_on_where_the_first_ended() -> None:
    values = _course(8)
    values[40 * HOURS :, 3] += 4
    at = 30 * HOURS
    first = _run(values[:at], [0] * 8)
    second = Drift(np.array([0] * 8))
    second.restore(first.kept())
    whole, parted = _run(values, [0] * 8).found(), _run(values[at:], [], second, FIRST + at).found()
    assert whole[0].tolist() == parted[0].tolist() == [3]
    assert whole[2] == pytest.approx(parted[2])


def test_that_channels_without_a_group_and_bad_readings_are_left() -> None:
    values = _course(2)
    values[40 * HOURS :] += 50
    assert _run(values, [-1, -1]).found()[0].size == 0
    drift = Drift(np.array([0]))
    drift.let_pass(FIRST * HOUR_NS)
    bad = np.array([FIRST * HOUR_NS * 4 + 2], np.uint64)
    drift.look(0, bad, np.array([5.0]))
    drift.look(0, np.array([FIRST * HOUR_NS * 4 + 4], np.uint64), np.array([np.nan]))
    assert drift.let_pass((FIRST + 1) * HOUR_NS) is True
    assert drift.kept().known.sum() == 0


def test_that_a_clock_set_back_begins_an_hour_anew() -> None:
    drift = Drift(np.array([0]))
    assert drift.let_pass(FIRST * HOUR_NS) is False
    assert drift.let_pass((FIRST - 5) * HOUR_NS) is False
    assert drift.let_pass((FIRST - 4) * HOUR_NS) is True
