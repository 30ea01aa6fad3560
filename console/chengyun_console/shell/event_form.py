"""The form that opens an event: from an alarm filled in at once, else from the words told; one key confirms (E1, E9).

Opened with E: what alarms, matter and words suggest is filled in, the factors have the keyboard and Enter opens the
event with its grade. Esc keeps the draft, also over a kill of the console.
"""

from collections.abc import Callable
from dataclasses import replace
from itertools import pairwise

from PySide6.QtCore import QRect, Qt, QTimer, Signal
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QVBoxLayout, QWidget
from typing_extensions import override

from chengyun_console.desk import Desk
from chengyun_console.draft_keeper import DraftKeeper
from chengyun_console.lettered import Lettered
from chengyun_console.shell.event_fields import EventFields
from chengyun_console.shell.grading import GradingPane
from chengyun_console.shell.overlay import Overlay, centred
from chengyun_console.wording.near_events import near_rows, read_lines
from chengyun_core.model.dispatch_narrative import Reading
from chengyun_core.model.event import EventSource
from chengyun_core.model.event_commands import GradeEvent, OpenEvent
from chengyun_core.model.failure import Reason
from chengyun_core.wire.dispatch_asks import AskReading
from chengyun_core.wire.event_asks import AskSimilar, Prefilled, SimilarEvents
from chengyun_resources.theme.tokens import SPACE_PX, TARGET_PX, Colour, TypeSize
from chengyun_widgets.fact_list import FactList
from chengyun_widgets.presence import Presence

WIDTH_PX, HEIGHT_PX = 1120, 640
PAUSE_MS = 250
"""A pause of the typist after which the words are read and looked up; Tab reads them at once."""
DRAFT = "event.new"


class EventForm(Overlay):
    """Ctrl+Enter opens the event, Enter does so on the factors. What was refused comes back with its reason."""

    was_written = Signal(object, object)
    """OpenEvent, and the GradeEvent that follows it (its event and version are not known yet), or None."""
    event_was_asked = Signal(int)
    """Number of a similar event to be looked at."""

    def __init__(self, desk: Desk, parent: QWidget) -> None:
        super().__init__(desk.theme, desk.say("events.form.title"), desk.say("events.form.hint"), parent)
        self._desk = desk
        self._alarms: tuple[int, ...] = ()
        self._situation: int | None = None
        self._parent: int | None = None
        self._sends_when_filled = False
        self._is_awaiting = False
        self._is_judged = False
        self._sent: tuple[dict[str, str], tuple[int, ...], int | None] | None = None
        self.fields = EventFields(desk)
        self.grading = GradingPane(desk, may_wait=True)
        self.near = FactList(desk.theme)
        self.near.setAccessibleName(desk.say("events.form.near"))
        self.read = Lettered(desk.theme, TypeSize.SMALL)
        self.told = Lettered(desk.theme, TypeSize.BODY, Colour.RED_TEXT)
        self.evidence = Lettered(desk.theme, TypeSize.SMALL)
        self.confirm = QPushButton(desk.say("events.form.confirm"))
        self.confirm.setDefault(True)
        self._reading, self._keeping = self._timer(PAUSE_MS, self.look), DraftKeeper(self._keep, self)
        self._lay_out()
        self._connect()

    def open_blank(self, area: QRect) -> None:
        """Begin with the words told, or go on with the draft that was left."""
        self._take_alarms((), None)
        self.fields.put(self._desk.drafts.read(DRAFT))
        self.grading.put({})
        self._show(area)
        self.fields.narrative.setFocus()
        self._reading.start()

    def open_for_alarm(self, alarm: int, area: QRect, *, situation: int | None = None) -> None:
        """Ask the centre to fill it in from an alarm, and put the keyboard where Enter confirms."""
        self._take_alarms((alarm,), situation)
        self.fields.put({"source": EventSource.ALARM.value})
        self.grading.put({})
        self._show(area)
        self.grading.pad.setFocus()
        self._is_awaiting = True
        form = OpenEvent(source=EventSource.ALARM, alarms=(alarm,), situation=situation)
        self._desk.session.ask("event.prefill", form, self._on_filled, slot="events.prefill")

    @override
    def open_over(self, area: QRect) -> None:
        super().open_over(centred(area, WIDTH_PX, HEIGHT_PX))

    @override
    def close_over(self) -> bool:
        self._keeping.now()
        self._reading.stop()
        self._sends_when_filled = self._is_awaiting = False
        return super().close_over()

    @override
    def carried(self) -> object:
        return (self.fields.texts(), self._alarms, self._situation) if self.isVisible() else None

    @override
    def take_carried(self, kept: object) -> None:
        match kept:
            case (dict(texts), tuple(alarms), int() | None as situation):
                self._take_alarms(alarms, situation)
                self.fields.put(texts)
                self._show(self.window().rect())

    def show_refusal(self, text: str) -> None:
        """Say why the event was not opened, in the form it was written in; what was written is there again."""
        if self.isVisible() or self._sent is None:
            return
        texts, alarms, situation = self._sent
        self._take_alarms(alarms, situation)
        self.fields.put(texts)
        self._show(self._given)
        self.fields.narrative.setFocus()
        self.told.show_text(text)

    def look(self) -> None:
        """Read the words told and look for the same event among those known."""
        session, texts = self._desk.session, self.fields.texts()
        if texts["narrative"].strip():
            ask = AskReading(narrative=texts["narrative"], centre=session.own_centre, matter=self.fields.own_matter)
            session.ask("dispatch.classify", ask, self._on_reading, slot="events.reading")
        if any(texts[name].strip() for name in ("title", "narrative", "place")) or self._alarms:
            near = AskSimilar(
                title=texts["title"], narrative=texts["narrative"], matter=texts["matter"], centre=texts["centre"],
                place=texts["place"], alarms=self._alarms,
            )  # fmt: skip
            session.ask("event.similar", near, self._on_near, slot="events.near")

    def send(self) -> None:
        """Hand the event on with its grade, or say what is missing; before the alarm has filled it in, then."""
        if self._is_awaiting:
            self._sends_when_filled = True
            self.told.show_text(self._desk.say("events.form.filling"))
            return
        fault = self.fields.fault() or self.grading.fault()
        if fault:
            self.told.show_text(fault)
            return
        form = self.fields.form(alarms=self._alarms, situation=self._situation)
        grade = self.grading.command(0, 1)
        self._sent = (self.fields.texts(), self._alarms, self._situation)
        self._keeping.now()
        super().close_over()
        self._reading.stop()
        self.was_written.emit(form, grade)

    def _on_filled(self, told: object) -> None:
        """Take the answer of the centre; what the officer has written meanwhile stays."""
        if self.isHidden():
            return
        self._is_awaiting = False
        if isinstance(told, Reason):
            self._sends_when_filled = False
            self.told.show_text(self._desk.refusal(told))
            return
        if isinstance(told, Prefilled):
            self.fields.fill(told.form)
            self._alarms, self._situation = told.form.alarms, told.form.situation
            if not self.grading.factors:
                self.grading.put(told.factors)
            self.told.show_text("")
            self._tell_evidence(told.evidence)
            self.look()
            if self._sends_when_filled:
                self._sends_when_filled = False
                self.send()

    def _tell_evidence(self, count: int) -> None:
        self.evidence.show_text(self._desk.say("events.form.evidence", count=count) if count else "")

    def _on_reading(self, told: object) -> None:
        if isinstance(told, Reading) and self.isVisible():
            self.fields.suggest(told)
            if told.factors and not self._is_judged:
                self.grading.put(told.factors)
            self.read.show_text(self._desk.say("events.pieces_between").join(read_lines(self._desk, told)))

    def _on_near(self, told: object) -> None:
        if isinstance(told, SimilarEvents) and self.isVisible():
            rows = near_rows(self._desk, told)
            self.near.set_rows(rows)
            self.near.show_notice(
                Presence.FRESH if rows else Presence.EMPTY, self._desk.say("events.form.none_near")
            )  # fmt: skip

    def _take_alarms(self, alarms: tuple[int, ...], situation: int | None) -> None:
        self._alarms, self._situation, self._is_judged = alarms, situation, False
        self._is_awaiting = self._sends_when_filled = False

    def _show(self, area: QRect) -> None:
        self.told.show_text("")
        self._tell_evidence(0)
        self.read.show_text("")
        self.near.set_rows([])
        self.near.show_notice(Presence.EMPTY, self._desk.say("events.form.near_hint"))
        self.open_over(area)

    def _keep(self) -> None:
        """Keep what was written; what an alarm filled in is no draft of anybody's."""
        if not self._alarms:
            self._desk.drafts.write(DRAFT, self.fields.typed())

    def _on_edit(self) -> None:
        self.told.show_text("")
        self._reading.start()
        self._keeping.touch()

    def _on_judged(self) -> None:
        self._is_judged = True
        self.told.show_text("")

    def _timer(self, pause_ms: int, due: Callable[[], object]) -> QTimer:
        timer = QTimer(self)
        timer.setSingleShot(True)
        timer.setInterval(pause_ms)
        timer.timeout.connect(due)
        return timer

    def _connect(self) -> None:
        self.fields.did_change.connect(self._on_edit)
        self.fields.narrative_was_left.connect(self.look)
        self.grading.did_change.connect(self._on_judged)
        self.grading.was_confirmed.connect(self.send)
        self.confirm.clicked.connect(lambda _checked=False: self.send())
        self.near.row_was_opened.connect(lambda key: self.event_was_asked.emit(int(key)))
        for sequence in ("Ctrl+Return", "Ctrl+Enter"):
            shortcut = QShortcut(QKeySequence(sequence), self)
            shortcut.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
            shortcut.activated.connect(self.send)

    def _order(self) -> None:
        """Tab goes from the words told to the factors, where Enter confirms, and only then through the fields."""
        grading, fields = self.grading, self.fields
        way: list[QWidget] = [fields.narrative, grading.pad, grading.grade, grading.reason, grading.escalates]
        way += [*fields.in_order(), self.confirm, self.near]
        for before, after in pairwise(way):
            QWidget.setTabOrder(before, after)

    def _lay_out(self) -> None:
        body = QWidget()
        row = QHBoxLayout(body)
        row.setContentsMargins(SPACE_PX * 4, SPACE_PX * 3, SPACE_PX * 4, SPACE_PX * 3)
        row.setSpacing(SPACE_PX * 4)
        left, right = QVBoxLayout(), QVBoxLayout()
        for column in (left, right):
            column.setSpacing(SPACE_PX * 2)
        for label in (self.read, self.told, self.evidence):
            label.setWordWrap(True)
        self.confirm.setMinimumHeight(TARGET_PX)
        left.addWidget(self.fields.narrative)
        left.addWidget(self.grading)
        left.addWidget(self.fields)
        left.addWidget(self.evidence)
        left.addStretch(1)
        left.addWidget(self.told)
        left.addWidget(self.confirm)
        right.addWidget(Lettered(self._desk.theme, TypeSize.BODY, Colour.TEXT, bold=True,
                                 text=self._desk.say("events.form.near")))  # fmt: skip
        right.addWidget(self.near, 1)
        right.addWidget(self.read)
        row.addLayout(left, 64)
        row.addLayout(right, 36)
        self.set_body(body)
        self._order()
        self.show_notice(Presence.FRESH, "")


def for_event(grade: GradeEvent, event: int, version: int) -> GradeEvent:
    """Return the grade written with the form, of the event that was opened by it."""
    return replace(grade, event=event, version=version)
