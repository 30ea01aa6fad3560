"""Asks one camera at the machine where its stream is, and whether an RTSP server answers there; shows no picture."""

import socket
import ssl
from functools import partial

from chengyun_core.centre.camera_desk import CameraDesk
from chengyun_core.centre.camera_office import CameraOffice
from chengyun_core.centre.camera_ports import Streams
from chengyun_core.centre.camera_streams import address_of_demo
from chengyun_core.model.camera import Camera, CameraKind, StreamQuality
from chengyun_core.model.failure import Refused, Trouble
from chengyun_core.video.fence import Pinned

PATIENCE_S = 3.0
MOST_BYTES = 4096
_ANSWERED = range(200, 500)
"""A server that wants credentials (401) or does not know OPTIONS (405) is there all the same."""


def address_of(desk: CameraDesk, office: CameraOffice, camera: Camera) -> str:
    """Return where a camera's main stream is; blocks while a camera or platform is asked.

    Raises:
        Refused, Trouble: as `camera.stream` does.
    """
    if camera.kind is CameraKind.RTSP:
        return camera.address
    if camera.kind is CameraKind.DEMO:
        if not desk.settings.demo_server:
            raise Refused("camera.no_demo", camera=camera.code)
        return address_of_demo(camera, StreamQuality.MAIN)
    return office.done(partial(_asked, camera=camera)).main


def options(pinned: Pinned, address: str) -> None:
    """Send OPTIONS to a judged place.

    Raises:
        Trouble: `camera.http.unreachable`, `camera.http.timeout`, `camera.not_rtsp`, `camera.rtsp_status`.
    """
    try:
        status = _status(pinned, address)
    except TimeoutError as fault:
        raise Trouble("camera.http.timeout", host=pinned.host, seconds=f"{PATIENCE_S:g}") from fault
    except OSError as fault:
        reason = fault.strerror or type(fault).__name__
        raise Trouble("camera.http.unreachable", host=pinned.host, reason=reason) from fault
    if status not in _ANSWERED:
        raise Trouble("camera.rtsp_status", host=pinned.host, status=status)


async def _asked(office: CameraOffice, *, camera: Camera) -> Streams:
    return await (await office.camera(camera)).streams(StreamQuality.MAIN)


def _status(pinned: Pinned, address: str) -> int:
    request = f"OPTIONS {address} RTSP/1.0\r\nCSeq: 1\r\nUser-Agent: Chengyun\r\n\r\n".encode("ascii")
    with socket.create_connection((pinned.address, pinned.port), PATIENCE_S) as plain, _wrapped(plain, pinned) as line:
        line.settimeout(PATIENCE_S)
        line.sendall(request)
        head = _head(line)
    words = head.split(b"\r\n", 1)[0].split()
    if len(words) < 2 or not words[0].startswith(b"RTSP/1.") or not words[1].isdigit():
        raise Trouble("camera.not_rtsp", host=pinned.host)
    return int(words[1][:4])


def _head(line: socket.socket) -> bytes:
    told = b""
    while b"\r\n\r\n" not in told and len(told) < MOST_BYTES:
        part = line.recv(1024)
        if not part:
            break
        told += part
    return told


def _wrapped(plain: socket.socket, pinned: Pinned) -> socket.socket:
    if pinned.scheme != "rtsps":
        return plain
    return ssl.create_default_context().wrap_socket(plain, server_hostname=pinned.host)
