"""`chengyun doctor`: looks at everything that would fail an officer, and says what is wrong and what to do."""

import platform
import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from importlib import metadata
from typing import Any

import zmq

from chengyun_core.custody import place, term
from chengyun_core.launch import key_command, relay
from chengyun_core.launch.door_client import DoorClient
from chengyun_core.launch.profile import SECRET_KEYS, Profile
from chengyun_core.launch.report import EXIT_DONE, EXIT_TROUBLE, Report
from chengyun_core.model.failure import Reason, Refused, Trouble
from chengyun_core.wire import heartbeat, secret_file, settings_file, sockets, versions
from chengyun_core.wire.addresses import of_profile, run_folder, settings_of
from chengyun_core.wire.endpoints import TOPIC_HEARTBEAT
from chengyun_core.wire.envelope import Heartbeat
from chengyun_resources.texts import Texts

PACKAGES = (
    "numpy",
    "pyzmq",
    "msgspec",
    "SQLAlchemy",
    "alembic",
    "pyqtgraph",
    "PySide6_Essentials",
    "qasync",
    "cryptography",
)
CJK_FAMILY = "Noto Sans CJK SC"
LEAST_FREE_BYTES = 1 << 30
"""Below 1 GiB the journal may not last the night."""
LEAST_SQLITE = (3, 51, 3)
"""First core without the WAL-reset corruption (RELIABILITY rule 4)."""
HEARTBEAT_LIMIT_MS = 1500
SPANNING_NAMED = 20
"""Vitals that span shards are named up to so many; the ingest log names all."""
CLOCK_LIMIT_S = 1.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """One thing looked at. `code` is the sentence that says what to do; empty when all is well."""

    name: str
    fine: bool
    shown: str
    code: str = ""
    params: Mapping[str, str] = field(default_factory=dict)


def examine(profile: Profile, texts: Texts) -> Report:
    """Examine machine and profile; the exit code is non-zero when anything is not fine."""
    findings = [finding for look in LOOKS for finding in _looked(look, profile)]
    fine = all(finding.fine for finding in findings)
    facts: dict[str, Any] = {
        "fine": fine,
        "profile": str(profile.folder),
        "findings": [_facts(finding, texts) for finding in findings],
    }
    lines = tuple(_line(finding, texts) for finding in findings)
    return Report(lines=lines, facts=facts, exit_code=EXIT_DONE if fine else EXIT_TROUBLE)


def _looked(look: Callable[[Profile], Iterator[Finding]], profile: Profile) -> list[Finding]:
    try:
        return list(look(profile))
    except (OSError, Refused, Trouble) as fault:
        return [Finding(name=look.__name__.strip("_"), fine=False, shown=str(fault), code="doctor.look_failed")]


def _versions(profile: Profile) -> Iterator[Finding]:  # noqa: ARG001 - every look takes the profile
    yield Finding(
        name="python", fine=sys.version_info >= (3, 11), shown=platform.python_version(), code="doctor.python_old"
    )
    yield Finding(name="zeromq", fine=True, shown=zmq.zmq_version())
    for name in PACKAGES:
        try:
            yield Finding(name=name, fine=True, shown=metadata.version(name))
        except metadata.PackageNotFoundError:
            yield Finding(name=name, fine=False, shown="-", code="doctor.package_missing")


def _fonts(profile: Profile) -> Iterator[Finding]:  # noqa: ARG001 - every look takes the profile
    tool = shutil.which("fc-list")
    if tool is None:
        yield Finding(name="font", fine=False, shown="fc-list", code="doctor.no_fontconfig")
        return
    found = subprocess.run([tool, CJK_FAMILY, "file"], capture_output=True, text=True, check=False).stdout.strip()
    yield Finding(name="font", fine=bool(found), shown=CJK_FAMILY, code="doctor.font_missing")


def _sockets(profile: Profile) -> Iterator[Finding]:
    run = run_folder(profile.folder)
    mode = run.stat().st_mode & 0o777
    yield Finding(name="run_folder", fine=mode == 0o700, shown=f"{run} {mode:o}", code="doctor.run_folder_open")
    addresses = of_profile(profile.folder)
    yield _hello("centre.door", addresses.centre_door)
    for ingest in addresses.ingest:
        yield _hello(f"ingest-{ingest.shard}.door" if ingest.shard else "ingest.door", ingest.door)


def _hello(name: str, address: str) -> Finding:
    try:
        with DoorClient(address, timeout_s=1.0) as door:
            welcome = door.hello()
    except (Refused, Trouble) as fault:
        return Finding(name=name, fine=False, shown=fault.reason.code, code="doctor.daemon_silent")
    return Finding(name=name, fine=True, shown=f"protocol {welcome.protocol}, realm {welcome.realm}")


def _shards(profile: Profile) -> Iterator[Finding]:
    """Several ingest daemons: every vital must have one that owns all its channels, or nobody judges it."""
    shards = settings_of(profile.folder).shards
    if shards == 1:
        return
    from chengyun_core.ingest.catalogue_cache import CatalogueCache  # noqa: PLC0415 - numpy costs every CLI call 0.1 s
    from chengyun_core.ingest.ownership import Ownership  # noqa: PLC0415
    from chengyun_core.ingest.settings import IngestSettings  # noqa: PLC0415

    ranges = settings_file.read(profile.settings_file, "ingest", IngestSettings).ranges
    catalogue = CatalogueCache(profile.folder).load()
    if catalogue is None:
        yield Finding(name="shards", fine=False, shown=str(shards), code="doctor.shards_unknown")
        return
    spanning = Ownership(catalogue, ranges, shards=shards).spanning()
    named = ", ".join(spanning[:SPANNING_NAMED])
    shown = f"{len(spanning)}: {named}" if spanning else str(shards)
    yield Finding(name="shards", fine=not spanning, shown=shown, code="doctor.vital_spans_shards")


def _database(profile: Profile) -> Iterator[Finding]:
    version = _sqlite_version()
    yield Finding(
        name="sqlite", fine=version >= LEAST_SQLITE, shown=".".join(map(str, version)), code="doctor.sqlite_old"
    )
    file = profile.folder / "centre" / "chengyun.db"
    if not file.exists():
        yield Finding(name="database", fine=False, shown=str(file), code="doctor.database_missing")
        return
    beat = _heartbeat(of_profile(profile.folder).centre_changes)
    light = beat.lights.get("database", "ok") if beat else "doctor.daemon_silent"
    shown = f"{file} {file.stat().st_size} B, journal {beat.tail if beat else '?'}"
    yield Finding(name="database", fine=light == "ok", shown=shown, code=light)
    for name, light in sorted(beat.lights.items()) if beat else ():
        if name in ("backup", "journal"):
            yield Finding(name=name, fine=light == "ok", shown=light, code=light)


def _sqlite_version() -> tuple[int, ...]:
    # Which SQLite core the store will use is the store's decision; it is asked, not guessed.
    from chengyun_core.store.engine import sqlite_version  # noqa: PLC0415 - importing SQLAlchemy costs every CLI call 0.3 s

    return sqlite_version()


def _keys(profile: Profile) -> Iterator[Finding]:
    for name in SECRET_KEYS:
        path = profile.folder / "keys" / name
        try:
            secret_file.read(path)
        except Trouble as fault:
            yield Finding(name=name, fine=False, shown=str(path), **_why(fault.reason))
        else:
            yield Finding(name=name, fine=True, shown=str(path))


def _why(fault: Reason | None) -> dict[str, Any]:
    return {} if fault is None else {"code": fault.code, "params": fault.params}


def _curve(profile: Profile) -> Iterator[Finding]:
    for name, shown, fault in key_command.findings(profile):
        yield Finding(name=name, fine=fault is None, shown=shown, **_why(fault))


def _seal(profile: Profile) -> Iterator[Finding]:
    """An open sealed profile: swap that would write it to the disk in clear, and how long it lasts."""
    until_ns = place.until_of(profile.folder)
    if until_ns is None:
        return
    yield Finding(name="seal", fine=True, shown=term.last_day(until_ns))
    for device in place.swap_in_clear():
        yield Finding(name="swap", fine=False, shown=device, code="custody.swap", params={"device": device})


def _relay(profile: Profile) -> Iterator[Finding]:
    """A relay of consultations that is set and silent leaves rooms of more than two without sound."""
    if told := relay.address(profile):
        yield Finding(name="relay", fine=relay.answers(told), shown=told, code="doctor.relay_silent")


def _clock(profile: Profile) -> Iterator[Finding]:
    beat = _heartbeat(of_profile(profile.folder).centre_changes)
    if beat is None:
        yield Finding(name="clock", fine=False, shown="-", code="doctor.daemon_silent")
        return
    drift_s = abs(time.time_ns() - beat.sent_ns) / 1e9  # noqa: TID251 - the doctor compares the machine's clock itself
    shown = f"{drift_s:.3f} s, rate {beat.law.rate:g}"
    yield Finding(name="clock", fine=drift_s <= CLOCK_LIMIT_S, shown=shown, code="doctor.clock_off")


def _disk(profile: Profile) -> Iterator[Finding]:
    free = shutil.disk_usage(profile.folder).free
    yield Finding(name="disk", fine=free >= LEAST_FREE_BYTES, shown=f"{free / 2**30:.1f} GiB", code="doctor.disk_low")


def _heartbeat(address: str) -> Heartbeat | None:
    context: zmq.Context[zmq.Socket[bytes]] = zmq.Context()
    socket = sockets.subscriber(context, address, TOPIC_HEARTBEAT, queued=4)
    try:
        if not socket.poll(HEARTBEAT_LIMIT_MS):
            return None
        data = socket.recv_multipart()[1]
        versions.refuse_other(data)
        return heartbeat.read(data)
    finally:
        socket.close()
        context.term()


LOOKS: tuple[Callable[[Profile], Iterator[Finding]], ...] = (
    _versions,
    _fonts,
    _sockets,
    _shards,
    _database,
    _keys,
    _curve,
    _seal,
    _relay,
    _clock,
    _disk,
)


def _facts(finding: Finding, texts: Texts) -> dict[str, Any]:
    params = {"name": finding.name, "shown": finding.shown, **finding.params}
    advice = "" if finding.fine else texts.say(finding.code, **params)
    return {"name": finding.name, "fine": finding.fine, "shown": finding.shown, "advice": advice}


def _line(finding: Finding, texts: Texts) -> str:
    facts = _facts(finding, texts)
    mark = texts.say("doctor.fine" if finding.fine else "doctor.not_fine")
    return texts.say("doctor.line", mark=mark, **facts)
