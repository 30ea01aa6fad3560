"""The process beside the console that calls out when the window hangs or dies: no Qt, and nothing shared but a pipe.

    python -m chengyun_console.lookout.sentry        (beats on stdin, what it does on stdout)

A byte `.` is a beat, `q` a goodbye. Five seconds without one while the console lives, or the end of the pipe without a
goodbye, and it sounds until a beat comes, the console says goodbye, or it has called long enough (RF27).
"""

import os
import select
import signal
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from enum import Enum

from chengyun_console.sound import tones
from chengyun_console.sound.output import Output, open_sound_card
from chengyun_console.sound.speech import resampled
from chengyun_core.model.failure import Trouble

SILENT_S = 5.0
EVERY_S = 5.0
"""Pause between two calls."""
CALLS_FOR_THE_DEAD = 6
"""A console that ended without a goodbye is called out for half a minute: whoever comes starts it again."""
OVERSLEPT_S = 2.0
"""Late by so much for its own look, this process slept as well: the machine did, and nobody hangs (RF30)."""
LOOK_S = 0.5
BEAT, GOODBYE = b".", b"q"


class Standing(Enum):
    """How the console stands."""

    ALIVE = "alive"
    SILENT = "silent"
    DEAD = "dead"
    GONE = "gone"


@dataclass(slots=True)
class Sentry:
    """What is to be done about what was heard. Told the time, monotonic s."""

    heard_s: float
    looked_s: float
    standing: Standing = Standing.ALIVE
    calls: int = 0
    called_s: float = 0.0

    def hear(self, told: bytes, now_s: float) -> None:
        """Take beats, a goodbye, or the end of the pipe (nothing)."""
        if GOODBYE in told:
            self.standing = Standing.GONE
        elif told:
            self.heard_s, self.standing, self.calls = now_s, Standing.ALIVE, 0
        else:
            self.standing = Standing.DEAD

    def look(self, now_s: float) -> bool:
        """Return whether it is to call out now."""
        slept = now_s - self.looked_s > LOOK_S + OVERSLEPT_S
        self.looked_s = now_s
        if slept and self.standing is Standing.ALIVE:
            self.heard_s = now_s
        if self.standing is Standing.ALIVE and now_s - self.heard_s >= SILENT_S:
            self.standing = Standing.SILENT
        if self.standing in (Standing.ALIVE, Standing.GONE) or (self.calls and now_s - self.called_s < EVERY_S):
            return False
        self.calls, self.called_s = self.calls + 1, now_s
        return True

    @property
    def is_over(self) -> bool:
        """Whether nobody is left to watch."""
        return self.standing is Standing.GONE or (
            self.standing is Standing.DEAD and self.calls >= CALLS_FOR_THE_DEAD
        )  # fmt: skip


def watch(pipe: int, call: Callable[[Sentry], None]) -> None:
    """Watch until nobody is left."""
    now_s = time.monotonic()
    sentry = Sentry(heard_s=now_s, looked_s=now_s)
    while not sentry.is_over:
        if sentry.standing is Standing.DEAD:
            time.sleep(LOOK_S)  # the end of a pipe is readable for ever
        elif select.select([pipe], [], [], LOOK_S)[0]:
            sentry.hear(os.read(pipe, 4096), time.monotonic())
        if sentry.look(time.monotonic()):
            call(sentry)


def call_out(sentry: Sentry) -> None:
    """Sound once, and say on stdout what was done: it goes to the log of the console's profile."""
    silent_s = time.monotonic() - sentry.heard_s
    try:
        heard = _sound(open_sound_card(""))
    except Trouble as trouble:
        heard = f"no sound: {trouble}"
    sys.stdout.write(f"console {sentry.standing.value} for {silent_s:.1f} s, call {sentry.calls}: {heard}\n")
    sys.stdout.flush()


def _sound(output: Output) -> str:
    samples = resampled(tones.lookout(), tones.RATE, output.rate)
    try:
        output.write(samples)
        time.sleep(samples.size / output.rate)
    finally:
        output.close()
    return output.name


def main() -> int:
    """Watch stdin. Ctrl+C in the console's terminal is the console's business."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    watch(sys.stdin.fileno(), call_out)
    return 0


if __name__ == "__main__":
    sys.exit(main())
