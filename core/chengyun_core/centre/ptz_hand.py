"""The hand on the stick of each moving camera: what is wanted now, told when it changes, and stopped when it ends."""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field

from chengyun_core.centre.camera_ports import CameraPort
from chengyun_core.model.camera import Camera
from chengyun_core.model.failure import Refused, Trouble
from chengyun_core.model.ptz_rules import STOPS_AFTER_S

logger = logging.getLogger(__name__)

Speeds = tuple[float, float, float]
STILL: Speeds = (0.0, 0.0, 0.0)
STOP_TRIES = 3
"""A stop that did not arrive leaves a camera turning: it is told again."""


@dataclass(slots=True)
class _Stick:
    wanted: Speeds = STILL
    until: float = 0.0
    """Loop time after which it stops."""
    changed: asyncio.Event = field(default_factory=asyncio.Event)
    task: "asyncio.Task[None] | None" = None


class PtzHand:
    """Belongs to one asyncio loop. Of movements that come faster than a camera answers only the newest is told."""

    def __init__(self, port: Callable[[Camera], Awaitable[CameraPort]]) -> None:
        self._port = port
        self._sticks: dict[str, _Stick] = {}
        self.faults: dict[str, str] = {}
        """Camera → code of what its last movement met."""

    def want(self, camera: Camera, speeds: Speeds) -> None:
        """Have a camera move so for the next STOPS_AFTER_S."""
        stick = self._sticks.setdefault(camera.code, _Stick())
        loop = asyncio.get_running_loop()
        stick.wanted, stick.until = speeds, loop.time() + STOPS_AFTER_S
        stick.changed.set()
        if stick.task is None:
            stick.task = loop.create_task(self._follow(camera, stick), name=f"ptz-{camera.code}")

    async def close(self) -> None:
        """Stop every camera that moves."""
        for stick in self._sticks.values():
            stick.wanted = STILL
            stick.changed.set()
        await asyncio.gather(*(stick.task for stick in self._sticks.values() if stick.task is not None))

    async def _follow(self, camera: Camera, stick: _Stick) -> None:
        try:
            await self._moved(camera, stick)
            self.faults.pop(camera.code, None)
        except (Refused, Trouble) as fault:
            logger.info("camera %s does not move: %s", camera.code, fault)
            self.faults[camera.code] = fault.reason.code
        except Exception:
            # A bug of ours in one camera's movement must not leave its stick taken for ever.
            logger.exception("camera %s could not be moved", camera.code)
            self.faults[camera.code] = "centre.bug"
        finally:
            stick.task = None
            self._sticks.pop(camera.code, None)

    async def _moved(self, camera: Camera, stick: _Stick) -> None:
        """Move until nothing is wanted any more; what is wanted while the stop is told moves it again."""
        port = await self._port(camera)
        while self._wanted(stick) != STILL:
            try:
                await self._led(port, stick)
            finally:
                await _stopped(port)

    async def _led(self, port: CameraPort, stick: _Stick) -> None:
        told = STILL
        while (wanted := self._wanted(stick)) != STILL:
            stick.changed.clear()
            if wanted != told:
                told = wanted
                await port.move(*wanted)
            else:
                await _first(stick.changed, stick.until - asyncio.get_running_loop().time())

    def _wanted(self, stick: _Stick) -> Speeds:
        return stick.wanted if asyncio.get_running_loop().time() < stick.until else STILL


async def _first(changed: asyncio.Event, seconds: float) -> None:
    try:
        async with asyncio.timeout(max(0.0, seconds)):
            await changed.wait()
    except TimeoutError:
        return


async def _stopped(port: CameraPort) -> None:
    for attempt in range(STOP_TRIES):
        try:
            await port.stop()
        except Trouble:
            if attempt == STOP_TRIES - 1:
                raise
        else:
            return
