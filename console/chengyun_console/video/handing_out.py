"""Evidence on its way out of a console: a copy with words burnt in, told to the journal before a byte is written.

The bytes as they were kept stay in the house; who has to hand them out does so at the machine (`chengyun camera
evidence`), with the sheet that proves them.
"""

import hashlib
import os
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtWidgets import QWidget

from chengyun_console.desk import Desk
from chengyun_console.downloads import Download, InMemory
from chengyun_console.file_dialog import FileDialog
from chengyun_console.session.background import Background
from chengyun_console.shell.deeds import Deeds
from chengyun_core.model.camera import Evidence
from chengyun_core.model.camera_commands import HandOutEvidence
from chengyun_core.model.event import Attachment
from chengyun_core.model.failure import Reason
from chengyun_core.video.clip_orders import ClipAnswer, ClipFailed, CopyMarked, MarkGoes
from chengyun_core.video.clip_viewer import ClipViewer
from chengyun_core.wire.envelope import Reply
from chengyun_widgets.toast import MessageTone

LARGEST = 128 * 2**20
"""Bytes of which a copy is made here."""
PERMISSION = "evidence.hand_out"
REASONS = ("court", "police", "unit", "superior", "report")
ENDINGS = {"image/png": "png", "image/jpeg": "jpg", "video/mp4": "mp4", "video/x-matroska": "mkv"}
_DIGEST_BURNT = 16

MakeMarker = Callable[[bytes, str, Callable[[ClipAnswer], None]], ClipViewer]


class EvidenceOut(QObject):
    """One copy at a time; the message line says how far it is. It goes by itself when it has ended."""

    _answered = Signal(object)

    def __init__(
        self, desk: Desk, deeds: Deeds, window: QWidget, file: Attachment, kept: Evidence,
        make_marker: MakeMarker = ClipViewer,
    ) -> None:  # fmt: skip
        super().__init__(window)
        self._desk, self._deeds, self._window = desk, deeds, window
        self._file, self._kept, self._make_marker = file, kept, make_marker
        self._background = Background(self)
        self._marker: ClipViewer | None = None
        self.is_begun = False
        """Bytes are on their way; before that it is only a question, which may be left."""
        self._reason, self._path, self._copy, self._noted = "", Path(), b"", ""
        # A copy is made in another thread; the queued signal brings it here.
        self._answered.connect(self._on_marked, Qt.ConnectionType.QueuedConnection)
        desk.session.command_ended.connect(self._on_ended)

    def begin(self) -> None:
        """Ask what for, then where to."""
        if PERMISSION not in self._desk.allowed():
            self._end(MessageTone.REFUSED, "clips.out.not_allowed")
        elif self._file.size > LARGEST:
            self._end(MessageTone.REFUSED, "clips.out.too_large", evidence=self._kept.number)
        else:
            asked = self._desk.say("clips.out.why", evidence=self._kept.number, camera=self._kept.camera_name)
            notes = [self._desk.say(f"clips.out.reason.{word}") for word in REASONS]
            self._deeds.ask(asked, notes, lambda at: self._choose(notes[at]))

    def hand_out(self, reason: str, path: Path) -> None:
        """Fetch what was kept, mark a copy, have it noted, and write it to a path that is free."""
        self._reason, self._path, self.is_begun = reason, path, True
        download = Download(
            self._desk.session, self._file, InMemory(), f"evidence.out.{self._kept.number}", self
        )  # fmt: skip
        download.did_advance.connect(partial(self._tell_share, "clips.out.fetching"))
        download.did_fail.connect(self._fail)
        download.was_done.connect(self._mark)
        download.begin()

    def _choose(self, reason: str) -> None:
        name = self._desk.say(
            "clips.out.name", evidence=f"{self._kept.number:06d}", camera=self._kept.camera,
            ending=ENDINGS[self._kept.media],
        )  # fmt: skip
        dialog = FileDialog(self._desk, self._window, save_as=name, title="clips.out.where")
        dialog.file_was_chosen.connect(lambda chosen: self.hand_out(reason, Path(chosen)))
        dialog.rejected.connect(self.deleteLater)
        dialog.show()

    def _mark(self, data: object) -> None:
        assert isinstance(data, bytes)
        marker = self._marker = self._make_marker(data, self._kept.media, self._answered.emit)
        marker.start()
        marker.mark(self._lines())

    def _lines(self) -> tuple[str, ...]:
        """Return what is burnt in: which, who, when, the hash of what was kept. The letters are capitals without
        marks (video.demo_cameras.glyphs): an account in other letters is told by its seat.
        """
        kept, own = self._kept, self._desk.session.signed_on
        who = [part for part in ((own.seat, own.account) if own is not None else ()) if part.isascii()]
        stamp = self._desk.figures.stamp(self._desk.now_ns())
        return (
            f"EV-{kept.number} {kept.camera}".upper(), " ".join((*who, stamp)).upper(),
            f"SHA256 {kept.digest[:_DIGEST_BURNT]}".upper(),
        )  # fmt: skip

    def _on_marked(self, told: object) -> None:
        match told:
            case MarkGoes():
                self._tell_share("clips.out.marking", told.share)
            case CopyMarked():
                self._copy = told.data
                made = HandOutEvidence(
                    evidence=self._kept.number, digest=hashlib.sha256(told.data).hexdigest(), reason=self._reason,
                    original=False,
                )  # fmt: skip
                self._stop()
                self._noted = self._desk.session.send(made)
            case ClipFailed():
                self._fail(told.reason)

    def _on_ended(self, command: str, reply: Reply) -> None:
        """Write it once the journal knows; where it does not know, nothing leaves."""
        if not self._noted or command != self._noted:
            return
        self._noted = ""
        if reply.outcome == "done":
            self._background.run("write", partial(_written, self._path, self._copy), self._on_written)
        else:
            self._fail(Reason(code=reply.code, params=reply.params))

    def _on_written(self, told: object) -> None:
        if isinstance(told, Reason):
            self._fail(told)
        else:
            self._end(MessageTone.DONE, "clips.out.done", file=self._path, evidence=self._kept.number)

    def _tell_share(self, code: str, share: float) -> None:
        self._deeds.tell(
            MessageTone.NOTE,
            self._desk.say(code, evidence=self._kept.number, percent=self._desk.figures.percent(share)),
        )

    def _fail(self, reason: object) -> None:
        assert isinstance(reason, Reason)
        self._stop()
        self._deeds.tell(MessageTone.TROUBLE, self._desk.refusal(reason))
        self.deleteLater()

    def _end(self, tone: MessageTone, code: str, **params: Any) -> None:
        self._deeds.tell(tone, self._desk.say(code, **params))
        self.deleteLater()

    def _stop(self) -> None:
        marker, self._marker = self._marker, None
        if marker is not None:
            marker.stop()


def _written(path: Path, data: bytes) -> Reason | None:
    """Write a new file for this user alone; return why that cannot be done."""
    try:
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW, 0o600)
    except FileExistsError:
        return Reason(code="download.exists", params={"file": path.name, "fault": ""})
    except OSError as fault:
        return Reason(code="download.unwritable", params={"file": path.name, "fault": fault.strerror or str(fault)})
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
    except OSError as fault:
        path.unlink(missing_ok=True)
        return Reason(code="download.unwritable", params={"file": path.name, "fault": fault.strerror or str(fault)})
    return None
