"""Requests to cameras and video platforms: within the fence, to a pinned address, never redirected, never long."""

import asyncio
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol
from urllib.parse import urlsplit, urlunsplit

from chengyun_core.model.failure import Trouble
from chengyun_core.video.fence import Fence, Pinned

if TYPE_CHECKING:
    import aiohttp

SCHEMES = ("http", "https")
MOST_BYTES = 2**20
"""Of one answer (RS8)."""
PATIENCE_S = 5.0
_CHUNK = 2**16

Route = Callable[[Pinned], tuple[str, int]]
"""Where a pinned address is really connected to: itself, but for tests."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What came back."""

    status: int
    headers: Mapping[str, str]
    """Names in lower case."""
    body: bytes


class CameraHttp(Protocol):
    """What the clients of cameras and platforms ask of the network."""

    async def ask(
        self, url: str, *, method: str = "GET", query: Mapping[str, str] | None = None, body: bytes = b"",
        headers: Mapping[str, str] | None = None, patience_s: float = PATIENCE_S,
    ) -> Answer:  # fmt: skip
        """Return the answer whatever its status.

        Raises:
            Refused: the fence does not let the address through (`video.fence.…`).
            Trouble: `camera.http.unreachable`, `.timeout`, `.redirected`, `.too_large`, `video.unknown_host`.
        """
        ...


def straight(pinned: Pinned) -> tuple[str, int]:
    """Return the pinned address itself."""
    return pinned.address, pinned.port


class GuardedHttp:
    """The real one; belongs to one asyncio loop."""

    def __init__(self, fence: Fence, session: "aiohttp.ClientSession", route: Route = straight) -> None:
        self._fence, self._session, self._route = fence, session, route

    async def ask(
        self, url: str, *, method: str = "GET", query: Mapping[str, str] | None = None, body: bytes = b"",
        headers: Mapping[str, str] | None = None, patience_s: float = PATIENCE_S,
    ) -> Answer:  # fmt: skip
        """See CameraHttp."""
        pinned = await asyncio.to_thread(self._fence.pin, url, None, SCHEMES)
        try:
            async with asyncio.timeout(patience_s):
                return await self._asked(pinned, url, method, query, body, headers)
        except TimeoutError as fault:
            raise Trouble("camera.http.timeout", host=pinned.host, seconds=f"{patience_s:g}") from fault
        except OSError as fault:  # aiohttp's connection errors are OSErrors
            raise Trouble("camera.http.unreachable", host=pinned.host, reason=_reason(fault)) from fault

    async def _asked(
        self, pinned: Pinned, url: str, method: str, query: Mapping[str, str] | None, body: bytes,
        headers: Mapping[str, str] | None,
    ) -> Answer:  # fmt: skip
        import aiohttp  # noqa: PLC0415 - a third of a second of a start that most centres never need

        host, port = self._route(pinned)
        asked = self._session.request(
            method, _at(url, host, port), params=query, data=body or None, allow_redirects=False,
            headers={"Host": urlsplit(url).netloc, **(headers or {})}, server_hostname=_name(pinned),
        )  # fmt: skip
        try:
            async with asked as response:
                if 300 <= response.status < 400:
                    # Where it sends us nobody judged, and credentials would go along (RS11).
                    raise Trouble("camera.http.redirected", host=pinned.host, status=response.status)
                told = {name.lower(): value for name, value in response.headers.items()}
                return Answer(status=response.status, headers=told, body=await _limited(response, pinned.host))
        except aiohttp.ClientError as fault:
            raise Trouble("camera.http.unreachable", host=pinned.host, reason=_reason(fault)) from fault


async def _limited(response: "aiohttp.ClientResponse", host: str) -> bytes:
    parts, size = [], 0
    async for part in response.content.iter_chunked(_CHUNK):
        size += len(part)
        if size > MOST_BYTES:
            raise Trouble("camera.http.too_large", host=host, most=MOST_BYTES)
        parts.append(part)
    return b"".join(parts)


def _at(url: str, host: str, port: int) -> str:
    """Return the same request to a judged address instead of a name that may mean another one by now."""
    split = urlsplit(url)
    place = f"[{host}]:{port}" if ":" in host else f"{host}:{port}"
    return urlunsplit((split.scheme, place, split.path, split.query, ""))


def _name(pinned: Pinned) -> str | None:
    return pinned.host if pinned.scheme == "https" else None


def _reason(fault: BaseException) -> str:
    """Return what went wrong without the address: it may hold what is not for everybody's eyes."""
    return getattr(fault, "strerror", None) or type(fault).__name__
