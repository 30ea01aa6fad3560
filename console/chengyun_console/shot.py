"""Takes one screenshot of the whole window and sums up in JSON what the console saw until then."""

import json
from dataclasses import asdict
from pathlib import Path
from typing import Any

from PySide6.QtCore import QObject, QTimer, Signal
from PySide6.QtWidgets import QWidget

from chengyun_console.frame_tick import FrameTick
from chengyun_console.session.session import Session
from chengyun_console.shell.stage import Stage
from chengyun_console.usable import UsableWatch
from chengyun_core.model.failure import Trouble


class Shot(QObject):
    """Fires once, a while after the start; the window is taken as it stands."""

    did_end = Signal(str)
    """The summary as JSON, or nothing when the picture could not be written (see `trouble`)."""

    def __init__(self, stage: Stage, session: Session, tick: FrameTick, usable: UsableWatch, file: Path) -> None:
        super().__init__(stage)
        self._stage, self._session, self._tick, self._file = stage, session, tick, file
        self._usable = usable
        self.trouble: Trouble | None = None

    def after(self, seconds: float) -> None:
        """Take the picture this many seconds from now."""
        QTimer.singleShot(round(seconds * 1000), self, self.take)

    def take(self) -> None:
        """Take the picture now."""
        summary = self.summary()
        try:
            write_picture(self._stage.window, self._file)
        except Trouble as trouble:
            self.trouble = trouble
            self.did_end.emit("")
            return
        self.did_end.emit(json.dumps(summary, ensure_ascii=False))

    def summary(self) -> dict[str, Any]:
        """Return what is worth knowing of the run: picture, gaps of the GUI thread, links, alarms."""
        session, links = self._session, self._session.links()
        signed_on = session.signed_on
        return {
            "shot": str(self._file),
            "size": [self._stage.window.width(), self._stage.window.height()],
            "gaps": {key: round(value, 1) for key, value in asdict(self._tick.watch.gaps).items()},
            "usable_after_s": self._usable.after_s,
            "seat": signed_on.seat if signed_on else "",
            "links": {link.daemon: link.reach.value for link in (links.ingest, links.centre)},
            "vitals": session.state.count,
            "abnormal": int((session.state.band > 0).sum()),
            "alarms": len(session.facts.board.alarms),
            "unacknowledged": session.facts.board.unacknowledged,
            "samples_per_s": round(links.ingest.heartbeat.gauges.get("samples_per_s", 0.0))
            if links.ingest.heartbeat
            else 0,
        }


def write_picture(window: QWidget, file: Path) -> None:
    """Write the window as PNG.

    Raises:
        Trouble: folder missing, disk full, or nothing could be painted.
    """
    picture = window.grab()
    if picture.isNull():
        raise Trouble("console.shot_failed", file=file, reason="no picture")
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
    except OSError as fault:
        raise Trouble("console.shot_failed", file=file, reason=fault) from fault
    if not picture.save(str(file), "PNG"):
        raise Trouble("console.shot_failed", file=file, reason=file.parent)
