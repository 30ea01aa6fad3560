"""The sheet of a hand-over as a PDF: asked of the centre, set in a process of its own, told the journal, then written.

The file gets its name only after `export.note` is in the journal: nothing leaves the house untold.
"""

import hashlib
import os
from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QObject, Signal

from chengyun_console.desk import Desk
from chengyun_console.paper import place
from chengyun_console.session.background import Background
from chengyun_core.model.duty import HandoverState
from chengyun_core.model.failure import Reason, Trouble
from chengyun_core.model.rights_commands import NoteExport
from chengyun_core.report.handover_sheet import SheetFacts, handover_sheet
from chengyun_core.report.renderer import ChildRenderer, Renderer
from chengyun_core.wire.envelope import Reply
from chengyun_core.wire.paper_asks import AskSheet

_SLOT = "handover.paper"


class HandoverPaper(QObject):
    """One sheet at a time; asking again while one is made begins anew."""

    did_go_on = Signal(str)
    """Text code of what is done now."""
    was_written = Signal(object)
    """Path of the file."""
    did_fail = Signal(object)
    """Reason; nothing was written."""

    def __init__(self, desk: Desk, parent: QObject | None = None, renderer: Renderer | None = None) -> None:
        super().__init__(parent)
        self._desk = desk
        self._renderer: Renderer = renderer or ChildRenderer()
        self._background = Background(self)
        self._noted = ""
        self._made: tuple[bytes, Path] | None = None
        desk.session.command_ended.connect(self._on_ended)

    def make(self, number: int) -> None:
        """Make the PDF of a hand-over as it stands, or as it was signed."""
        self.did_go_on.emit("console.handover.paper.asking")
        self._desk.session.ask("paper.handover", AskSheet(handover=number), self._on_facts, slot=_SLOT)

    def _on_facts(self, told: object) -> None:
        if isinstance(told, Reason):
            self.did_fail.emit(told)
        elif isinstance(told, SheetFacts):
            self.did_go_on.emit("console.handover.paper.setting")
            held = told.handover
            name = self._name(held.number, held.seat, is_locked=held.state is HandoverState.SIGNED)
            rows = len(held.items)
            self._background.run(_SLOT, self._setting(told), lambda made: self._on_set(made, name, rows))

    def _setting(self, facts: SheetFacts) -> Callable[[], object]:
        renderer, texts = self._renderer, self._desk.texts

        def job() -> object:
            try:
                return renderer.render(handover_sheet(facts, texts))
            except Trouble as trouble:
                return trouble.reason

        return job

    def _on_set(self, made: object, name: str, rows: int) -> None:
        if isinstance(made, Reason):
            self.did_fail.emit(made)
        elif isinstance(made, bytes):
            self._made = made, place.folder(self._desk) / name
            digest = hashlib.sha256(made).hexdigest()
            self._noted = self._desk.session.send(NoteExport(what="handover", form="pdf", rows=rows, digest=digest))

    def _on_ended(self, command: str, reply: Reply) -> None:
        if command != self._noted or self._made is None:
            return
        made, self._noted, self._made = self._made, "", None
        if reply.outcome != "done":
            self.did_fail.emit(Reason(code=reply.code, params=reply.params))
        else:
            self._background.run(_SLOT, _writing(*made), self._on_written)

    def _on_written(self, told: object) -> None:
        if isinstance(told, Path):
            self.was_written.emit(told)
        elif isinstance(told, Reason):
            self.did_fail.emit(told)

    def _name(self, number: int, seat: str, *, is_locked: bool) -> str:
        """Return the file's name: what it is, of which seat, which number, and when; none is ever written over."""
        stamp = f"{self._desk.figures.moment(self._desk.now_ns()):%Y%m%d-%H%M%S}"
        state = "signed" if is_locked else "open"
        safe = "".join(letter if letter.isalnum() or letter in "-_" else "_" for letter in seat)
        return f"handover-{number}-{safe}-{state}-{stamp}.pdf"


def _writing(data: bytes, path: Path) -> Callable[[], object]:
    def job() -> object:
        try:
            path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            part = path.with_suffix(".part")
            with os.fdopen(os.open(part, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as file:
                file.write(data)
                file.flush()
                os.fsync(file.fileno())
            part.replace(path)
        except OSError as fault:
            return Reason(code="console.handover.paper.not_written", params={
                "file": str(path), "fault": fault.strerror or str(fault),
            })  # fmt: skip
        return path

    return job
