"""Keeps the profile's daemons running as children: starts, restarts with back-off, stops, and tells what happened."""

import logging
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path

logger = logging.getLogger(__name__)

FIRST_PAUSE_S = 0.2
LONGEST_PAUSE_S = 2.0
STEADY_AFTER_S = 5.0
"""A child that lived this long starts again without back-off."""
STOP_LIMIT_S = 5.0


@dataclass(slots=True, kw_only=True)
class Child:
    """One supervised process."""

    name: str
    command: Sequence[str]
    log: Path
    process: subprocess.Popen[bytes] | None = None
    started: float = 0.0
    pause_s: float = FIRST_PAUSE_S
    due: float = 0.0
    exits: list[int] = field(default_factory=list)

    def is_running(self) -> bool:
        """Return whether the process lives."""
        return self.process is not None and self.process.poll() is None


def daemon_command(name: str, profile: Path, *arguments: str) -> list[str]:
    """Return the command line of a daemon in this very Python environment."""
    return [sys.executable, "-m", "chengyun_core.launch", name, "--profile", str(profile), *arguments]


class Supervisor:
    """Owns children; `tick` is called regularly, `stop` ends them in reverse order."""

    def __init__(self, children: Sequence[Child]) -> None:
        self.children = tuple(children)

    def start(self) -> None:
        """Start every child that does not run."""
        for child in self.children:
            if not child.is_running():
                _start(child)

    def tick(self) -> None:
        """Restart what died, after its pause."""
        now = time.monotonic()
        for child in self.children:
            if child.process is not None and child.process.poll() is not None:
                _note_exit(child, now)
            if child.process is None and now >= child.due:
                _start(child)

    def stop(self) -> None:
        """Ask all to end, wait, then insist."""
        running = [child for child in reversed(self.children) if child.is_running()]
        for child in running:
            _signal(child, signal.SIGTERM)
        for child in running:
            _wait(child)

    @contextmanager
    def still(self) -> Iterator[None]:
        """Hold every running child still, so that what they write is of one instant: as if they were killed there."""
        held = [child for child in self.children if child.is_running()]
        try:
            for child in held:
                _signal(child, signal.SIGSTOP)
            for child in held:
                _wait_until_still(child)
            yield
        finally:
            for child in held:
                _signal(child, signal.SIGCONT)

    def restarts(self) -> int:
        """Return how many times a child had to be started again."""
        return sum(len(child.exits) for child in self.children)


def _start(child: Child) -> None:
    child.log.parent.mkdir(parents=True, exist_ok=True)
    with child.log.open("ab") as log:
        child.process = subprocess.Popen(
            child.command, stdout=log, stderr=log, stdin=subprocess.DEVNULL, env=os.environ
        )
    child.started = time.monotonic()
    logger.info("%s started, pid %s", child.name, child.process.pid)


def _note_exit(child: Child, now: float) -> None:
    code = child.process.returncode if child.process else 0
    child.process = None
    child.exits.append(code)
    child.pause_s = FIRST_PAUSE_S if now - child.started > STEADY_AFTER_S else min(2 * child.pause_s, LONGEST_PAUSE_S)
    child.due = now + child.pause_s
    logger.warning("%s ended with %s, starts again in %.1f s; see %s", child.name, code, child.pause_s, child.log)


def _signal(child: Child, number: signal.Signals) -> None:
    if child.process is not None and child.is_running():
        child.process.send_signal(number)


def _wait_until_still(child: Child) -> None:
    """SIGSTOP is on its way only: wait until all threads stand, or the child ended. Its end is left for `tick`."""
    if child.process is not None:
        with suppress(ChildProcessError):  # `tick` saw it end at the same moment
            os.waitid(os.P_PID, child.process.pid, os.WSTOPPED | os.WEXITED | os.WNOWAIT)


def _wait(child: Child) -> None:
    if child.process is None:
        return
    try:
        child.process.wait(STOP_LIMIT_S)
    except subprocess.TimeoutExpired:
        logger.warning("%s did not end within %.0f s and is killed", child.name, STOP_LIMIT_S)
        child.process.kill()
        child.process.wait()
