"""Stands where the network stands: answers that are kept, by path, and what was asked."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from typing import TypeVar

from chengyun_core.centre.camera_http import Answer
from chengyun_core.model.failure import Trouble

T = TypeVar("T")


class KeptAnswers:
    """A CameraHttp."""

    def __init__(self, answer: Callable[[str, bytes], bytes], status: int = 200) -> None:
        """`answer`: path and body of a request → body of its answer."""
        self._answer, self._status = answer, status
        self.asked: list[str] = []

    async def ask(
        self, url: str, *, method: str = "GET", query: Mapping[str, str] | None = None, body: bytes = b"",
        headers: Mapping[str, str] | None = None, patience_s: float = 5.0,
    ) -> Answer:  # fmt: skip
        """See CameraHttp."""
        path = "/" + "".join(url.split("/", 3)[3:])  # an address may be all there is
        self.asked.append(f"{method} {path}")
        return Answer(status=self._status, headers={}, body=self._answer(path, body))


def done(deed: Awaitable[T]) -> T:
    """Wait for a deed in a loop of its own."""

    async def run() -> T:
        return await deed

    return asyncio.run(run())


def trouble_of(deed: Awaitable[object]) -> str:
    """Return the code of the trouble a deed ends in, empty when it does not."""
    try:
        done(deed)
    except Trouble as fault:
        return fault.reason.code
    return ""
