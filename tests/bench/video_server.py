"""The streams of the video benchmark: 25 pictures a second, each with its number in marks that any player shows.

Prints its port; `down` and `up` on standard input end all connections, and let them in again.
"""

import asyncio
import sys
from collections.abc import Callable

import numpy as np
import numpy.typing as npt
from typing_extensions import override

from chengyun_core.model.clock import ProfileClock
from chengyun_core.video.demo_cameras.encoding import Encoder
from chengyun_core.video.demo_cameras.film import Film
from chengyun_core.video.demo_cameras.server import CameraServer, Client, Shelf

WIDTH, HEIGHT, FPS = 640, 360, 25.0
BITS, CELL = 8, 32
FRAMES = 250
"""Ten seconds; 250 numbers fit into eight marks."""


def picture(number: int) -> npt.NDArray[np.uint8]:
    """Return a street of blocks that move, with the number's bits as white and black squares at the upper edge."""
    shade = (np.arange(HEIGHT)[:, None] // 2 + (np.arange(WIDTH)[None, :] + 4 * number) // 3) % 160 + 40
    made = np.repeat(shade[:, :, None], 3, axis=2).astype(np.uint8)
    made[200:260, (number * 7) % WIDTH : (number * 7) % WIDTH + 60] = (200, 60, 40)
    made[:CELL] = 0
    for bit in range(BITS):
        if number >> bit & 1:
            made[:CELL, (bit + 1) * CELL : (bit + 2) * CELL] = 255
    made[:CELL, :CELL] = 255  # says that there is a picture
    return made


def number_of(width: int, height: int, green: Callable[[int, int], int]) -> int | None:
    """Return the number in a picture shown at any size, by its points; None when there is none."""
    row = height * CELL // (2 * HEIGHT)
    marks = [green((2 * cell + 1) * CELL * width // (2 * WIDTH), row) > 127 for cell in range(BITS + 1)]
    return sum(1 << bit for bit in range(BITS) if marks[bit + 1]) if marks[0] else None


class Marked(Shelf):
    """One film for everybody."""

    def __init__(self) -> None:
        encoder = Encoder(WIDTH, HEIGHT, FPS)
        for number in range(FRAMES):
            encoder.add(picture(number))
        self._film = Film(encoder.finished(), 0xBE_7C_00_01)

    @override
    def film(self, scene: str, *, is_sub: bool) -> Film | None:
        return self._film


class Street(CameraServer):
    """A server that can be down."""

    is_down = False

    def order(self, word: str) -> None:
        self.is_down = word == "down"
        for audience in self._audiences.values():
            for client in list(audience.clients) if self.is_down else ():
                client.close()


class Door(Client):
    """Lets nobody in while the server is down."""

    def __init__(self, street: Street) -> None:
        super().__init__(street)
        self._street = street

    @override
    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        super().connection_made(transport)
        if self._street.is_down:
            self.close()


async def main() -> None:
    loop = asyncio.get_running_loop()
    street = Street(Marked(), ProfileClock(), fps=FPS)
    server = await loop.create_server(lambda: Door(street), "127.0.0.1", 0)
    orders = asyncio.StreamReader()
    await loop.connect_read_pipe(lambda: asyncio.StreamReaderProtocol(orders), sys.stdin)
    print(server.sockets[0].getsockname()[1], flush=True)
    async with server, asyncio.TaskGroup() as group:
        group.create_task(street.play())
        while word := (await orders.readline()).decode().strip():
            street.order(word)
        raise SystemExit(0)


if __name__ == "__main__":
    asyncio.run(main())
