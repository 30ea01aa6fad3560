"""Everything the window does about events besides deeds of the table: ways to one, its forms, what is not there yet."""

from collections.abc import Callable
from functools import partial
from pathlib import Path

from PySide6.QtCore import QMimeData, QObject, QRect
from PySide6.QtWidgets import QWidget

from chengyun_console.actions.table import BY_ID
from chengyun_console.desk import Desk
from chengyun_console.frame_turns import Steps
from chengyun_console.pages.events.page import EventsPage
from chengyun_console.session.replies import done_of
from chengyun_console.shell.deeds import Deeds
from chengyun_console.shell.edit_sheet import EditSheet
from chengyun_console.shell.event_files import EventFiles
from chengyun_console.shell.event_form import DRAFT, EventForm, for_event
from chengyun_console.shell.grade_sheet import GradeSheet
from chengyun_console.shell.import_sheet import ImportSheet
from chengyun_console.shell.overlay import Overlay
from chengyun_console.shell.page_stack import PageStack
from chengyun_console.shell.report_sheet import ReportSheet
from chengyun_console.shell.review_sheet import ReviewSheet
from chengyun_console.shell.split_sheet import SplitSheet
from chengyun_console.shell.transfers import Transfers
from chengyun_console.subjects import situation_of, subject_of
from chengyun_console.uploads import Upload
from chengyun_core.model.event import Event
from chengyun_core.model.event_commands import EditEvent, GradeEvent, OpenEvent, ReviewEvent, SendReport
from chengyun_core.model.failure import Reason
from chengyun_core.wire.envelope import Reply
from chengyun_widgets.toast import MessageTone

EVENTS = "F3"


class EventDesk(QObject):
    """Made once by the window; owns the sheets of events and sends what they write."""

    def __init__(
        self, desk: Desk, parent: QWidget, stack: PageStack, deeds: Deeds, *, area: Callable[[], QRect]
    ) -> None:  # fmt: skip
        """`area` says where the page is, in the window's coordinates."""
        super().__init__(parent)
        self._desk, self._parent, self._stack, self._deeds, self._area = desk, parent, stack, deeds, area
        self.page = stack.of(EventsPage)
        self._opening: dict[str, tuple[GradeEvent | None, bool]] = {}
        """Command → the grade that follows it, and whether an alarm had filled it in."""
        self._drafts: dict[str, Callable[[], None]] = {}
        self.transfers = Transfers(desk, deeds)

    def making(self) -> Steps:
        """Make the sheets, one at a time; nothing else is asked of the desk before the last."""
        desk, parent = self._desk, self._parent
        self.form = EventForm(desk, parent)
        yield
        self.grade, self.edit = GradeSheet(desk, parent), EditSheet(desk, parent)
        yield
        self.report = ReportSheet(desk, parent)
        yield
        self.review = ReviewSheet(desk, parent)
        yield
        self.files = EventFiles(desk, parent, self._deeds, self._area)
        self.importing, self.split = ImportSheet(desk, parent), SplitSheet(desk, parent)
        self._connect()

    @property
    def overlays(self) -> tuple[Overlay, ...]:
        """Return what Esc leaves, the nearest first."""
        return self.files.sheet, self.split, self.importing, self.grade, self.report, self.review, self.edit, self.form

    def doers(self) -> dict[str, Callable[[], object]]:
        """Return what the actions on events do that make no command by themselves."""
        return {
            "event.attach": self._opener("event.attach", self.files.attach),
            "event.dues": self.open_dues,
            "event.edit": self._opener("event.edit", lambda event: self.edit.open_for(event, self._area())),
            "event.from_alarm": self.open_form,
            "event.grade": self._opener("event.grade", lambda event: self.grade.open_for(event, self._area())),
            "event.import": lambda: self._if_allowed("event.import", self._import),
            "event.map": self.tell_map,
            "event.open_file": self.files.open,
            "event.paste_file": self._opener("event.paste_file", self.files.paste),
            "event.save_file": self.files.save,
            "event.new": lambda: self._if_allowed("event.new", lambda: self.form.open_blank(self._area())),
            "event.report": self._opener("event.report", lambda event: self.report.open_for(event, self._area())),
            "event.review": self._opener("event.review", lambda event: self.review.open_for(event, self._area())),
            "event.split_out": self._opener("event.split_out", self._split_out),
        }

    def refresh(self) -> None:
        """Count down on the sheets that are open; called on each frame."""
        self.report.refresh()

    def open_form(self) -> None:
        """E on an alarm: the form filled in from it and its situation; without one in focus an empty form."""
        alarm = self._desk.alarm()
        if alarm is None:
            self._if_allowed("event.new", lambda: self.form.open_blank(self._area()))
            return
        known = next(
            (event for event in self._desk.session.facts.events.values() if alarm.number in event.alarms), None
        )  # fmt: skip
        if known is not None:
            # The alarm has its event: a second one would be merged a minute later.
            self._tell("events.form.has_event", event=known.code)
            self.open_event(known.number)
            return
        situation = situation_of(self._desk, alarm)
        number = situation.number if situation is not None else None
        self._if_allowed(
            "event.from_alarm", lambda: self.form.open_for_alarm(alarm.number, self._area(), situation=number)
        )  # fmt: skip

    def open_event(self, number: int) -> None:
        """Go to an event on its page."""
        self._stack.bring_forward(EVENTS, partial(self.page.open_event, number))

    def open_dues(self) -> None:
        """Go to what is owed on events."""
        self._stack.bring_forward(EVENTS, self.page.open_dues)

    def tell_map(self) -> None:
        """Say where the event is: there is no map yet to show it on."""
        event = self._desk.event_focus.record
        if event is None:
            self._tell("events.none_in_focus")
        elif event.longitude is None or event.latitude is None:
            self._tell("events.map.no_place")
        else:
            self._tell("events.map.waits", longitude=f"{event.longitude:.5f}", latitude=f"{event.latitude:.5f}")

    def _connect(self) -> None:
        self.form.was_written.connect(self._on_form)
        self.form.event_was_asked.connect(self._on_similar)
        self.edit.was_written.connect(self._on_edit)
        self.split.was_written.connect(self._deeds.send)
        self.grade.was_written.connect(self._deeds.send)
        self.report.was_written.connect(self._on_report)
        self.review.was_written.connect(self._on_review)
        self.page.card.files_were_given.connect(self._on_given)
        self._desk.session.command_ended.connect(self._on_ended)

    def _on_similar(self, number: int) -> None:
        self.form.close_over()
        self.open_event(number)

    def _on_form(self, form: OpenEvent, grade: GradeEvent | None) -> None:
        sent = self._desk.session.send(form)
        self._opening[sent] = (grade, bool(form.alarms))
        title = form.title or (form.narrative[:20])
        self._deeds.tell(MessageTone.NOTE, self._desk.say("console.sent", deed=self._desk.say(
            "events.form.deed", title=title)))  # fmt: skip

    def _on_ended(self, command: str, reply: Reply) -> None:
        """Grade the event that was opened, go to it; or show the form again with why it was not."""
        drop = self._drafts.pop(command, None)
        if drop is not None and reply.outcome == "done":
            drop()
        if command not in self._opening:
            return
        grade, is_from_alarm = self._opening.pop(command)
        if reply.outcome != "done":
            self.form.show_refusal(self._desk.refusal(Reason(code=reply.code, params=reply.params)))
            return
        if not is_from_alarm:
            self._desk.drafts.drop(DRAFT)
        done = done_of(reply)
        if not done.key.isdigit():
            return
        number = int(done.key)
        if grade is not None:
            told = self._desk.say("events.form.grade_deed", title=done.key)
            self._deeds.send(for_event(grade, number, done.version), told)
        self._deeds.tell(MessageTone.DONE, self._desk.say("events.form.opened", event=done.key))
        self.open_event(number)

    def _on_report(self, made: SendReport, told: str) -> None:
        self._drafts[self._deeds.send(made, told)] = lambda: self.report.sent(made.event)

    def _on_edit(self, made: EditEvent, told: str) -> None:
        self._drafts[self._deeds.send(made, told)] = lambda: self.edit.sent(made.event)

    def _on_review(self, made: ReviewEvent, told: str) -> None:
        self._drafts[self._deeds.send(made, told)] = lambda: self.review.sent(made.event)

    def _import(self) -> None:
        self.importing.open_over(self._area())
        self.importing.ask_file()

    def _split_out(self, event: Event) -> None:
        self.split.open_for(event, self._desk.event_focus.taken_in, self._area())

    def upload(self, event: Event, path: Path) -> Upload:
        """Send a file and keep it with an event; how far it is stands in the message line."""
        return self.files.upload(event, path)

    def _on_given(self, mime: QMimeData) -> None:
        """Files were dropped on the card of the event in focus."""
        self._with_event("event.attach", lambda event: self.files.take(event, mime))

    def _opener(self, action: str, do: Callable[[Event], object]) -> Callable[[], object]:
        return lambda: self._with_event(action, do)

    def _with_event(self, action: str, do: Callable[[Event], object]) -> None:
        event = self._desk.event_focus.record
        if event is None:
            self._tell("events.none_in_focus")
            return
        reason = BY_ID[action].why_not(subject_of(self._desk))
        if reason is not None:
            self._deeds.tell(MessageTone.REFUSED, self._desk.refusal(reason))
        else:
            self._if_allowed(action, lambda: do(event))

    def _if_allowed(self, action: str, do: Callable[[], object]) -> None:
        if self._deeds.may(BY_ID[action]):
            do()

    def _tell(self, code: str, **params: object) -> None:
        self._deeds.tell(MessageTone.NOTE, self._desk.say(code, **params))
