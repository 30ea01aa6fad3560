"""Works out on another thread what would hold up a frame: pure jobs on frozen arrays, results in the GUI thread."""

from collections.abc import Callable
from functools import partial

from PySide6.QtCore import QObject, QThreadPool, Signal


class Background(QObject):
    """One thread. A newer job of a slot supersedes an older one, whose result is dropped."""

    _was_done = Signal(str, int, object, object)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._pool = QThreadPool(self)
        self._pool.setMaxThreadCount(1)
        self._serials: dict[str, int] = {}
        self._waiting: dict[str, Callable[[object], None]] = {}
        self._was_done.connect(self._hand_over)

    def run(self, slot: str, job: Callable[[], object], done: Callable[[object], None]) -> None:
        """Do `job` (it must touch nothing that changes) and call `done` with its result, in the GUI thread.

        What the job raises is raised in the GUI thread, where bugs are reported.
        """
        serial = self._serials.get(slot, 0) + 1
        self._serials[slot], self._waiting[slot] = serial, done
        self._pool.start(partial(self._do, slot, serial, job))

    def _do(self, slot: str, serial: int, job: Callable[[], object]) -> None:
        try:
            self._was_done.emit(slot, serial, job(), None)
        except Exception as fault:  # noqa: BLE001 - raised again by `_hand_over`: a bug must not die with its thread
            self._was_done.emit(slot, serial, None, fault)

    def _hand_over(self, slot: str, serial: int, result: object, fault: object) -> None:
        if isinstance(fault, Exception):
            raise fault
        if self._serials.get(slot) == serial:
            self._waiting.pop(slot)(result)
