"""导入预警: the centre looks at a file first; what it would become, or every fault with its line, stands here."""

from collections.abc import Callable
from pathlib import Path

from PySide6.QtWidgets import QWidget
from typing_extensions import override

from chengyun_console.desk import Desk
from chengyun_console.pages.plans.sender import Sender, status_line
from chengyun_console.session.background import Background
from chengyun_console.shell.intake_sheet import IntakeSheet, IntakeWords
from chengyun_console.warnings.wording import WarningWords
from chengyun_core.model.failure import Reason
from chengyun_core.model.warning_commands import TakeWarning
from chengyun_core.wire.warning_asks import AskWarningCheck, WarningChecked
from chengyun_resources.theme.tokens import Colour
from chengyun_widgets.fact_model import FactRow

LARGEST = 2**20
_SLOT = "warnings.check"
_WORDS = IntakeWords(
    title="warnings.import.title", hint="warnings.import.hint", choose="warnings.import.choose",
    confirm="warnings.import.confirm", which="warnings.import.choose", rows="warnings.import.rows",
)  # fmt: skip


class WarningImport(IntakeSheet):
    """A bulletin is chosen or dropped here; nothing of it is taken before it was looked at."""

    def __init__(self, desk: Desk, parent: QWidget) -> None:
        super().__init__(desk, _WORDS, parent)
        self._name, self._data = "", b""
        self._background = Background(self)
        self.status = status_line(desk)
        self.sending = Sender(desk, self.status)
        self._column.insertWidget(self._column.count() - 1, self.status)
        self._show_rows([], desk.say("warnings.import.empty"))

    @override
    def look_at(self, path: Path) -> None:
        self._name, self._data = path.name, b""
        self._let(is_good=False)
        self._say("warnings.import.checking", Colour.TEXT_SECOND)
        self._background.run("warning", _read(path), self._on_read)

    @override
    def take(self) -> None:
        if self.sending.is_busy:
            self._let(is_good=True)
            return
        made = TakeWarning(name=self._name, data=self._data)
        told = self._desk.say("warnings.deed.take", file=self._name)
        self.sending.send(made, told, lambda _done: self._on_done())

    def _on_read(self, told: object) -> None:
        if isinstance(told, Reason):
            self._show_rows([], self._desk.refusal(told))
            self.told.show_text("")
        elif isinstance(told, bytes):
            self._data = told
            body = AskWarningCheck(name=self._name, data=told)
            self._desk.session.ask("warning.check", body, self._on_checked, slot=_SLOT)

    def _on_checked(self, told: object) -> None:
        if isinstance(told, Reason):
            self._show_rows([self._fault(0, told)], "")
            self._say("warnings.import.faulty", Colour.RED_TEXT, count=1)
        elif isinstance(told, WarningChecked) and told.faults:
            self._show_rows([self._fault(at, fault) for at, fault in enumerate(told.faults)], "")
            self._say("warnings.import.faulty", Colour.RED_TEXT, count=len(told.faults))
        elif isinstance(told, WarningChecked):
            words, now_ns = WarningWords(self._desk), self._desk.now_ns()
            self._show_rows([words.row(one, now_ns) for one in told.warnings], "")
            self._let(is_good=bool(told.warnings))
            code = "warnings.import.good" if told.warnings else "warnings.import.nothing"
            self._say(code, Colour.TEXT if told.warnings else Colour.ORANGE_TEXT, count=len(told.warnings))

    def _on_done(self) -> None:
        self._say("warnings.import.done", Colour.DONE)

    def _fault(self, at: int, reason: Reason) -> FactRow:
        return self._fault_row(at, self._desk.refusal(reason), value=reason.params.get("value", ""))

    def _say(self, code: str, ink: Colour, **params: object) -> None:
        self._tell(self._desk.say(code, file=self._name, **params), ink)


def _read(path: Path) -> Callable[[], object]:
    """Return a job that answers the bytes of a file, or the Reason why they cannot be taken."""

    def job() -> object:
        try:
            size = path.stat().st_size
            if size > LARGEST:
                params = {"file": path.name, "size": str(-(-size // 1024))}
                return Reason(code="warnings.import.too_large", params=params)
            return path.read_bytes()
        except OSError as fault:
            return Reason(code="upload.unreadable", params={"file": path.name, "fault": str(fault)})

    return job
