"""Has a worker's own code try every hostile address, and prints what it would have connected to; nothing leaves.

Run as a process of its own: an audit hook cannot be taken away again.
"""

import json
import socket
import sys

from chengyun_core.model.failure import Refused, Trouble
from chengyun_core.video.connection import Connection, pinned_soon
from chengyun_core.video.fence import Fence
from chengyun_core.video.gate import Gate
from tests.support.camera_addresses import ALLOWED, HOSTILE

tried: list[str] = []
is_recording = True
asked: dict[str, int] = {}


class StoppedError(OSError):
    """What the recorder answers in place of the network."""


def record(event: str, arguments: tuple[object, ...]) -> None:
    if event == "socket.connect" and is_recording:
        tried.append(str(arguments[1][0]))
        raise StoppedError


def rebinding(host: str, *rest: object, **more: object) -> list[tuple[object, ...]]:
    """A name service that tells the truth once, and this machine's own address from then on."""
    if host.replace(".", "").isdigit() or ":" in host:  # numeric: `create_connection` takes it apart
        return _found(host)
    asked[host] = asked.get(host, 0) + 1
    return _found("10.66.7.7" if asked[host] == 1 else "127.0.0.1")


def _found(address: str) -> list[tuple[object, ...]]:
    family = socket.AF_INET6 if ":" in address else socket.AF_INET
    return [(family, socket.SOCK_STREAM, 6, "", (address, 554))]


def main() -> None:
    socket.getaddrinfo = rebinding
    sys.addaudithook(record)
    gate = Gate()
    gate.install()
    fence = Fence(networks=("10.66.0.0/16", "2001:db8:66::/48"))
    outcomes: dict[str, str] = {}
    rebound = ["rtsp://rebind.example/1", "rtsp://rebind.example/1"]
    for url in (*HOSTILE, *(url for url, _ in ALLOWED), *rebound):
        try:
            Connection(pinned_soon(fence, url), gate, ca_file="", most_mbit_s=1).close()
        except (Refused, Trouble) as failure:
            outcomes[url] = failure.reason.code
    outcomes["past the fence"] = _past_the_fence()
    print(json.dumps({"tried": tried, "outcomes": outcomes}))


def _past_the_fence() -> str:
    """What a fault of ours, or of a library, would try."""
    global is_recording  # noqa: PLW0603 - the recorder is this whole process
    is_recording = False
    try:
        with socket.socket() as plain:
            plain.connect(("127.0.0.1", 9))
    except PermissionError:
        return "stopped"
    except OSError:
        return "tried"
    return "connected"


if __name__ == "__main__":
    main()
