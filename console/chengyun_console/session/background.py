"""Works out on another thread what would hold up a frame: pure jobs on frozen arrays, results in the GUI thread."""

import threading
from collections import deque
from collections.abc import Callable

from PySide6.QtCore import QObject, Signal

Job = Callable[[], object]
_Tell = Callable[[str, int, object, object], object]


class Background(QObject):
    """One thread. A newer job of a slot supersedes an older one, whose result is dropped.

    Who goes (another window came, a form was left) waits for nothing: what runs ends by itself, and tells nobody.
    """

    _was_done = Signal(str, int, object, object)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._serials: dict[str, int] = {}
        self._waiting: dict[str, Callable[[object], None]] = {}
        self._was_done.connect(self._hand_over)
        self._lane = _Lane(self._was_done.emit)
        self.destroyed.connect(self._lane.abandon)

    def run(self, slot: str, job: Job, done: Callable[[object], None]) -> None:
        """Do `job` (it must touch nothing that changes) and call `done` with its result, in the GUI thread.

        What the job raises is raised in the GUI thread, where bugs are reported.
        """
        serial = self._serials.get(slot, 0) + 1
        self._serials[slot], self._waiting[slot] = serial, done
        self._lane.take(slot, serial, job)

    def _hand_over(self, slot: str, serial: int, result: object, fault: object) -> None:
        if isinstance(fault, Exception):
            raise fault
        if self._serials.get(slot) == serial:
            self._waiting.pop(slot)(result)


class _Lane:
    """Jobs one after the other in a thread that lives while there are any, and may outlive who asked.

    A pool of Qt's waits in the GUI thread for what runs when it is destroyed: a dead stick held up the window (0424).
    """

    def __init__(self, tell: _Tell) -> None:
        self._tell: _Tell | None = tell
        self._jobs: deque[tuple[str, int, Job]] = deque()
        self._lock = threading.Lock()
        """Also held while a result is told: who asked is not destroyed in the middle of it."""
        self.idle = threading.Event()
        self.idle.set()

    def take(self, slot: str, serial: int, job: Job) -> None:
        """Do it after those that were taken before."""
        with self._lock:
            self._jobs.append((slot, serial, job))
            if self.idle.is_set():
                self.idle.clear()
                # No daemon: a file that is being written is written whole, though the window is gone.
                threading.Thread(target=self._run, name="background").start()

    def abandon(self) -> None:
        """Tell nothing any more, and begin nothing more."""
        with self._lock:
            self._tell = None
            self._jobs.clear()

    def _run(self) -> None:
        while (taken := self._next()) is not None:
            slot, serial, job = taken
            result, fault = _done(job)
            with self._lock:
                if self._tell is not None:
                    self._tell(slot, serial, result, fault)

    def _next(self) -> tuple[str, int, Job] | None:
        with self._lock:
            if not self._jobs:
                self.idle.set()
                return None
            return self._jobs.popleft()


def _done(job: Job) -> tuple[object, Exception | None]:
    try:
        return job(), None
    except Exception as fault:  # noqa: BLE001 - raised again by `_hand_over`: a bug must not die with its thread
        return None, fault
