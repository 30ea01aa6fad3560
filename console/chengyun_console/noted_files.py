"""Documents on their way out of the house: each is told the journal first, then all of them get their names.

A file gets its name only after its `export.note` is in the journal: nothing leaves the house untold. Documents of one
paper (a report as PDF and as a workbook) leave together or not at all.
"""

import hashlib
import os
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from PySide6.QtCore import QObject, Signal

from chengyun_console.desk import Desk
from chengyun_console.session.background import Background
from chengyun_core.model.failure import Reason
from chengyun_core.model.rights_commands import NoteExport
from chengyun_core.wire.envelope import Reply

_SLOT = "noted.files"


@dataclass(frozen=True, slots=True, kw_only=True)
class Leaving:
    """One file to be written."""

    what: str
    """What it is, as the journal calls it (`handover`, `report.daily`)."""
    form: str
    """`pdf` or `xlsx`."""
    rows: int
    data: bytes
    path: Path


class NotedFiles(QObject):
    """One bundle at a time; another one takes the place of one that is not written yet."""

    were_written = Signal(object)
    """Tuple of Path, in the order given."""
    did_fail = Signal(object)
    """Reason; no file has got its name."""

    def __init__(self, desk: Desk, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._desk = desk
        self._background = Background(self)
        self._files: tuple[Leaving, ...] = ()
        self._left: tuple[Leaving, ...] = ()
        self._noted = ""
        desk.session.command_ended.connect(self._on_ended)

    def leave(self, files: tuple[Leaving, ...]) -> None:
        """Tell the journal of each file, then write them all."""
        self._files = self._left = files
        self._go_on()

    def _go_on(self) -> None:
        if not self._left:
            self._background.run(_SLOT, _writing(self._files), self._on_written)
            return
        one = self._left[0]
        digest = hashlib.sha256(one.data).hexdigest()
        self._noted = self._desk.session.send(NoteExport(what=one.what, form=one.form, rows=one.rows, digest=digest))

    def _on_ended(self, command: str, reply: Reply) -> None:
        if not self._noted or command != self._noted:
            return
        self._noted = ""
        if reply.outcome != "done":
            self._files = self._left = ()
            self.did_fail.emit(Reason(code=reply.code, params=reply.params))
            return
        self._left = self._left[1:]
        self._go_on()

    def _on_written(self, told: object) -> None:
        self._files = ()
        if isinstance(told, Reason):
            self.did_fail.emit(told)
        else:
            self.were_written.emit(told)


def file_name(desk: Desk, *words: str) -> str:
    """Return a file's name of these words and the time, without its ending; none is ever written over."""
    stamp = f"{desk.figures.moment(desk.now_ns()):%Y%m%d-%H%M%S}"
    safe = ("".join(letter if letter.isalnum() or letter in "-_" else "_" for letter in word) for word in words)
    return "-".join((*safe, stamp))


def _writing(files: tuple[Leaving, ...]) -> Callable[[], object]:
    def job() -> object:
        parts = [one.path.with_name(one.path.name + ".part") for one in files]
        at = files[0].path
        try:
            for one, part in zip(files, parts, strict=True):
                at = one.path
                _put(part, one.data)
            for one, part in zip(files, parts, strict=True):
                at = one.path
                part.replace(one.path)
        except OSError as fault:
            _drop(parts)
            return Reason(code="console.handover.paper.not_written", params={
                "file": str(at), "fault": fault.strerror or str(fault),
            })  # fmt: skip
        return tuple(one.path for one in files)

    return job


def _put(part: Path, data: bytes) -> None:
    part.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    with os.fdopen(os.open(part, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())


def _drop(parts: list[Path]) -> None:
    """Leave nothing half written behind; a folder that cannot be written cannot be tidied either, and need not be."""
    for part in parts:
        try:
            part.unlink(missing_ok=True)
        except OSError:
            return
