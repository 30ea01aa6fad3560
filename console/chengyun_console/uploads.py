"""Sends a file to the centre in parts while everything else goes on; then the command that keeps it can be sent."""

import hashlib
from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QObject, Signal

from chengyun_console.session.background import Background
from chengyun_console.session.session import Session
from chengyun_core.model.failure import Reason
from chengyun_core.wire.event_asks import AskUpload, UploadHeld, UploadPart

PART_BYTES = 512 * 2**10
_READ_BYTES = 2**20


class Upload(QObject):
    """One file. An upload that broke off goes on where the centre has it: content is known by its digest."""

    did_advance = Signal(float)
    """Share of the file that is there, 0 … 1."""
    was_done = Signal(str, int)
    """Digest and size: the command that keeps it may name them."""
    did_fail = Signal(object)
    """Reason why it ended."""

    def __init__(self, session: Session, path: Path, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._session, self.path = session, path
        self._background = Background(self)
        self._digest, self._size = "", 0

    def begin(self) -> None:
        """Read the file through once, on another thread, for its digest; then ask what of it is there."""
        self._background.run("digest", _measured(self.path), self._on_measured)

    def _on_measured(self, told: object) -> None:
        match told:
            case (str(digest), int(size)):
                self._digest, self._size = digest, size
                ask = AskUpload(digest=digest, size=size)
                self._session.ask("attachment.held", ask, self._on_held, slot=self._slot())
            case Reason() as reason:
                self.did_fail.emit(reason)

    def _on_held(self, told: object) -> None:
        if isinstance(told, Reason):
            self.did_fail.emit(told)
        elif isinstance(told, UploadHeld):
            self.did_advance.emit(told.held / self._size if self._size else 1.0)
            if told.held >= self._size:
                self.was_done.emit(self._digest, self._size)
            else:
                self._send(told.held)

    def _send(self, offset: int) -> None:
        try:
            with self.path.open("rb") as file:
                file.seek(offset)
                data = file.read(PART_BYTES)
        except OSError as fault:
            self.did_fail.emit(Reason(code="upload.unreadable", params={"file": self.path.name, "fault": str(fault)}))
            return
        if not data:
            self.did_fail.emit(Reason(code="upload.shorter", params={"file": self.path.name}))
            return
        part = UploadPart(digest=self._digest, size=self._size, offset=offset, data=data)
        self._session.ask("attachment.part", part, self._on_held, slot=self._slot())

    def _slot(self) -> str:
        return f"upload.{self._digest}"


def _measured(path: Path) -> Callable[[], object]:
    """Return a job that answers (digest, size), or the Reason why the file cannot be read."""

    def job() -> object:
        digest, size = hashlib.sha256(), 0
        try:
            with path.open("rb") as file:
                while block := file.read(_READ_BYTES):
                    digest.update(block)
                    size += len(block)
        except OSError as fault:
            return Reason(code="upload.unreadable", params={"file": path.name, "fault": str(fault)})
        return (digest.hexdigest(), size) if size else Reason(code="upload.empty", params={"file": path.name})

    return job
