"""The alarm list of the cockpit: unacknowledged first; a key acts on the row that is selected."""

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from chengyun_console.desk import Desk
from chengyun_console.lettered import Yielding
from chengyun_console.pages.alarm_rows import AlarmRows
from chengyun_core.mirror.facts import FactMirror
from chengyun_resources.theme.tokens import SPACE_PX, Colour, TypeSize
from chengyun_widgets.fact_list import FactList
from chengyun_widgets.panel import Panel
from chengyun_widgets.presence import Presence

LEAST_PX = 372
"""A vital's name, an age and a seat beside each other."""


class AlarmPanel(Panel):
    """The list follows the board of the mirror; the selection is the desk's."""

    alarm_was_opened = Signal(int)

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk.theme, desk.say("console.alarms.title"))
        self._desk = desk
        self._list = FactList(desk.theme)
        self._hint = Yielding(desk.theme, TypeSize.SMALL, Colour.TEXT_THIRD)
        self._hint.show_text(desk.say("console.alarms.hint"))
        self._rows = AlarmRows()
        self._shown: tuple[object, ...] = ()
        body = QWidget()
        column = QVBoxLayout(body)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self._list, 1)
        self._hint.setContentsMargins(SPACE_PX * 3, SPACE_PX * 2, SPACE_PX * 3, SPACE_PX * 2)
        column.addWidget(self._hint)
        self.set_body(body)
        self._list.current_did_change.connect(self._on_current)
        self._list.row_was_opened.connect(self._on_opened)
        desk.selection_did_change.connect(self._follow)
        self.setMinimumWidth(LEAST_PX)

    def refresh(self, facts: FactMirror, now_ns: int, *, lost_since: str) -> None:
        """Show the living alarms; called on each frame, does something when a record or a second changed.

        `lost_since`: the time from which the centre is silent, empty while it lives.
        """
        state = (facts.board, now_ns // 1_000_000_000, lost_since, self._desk.words, facts.complete)
        if state == self._shown:
            return
        self._shown = state
        board = facts.board
        told = (*board.alarms, *board.shelved)
        self._list.set_rows(self._rows.made(self._desk.words, told, now_ns, is_stale=bool(lost_since)))
        self.set_note(self._desk.say("console.strip.unacknowledged", count=board.unacknowledged))
        if lost_since:
            self.set_note(self._desk.say("console.alarms.unknown", time=lost_since))
        empty = "console.alarms.empty" if facts.complete else "console.alarms.waiting"
        self._list.show_notice(Presence.FRESH if told else Presence.EMPTY, self._desk.say(empty))
        if told and self._desk.vital is None:
            # The gravest one is explained before anybody asks: what is abnormal is the first thing the eye meets.
            self._desk.select_alarm(told[0].number)
        self._follow()

    def tick(self, now_s: float) -> None:
        """Let unacknowledged rows flash."""
        self._list.tick(now_s)

    def focus_list(self) -> None:
        """Give the list the keyboard."""
        self._list.setFocus()

    def _follow(self) -> None:
        alarm = self._desk.alarm()
        if alarm is not None and self._list.current_key() != str(alarm.number):
            self._list.select(str(alarm.number))

    def _on_current(self, key: str) -> None:
        if key:
            self._desk.select_alarm(int(key))

    def _on_opened(self, key: str) -> None:
        self.alarm_was_opened.emit(int(key))
