"""What the engine gives its historian: the archive and the engine's own memory show the same vital."""

import numpy as np
import pytest

from chengyun_core.ingest.archive_feed import RingFeed
from chengyun_core.ingest.batch import Batch
from chengyun_core.ingest.engine import Engine
from chengyun_core.ingest.historian.keeper import Keeper
from chengyun_core.ingest.historian.settings import HistorianSettings
from chengyun_core.model.catalogue import Catalogue, Channel, Vital
from chengyun_core.store.archive.archive import VITALS

SECOND = 1_000_000_000
START = 1_700_000_000 * SECOND
FORMULAS = ("last(A.x)", "scale(2, 1; A.x)", "sum(A.x, B.x)", "last(B.x)")


def a_city():
    channels = tuple(
        Channel(number=number, device=device, quantity="x", unit="m", period_s=1.0, low=-100, high=100)
        for number, device in enumerate("AB")
    )
    vitals = tuple(
        Vital(
            number=number, code=f"V{number}", name="v", subtrack="S", centre="C", unit="m", owner_post="p",
            vital_class="risk", period_s=1.0, decimals=1, formula=text,
        )
        for number, text in enumerate(FORMULAS)
    )  # fmt: skip
    return Catalogue(version=1, channels=channels, vitals=vitals)


@pytest.mark.parametrize("seed", range(5))
def test_that_archive_and_memory_tell_the_same_of_every_vital(tmp_path, seed):
    (tmp_path / "ingest").mkdir()
    feed = RingFeed(tmp_path / "ingest" / "archive-0.ring", capacity=1 << 20, ring=1)
    keeper = Keeper(tmp_path, HistorianSettings(least_free_mib=0))
    engine, rng = Engine(a_city(), archive=feed), np.random.default_rng(seed)
    now = START
    for turn in range(20):
        count = int(rng.integers(1, 12))
        time = now + rng.permutation(count) * SECOND - rng.integers(0, 2) * 3 * SECOND
        value = rng.choice([1.5, 7.25, np.nan, np.inf, 500.0, -3.0], count)
        engine.take(
            Batch.of(rng.integers(0, 3, count), time, value, rng.integers(0, 3, count)), now_ns=now + 60 * SECOND
        )
        now += count * SECOND
        engine.close_until(now - 2 * SECOND)
        if turn % 4 == 0:
            keeper.read()
            assert keeper.commit()
    for vital in range(len(FORMULAS)):
        time, value, doubt, raw, _ = engine.window(vital, START - 60 * SECOND, now, 5000)
        found = keeper.window(VITALS, vital, START - 60 * SECOND, now, 5000)
        assert raw
        assert sorted(zip(time.tolist(), map(str, value), doubt.tolist(), strict=True)) == sorted(
            zip(found.time.tolist(), map(str, found.value), found.doubt.tolist(), strict=True)
        )
        assert time.size
    keeper.close()


def test_that_channels_of_alarming_vitals_are_named_but_not_those_of_the_widest(tmp_path):
    engine = Engine(a_city())
    assert engine.alarming_channels(vitals=10, members=10).tolist() == []
    bands = [type("Band", (), {"vital": vital})() for vital in (2, 3)]
    engine.bands = lambda: bands
    assert engine.alarming_channels(vitals=10, members=10).tolist() == [0, 1]
    assert engine.alarming_channels(vitals=10, members=1).tolist() == [1]
    assert engine.alarming_channels(vitals=1, members=10).tolist() == [0, 1]


def test_that_the_feed_asks_for_alarming_channels_only_when_a_band_changed(tmp_path):
    feed, asked = RingFeed(tmp_path / "ring", capacity=1 << 16, ring=1), []

    def alarming():
        asked.append(1)
        return np.array([4], np.uint32)

    for since in (1, 1, 2):
        feed.keep_raw_of(alarming, since=since, watched=np.empty(0, np.uint32))
    assert len(asked) == 2
