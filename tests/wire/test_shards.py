"""Two real ingest daemons of one profile: each judges, publishes and tells the centre of its own vitals only."""

import threading
from dataclasses import replace

import pytest

from chengyun_core.ingest import daemon
from chengyun_core.ingest.settings import IngestSettings, RangeSettings
from chengyun_core.model.scales import Quality
from chengyun_core.wire import frames
from tests.core.ingest.daemon.building import city
from tests.support.waiting import wait_until
from tests.wire.ingest_stand import Listener, TakingCentre, ready_profile, running
from tests.wire.test_ingest_daemon import replaying

ROWS = [(k, channel, value) for k in range(4) for channel, value in (("A.x", 25.0), ("B.x", 1.0), ("P#2.x", 25.0))]
SERIES = (RangeSettings(shard=1, devices="P"),)


@pytest.fixture
def profile(tmp_path):
    made = ready_profile(tmp_path / "p")
    (made / "profile.toml").write_text("[wire]\nshards = 2\n")
    return made


def shard(folder, number, ranges=SERIES, **more) -> IngestSettings:
    return replaying(folder, ROWS, shard=number, ranges=ranges, archive_ring_mib=0, **more)


def told(beat):
    return beat.catalogue == 3 and beat.counters["samples"] > 0 and not beat.counters["spooled"]


def test_that_each_shard_judges_and_publishes_exactly_its_own_vitals(profile, tmp_path):
    with (
        TakingCentre(profile, city()) as centre,
        running(profile, shard(tmp_path, 0)),
        running(profile, shard(tmp_path, 1)),
        Listener(profile) as first,
        Listener(profile, shard=1) as second,
    ):
        beats = [first.until(told, "shard 0 is done"), second.until(told, "shard 1 is done")]
        assert [beat.lights["shards"] for beat in beats] == ["ok", "ok"]
        assert [beat.counters["other_shard"] for beat in beats] == [4, 8]
        assert [beat.counters["samples"] for beat in beats] == [8, 4]
        snapshots = [frames.decode(listener.ask("snapshot").body) for listener in (first, second)]
        assert [frame.columns["vital"].tolist() for frame in snapshots] == [[0, 1], [2]]
        assert [frame.head.shard for frame in snapshots] == [0, 1]
        assert all((frame.columns["quality"] != Quality.NEVER).all() for frame in snapshots)
        wait_until(lambda: {(item.shard, item.vital) for item in centre.taken} == {(0, 0), (1, 2)}, "both told")
        owned = {0: ((0, 2),), 1: ((2, 3),)}
        wait_until(lambda: {bands.shard: bands.owned for bands in centre.bands} == owned, "bands of both")


def test_that_a_vital_that_spans_shards_is_said_by_every_light_and_judged_by_none(profile, tmp_path, caplog):
    spanning = (RangeSettings(shard=1, first=12, last=14),)
    with (
        TakingCentre(profile, city()),
        running(profile, shard(tmp_path, 0, spanning)),
        running(profile, shard(tmp_path, 1, spanning)),
        Listener(profile) as first,
        Listener(profile, shard=1) as second,
    ):
        for listener in (first, second):
            beat = listener.until(lambda beat: beat.catalogue == 3, "the catalogue is in use")
            assert beat.lights["shards"] == "ingest.vital_spans_shards"
            assert beat.counters["vitals_spanning"] == 1
        assert 2 not in frames.decode(first.ask("snapshot").body).columns["vital"]
    assert "V2" in caplog.text


def test_that_a_shard_the_profile_does_not_have_is_refused_at_start(profile, tmp_path, caplog):
    missing = replace(shard(tmp_path, 0), shard=2)
    assert daemon.run(profile, missing, threading.Event()) == daemon.EXIT_REFUSED
    assert "ingest.no_such_shard" in caplog.text


def test_that_two_shards_that_claim_one_channel_work_with_no_catalogue_and_name_both_ranges(profile, tmp_path, caplog):
    twice = (RangeSettings(shard=0, devices="P"), RangeSettings(shard=1, first=10, last=10))
    with TakingCentre(profile, city()), running(profile, shard(tmp_path, 0, twice)), Listener(profile) as console:
        console.until(lambda beat: beat.lights["catalogue"] == "ingest.catalogue_refused", "it is refused")
    assert "shard 0: devices P*" in caplog.text
    assert "shard 1: channels 10–10" in caplog.text


@pytest.mark.parametrize("twice", [
    (RangeSettings(shard=0, first=5, last=10), RangeSettings(shard=1, first=10, last=20)),
    (RangeSettings(shard=1, devices="YZ-2"), RangeSettings(shard=0, devices="YZ-")),
])  # fmt: skip
def test_that_ranges_that_must_overlap_are_refused_at_start_whatever_the_catalogue(profile, tmp_path, caplog, twice):
    assert daemon.run(profile, shard(tmp_path, 0, twice), threading.Event()) == daemon.EXIT_REFUSED
    assert all(item.said() in caplog.text for item in twice)
