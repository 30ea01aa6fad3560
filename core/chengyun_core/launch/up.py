"""`chengyun up`: both daemons of a profile as children, until told to stop; and a centre borrowed for one command."""

import logging
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from types import FrameType

from chengyun_core.launch import relay, settings
from chengyun_core.launch.door_client import DoorClient
from chengyun_core.launch.profile import Profile
from chengyun_core.launch.settings import ProfileSettings
from chengyun_core.launch.supervisor import Child, Supervisor, daemon_command
from chengyun_core.model.failure import Trouble
from chengyun_core.model.room_parties import may_be_played
from chengyun_core.rtc.settings import PartySettings
from chengyun_core.video.settings import VideoSettings
from chengyun_core.wire import curve, settings_file
from chengyun_core.wire.addresses import of_profile, settings_of

logger = logging.getLogger(__name__)

TICK_S = 0.1
START_LIMIT_S = 30.0
PROBE_S = 0.3


def children(
    profile: Profile, ingest_arguments: Sequence[str] = (), centre_arguments: Sequence[str] = ()
) -> tuple[Child, ...]:
    """Return the daemons of a profile: centre, one ingest per shard, the historian that keeps what they sense, the
    survey that knows where devices stand and how, a demo's cameras, the relay of consultations, and in a drill who
    plays the members of a consultation nobody is there for.

    Every shard gets the arguments of ingest: each takes of a scenario or a replay what is its own.
    """
    return (
        _child(profile, "centre", *centre_arguments),
        *(_shard(profile, shard, *ingest_arguments) for shard in range(settings_of(profile.folder).shards)),
        _child(profile, "historian"),
        _child(profile, "survey"),
        *_demo_cameras(profile),
        *relay.child(profile),
        *_parties(profile),
    )


def run(
    profile: Profile,
    ingest_arguments: Sequence[str] = (),
    centre_arguments: Sequence[str] = (),
    stop: threading.Event | None = None,
) -> int:
    """Keep both daemons running until SIGTERM, SIGINT or `stop`; return 0."""
    stop = stop or stop_on_signals()
    supervisor = Supervisor(children(profile, ingest_arguments, centre_arguments))
    supervisor.start()
    try:
        while not stop.wait(TICK_S):
            supervisor.tick()
    finally:
        supervisor.stop()
    return 0


def answers(address: str, *, timeout_s: float = PROBE_S) -> bool:
    """Return whether a daemon answers a hello at this address."""
    try:
        with DoorClient(address, timeout_s=timeout_s) as door:
            door.hello()
    except Trouble:
        return False
    return True


def wait_until_answers(address: str, supervisor: Supervisor, *, limit_s: float = START_LIMIT_S) -> None:
    """Wait for a daemon's hello while the supervisor ticks; raise Trouble when the limit is over."""
    for _ in range(round(limit_s / PROBE_S)):
        if answers(address):
            return
        supervisor.tick()
    raise Trouble("launch.daemon_silent", address=address, seconds=limit_s, log=supervisor.children[0].log)


def ensure_running(profile: Profile) -> None:
    """Start `chengyun up` as a process of its own when no centre answers; it outlives whoever asked for it.

    Daemons of another machine are not ours to start.
    """
    if curve.is_elsewhere(profile.folder) or answers(of_profile(profile.folder).centre_door):
        return
    command = daemon_command("up", profile.folder)
    with (profile.log_folder / "up.log").open("ab") as log:
        subprocess.Popen(command, stdout=log, stderr=log, stdin=subprocess.DEVNULL, start_new_session=True)


@contextmanager
def borrowed_centre(profile: Profile) -> Iterator[None]:
    """Use the running centre daemon, or start one for the length of one command (its lock file keeps it single)."""
    address = of_profile(profile.folder).centre_door
    if curve.is_elsewhere(profile.folder) or answers(address):
        yield
        return
    supervisor = Supervisor((_child(profile, "centre"),))
    supervisor.start()
    try:
        wait_until_answers(address, supervisor)
        yield
    finally:
        supervisor.stop()


def _demo_cameras(profile: Profile) -> tuple[Child, ...]:
    """Return the server of the demo's cameras, where the settings name a place for it."""
    if not settings_file.read(profile.settings_file, "video", VideoSettings).demo_server:
        return ()
    command = [sys.executable, "-m", "chengyun_core.video.demo_cameras", str(profile.folder)]
    return (Child(name="cameras", command=command, log=profile.log_folder / "cameras.log"),)


def _parties(profile: Profile) -> tuple[Child, ...]:
    """Return who plays absent members: in a drill where it is not turned off, and where the centre is."""
    whole = settings.read(profile.settings_file, "profile", ProfileSettings)
    own = settings.read(profile.settings_file, "parties", PartySettings)
    return (_child(profile, "parties"),) if may_be_played(whole.realm) and own.is_on else ()


def _shard(profile: Profile, shard: int, *arguments: str) -> Child:
    if not shard:
        return _child(profile, "ingest", *arguments)
    child = _child(profile, "ingest", "--shard", str(shard), *arguments)
    return replace(child, name=f"ingest-{shard}", log=profile.log_folder / f"ingest-{shard}.log")


def _child(profile: Profile, name: str, *arguments: str) -> Child:
    return Child(
        name=name, command=daemon_command(name, profile.folder, *arguments), log=profile.log_folder / f"{name}.log"
    )


def stop_on_signals() -> threading.Event:
    """Return an event that SIGTERM and SIGINT set."""
    stop = threading.Event()

    def end(number: int, frame: FrameType | None) -> None:  # noqa: ARG001 - the signature is given by signal.signal
        stop.set()

    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, end)
    return stop
