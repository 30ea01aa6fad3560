"""One ONVIF camera: its clock, its services, its profiles, its streams and its movement."""

import math
import secrets
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import NoReturn
from urllib.parse import urlsplit, urlunsplit

from chengyun_core.bulletins.xml_tree import Element
from chengyun_core.centre.camera_http import CameraHttp
from chengyun_core.centre.camera_ports import Login, Streams
from chengyun_core.centre.onvif.envelope import DEVICE, MEDIA, PTZ, Call, attribute, element, read, written
from chengyun_core.model.camera import Preset, StreamQuality
from chengyun_core.model.failure import Trouble

MOST_PROFILES = 32
MOST_PRESETS = 300
_TYPE = "application/soap+xml; charset=utf-8"
_LEAST_SKEW_S = 2.0
"""A camera's clock that is nearer than this is taken for ours."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Profile:
    """One media profile."""

    token: str
    name: str
    pixels: int
    """Of a picture; 0: not told."""
    has_ptz: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Services:
    """What was learned of a camera once."""

    skew: timedelta
    """Its time less ours."""
    media: str
    ptz: str
    """Empty: it cannot be moved."""
    profiles: tuple[Profile, ...]


class OnvifCamera:
    """A CameraPort. What it learned of a camera is kept until something fails."""

    def __init__(self, http: CameraHttp, address: str, login: Login, now: Callable[[], datetime]) -> None:
        """`address` is that of the device service; `now` our own machine's UTC time."""
        self._http, self._address, self._login, self._now = http, address, login, now
        self._services: Services | None = None

    async def streams(self, quality: StreamQuality) -> Streams:  # noqa: ARG002 - both come with one question each
        """Return the addresses of the largest and of the smallest profile."""
        known = await self._known()
        ordered = sorted(known.profiles, key=lambda profile: -profile.pixels)
        main = await self._stream(known, ordered[0])
        small = ordered[-1]
        sub = await self._stream(known, small) if 0 < small.pixels < ordered[0].pixels else ""
        return Streams(main=main, sub=sub)

    async def move(self, x: float, y: float, zoom: float) -> None:
        """ContinuousMove; the camera itself stops after a second, should we be gone."""
        speed = (
            f"<s:Velocity><tt:PanTilt x={attribute(_speed(x))} y={attribute(_speed(y))}/>"
            f"<tt:Zoom x={attribute(_speed(zoom))}/></s:Velocity>"
        )
        await self._on_ptz("ContinuousMove", speed + element("Timeout", "PT1S"))

    async def stop(self) -> None:
        """Stop pan, tilt and zoom."""
        await self._on_ptz("Stop", element("PanTilt", "true") + element("Zoom", "true"))

    async def presets(self) -> tuple[Preset, ...]:
        """Return the positions whose token is a number; the others cannot be called by one."""
        answer = await self._on_ptz("GetPresets", "")
        found = (_preset(one) for one in answer.of("Preset")[:MOST_PRESETS])
        return tuple(sorted((one for one in found if one is not None), key=lambda one: one.number))

    async def go_to(self, preset: int) -> None:
        """GotoPreset."""
        await self._on_ptz("GotoPreset", element("PresetToken", preset))

    async def keep(self, preset: int, name: str) -> None:
        """SetPreset with the position's own token: known ones are written over."""
        named = element("PresetName", name) if name else ""
        await self._on_ptz("SetPreset", named + element("PresetToken", preset))

    async def _stream(self, known: Services, profile: Profile) -> str:
        setup = (
            f"<s:StreamSetup>{element('Stream', 'RTP-Unicast', prefix='tt')}<tt:Transport>"
            f"{element('Protocol', 'RTSP', prefix='tt')}</tt:Transport></s:StreamSetup>"
        )
        asked = Call(service=MEDIA, name="GetStreamUri", inside=setup + element("ProfileToken", profile.token))
        answer = await self._ask(known.media, asked, known.skew)
        uri = next((one.say("Uri") for one in answer.of("MediaUri")), "")
        return _bare(uri) if uri else _malformed("no_stream")

    async def _on_ptz(self, name: str, inside: str) -> Element:
        known = await self._known()
        profile = next((one for one in known.profiles if one.has_ptz), None)
        if not known.ptz or profile is None:
            raise Trouble("onvif.no_ptz")
        call = Call(service=PTZ, name=name, inside=element("ProfileToken", profile.token) + inside)
        return await self._ask(known.ptz, call, known.skew)

    async def _known(self) -> Services:
        if self._services is None:
            skew = await self._skew()
            media, ptz = await self._places(skew)
            answer = await self._ask(media, Call(service=MEDIA, name="GetProfiles"), skew)
            profiles = tuple(_profile(one) for one in answer.of("Profiles")[:MOST_PROFILES] if one.attributes)
            if not profiles:
                _malformed("no_profile")
            self._services = Services(skew=skew, media=media, ptz=ptz, profiles=profiles)
        return self._services

    async def _skew(self) -> timedelta:
        """Ask the camera's clock, which needs no user: our digest has to carry its time, not ours."""
        call = Call(service=DEVICE, name="GetSystemDateAndTime")
        answer = await self._ask(self._address, call, timedelta(), Login())
        theirs = _utc(answer)
        skew = timedelta() if theirs is None else theirs - self._now()
        return skew if abs(skew.total_seconds()) >= _LEAST_SKEW_S else timedelta()

    async def _places(self, skew: timedelta) -> tuple[str, str]:
        call = Call(service=DEVICE, name="GetCapabilities", inside=element("Category", "All"))
        answer = await self._ask(self._address, call, skew)
        told = {one.name: one.say("XAddr") for cap in answer.of("Capabilities") for one in cap.children}
        if not told.get("Media"):
            _malformed("no_media")
        return self._place(told["Media"]), self._place(told["PTZ"]) if told.get("PTZ") else ""

    def _place(self, told: str) -> str:
        """Return a service on the host we know, at the path and port it tells.

        Behind an address translator a camera tells an address that means somebody else here; and what it tells must
        not lead us anywhere else (RS11).
        """
        ours = urlsplit(self._address)
        try:
            theirs = urlsplit(told)
            port = theirs.port or ours.port
        except ValueError:
            _malformed("bad_address")
        host = f"[{ours.hostname}]" if ours.hostname and ":" in ours.hostname else ours.hostname
        return urlunsplit((ours.scheme, f"{host}:{port}" if port else str(host), theirs.path, theirs.query, ""))

    async def _ask(self, place: str, call: Call, skew: timedelta, login: Login | None = None) -> Element:
        data = written(call, self._login if login is None else login, self._now() + skew, secrets.token_bytes(16))
        kind = f'{_TYPE}; action="{call.action}"'
        try:
            answer = await self._http.ask(place, method="POST", body=data, headers={"Content-Type": kind})
            if answer.status == 401:
                raise Trouble("onvif.not_authorized")
            return read(answer.body, f"{call.name}Response")
        except Trouble:
            self._services = None  # it may have been restarted, moved, or its clock set
            raise


def _profile(told: Element) -> Profile:
    encoders = told.of("VideoEncoderConfiguration")
    sizes = [size for encoder in encoders for size in encoder.of("Resolution")]
    pixels = max((_whole(size.say("Width")) * _whole(size.say("Height")) for size in sizes), default=0)
    token = told.attributes.get("token", "")
    return Profile(token=token, name=told.say("Name"), pixels=pixels, has_ptz=bool(told.of("PTZConfiguration")))


def _preset(told: Element) -> Preset | None:
    number = _whole(told.attributes.get("token", ""))
    return Preset(number=number, name=told.say("Name") or str(number)) if number else None


def _utc(answer: Element) -> datetime | None:
    """Return the camera's UTC time, None when it tells none that exists."""
    moments = [utc for told in answer.of("SystemDateAndTime") for utc in told.of("UTCDateTime")]
    for moment in moments:
        date, time = next(iter(moment.of("Date")), None), next(iter(moment.of("Time")), None)
        if date is None or time is None:
            continue
        try:
            return datetime(*_wholes(date, "Year", "Month", "Day"), *_wholes(time, "Hour", "Minute", "Second"),
                            tzinfo=UTC)  # fmt: skip
        except ValueError:
            return None
    return None


def _wholes(inside: Element, *names: str) -> tuple[int, int, int]:
    first, second, third = (_whole(inside.say(name)) for name in names)
    return first, second, third


def _whole(text: str) -> int:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else 0


def _speed(speed: float) -> str:
    return f"{max(-1.0, min(1.0, speed)) if math.isfinite(speed) else 0.0:.3f}"


def _bare(uri: str) -> str:
    """Return a stream's address without user and password: those come from our own file."""
    try:
        split = urlsplit(uri)
    except ValueError:
        _malformed("bad_address")
    return urlunsplit((split.scheme, split.netloc.rpartition("@")[2], split.path, split.query, ""))


def _malformed(reason: str) -> NoReturn:
    raise Trouble("onvif.malformed", reason=reason)
