"""An HTTP server that counts what is no HTTP: bytes that cannot be parsed, connections that end in mid-request."""

import asyncio
import logging
import ssl
from collections.abc import Awaitable, Callable
from typing import Any

from aiohttp import web
from aiohttp.web_protocol import RequestHandler
from typing_extensions import override

SHUTDOWN_S = 2.0
HEAD_LIMIT = 8190
"""Bytes of a request line, and of a header."""
HEAD_S, IDLE_S = 30.0, 75.0
"""A first request must have come within the one, the next within the other: who only holds connections loses them."""
LINGER_S = 1.0
"""How long a refused connection is heard out."""
_FULL = b"HTTP/1.1 503 Service Unavailable\r\nRetry-After: 1\r\nConnection: close\r\nContent-Length: 0\r\n\r\n"

Handler = Callable[[web.BaseRequest], Awaitable[web.StreamResponse]]
Garbage = Callable[[str, str], None]


class CountingServer(web.Server):
    """A server whose connections tell `garbage(sender, words)`; one more than `most` of them is answered 503."""

    def __init__(self, answered: Handler, garbage: Garbage, *, most: int) -> None:
        async def handler(request: web.BaseRequest) -> web.StreamResponse:
            protocol = request.protocol
            if isinstance(protocol, _Connection):
                protocol.came_to_a_request()
            return await answered(request)

        # A stranger's bytes with a trace each would fill the log: they are counted and named instead.
        quiet = logging.getLogger(f"{__name__}.requests")
        quiet.disabled = True
        super().__init__(
            handler, access_log=None, logger=quiet, max_line_size=HEAD_LIMIT, max_field_size=HEAD_LIMIT,
            keepalive_timeout=IDLE_S,
        )  # fmt: skip
        self.garbage = garbage
        self.most = most

    @override
    def __call__(self) -> "_Connection":
        return _Connection(self, loop=self._loop, **self._kwargs)


class _Connection(RequestHandler):
    """One connection; knows whether bytes came that never became a request."""

    __slots__ = ("_count", "_full", "_hurry", "_peer", "_refused", "_waiting")

    def __init__(self, manager: CountingServer, **options: Any) -> None:
        super().__init__(manager, **options)
        self._count = manager.garbage
        self._peer = "unknown"
        self._waiting = False
        self._refused = False
        self._hurry: asyncio.TimerHandle | None = None
        self._full: Callable[[], bool] = lambda: len(manager.connections) > manager.most

    def came_to_a_request(self) -> None:
        """Note that what came so far was HTTP."""
        self._waiting = False
        if self._hurry is not None:
            self._hurry.cancel()

    @override
    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        super().connection_made(transport)
        peer = transport.get_extra_info("peername")
        self._peer = str(peer[0]) if peer else "unknown"
        if self._full() and isinstance(transport, asyncio.Transport):
            self._refuse(transport)
        else:
            self._hurry = asyncio.get_running_loop().call_later(HEAD_S, self._too_slow)

    def _refuse(self, transport: asyncio.Transport) -> None:
        """Answer, and hear the request out: closed at once, the answer is lost to who is still sending."""
        self._tell("one connection too many, answered 503")
        self._refused = True
        transport.write(_FULL)
        if transport.can_write_eof():
            transport.write_eof()
        self._hurry = asyncio.get_running_loop().call_later(LINGER_S, transport.close)

    @override
    def data_received(self, data: bytes) -> None:
        if self._refused:
            return
        self._waiting = self._waiting or not self._request_count
        super().data_received(data)

    @override
    def handle_error(
        self,
        request: web.BaseRequest,
        status: int = 500,
        exc: BaseException | None = None,
        message: str | None = None,
    ) -> web.StreamResponse:
        self._tell(f"answered {status}, {type(exc).__name__}")
        return super().handle_error(request, status, exc, message)

    def _too_slow(self) -> None:
        if self._waiting or not self._request_count:
            self._tell(f"no request within {HEAD_S:g} s")
            self.force_close()

    @override
    def connection_lost(self, exc: BaseException | None) -> None:
        if self._hurry is not None:
            self._hurry.cancel()
        if self._waiting:
            self._tell("the connection ended in the middle of a request")
        super().connection_lost(exc)

    def _tell(self, words: str) -> None:
        self._waiting = False
        self._count(self._peer, words)


async def listen(
    server: CountingServer, host: str, port: int, context: ssl.SSLContext | None, *, listening: Callable[[], None]
) -> None:
    """Serve until cancelled; raise OSError when the port cannot be had."""
    loop = asyncio.get_running_loop()
    at = await loop.create_server(server, host, port, ssl=context, backlog=128)
    try:
        listening()
        await asyncio.Event().wait()
    finally:
        at.close()
        server.pre_shutdown()
        await server.shutdown(SHUTDOWN_S)
        await at.wait_closed()
