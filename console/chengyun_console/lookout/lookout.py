"""The beat of the window for its watchers: the count of halts, the stacks, and the sentry's pipe."""

import logging
import os
import subprocess
import sys
import time
from contextlib import suppress
from pathlib import Path

from PySide6.QtCore import QObject, Qt, QTimer, Signal

from chengyun_console.lookout.halts import PERIOD_S, TOLD_FROM_S, Halt, Halts
from chengyun_console.lookout.sentry import BEAT, GOODBYE
from chengyun_console.lookout.stacks import Stacks
from chengyun_core.model.clock import NS_PER_S, ProfileClock

logger = logging.getLogger(__name__)

LOGS = "log"
"""Folder of logs in a profile."""
LOG_NAME = "console-lookout.log"
MOST_STARTS = 5
"""A sentry that ends again and again is given up; the centre still marks the seat (席位无响应)."""
_ENDS_WITHIN_S = 1.0


class Lookout(QObject):
    """Beats from the GUI thread's own loop: what keeps the loop keeps the beat.

    `has_sentry`: pictures and tests make no noise.
    """

    did_halt = Signal(object)
    """A `Halt` that has just ended, once the loop turns again."""

    def __init__(self, folder: Path, halts: Halts, *, has_sentry: bool = True) -> None:
        super().__init__()
        self._folder, self._halts, self._has_sentry = folder, halts, has_sentry
        self._stacks: Stacks | None = None
        self._sentry: subprocess.Popen[bytes] | None = None
        self._killed: list[subprocess.Popen[bytes]] = []
        """Sentries that broke off, until the kernel has let go of them."""
        self._starts = 0
        self._clock = ProfileClock()
        self._timer = QTimer(self, interval=round(PERIOD_S * 1000), timerType=Qt.TimerType.PreciseTimer)
        self._timer.timeout.connect(self._on_beat)

    def start(self) -> None:
        """Begin to watch."""
        self._stacks = Stacks(self._folder, TOLD_FROM_S)
        if self._has_sentry:
            self._start_sentry()
        self._timer.start()

    def stop(self) -> None:
        """Watch no more; the sentry is told goodbye."""
        self._timer.stop()
        if self._stacks is not None:
            self._stacks.close()
        if self._sentry is not None:
            self._tell(GOODBYE)
        if self._sentry is not None:
            self._end_sentry(self._sentry)
            self._sentry = None
        for sentry in self._killed:
            self._end_sentry(sentry)
        self._killed.clear()

    def _on_beat(self) -> None:
        halt = self._halts.beat(time.monotonic(), time.clock_gettime(time.CLOCK_BOOTTIME))
        if self._stacks is not None:
            self._stacks.arm()
        if self._sentry is not None:
            self._tell(BEAT)
        self._killed = [sentry for sentry in self._killed if sentry.poll() is None]
        if halt is not None:
            self._note(halt)
            self.did_halt.emit(halt)

    def _note(self, halt: Halt) -> None:
        at_s = self._clock.utc_ns() // NS_PER_S
        told = f"{halt.seconds:.2f} s without a turn of the loop, {halt.asleep_s:.2f} s of it asleep"
        if self._stacks is not None:
            self._stacks.note(f"until {at_s} (s UTC): {told}")

    def _tell(self, word: bytes) -> None:
        sentry = self._sentry
        if sentry is None or sentry.stdin is None:
            return
        try:
            os.write(sentry.stdin.fileno(), word)
        except BlockingIOError:
            pass  # it is behind; what it has not read is as good as a beat
        except OSError:
            logger.warning("the process that calls out for a hung console has ended with %s", sentry.poll())
            # Not waited for: the window does not stand still for who watches over it.
            sentry.stdin.close()
            sentry.kill()
            self._killed.append(sentry)
            self._sentry = None
            if word == BEAT:
                self._start_sentry()

    def _start_sentry(self) -> None:
        self._starts += 1
        if self._starts > MOST_STARTS:
            return
        command = [sys.executable, "-m", "chengyun_console.lookout.sentry"]
        try:
            with (self._folder / LOG_NAME).open("ab") as log:
                self._sentry = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=log, stderr=log)
        except OSError as fault:
            logger.warning("nobody calls out when this console hangs: %s", fault)
            return
        if self._sentry.stdin is not None:
            os.set_blocking(self._sentry.stdin.fileno(), False)

    def _end_sentry(self, sentry: subprocess.Popen[bytes]) -> None:
        if sentry.stdin is not None:
            sentry.stdin.close()
        if not _has_gone(sentry):
            sentry.kill()
            if not _has_gone(sentry):
                logger.error("the process that calls out was killed and does not end; it is left behind")


def _has_gone(sentry: subprocess.Popen[bytes]) -> bool:
    with suppress(subprocess.TimeoutExpired):
        sentry.wait(_ENDS_WITHIN_S)
    return sentry.returncode is not None
