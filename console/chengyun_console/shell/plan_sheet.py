"""P on an event: choose a plan, start it, look its orders over, send them all; two panes in one sheet over the page."""

from PySide6.QtCore import QRect, Signal
from PySide6.QtWidgets import QStackedWidget, QVBoxLayout, QWidget
from typing_extensions import override

from chengyun_console.desk import Desk
from chengyun_console.pages.plans.ask_line import AskLine
from chengyun_console.pages.plans.chooser import ChooserPane
from chengyun_console.pages.plans.keyed import KeyedButtons
from chengyun_console.pages.plans.review import ReviewPane
from chengyun_console.pages.plans.sender import Sender, status_line
from chengyun_console.shell.overlay import Overlay, centred
from chengyun_core.model.event import Event
from chengyun_widgets.presence import Presence

WIDTH_PX, HEIGHT_PX = 1280, 820


class PlanSheet(Overlay):
    """Enter starts, Ctrl+Enter sends; Esc leaves and what was edited is there at the next P."""

    orders_were_sent = Signal(int)
    """Number of the event: its receipts matrix is to be shown."""

    def __init__(self, desk: Desk, parent: QWidget) -> None:
        super().__init__(desk.theme, "", desk.say("console.plans.sheet.hint"), parent)
        self._desk = desk
        self._event: Event | None = None
        self.status, self.ask_line = status_line(desk), AskLine(desk)
        self.sending = Sender(desk, self.status)
        self.chooser = ChooserPane(desk, self.sending, self.ask_line)
        self.review = ReviewPane(desk, self.sending)
        self.panes = QStackedWidget()
        doers = {
            "plan.start": self.chooser.start,
            "plan.measure": self.chooser.measure,
            "form.send": self.send,
            "plan.step_take": self.review.tick,
        }
        self.deeds = KeyedButtons(desk, doers, {"form.send": "console.plans.sheet.send"})
        self._lay_out()

    def open_for(self, event: Event, area: QRect) -> None:
        """Show the plans that fit an event."""
        self._event = event
        self.sending.tell("")
        self.set_title(self._desk.say("console.plans.sheet.choose", event=event.code, title=event.title))
        self._show(self.chooser)
        self.open_over(area)
        self.chooser.open_for(event)
        self.chooser.list.setFocus()

    def open_run(self, run: int, event: Event, area: QRect) -> None:
        """Show the orders of a run's ready steps."""
        self._event = event
        self.sending.tell("")
        self.open_over(area)
        self._review(run)

    def send(self) -> None:
        """Ctrl+Enter: send the orders; on the first pane it starts the plan."""
        if self.panes.currentWidget() is self.review:
            self.review.send()
        else:
            self.chooser.start()

    @override
    def open_over(self, area: QRect) -> None:
        super().open_over(centred(area, WIDTH_PX, HEIGHT_PX))

    @override
    def close_over(self) -> bool:
        """Leave the question that stands first, then the sheet."""
        return self.ask_line.close_over() or super().close_over()

    @override
    def carried(self) -> object:
        return None

    def _review(self, run: int) -> None:
        if self._event is None:
            return
        self.set_title(self._desk.say("console.plans.sheet.review", event=self._event.code, title=self._event.title))
        self._show(self.review)
        self.review.open_for(run, self._event)
        self.review.list.setFocus()

    def _show(self, pane: QWidget) -> None:
        self.panes.setCurrentWidget(pane)
        is_review = pane is self.review
        self.set_note(self._desk.say(f"console.plans.sheet.{'review_hint' if is_review else 'hint'}"))
        self.deeds.show_only(("form.send", "plan.step_take") if is_review else ("plan.start", "plan.measure"))

    def _on_sent(self, event: int) -> None:
        self.close_over()
        self.orders_were_sent.emit(event)

    def _lay_out(self) -> None:
        for pane in (self.chooser, self.review):
            self.panes.addWidget(pane)
        body = QWidget()
        column = QVBoxLayout(body)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.panes, 1)
        for widget in (self.status, self.ask_line, self.deeds):
            column.addWidget(widget)
        self.set_body(body)
        self.show_notice(Presence.FRESH, "")
        self.deeds.bind_to(self)
        self.chooser.run_was_chosen.connect(self._review)
        self.review.orders_were_sent.connect(self._on_sent)
