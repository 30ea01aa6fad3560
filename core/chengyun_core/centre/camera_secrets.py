"""`keys/cameras.toml`: who we are to cameras and platforms; 0600, read when it changed, written by the command line.

[default]                     # cameras that nothing below names
user = "viewer"
password = "…"

[cameras."CAM-0001"]          # one camera
[networks."10.20.0.0/16"]     # cameras whose address is an IP address in it; the narrowest network wins

[platforms.city]              # a video platform (GB/T 28181)
kind = "wvp"
name = "市视频共享平台"
url = "http://10.8.0.5:18080"
user = "chengyun"
password = "…"
"""

import ipaddress
import json
import os
import secrets
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from urllib.parse import urlsplit

import msgspec

from chengyun_core.centre.camera_ports import Login
from chengyun_core.model.camera import Camera
from chengyun_core.model.failure import Refused, Trouble
from chengyun_core.wire import secret_file
from chengyun_core.wire.durable import sync_folder

PLATFORM_KINDS = ("wvp",)
MOST_BYTES = 2**20
FILE_NAME = "cameras.toml"
_SECTIONS = ("cameras", "default", "networks", "platforms")


@dataclass(frozen=True, slots=True, kw_only=True)
class PlatformEntry:
    """One platform of the file."""

    kind: str
    name: str = ""
    url: str
    user: str = ""
    password: str = field(default="", repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """User and password of one section."""

    user: str
    password: str = field(default="", repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Book:
    """The whole file."""

    default: Entry | None = None
    cameras: dict[str, Entry] = field(default_factory=dict)
    networks: dict[str, Entry] = field(default_factory=dict)
    platforms: dict[str, PlatformEntry] = field(default_factory=dict)

    def login(self, camera: Camera) -> Login:
        """Return who we are to a camera: by its code, by its network, else by default; nobody when none is told."""
        entry = self.cameras.get(camera.code) or self._by_network(camera.address) or self.default
        return Login() if entry is None else Login(user=entry.user, password=entry.password)

    def _by_network(self, address: str) -> Entry | None:
        try:
            host = ipaddress.ip_address(urlsplit(address).hostname or "")
        except ValueError:
            return None
        fitting = [ipaddress.ip_network(told) for told in self.networks]
        fitting = [network for network in fitting if host in network]
        narrowest = max(fitting, key=lambda network: network.prefixlen, default=None)
        return None if narrowest is None else self.networks[str(narrowest)]


class CameraSecrets:
    """The file of one profile; a missing one is an empty one."""

    def __init__(self, file: Path) -> None:
        self.file = file
        self._held, self._stamp = Book(), (0, 0)

    def book(self) -> Book:
        """Return what is written there now.

        Raises:
            Trouble: `secret.…`, others could read it. Refused: `camera.secrets_wrong` with the section.
        """
        try:
            status = self.file.stat()
        except FileNotFoundError:
            return Book()
        stamp = (status.st_mtime_ns, status.st_size)
        if stamp != self._stamp:
            secret_file.expect_private(self.file, status)
            self._held = _book(self.file)
            self._stamp = stamp
        return self._held

    def keep(self, book: Book) -> None:
        """Write the file anew, whole or not at all. Raises OSError."""
        self.file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        draft = self.file.with_name(f".{FILE_NAME}.{secrets.token_hex(8)}")
        secret_file.write_new(draft, text_of(book))
        os.replace(draft, self.file)  # noqa: PTH105 - one word for one system call
        sync_folder(self.file.parent)


def with_entry(book: Book, *, camera: str = "", network: str = "", entry: Entry | None) -> Book:
    """Return the book with one entry written or (None) taken out; neither camera nor network: the default.

    Raises:
        Refused: `video.fence.network`, that is no network.
    """
    if camera:
        return replace(book, cameras=_with(book.cameras, camera, entry))
    if network:
        return replace(book, networks=_with(book.networks, _network(network), entry))
    return replace(book, default=entry)


def with_platform(book: Book, code: str, entry: PlatformEntry | None) -> Book:
    """Return the book with one platform written or (None) taken out."""
    others = {known: value for known, value in book.platforms.items() if known != code}
    return replace(book, platforms=others if entry is None else {**others, code: entry})


def text_of(book: Book) -> str:
    """Return the file's text; reading it gives the same book."""
    parts = [] if book.default is None else [_section("default", _login(book.default))]
    parts += [_section(f"cameras.{_quoted(code)}", _login(entry)) for code, entry in sorted(book.cameras.items())]
    parts += [_section(f"networks.{_quoted(told)}", _login(entry)) for told, entry in sorted(book.networks.items())]
    for code, one in sorted(book.platforms.items()):
        told = {"kind": one.kind, "name": one.name, "url": one.url, "user": one.user, "password": one.password}
        parts.append(_section(f"platforms.{_quoted(code)}", told))
    return "\n".join(parts)


def _with(entries: Mapping[str, Entry], key: str, entry: Entry | None) -> dict[str, Entry]:
    others = {known: value for known, value in entries.items() if known != key}
    return others if entry is None else {**others, key: entry}


def _login(entry: Entry) -> dict[str, str]:
    return {"user": entry.user, "password": entry.password}


def _section(name: str, values: Mapping[str, str]) -> str:
    return "\n".join((f"[{name}]", *(f"{key} = {_quoted(value)}" for key, value in values.items()), ""))


def _quoted(text: str) -> str:
    """Return a TOML basic string; JSON's escapes are among its own."""
    return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007f")


def _book(file: Path) -> Book:
    try:
        data = file.read_bytes()[: MOST_BYTES + 1]
        table = tomllib.loads(data.decode("utf-8")) if len(data) <= MOST_BYTES else None
    except OSError as fault:
        raise Trouble("secret.unreadable", file=file, reason=fault.strerror or fault) from fault
    except (UnicodeDecodeError, tomllib.TOMLDecodeError) as fault:
        # The parser's sentence may quote a line, and the line may be the password.
        raise Refused("camera.secrets_wrong", file=file, section="toml") from fault
    if table is None or (unknown := sorted(set(table) - set(_SECTIONS))):
        raise Refused("camera.secrets_wrong", file=file, section=unknown[0][:64] if table else "toml")
    for section, value in table.items():
        _expect(file, section, value)
    book: Book = msgspec.convert(table, Book)
    networks = {_network(told): entry for told, entry in book.networks.items()}
    return replace(book, networks=networks)


def _expect(file: Path, section: str, value: object) -> None:
    kind = {"cameras": dict[str, Entry], "default": Entry, "networks": dict[str, Entry],
            "platforms": dict[str, PlatformEntry]}[section]  # fmt: skip
    try:
        msgspec.convert(value, kind)
    except msgspec.ValidationError:
        raise Refused("camera.secrets_wrong", file=file, section=section) from None
    if section == "platforms" and isinstance(value, dict):
        wrong = [code for code, one in value.items() if one["kind"] not in PLATFORM_KINDS]
        if wrong:
            raise Refused("camera.platform_kind", platform=wrong[0], known=", ".join(PLATFORM_KINDS))


def _network(told: str) -> str:
    try:
        return str(ipaddress.ip_network(told))
    except ValueError as fault:
        raise Refused("video.fence.network", network=told, reason=str(fault)) from fault
