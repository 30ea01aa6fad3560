"""RF3: another program holds the database's lock: commands are told «busy» in 2 s, and ingest loses nothing of it.

Real daemons fed by a real broker. A backup tool or a virus scanner holds the file for a while; the city goes on.
"""

import time
from pathlib import Path

import pytest

from chengyun_core.launch.door_client import DoorClient
from chengyun_core.model.command import CreateAccount
from chengyun_core.model.failure import Trouble
from chengyun_core.store.engine import BUSY_LIMIT_S, driver
from chengyun_core.wire import addresses, codec
from chengyun_core.wire.endpoints import PROTOCOL_VERSION
from chengyun_core.wire.envelope import Hello, Snapshot
from tests.support.living_city import POST, LivingCity, living_city
from tests.support.waiting import wait_until
from tests.wire.ingest_stand import Listener

RED, NORMAL = 120.0, 10.0
VITALS = 12
SLACK_S = 8.0
"""Of a loaded machine, on top of the two seconds after which the centre gives up: the answer itself is what counts."""


def _alarms(city: LivingCity) -> dict[str, int]:
    """Return the living alarms of the centre: vital's code → band."""
    from chengyun_core.model.alarm import Alarm

    with city.door() as door:
        found = codec.unpack(door.ask("snapshot", Hello(protocol=PROTOCOL_VERSION, client="test")), Snapshot)
    alarms = [codec.unpack(change.record, Alarm) for change in found.records if change.kind == "alarm"]
    return {alarm.vital_code: int(alarm.band) for alarm in alarms if alarm.band}


def _expected(city: LivingCity) -> dict[str, int]:
    return {f"V{vital:04d}": city.expected_band(vital) for vital in city.truth if city.expected_band(vital)}


@pytest.mark.fault
@pytest.mark.timeout(180)
def test_that_a_foreign_lock_costs_commands_two_seconds_and_activations_nothing(tmp_path: Path) -> None:
    with living_city(tmp_path, vitals=VITALS) as city, Listener(city.profile.folder) as screen:
        city.publish_all()
        city.publish({0: RED})
        wait_until(lambda: _alarms(city) == _expected(city), "the first alarm stands", limit_s=40)
        foreign = driver().connect(str(city.profile.folder / "centre" / "chengyun.db"), isolation_level=None)
        foreign.execute("BEGIN EXCLUSIVE")
        try:
            city.publish(dict.fromkeys(range(1, VITALS), RED) | {0: NORMAL})
            _assert_told_as_busy(city)
            screen.until(lambda beat: beat.counters.get("spooled", 0) > 0, "activations wait in the spool", limit_s=40)
            wait_until(lambda: _shows_red(screen), "the screen shows the reds while the centre stands", limit_s=40)
        finally:
            foreign.execute("ROLLBACK")
            foreign.close()
        wait_until(lambda: _alarms(city) == _expected(city), "all of it is in the journal, each once", limit_s=60)
        screen.until(lambda beat: beat.counters.get("spooled", 0) == 0, "the spool is empty", limit_s=40)
        assert city.supervisor.restarts() == 0


def _assert_told_as_busy(city: LivingCity) -> None:
    command = CreateAccount(account="late", name="Late", password="a long password", posts=(POST,))
    began = time.monotonic()
    with (
        DoorClient(
            addresses.of_profile(city.profile.folder).centre_door, session=city.profile.key("admin.key"), timeout_s=30
        ) as door,
        pytest.raises(Trouble) as told,
    ):
        door.send(command)
    assert told.value.reason.code == "store.busy"
    assert time.monotonic() - began < BUSY_LIMIT_S + SLACK_S


def _shows_red(screen: Listener) -> bool:
    screen.drain()
    shown: dict[int, int] = {}
    for frame in screen.frames:
        shown |= dict(zip(frame.columns["vital"].tolist(), frame.columns["band"].tolist(), strict=True))
    return sum(1 for band in shown.values() if band == 4) >= VITALS - 1
