"""What a helper process does: it ends with who started it, takes no more than it may, and tells whole messages."""

import ctypes
import os
import resource
import signal
import sys
from contextlib import suppress

_SET_PARENT_DEATH_SIGNAL = 1


def bind() -> None:
    """Have the kernel end this process with the thread that started it; leave at once when that is gone already."""
    parent = os.getppid()
    ctypes.CDLL(None, use_errno=True).prctl(_SET_PARENT_DEATH_SIGNAL, signal.SIGKILL)
    if os.getppid() != parent:
        sys.exit(1)
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl+C is meant for the parent, which then ends us


def limit(address_bytes: int, files: int) -> None:
    """Take no more addresses and open files than these from now on, and leave no core behind."""
    for kind, most in (
        (resource.RLIMIT_AS, address_bytes), (resource.RLIMIT_CORE, 0), (resource.RLIMIT_NOFILE, files),
    ):  # fmt: skip
        _, hard = resource.getrlimit(kind)
        wanted = most if hard == resource.RLIM_INFINITY else min(most, hard)
        resource.setrlimit(kind, (wanted, wanted))


def tell(descriptor: int, data: bytes) -> None:
    """Write a whole message; one that nobody reads any more is none."""
    with suppress(BrokenPipeError):  # who started us is gone, and so are we in a moment
        view = memoryview(data)
        while view:
            view = view[os.write(descriptor, view) :]
