"""Tells how long this process took until an officer could work: the first frame with names and values on the screen."""

import os
import time
from pathlib import Path

from PySide6.QtCore import QObject, Signal

from chengyun_console.frame_tick import FrameTick
from chengyun_console.session.session import Session
from chengyun_core.model.scales import Quality


class UsableWatch(QObject):
    """Looks at each page frame until the catalogue and at least one value are there."""

    did_become = Signal()

    def __init__(self, session: Session, tick: FrameTick, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._session = session
        self._tick = tick
        self.after_s: float | None = None
        """Seconds from the start of the process; None while not yet usable, or where the kernel does not tell."""
        tick.page_ticked.connect(self._look)

    def _look(self, _now_s: float) -> None:
        values = self._session.state.quality
        if self._session.catalogue is None or not (values != Quality.NEVER).any():
            return
        self.after_s = process_age_s()
        self._tick.page_ticked.disconnect(self._look)
        self.did_become.emit()


def process_age_s() -> float | None:
    """Return the seconds since the kernel started this process; None where there is no /proc."""
    try:
        fields = Path("/proc/self/stat").read_text("ascii").rpartition(")")[2].split()
    except OSError:
        return None
    # Field 22 of proc(5), counted from 1; two of them stand before the closing bracket.
    started_s = int(fields[19]) / os.sysconf("SC_CLK_TCK")
    return time.clock_gettime(time.CLOCK_BOOTTIME) - started_s
