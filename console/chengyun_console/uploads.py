"""Sends a file to the centre in parts while everything else goes on; then the command that keeps it can be sent."""

import hashlib
import stat
from collections.abc import Callable
from functools import partial
from pathlib import Path

from PySide6.QtCore import QObject, Signal
from typing_extensions import override

from chengyun_console.session.background import Background
from chengyun_console.session.session import Session
from chengyun_core.model.event import LARGEST_ATTACHMENT
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
        self._background.run("digest", self._measured(), self._on_measured)

    def _measured(self) -> Callable[[], object]:
        return _measured(self.path)

    def _part(self, offset: int) -> Callable[[], object]:
        return _part_of(self.path, offset)

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
        self._background.run("part", self._part(offset), partial(self._on_part, offset))

    def _on_part(self, offset: int, told: object) -> None:
        match told:
            case Reason() as reason:
                self.did_fail.emit(reason)
            case b"":
                self.did_fail.emit(Reason(code="upload.shorter", params={"file": self.path.name}))
            case bytes(data):
                part = UploadPart(digest=self._digest, size=self._size, offset=offset, data=data)
                self._session.ask("attachment.part", part, self._on_held, slot=self._slot())

    def _slot(self) -> str:
        return f"upload.{self._digest}"


class HeldUpload(Upload):
    """Bytes that were never a file here: a picture or a clip of a camera, which no disk of this seat is to keep."""

    def __init__(self, session: Session, data: bytes, name: str, parent: QObject | None = None) -> None:
        """`name`: what messages call it."""
        super().__init__(session, Path(name), parent)
        self._data = data

    @override
    def _measured(self) -> Callable[[], object]:
        data, name = self._data, self.path.name
        return lambda: _too_large(name, len(data)) or (hashlib.sha256(data).hexdigest(), len(data))

    @override
    def _part(self, offset: int) -> Callable[[], object]:
        data = self._data
        return lambda: data[offset : offset + PART_BYTES]


def _measured(path: Path) -> Callable[[], object]:
    """Return a job that answers (digest, size), or the Reason why the file cannot be kept."""

    def job() -> object:
        digest, size = hashlib.sha256(), 0
        try:
            if (reason := _unfit(path)) is not None:
                return reason
            with path.open("rb") as file:
                while block := file.read(_READ_BYTES):
                    digest.update(block)
                    size += len(block)
        except OSError as fault:
            return Reason(code="upload.unreadable", params={"file": path.name, "fault": str(fault)})
        return (digest.hexdigest(), size) if size else Reason(code="upload.empty", params={"file": path.name})

    return job


def _unfit(path: Path) -> Reason | None:
    """Return why something is not read at all: a folder, a pipe that would never end, more than the centre takes."""
    found = path.stat()
    if not stat.S_ISREG(found.st_mode):
        code = "upload.folder" if stat.S_ISDIR(found.st_mode) else "upload.no_file"
        return Reason(code=code, params={"file": path.name})
    return _too_large(path.name, found.st_size)


def _too_large(name: str, size: int) -> Reason | None:
    if size <= LARGEST_ATTACHMENT:
        return None
    sizes = {"size": str(-(-size // 2**20)), "most": str(LARGEST_ATTACHMENT // 2**20)}
    return Reason(code="upload.too_large", params={"file": name, **sizes})


def _part_of(path: Path, offset: int) -> Callable[[], object]:
    """Return a job that answers the bytes at an offset, or the Reason why they cannot be read."""

    def job() -> object:
        try:
            with path.open("rb") as file:
                file.seek(offset)
                return file.read(PART_BYTES)
        except OSError as fault:
            return Reason(code="upload.unreadable", params={"file": path.name, "fault": str(fault)})

    return job
