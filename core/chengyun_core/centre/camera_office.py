"""A thread with an asyncio loop of its own for what goes out to cameras and platforms; begun when first needed."""

import asyncio
import logging
import threading
from collections.abc import Callable, Coroutine
from contextlib import suppress
from datetime import UTC, datetime
from typing import Any, TypeVar

from chengyun_core.centre.camera_http import GuardedHttp, Route, straight
from chengyun_core.centre.camera_ports import CameraPort, Login, PlatformPort
from chengyun_core.centre.camera_secrets import CameraSecrets, PlatformEntry
from chengyun_core.centre.onvif.client import OnvifCamera
from chengyun_core.centre.platforms.wvp import Wvp
from chengyun_core.centre.ptz_hand import PtzHand
from chengyun_core.centre.time_law import MACHINE
from chengyun_core.model.camera import Camera, CameraKind
from chengyun_core.model.failure import Refused, Trouble
from chengyun_core.video.fence import Fence

logger = logging.getLogger(__name__)

T = TypeVar("T")
LONGEST_S = 25.0
"""No job of a worker waits longer for a camera."""
CONNECTIONS = 32
CLOSES_WITHIN_S = 3.0


class CameraOffice:
    """Called from the centre's loop (`move`, `fault_of`) and from workers (`done`); both may end it."""

    def __init__(self, fence: Fence, secrets: CameraSecrets, route: Route = straight) -> None:
        self._fence, self._secrets, self._route = fence, secrets, route
        self._guard = threading.Lock()
        self._loop: asyncio.AbstractEventLoop | None = None
        self._thread: threading.Thread | None = None
        self._ready, self._ends = asyncio.Event(), asyncio.Event()
        """Of the loop: the network can be used; the end has come."""
        self._http: GuardedHttp | None = None
        self._cameras: dict[Camera, tuple[object, CameraPort]] = {}
        self._platforms: dict[str, tuple[PlatformEntry, PlatformPort]] = {}
        self._hand = PtzHand(self.camera)

    def done(self, deed: "Callable[[CameraOffice], Coroutine[Any, Any, T]]", *, within_s: float = LONGEST_S) -> T:
        """Do something in the loop and wait for it: a worker's, never the centre's loop's.

        Raises:
            Refused, Trouble: of the deed; `camera.http.timeout` when it takes too long.
        """
        running = asyncio.run_coroutine_threadsafe(deed(self), self._running())
        try:
            return running.result(within_s)
        except TimeoutError as fault:
            running.cancel()
            raise Trouble("camera.http.timeout", host="", seconds=f"{within_s:g}") from fault

    def move(self, camera: Camera, x: float, y: float, zoom: float) -> None:
        """Have a camera move so until told otherwise, or until STOPS_AFTER_S have passed; returns at once."""
        self._running().call_soon_threadsafe(self._hand.want, camera, (x, y, zoom))

    def fault_of(self, camera: str) -> str:
        """Return the code of what a camera answered to its last movement, empty: nothing was wrong."""
        return self._hand.faults.get(camera, "")

    async def camera(self, camera: Camera) -> CameraPort:
        """Return the port to a camera; within the loop.

        Raises:
            Refused: `camera.no_port` (nothing but a stream is known of it), `camera.no_platform`, `camera.secrets_…`.
        """
        if camera.kind is CameraKind.PLATFORM:
            device, _, channel = camera.platform_id.partition("/")
            return (await self.platform(camera.platform)).camera(device, channel or device)
        if camera.kind is not CameraKind.ONVIF:
            raise Refused("camera.no_port", camera=camera.code)
        login = (await asyncio.to_thread(self._secrets.book)).login(camera)
        known = self._cameras.get(camera)
        if known is None or known[0] != login:
            known = (login, OnvifCamera(await self._door(), camera.address, login, _now))
            self._cameras[camera] = known
        return known[1]

    async def platform(self, code: str) -> PlatformPort:
        """Return the port to a platform of the file; within the loop. Raises Refused `camera.no_platform`."""
        entry = (await asyncio.to_thread(self._secrets.book)).platforms.get(code)
        if entry is None:
            raise Refused("camera.no_platform", platform=code)
        known = self._platforms.get(code)
        if known is None or known[0] != entry:
            known = (entry, Wvp(await self._door(), entry.url, _login_of(entry)))
            self._platforms[code] = known
        return known[1]

    def close(self) -> None:
        """Stop what moves, end the loop and its thread."""
        with self._guard:
            loop, thread = self._loop, self._thread
            self._loop = self._thread = None
        if loop is not None and thread is not None:
            loop.call_soon_threadsafe(self._ends.set)
            thread.join()

    async def _door(self) -> GuardedHttp:
        await self._ready.wait()
        assert self._http is not None
        return self._http

    def _running(self) -> asyncio.AbstractEventLoop:
        """Return the loop, begun when there was none; nobody waits here for what it loads."""
        with self._guard:
            if self._loop is None:
                self._loop = asyncio.new_event_loop()
                self._thread = threading.Thread(
                    target=self._run, args=(self._loop,), name="centre-cameras-net", daemon=True
                )
                self._thread.start()
            return self._loop

    def _run(self, loop: asyncio.AbstractEventLoop) -> None:
        asyncio.set_event_loop(loop)
        try:
            loop.run_until_complete(self._serve())
            loop.run_until_complete(loop.shutdown_default_executor())
        finally:
            loop.close()

    async def _serve(self) -> None:
        import aiohttp  # noqa: PLC0415 - a third of a second that most centres never need, and none spends in its loop

        connector = aiohttp.TCPConnector(limit=CONNECTIONS)
        async with aiohttp.ClientSession(
            connector=connector, cookie_jar=aiohttp.DummyCookieJar(), trust_env=False
        ) as session:
            self._http = GuardedHttp(self._fence, session, self._route)
            self._ready.set()
            await self._ends.wait()
            with suppress(TimeoutError):
                async with asyncio.timeout(CLOSES_WITHIN_S):
                    await self._hand.close()
            await _cancelled()


async def _cancelled() -> None:
    """End what still waits for an answer."""
    others = [task for task in asyncio.all_tasks() if task is not asyncio.current_task()]
    for task in others:
        task.cancel()
    await asyncio.gather(*others, return_exceptions=True)


def _login_of(entry: PlatformEntry) -> Login:
    return Login(user=entry.user, password=entry.password)


def _now() -> datetime:
    """Return the machine's own time: a camera knows nothing of the profile's clock."""
    return datetime.fromtimestamp(MACHINE.utc_ns() / 1e9, UTC)
