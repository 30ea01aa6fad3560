"""Addresses of a profile's sockets: ipc files in its run folder, or TCP ports of the machine its daemons run on."""

import hashlib
import os
import stat
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Self

from chengyun_core.model.failure import Refused
from chengyun_core.wire import settings_file
from chengyun_core.wire.settings import MOST_SHARDS, WireSettings

LONGEST_IPC_PATH = 100
"""sun_path holds 108 bytes; ZeroMQ needs a few of them."""
LONGEST_SOCKET_NAME = "/ingest-63.archive"
SHORT_ROOT = Path("/tmp")  # noqa: S108  (folders in it are checked to be ours; see run_folder)
"""Not what TMPDIR says: daemons and consoles are started with different ones and must meet, and it may be long too."""
PORTS_OF_CENTRE = 3
PORTS_OF_SHARD = 2
LAST_PORT = 65_535


class Address(str):
    """An address that knows its profile, so that whoever connects there over TCP finds the keys."""

    __slots__ = ("profile",)
    profile: Path

    def __new__(cls, text: str, profile: Path) -> Self:
        """Make the address of a profile's socket."""
        made = super().__new__(cls, text)
        made.profile = profile
        return made


@dataclass(frozen=True, slots=True, kw_only=True)
class IngestAddress:
    """ZeroMQ addresses of one ingest daemon."""

    shard: int
    state: str
    door: str
    archive: str
    """Always ipc: the historian that reads samples here is a child of the daemon, on the same machine."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Addresses:
    """ZeroMQ addresses of the sockets of a profile."""

    ingest: tuple[IngestAddress, ...]
    """In the order of shards; at least one."""
    centre_changes: str
    centre_door: str
    history_door: str
    survey_door: str
    """Behind the ports of all shards, so that theirs stayed as they were when it came."""

    @property
    def ingest_state(self) -> str:
        """Return where the first shard publishes."""
        return self.ingest[0].state

    @property
    def ingest_door(self) -> str:
        """Return where the first shard is asked."""
        return self.ingest[0].door


def of_profile(profile: Path) -> Addresses:
    """Return where the sockets of the profile in this folder are reached; its run folder (0700) is made when missing.

    Raises Refused or Trouble for a section `[wire]` that cannot be meant or read.
    """
    settings = settings_of(profile)
    return _addresses(profile, settings, settings.host)


def bound_by_daemons(profile: Path) -> Addresses:
    """Return where the daemons of this machine bind: with TCP the interface, otherwise the same as `of_profile`."""
    settings = settings_of(profile)
    return _addresses(profile, settings, settings.host and settings.bind)


def settings_of(profile: Path) -> WireSettings:
    """Return section `[wire]` of the profile's settings, checked. Raises Refused or Trouble."""
    file = profile / "profile.toml"
    settings = settings_file.read(file, "wire", WireSettings)
    if not 1 <= settings.shards <= MOST_SHARDS:
        raise Refused("wire.shards", file=file, given=settings.shards, most=MOST_SHARDS)
    last = LAST_PORT - PORTS_OF_CENTRE - PORTS_OF_SHARD * settings.shards
    if not 1 <= settings.port <= last:
        raise Refused("wire.port", file=file, given=settings.port, last=last)
    return settings


def run_folder(profile: Path) -> Path:
    """Return the folder of sockets and process ids: `profile/run`, or a hashed name below `SHORT_ROOT`.

    It is this user's own and 0700 afterwards. Raises Refused when it is somebody else's, or a link to elsewhere.
    """
    run = profile.resolve() / "run"
    if len(bytes(run)) + len(LONGEST_SOCKET_NAME) > LONGEST_IPC_PATH:
        digest = hashlib.sha256(bytes(run)).hexdigest()[:16]
        run = SHORT_ROOT / f"chengyun-{os.getuid()}-{digest}"
    run.mkdir(mode=0o700, parents=True, exist_ok=True)
    status = run.lstat()  # in the temporary folder anybody may have laid a link under our name
    if status.st_uid != os.getuid() or not stat.S_ISDIR(status.st_mode):
        raise Refused("wire.run_folder_foreign", folder=run)
    run.chmod(0o700)
    return run


def _addresses(profile: Path, settings: WireSettings, host: str) -> Addresses:
    run = run_folder(profile)
    at = partial(_tcp, profile, host, settings.port) if host else partial(_ipc, run)
    return Addresses(
        ingest=tuple(_ingest(run, at, shard) for shard in range(settings.shards)),
        centre_changes=at("centre.changes", 0),
        centre_door=at("centre.door", 1),
        history_door=at("history.door", 2),
        survey_door=at("survey.door", PORTS_OF_CENTRE + PORTS_OF_SHARD * settings.shards),
    )


def _ingest(run: Path, at: Callable[[str, int], str], shard: int) -> IngestAddress:
    name = f"ingest-{shard}" if shard else "ingest"
    first = PORTS_OF_CENTRE + PORTS_OF_SHARD * shard
    return IngestAddress(
        shard=shard,
        state=at(f"{name}.state", first),
        door=at(f"{name}.door", first + 1),
        archive=_ipc(run, f"{name}.archive", first),
    )


def _ipc(run: Path, name: str, _offset: int) -> str:
    return f"ipc://{run}/{name}"


def _tcp(profile: Path, host: str, port: int, _name: str, offset: int) -> str:
    shown = f"[{host}]" if ":" in host else host  # an IPv6 address is told from its port by brackets
    return Address(f"tcp://{shown}:{port + offset}", profile)
