"""A real Modbus/TCP server polled by our source: values, exceptions, silence, and a device that goes away."""

import asyncio
import math
import socket
import struct
import threading
from contextlib import contextmanager

import pytest
from pymodbus.datastore import ModbusDeviceContext, ModbusSequentialDataBlock, ModbusServerContext
from pymodbus.server import ModbusTcpServer

from chengyun_core.ingest.settings import ModbusSettings, PointSettings
from chengyun_core.ingest.sources import modbus_plan
from chengyun_core.ingest.sources.modbus import ModbusSource
from chengyun_core.model.clock import ProfileClock
from chengyun_core.model.failure import Refused
from chengyun_core.model.scales import Quality
from tests.support.broker import free_port
from tests.support.source_stand import SourceStand

FLOAT = struct.unpack(">2H", struct.pack(">f", 12.5))
NEGATIVE = struct.unpack(">2H", struct.pack(">i", -70_000))
HOLDING = [100, 65_535, *FLOAT, *reversed(NEGATIVE)]
BAD = int(Quality.BAD)


class Device:
    """A pymodbus server in a thread: unit 1, six holding registers, two coils."""

    def __init__(self, port):
        self._port = port
        self._loop = asyncio.new_event_loop()
        self._ready = threading.Event()
        self._thread = threading.Thread(target=self._run, name="modbus device")

    def __enter__(self):
        self._thread.start()
        assert self._ready.wait(20)
        return self

    def __exit__(self, *_):
        asyncio.run_coroutine_threadsafe(self._server.shutdown(), self._loop).result(20)
        self._thread.join(20)
        assert not self._thread.is_alive()

    def _run(self):
        with asyncio.Runner(loop_factory=lambda: self._loop) as runner:
            runner.run(self._serve())

    async def _serve(self):
        unit = ModbusDeviceContext(
            hr=ModbusSequentialDataBlock(1, HOLDING), co=ModbusSequentialDataBlock(1, [True, False])
        )
        context = ModbusServerContext(devices={1: unit}, single=False)
        self._server = ModbusTcpServer(context, address=("127.0.0.1", self._port))
        await self._server.serve_forever(background=True)
        self._ready.set()
        await self._server.serving


def point(channel, address, **more):
    return PointSettings(channel=channel, address=address, period_s=more.pop("period_s", 0.05), **more)


def stand(port, *points, **more):
    source = ModbusSource(
        ModbusSettings(port=port, points=points, timeout_s=more.pop("timeout_s", 5.0)), ProfileClock()
    )
    source.first_pause_s = 0.05
    return SourceStand(source)


def values(city):
    """The last (value, quality) of each channel."""
    return {channel: (value, quality) for channel, _, value, quality in city.rows()}


def test_that_registers_of_each_type_and_coils_become_samples():
    port = free_port()
    points = (
        point("A.x", 0, scale=0.1, offset=5.0), point("B.x", 1, type="i16"), point("P#1.x", 2, type="f32"),
        point("P#2.x", 4, type="i32", word_order="little"), point("P#3.x", 0, function=1),
        point("P#4.x", 1, function=1),
    )  # fmt: skip
    assert len(modbus_plan.reads(points)) == 2
    with Device(port), stand(port, *points) as city:
        city.until_rows(lambda rows: len(rows) >= 12, "all are read twice")
        assert values(city) == {
            0: (15.0, 0), 1: (-1.0, 0), 10: (12.5, 0), 11: (-70_000.0, 0), 12: (1.0, 0), 13: (0.0, 0),
        }  # fmt: skip
        assert city.health.drops == {}
        assert city.health.state == "running"


def test_that_a_wrong_address_makes_its_own_channel_bad_and_not_its_neighbours():
    port = free_port()
    with Device(port), stand(port, point("A.x", 5), point("B.x", 6)) as city:
        city.until_rows(lambda rows: any(row[0] == 0 and row[3] == 0 for row in rows), "the neighbour is read alone")
        city.until_rows(lambda rows: rows[-1][0] == 1, "the wrong one is asked again")
        assert values(city)[1][1] == BAD
        assert math.isnan(values(city)[1][0])
        assert city.health.drops["modbus_exception"] >= 2
        assert city.told().offenders[0][0] == "unit 1"


def test_that_a_unit_that_does_not_answer_is_bad_told_silent_and_counted():
    with Silent() as device, stand(device.port, point("A.x", 0), timeout_s=0.2) as city:
        city.until_rows(lambda rows: len(rows) >= 1, "the time is over")
        assert city.rows()[0][3] == BAD
        assert city.health.drops["modbus_timeout"] >= 1
        assert city.health.reason in ("ingest.modbus_silent", "ingest.modbus_lost", "")


class Silent:
    """A device that takes connections and never says a word."""

    def __enter__(self):
        self._socket = socket.create_server(("127.0.0.1", 0), backlog=64)
        self.port = self._socket.getsockname()[1]
        return self

    def __exit__(self, *_):
        self._socket.close()

    @contextmanager
    def asked(self):
        """Take the next connection and its first request; hold it open."""
        self._socket.settimeout(20)
        opened, _ = self._socket.accept()
        with opened:
            opened.settimeout(20)
            assert len(opened.recv(64)) == 12
            yield


def test_that_a_source_ends_at_once_while_its_device_keeps_it_waiting():
    with Silent() as device, stand(device.port, point("A.x", 0), timeout_s=3600.0) as city, device.asked():
        city.source.stop()
        assert (city.health.samples, city.health.drops) == (0, {}), "the device was not given its time"


def test_that_a_device_that_goes_away_makes_its_channels_bad_and_is_found_again():
    port = free_port()
    with stand(port, point("A.x", 0)) as city:
        city.until_state("connecting", "ingest.modbus_unreachable")
        with Device(port):
            city.until_rows(lambda rows: bool(rows) and rows[-1][3] == 0, "it is read")
        city.until_rows(lambda rows: rows[-1][3] == BAD, "its channel is bad")
        with Device(port):
            city.until_rows(lambda rows: rows[-1][3] == 0, "it is read again")


@pytest.mark.parametrize(
    "wrong",
    [{"function": 5}, {"type": "u8"}, {"word_order": "middle"}, {"address": 65_536}, {"unit": 256}, {"period_s": 0.0}],
)
def test_that_a_point_that_cannot_be_meant_is_refused_by_name(wrong):
    wrong = {"address": 0} | wrong
    with pytest.raises(Refused, match=r"ingest\.source_point.*A\.x"):
        ModbusSource(ModbusSettings(points=(PointSettings(channel="A.x", **wrong),)), ProfileClock())


def test_that_neighbours_are_read_together_as_far_as_one_request_may_go():
    together = modbus_plan.reads([point("A.x", address) for address in range(300)])
    assert [(read.address, read.count) for read in together] == [(0, 125), (125, 125), (250, 50)]
    apart = modbus_plan.reads([point("A.x", 0), point("B.x", 2), point("P#1.x", 1, unit=2)])
    assert sorted((read.unit, read.address) for read in apart) == [(1, 0), (1, 2), (2, 1)]
