"""The counts behind the data quality score: right for any order, repetition and lateness, and a window of a day."""

from collections import defaultdict

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from chengyun_core.ingest.batch import Limits
from chengyun_core.ingest.engine import Engine
from chengyun_core.ingest.quality_score import HOUR_NS, MOST_CHANNELS, QualityCounts, QualityKept
from chengyun_core.model.catalogue import Catalogue, Channel
from chengyun_core.model.scales import Quality
from chengyun_core.wire import codec
from tests.reference.cities import NUMBERS, SECOND, START, catalogue
from tests.reference.playing import batch_of

CITY = catalogue(["last(A.x)", "mean(P#*.x)", "sum(A.x, B.x)"], [])
A, B = 20, 22


def _engine() -> Engine:
    return Engine(CITY, limits=Limits(past_days=7.0, late_s=300.0))


def _told(engine: Engine, vital: int) -> tuple[int, int, int]:
    counts = engine.quality([vital])
    return int(counts.received[0]), int(counts.late[0]), int(counts.bad[0])


def test_that_what_came_in_time_is_counted_against_what_was_expected() -> None:
    engine = _engine()
    for second in range(101):
        now = START + second * SECOND
        engine.take(batch_of([(now, A, 1.0, 0)]), now_ns=now)
    counts = engine.quality([0, 1])
    assert counts.received.tolist() == [101, 0]
    # One sample a second is expected of A and of each of the five of P; the last one may still be on its way.
    assert counts.expected.tolist() == [99.0, 5 * 99.0]
    assert counts.present.tolist() == [99.0, 0.0]
    assert (counts.from_ns, counts.until_ns) == (START, START + 100 * SECOND)


def test_that_a_channel_that_sends_too_much_does_not_hide_one_that_is_silent() -> None:
    engine = _engine()
    for tick in range(200):
        now = START + tick * SECOND // 2
        engine.take(batch_of([(now, A, 1.0, 0)]), now_ns=now)
    counts = engine.quality([2])
    assert counts.received[0] == 200
    assert counts.present[0] < 0.51 * counts.expected[0]


def test_that_repetitions_count_once_and_samples_behind_a_newer_one_are_late() -> None:
    engine = _engine()
    now = START + 10 * SECOND
    engine.take(batch_of([(START, A, 1.0, 0)]), now_ns=START)
    engine.take(batch_of([(now, A, 1.0, 0), (START + SECOND, A, 1.0, 0), (now, A, 1.0, 0)]), now_ns=now)
    assert _told(engine, 0) == (3, 1, 0)


def test_that_a_sample_too_old_on_arrival_is_late() -> None:
    engine = _engine()
    engine.take(batch_of([(START, B, 1.0, 0)]), now_ns=START)
    engine.take(batch_of([(START + 99 * SECOND, A, 1.0, 0)]), now_ns=START + 400 * SECOND)
    assert _told(engine, 0) == (1, 1, 0)


def test_that_a_replay_or_backfill_says_nothing_of_how_a_sensor_delivers() -> None:
    engine = _engine()
    engine.take(batch_of([(START, A, 1.0, 0)]), now_ns=START, own_clock=True)
    assert (engine.quality([0]).received[0], engine.quality([0]).expected[0]) == (0, 0.0)
    later = START + 6 * 3600 * SECOND
    engine.take(batch_of([(later, A, 1.0, 0)]), now_ns=later)
    assert engine.quality([0]).from_ns == later


def test_that_bad_samples_are_counted_whoever_found_them_bad() -> None:
    engine = _engine()
    rows = [(START, A, float("nan"), 0), (START, B, 1.0, 2), (START + 1, A, 1.0, 1)]
    engine.take(batch_of(rows), now_ns=START)
    assert _told(engine, 2) == (3, 0, 2)


def test_that_what_is_older_than_the_counting_is_not_counted() -> None:
    engine = _engine()
    engine.take(batch_of([(START, A, 1.0, 0), (START, B, 1.0, 0)]), now_ns=START + SECOND)
    assert _told(engine, 2) == (0, 0, 0)


def test_that_a_day_later_nothing_is_left_of_it() -> None:
    engine = _engine()
    engine.take(batch_of([(START, A, 1.0, 0)]), now_ns=START)
    later = START + 23 * HOUR_NS
    engine.take(batch_of([(later, A, 1.0, 0)]), now_ns=later)
    assert _told(engine, 0)[0] == 2
    later = (START // HOUR_NS + 24) * HOUR_NS
    engine.take(batch_of([(later, B, 1.0, 0)]), now_ns=later)
    assert _told(engine, 0)[0] == 1
    engine.close_until(later + 100 * HOUR_NS)
    counts = engine.quality([0])
    assert (counts.received[0], counts.present[0]) == (0, 0.0)
    assert 23 * 3600 - 1 <= counts.expected[0] <= 24 * 3600


def test_that_counts_go_on_under_a_new_version_of_the_catalogue() -> None:
    engine = _engine()
    engine.take(batch_of([(START, A, 1.0, 0)]), now_ns=START)
    engine.adopt(CITY, CITY.set_in_force())
    engine.take(batch_of([(START + SECOND, A, 1.0, 0)]), now_ns=START + SECOND)
    assert _told(engine, 0)[0] == 2


def test_that_counts_go_on_after_a_short_pause_of_the_daemon_and_anew_after_a_long_one() -> None:
    engine = _engine()
    now = START + SECOND
    engine.take(batch_of([(START, A, 1.0, 0), (now, A, float("nan"), 0)]), now_ns=START)
    kept = codec.unpack(codec.pack(engine.quality_kept(now)), QualityKept)
    for pause_s, told in ((60, (2, 0, 1)), (601, (0, 0, 0)), (-5, (0, 0, 0))):
        again = _engine()
        again.restore_quality(kept, now + pause_s * SECOND)
        again.close_until(now + max(pause_s, 0) * SECOND)
        assert _told(again, 0) == told
        assert again.quality([0]).from_ns == (START if any(told) else 0)


def test_that_an_engine_that_counted_nothing_keeps_nothing() -> None:
    assert _engine().quality_kept(START) is None


def test_that_counts_of_a_catalogue_that_has_shrunk_or_grown_still_fit() -> None:
    counts = QualityCounts(np.ones(5))
    batch = batch_of([(START, 2, 1.0, 0), (START, 4, 1.0, 0)])
    counts.count(batch, np.zeros(2, np.int64), None, now_ns=START, late_before_ns=0)
    for channels, left in ((3, 1), (5, 1), (8, 1)):
        kept = counts.kept(START)
        assert kept is not None
        counts = QualityCounts(np.ones(channels))
        counts.restore(kept, START)
        assert int(counts.slots.sum()) == left
        assert counts.slots[0, START // HOUR_NS % 24, 2] == 1


def test_that_millions_of_channels_are_not_counted_one_by_one() -> None:
    row = Channel(number=0, device="M", quantity="x", unit="", period_s=1.0, count=MOST_CHANNELS + 1)
    counts = QualityCounts.of_catalogue(Catalogue(channels=(row,)))
    batch = batch_of([(START, MOST_CHANNELS, 1.0, 0)])
    counts.count(batch, np.zeros(1, np.int64), None, now_ns=START, late_before_ns=START)


_SAMPLES = st.lists(
    st.tuples(st.integers(0, 26 * 12), st.sampled_from(NUMBERS), st.just(1.0), st.sampled_from([0, 1, 2])),
    min_size=1,
    max_size=12,
)


@given(st.lists(_SAMPLES, max_size=8))
def test_that_any_stream_is_counted_as_sample_by_sample(batches: list[list[tuple[int, int, float, int]]]) -> None:
    """Times are steps of five minutes over 26 hours, so that the ring turns round; each arrival's now is its newest."""
    engine, reference = _engine(), _Reference()
    now = START
    for rows in batches:
        timed = [(START + step * 300 * SECOND, *rest) for step, *rest in rows]
        now = max(now, *(time for time, *_ in timed))
        engine.take(batch_of(timed), now_ns=now)
        reference.take(timed, now)
    engine.close_until(now)
    for number, members in ((0, (20,)), (1, (10, 11, 12, 13, 14)), (2, (20, 22))):
        assert _told(engine, number) == reference.of(members, now)


class _Reference:
    """Says sample by sample what the counts must be."""

    def __init__(self) -> None:
        self.kept: list[tuple[int, int, bool, bool]] = []
        self.newest: dict[int, int] = defaultdict(int)
        self.since = 0

    def take(self, rows: list[tuple[int, int, float, int]], now: int) -> None:
        self.since = self.since or now
        for time, channel, _, quality in rows:
            before = self.newest[channel]
            if time != before and time >= self._from(now):
                late = time < before or time < now - 300 * SECOND
                self.kept.append((time, channel, late, quality >= Quality.BAD))
            self.newest[channel] = max(before, time)

    def of(self, members: tuple[int, ...], now: int) -> tuple[int, int, int]:
        inside = [row for row in self.kept if row[0] >= self._from(now) and row[1] in members]
        return len(inside), sum(row[2] for row in inside), sum(row[3] for row in inside)

    def _from(self, now: int) -> int:
        return max(self.since, (now // HOUR_NS - 23) * HOUR_NS)
