"""A console's watch over its stacks as a process of its own: another one's timer of the kernel is pytest's.

python -m tests.console.lookout.stacks_child WAY FOLDER: halts in a way, and says on stdout how it went.
"""

import ctypes
import signal
import sys
import threading
import time
from pathlib import Path

from chengyun_console.lookout.stacks import Stacks

LIMIT_S = 0.4


def main(way: str, folder: Path) -> int:
    """Halt, come back, close."""
    ways = {"python": _in_python, "code": _in_c_code, "lock": _for_a_lock, "none": _not, "often": _often}
    stacks = Stacks(folder, LIMIT_S)
    ways[way](stacks)
    stacks.close()
    left = [thread.name for thread in threading.enumerate() if thread is not threading.main_thread()]
    print("ended", *left, signal.getitimer(signal.ITIMER_REAL)[0], signal.getsignal(signal.SIGALRM) == signal.SIG_DFL)
    return 0


def _in_python(stacks: Stacks) -> None:
    stacks.arm()
    _stands_in_python(time.monotonic() + 3 * LIMIT_S)


def _stands_in_python(until: float) -> None:
    while time.monotonic() < until:
        continue


def _in_c_code(stacks: Stacks) -> None:
    """The interpreter is kept meanwhile: no thread beside can look."""
    stacks.arm()
    _keeps_the_interpreter(3 * LIMIT_S)


def _keeps_the_interpreter(seconds: float) -> None:
    # usleep, and the rest of it where the signal broke it off.
    until = time.monotonic() + seconds
    while (left := until - time.monotonic()) > 0:
        ctypes.PyDLL(None).usleep(round(left * 1e6))


def _for_a_lock(stacks: Stacks) -> None:
    lock, held = threading.Lock(), threading.Event()
    thread = threading.Thread(target=_holds_the_lock, args=(lock, held))
    thread.start()
    held.wait()
    stacks.arm()
    with lock:
        thread.join()


def _holds_the_lock(lock: threading.Lock, held: threading.Event) -> None:
    with lock:
        held.set()
        threading.Event().wait(3 * LIMIT_S)


def _not(stacks: Stacks) -> None:
    for _ in range(20):
        stacks.arm()
        threading.Event().wait(LIMIT_S / 10)


def _often(stacks: Stacks) -> None:
    """Say whether another thread of the kernel came with it: whoever starts one at every beat waits for the last."""
    stacks.arm()
    before = _kernel_threads()
    came: set[str] = set()
    for _ in range(200):
        stacks.arm()
        came |= _kernel_threads() - before
    assert came == set(), came


def _kernel_threads() -> set[str]:
    return {entry.name for entry in Path("/proc/self/task").iterdir()}


if __name__ == "__main__":
    sys.exit(main(sys.argv[1], Path(sys.argv[2])))
