"""A small HTTP server on loopback in a thread of its own: what a device or a platform would answer, and what it saw."""

import asyncio
import threading
from collections.abc import Awaitable, Callable
from types import TracebackType
from typing import Self

from aiohttp import web

Handle = Callable[[web.Request], Awaitable[web.StreamResponse]]
LIMIT_S = 10.0


class HttpStand:
    """Serves from the beginning of the block to its end; every request goes to one handler."""

    def __init__(self, handle: Handle) -> None:
        self._handle = handle
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._run, name="http-stand", daemon=True)
        self._listens, self.ends = threading.Event(), asyncio.Event()
        """`ends` belongs to the server's loop: what an answer that never comes waits for."""
        self.port = 0

    def __enter__(self) -> Self:
        self._thread.start()
        assert self._listens.wait(LIMIT_S)
        return self

    def __exit__(self, kind: type[BaseException] | None, fault: BaseException | None, _: TracebackType | None) -> None:
        self._loop.call_soon_threadsafe(self.ends.set)
        self._thread.join(LIMIT_S)
        assert not self._thread.is_alive()

    def route(self, _pinned: object) -> tuple[str, int]:
        """Return where a judged address leads to in a test."""
        return "127.0.0.1", self.port

    def _run(self) -> None:
        try:
            self._loop.run_until_complete(self._serve())
        finally:
            self._loop.close()

    async def _serve(self) -> None:
        runner = web.ServerRunner(web.Server(self._handle), shutdown_timeout=0.1)
        await runner.setup()
        try:
            site = web.TCPSite(runner, "127.0.0.1", 0)
            await site.start()
            self.port = runner.addresses[0][1]
            self._listens.set()
            await self.ends.wait()
        finally:
            await runner.cleanup()
