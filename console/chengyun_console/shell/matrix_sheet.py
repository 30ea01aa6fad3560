"""回执矩阵: T on an event lays the receipts of all its orders over the page, live."""

from PySide6.QtCore import QRect, Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget
from typing_extensions import override

from chengyun_console.desk import Desk
from chengyun_console.order_focus import parted
from chengyun_console.pages.orders.deed_bar import DeedBar
from chengyun_console.pages.orders.matrix_pane import ReceiptMatrixPane
from chengyun_console.shell.overlay import Overlay, centred
from chengyun_core.model.event import Event
from chengyun_core.model.order import ReceiptState, Step
from chengyun_core.model.receipt_rules import rank
from chengyun_resources.theme.tokens import SPACE_PX
from chengyun_widgets.presence import Presence

WIDTH_PX, HEIGHT_PX = 1240, 640
_LEAST_PX = 220


class MatrixSheet(Overlay):
    """Enter on a receipt goes to it on the page of tasks; what may be done about it stands beneath, with its keys."""

    receipt_was_opened = Signal(int, int)
    action_was_asked = Signal(str)

    def __init__(self, desk: Desk, parent: QWidget) -> None:
        super().__init__(desk.theme, desk.say("tasks.matrix"), "", parent)
        self._desk = desk
        self._event: Event | None = None
        self.pane, self.deeds = ReceiptMatrixPane(desk), DeedBar(desk)
        self._lay_out()
        self.show_notice(Presence.FRESH, "")
        self.deeds.action_was_asked.connect(self.action_was_asked)
        self.pane.receipt_was_opened.connect(self._on_opened)

    def open_for(self, event: Event, area: QRect) -> None:
        """Show the receipts of an event's orders."""
        self._event = event
        self.set_title(self._desk.say("tasks.matrix.title", number=event.code, title=event.title))
        self.pane.show_event(event.number)
        self.open_over(area)
        self.refresh()
        self.pane.setFocus()

    @override
    def open_over(self, area: QRect) -> None:
        super().open_over(centred(area, WIDTH_PX, HEIGHT_PX))

    @override
    def carried(self) -> object:
        return self._event if self.isVisible() else None

    @override
    def take_carried(self, kept: object) -> None:
        if isinstance(kept, Event):
            self.open_for(kept, self.window().rect())

    def refresh(self) -> None:
        """Follow the receipts while it is open; its head counts who signed, arrived and is done."""
        if self.isHidden():
            return
        self.pane.refresh()
        self.deeds.look()
        beneath = self.deeds.heightForWidth(self.width())
        self.fit_height(max(_LEAST_PX, self.pane.matrix.content_px() + SPACE_PX + beneath))
        rows = [row for _order, receipts in self.pane.orders() for row in receipts]
        reached = {step: sum(rank(row.step) >= rank(step) for row in rows) for step in (Step.SIGNED, Step.ARRIVED)}
        done = sum(row.state is ReceiptState.DONE for row in rows)
        self.set_note(self._desk.say(
            "tasks.matrix.counts", count=len(rows), signed=reached[Step.SIGNED], arrived=reached[Step.ARRIVED],
            done=done,
        ))  # fmt: skip

    def _lay_out(self) -> None:
        body = QWidget()
        column = QVBoxLayout(body)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(SPACE_PX)
        column.addWidget(self.pane, 1)
        column.addWidget(self.deeds)
        self.set_body(body)

    def _on_opened(self, key: str) -> None:
        self.close_over()
        self.receipt_was_opened.emit(*parted(key))
