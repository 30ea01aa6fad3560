"""Fetches a kept file from the centre in parts while all else goes on, and trusts it when its digest is right."""

import hashlib
import os
from contextlib import suppress
from functools import partial
from pathlib import Path
from typing import Protocol

from PySide6.QtCore import QObject, Signal

from chengyun_console.session.background import Background
from chengyun_console.session.session import Session
from chengyun_core.model.event import Attachment
from chengyun_core.model.failure import Reason
from chengyun_core.wire.event_asks import AskFile, FilePart


class Sink(Protocol):
    """Takes the bytes of one file in order; called on another thread, one call at a time."""

    def take(self, data: bytes) -> Reason | None:
        """Take the next bytes, or say why that cannot be done."""
        ...

    def end(self, wanted: Attachment) -> object:
        """Return what was made of it, or the Reason why it is not the file that was kept."""
        ...

    def drop(self) -> None:
        """Forget everything: it was broken off."""
        ...


class InMemory:
    """Keeps the bytes; `end` gives them."""

    def __init__(self) -> None:
        self._data = bytearray()

    def take(self, data: bytes) -> Reason | None:
        """Take the next bytes."""
        self._data += data
        return None

    def end(self, wanted: Attachment) -> object:
        """Return the bytes."""
        return bytes(self._data) if hashlib.sha256(self._data).hexdigest() == wanted.digest else _other(wanted)

    def drop(self) -> None:
        """Forget the bytes."""
        self._data.clear()


class InFile:
    """Writes beside the file chosen and gives it its name when all of it is there; nothing is ever written over."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._part = path.with_name(f".{path.name}.part")
        self._digest = hashlib.sha256()
        self._is_begun = False

    def take(self, data: bytes) -> Reason | None:
        """Write the next bytes; the first ones begin the file, readable by this user alone."""
        try:
            if self._path.exists():
                return self._told("download.exists", "")
            flags = os.O_WRONLY | os.O_CREAT | (os.O_APPEND if self._is_begun else os.O_TRUNC) | os.O_NOFOLLOW
            self._is_begun = True
            with os.fdopen(os.open(self._part, flags, 0o600), "wb") as file:
                file.write(data)
        except OSError as fault:
            return self._told("download.unwritable", str(fault))
        self._digest.update(data)
        return None

    def end(self, wanted: Attachment) -> object:
        """Return the path; the file has its name only when its content is what the centre keeps."""
        if self._digest.hexdigest() != wanted.digest:
            self.drop()
            return _other(wanted)
        try:
            # A link refuses a name that is taken, where a rename would write over it.
            os.link(self._part, self._path)
            self._part.unlink()
        except FileExistsError:
            self.drop()
            return self._told("download.exists", "")
        except OSError as fault:
            return self._renamed(fault)
        return self._path

    def drop(self) -> None:
        """Take away what was written so far; a disk that is gone keeps it."""
        with suppress(OSError):
            self._part.unlink(missing_ok=True)

    def _renamed(self, fault: OSError) -> object:
        """A disk without links, a stick: a rename does."""
        try:
            self._part.rename(self._path)
        except OSError:
            self.drop()
            return self._told("download.unwritable", str(fault))
        return self._path

    def _told(self, code: str, fault: str) -> Reason:
        return Reason(code=code, params={"file": self._path.name, "fault": fault})


class Download(QObject):
    """One file into one sink."""

    did_advance = Signal(float)
    """Share of the file that is here, 0 … 1."""
    was_done = Signal(object)
    """What the sink made of it."""
    did_fail = Signal(object)
    """Reason why it ended."""

    def __init__(
        self, session: Session, wanted: Attachment, sink: Sink, slot: str, parent: QObject | None = None
    ) -> None:  # fmt: skip
        """`slot`: what else is asked under it supersedes this."""
        super().__init__(parent)
        self._session, self.wanted, self._sink, self._slot = session, wanted, sink, slot
        self._background = Background(self)
        self._at = 0

    def begin(self) -> None:
        """Ask for the first part."""
        self._ask()

    def abandon(self) -> None:
        """Nobody wants it any more: it tells nothing, and goes."""
        self.blockSignals(True)
        self.deleteLater()

    def _ask(self) -> None:
        ask = AskFile(attachment=self.wanted.number, offset=self._at)
        self._session.ask("attachment.get", ask, self._on_part, slot=self._slot)

    def _on_part(self, told: object) -> None:
        if isinstance(told, Reason):
            self._fail(told)
        elif isinstance(told, FilePart):
            if not told.data or told.offset != self._at or self._at + len(told.data) > self.wanted.size:
                self._fail(_other(self.wanted))
                return
            self._at += len(told.data)
            data, sink = told.data, self._sink
            self._background.run("take", lambda: sink.take(data), self._on_taken)

    def _on_taken(self, told: object) -> None:
        if isinstance(told, Reason):
            self._fail(told)
            return
        self.did_advance.emit(self._at / self.wanted.size)
        if self._at < self.wanted.size:
            self._ask()
        else:
            wanted, sink = self.wanted, self._sink
            self._background.run("end", lambda: sink.end(wanted), self._on_end)

    def _on_end(self, told: object) -> None:
        if isinstance(told, Reason):
            self.did_fail.emit(told)
        else:
            self.was_done.emit(told)

    def _fail(self, reason: Reason) -> None:
        """Take away what was written, beside the window: the disk may be gone."""
        self._background.run("drop", self._sink.drop, partial(self._tell_failed, reason))

    def _tell_failed(self, reason: Reason, _dropped: object) -> None:
        self.did_fail.emit(reason)


def _other(wanted: Attachment) -> Reason:
    return Reason(code="download.other_content", params={"file": wanted.name, "digest": wanted.digest[:12]})
