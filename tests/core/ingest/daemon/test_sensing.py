"""What is late: a live sample that comes long after its time, never one that a replay's own clock passes in turn."""

import pytest

from chengyun_core.ingest.engine import Engine
from chengyun_core.ingest.intake import Arrival
from chengyun_core.ingest.publisher import Publisher
from chengyun_core.ingest.sensing import Sensing
from chengyun_core.ingest.spool import Spool
from chengyun_core.ingest.watching import Watching
from chengyun_core.model.clock import ManualClock
from tests.core.ingest.daemon.building import SECOND, START, batch, city

HOURS = 3600


@pytest.fixture
def sensing(tmp_path):
    clock = ManualClock(START + 72 * HOURS * SECOND)
    spool = Spool(tmp_path, shard=0, new_epoch=1, limit_bytes=1 << 20)
    publisher = Publisher(lambda *_: None, profile=clock, machine=clock, epoch=1, shard=0, every_ms=5)
    made = Sensing(
        engine_of=Engine, spool=spool, publisher=publisher, watching=Watching(10.0), profile=clock, machine=clock
    )
    made.adopt(city())
    yield made, spool
    spool.close()


def _arrival(*, own_now_ns):
    days = batch((0, 0, 1.0), (0, 24 * HOURS, 12.0), (0, 48 * HOURS, 25.0), (0, 72 * HOURS, 1.0))
    return Arrival(batch=days, source="s", arrived_mono_ns=0, arrived_utc_ns=0, own_now_ns=own_now_ns)


def test_that_steps_of_a_replay_are_never_late_however_many_days_one_batch_holds(sensing):
    made, spool = sensing
    made.arrived(_arrival(own_now_ns=START + 72 * HOURS * SECOND))
    assert [(int(one.after), one.late) for one in spool.run(10)] == [(2, False), (4, False), (0, False)]


def test_that_live_samples_long_past_are_told_as_late(sensing):
    made, spool = sensing
    made.arrived(_arrival(own_now_ns=None))
    assert [(int(one.after), one.late) for one in spool.run(10)] == [(2, True), (4, True), (0, False)]
