"""Finds the video track in a camera's session description (RFC 8866, 6184, 7798)."""

import base64
import binascii
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from urllib.parse import urljoin

from chengyun_core.model.failure import Refused


class Codec(StrEnum):
    """What is decoded."""

    H264 = "h264"
    HEVC = "hevc"


_NAMES = {"H264": Codec.H264, "H265": Codec.HEVC, "HEVC": Codec.HEVC}
_SETS = ("sprop-parameter-sets", "sprop-vps", "sprop-sps", "sprop-pps")
MOST_SETS = 16


@dataclass(frozen=True, slots=True, kw_only=True)
class Track:
    """One video stream that can be asked for."""

    codec: Codec
    payload_type: int
    clock_rate: int
    control: str
    """Absolute URL for SETUP. It is only a word within the same connection: nothing is connected to by it."""
    parameter_sets: tuple[bytes, ...] = ()
    """SPS, PPS (and VPS) told beforehand, each one NAL unit."""


@dataclass(slots=True, kw_only=True)
class _Media:
    kind: str
    payload_types: list[str]
    attributes: list[tuple[str, str]] = field(default_factory=list)

    def of(self, name: str) -> list[str]:
        return [value for key, value in self.attributes if key == name]


def video_track(text: str, base: str) -> tuple[Track, str]:
    """Return the first track with H.264 or H.265, and the URL of the whole session.

    Raises:
        Refused: `video.no_video`, naming what there is instead.
    """
    session, media = _sections(text)
    whole = _absolute(base, (session.of("control") or ["*"])[0])
    others = []
    for entry in media:
        if entry.kind != "video":
            continue
        for payload_type in entry.payload_types:
            name, rate = _format(entry, payload_type)
            if name in _NAMES:
                control = _absolute(base, (entry.of("control") or ["*"])[0])
                return _track(_NAMES[name], entry, payload_type, rate, control), whole
            others.append(name or payload_type)
    raise Refused("video.no_video", found=", ".join(others)[:60] or "–")


def _sections(text: str) -> tuple[_Media, list[_Media]]:
    session = _Media(kind="session", payload_types=[])
    media: list[_Media] = []
    for line in text.splitlines():
        kind, _, value = line.partition("=")
        if kind == "m":
            words = value.split()
            media.append(_Media(kind=words[0] if words else "", payload_types=words[3:]))
        elif kind == "a":
            name, _, rest = value.partition(":")
            (media[-1] if media else session).attributes.append((name.strip().lower(), rest.strip()))
    return session, media


def _format(media: _Media, payload_type: str) -> tuple[str, int]:
    """Return name and clock rate of a payload type; nothing for one that is not described."""
    for told in media.of("rtpmap"):
        number, _, rest = told.partition(" ")
        name, _, rate = rest.strip().partition("/")
        rate = rate.partition("/")[0]
        if number == payload_type and rate.isdecimal() and int(rate[:9]) > 0:
            return name.strip().upper(), int(rate[:9])
    return "", 0


def _track(codec: Codec, media: _Media, payload_type: str, rate: int, control: str) -> Track:
    told = _parameters(media, payload_type)
    sets = [part for name in _SETS for part in told.get(name, "").split(",") if part][:MOST_SETS]
    return Track(
        codec=codec, payload_type=int(payload_type) & 0x7F, clock_rate=rate, control=control,
        parameter_sets=tuple(found for part in sets if (found := _decoded(part))),
    )  # fmt: skip


def _parameters(media: _Media, payload_type: str) -> Mapping[str, str]:
    for told in media.of("fmtp"):
        number, _, rest = told.partition(" ")
        if number == payload_type:
            pairs = (part.partition("=") for part in rest.split(";"))
            return {name.strip().lower(): value.strip() for name, _, value in pairs}
    return {}


def _decoded(part: str) -> bytes:
    try:
        return base64.b64decode(part, validate=True)
    except (binascii.Error, ValueError):
        return b""  # told wrongly: the stream brings its own, or no picture comes and that is said


def _absolute(base: str, control: str) -> str:
    """Return a control URL as cameras mean it: a relative one is put behind the base, whatever RFC 3986 says."""
    if control in {"*", ""}:
        return base
    if control.lower().startswith(("rtsp://", "rtsps://")):
        return control
    if control.startswith("/"):
        return urljoin(base.replace("rtsp", "http", 1), control).replace("http", "rtsp", 1)
    return f"{base.rstrip('/')}/{control}"
