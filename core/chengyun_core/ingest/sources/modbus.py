"""Samples polled from the registers of a Modbus/TCP device; what it does not answer is a BAD sample, not silence."""

import asyncio
import heapq
import logging
import math
from collections.abc import Sequence

from pymodbus.client import AsyncModbusTcpClient
from pymodbus.exceptions import ModbusException
from pymodbus.pdu import ModbusPDU
from typing_extensions import override

from chengyun_core.ingest.batch import Batch
from chengyun_core.ingest.settings import ModbusSettings, PointSettings
from chengyun_core.ingest.sources import modbus_plan
from chengyun_core.ingest.sources.gathered import Gathered
from chengyun_core.ingest.sources.limits import Gate
from chengyun_core.ingest.sources.loop_thread import LoopSource, Lost
from chengyun_core.ingest.sources.modbus_plan import Read
from chengyun_core.ingest.sources.names import UNKNOWN
from chengyun_core.model.clock import NS_PER_S, Clock
from chengyun_core.model.scales import Quality

SPLIT_AT = frozenset({2, 3})
"""Exceptions «illegal data address» and «illegal data value»: of several registers one may be the wrong one."""


class ModbusSource(LoopSource):
    """One device or gateway, asked one thing after the other as the protocol wants it."""

    def __init__(self, settings: ModbusSettings, clock: Clock) -> None:
        super().__init__(settings.name, "modbus")
        for point in settings.points:
            modbus_plan.check(settings.name, point)
        logging.getLogger("pymodbus").setLevel(logging.CRITICAL + 1)  # it logs each time-out; we count and tell them
        self._settings = settings
        self._clock = clock
        self._reads = modbus_plan.reads(settings.points)
        self._gate = Gate(self.health, clock, per_source=settings.limit_samples_per_s)

    @override
    async def connected(self) -> None:
        """Poll until the connection is gone."""
        settings = self._settings
        client = AsyncModbusTcpClient(
            settings.host, port=settings.port, timeout=settings.timeout_s, retries=0, reconnect_delay=0,
            name=settings.name,
        )  # fmt: skip
        try:
            if not await client.connect():
                raise Lost("ingest.modbus_unreachable", f"no connection to {settings.host}:{settings.port}")
            self.health.became("running")
            await self._poll(client)
        except Lost:
            self._offer_bad(self._settings.points)
            raise
        finally:
            client.close()

    async def _poll(self, client: AsyncModbusTcpClient) -> None:
        now_ns = self._clock.monotonic_ns()
        due = [(now_ns, number, read) for number, read in enumerate(self._reads)]
        while not self.ending:
            if not due:
                await asyncio.sleep(1.0)
                continue
            at_ns, number, read = heapq.heappop(due)
            await asyncio.sleep(max(0.0, (at_ns - self._clock.monotonic_ns()) / NS_PER_S))
            rest = await self._ask(client, read)
            # A device slower than its periods is asked as fast as it answers; what was missed is not made up for.
            next_ns = max(at_ns + round(read.period_s * NS_PER_S), self._clock.monotonic_ns())
            for place, item in enumerate(rest):
                heapq.heappush(due, (next_ns, number if len(rest) == 1 else len(self._reads) + place, item))
            if len(rest) > 1:
                self._reads = [item for item in self._reads if item is not read] + rest
                due = [
                    (when, place, item) for place, (when, _, item) in enumerate(sorted(due, key=lambda one: one[:2]))
                ]

    async def _ask(self, client: AsyncModbusTcpClient, read: Read) -> list[Read]:
        """Ask for the registers, offer what came; return the requests that are to be made from now on."""
        where = f"unit {read.unit} function {read.function} address {read.address}+{read.count}"
        try:
            answer = await _answer(client, read)
        except ModbusException as fault:
            self._refuse("modbus_timeout", read, f"{where}: {fault}")
            if not client.connected:
                raise Lost("ingest.modbus_lost", fault) from fault
            self.health.became("running", "ingest.modbus_silent", f"{where}: {fault}")
            return [read]
        if self.health.reason == "ingest.modbus_silent":
            self.health.became("running")
        words = [*map(int, answer.bits)] if read.function in modbus_plan.BITS else answer.registers
        if answer.isError():
            self._refuse("modbus_exception", read, f"{where}: exception {answer.exception_code}")
            wrong_place = answer.exception_code in SPLIT_AT and len(read.points) > 1
            return read.split() if wrong_place else [read]
        if len(words) < read.count:
            self._refuse("modbus_short", read, f"{where}: {len(words)} registers")
        else:
            self._offer(read, words)
        return [read]

    def _offer(self, read: Read, words: Sequence[int]) -> None:
        gathered, now_ns = Gathered(), self._clock.utc_ns()
        for point in read.points:
            at = point.address - read.address
            measured = modbus_plan.value(point, words[at : at + modbus_plan.width(point)])
            self._gather(gathered, point, now_ns, measured)
        self._hand_on(gathered)

    def _refuse(self, cause: str, read: Read, words: str) -> None:
        self.health.dropped(cause, detail=words)
        self.health.blame(f"unit {read.unit}")
        self._offer_bad(read.points)

    def _offer_bad(self, points: Sequence[PointSettings]) -> None:
        gathered, now_ns = Gathered(), self._clock.utc_ns()
        for point in points:
            self._gather(gathered, point, now_ns, math.nan)
        self._hand_on(gathered, limited=False)

    def _gather(self, gathered: Gathered, point: PointSettings, now_ns: int, measured: float) -> None:
        number = self.names.number(point.channel)
        if number == UNKNOWN:
            gathered.refuse("unknown_channel", f"channel {point.channel!r} is not in version {self.names.version}")
        else:
            gathered.add(number, now_ns, measured, int(Quality.GOOD if math.isfinite(measured) else Quality.BAD))

    def _hand_on(self, gathered: Gathered, *, limited: bool = True) -> None:
        for cause, (count, detail) in gathered.refused.items():
            self.health.dropped(cause, count, detail)
        batch: Batch = gathered.batch()
        if self.feed is not None:
            self.feed.offer(self._gate.admitted(self.health.name, batch) if limited else batch)


async def _answer(client: AsyncModbusTcpClient, read: Read) -> ModbusPDU:
    ask = {
        1: client.read_coils, 2: client.read_discrete_inputs, 3: client.read_holding_registers,
        4: client.read_input_registers,
    }[read.function]  # fmt: skip
    return await ask(read.address, count=read.count, device_id=read.unit)
