"""Gives the panes of a frame their turns: between two of them the event loop paints, takes keys and moves the strip."""

import weakref
from collections import deque
from collections.abc import Callable, Generator

import shiboken6
from PySide6.QtCore import QObject, QTimer

Steps = Generator[None, None, None]
"""Work of one frame; at each `yield` the event loop may have its turn."""
MakeSteps = Callable[[float], Steps]
"""A method that begins the work of the frame at a monotonic time in seconds."""


class FrameTurns(QObject):
    """Whole pages at once kept the event loop waiting for as long as all their panes and pictures take together.

    One step is done each time round the loop, so that what a pane changed is painted before the next one begins. Work
    that is not finished when its next frame is due is finished first: a slow screen draws fewer frames, none piles up.
    """

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._joined: list[tuple[weakref.ref[QObject], weakref.WeakMethod[MakeSteps]]] = []
        self._running: deque[tuple[weakref.ref[QObject], Steps]] = deque()
        self._timer = QTimer(self)
        self._timer.setInterval(0)
        self._timer.timeout.connect(self.turn)

    def join(self, owner: QObject, steps: MakeSteps) -> None:
        """Let a method of `owner` begin its work with each frame, for as long as it lives."""
        self._joined.append((weakref.ref(owner), weakref.WeakMethod(steps)))

    def begin(self, now_s: float) -> None:
        """Begin the frame of everybody whose last one is finished; the first step is done at once."""
        busy = [owner() for owner, _steps in self._running]
        self._joined = [(owner, steps) for owner, steps in self._joined if _lives(owner())]
        for owner, steps in self._joined:
            made = steps()
            if made is not None and owner() not in busy:
                self._running.append((owner, made(now_s)))
        # Also when the loop never comes to rest: a page then still moves with each frame.
        self.turn()

    def turn(self) -> None:
        """Do one step of the frame that waits first; then it is the next one's turn."""
        if self._running:
            owner, steps = self._running[0]
            if not _lives(owner()):
                steps.close()
                self._running.popleft()
            elif _is_done(steps):
                self._running.popleft()
            else:
                # A page that is being made has many steps: the frames of the others go on between them.
                self._running.rotate(-1)
        if bool(self._running) != self._timer.isActive():
            (self._timer.start if self._running else self._timer.stop)()

    def run(self, now_s: float) -> None:
        """Do the whole of a frame at once; for tests and pictures, which wait for nothing."""
        self.begin(now_s)
        while self._running:
            self.turn()

    def stop(self) -> None:
        """Leave the frame that runs where it is."""
        self._timer.stop()
        for _owner, steps in self._running:
            steps.close()
        self._running.clear()


def finish(steps: Steps) -> None:
    """Do all the steps of a frame at once."""
    for _pause in steps:
        continue


def _is_done(steps: Steps) -> bool:
    """Do the next step; return whether it was the last one."""
    try:
        next(steps)
    except StopIteration:
        return True
    return False


def _lives(owner: QObject | None) -> bool:
    return owner is not None and shiboken6.isValid(owner)
