"""Cameras that lie: the demo's own server with faults, one to an address `/cam/FAULT`; runs in a thread of its own."""

import asyncio
import random
import socket
import struct
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path

import numpy as np
from typing_extensions import override

from chengyun_core.model.clock import ProfileClock
from chengyun_core.video.demo_cameras.encoding import Encoder, Loop, Unit
from chengyun_core.video.demo_cameras.film import Film
from chengyun_core.video.demo_cameras.server import CameraServer, Client, Shelf
from chengyun_core.video.rtsp.splitting import Message

FPS = 12.5
WITHHELD_S = 3.0


@cache
def loop(width: int = 320, height: int = 180, *, moves: bool = True, level: int = 90) -> Loop:
    """Return a second of a moving (or still) picture."""
    encoder = Encoder(width, height, FPS)
    grain = np.random.default_rng(1).integers(-20, 20, (height, width, 1)) if level > 16 else 0
    for number in range(12):
        picture = np.clip(np.full((height, width, 3), level, np.int16) + grain, 0, 255).astype(np.uint8)
        if moves:
            at = number * width // 14
            picture[height // 4 : height // 2, at : at + width // 8] = 240
        encoder.add(picture)
    return encoder.finished()


def giant_sps(width: int, height: int) -> bytes:
    """Return an H.264 sequence parameter set (baseline) that announces such pictures."""
    bits = "".join(_golomb(number) for number in (0, 0, 0, 0, 1)) + "0"
    bits += _golomb(width // 16 - 1) + _golomb(height // 16 - 1) + "1" + "1" + "0" + "0" + "1"
    bits = bits.ljust(-(-len(bits) // 8) * 8, "0")
    return bytes([0x67, 66, 0, 51]) + int(bits, 2).to_bytes(len(bits) // 8, "big")


def _golomb(number: int) -> str:
    binary = f"{number + 1:b}"
    return "0" * (len(binary) - 1) + binary


class OneFilm(Shelf):
    """Films by fault; what has none of its own is the good one."""

    def __init__(self) -> None:
        self.good = Film(loop(), 1)
        self.other = Film(loop(160, 90), 2)
        still = loop(moves=False)
        # The first picture again and again: what a camera sends whose sensor hangs.
        self.still = Film(Loop(width=320, height=180, fps=FPS, units=tuple(still.units[:1]) * 12), 3)
        self.black = Film(loop(level=3, moves=False), 4)


class HostileServer(CameraServer):
    """Hands out hostile clients."""

    def __init__(self) -> None:
        self.films = OneFilm()
        super().__init__(self.films, ProfileClock())
        self.asked: list[str] = []
        self.elsewhere = 0
        self.is_down = False

    @override
    def film(self, url: str) -> tuple[Film, str] | int:
        fault = fault_of(url)
        self.asked.append(fault)
        if fault == "nothing":
            return 404
        return {"frozen": self.films.still, "black": self.films.black}.get(fault, self.films.good), ""

    def go_down(self) -> None:
        """End every connection and answer nobody any more."""
        self.is_down = True
        for audience in self._audiences.values():
            for client in list(audience.clients):
                client.close()

    async def listen(self, told: "list[int]", ready: threading.Event) -> None:
        """Serve at a free port."""
        running = asyncio.get_running_loop()
        server = await running.create_server(lambda: HostileClient(self), "127.0.0.1", 0)
        async with server:
            told.append(server.sockets[0].getsockname()[1])
            ready.set()
            while True:
                self._tick()
                await asyncio.sleep(1 / FPS)


def fault_of(url: str) -> str:
    return url.partition("/cam/")[2].partition("/")[0].partition("?")[0]


class HostileClient(Client):
    """Lies as its address says."""

    def __init__(self, server: HostileServer) -> None:
        super().__init__(server)
        self._hostile, self._fault, self._shown = server, "", 0
        self._chance, self._begun = random.Random(7), time.monotonic()
        self._joined = 0
        """The number of the good film's picture before the first that was shown."""

    @override
    def _answered(self, asked: Message) -> bytes:
        self._fault = fault_of(asked.url) or self._fault
        if self._hostile.is_down:
            self.close()
            return b""
        if asked.method == "DESCRIBE" and (answer := self._lie(asked)) is not None:
            return answer
        return super()._answered(asked)

    def _lie(self, asked: Message) -> bytes | None:
        assert self._transport is not None
        match self._fault:
            case "redirect":
                place = f"rtsp://127.0.0.1:{self._hostile.elsewhere}/cam/redirect"
                return f"RTSP/1.0 302 Moved\r\nCSeq: {asked.header('cseq')}\r\nLocation: {place}\r\n\r\n".encode()
            case "half":
                return b"RTSP/1.0 200 OK\r\nCSeq: 1\r\nContent-Le"
            case "loris":
                self._drip(b"RTSP/1.0 200 OK\r\nX-Slow: " + b"a" * 4000)
                return b""
            case "http":
                return b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nhi"
            case "endless":
                return b"RTSP/1.0 200 OK\r\n" + b"X-More: y\r\n" * 4000
            case "giant":
                return self._described(asked, giant_sps(65520, 65520))
            case "refused":
                told = f"CSeq: {asked.header('cseq')}\r\nWWW-Authenticate: Basic realm=x"
                return f"RTSP/1.0 401 No\r\n{told}\r\n\r\n".encode()
            case _:
                return None

    def _described(self, asked: Message, sps: bytes) -> bytes:
        import base64

        told = base64.b64encode(sps).decode()
        body = (
            "v=0\r\no=- 1 1 IN IP4 0.0.0.0\r\ns=x\r\nt=0 0\r\nm=video 0 RTP/AVP 96\r\na=rtpmap:96 H264/90000\r\n"
            f"a=fmtp:96 packetization-mode=1;sprop-parameter-sets={told}\r\na=control:track=0\r\n"
        )
        head = f"RTSP/1.0 200 OK\r\nCSeq: {asked.header('cseq')}\r\nContent-Length: {len(body)}\r\n\r\n"
        return (head + body).encode()

    def _drip(self, data: bytes) -> None:
        if self._transport is not None and data and not self._transport.is_closing():
            self._transport.write(data[:1])
            asyncio.get_running_loop().call_later(0.1, self._drip, data[1:])

    @override
    def show(self, data: bytes, *, is_key: bool) -> None:
        assert self._transport is not None
        if not self._shown:
            self._joined = self._hostile.films.good.number_at(ProfileClock().utc_ns())
        self._shown += 1
        playing_s = time.monotonic() - self._begun
        match self._fault:
            case "stall" if 1.5 < playing_s < 1.5 + WITHHELD_S:
                return
            case "garbage" if self._shown > 12:
                data = self._spoiled(data)
            case "flood":
                data *= 400
            case "die" if self._shown > 12:
                self.close()
                return
            case "fast":
                first = self._joined + self._shown * 12
                data = b"".join(self._hostile.films.good.packets(first + part) for part in range(12))
            case "change" if self._shown > 12:
                data = self._hostile.films.other.packets(self._joined + self._shown)
            case "set_back" | "set_on" if self._shown > 12:
                hours = -5 if self._fault == "set_back" else 5
                data = self._hostile.films.good.packets(self._joined + self._shown + round(hours * 3600 * FPS))
        super().show(data, is_key=is_key)

    def _spoiled(self, data: bytes) -> bytes:
        """Random bytes where the NAL units were; the packets themselves are in order."""
        spoiled, at = bytearray(data), 0
        while at + 16 < len(spoiled):
            length = struct.unpack_from(">H", spoiled, at + 2)[0]
            if spoiled[at + 1] == 0:
                spoiled[at + 16 : at + 4 + length] = self._chance.randbytes(length - 12)
            at += 4 + length
        return bytes(spoiled)


class Cameras:
    """A running hostile server."""

    def __init__(
        self, server: HostileServer, port: int, elsewhere: socket.socket, loop: asyncio.AbstractEventLoop
    ) -> None:
        self.server, self.port, self._elsewhere, self._loop = server, port, elsewhere, loop

    def go_down(self) -> None:
        """Have the server end every connection and answer nobody, until `server.is_down` is taken back."""
        self._loop.call_soon_threadsafe(self.server.go_down)

    @property
    def place(self) -> str:
        return f"127.0.0.1:{self.port}"

    def was_anybody_led_astray(self) -> bool:
        """Return whether somebody followed the redirect."""
        self._elsewhere.settimeout(0.0)
        try:
            self._elsewhere.accept()[0].close()
        except BlockingIOError:
            return False
        return True


@contextmanager
def running() -> Iterator[Cameras]:
    """Run the server in a thread."""
    told: list[int] = []
    ready, server = threading.Event(), HostileServer()
    loop = asyncio.new_event_loop()
    with socket.create_server(("127.0.0.1", 0)) as elsewhere:
        server.elsewhere = elsewhere.getsockname()[1]
        task = loop.create_task(server.listen(told, ready))

        def serve() -> None:
            try:
                loop.run_until_complete(task)
            except asyncio.CancelledError:
                loop.run_until_complete(asyncio.sleep(0))
            loop.close()

        thread = threading.Thread(target=serve, name="hostile cameras")
        thread.start()
        ready.wait(5)
        try:
            yield Cameras(server, told[0], elsewhere, loop)
        finally:
            loop.call_soon_threadsafe(task.cancel)
            thread.join()


def made_loops(folder: Path) -> None:
    """Write a small loop where the demo's server looks for every scene, so that no test waits for the real ones."""
    from chengyun_core.video.demo_cameras.encoding import Loops, file_of
    from chengyun_core.video.demo_cameras.scenes import SCENES, WAITING
    from chengyun_core.wire.durable import write_record

    folder.mkdir(parents=True, exist_ok=True)
    for name in (WAITING, *SCENES):
        write_record(file_of(folder, name), Loops(main=loop(), sub=loop(160, 90)))


__all__ = ["Cameras", "Unit", "giant_sps", "loop", "made_loops", "running"]
