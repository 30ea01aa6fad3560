"""Children that die come back; children told to stop do."""

import sys
from pathlib import Path

from chengyun_core.launch.supervisor import Child, Supervisor
from tests.support.waiting import wait_until

SLEEPER = [sys.executable, "-c", "import time; time.sleep(60)"]


def _supervised(tmp_path: Path, command: list[str]) -> tuple[Supervisor, Child]:
    child = Child(name="sleeper", command=command, log=tmp_path / "log" / "sleeper.log")
    return Supervisor((child,)), child


def test_that_a_killed_child_is_started_again_with_a_new_process(tmp_path: Path) -> None:
    supervisor, child = _supervised(tmp_path, SLEEPER)
    supervisor.start()
    try:
        first = child.process
        assert first is not None
        first.kill()
        first.wait()

        def reborn() -> bool:
            supervisor.tick()
            return child.is_running() and child.process is not first

        wait_until(reborn, "the child starts again")
        assert supervisor.restarts() == 1
        assert child.exits == [-9]
    finally:
        supervisor.stop()
    assert not child.is_running()


def test_that_a_child_that_dies_at_once_is_given_longer_and_longer_pauses(tmp_path: Path) -> None:
    supervisor, child = _supervised(tmp_path, [sys.executable, "-c", "raise SystemExit(3)"])
    supervisor.start()
    try:

        def died_twice() -> bool:
            supervisor.tick()
            return len(child.exits) >= 2

        wait_until(died_twice, "the child dies twice")
        assert child.exits[:2] == [3, 3]
        assert child.pause_s > 0.4
    finally:
        supervisor.stop()


COUNTER = """
import sys
from itertools import count
for n in count():
    with open(sys.argv[1], "w") as file:
        file.write(str(n))
"""


def test_that_children_held_still_write_nothing_and_go_on_afterwards(tmp_path: Path) -> None:
    counted = tmp_path / "counted"
    supervisor, child = _supervised(tmp_path, [sys.executable, "-c", COUNTER, str(counted)])
    supervisor.start()
    try:
        wait_until(counted.exists, "the child counts")
        with supervisor.still():
            assert child.process is not None
            state = Path(f"/proc/{child.process.pid}/stat").read_text("ascii").rsplit(")", 1)[1].split()[0]
            assert state == "T"
            supervisor.tick()
            assert child.is_running()  # standing still is no end
            held = counted.stat().st_mtime_ns
        wait_until(lambda: counted.stat().st_mtime_ns != held, "the child goes on")
        child.process.kill()
        child.process.wait()
        with supervisor.still():
            assert not child.is_running()  # nobody to wait for
    finally:
        supervisor.stop()
