"""值班日报 (WF9) at the console: its facts asked, its number taken, set as PDF and workbook, noted, then written."""

from collections.abc import Callable
from dataclasses import dataclass, replace

from PySide6.QtCore import QObject, Signal

from chengyun_console.desk import Desk
from chengyun_console.noted_files import Leaving, NotedFiles, file_name
from chengyun_console.paper import place
from chengyun_console.session.background import Background
from chengyun_console.session.replies import done_of
from chengyun_core.model.failure import Reason, Trouble
from chengyun_core.model.paper import PaperKind
from chengyun_core.model.paper_commands import NumberPaper
from chengyun_core.report.daily import DailyFacts, daily
from chengyun_core.report.document import Document
from chengyun_core.report.renderer import ChildRenderer, Renderer
from chengyun_core.report.workbook import workbook
from chengyun_core.wire.envelope import Reply
from chengyun_core.wire.paper_asks import AskDaily

WHAT = "report.daily"
_SLOT = "daily.paper"
_LONGEST_TITLE = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class Span:
    """What a daily report is of: [from, to), profile ns UTC."""

    from_ns: int
    to_ns: int
    seat: str = ""
    """Tell what is open there now; empty: what was handed over."""
    about: str = ""
    """`shift/41`; empty: a time without a shift."""


class DailyPaper(QObject):
    """One report at a time: asked again while one is made, it says how far that one is; a number is not given twice."""

    did_go_on = Signal(str)
    """Text code of what is done now."""
    was_written = Signal(str, object)
    """Number as printed, and the paths: PDF, workbook."""
    did_fail = Signal(object)
    """Reason; nothing was written."""

    def __init__(self, desk: Desk, parent: QObject | None = None, renderer: Renderer | None = None) -> None:
        super().__init__(parent)
        self._desk = desk
        self._renderer: Renderer = renderer or ChildRenderer()
        self._background, self._files = Background(self), NotedFiles(desk, self)
        self._step, self._numbered = "", ""
        self._span: Span | None = None
        self._document: Document | None = None
        self._given: tuple[str, str] | None = None
        """What a number was given for and the number, while no file bears it: the next try takes it, no new one."""
        desk.session.command_ended.connect(self._on_ended)
        self._files.were_written.connect(self._on_written)
        self._files.did_fail.connect(self._fail)

    def make(self, span: Span) -> None:
        """Make both files of a report."""
        if self._step:
            self.did_go_on.emit(self._step)
            return
        self._span = span
        self._go_on("console.daily.asking")
        ask = AskDaily(from_ns=span.from_ns, to_ns=span.to_ns, seat=span.seat)
        self._desk.session.ask("paper.daily", ask, self._on_facts, slot=_SLOT)

    def _on_facts(self, told: object) -> None:
        if isinstance(told, Reason):
            self._fail(told)
        elif isinstance(told, DailyFacts):
            texts = self._desk.texts
            self._background.run(_SLOT, lambda: daily(told, texts), self._on_document)

    def _on_document(self, made: object) -> None:
        if not isinstance(made, Document) or self._span is None:
            return
        self._document = made
        if self._given is not None and self._given[0] == self._span.about:
            self._set(self._given[1])
            return
        self._go_on("console.daily.numbering")
        self._numbered = self._desk.session.send(
            NumberPaper(kind=PaperKind.DAILY, title=made.title[:_LONGEST_TITLE], about=self._span.about)
        )

    def _on_ended(self, command: str, reply: Reply) -> None:
        if not self._numbered or command != self._numbered or self._span is None:
            return
        self._numbered = ""
        if reply.outcome != "done":
            self._fail(Reason(code=reply.code, params=reply.params))
            return
        number = done_of(reply).key
        self._given = self._span.about, number
        self._set(number)

    def _set(self, number: str) -> None:
        if self._document is not None:
            self._go_on("console.daily.setting")
            document = replace(self._document, number=number)
            self._background.run(_SLOT, _setting(self._renderer, document), lambda made: self._on_set(document, made))

    def _on_set(self, document: Document, made: object) -> None:
        if isinstance(made, Reason):
            self._fail(made)
            return
        if isinstance(made, dict) and self._span is not None:
            rows = sum(len(table.rows) for section in document.sections for table in section.tables)
            about = self._span.about.replace("/", "-") or self._span.seat
            name = file_name(self._desk, *(word for word in ("daily", about) if word))
            folder = place.folder(self._desk)
            self._files.leave(tuple(
                Leaving(what=WHAT, form=form, rows=rows, data=data, path=folder / f"{name}.{form}")
                for form, data in made.items()
            ))  # fmt: skip

    def _on_written(self, paths: object) -> None:
        number = self._given[1] if self._given is not None else ""
        self._given = None
        self._end()
        self.was_written.emit(number, paths)

    def _fail(self, reason: Reason) -> None:
        self._end()
        self.did_fail.emit(reason)

    def _end(self) -> None:
        self._step, self._document, self._span = "", None, None

    def _go_on(self, code: str) -> None:
        self._step = code
        self.did_go_on.emit(code)


def _setting(renderer: Renderer, document: Document) -> Callable[[], object]:
    def job() -> object:
        try:
            return {"pdf": renderer.render(document), "xlsx": workbook(document)}
        except Trouble as trouble:
            return trouble.reason

    return job
