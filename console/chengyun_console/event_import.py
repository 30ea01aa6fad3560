"""Imports a file of events from the window: every row is looked at before the first is sent (E1)."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from PySide6.QtCore import QObject, Signal

from chengyun_console.desk import Desk
from chengyun_console.session.background import Background
from chengyun_console.session.replies import done_of
from chengyun_core.model.catalogue_rows import CellFault
from chengyun_core.model.event_commands import ImportedEvent, ImportEvents
from chengyun_core.model.event_import import EVENTS, IN_A_BATCH, Known, forms
from chengyun_core.model.failure import Reason, Refused
from chengyun_core.tabular import event_file
from chengyun_core.wire.envelope import Reply
from chengyun_core.wire.event_asks import ImportChecked

LARGEST = 64 * 2**20
_SLOT = "events.check_import"


@dataclass(frozen=True, slots=True, kw_only=True)
class Looked:
    """What was found in a file: its events, or what is wrong with it."""

    events: tuple[ImportedEvent, ...] = ()
    faults: tuple[CellFault, ...] = ()


class EventImport(QObject):
    """One file: `look` at it, then `send` what was found good. A file with a fault is not sent at all."""

    did_advance = Signal(float)
    """Share of the batches that were checked, or written, 0 … 1."""
    was_looked_at = Signal(object)
    """Looked, after the centre had its say."""
    was_done = Signal(int, int)
    """Events that are new, and how many were known before."""
    did_fail = Signal(object)
    """Reason; what was written before it stays, and the same file goes on from there."""

    def __init__(self, desk: Desk, path: Path, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._desk, self.path = desk, path
        self._background = Background(self)
        self._batches: list[ImportEvents] = []
        self._at = 0
        self._faults: list[CellFault] = []
        self._under_way = ""
        self._known_before = 0
        desk.session.command_ended.connect(self._on_ended)

    def look(self) -> None:
        """Read and check the file on another thread, then ask the centre about every row."""
        names = self._desk.names
        catalogue = names.view.catalogue if names is not None else None
        known = Known(
            centres=frozenset(row.code for row in catalogue.centres) if catalogue else frozenset(),
            matters=frozenset(row.code for row in catalogue.matters) if catalogue else frozenset(),
            zone_minutes=self._desk.preferences.utc_offset_minutes,
        )
        self._background.run("look", _looked(self.path, known), self._on_read)

    def send(self) -> None:
        """Send the batches one after the other."""
        self._at = 0
        self._send_next()

    @property
    def count(self) -> int:
        """Return how many events there are in it."""
        return sum(len(batch.rows) for batch in self._batches)

    @property
    def unnumbered(self) -> int:
        """Return how many have no number of their source: imported twice they are there twice."""
        return sum(not row.event.source_ref for batch in self._batches for row in batch.rows)

    def _on_read(self, told: object) -> None:
        if isinstance(told, Reason):
            self.did_fail.emit(told)
        elif isinstance(told, Looked):
            if told.faults:
                self.was_looked_at.emit(told)
                return
            events = told.events
            self._batches = [
                ImportEvents(
                    file=self.path.name, batch=start // IN_A_BATCH + 1, rows=events[start : start + IN_A_BATCH]
                )
                for start in range(0, len(events), IN_A_BATCH)
            ]
            self._check_next()

    def _check_next(self) -> None:
        if self._at < len(self._batches):
            batch = self._batches[self._at]
            self._desk.session.ask("event.check_import", batch, self._on_checked, slot=_SLOT)
            return
        events = tuple(row for batch in self._batches for row in batch.rows)
        self.was_looked_at.emit(Looked(events=events, faults=tuple(self._faults)))

    def _on_checked(self, told: object) -> None:
        if isinstance(told, Reason):
            self.did_fail.emit(told)
        elif isinstance(told, ImportChecked):
            self._faults += [_fault(line, reason) for line, reason in told.faults]
            self._at += 1
            self.did_advance.emit(self._at / len(self._batches))
            self._check_next()

    def _send_next(self) -> None:
        if self._at < len(self._batches):
            self._under_way = self._desk.session.send(self._batches[self._at])
        else:
            self.was_done.emit(self.count - self._known_before, self._known_before)

    def _on_ended(self, command: str, reply: Reply) -> None:
        if command != self._under_way:
            return
        self._under_way = ""
        if reply.outcome != "done":
            self.did_fail.emit(Reason(code=reply.code, params=reply.params))
            return
        self._known_before += len(done_of(reply).left)
        self._at += 1
        self.did_advance.emit(self._at / len(self._batches))
        self._send_next()


def _fault(line: int, reason: Reason) -> CellFault:
    return CellFault(
        table=EVENTS.name, line=line, column=reason.params.get("field", ""), value="", code=reason.code,
        params=reason.params,
    )  # fmt: skip


def _looked(path: Path, known: Known) -> Callable[[], object]:
    """Return a job that answers Looked, or the Reason why the file cannot be read."""

    def job() -> object:
        try:
            size = path.stat().st_size
            if size > LARGEST:
                sizes = {"size": str(-(-size // 2**20)), "most": str(LARGEST // 2**20)}
                return Reason(code="upload.too_large", params={"file": path.name, **sizes})
            events, faults = forms(event_file.read(path), known)
        except Refused as refused:
            return refused.reason
        except OSError as fault:
            return Reason(code="upload.unreadable", params={"file": path.name, "fault": str(fault)})
        return Looked(events=tuple(events), faults=tuple(faults.listed()))

    return job
