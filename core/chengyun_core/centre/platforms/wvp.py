"""WVP-PRO as a video platform: log in, list devices and channels, open a stream, move a camera.

Its HTTP API as of version 2.7.4 (commit 768d740, 2026-08-06): `UserController`, `DeviceQuery`, `PlayController` and
`PtzController` of 648540858/wvp-GB28181-pro, `WVPResult` around every answer (`{"code": 0, "msg": …, "data": …}`).
"""

import asyncio
import hashlib
from collections.abc import Mapping
from typing import TypeVar
from urllib.parse import quote

import msgspec

from chengyun_core.centre.camera_http import Answer, CameraHttp
from chengyun_core.centre.camera_ports import Login, PlatformChannel, PlatformSeen, Streams
from chengyun_core.model.camera import Preset, StreamQuality
from chengyun_core.model.failure import Trouble

T = TypeVar("T")
PAGE = 100
MOST_PAGES = 200
PLAY_S = 20.0
"""A device is invited over SIP and has to send before the platform answers."""
_DONE, _UNAUTHORIZED = 0, 401
_PAN, _ZOOM = 255, 15
"""Greatest speeds of the API."""
_STILL = 0.05
"""Speeds below this are none: a stick never rests exactly in its middle."""
_WAYS = {
    (0, 1): "up", (0, -1): "down", (-1, 0): "left", (1, 0): "right",
    (-1, 1): "upleft", (1, 1): "upright", (-1, -1): "downleft", (1, -1): "downright",
}  # fmt: skip
_MOVABLE = frozenset({1, 4, 5})
"""GB/T 28181: dome, remote bullet, remote half dome."""
LONGEST_REASON = 120


class _Envelope(msgspec.Struct):
    code: int
    msg: str | None = None
    data: msgspec.Raw = msgspec.Raw(b"null")


class _User(msgspec.Struct):
    accessToken: str = ""


class _Device(msgspec.Struct):
    deviceId: str
    name: str | None = None
    onLine: bool = False


class _Channel(msgspec.Struct):
    deviceId: str
    name: str | None = None
    status: str | None = None
    longitude: float | None = None
    latitude: float | None = None
    ptzType: int | None = None
    parentId: str | None = None


class _Page(msgspec.Struct):
    total: int = 0
    list: tuple[msgspec.Raw, ...] = ()


class _Stream(msgspec.Struct):
    rtsp: str | None = None
    rtsps: str | None = None


class _Preset(msgspec.Struct):
    presetId: int | str
    presetName: str | None = None


_Presets = tuple[_Preset, ...]


class Wvp:
    """A PlatformPort; belongs to one asyncio loop."""

    def __init__(self, http: CameraHttp, url: str, login: Login) -> None:
        """`url` is the platform's own, `http://10.8.0.5:18080`."""
        self._http, self._url, self._login = http, url.rstrip("/"), login
        self._token = ""
        self._entering = asyncio.Lock()

    async def seen(self) -> PlatformSeen:
        """Count its devices and those that are online."""
        devices = await self._devices()
        return PlatformSeen(devices=len(devices), online=sum(device.onLine for device in devices))

    async def channels(self) -> tuple[PlatformChannel, ...]:
        """Return the channels of all devices."""
        found: list[PlatformChannel] = []
        for device in await self._devices():
            path = f"/api/device/query/devices/{_safe(device.deviceId)}/channels"
            told = await self._pages(path, _Channel)
            found += (_channel(device, one) for one in told)
        return tuple(found)

    def camera(self, device: str, channel: str) -> "WvpCamera":
        """Return one of its cameras."""
        return WvpCamera(self, device, channel)

    async def _devices(self) -> list[_Device]:
        return await self._pages("/api/device/query/devices", _Device)

    async def _pages(self, path: str, kind: type[T]) -> list[T]:
        found: list[T] = []
        for page in range(1, MOST_PAGES + 1):
            told = await self.ask(path, {"page": str(page), "count": str(PAGE)}, _Page)
            found += (_decoded(bytes(one), kind) for one in told.list)
            if not told.list or len(found) >= told.total:
                return found
        raise Trouble("platform.too_many", most=PAGE * MOST_PAGES)

    async def ask(self, path: str, query: Mapping[str, str], kind: type[T], *, patience_s: float = 5.0) -> T:
        """Return the data of an answer, logged in anew once when the token has run out."""
        token = self._token or await self._logged_in("")
        try:
            return _decoded(await self._data(path, query, token, patience_s), kind)
        except _NotLoggedIn:
            token = await self._logged_in(token)
        try:
            return _decoded(await self._data(path, query, token, patience_s), kind)
        except _NotLoggedIn:
            raise Trouble("platform.not_authorized") from None

    async def _data(self, path: str, query: Mapping[str, str], token: str, patience_s: float) -> bytes:
        headers = {"access-token": token}
        answer = await self._http.ask(self._url + path, query=query, headers=headers, patience_s=patience_s)
        told = _envelope(answer)
        if answer.status == _UNAUTHORIZED or told.code == _UNAUTHORIZED:
            raise _NotLoggedIn
        if told.code != _DONE:
            raise Trouble("platform.refused", said=told.code, reason=_harmless(told.msg))
        return bytes(told.data)

    async def _logged_in(self, worn: str) -> str:
        """Return a token other than the worn one; of many who need one, one asks."""
        async with self._entering:
            if self._token and self._token != worn:
                return self._token
            self._token = ""
            password = hashlib.md5(self._login.password.encode()).hexdigest()  # noqa: S324 - what its API wants
            query = {"username": self._login.user, "password": password}
            answer = await self._http.ask(self._url + "/api/user/login", query=query)
            told = _envelope(answer)
            if told.code != _DONE:
                raise Trouble("platform.not_authorized")
            self._token = _decoded(bytes(told.data), _User).accessToken or answer.headers.get("access-token", "")
            if not self._token:
                raise Trouble("platform.malformed", reason="no_token")
            return self._token


class WvpCamera:
    """A CameraPort: one channel of one device."""

    def __init__(self, platform: Wvp, device: str, channel: str) -> None:
        self._platform = platform
        self._place = f"{_safe(device)}/{_safe(channel)}"

    async def streams(self, quality: StreamQuality) -> Streams:  # noqa: ARG002 - the platform gives one stream
        """Have the platform invite the device, and return where it sends the stream on."""
        told = await self._platform.ask(f"/api/play/start/{self._place}", {}, _Stream, patience_s=PLAY_S)
        if not (address := told.rtsp or told.rtsps):
            raise Trouble("platform.malformed", reason="no_stream")
        return Streams(main=address)

    async def move(self, x: float, y: float, zoom: float) -> None:
        """Pan and tilt, or zoom: the API does not do both at once, the greater one wins."""
        if abs(zoom) > max(abs(x), abs(y)):
            await self._ptz("zoomin" if zoom > 0 else "zoomout", 0.0, 0.0, abs(zoom))
        else:
            way = _WAYS.get((_sign(x), _sign(y)), "stop")
            await self._ptz(way, abs(x), abs(y), 0.0)

    async def stop(self) -> None:
        """Stop."""
        await self._ptz("stop", 0.0, 0.0, 0.0)

    async def presets(self) -> tuple[Preset, ...]:
        """Return what the device answers within the platform's three seconds."""
        told = await self._platform.ask(f"/api/front-end/preset/query/{self._place}", {}, _Presets)
        found = (_preset(one) for one in told)
        return tuple(sorted((one for one in found if one.number), key=lambda one: one.number))

    async def go_to(self, preset: int) -> None:
        """Call a position."""
        await self._front_end("preset/call", {"presetId": str(preset)})

    async def keep(self, preset: int, name: str) -> None:  # noqa: ARG002 - GB/T 28181's command has no name
        """Set a position."""
        await self._front_end("preset/add", {"presetId": str(preset)})

    async def _ptz(self, command: str, x: float, y: float, zoom: float) -> None:
        speeds = {
            "horizonSpeed": _scaled(x, _PAN),
            "verticalSpeed": _scaled(y, _PAN),
            "zoomSpeed": _scaled(zoom, _ZOOM),
        }
        await self._front_end("ptz", {"command": command, **speeds})

    async def _front_end(self, what: str, query: Mapping[str, str]) -> None:
        await self._platform.ask(f"/api/front-end/{what}/{self._place}", query, msgspec.Raw)


class _NotLoggedIn(Exception):  # noqa: N818 - a turn in the conversation, not an error
    """The token has run out, or never was one."""


def _envelope(answer: Answer) -> _Envelope:
    if answer.status == _UNAUTHORIZED and not answer.body:
        return _Envelope(code=_UNAUTHORIZED)
    return _decoded(answer.body, _Envelope)


def _decoded(data: bytes, kind: type[T]) -> T:
    """Return what JSON holds. Fields we do not name are passed over: the platform has many, and adds to them."""
    try:
        return msgspec.json.decode(data, type=kind)
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError) as fault:
        reason = "empty" if not data.strip() else "not_json"
        raise Trouble("platform.malformed", reason=reason) from fault


def _channel(device: _Device, told: _Channel) -> PlatformChannel:
    known = bool(told.longitude and told.latitude)  # 0, 0 is what a device says that knows no place
    return PlatformChannel(
        device=device.deviceId, channel=told.deviceId, name=_harmless(told.name) or told.deviceId,
        is_online=told.status in ("ON", "1", "true"), longitude=told.longitude if known else None,
        latitude=told.latitude if known else None, ptz=bool(told.ptzType and told.ptzType in _MOVABLE),
        path=(_harmless(device.name) or device.deviceId,),
    )  # fmt: skip


def _preset(told: _Preset) -> Preset:
    text = str(told.presetId)
    number = int(text) if text.isascii() and text.isdigit() and len(text) < 4 else 0
    return Preset(number=number, name=_harmless(told.presetName) or text)


def _safe(identity: str) -> str:
    return quote(identity, safe="")


def _sign(speed: float) -> int:
    return 0 if abs(speed) < _STILL else 1 if speed > 0 else -1


def _scaled(speed: float, most: int) -> str:
    return str(round(min(1.0, abs(speed)) * most))


def _harmless(text: str | None) -> str:
    return "".join(letter for letter in text or "" if letter.isprintable())[:LONGEST_REASON]
