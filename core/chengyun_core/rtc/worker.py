"""The process that carries a console's sound and pictures: orders on standard input, what is told on the output.

`python -m chengyun_core.rtc.worker DESCRIPTOR`. It ends with its console: at the end of the orders, and by the kernel's
signal when the console was killed.
"""

import asyncio
import faulthandler
import logging
import os
import sys
import time
from collections.abc import Awaitable, Callable, Sequence
from pathlib import Path
from typing import Any

import msgspec
from aiortc.exceptions import InternalError, InvalidAccessError, InvalidStateError, OperationError

from chengyun_core.model.failure import Reason, Refused, Trouble
from chengyun_core.model.room import SignalKind
from chengyun_core.rtc import orders, pictures
from chengyun_core.rtc.line import Line
from chengyun_core.rtc.orders import (
    Begin,
    Call,
    Failed,
    HangUp,
    Hear,
    Look,
    Mute,
    Order,
    PeerNow,
    Record,
    Recorded,
    Relayed,
    Say,
    Show,
    Told,
)
from chengyun_core.rtc.panes import PANES, Panes
from chengyun_core.rtc.recorder import Recorder
from chengyun_core.rtc.relay import PEER, RelayLine
from chengyun_core.rtc.studio import Studio
from chengyun_core.rtc.tracks import PictureTrack, VoiceTrack
from chengyun_core.wire import helper_process
from chengyun_core.wire.pane_memory import PaneMemory
from chengyun_core.wire.pipe import framed

ORDERS_FD, TOLD_FD = 0, 1
TELL_S = 0.5
MEMORY_BYTES = 6 * 2**30
OPEN_FILES = 512
_AIORTC = (InternalError, InvalidAccessError, InvalidStateError, OperationError)
Tell = Callable[[Told], None]


class Worker:
    """Lines by console, one studio for all of them."""

    def __init__(self, memory: PaneMemory, begin: Begin, tell: Tell) -> None:
        self._tell, self._panes = tell, Panes(memory)
        self.studio = Studio(begin, tell)
        self._eye, lack = self._opened(begin.camera)
        self.studio.equipped(lack)
        self._lines: dict[str, Line] = {}
        self._relay: RelayLine | None = None
        self._counts: dict[str, tuple[int, int, int]] = {}

    async def take(self, order: Order) -> None:
        """Do what is ordered; whatever fails is told and ends nothing else."""
        try:
            await self._done(order)
        except (Refused, Trouble) as fault:
            self._tell(Failed(peer=getattr(order, "peer", ""), reason=fault.reason))
        except (ValueError, KeyError, ConnectionError, AssertionError, *_AIORTC) as fault:
            # What aiortc raises for a word that is no offer, or comes in the wrong state.
            self._tell(Failed(peer=getattr(order, "sender", ""), reason=_no_line(fault)))

    async def tend(self) -> None:
        """Judge the lines and tell how they go, twice a second, until cancelled."""
        while True:
            await asyncio.sleep(TELL_S)
            for peer, line in list(self._lines.items()):
                await self._look_at(peer, line)
            if self._relay is not None:
                await self._look_at_relay(self._relay)
            self._tell(orders.Equipped(own_db=self.studio.levels.get("", -120.0)))

    async def close(self) -> None:
        """Hang up everywhere and finish what is recorded."""
        await self._hang_up("")
        if (recorder := self.studio.stop_recording()) is not None:
            self._tell(_recorded(recorder))
        self.studio.close()
        self._eye.close()

    async def _done(self, order: Order) -> None:
        deeds: dict[type, Callable[[Any], Awaitable[None]]] = {
            Call: self._call, Relayed: self._relayed, Hear: self._hear, Look: self._look, Show: self._show,
            Record: self._record, Mute: self._mute,
        }  # fmt: skip
        if isinstance(order, HangUp):
            await self._hang_up(order.peer)
        elif not isinstance(order, Begin):
            await deeds[type(order)](order)

    async def _call(self, order: Call) -> None:
        await self._hang_up(order.peer)
        self._tell(Say(to=order.peer, kind=SignalKind.OFFER, data=await self._line(order.peer).offered()))

    async def _hear(self, word: Hear) -> None:
        if word.kind is SignalKind.BYE:
            await self._hang_up(word.sender)
        elif word.kind is SignalKind.OFFER:
            # An offer is a new beginning: his worker or his network was not there for a while.
            await self._hang_up(word.sender)
            answer = await self._line(word.sender).answered(word.data)
            self._tell(Say(to=word.sender, kind=SignalKind.ANSWER, data=answer))
        elif word.kind is SignalKind.ANSWER and word.sender in self._lines:
            await self._lines[word.sender].accept(word.data)

    async def _relayed(self, order: Relayed) -> None:
        await self._hang_up("")
        voice, picture = VoiceTrack(), PictureTrack(self._eye)
        relay = RelayLine(order, voice, picture, self._panes.show)
        try:
            await relay.open()
        except BaseException:
            await relay.close()
            raise
        self._relay = relay
        self.studio.voices[PEER], self.studio.ears[PEER] = voice, relay.voices.ears

    async def _look(self, order: Look) -> None:
        if self._relay is not None:
            await self._relay.look(order.peer)

    async def _mute(self, order: Mute) -> None:
        self.studio.is_muted = order.is_muted

    async def _show(self, order: Show) -> None:
        eye, lack = self._opened(order.camera)
        old, self._eye = self._eye, eye
        for picture in self._picture_tracks():
            picture.eye = eye
        old.close()
        if lack is not None:
            raise lack

    async def _record(self, order: Record) -> None:
        if (recorder := self.studio.stop_recording()) is not None:
            self._tell(_recorded(recorder))
        if order.path:
            self.studio.recorder = Recorder(Path(order.path))

    def _line(self, peer: str) -> Line:
        voice, picture = VoiceTrack(), PictureTrack(self._eye)
        line = Line(voice, picture, lambda frame: self._panes.show(peer, frame))
        self._lines[peer] = line
        self.studio.voices[peer], self.studio.ears[peer] = voice, line.ears
        return line

    async def _hang_up(self, peer: str) -> None:
        gone = [peer] if peer else list(self._lines)
        for one in gone:
            self.studio.voices.pop(one, None)
            self.studio.ears.pop(one, None)
            self._panes.drop(one)
            line = self._lines.pop(one, None)
            if line is not None:
                await line.close()
        if not peer and self._relay is not None:
            relay, self._relay = self._relay, None
            self._panes.drop(relay.looks_at)
            for store in (self.studio.voices, self.studio.ears):
                store.pop(PEER, None)
            await relay.close()

    async def _look_at(self, peer: str, line: Line) -> None:
        level = await line.judge(self.studio.late_ms)
        sounds, seen = self._rates(peer, line.ears.came, line.pictures)
        self._tell(PeerNow(
            peer=peer, state=line.state(), sound_db=self.studio.levels.get(peer, -120.0), sounds_s=sounds,
            pictures_s=seen, pane=self._panes.pane_of(peer), loss=line.loss, round_trip_ms=line.round_trip_ms,
            level=level,
        ))  # fmt: skip

    async def _look_at_relay(self, relay: RelayLine) -> None:
        if relay.has_new_feed():
            await self.take(Look(peer=relay.looks_at))
        await relay.voices.judge(self.studio.late_ms)
        level = await relay.own.judge(self.studio.late_ms)
        looked = relay.looked.pictures if relay.looked is not None else 0
        sounds, seen = self._rates(PEER, relay.voices.ears.came, looked)
        self._tell(PeerNow(
            peer=PEER, state=relay.voices.state(), sound_db=self.studio.levels.get(PEER, -120.0), sounds_s=sounds,
            pictures_s=seen, pane=self._panes.pane_of(relay.looks_at), loss=relay.voices.loss,
            round_trip_ms=relay.voices.round_trip_ms, level=level, talking=tuple(sorted(relay.talking)),
        ))  # fmt: skip

    def _rates(self, peer: str, sounds: int, seen: int) -> tuple[float, float]:
        now = time.monotonic_ns()
        before = self._counts.get(peer, (now, sounds, seen))
        self._counts[peer] = (now, sounds, seen)
        elapsed = (now - before[0]) / 1e9
        if elapsed <= 0:
            return 0.0, 0.0
        # A new line counts from 0 again.
        return max(0, sounds - before[1]) / elapsed, max(0, seen - before[2]) / elapsed

    def _picture_tracks(self) -> list[PictureTrack]:
        lines = [*self._lines.values(), *(self._relay.lines() if self._relay is not None else ())]
        return [line.picture for line in lines if line.picture is not None]

    @staticmethod
    def _opened(camera: str) -> tuple[pictures.Eye, Trouble | None]:
        try:
            return pictures.eye(camera), None
        except Trouble as fault:
            return pictures.NoEye(), fault


async def serve(memory: PaneMemory) -> None:
    """Take orders until they end."""
    reader = asyncio.StreamReader(limit=2**20)
    loop = asyncio.get_running_loop()
    await loop.connect_read_pipe(lambda: asyncio.StreamReaderProtocol(reader), os.fdopen(ORDERS_FD, "rb"))
    begin = await _next(reader)
    if not isinstance(begin, Begin):
        return
    worker = Worker(memory, begin, _tell)
    try:
        async with asyncio.TaskGroup() as group:
            beats = [group.create_task(worker.studio.run()), group.create_task(worker.tend())]
            while (order := await _next(reader)) is not None:
                await worker.take(order)
            for beat in beats:
                beat.cancel()
    finally:
        await worker.close()


def main(arguments: Sequence[str]) -> int:
    """Run the worker over the memory behind a file descriptor that was inherited."""
    faulthandler.enable()
    logging.basicConfig(stream=sys.stderr, level=logging.WARNING)
    helper_process.bind()
    helper_process.limit(MEMORY_BYTES, OPEN_FILES)
    memory = PaneMemory(int(arguments[0]), PANES, is_writer=True)
    asyncio.run(serve(memory))
    return 0


async def _next(reader: asyncio.StreamReader) -> Order | None:
    try:
        length = int.from_bytes(await reader.readexactly(4), "big")
        data = await reader.readexactly(length)
    except asyncio.IncompleteReadError:
        return None
    order: Order = msgspec.msgpack.decode(data, type=Order)
    return order


def _tell(told: Told) -> None:
    helper_process.tell(TOLD_FD, framed(msgspec.msgpack.encode(told)))


def _recorded(recorder: Recorder) -> Recorded:
    return Recorded(path=str(recorder.path), seconds=recorder.seconds, size=recorder.path.stat().st_size)


def _no_line(fault: Exception) -> Reason:
    return Trouble("room.no_line", fault=str(fault)[:200]).reason


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
