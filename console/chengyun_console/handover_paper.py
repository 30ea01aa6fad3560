"""The sheet of a hand-over as PDF and as a workbook: asked of the centre, set beside the window, noted, written."""

from collections.abc import Callable

from PySide6.QtCore import QObject, Signal

from chengyun_console.desk import Desk
from chengyun_console.noted_files import Leaving, NotedFiles, file_name
from chengyun_console.paper import place
from chengyun_console.session.background import Background
from chengyun_core.model.duty import HandoverState
from chengyun_core.model.failure import Reason, Trouble
from chengyun_core.report.handover_sheet import SheetFacts, handover_sheet
from chengyun_core.report.renderer import ChildRenderer, Renderer
from chengyun_core.report.workbook import workbook
from chengyun_core.wire.paper_asks import AskSheet

_SLOT = "handover.paper"


class HandoverPaper(QObject):
    """One sheet at a time; asking again while one is made begins anew."""

    did_go_on = Signal(str)
    """Text code of what is done now."""
    was_written = Signal(object)
    """Path of the PDF; the workbook lies beside it under the same name."""
    did_fail = Signal(object)
    """Reason; nothing was written."""

    def __init__(self, desk: Desk, parent: QObject | None = None, renderer: Renderer | None = None) -> None:
        super().__init__(parent)
        self._desk = desk
        self._renderer: Renderer = renderer or ChildRenderer()
        self._background, self._files = Background(self), NotedFiles(desk, self)
        self._files.were_written.connect(lambda paths: self.was_written.emit(paths[0]))
        self._files.did_fail.connect(self.did_fail)

    def make(self, number: int) -> None:
        """Make both files of a hand-over as it stands, or as it was signed."""
        self.did_go_on.emit("console.handover.paper.asking")
        self._desk.session.ask("paper.handover", AskSheet(handover=number), self._on_facts, slot=_SLOT)

    def _on_facts(self, told: object) -> None:
        if isinstance(told, Reason):
            self.did_fail.emit(told)
        elif isinstance(told, SheetFacts):
            self.did_go_on.emit("console.handover.paper.setting")
            held = told.handover
            state = "signed" if held.state is HandoverState.SIGNED else "open"
            name = file_name(self._desk, "handover", str(held.number), held.seat, state)
            rows = len(held.items)
            self._background.run(_SLOT, self._setting(told), lambda made: self._on_set(made, name, rows))

    def _setting(self, facts: SheetFacts) -> Callable[[], object]:
        renderer, texts = self._renderer, self._desk.texts

        def job() -> object:
            try:
                document = handover_sheet(facts, texts)
                return {"pdf": renderer.render(document), "xlsx": workbook(document)}
            except Trouble as trouble:
                return trouble.reason

        return job

    def _on_set(self, made: object, name: str, rows: int) -> None:
        if isinstance(made, Reason):
            self.did_fail.emit(made)
        elif isinstance(made, dict):
            folder = place.folder(self._desk)
            self._files.leave(tuple(
                Leaving(what="handover", form=form, rows=rows, data=data, path=folder / f"{name}.{form}")
                for form, data in made.items()
            ))  # fmt: skip
