"""导入事件: a file of events looked at row by row, its faults by line and column, then imported whole or not at all."""

from pathlib import Path

from PySide6.QtCore import QRect
from PySide6.QtWidgets import QWidget
from typing_extensions import override

from chengyun_console.desk import Desk
from chengyun_console.event_import import EventImport, Looked
from chengyun_console.shell.intake_sheet import MOST_SHOWN, IntakeSheet, IntakeWords
from chengyun_console.wording.events import EventWords
from chengyun_core.model.catalogue_rows import CellFault
from chengyun_core.model.event_commands import ImportedEvent
from chengyun_core.model.failure import Reason
from chengyun_resources.theme.tokens import Colour, Severity
from chengyun_widgets.fact_model import FactRow

_WORDS = IntakeWords(
    title="events.import.title", hint="events.import.hint", choose="events.import.choose",
    confirm="events.import.confirm", which="events.import.which", rows="events.import.rows",
)  # fmt: skip


class ImportSheet(IntakeSheet):
    """Opened by its key it asks for the file at once."""

    def __init__(self, desk: Desk, parent: QWidget) -> None:
        super().__init__(desk, _WORDS, parent)
        self._import: EventImport | None = None

    @override
    def open_over(self, area: QRect) -> None:
        super().open_over(area)
        if self._import is None:
            self._show_rows([], self._desk.say("events.import.columns"))
        self.list.setFocus()

    @override
    def look_at(self, path: Path) -> None:
        if self._import is not None:
            self._import.deleteLater()
        made = self._import = EventImport(self._desk, path, self)
        made.did_advance.connect(lambda share: self._say("events.import.going", file=path.name, share=share))
        made.was_looked_at.connect(self._on_looked)
        made.did_fail.connect(self._on_failed)
        made.was_done.connect(self._on_done)
        self._let(is_good=False)
        self._say("events.import.going", file=path.name, share=0.0)
        made.look()

    @override
    def take(self) -> None:
        if self._import is not None:
            self._import.send()

    def _on_looked(self, looked: object) -> None:
        assert isinstance(looked, Looked)
        assert self._import is not None
        file = self._import.path.name
        if looked.faults:
            self._show_rows([self._fault(at, fault) for at, fault in enumerate(looked.faults[:MOST_SHOWN])], "")
            self._tell(self._desk.say("events.import.faulty", file=file, count=len(looked.faults)), Colour.RED_TEXT)
            return
        self._show_rows([self._event(row) for row in looked.events[:MOST_SHOWN]], "")
        self._let(is_good=True)
        code = "events.import.good_but" if self._import.unnumbered else "events.import.good"
        told = self._desk.say(code, file=file, count=self._import.count, unnumbered=self._import.unnumbered)
        self._tell(told, Colour.ORANGE_TEXT if self._import.unnumbered else Colour.TEXT)

    def _on_failed(self, reason: object) -> None:
        assert isinstance(reason, Reason)
        self._tell(self._desk.refusal(reason), Colour.RED_TEXT)

    def _on_done(self, count: int, known: int) -> None:
        self._tell(self._desk.say("events.import.done", count=count, known=known), Colour.DONE)
        self._desk.message_came.emit(self._desk.say("events.import.done", count=count, known=known), False)

    def _event(self, row: ImportedEvent) -> FactRow:
        event, words = row.event, EventWords(self._desk.figures, self._desk.names)
        centre = words.names.place(event.centre) if words.names else event.centre
        parts = (self._desk.say("events.import.line", line=row.line), centre, event.place, event.source_ref)
        return FactRow(
            key=str(row.line), severity=Severity.NONE, title=event.title,
            detail=self._desk.say("events.pieces_between").join(filter(None, parts)),
            status=self._desk.say(f"event.source.{event.source.value}"),
        )  # fmt: skip

    def _fault(self, at: int, fault: CellFault) -> FactRow:
        sentence = self._desk.refusal(Reason(code=fault.code, params=fault.params))
        return self._fault_row(at, sentence, line=fault.line, column=fault.column, value=fault.value)

    def _say(self, code: str, *, file: str, share: float) -> None:
        self._tell(self._desk.say(code, file=file, percent=self._desk.figures.percent(share)), Colour.TEXT_SECOND)
