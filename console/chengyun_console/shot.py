"""Takes one screenshot of the whole window and sums up in JSON what the console saw until then."""

import hashlib
import json
from dataclasses import asdict
from functools import partial
from pathlib import Path
from typing import Any

from PySide6.QtCore import QBuffer, QByteArray, QIODevice, QObject, QTimer, Signal
from PySide6.QtGui import QImageWriter
from PySide6.QtWidgets import QWidget

from chengyun_console.desk import Desk
from chengyun_console.frame_tick import FrameTick
from chengyun_console.session.session import Session
from chengyun_console.shell.stage import Stage
from chengyun_console.usable import UsableWatch
from chengyun_core.model.failure import Reason, Trouble
from chengyun_core.model.rights import LONGEST_TAKEN
from chengyun_core.model.rights_commands import NoteExport


class Shot(QObject):
    """Fires once, a while after the start; the window is taken as it stands."""

    did_end = Signal(str)
    """The summary as JSON, or nothing when the picture could not be written (see `trouble`)."""

    def __init__(
        self, stage: Stage, desk: Desk, session: Session, tick: FrameTick, usable: UsableWatch, file: Path
    ) -> None:  # fmt: skip
        super().__init__(stage)
        self._desk = desk
        self._stage, self._session, self._tick, self._file = stage, session, tick, file
        self._usable = usable
        self.trouble: Trouble | None = None

    def after(self, seconds: float) -> None:
        """Take the picture this many seconds from now."""
        QTimer.singleShot(round(seconds * 1000), self, self.take)

    def take(self) -> None:
        """Take the picture now; of somebody's screen the journal is told before it is written."""
        summary, signed_on = self.summary(), self._session.signed_on
        try:
            data = picture_of(self._stage.window, self._file)
        except Trouble as trouble:
            self._fail(trouble)
            return
        end = partial(self._end, data, summary)
        if signed_on is None:
            end(None)
            return
        note = NoteExport(what="shot", form="png", rows=1, digest=hashlib.sha256(data).hexdigest())
        taken = f"{signed_on.seat} {signed_on.account} {self._desk.figures.stamp(self._desk.now_ns())}"
        self._desk.exports.ask(note, taken[:LONGEST_TAKEN], end)

    def _end(self, data: bytes, summary: dict[str, Any], refused: Reason | None) -> None:
        try:
            if refused is not None:
                raise Trouble("console.shot_failed", file=self._file, reason=self._desk.refusal(refused))
            _write(self._file, data)
        except Trouble as trouble:
            self._fail(trouble)
            return
        self.did_end.emit(json.dumps(summary, ensure_ascii=False))

    def _fail(self, trouble: Trouble) -> None:
        self.trouble = trouble
        self.did_end.emit("")

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


def picture_of(window: QWidget, file: Path) -> bytes:
    """Return the window as PNG, its watermark on it; raise Trouble when nothing could be painted."""
    picture, buffer = window.grab(), QBuffer()
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    if picture.isNull() or not QImageWriter(buffer, QByteArray(b"png")).write(picture.toImage()):
        raise Trouble("console.shot_failed", file=file, reason="no picture")
    return bytes(buffer.data().data())


def _write(file: Path, data: bytes) -> None:
    """Write the picture; raise Trouble when the folder cannot be made or the disk is full."""
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(data)
    except OSError as fault:
        raise Trouble("console.shot_failed", file=file, reason=fault) from fault
