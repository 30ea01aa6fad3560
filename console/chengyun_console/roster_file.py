"""A roster's file on its way to the centre: read on another thread, checked whole, then taken whole or not at all."""

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QObject, Signal

from chengyun_console.desk import Desk
from chengyun_console.session.background import Background
from chengyun_console.session.replies import done_of
from chengyun_core.model.duty_commands import ImportRoster
from chengyun_core.model.failure import Reason
from chengyun_core.wire.duty_asks import AskRosterCheck, RosterChecked
from chengyun_core.wire.envelope import Reply

LARGEST = 4 * 2**20
ASKED_BYTES = 256 * 2**10
"""Larger ones are tried by the command: a question is answered in the centre's loop, a trial beside it."""
_SLOT = "duty.roster"


class RosterFile(QObject):
    """One file: `look` at it, then `send` it when nothing is wrong."""

    was_checked = Signal(object)
    """wire.duty_asks.RosterChecked: faults by row and column, or how much is new and how much changes."""
    was_taken = Signal()
    did_fail = Signal(object)
    """Reason; nothing was taken."""

    def __init__(self, desk: Desk, path: Path, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._desk, self.path = desk, path
        self._background = Background(self)
        self._data = b""
        self._sent = self._tried = ""
        desk.session.command_ended.connect(self._on_ended)

    def look(self) -> None:
        """Read the file and let the centre check every row; nothing of it is written."""
        self._background.run(_SLOT, _reading(self.path), self._on_read)

    def send(self) -> None:
        """Take the file that was checked."""
        if self._data and not self._sent:
            self._sent = self._desk.session.send(ImportRoster(name=self.path.name, data=self._data))

    def _on_read(self, told: object) -> None:
        if isinstance(told, Reason):
            self.did_fail.emit(told)
        elif isinstance(told, bytes):
            self._data = told
            if len(told) > ASKED_BYTES:
                trial = ImportRoster(name=self.path.name, data=told, try_only=True)
                self._tried = self._desk.session.send(trial)
                return
            ask = AskRosterCheck(name=self.path.name, data=told)
            self._desk.session.ask("roster.check", ask, self._on_checked, slot=_SLOT)

    def _on_checked(self, told: object) -> None:
        if isinstance(told, RosterChecked):
            if told.faults:
                self._data = b""
            self.was_checked.emit(told)
        elif isinstance(told, Reason):
            self._data = b""
            self.did_fail.emit(told)

    def _on_ended(self, command: str, reply: Reply) -> None:
        if command == self._tried:
            self._on_tried(reply)
        if command != self._sent:
            return
        self._sent = ""
        if reply.outcome == "done":
            self._data = b""
            self.was_taken.emit()
        else:
            self.did_fail.emit(Reason(code=reply.code, params=reply.params))

    def _on_tried(self, reply: Reply) -> None:
        """A trial tells the first fault only; a good one how many people and shifts there are."""
        self._tried = ""
        if reply.outcome != "done":
            self._data = b""
            self.did_fail.emit(Reason(code=reply.code, params=reply.params))
            return
        done = done_of(reply)
        shifts = int(done.key) if done.key.isdecimal() else 0
        self.was_checked.emit(RosterChecked(people=done.version, shifts=shifts))


def _reading(path: Path) -> Callable[[], object]:
    def job() -> object:
        try:
            if path.stat().st_size > LARGEST:
                sizes = {"size": str(-(-path.stat().st_size // 2**20)), "most": str(LARGEST // 2**20)}
                return Reason(code="upload.too_large", params={"file": path.name, **sizes})
            data = path.read_bytes()
        except OSError as fault:
            return Reason(code="upload.unreadable", params={"file": path.name, "fault": fault.strerror or str(fault)})
        return data or Reason(code="upload.empty", params={"file": path.name})

    return job
