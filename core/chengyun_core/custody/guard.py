"""What may not be in a profile that leaves the house on a laptop: the live realm, ways to live systems, real people.

A machine cannot tell an invented name from a real one; it can tell a telephone number no line has. So names are vouched
for by who seals, and numbers are looked for in every byte: mobile numbers, numbers of land lines and of identity cards.
"""

import ipaddress
import re
import tomllib
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from chengyun_core.custody import tree
from chengyun_core.wire import curve

DRILL = "drill"
MOST_NAMED = 20
"""Findings of one kind that are named; the rest is counted."""
_LOCAL_SCHEMES = frozenset({"ipc", "inproc", "unix", "file"})
_ADDRESS_NAMES = frozenset(
    {"address", "bind", "broker", "brokers", "endpoint", "host", "hosts", "server", "servers", "url"}
)
_HOST_PORT = re.compile(r"\[?([0-9A-Za-z.:_-]+?)\]?(:\d+)?")
_MOBILE = rb"(?<![0-9a-f.])(?:\+?86[- ]?)?1[3-9]\d[- ]?\d{4}[- ]?\d{4}(?![0-9a-f.])"
# A subscriber's number in China begins with 2 to 8; reference people have 0 there (023-0000-0001), which no line has.
_LAND_LINE = rb"(?<![0-9a-f.-])0(?:10|2\d|[3-9]\d\d)[- ][2-8]\d{2,3}[- ]?\d{4}(?![0-9a-f.-])"
_IDENTITY = rb"(?<![0-9a-f.])[1-9]\d{5}(?:19|20)\d{2}(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])\d{3}[0-9Xx](?![0-9a-f.])"
_NUMBERS = (
    ("phone", re.compile(_MOBILE)), ("phone", re.compile(_LAND_LINE)), ("identity", re.compile(_IDENTITY)),
)  # fmt: skip
_DIGITS = bytes(0x31 if chr(byte) in "0123456789 +-" else 0 for byte in range(256))
_RUN = b"1" * 11
"""The shortest number of all has eleven digits and strokes."""
_BLOCK, _AROUND = 4 << 20, 64
_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
_CHECK_DIGITS = b"10X98765432"
_ARRAYS = ".npz"
"""Of the archive: packed, and numbers only."""
_PACKED = (b"PK\x03\x04", b"\x1f\x8b", b"7z\xbc\xaf", b"Rar!", b"%PDF", b"\x89PNG", b"\xff\xd8\xff")
"""Archives, office files, PDF and pictures: their words are not in their bytes."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """One thing that may not leave the house. `code` is its sentence; `shown` never holds a whole number."""

    code: str
    where: str
    shown: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Judgement:
    """All that was found; empty findings: it may be sealed."""

    findings: tuple[Finding, ...]
    looked_at: int
    """Files whose bytes were searched."""
    not_readable: tuple[str, ...]
    """Files whose words cannot be found in their bytes (pictures, office files): who seals vouches for them, too."""


def judge(profile: Path) -> Judgement:
    """Look at a whole profile. Raises OSError; Refused for links among its files."""
    files = [one.path for one in tree.lying(profile, strict=True) if not one.is_folder]
    packed = tuple(path for path in files if _is_packed(profile / path))
    findings = (*_settings(profile), *_keys(profile), *_people(profile, [path for path in files if path not in packed]))
    unread = tuple(path for path in packed if not path.endswith(_ARRAYS))
    return Judgement(findings=findings, looked_at=len(files) - len(packed), not_readable=unread)


def _settings(profile: Path) -> Iterator[Finding]:
    file = profile / "profile.toml"
    told: dict[str, Any] = tomllib.loads(file.read_text("utf-8"))
    realm = told.get("profile", {}).get("realm", "live")
    if realm != DRILL:
        yield Finding(code="custody.find_realm", where="profile.toml [profile] realm", shown=str(realm))
    for where, name, text in _texts(told, ""):
        if not _is_local(name, text):
            yield Finding(code="custody.find_endpoint", where=f"profile.toml {where}", shown=text)
        elif _leads_out(profile, text):
            yield Finding(code="custody.find_path", where=f"profile.toml {where}", shown=text)


def _texts(told: object, where: str, name: str = "") -> Iterator[tuple[str, str, str]]:
    """Yield place, name and text of every text in the settings, however deep."""
    if isinstance(told, dict):
        for key, value in told.items():
            yield from _texts(value, f"{where}.{key}" if where else f"[{key}]", str(key))
    elif isinstance(told, list):
        for number, value in enumerate(told, 1):
            yield from _texts(value, f"{where}[{number}]", name)
    elif isinstance(told, str) and told:
        yield where, name, told


def _is_local(name: str, text: str) -> bool:
    if "://" in text:
        parts = urlsplit(text)
        return parts.scheme in _LOCAL_SCHEMES or _is_loopback(parts.hostname or "")
    found = _HOST_PORT.fullmatch(text)
    if name in _ADDRESS_NAMES:
        return found is not None and _is_loopback(found[1])
    return found is None or not _is_address(found[1]) or _is_loopback(found[1])


def _is_loopback(host: str) -> bool:
    return host == "localhost" or (_is_address(host) and ipaddress.ip_address(host).is_loopback)


def _is_address(text: str) -> bool:
    try:
        ipaddress.ip_address(text)
    except ValueError:
        return False
    return True


def _leads_out(profile: Path, text: str) -> bool:
    """Return whether a setting names a path outside the profile, which would lie there in clear."""
    if "\n" in text or not text.startswith(("/", "~", "..")):
        return False
    return not (profile / Path(text).expanduser()).resolve().is_relative_to(profile.resolve())


def _keys(profile: Path) -> Iterator[Finding]:
    if (profile / "keys" / "database.url").exists():
        yield Finding(code="custody.find_endpoint", where="keys/database.url")
    if curve.is_elsewhere(profile):
        yield Finding(code="custody.find_endpoint", where="keys/curve/server.pub")


def _people(profile: Path, files: list[str]) -> Iterator[Finding]:
    named: Counter[str] = Counter()
    for path in files:
        for at, kind, text in _numbers(profile / path):
            named[kind] += 1
            if named[kind] <= MOST_NAMED:
                yield Finding(code=f"custody.find_{kind}", where=f"{path} @{at}", shown=_masked(text))


def _numbers(file: Path) -> Iterator[tuple[int, str, bytes]]:
    """Yield place, kind and text of all in a file that looks like a real person's number."""
    with file.open("rb") as opened:
        for begin in range(0, file.stat().st_size, _BLOCK):
            opened.seek(max(0, begin - _AROUND))
            data = opened.read(begin + _BLOCK + _AROUND - opened.tell())
            base = max(0, begin - _AROUND)
            for at, kind, text in _within(data):
                if begin <= base + at < begin + _BLOCK:
                    yield base + at, kind, text


def _within(data: bytes) -> Iterator[tuple[int, str, bytes]]:
    """Yield what is found in a block. Runs of digits are looked for first, at the speed of memory."""
    runs = data.translate(_DIGITS)
    at = runs.find(_RUN)
    while at >= 0:
        end = runs.find(b"\0", at)
        end = len(runs) if end < 0 else end
        for kind, matcher in _NUMBERS:
            for found in matcher.finditer(data, max(0, at - 1), end + 1):
                if kind != "identity" or _is_identity(found[0]):
                    yield found.start(), kind, found[0]
        at = runs.find(_RUN, end)


def _is_identity(text: bytes) -> bool:
    """Return whether the last digit is the check digit of the others (GB 11643-1999)."""
    total = sum(weight * (digit - 0x30) for weight, digit in zip(_WEIGHTS, text[:17], strict=True))
    return _CHECK_DIGITS[total % 11] == text[17:].upper()[0]


def _masked(text: bytes) -> str:
    shown = text.decode("ascii")
    return f"{shown[:3]}…{shown[-2:]}"


def _is_packed(file: Path) -> bool:
    with file.open("rb") as opened:
        return opened.read(8).startswith(_PACKED)
