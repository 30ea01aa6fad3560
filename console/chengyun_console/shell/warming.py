"""Makes, in quiet moments after the start, what the first page does without (see shell.rooms)."""

import time

from PySide6.QtCore import QObject, QTimer, Signal

from chengyun_console.shell.idle_watch import IdleWatch
from chengyun_console.shell.stage import Stage
from chengyun_console.usable import UsableWatch

PATIENCE_MS = 4_000
"""Without values (a daemon is away) nobody waits for them longer than this: sheets are wanted all the same."""
PAUSE_MS = 40
"""Between two steps: frames are painted and keys are taken meanwhile."""
QUIET_S = 0.3
"""While somebody types or moves the mouse nothing is made that he did not ask for."""


class Warming(QObject):
    """Begins when the console is usable; a part of a page, room or sheet each time nobody touches anything."""

    did_end = Signal()
    """Everything stands that could be made."""

    def __init__(self, stage: Stage, usable: UsableWatch) -> None:
        super().__init__(stage)
        self._stage = stage
        self._idle = IdleWatch(self)
        self._left: set[str] = set()
        """What could not be made: tried again every 40 ms it would fill the log."""
        self._timer = QTimer(self, interval=PAUSE_MS)
        self._timer.timeout.connect(self._on_pause)
        usable.did_become.connect(self._timer.start)
        patience = QTimer(self, singleShot=True, interval=PATIENCE_MS)
        patience.timeout.connect(self._timer.start)
        patience.start()

    def turn(self) -> bool:
        """Do the next step of the next thing that is missing; return False when nothing was.

        Raises what the making of it raised: it is left to whoever asks for it, and the others are made.
        """
        rooms = self._stage.window.rooms
        name = next((name for name in rooms.missing() if name not in self._left), "")
        try:
            if name:
                next(rooms.making(name), None)
        except Exception:
            self._left.add(name)
            raise
        return bool(name)

    def _on_pause(self) -> None:
        self._idle.watch(self._stage.window.windowHandle())
        if self._idle.idle_s(time.monotonic()) >= QUIET_S and not self.turn():
            self._timer.stop()
            self.did_end.emit()
