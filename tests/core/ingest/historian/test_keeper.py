"""From the feed to the archive: what is kept how, and that nothing is lost, doubled or hidden at any end."""

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from chengyun_core.ingest.archive_feed import RingFeed
from chengyun_core.ingest.batch import Batch
from chengyun_core.ingest.catalogue_cache import CatalogueCache
from chengyun_core.ingest.historian.keeper import Keeper
from chengyun_core.ingest.historian.settings import HistorianSettings
from chengyun_core.ingest.vitals import Layer
from chengyun_core.model.catalogue import Catalogue, Channel
from chengyun_core.series.decimate import decimate
from chengyun_core.store.archive.archive import CHANNELS, MINUTES, VITALS
from chengyun_core.store.archive.rows import NS_PER_DAY

SECOND = 1_000_000_000
DAY = 20_000 * NS_PER_DAY
RING = 1 << 20
SMALL = HistorianSettings(least_free_mib=0)


@pytest.fixture
def profile(tmp_path):
    (tmp_path / "ingest").mkdir()
    return tmp_path


def a_feed(profile, ring=1, capacity=RING):
    return RingFeed(profile / "ingest" / "archive-0.ring", capacity=capacity, ring=ring)


def a_layer(channel=(0, 1, 2), vital=(10, 11, 12), factor=1.0):
    size = len(channel)
    return Layer(
        np.array(channel, np.uint32), np.array(vital, np.uint32), factor=np.full(size, factor), offset=np.zeros(size)
    )


def a_batch(first, count, channels=3, start=DAY):
    number = np.arange(first, first + count)
    return Batch.of(number % channels, start + number * SECOND, number * 0.5)


def of(keeper, kind, series):
    found = keeper.window(kind, series, DAY - NS_PER_DAY, DAY + NS_PER_DAY, 8000)
    return [((int(at) - DAY) // SECOND, value) for at, value in zip(found.time, found.value, strict=True)]


def test_that_vitals_are_kept_raw_and_channels_by_the_minute_unless_watched_or_alarming(profile):
    feed, keeper = a_feed(profile), Keeper(profile, SMALL)
    feed.layers((a_layer(factor=2.0),))
    feed.samples(a_batch(0, 9))
    feed.keep_raw(np.array([1], np.uint32))
    feed.samples(a_batch(9, 3))
    feed.cells(np.array([30], np.uint32), np.array([DAY + SECOND]), np.array([7.5]), np.array([1], np.uint8))
    for _ in range(2):
        assert of(keeper, VITALS, 11) == [(1, 1.0), (4, 4.0), (7, 7.0), (10, 10.0)]
        assert of(keeper, VITALS, 30) == [(1, 7.5)]
        assert of(keeper, CHANNELS, 1) == [(10, 5.0)]
        assert of(keeper, CHANNELS, 0) == []
        assert [value for _, value in of(keeper, MINUTES, 1)] == [0.5, 3.5, 3.5]
        assert [value for _, value in of(keeper, MINUTES, 2)] == [1.0, 5.5, 5.5]
        assert keeper.commit()
    keeper.close()


def test_that_a_channel_a_vital_follows_unchanged_has_no_roll_ups_beside_its_raw_readings(profile):
    feed, keeper = a_feed(profile), Keeper(profile, SMALL)
    feed.layers((a_layer(channel=(0,), vital=(10,)), a_layer(channel=(1,), vital=(11,), factor=2.0)))
    feed.samples(a_batch(0, 9))
    assert of(keeper, MINUTES, 0) == []
    assert len(of(keeper, MINUTES, 1)) == len(of(keeper, MINUTES, 2)) == 3
    assert [n for n, _ in of(keeper, VITALS, 10)] == [0, 3, 6]
    keeper.close()


def test_that_bad_and_infinite_samples_are_gaps_of_a_vital_and_keep_their_bits_in_a_raw_channel(profile):
    feed, keeper = a_feed(profile), Keeper(profile, SMALL)
    feed.layers((a_layer(),))
    feed.keep_raw(np.array([0], np.uint32))
    feed.samples(Batch.of([0, 0, 0, 0], DAY + np.arange(4) * SECOND, [1.0, np.inf, 3.0, -0.0], [0, 0, 2, 0]))
    keeper.read()
    assert keeper.commit()
    (part,) = keeper.archive.parts(CHANNELS)
    found = keeper.window(VITALS, 10, DAY, DAY + NS_PER_DAY, 100)
    assert str(found.value.tolist()) == "[1.0, nan, nan, -0.0]"
    channel = keeper.window(CHANNELS, 0, DAY, DAY + NS_PER_DAY, 100)
    assert str(channel.value.tolist()) == "[1.0, inf, 3.0, -0.0]"
    assert part.rows == 4
    keeper.close()


steps = st.lists(
    st.sampled_from(["feed", "read", "commit", "kill", "kill_unsaid", "kill_ingest", "merge"]), max_size=40
)


@settings(max_examples=60, deadline=None)
@given(deeds=steps)
@example(deeds=["feed", "read", "kill", "feed", "commit", "kill"])
@example(deeds=["feed", "commit", "feed", "read", "kill_ingest", "kill", "feed"])
@example(deeds=["feed", "kill_unsaid", "feed", "kill_unsaid", "merge", "kill"])
def test_that_each_sample_is_there_once_however_often_either_process_is_killed(tmp_path_factory, deeds):
    profile = tmp_path_factory.mktemp("profile")
    (profile / "ingest").mkdir()
    feed, keeper, sent = a_feed(profile), Keeper(profile, SMALL), 0
    feed.layers((a_layer(),))
    for number, deed in enumerate(deeds):
        if deed == "feed":
            feed.samples(a_batch(sent, 7))
            sent += 7
        elif deed == "read":
            keeper.read()
        elif deed == "commit":
            keeper.read()
            assert keeper.commit()
        elif deed == "kill":
            keeper = Keeper(profile, SMALL)
        elif deed == "kill_unsaid":  # after the manifest's line, before ingest was told that it may write over it
            keeper.read()
            keeper._say_safe = lambda _: None
            assert keeper.commit()
            keeper = Keeper(profile, SMALL)
        elif deed == "kill_ingest":
            feed = a_feed(profile, ring=number + 2)
            feed.layers((a_layer(),))
        else:
            keeper.archive.merge_once(DAY + 3 * NS_PER_DAY)
    for channel in range(3):
        expected = [(n, n * 0.5) for n in range(sent) if n % 3 == channel]
        assert of(keeper, VITALS, 10 + channel) == expected
    keeper.close()
    assert feed.dropped == 0


def test_that_what_followed_which_channel_is_still_known_after_a_restart(profile):
    feed, keeper = a_feed(profile), Keeper(profile, SMALL)
    feed.layers((a_layer(factor=3.0),))
    feed.keep_raw(np.array([2], np.uint32))
    feed.samples(a_batch(0, 3))
    keeper.read()
    assert keeper.commit()
    keeper = Keeper(profile, SMALL)
    feed.samples(a_batch(3, 3))
    assert of(keeper, VITALS, 12) == [(2, 3.0), (5, 7.5)]
    assert of(keeper, CHANNELS, 2) == [(2, 1.0), (5, 2.5)]
    feed.layers((a_layer(factor=1.0),))
    feed.samples(a_batch(6, 3))
    keeper.close()
    assert len(list((profile / "archive").glob("feed-*.npz"))) == 1
    keeper = Keeper(profile, SMALL)
    assert of(keeper, VITALS, 12) == [(2, 3.0), (5, 7.5), (8, 4.0)]
    keeper.close()


def test_that_a_ring_a_power_cut_rolled_back_hides_nothing_fed_after_it(profile, monkeypatch):
    monkeypatch.setattr("chengyun_core.ingest.feed_ring.boot_number", lambda: 1)
    file = profile / "ingest" / "archive-0.ring"
    feed, keeper = a_feed(profile), Keeper(profile, SMALL)
    feed.layers((a_layer(),))
    feed.samples(a_batch(0, 30))
    old = file.read_bytes()
    for first in range(30, 300, 30):
        feed.samples(a_batch(first, 30))
    keeper.read()
    assert keeper.commit()
    feed.close()
    file.write_bytes(old)  # the archive was synced, the ring's pages were not
    monkeypatch.setattr("chengyun_core.ingest.feed_ring.boot_number", lambda: 2)
    feed = a_feed(profile, ring=2)
    feed.layers((a_layer(),))
    for first in range(300, 900, 30):
        feed.samples(a_batch(first, 30))
    told = {n for n, _ in of(Keeper(profile, SMALL), VITALS, 10)}
    assert told == set(range(0, 900, 3))


def test_that_a_clean_restart_of_the_machine_neither_loses_nor_doubles(profile, monkeypatch):
    monkeypatch.setattr("chengyun_core.ingest.feed_ring.boot_number", lambda: 1)
    feed, keeper = a_feed(profile), Keeper(profile, SMALL)
    feed.layers((a_layer(),))
    feed.samples(a_batch(0, 30))
    keeper.read()
    assert keeper.commit()
    feed.samples(a_batch(30, 30))
    feed.close()
    monkeypatch.setattr("chengyun_core.ingest.feed_ring.boot_number", lambda: 2)
    keeper = Keeper(profile, SMALL)
    keeper.read()  # the historian is up before ingest: what it read must not come twice
    feed = a_feed(profile, ring=2)
    feed.layers((a_layer(),))
    feed.samples(a_batch(60, 30))
    assert [n for n, _ in of(keeper, VITALS, 10)] == list(range(0, 90, 3))
    keeper.close()


def test_that_a_full_ring_is_told_as_a_gap_with_its_count_and_times(profile):
    feed, keeper = a_feed(profile, capacity=8192), Keeper(profile, SMALL)
    feed.layers((a_layer(),))
    for first in range(0, 1000, 50):
        feed.samples(a_batch(first, 50))
    dropped = feed.dropped
    assert dropped > 0
    keeper.read()
    assert keeper.commit()
    feed.samples(a_batch(1000, 50))
    found = keeper.window(VITALS, 10, DAY, DAY + NS_PER_DAY, 8000)
    (gap,) = found.gaps
    assert (gap.samples, gap.end_ns, gap.why) == (dropped, DAY + 999 * SECOND, "feed_full")
    kept = sum(len(of(keeper, VITALS, 10 + channel)) for channel in range(3))
    assert kept + dropped == 1050
    assert keeper.commit()
    assert Keeper(profile, SMALL).archive.manifest.gaps == [gap]


def test_that_without_room_history_stops_first_says_so_and_goes_on_where_it_was(profile, caplog):
    room = [10**12]
    feed = a_feed(profile)
    keeper = Keeper(profile, HistorianSettings(least_free_mib=64), free_bytes=lambda _: room[0])
    feed.layers((a_layer(),))
    feed.samples(a_batch(0, 30))
    keeper.read()
    room[0] = 63 * 2**20
    assert not keeper.commit()
    assert feed.light() == "archive.disk_low"
    feed.samples(a_batch(30, 30))
    assert keeper.read() == 0
    room[0] = 10**12
    assert keeper.commit()
    assert feed.light() == "ok"
    assert [n for n, _ in of(keeper, VITALS, 10)] == list(range(0, 60, 3))
    assert feed.dropped == 0
    keeper.close()


def test_that_a_disk_that_fills_while_a_part_is_written_costs_nothing(profile, monkeypatch, caplog):
    feed, keeper = a_feed(profile), Keeper(profile, SMALL)
    feed.layers((a_layer(),))
    feed.samples(a_batch(0, 30))
    keeper.read()

    def full(*_args, **_kwargs):
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patch:
        patch.setattr("chengyun_core.store.archive.part_file._durable", full)
        assert not keeper.commit()
    assert feed.light() == "archive.disk_full"
    assert list((profile / "archive").glob("*/*/*.parquet")) == []
    feed.samples(a_batch(30, 30))
    assert keeper.commit()
    assert [n for n, _ in of(keeper, VITALS, 10)] == list(range(0, 60, 3))
    keeper.close()


def test_that_channels_named_by_a_pattern_are_kept_raw(profile):
    cache = CatalogueCache(profile)
    rows = tuple(
        Channel(number=number, device=f"D{number}", quantity="level", unit="m", period_s=1.0) for number in range(3)
    )
    cache.save(Catalogue(version=1, channels=rows))
    feed, keeper = a_feed(profile), Keeper(profile, HistorianSettings(least_free_mib=0, raw_channels=("D1.*",)))
    feed.samples(a_batch(0, 9))
    assert [n for n, _ in of(keeper, CHANNELS, 1)] == [1, 4, 7]
    assert of(keeper, CHANNELS, 0) == []
    assert of(keeper, MINUTES, 1) == []
    keeper.close()


def test_that_retention_is_judged_by_the_newest_source_time(profile):
    feed = a_feed(profile)
    keeper = Keeper(profile, HistorianSettings(least_free_mib=0, keep_minutes_days=1.0))
    feed.layers((a_layer(factor=2.0),))
    feed.samples(a_batch(0, 30))
    keeper.read()
    assert keeper.commit()
    keeper.retire()
    assert {part.kind for part in keeper.archive.parts()} == {VITALS, MINUTES}
    feed.samples(a_batch(0, 30, start=DAY + 2 * NS_PER_DAY))
    keeper.read()
    assert keeper.commit()
    keeper.retire()
    assert [(part.kind, part.day) for part in keeper.archive.parts()] == [
        (MINUTES, 20_002),
        (VITALS, 20_000),
        (VITALS, 20_002),
    ]
    assert (keeper.counters["retired_parts"], keeper.counters["retired_rows"]) == (1, 3)
    keeper.close()


def test_that_a_ring_made_anew_is_read_from_its_begin(profile):
    feed, keeper = a_feed(profile), Keeper(profile, SMALL)
    feed.layers((a_layer(),))
    feed.samples(a_batch(0, 30))
    keeper.read()
    assert keeper.commit()
    feed.close()
    (profile / "ingest" / "archive-0.ring").unlink()
    feed = a_feed(profile, ring=77)
    feed.layers((a_layer(),))
    feed.samples(a_batch(30, 30))
    assert [n for n, _ in of(keeper, VITALS, 10)] == list(range(0, 60, 3))
    keeper.close()


def test_that_the_feeds_of_several_shards_become_one_archive(profile):
    (profile / "ingest-1").mkdir()
    first, second = a_feed(profile), RingFeed(profile / "ingest-1" / "archive-1.ring", capacity=RING, ring=9)
    keeper = Keeper(profile, SMALL)
    first.layers((a_layer((0,), (10,)),))
    second.layers((a_layer((1,), (11,)),))
    for number in range(3):
        for feed, channel in ((first, 0), (second, 1)):
            feed.samples(Batch.of([channel], [DAY + number * SECOND], [channel + number]))
        assert keeper.read()
        assert keeper.commit()
    assert [value for _, value in of(keeper, VITALS, 10)] == [0.0, 1.0, 2.0]
    assert [value for _, value in of(keeper, VITALS, 11)] == [1.0, 2.0, 3.0]
    keeper.close()


def test_that_the_window_of_a_long_feed_is_that_of_plain_arrays(profile):
    feed, keeper = a_feed(profile), Keeper(profile, SMALL)
    feed.layers((a_layer(),))
    for first in range(0, 9000, 500):
        feed.samples(a_batch(first, 500))
        keeper.read()
        if first % 1500 == 0:
            assert keeper.commit()
    number = np.arange(1, 9000, 3)
    expected = decimate(DAY + number * SECOND, number * 0.5, DAY + 100, DAY + 8000 * SECOND, 64)
    found = keeper.window(VITALS, 11, DAY + 100, DAY + 8000 * SECOND, 64)
    assert found.time.tolist() == expected[0].tolist()
    assert found.value.tolist() == expected[1].tolist()
    keeper.close()
