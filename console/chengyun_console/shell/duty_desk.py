"""What the window does about duty: the sheet of the hand-over, the ways from its items, the import of a roster."""

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QObject, QRect, Signal
from PySide6.QtWidgets import QWidget

from chengyun_console.actions.table import BY_ID
from chengyun_console.daily_paper import DailyPaper, Span
from chengyun_console.daily_span import of_sheet, running
from chengyun_console.desk import Desk
from chengyun_console.duty_forms.desk import DutyForms
from chengyun_console.frame_turns import Steps
from chengyun_console.handover_paper import HandoverPaper
from chengyun_console.pages.cockpit.page import CockpitPage
from chengyun_console.pages.duty.page import DutyPage
from chengyun_console.pages.events.page import EventsPage
from chengyun_console.pages.plans.page import PlansPage
from chengyun_console.shell.deeds import Deeds
from chengyun_console.shell.handover_sheet import HandoverSheet
from chengyun_console.shell.overlay import Overlay
from chengyun_console.shell.page_stack import PageStack
from chengyun_console.shell.roster_sheet import RosterSheet
from chengyun_console.shell.snapshot import Snapshot, pane_around
from chengyun_console.warnings.page import WarningsPage
from chengyun_console.wording.handover_things import number_of
from chengyun_core.model.duty import Handover, Item, ItemKind
from chengyun_core.model.failure import Reason
from chengyun_core.wire.duty_asks import Shifts
from chengyun_widgets.toast import MessageTone

COCKPIT, EVENTS, TASKS, PLANS, DUTY, SOURCES = "F1", "F3", "F4", "F7", "F8", "sources"
WARNINGS = "warnings"
_SHEETS = {
    ItemKind.APPROVAL: "approvals.open", ItemKind.MODE: "mode.change", ItemKind.REPORT_DUE: "mode.change",
}  # fmt: skip
"""Kind of item → the action that opens where it is dealt with."""


class DutyDesk(QObject):
    """Made once by the window."""

    overlays_did_change = Signal()
    """There is one more that Esc leaves."""
    action_was_asked = Signal(object)
    """Tuple of Action: what an item leads to besides pages."""

    def __init__(
        self, desk: Desk, parent: QWidget, stack: PageStack, deeds: Deeds, *, area: Callable[[], QRect]
    ) -> None:  # fmt: skip
        """`area` says where the page is, in the window's coordinates."""
        super().__init__(parent)
        self._desk, self._stack, self._deeds, self._area = desk, stack, deeds, area
        self._parent = parent

    def making(self) -> Steps:
        """Make the sheets, one at a time; nothing else is asked of the desk before the last."""
        desk, parent = self._desk, self._parent
        self.sheet = HandoverSheet(desk, parent)
        yield
        self.paper, self.snapshot = HandoverPaper(desk, self), Snapshot(desk, self)
        self.daily, self.roster = DailyPaper(desk, self), RosterSheet(desk, parent)
        yield
        self.forms = DutyForms(desk, parent, area=self._area)
        self._connect()

    @property
    def overlays(self) -> tuple[Overlay, ...]:
        """Return what Esc leaves."""
        return (*self.forms.overlays, self.sheet, self.roster)

    def doers(self) -> dict[str, Callable[[], object]]:
        """Return what the actions about duty do, by their ids."""
        return {"handover.open": self.hand_over, "duty.snapshot": self.take_snapshot}

    def refresh(self) -> None:
        """Bring what is open to now."""
        self.sheet.refresh()

    def hand_over(self) -> None:
        """Ctrl+Shift+H: the hand-over of this seat; again: away with it."""
        signed_on = self._desk.session.signed_on
        if signed_on is None or self.sheet.close_over():
            return
        if self._deeds.may(BY_ID["handover.open"]):
            self.sheet.begin(signed_on.seat, self._area())

    def take_snapshot(self) -> None:
        """Ctrl+Shift+S: the pane with the keyboard, as it looks now, into the shift log."""
        page = self._stack.currentWidget()
        if self._deeds.may(BY_ID["duty.snapshot"]) and page is not None:
            self.snapshot.take(pane_around(self._parent.focusWidget(), page))

    def take_over(self) -> None:
        """Somebody signed on beside the holder of a seat: straight to the hand-over."""
        self.sheet.joined(self._area())

    def open_handover(self, number: int) -> None:
        """Show a sheet of the past."""
        self.sheet.open_number(number, self._area())

    def make_daily(self) -> None:
        """Alt+D on F8: the 值班日报 of the shift that runs, without a roster since this seat was taken."""
        told = self._stack.of(DutyPage).known.shifts
        span: Span | None = running(self._desk, told.shifts if isinstance(told, Shifts) else ())
        if span is None:
            self._deeds.tell(MessageTone.TROUBLE, self._desk.say("console.daily.no_time"))
        else:
            self.daily.make(span)

    def _connect(self) -> None:
        self.forms.did_make.connect(self.overlays_did_change)
        self.forms.view.was_saved.connect(
            lambda path: self._tell(MessageTone.DONE, self._desk.say("console.duty.snapshot_saved", file=str(path)))
        )
        self.forms.view.did_fail.connect(lambda reason: self._tell(MessageTone.TROUBLE, self._desk.refusal(reason)))
        self.snapshot.did_fail.connect(self._on_no_snapshot)
        self.snapshot.was_sent.connect(self._on_snapshot)
        self.sheet.item_was_opened.connect(self.open_item)
        self.sheet.was_locked.connect(self._on_locked)
        self.sheet.print_was_asked.connect(lambda told: self.paper.make(told.handover.number))
        self.paper.did_go_on.connect(lambda code: self.sheet.tell(self._desk.say(code)))
        self.paper.was_written.connect(self._on_written)
        self.paper.did_fail.connect(self._on_not_written)
        self.sheet.daily_was_asked.connect(lambda sheet: self.daily.make(of_sheet(sheet, self._desk.now_ns())))
        self.daily.did_go_on.connect(lambda code: self._tell(MessageTone.NOTE, self._desk.say(code)))
        self.daily.was_written.connect(self._on_daily)
        self.daily.did_fail.connect(lambda reason: self._tell(MessageTone.TROUBLE, self._desk.refusal(reason)))
        self._stack.page_was_made.connect(self._on_page_made)
        for page_id in self._stack.standing:
            self._on_page_made(page_id)

    def _on_locked(self, sheet: Handover) -> None:
        """Both have signed: a session that took the seat over may now what the seat may."""
        signed_on = self._desk.session.signed_on
        if signed_on is not None and signed_on.incoming and signed_on.account == sheet.taker:
            self._desk.session.renew()

    def _on_written(self, path: Path) -> None:
        told = self._desk.say("console.handover.paper.written", file=str(path))
        self.sheet.tell(told)
        self._deeds.tell(MessageTone.DONE, told)

    def _on_not_written(self, reason: Reason) -> None:
        self.sheet.tell(self._desk.refusal(reason), is_trouble=True)

    def _on_daily(self, number: str, paths: tuple[Path, ...]) -> None:
        self._tell(MessageTone.DONE, self._desk.say("console.daily.written", number=number, file=str(paths[0])))

    def _tell(self, tone: MessageTone, told: str) -> None:
        """Tell in the message line, and in the sheet when it lies over the page."""
        self._deeds.tell(tone, told)
        if self.sheet.isVisible():
            self.sheet.tell(told, is_trouble=tone is MessageTone.TROUBLE)

    def _on_no_snapshot(self, reason: Reason) -> None:
        self._deeds.tell(MessageTone.TROUBLE, self._desk.refusal(reason))

    def _on_snapshot(self, _command: str, title: str) -> None:
        self._deeds.tell(MessageTone.DONE, self._desk.say("console.duty.snapshot_sent", title=title))

    def _on_page_made(self, page_id: str) -> None:
        if page_id == DUTY:
            page = self._stack.of(DutyPage)
            page.handover_was_opened.connect(self.open_handover)
            page.call_out_was_opened.connect(self.open_call_out)
            page.deeds.daily_was_asked.connect(self.make_daily)
            page.deeds.form_was_asked.connect(lambda action: self.forms.open(action, page))
            page.deeds.view_was_asked.connect(self.forms.view.open)
            page.deeds.giver_was_named.connect(lambda seat, giver: self.sheet.begin_for(seat, giver, self._area()))
            self.forms.was_saved.connect(page.known.touch)
            page.deeds.import_was_asked.connect(lambda: self.roster.open_over(self._area()))
            self.roster.was_taken.connect(page.known.touch)

    def open_call_out(self, number: int) -> None:
        """Go to a call-out: its matrix lies beside the warning it is for; one of a switch, at the switch."""
        found = self._desk.session.facts.warned.call_outs.get(number)
        subject, _, key = found.about.partition("/") if found is not None else ("", "", "")
        if subject == "warning" and key.isdecimal():
            self._open_warning(int(key))
        elif subject == "mode":
            self.action_was_asked.emit((BY_ID["mode.change"],))
        elif subject == "event" and key.isdecimal():
            self._open_event(int(key))
        else:
            self._deeds.tell(MessageTone.NOTE, self._desk.say("console.handover.no_page"))

    def _open_situation(self, key: str) -> None:
        """Go to the first alarm of a group that waits together."""
        number = key.partition("/")[2]
        found = self._desk.session.facts.situations.get(int(number)) if number.isdecimal() else None
        if found is not None and found.alarms:
            self._open_alarm(found.alarms[0])
        else:
            self._stack.bring_forward(COCKPIT)

    def _open_alarm(self, number: int) -> None:
        self._stack.bring_forward(COCKPIT, lambda: self._stack.of(CockpitPage).open_alarm(number))

    def _open_event(self, number: int) -> None:
        self._stack.bring_forward(EVENTS, lambda: self._stack.of(EventsPage).open_event(number))

    def _open_run(self, number: int) -> None:
        self._stack.bring_forward(PLANS, lambda: self._stack.of(PlansPage).library.list.select(f"r:{number}"))

    def _open_warning(self, number: int) -> None:
        self._stack.bring_forward(WARNINGS, lambda: self._stack.of(WarningsPage).open_warning(number))

    def open_item(self, item: Item) -> None:
        """Go to what an item of a hand-over is about, on its own page."""
        number = number_of(item.key)
        match item.kind:
            case ItemKind.UNACKNOWLEDGED | ItemKind.SHELVED if number is not None:
                self._open_alarm(number)
            case ItemKind.EVENT | ItemKind.REPORT_DUE if number is not None:
                self._open_event(number)
            case ItemKind.ORDER if number is not None:
                place = item.key.partition(".")[2]
                self._desk.order_focus.select(number, int(place) if place.isdecimal() else None)
                self._stack.bring_forward(TASKS)
            case ItemKind.PLAN_RUN if number is not None:
                self._open_run(number)
            case ItemKind.WARNING if number is not None:
                self._open_warning(number)
            case ItemKind.CALL_OUT if number is not None:
                self.open_call_out(number)
            case _:
                self._open_other(item)

    def _open_other(self, item: Item) -> None:
        """Go to what has no number of its own: a group of alarms, a sheet of the window, the sources."""
        if item.key.startswith("situation/"):
            self._open_situation(item.key)
        elif item.kind in _SHEETS:
            self.action_was_asked.emit((BY_ID[_SHEETS[item.kind]],))
        elif item.kind is ItemKind.FAULT:
            self._stack.bring_forward(SOURCES)
        else:
            self._deeds.tell(MessageTone.NOTE, self._desk.say("console.handover.no_page"))
