"""报送: a report to the superior, drafted from the timeline and edited by the officer; each sentence names its rows."""

from PySide6.QtCore import QRect, Qt, Signal
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QHBoxLayout, QPlainTextEdit, QPushButton, QVBoxLayout, QWidget
from typing_extensions import override

from chengyun_console.desk import Desk
from chengyun_console.draft_keeper import DraftKeeper
from chengyun_console.lettered import Lettered
from chengyun_console.pages.choice_box import ChoiceBox
from chengyun_console.shell.overlay import Overlay, centred
from chengyun_console.wording.events import EventWords
from chengyun_core.model.clock import NS_PER_S
from chengyun_core.model.event import Event, EventState, ReportKind
from chengyun_core.model.event_commands import SendReport
from chengyun_core.model.failure import Reason
from chengyun_core.wire.event_asks import AskDraft, Draft
from chengyun_resources.theme.tokens import SPACE_PX, TARGET_PX, Colour, TypeSize
from chengyun_widgets.presence import Presence
from chengyun_widgets.time_lines import TimeLine, TimeLines

WIDTH_PX, HEIGHT_PX = 1040, 600
_LAST = (EventState.FED_BACK, EventState.CHECKED)


class ReportSheet(Overlay):
    """Ctrl+Enter sends; Esc keeps what was written. Another kind brings its own draft unless something was edited."""

    was_written = Signal(object, str)
    """SendReport, and the deed in words."""

    def __init__(self, desk: Desk, parent: QWidget) -> None:
        super().__init__(desk.theme, "", desk.say("events.report.hint"), parent)
        self._desk = desk
        self._event: Event | None = None
        self._drafted = ""
        self._second = -1
        self.kind = ChoiceBox(desk.theme)
        self.text = QPlainTextEdit()
        self.sources = TimeLines(desk.theme)
        self.clock = Lettered(desk.theme, TypeSize.LEAD, Colour.TEXT, bold=True)
        self.told = Lettered(desk.theme, TypeSize.BODY, Colour.RED_TEXT)
        self.confirm = QPushButton(desk.say("events.report.confirm"))
        self.confirm.setDefault(True)
        self.keeper = DraftKeeper(self._keep, self)
        self._lay_out()
        self.kind.currentIndexChanged.connect(lambda _at: self._ask())
        self.text.textChanged.connect(self.keeper.touch)
        self.confirm.clicked.connect(lambda _checked=False: self.send())
        for sequence in ("Ctrl+Return", "Ctrl+Enter"):
            shortcut = QShortcut(QKeySequence(sequence), self)
            shortcut.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
            shortcut.activated.connect(self.send)

    def open_for(self, event: Event, area: QRect) -> None:
        """Draft the report that is due next, or go on with what was written about this event."""
        if self.isVisible():
            self.keeper.now()
        self._event, self._drafted, self._second = event, "", -1
        kept = self._desk.drafts.read(self._draft_name())
        wanted = ReportKind(kept["kind"]) if kept.get("kind") in set(ReportKind) else _due_kind(event)
        self.kind.blockSignals(True)
        self.kind.setCurrentIndex(self.kind.findData(wanted.value))
        self.kind.blockSignals(False)
        self.text.setPlainText(kept.get("text", ""))
        self.sources.show_lines(())
        self.told.show_text("")
        self.set_title(self._desk.say("events.report.sheet", event=event.code, title=event.title))
        self.open_over(area)
        self.text.setFocus()
        self._ask()
        self.refresh()

    @override
    def open_over(self, area: QRect) -> None:
        super().open_over(centred(area, WIDTH_PX, HEIGHT_PX))

    @override
    def close_over(self) -> bool:
        if self.isVisible() and self._event is not None:
            self.keeper.now()
        return super().close_over()

    @override
    def carried(self) -> object:
        if self._event is None or self.isHidden():
            return None
        self.keeper.now()
        return self._event

    @override
    def take_carried(self, kept: object) -> None:
        if isinstance(kept, Event):
            self.open_for(kept, self.window().rect())

    def refresh(self) -> None:
        """Count down to when the first report must have left; called on each frame, does something once a second."""
        now_ns = self._desk.now_ns()
        if self.isHidden() or self._event is None or now_ns // NS_PER_S == self._second:
            return
        self._second = now_ns // NS_PER_S
        event = self._desk.session.facts.events.get(self._event.number, self._event)
        if event.report_due_at is None:
            self.clock.show_text(
                self._desk.say("events.report.none_due" if not event.reports else "events.report.sent")
            )
            self.clock.set_colour(Colour.TEXT_SECOND)
            return
        words = EventWords(self._desk.figures, self._desk.names)
        clock = words.counted(event.report_due_at, self._desk.say("event.report_kind.first"), now_ns)
        self.clock.show_text(clock.text)
        self.clock.set_colour(clock.colour)

    def send(self) -> None:
        """Hand the report on; an empty one is told. The version is that of the event as it stands in the mirror."""
        event, text = self._event, self.text.toPlainText().strip()
        if event is None or not text:
            self.told.show_text(self._desk.say("events.report.empty"))
            return
        event = self._desk.session.facts.events.get(event.number, event)
        kind = ReportKind(str(self.kind.currentData()))
        made = SendReport(event=event.number, version=event.version, kind=kind, text=text, drafted=self._drafted)
        self.keeper.now()
        super().close_over()
        told = self._desk.say("events.report.deed", event=event.code, kind=self.kind.currentText())
        self.was_written.emit(made, told)

    def sent(self, event: int) -> None:
        """Forget the draft: the centre has the report."""
        if self.isHidden():
            self.keeper.stop()
        self._desk.drafts.drop(f"report.{event}")

    def _ask(self) -> None:
        if self._event is None or self.isHidden():
            return
        kind = ReportKind(str(self.kind.currentData()))
        ask = AskDraft(event=self._event.number, kind=kind, language=self._desk.texts.language)
        self._desk.session.ask("event.draft_report", ask, self._on_draft, slot="events.draft")

    def _on_draft(self, told: object) -> None:
        if isinstance(told, Reason):
            self.told.show_text(self._desk.refusal(told))
        if not isinstance(told, Draft) or self.isHidden():
            return
        written = self.text.toPlainText().strip()
        if not written or written == self._drafted.strip():
            self.text.setPlainText(told.text)
        self._drafted = told.text
        rows = [line for line in told.lines if line.rows]
        self.sources.show_lines(
            [
                TimeLine(
                    key=str(at), stamp=self._desk.say("events.report.row", row=line.rows[0]), day="", text=line.text,
                    who=self._desk.say("events.report.rows", rows=" ".join(f"#{row}" for row in line.rows)),
                )
                for at, line in reversed(list(enumerate(rows)))
            ]
        )  # fmt: skip

    def _keep(self) -> None:
        """Keep what differs from the draft of the program: that one is made anew from newer facts."""
        if self._event is None:
            return
        written = self.text.toPlainText()
        own = written.strip() != self._drafted.strip()
        texts = {"text": written, "kind": str(self.kind.currentData())} if own else {}
        self._desk.drafts.write(self._draft_name(), texts)

    def _draft_name(self) -> str:
        return f"report.{self._event.number}" if self._event is not None else "report"

    def _lay_out(self) -> None:
        say = self._desk.say
        for kind in ReportKind:
            self.kind.addItem(say(f"event.report_kind.{kind.value}"), kind.value)
        self.kind.setAccessibleName(say("events.report.kind"))
        self.text.setAccessibleName(say("events.report.text"))
        self.text.setTabChangesFocus(True)
        self.sources.setAccessibleName(say("events.report.sources"))
        self.confirm.setMinimumHeight(TARGET_PX)
        self.told.setWordWrap(True)
        body = QWidget()
        column = QVBoxLayout(body)
        column.setContentsMargins(SPACE_PX * 4, SPACE_PX * 3, SPACE_PX * 4, SPACE_PX * 3)
        column.setSpacing(SPACE_PX * 2)
        top, middle = QHBoxLayout(), QHBoxLayout()
        top.addWidget(self.kind)
        top.addWidget(self.clock)
        top.addStretch(1)
        side = QVBoxLayout()
        side.addWidget(Lettered(self._desk.theme, TypeSize.BODY, text=say("events.report.sources")))
        side.addWidget(self.sources, 1)
        middle.addWidget(self.text, 60)
        middle.addLayout(side, 40)
        column.addLayout(top)
        column.addLayout(middle, 1)
        column.addWidget(self.told)
        column.addWidget(self.confirm)
        self.set_body(body)
        self.show_notice(Presence.FRESH, "")


def _due_kind(event: Event) -> ReportKind:
    """Return the kind that comes next: the first one, then those that follow, and the last when it is dealt with."""
    if not event.reports:
        return ReportKind.FIRST
    return ReportKind.FINAL if event.state in _LAST else ReportKind.FOLLOW_UP
