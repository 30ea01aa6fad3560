"""Start-up: from the command to a usable console, the halts of its first half minute, a killed daemon's way back."""

import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

import numpy as np

from chengyun_core.launch import accounts, console_process, demo, profile, up
from chengyun_core.launch.supervisor import STEADY_AFTER_S, Supervisor
from chengyun_core.wire.addresses import of_profile
from chengyun_resources.texts import Texts
from tests.bench.figures import spread

ROUNDS = 5
SETTLE_S = 5.0
WARM_S = 30.0
"""All pages and rooms stand by then (see chengyun_console.shell.warming)."""
EARLY = "F6"
"""The page of most parts: wanted as soon as somebody signed on, before any other was made."""
GOAL_USABLE_S = 2.0
GOAL_COLD_S = 10.0
GOAL_BACK_S = 3.0
GOAL_BUSY_MS = 100.0
"""PERFORMANCE.md: no gap of the GUI thread above this. Processor time, so that it says the same on a busy machine."""


def main() -> int:
    """Print the figures; return 0 when the goals of PERFORMANCE.md are reached."""
    with tempfile.TemporaryDirectory() as folder:
        _keep_bytecode(Path(folder) / "bytecode")
        made = profile.ensure(Path(folder) / "p")
        supervisor = Supervisor(up.children(made, ("--scenario", "flood_2020")))
        supervisor.start()
        try:
            began = time.monotonic()
            demo.prepare(made, supervisor, Texts("en"))
            print(f"profile, reference city and accounts made, both daemons up: {time.monotonic() - began:.1f} s")
            return _measured(made, supervisor)
        finally:
            supervisor.stop()


def _keep_bytecode(folder: Path) -> None:
    """Let what Python compiles be kept, as on any machine it is installed on: this one may be told to keep nothing.

    Compiling our 330 modules takes a third of a start; only the first one, without any cache, pays it.
    """
    os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
    os.environ["PYTHONPYCACHEPREFIX"] = str(folder)


def _measured(made: profile.Profile, supervisor: Supervisor) -> int:
    cold = _usable_s(_run(made))
    warm = [_usable_s(_run(made)) for _ in range(ROUNDS)]
    print(f"console usable, first start without cache (goal {GOAL_COLD_S:g} s): {cold:.2f} s")
    print(f"console usable from its cache (goal {GOAL_USABLE_S:g} s): {spread(warm, '.2f')} s", end=", ")
    print(f"p95 {float(np.percentile(warm, 95)):.2f} s")
    busiest_ms = max(
        _tell_gaps(_run(made, WARM_S), "every page made in its turn"),
        _tell_gaps(_run(made, WARM_S, page=EARLY), f"{EARLY} asked for before all others"),
    )
    slowest = 0.0
    for name in ("centre", "ingest"):
        back = [_back_s(made, supervisor, name) for _ in range(ROUNDS)]
        slowest = max(slowest, *back)
        print(f"{name} answers again after kill -9 (goal {GOAL_BACK_S:g} s): {spread(back, '.2f')} s")
    reached = cold <= GOAL_COLD_S and statistics.median(warm) <= GOAL_USABLE_S and slowest <= GOAL_BACK_S
    return 0 if reached and busiest_ms <= GOAL_BUSY_MS else 1


def _tell_gaps(told: dict[str, Any], which: str) -> float:
    """Print how the window stood still; return the most that was its own doing, ms."""
    gaps = told["gaps"]
    busiest_ms = float(gaps["busiest_ms"])
    print(f"most processor time of the window between two beats in its first {WARM_S:g} s, {which}", end="")
    print(f" (goal {GOAL_BUSY_MS:g} ms): {busiest_ms:.0f} ms; by the wall the longest delay was", end=" ")
    print(f"{gaps['longest_ms']:.0f} ms, {gaps['over_100_ms']} of {gaps['beats']} beats later than 100 ms")
    return busiest_ms


def _usable_s(told: dict[str, Any]) -> float:
    return float(told["usable_after_s"])


def _run(made: profile.Profile, seconds: float = SETTLE_S, page: str = "F1") -> dict[str, Any]:
    """Let a console live for so long, with a page wanted from the start; return what it told of itself."""
    name = accounts.DEMO_ACCOUNTS[0][0]
    password = str(made.folder / "keys" / f"{name}.password")
    seat = ["--account", name, "--seat", accounts.DEMO_SEAT, "--password-file", password]
    picture = str(made.folder / "shot.png")
    line = console_process.command(made, ["--page", page, "--shot", picture, "--after", str(seconds), *seat])
    environment = console_process.environment()
    done = subprocess.run(line, env=environment, capture_output=True, text=True, check=True)
    told: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return told


def _back_s(made: profile.Profile, supervisor: Supervisor, name: str) -> float:
    addresses = of_profile(made.folder)
    door = addresses.centre_door if name == "centre" else addresses.ingest_door
    child = next(child for child in supervisor.children if child.name == name)
    assert child.process is not None
    # One kill an hour is the case asked about; a daemon that dies young again and again is started with pauses.
    time.sleep(STEADY_AFTER_S)
    supervisor.tick()
    child.process.kill()
    child.process.wait()
    began = time.monotonic()
    up.wait_until_answers(door, supervisor)
    return time.monotonic() - began


if __name__ == "__main__":
    sys.exit(main())
