"""Several ingest daemons make one model: what one of them loses stands still, what the others have goes on."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pytest
from pytestqt.qtbot import QtBot

from chengyun_console.session.answers import PreviewAnswer, WindowSeries
from chengyun_console.session.session import Session
from chengyun_core.mirror.links import Reach
from chengyun_core.mirror.state import Freshness
from chengyun_core.model.scales import WarningColour
from tests.console.session.conftest import PASSWORD
from tests.support.fake_centre import FakeCentre
from tests.support.fake_ingest import FakeIngest
from tests.support.small_city import small_city

VITALS = 12
FIRST, SECOND = range(5), range(5, VITALS)


@dataclass
class Divided:
    """A profile whose vitals 0–4 are of shard 0 and 5–11 of shard 1."""

    shards: tuple[FakeIngest, FakeIngest]
    session: Session
    qtbot: QtBot

    def wait(self, condition) -> None:
        self.qtbot.waitUntil(condition, timeout=10_000)

    def fill(self) -> None:
        """Give every vital its number as value."""
        for shard, owned in zip(self.shards, (FIRST, SECOND), strict=True):
            shard.put_many(np.array(owned, np.uint32), np.array(owned, float))
        self.wait(lambda: list(self.session.state.value) == list(range(VITALS)))

    def fresh(self) -> list[int]:
        return self.session.state.freshness(self.session.clock.utc_ns()).tolist()

    def is_live(self) -> bool:
        links = self.session.links()
        return links.ingest.reach is Reach.LIVE and links.centre.reach is Reach.LIVE


@pytest.fixture
def divided(qtbot: QtBot, tmp_path: Path) -> Iterator[Divided]:
    """Both shards live, everything with a value."""
    (tmp_path / "profile.toml").write_text("[wire]\nshards = 2\n")
    city = small_city(VITALS, period_s=600.0)
    with (
        FakeIngest(tmp_path, city, owned=FIRST) as first,
        FakeIngest(tmp_path, city, shard=1, owned=SECOND) as second,
        FakeCentre(tmp_path, city),
    ):
        session = Session(tmp_path)
        session.start()
        ready = Divided((first, second), session, qtbot)
        session.sign_on("officer", PASSWORD, "A-01")
        ready.wait(ready.is_live)
        ready.fill()
        yield ready
        session.stop()


def test_that_the_frames_of_all_shards_make_one_model(divided: Divided) -> None:
    assert divided.fresh() == [Freshness.FRESH] * VITALS
    assert [link.reach for link in divided.session.links().shards] == [Reach.LIVE] * 2
    divided.wait(lambda: divided.session.links().ingest.heartbeat.counters["samples"] == VITALS)


@pytest.mark.fault
def test_that_a_lost_shard_makes_only_its_vitals_hollow_and_is_named(divided: Divided) -> None:
    divided.shards[1].kill()
    divided.wait(lambda: divided.session.links().shards[1].reach is Reach.LOST)
    assert divided.fresh() == [Freshness.FRESH] * len(FIRST) + [Freshness.LOST] * len(SECOND)
    link = divided.session.links().ingest
    assert (link.reach, link.reason.code) == (Reach.STALE, "link.shard_lost")
    assert link.reason.params == {"shards": "1", "of": "2", "vitals": str(len(SECOND))}
    divided.shards[0].put(2, 77.0)
    divided.wait(lambda: divided.session.state.value[2] == 77.0)
    assert not divided.session.state.silent


@pytest.mark.fault
def test_that_a_restarted_shard_outdates_its_own_vitals_only_until_each_is_refreshed(divided: Divided) -> None:
    divided.shards[1].restart()
    outdated = [Freshness.FRESH] * len(FIRST) + [Freshness.OUTDATED] * len(SECOND)
    divided.wait(lambda: divided.is_live() and divided.fresh() == outdated)
    divided.shards[1].put(SECOND[0], 8.0)
    divided.wait(lambda: divided.fresh()[SECOND[0]] == Freshness.FRESH)


@pytest.mark.fault
def test_that_all_shards_lost_is_everything_lost(divided: Divided) -> None:
    for shard in divided.shards:
        shard.kill()
    divided.wait(lambda: divided.session.links().ingest.reach is Reach.LOST)
    assert divided.fresh() == [Freshness.LOST] * VITALS
    assert divided.session.state.silent


def test_that_a_gap_of_one_shard_is_repaired_by_its_own_snapshot(divided: Divided) -> None:
    divided.wait(lambda: all("snapshot" in shard.requests for shard in divided.shards))  # each one's first
    before = divided.shards[0].requests.count("snapshot")
    divided.shards[1].lose = 1
    divided.shards[1].put(SECOND[1], 50.0)
    divided.shards[1].put(SECOND[2], 51.0)
    divided.wait(lambda: list(divided.session.state.value[SECOND[1] : SECOND[2] + 1]) == [50.0, 51.0])
    assert divided.shards[0].requests.count("snapshot") == before


def test_that_a_window_is_asked_of_the_shard_that_owns_the_vital(divided: Divided) -> None:
    divided.shards[1].series[9] = (np.arange(3, dtype=np.int64), np.array([1.0, 2.0, 3.0]))
    came: list[WindowSeries] = []
    divided.session.ask_window(9, 0, 10, 100, came.append)
    divided.wait(lambda: bool(came))
    assert list(came[0].value) == [1.0, 2.0, 3.0]
    assert "window" not in divided.shards[0].requests


def test_that_each_shard_is_asked_to_watch_its_own_vitals(divided: Divided) -> None:
    divided.session.watch((1, 6, 8))
    divided.wait(lambda: all(shard.leases for shard in divided.shards))
    assert [shard.leases[-1] for shard in divided.shards] == [(1,), (6, 8)]


def test_that_a_preview_is_what_all_shards_would_alarm_together(divided: Divided) -> None:
    divided.shards[0].put(3, 60.0, band=WarningColour.YELLOW)
    divided.shards[1].put(7, 120.0, band=WarningColour.RED)
    came: list[PreviewAnswer] = []
    divided.session.ask_preview("flood", came.append)
    divided.wait(lambda: bool(came))
    assert came[0].would_alarm == ((3, WarningColour.YELLOW), (7, WarningColour.RED))


def test_that_half_a_preview_is_none(divided: Divided) -> None:
    divided.shards[1].swallow = 10**6
    came: list[PreviewAnswer] = []
    divided.session.ask_preview("flood", came.append)
    divided.wait(lambda: bool(came))
    assert came[0].failed is not None
    assert came[0].would_alarm == ()
