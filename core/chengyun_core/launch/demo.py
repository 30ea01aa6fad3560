"""`chengyun demo`: a city from nothing: profile, catalogue, accounts, both daemons, the scenario and a console."""

import logging
import socket
import threading
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from chengyun_core.launch import (
    accounts,
    catalogue_command,
    console_process,
    devices_command,
    export,
    map_command,
    mode_command,
    plans_command,
    profile,
    relay,
    roster_command,
    up,
)
from chengyun_core.launch.console_process import Shot
from chengyun_core.launch.door_client import DoorClient
from chengyun_core.launch.profile import Profile
from chengyun_core.launch.report import EXIT_DONE, EXIT_TROUBLE, Report
from chengyun_core.launch.supervisor import Supervisor
from chengyun_core.model.alarm import effective
from chengyun_core.model.failure import Trouble
from chengyun_core.wire import codec
from chengyun_core.wire.addresses import of_profile
from chengyun_core.wire.endpoints import PROTOCOL_VERSION
from chengyun_core.wire.envelope import Hello, IngestStatus, Snapshot
from chengyun_core.wire.plan_asks import AskLibrary, LibraryTold
from chengyun_resources.reference import city, plans
from chengyun_resources.texts import Texts

logger = logging.getLogger(__name__)

SIZES = ((1920, 1080), (1366, 768))
"""The sizes every screen is looked at (UI.md)."""
PAGES = ("F1", "F2", "F5", "F6")
SIMULATED = '\n[ingest.simulator]\nscenario = "{scenario}"\n'
"""So that `chengyun up` and `chengyun console` bring the demo city to life again without being told."""
LATER_SHOT_S = 6.0
OFFSCREEN_S = 60.0
"""How long the city lives when there is no display and nobody said how long."""
TICK_S = 0.1


@dataclass(frozen=True, slots=True, kw_only=True)
class DemoOptions:
    """What the stranger may choose."""

    seconds: float
    shots: Path
    scenario: str
    language: str
    seat: str = accounts.DEMO_SEAT
    realm: str = "live"
    """Of a profile that is made: a drill may be sealed for a laptop (`chengyun seal`)."""


def run(folder: Path, options: DemoOptions, texts: Texts) -> Report:
    """Bring the demo up, show the console (or photograph it offscreen), take all down again and report."""
    made = profile.ensure(
        folder, name="demo", realm=options.realm, more_settings=SIMULATED.format(scenario=options.scenario)
    )
    profile.ensure_section(made, "video", _demo_server)
    relay.ensure_demo(made)
    supervisor = Supervisor(up.children(made, ("--scenario", options.scenario)))
    supervisor.start()
    try:
        prepare(made, supervisor, texts)
        with _ticking(supervisor):
            return _show(made, options, supervisor, texts)
    finally:
        supervisor.stop()


def _demo_server() -> str:
    """Return the setting that gives the demo's cameras a place: a port that is free now, and so most likely later."""
    with socket.create_server(("127.0.0.1", 0)) as found:
        return f'demo_server = "127.0.0.1:{found.getsockname()[1]}"'


def prepare(made: Profile, supervisor: Supervisor, texts: Texts) -> None:
    """Make catalogue and accounts when missing, and wait until both daemons answer."""
    addresses = of_profile(made.folder)
    up.wait_until_answers(addresses.centre_door, supervisor)
    _ensure_catalogue(made, texts)
    _ensure_plans(made, texts)
    accounts.ensure_demo(made, "500000", texts)
    mode_command.ensure_demo(made)
    roster_command.ensure_demo(made)
    map_command.ensure_demo(made, texts)
    devices_command.ensure_demo(made)
    up.wait_until_answers(addresses.ingest_door, supervisor)


def _ensure_catalogue(made: Profile, texts: Texts) -> None:
    if _catalogue_version(made) > 0:
        return
    print(texts.say("launch.making_city"), flush=True)
    tables = city.tables()
    report = catalogue_command.import_tables(made, tables, {name: f"reference/{name}" for name in tables}, texts)
    if report.exit_code:
        raise Trouble("launch.reference_faulty", first=report.lines[0])


def _ensure_plans(made: Profile, texts: Texts) -> None:
    with DoorClient(of_profile(made.folder).centre_door, session=made.key("admin.key")) as door:
        told = codec.unpack(door.ask("plan.library", AskLibrary()), LibraryTold)
    if told.templates:
        return
    tables = plans.tables()
    origin = {name: f"reference/{name}" for name in tables}
    report = plans_command.import_tables(made, tables, origin, texts)
    if report.exit_code:
        raise Trouble("launch.reference_faulty", first=report.lines[0])


def _catalogue_version(made: Profile) -> int:
    with DoorClient(of_profile(made.folder).centre_door, session=made.key("admin.key")) as door:
        snapshot = codec.unpack(door.ask("snapshot", Hello(protocol=PROTOCOL_VERSION, client="demo")), Snapshot)
    return max((record.version for record in snapshot.records if record.kind == "catalogue"), default=0)


def _show(made: Profile, options: DemoOptions, supervisor: Supervisor, texts: Texts) -> Report:
    officer = accounts.DEMO_ACCOUNTS[0][0]
    sign_on = _sign_on(made, officer, options)
    if console_process.has_display() and not options.seconds:
        print(texts.say("launch.demo_open", folder=made.folder), flush=True)
        console_process.run(made, sign_on)
        shots: list[Path] = []
    else:
        print(texts.say("launch.demo_offscreen", seconds=options.seconds, folder=options.shots), flush=True)
        shots = _photograph(made, options, sign_on)
    return _summary(made, supervisor, shots, texts)


def _sign_on(made: Profile, account: str, options: DemoOptions) -> Sequence[str]:
    file = made.folder / "keys" / f"{account}.password"
    return ("--account", account, "--seat", options.seat, "--password-file", str(file), "--language", options.language)


def _photograph(made: Profile, options: DemoOptions, sign_on: Sequence[str]) -> list[Path]:
    planned = [
        Shot(
            page=page,
            width=width,
            height=height,
            after_s=LATER_SHOT_S,
            file=options.shots / f"{page}-{width}x{height}.png",
        )
        for width, height in SIZES
        for page in PAGES
    ]
    first = planned[0]
    planned[0] = Shot(page=first.page, width=first.width, height=first.height, after_s=options.seconds, file=first.file)
    return [shot.file for shot in planned if console_process.take(made, shot, sign_on) == EXIT_DONE]


def _summary(made: Profile, supervisor: Supervisor, shots: list[Path], texts: Texts) -> Report:
    addresses = of_profile(made.folder)
    with DoorClient(addresses.ingest_door) as door:
        status = codec.unpack(door.ask("status", Hello(protocol=PROTOCOL_VERSION, client="demo")), IngestStatus)
    with DoorClient(addresses.centre_door, session=made.key("admin.key")) as door:
        alarms = export.alarms_of(door.changes())
    facts: dict[str, Any] = {
        "profile": str(made.folder),
        "samples": status.counters.get("samples", 0),
        "dropped": sum(count for name, count in status.counters.items() if name.startswith("dropped.")),
        "alarms": len(alarms),
        "alarms_by_state": _counted(effective(alarm) for alarm in alarms),
        "restarts": supervisor.restarts(),
        "shots": [str(path) for path in shots],
    }
    lines = (texts.say("launch.demo_summary", **facts), *(texts.say("launch.shot_left", file=path) for path in shots))
    return Report(lines=lines, facts=facts, exit_code=EXIT_DONE if not supervisor.restarts() else EXIT_TROUBLE)


def _counted(states: Any) -> dict[str, int]:
    counted: dict[str, int] = {}
    for state in states:
        counted[str(state)] = counted.get(str(state), 0) + 1
    return counted


class _ticking:  # noqa: N801 - reads as a phrase: `with _ticking(supervisor)`
    """Ticks a supervisor in a thread of its own while the console holds the main one."""

    def __init__(self, supervisor: Supervisor) -> None:
        self._supervisor = supervisor
        self._ended = threading.Event()
        self._thread = threading.Thread(target=self._run, name="supervisor", daemon=True)

    def __enter__(self) -> None:
        self._thread.start()

    def __exit__(self, *_: object) -> None:
        self._ended.set()
        self._thread.join()

    def _run(self) -> None:
        while not self._ended.wait(TICK_S):
            self._supervisor.tick()
