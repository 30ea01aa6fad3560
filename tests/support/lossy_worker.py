"""A media worker on a bad link: so many of its packets are lost on their way. `python -m … SHARE DESCRIPTOR`."""

import random
import sys

import aioice

from chengyun_core.rtc import worker

_CHANCE = random.Random(20261122)


def main(arguments: list[str]) -> int:
    """Run the worker with a share of what it sends thrown away, once lines stand."""
    share, inner = float(arguments[0]), aioice.Connection.send

    async def send(self: aioice.Connection, data: bytes) -> None:
        # RTP has version 2 in its first two bits; DTLS (20-63) sets the line up and is left alone.
        if data[0] < 128 or _CHANCE.random() >= share:
            await inner(self, data)

    aioice.Connection.send = send  # type: ignore[method-assign]
    return worker.main(arguments[1:])


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
