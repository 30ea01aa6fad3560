"""What may be done about the order in focus: a button per deed that makes sense, its key before its name."""

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QPushButton, QWidget

from chengyun_console.actions.action import Action
from chengyun_console.actions.dialogue import why_not
from chengyun_console.actions.subject import Subject
from chengyun_console.actions.table import BY_ID
from chengyun_console.desk import Desk
from chengyun_console.pages.flow_row import FlowRow
from chengyun_console.subjects import task_of
from chengyun_resources.theme.tokens import SPACE_PX, TARGET_PX

RECIPIENTS = ("order.sign", "order.arrive", "order.handle", "order.feed_back", "order.request", "order.withdraw")
OFFICERS = (
    "order.confirm", "order.urge", "order.escalate", "order.decide", "order.check", "order.compose_next",
    "order.mark_unit", "order.recall", "order.release", "order.void", "order.settle", "order.resume",
)  # fmt: skip
"""The rest stand as buttons where they are about something else: lists, the board, the event."""
_ON_THE_KEY = {"Return": "Enter"}


class DeedBar(FlowRow):
    """The recipient's deeds first where the receipt in focus is his own. Made of the table of actions."""

    action_was_asked = Signal(str)

    def __init__(self, desk: Desk) -> None:
        super().__init__()
        self._desk = desk
        self.buttons: dict[str, QPushButton] = {}
        self._shown: tuple[str, ...] | None = None
        self.flow.setContentsMargins(SPACE_PX * 2, SPACE_PX, SPACE_PX * 2, SPACE_PX)
        before: QWidget | None = None
        for name in (*RECIPIENTS, *OFFICERS):
            self.buttons[name] = button = self._button(BY_ID[name])
            self.flow.addWidget(button)
            if before is not None:
                QWidget.setTabOrder(before, button)
            before = button

    def look(self) -> None:
        """Offer what makes sense for what is in focus now, and what this seat may."""
        subject, allowed = subject_here(self._desk), self._desk.allowed()
        shown = tuple(name for name in self.buttons if is_offered(BY_ID[name], subject, allowed))
        if shown == self._shown:
            return
        self._shown = shown
        for name, button in self.buttons.items():
            button.setVisible(name in shown)
        self.flow.invalidate()
        self.updateGeometry()

    def _button(self, action: Action) -> QPushButton:
        key = _ON_THE_KEY.get(action.keys[0], action.keys[0])
        button = QPushButton(f"{key} {self._desk.say(action.title)}", self)
        button.setFlat(True)
        button.setMinimumHeight(TARGET_PX)
        button.clicked.connect(lambda _checked=False: self.action_was_asked.emit(action.id))
        button.hide()
        return button


def subject_here(desk: Desk) -> Subject:
    """Return what is in focus on F4, without what other pages have in focus: it is asked every second."""
    signed_on = desk.session.signed_on
    account = signed_on.account if signed_on is not None else ""
    return Subject(task=task_of(desk), account=account, now_ns=desk.now_ns())


def is_offered(action: Action, subject: Subject, allowed: frozenset[str]) -> bool:
    """Return whether an action would be begun: it makes sense for the subject and the session may do it."""
    return (not action.permission or action.permission in allowed) and why_not(action, subject) is None
