"""A thin client of Janus over HTTP: a session, its plugins' handles, messages, and the events they bring."""

import asyncio
import contextlib
import uuid
from collections.abc import Callable, Mapping
from typing import Any, Self

import aiohttp

from chengyun_core.model.failure import Trouble

TIMEOUT_S = 10.0
Body = Mapping[str, Any]
Event = dict[str, Any]


class Handle:
    """A plugin's handle in a session."""

    def __init__(self, session: "Session", number: int, heard: Callable[[Event], None]) -> None:
        self._session, self.number, self.heard = session, number, heard

    async def ask(self, body: Body, jsep: Body | None = None) -> Event:
        """Send a message and return what the plugin answers, at once or as an event.

        Raises:
            Trouble: `room.relay` with what Janus or the plugin says.
        """
        return await self._session.message(self.number, body, jsep)


class Session:
    """One session with a relay; `close` ends it and all handles with it."""

    def __init__(self, address: str, secret: str) -> None:
        self._address, self._secret = address.rstrip("/"), secret
        self._http = aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=60.0), trust_env=False)
        self._path = ""
        self._handles: dict[int, Handle] = {}
        self._waiting: dict[str, asyncio.Future[Event]] = {}
        self._poll: asyncio.Task[None] | None = None

    @classmethod
    async def opened(cls, address: str, secret: str) -> Self:
        """Return a new session. Raises Trouble `room.relay`."""
        made = cls(address, secret)
        try:
            told = await made._post("", {"janus": "create"})
            made._path = f"/{told['data']['id']}"
            made._poll = asyncio.get_running_loop().create_task(made._listen())
        except BaseException:
            await made.close()
            raise
        return made

    async def attach(self, plugin: str, heard: Callable[[Event], None]) -> Handle:
        """Return a handle of a plugin; `heard` gets the events nobody asked for. Raises Trouble `room.relay`."""
        told = await self._post(self._path, {"janus": "attach", "plugin": f"janus.plugin.{plugin}"})
        handle = Handle(self, int(told["data"]["id"]), heard)
        self._handles[handle.number] = handle
        return handle

    async def message(self, handle: int, body: Body, jsep: Body | None) -> Event:
        """Send a plugin's message and wait for its answer. Raises Trouble `room.relay`."""
        transaction = uuid.uuid4().hex
        waiting: asyncio.Future[Event] = asyncio.get_running_loop().create_future()
        self._waiting[transaction] = waiting
        sent: dict[str, Any] = {"janus": "message", "body": dict(body), "transaction": transaction}
        if jsep is not None:
            sent["jsep"] = dict(jsep)
        try:
            told = await self._post(f"{self._path}/{handle}", sent)
            if told.get("janus") == "ack":
                told = await asyncio.wait_for(waiting, TIMEOUT_S)
        except TimeoutError as fault:
            raise Trouble("room.relay", address=self._address, fault="no answer") from fault
        finally:
            self._waiting.pop(transaction, None)
        return _sound(told, self._address)

    async def close(self) -> None:
        """End the session; a relay that does not answer forgets it by itself."""
        if self._poll is not None:
            self._poll.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await self._poll
        if self._path:
            with contextlib.suppress(Trouble):
                await asyncio.wait_for(self._post(self._path, {"janus": "destroy"}), 2.0)
        await self._http.close()

    async def _post(self, path: str, body: Body) -> Event:
        sent = {"transaction": uuid.uuid4().hex, **body, "apisecret": self._secret}
        try:
            async with self._http.post(self._address + path, json=sent, allow_redirects=False) as answer:
                told: Event = await answer.json(content_type=None)
        except (aiohttp.ClientError, TimeoutError, ValueError) as fault:
            raise Trouble("room.relay", address=self._address, fault=str(fault)[:200]) from fault
        if told.get("janus") == "error":
            raise Trouble("room.relay", address=self._address, fault=told["error"].get("reason", ""))
        return told

    async def _listen(self) -> None:
        """Take events as they come; the asking itself keeps the session alive."""
        while True:
            try:
                query = {"maxev": "10", "apisecret": self._secret}
                async with self._http.get(self._address + self._path, params=query, allow_redirects=False) as answer:
                    told = await answer.json(content_type=None)
            except (aiohttp.ClientError, TimeoutError, ValueError):
                await asyncio.sleep(0.5)
                continue
            for event in told if isinstance(told, list) else [told]:
                if isinstance(event, dict):  # a relay that is ending answers null
                    self._take(event)

    def _take(self, event: Event) -> None:
        waiting = self._waiting.get(event.get("transaction", ""))
        if waiting is not None and event.get("janus") == "event":
            if not waiting.done():
                waiting.set_result(event)
            return
        handle = self._handles.get(event.get("sender", 0))
        if handle is not None:
            handle.heard(event)


def _sound(told: Event, address: str) -> Event:
    data: Event = told.get("plugindata", {}).get("data", {})
    if "error" in data:
        raise Trouble("room.relay", address=address, fault=str(data["error"])[:200], number=data.get("error_code", 0))
    return told
