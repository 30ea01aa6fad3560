"""A small RTSP server of loops: one timer for all who watch, the same bytes to everybody who watches the same loop."""

import asyncio
import re
import secrets
import zlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from typing_extensions import override

from chengyun_core.model.clock import Clock
from chengyun_core.model.failure import Trouble
from chengyun_core.video.demo_cameras.encoding import Loops, file_of
from chengyun_core.video.demo_cameras.film import Film
from chengyun_core.video.demo_cameras.scenes import FPS, SCENES, WAITING
from chengyun_core.video.rtsp.splitting import Interleaved, Message, Splitter
from chengyun_core.wire.durable import read_record

MOST_CLIENTS = 256
MOST_WAITING = 2**20
"""Bytes that may wait for one client; a slower one is left out until the next key picture."""
MOST_MISSED = 25
"""Pictures that are sent late; a longer halt is a gap."""
REPORT_EVERY = 62
"""Pictures between two sender's reports: five seconds."""
_PATH = re.compile(
    r"rtsp://[^/]+/cam/(?P<code>[^/?]{1,64})(?P<sub>/sub)?(\?scene=(?P<scene>[a-z]{1,16}))?(?P<behind>/sub)?/?(track=0)?",
    re.ASCII,
)
_STATUS = {200: "OK", 404: "Not Found", 455: "Method Not Valid in This State", 461: "Unsupported Transport",
           501: "Not Implemented", 503: "Service Unavailable"}  # fmt: skip


class Shelf:
    """The loops of a folder, read when they are first asked for."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._films: dict[tuple[str, bool], Film] = {}

    def film(self, scene: str, *, is_sub: bool) -> Film | None:
        """Return a film, or None while it is being made."""
        if (scene, is_sub) not in self._films:
            loops = read_record(file_of(self._folder, scene), Loops)
            if loops is None:
                return None
            number = [*SCENES, WAITING].index(scene)
            self._films[scene, False] = Film(loops.main, 0xC4E6_0000 + number)
            self._films[scene, True] = Film(loops.sub, 0xC4E6_0100 + number)
        return self._films[scene, is_sub]


@dataclass(slots=True)
class Audience:
    """Who watches a film, and what was sent last."""

    film: Film
    last: int
    clients: "set[Client]" = field(default_factory=set)

    def play(self, number: int) -> None:
        """Send what is due, in order."""
        for due in range(max(self.last + 1, number - MOST_MISSED), number + 1):
            data, is_key = self.film.packets(due), self.film.is_key(due)
            report = b"" if due % REPORT_EVERY else self.film.report(due)
            for client in self.clients:
                client.show(data + report, is_key=is_key)
        self.last = max(self.last, number)


class CameraServer:
    """Serves `/cam/CODE` and `/cam/CODE/sub`; a code has one scene for ever, or the one `?scene=` names."""

    def __init__(self, shelf: Shelf, clock: Clock, *, fps: float = FPS) -> None:
        """`fps`: of all loops; their common timer."""
        self._shelf, self._clock, self._fps = shelf, clock, fps
        self._audiences: dict[int, Audience] = {}
        self._ticks = 0
        self.clients = 0

    async def serve(self, address: str, port: int) -> None:
        """Serve until cancelled. Raises OSError when the address cannot be listened at."""
        loop = asyncio.get_running_loop()
        server = await loop.create_server(lambda: Client(self), address, port)
        async with server:
            await self.play()

    async def play(self) -> None:
        """Send what is due, until cancelled."""
        while True:
            self._tick()
            self._send_home()
            await asyncio.sleep(1 / self._fps - (self._clock.utc_ns() / 1e9) % (1 / self._fps))

    def film(self, url: str) -> tuple[Film, str] | int:
        """Return what an address shows and the scene it waits for, or the status that says why nothing."""
        found = _PATH.fullmatch(url)
        scene = scene_of(found["code"], found["scene"]) if found else ""
        if not found or not scene:
            return 404
        is_sub = bool(found["sub"] or found["behind"])
        film, waiting = self._shelf.film(scene, is_sub=is_sub), self._shelf.film(WAITING, is_sub=is_sub)
        if film is not None:
            return film, ""
        return (waiting, scene) if waiting is not None else 503

    def join(self, client: "Client", film: Film) -> tuple[int, bytes]:
        """Let a client watch; return the key picture it begins with, and what has been sent since."""
        now = film.number_at(self._clock.utc_ns())
        audience = self._audiences.setdefault(film.source, Audience(film, now))
        if not audience.clients:
            audience.last = now
        first = film.key_before(audience.last)
        audience.clients.add(client)
        return first, b"".join(film.packets(number) for number in range(first, audience.last + 1)) + film.report(first)

    def leave(self, client: "Client") -> None:
        """Forget a client."""
        for audience in self._audiences.values():
            audience.clients.discard(client)

    def _send_home(self) -> None:
        """Once a second: end what was shown the waiting only, when its scene is there; who comes again sees it."""
        self._ticks += 1
        if self._ticks % round(self._fps):
            return
        for audience in self._audiences.values():
            for client in list(audience.clients):
                if client.awaited and self._shelf.film(client.awaited, is_sub=False):
                    client.close()

    def _tick(self) -> None:
        for audience in self._audiences.values():
            if audience.clients:
                audience.play(audience.film.number_at(self._clock.utc_ns()))


def scene_of(code: str, named: str | None) -> str:
    """Return the scene of a camera; nothing for a name that is none."""
    if named is not None:
        return named if named in SCENES else ""
    return list(SCENES)[zlib.crc32(code.encode()) % len(SCENES)]


class Client(asyncio.Protocol):
    """One connection."""

    def __init__(self, server: CameraServer) -> None:
        self._server, self._splitter = server, Splitter()
        self._session = ""
        self.awaited = ""
        """The scene for which the waiting is shown."""
        self._film: Film | None = None
        self._is_left_out = False
        self._transport: asyncio.Transport | None = None

    @override
    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self._transport = transport
        self._server.clients += 1
        if self._server.clients > MOST_CLIENTS:
            transport.close()

    @override
    def connection_lost(self, exc: Exception | None) -> None:
        self._server.clients -= 1
        self._server.leave(self)

    @override
    def data_received(self, data: bytes) -> None:
        assert self._transport is not None
        try:
            for piece in self._splitter.pieces(data):
                if not isinstance(piece, Interleaved):  # receivers' reports change nothing
                    self._transport.write(self._answered(piece))
        except Trouble:
            self._transport.close()

    def show(self, data: bytes, *, is_key: bool) -> None:
        """Send a picture, unless the client is too slow for it."""
        assert self._transport is not None
        if self._transport.get_write_buffer_size() > MOST_WAITING:
            self._is_left_out = True
        elif is_key:
            self._is_left_out = False
        if not self._is_left_out:
            self._transport.write(data)

    def close(self) -> None:
        """End the connection."""
        assert self._transport is not None
        self._transport.close()

    def _answered(self, asked: Message) -> bytes:
        match asked.method:
            case "OPTIONS":
                return _reply(asked, 200, {"Public": "OPTIONS, DESCRIBE, SETUP, PLAY, GET_PARAMETER, TEARDOWN"})
            case "GET_PARAMETER" | "SET_PARAMETER":
                return _reply(asked, 200, {})
            case "DESCRIBE":
                return self._describe(asked)
            case "SETUP":
                return self._set_up(asked)
            case "PLAY":
                return self._play(asked)
            case "TEARDOWN":
                self._server.leave(self)
                return _reply(asked, 200, {})
            case _:
                return _reply(asked, 501, {})

    def _describe(self, asked: Message) -> bytes:
        found = self._server.film(asked.url)
        if isinstance(found, int):
            return _reply(asked, found, {})
        body = found[0].description()
        head = {"Content-Base": f"{asked.url.rstrip('/')}/", "Content-Type": "application/sdp"}
        return _reply(asked, 200, head, body)

    def _set_up(self, asked: Message) -> bytes:
        found = self._server.film(asked.url)
        if isinstance(found, int):
            return _reply(asked, found, {})
        if "tcp" not in asked.header("transport").lower():
            return _reply(asked, 461, {})
        (self._film, self.awaited), self._session = found, secrets.token_hex(8)
        told = {"Transport": "RTP/AVP/TCP;unicast;interleaved=0-1", "Session": f"{self._session};timeout=60"}
        return _reply(asked, 200, told)

    def _play(self, asked: Message) -> bytes:
        if self._film is None:
            return _reply(asked, 455, {})
        _, begun = self._server.join(self, self._film)
        return _reply(asked, 200, {"Session": self._session, "Range": "npt=now-"}) + begun


def _reply(asked: Message, status: int, headers: Mapping[str, str], body: str = "") -> bytes:
    lines = [f"RTSP/1.0 {status} {_STATUS[status]}", f"CSeq: {asked.header('cseq')}"]
    lines.extend(f"{name}: {value}" for name, value in headers.items())
    if body:
        lines.append(f"Content-Length: {len(body)}")
    return ("\r\n".join(lines) + "\r\n\r\n" + body).encode("latin-1", "replace")
