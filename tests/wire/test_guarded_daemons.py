"""Daemons behind their guard: other users reach no ipc socket, a dead answerer ends the daemon, no core is left."""

import os
import resource
import subprocess
import sys
from pathlib import Path

import pytest
import zmq

from chengyun_core.ingest import daemon
from chengyun_core.ingest.settings import IngestSettings
from chengyun_core.wire import addresses, codec, curve, sockets
from chengyun_core.wire.endpoints import TOPIC_HEARTBEAT
from chengyun_core.wire.envelope import Heartbeat
from chengyun_core.wire.zap import Answerer
from tests.support.curve_stand import fresh_pair, handshake, over_tcp
from tests.support.waiting import wait_until
from tests.wire.ingest_stand import Listener, ready_profile, running

NOBODY = 65_534
_ASK = """
import socket, sys
s = socket.socket(socket.AF_UNIX)
s.connect(sys.argv[1])
"""


def test_that_another_user_of_the_machine_reaches_no_ipc_socket(tmp_path: Path) -> None:
    profile = ready_profile(tmp_path / "p")
    for folder in (profile, *profile.parents):
        if folder.stat().st_mode & 0o777 == 0o700:
            folder.chmod(0o711)  # so that only the run folder can keep the other user out
    with running(profile, IngestSettings()), Listener(profile) as console:
        console.until(lambda _beat: True, "the daemon lives")
        path = addresses.of_profile(profile).ingest_door.removeprefix("ipc://")
        run = Path(path).parent
        assert run.stat().st_mode & 0o777 == 0o700
        if os.getuid() != 0:
            return  # only root can ask as another user; for everybody else the mode is the proof
        # The virtual environment may lie where others cannot go; the interpreter behind it does not.
        python = os.path.realpath(sys.executable)
        others = {"user": NOBODY, "group": NOBODY, "extra_groups": []}
        asked = [
            subprocess.run([python, "-c", _ASK, path], capture_output=True, text=True, check=False, **who)
            for who in (others, {})
        ]
        assert "PermissionError" in asked[0].stderr
        assert asked[1].returncode == 0, "its own user gets in: the question itself was right"


@pytest.mark.usefixtures("caplog")  # the daemon's end is logged as an error
def test_that_a_daemon_whose_answerer_died_says_so_unbinds_and_ends(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:  # fmt: skip
    profile = over_tcp(ready_profile(tmp_path / "p"))
    at = addresses.of_profile(profile)
    with running(profile, IngestSettings()) as code, zmq.Context() as context:
        ear = sockets.subscriber(context, at.ingest_state, TOPIC_HEARTBEAT, queued=10_000)
        beats: list[Heartbeat] = []

        def light() -> str:
            while ear.poll(0):
                beats.append(codec.unpack(ear.recv_multipart()[1], Heartbeat))
            return beats[-1].lights["security"] if beats else ""

        wait_until(lambda: light() == "ok", "the daemon is heard")
        monkeypatch.setattr(Answerer, "is_alive", property(lambda _self: False))
        wait_until(lambda: light() == "wire.answerer_dead", "the light is lit")
        wait_until(lambda: bool(code), "the daemon has ended")
        assert code == [daemon.EXIT_TROUBLE]
        late = sockets.caller(context, at.ingest_door)
        assert not late.poll(300, zmq.POLLOUT), "nothing listens any more"
        late.close()
        ear.close()


def test_that_the_heartbeat_counts_who_was_let_in_and_turned_away(tmp_path: Path) -> None:
    profile = over_tcp(ready_profile(tmp_path / "p"))
    with running(profile, IngestSettings()), Listener(profile) as console, zmq.Context() as context:
        console.until(lambda beat: beat.counters["security.admitted"] >= 1, "the console is let in")
        at, server = addresses.of_profile(profile).ingest_door, curve.pinned_server(profile)
        assert handshake(context, at, server, fresh_pair()) == "auth"
        console.until(lambda beat: beat.counters["security.refused"] == 1, "the stranger is counted")
        reply = console.ask("ingest.activations")
        assert (reply.outcome, reply.code) == ("refused", "wire.role_may_not")
        console.until(lambda beat: beat.counters["security.requests_refused"] == 1, "the request is counted")


def test_that_a_daemon_without_its_key_does_not_start_and_says_what_to_do(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:  # fmt: skip
    profile = over_tcp(ready_profile(tmp_path / "p"))
    (curve.folder_of(profile) / "server.key").chmod(0o644)
    with running(profile, IngestSettings()) as code:
        wait_until(lambda: bool(code), "the daemon has ended")
    assert code == [daemon.EXIT_TROUBLE]
    assert "secret.open" in caplog.text


def test_that_the_ingest_daemon_leaves_no_core_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    limits: list[tuple[int, tuple[int, int]]] = []  # the limit itself may be nought already, and cannot be raised again
    monkeypatch.setattr(resource, "setrlimit", lambda *asked: limits.append(asked))
    with running(ready_profile(tmp_path / "p"), IngestSettings()), Listener(tmp_path / "p") as console:
        console.until(lambda _beat: True, "the daemon lives")
        assert limits == [(resource.RLIMIT_CORE, (0, 0))]
