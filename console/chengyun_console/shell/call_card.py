"""The call card: who is called about what is in focus, with numbers to copy. The call itself is made on a telephone."""

from PySide6.QtCore import QRect, Signal
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QVBoxLayout, QWidget
from typing_extensions import override

from chengyun_console.desk import Desk
from chengyun_console.shell.overlay import Overlay
from chengyun_console.wording.calls import POST, About, about_name, call_rows, person_line
from chengyun_core.mirror.tree import Node
from chengyun_core.model.alarm import Alarm
from chengyun_core.model.catalogue import Kpi
from chengyun_core.model.clock import NS_PER_S
from chengyun_core.model.command import KIND_OF, CommentAlarm
from chengyun_resources.theme.tokens import SPACE_PX, TARGET_PX
from chengyun_widgets.fact_list import FactList
from chengyun_widgets.fact_model import FactRow
from chengyun_widgets.presence import Presence

WIDTH_PX, HEIGHT_PX = 640, 460


class CallCard(Overlay):
    """Enter or Ctrl+C copies the number of the row; a call about an alarm can be noted in its thread."""

    note_was_asked = Signal(object, str)
    """CommentAlarm to be sent, and what the deed is called."""

    def __init__(self, desk: Desk, parent: QWidget) -> None:
        super().__init__(desk.theme, "", desk.say("cockpit.call.hint"), parent)
        self._desk = desk
        self._about: About | None = None
        self._alarm: Alarm | None = None
        self._shown: tuple[object, ...] = ()
        self.list = FactList(desk.theme)
        self.copying = QPushButton(desk.say("cockpit.call.copy"))
        self.noting = QPushButton()
        self._lay_out()
        self.list.row_was_opened.connect(lambda _key: self.copy())
        self.copying.clicked.connect(lambda _checked=False: self.copy())
        self.noting.clicked.connect(lambda _checked=False: self.note())

    def open_for(self, about: About, alarm: Alarm | None, area: QRect) -> None:
        """Show whom to call about something. `alarm`: that a call can be noted on."""
        self._about, self._alarm, self._shown = about, alarm, ()
        self.open_over(area)
        self.select_first()

    @override
    def carried(self) -> object:
        return (self._about, self._alarm) if self.isVisible() else None

    @override
    def take_carried(self, kept: object) -> None:
        match kept:
            case (Node() | Kpi() | int() as about, Alarm() | None as alarm):
                self.open_for(about, alarm, self.window().rect())

    @override
    def open_over(self, area: QRect) -> None:
        width = min(WIDTH_PX, area.width() - SPACE_PX * 6)
        height = min(HEIGHT_PX, area.height() - SPACE_PX * 6)
        super().open_over(QRect(area.x() + SPACE_PX * 3, area.y() + SPACE_PX * 3, width, height))
        self.list.setFocus()
        self.refresh()

    def select_first(self) -> None:
        """Put the cursor on who is called first."""
        first = next((row.key for row in self._rows() if row.key.startswith(POST)), "")
        self.list.select(first)

    def refresh(self) -> None:
        """Show who is on a seat now; called on each frame, does something once a second."""
        desk = self._desk
        if self.isHidden() or self._about is None:
            return
        state = (desk.now_ns() // NS_PER_S, desk.names, len(desk.session.facts.sessions), self._alarm)
        if state == self._shown:
            return
        self._shown = state
        rows = self._rows()
        self.set_title(desk.say("cockpit.call.title", name=about_name(desk, self._about)))
        self.list.set_rows(rows)
        self.list.setAccessibleName(about_name(desk, self._about))
        self.show_notice(Presence.FRESH if rows else Presence.EMPTY, desk.say("cockpit.call.none"))
        self.noting.setVisible(self._alarm is not None and KIND_OF[CommentAlarm] in desk.allowed())
        if self._alarm is not None:
            self.noting.setText(desk.say("cockpit.call.log", number=self._alarm.number))
        self.fit_height(self.list.content_px() + TARGET_PX + SPACE_PX * 2)

    def copy(self) -> None:
        """Put the telephone number of the row on the clipboard, and say so."""
        code = self._code()
        post = self._desk.names.post(code) if self._desk.names and code else None
        if post is None or not post.phone:
            self._desk.message_came.emit(self._desk.say("cockpit.call.nothing_to_copy"), True)
            return
        QGuiApplication.clipboard().setText(post.phone)
        told = self._desk.say("cockpit.call.copied", text=person_line(self._desk, code))
        self._desk.message_came.emit(told, False)

    def note(self) -> None:
        """Write into the alarm's thread that this person was called: an officer's word, signed like any comment."""
        code = self._code()
        if self._alarm is None:
            self._desk.message_came.emit(self._desk.say("cockpit.call.no_alarm"), True)
        elif code:
            text = self._desk.say("cockpit.call.logged", person=person_line(self._desk, code))
            deed = self._desk.say("cockpit.call.log_deed", name=self._desk.words.title(self._alarm))
            self.note_was_asked.emit(CommentAlarm(alarm=self._alarm.number, text=text), deed)

    def _code(self) -> str:
        key = self.list.current_key()
        return key.removeprefix(POST) if key.startswith(POST) else ""

    def _rows(self) -> list[FactRow]:
        return call_rows(self._desk, self._about) if self._about is not None else []

    def _lay_out(self) -> None:
        body = QWidget()
        column = QVBoxLayout(body)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.list, 1)
        row = QHBoxLayout()
        row.setContentsMargins(SPACE_PX * 3, SPACE_PX, SPACE_PX * 3, SPACE_PX)
        for button in (self.copying, self.noting):
            button.setFlat(True)
            button.setMinimumHeight(TARGET_PX)
            row.addWidget(button)
        row.addStretch(1)
        column.addLayout(row)
        self.set_body(body)
