"""Waiting for a condition with a limit, where a process or a socket decides when."""

import threading
import time
from collections.abc import Callable

LIMIT_S = 20.0
STEP_S = 0.02


def wait_until(condition: Callable[[], bool], what: str, *, limit_s: float = LIMIT_S) -> None:
    """Return as soon as the condition holds; raise AssertionError naming `what` when the limit is over."""
    end = time.monotonic() + limit_s
    pause = threading.Event()
    while not condition():
        if time.monotonic() > end:
            raise AssertionError(f"waited {limit_s} s in vain until {what}")
        pause.wait(STEP_S)
