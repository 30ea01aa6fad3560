"""The alarm list of the cockpit: unacknowledged first, folded where they belong together; keys act on the selection."""

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from chengyun_console.desk import Desk
from chengyun_console.lettered import Lettered
from chengyun_console.pages.alarm_listing import Item, Section, fold_of_alarm, key_of_alarm, listing
from chengyun_console.pages.alarm_rows import AlarmRows
from chengyun_console.pages.cockpit.key_line import key_line, wrapped
from chengyun_console.wording.seats import SeatWords
from chengyun_core.mirror.alarm_groups import AlarmGroup
from chengyun_core.mirror.facts import FactMirror
from chengyun_core.model.alarm import Alarm, Override
from chengyun_core.model.clock import NS_PER_S
from chengyun_core.model.scales import WarningColour
from chengyun_resources.theme.tokens import SPACE_PX, Colour, TypeSize
from chengyun_widgets.fact_list import FactList
from chengyun_widgets.panel import Panel
from chengyun_widgets.presence import Presence

LEAST_PX = 372
"""A vital's name, an age and a seat beside each other."""


class AlarmPanel(Panel):
    """The list follows the board of the mirror; the selection is the desk's, never moved by what comes or goes."""

    alarm_was_opened = Signal(int)

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk.theme, desk.say("console.alarms.title"))
        self._desk = desk
        self._list = FactList(desk.theme)
        self._banner = Lettered(desk.theme, TypeSize.BODY, Colour.TEXT, bold=True)
        self._hint = Lettered(desk.theme, TypeSize.SMALL, Colour.TEXT_THIRD)
        self._rows = AlarmRows(lambda alarm: SeatWords(desk.figures).of_alarm(desk.routing, alarm))
        self._items: list[Item] = []
        self._toggled: frozenset[str] = frozenset()
        self._is_setting = False
        self._shown: tuple[object, ...] = ()
        self._lay_out()
        self._list.current_did_change.connect(self._on_current)
        self._list.row_was_opened.connect(self._on_opened)
        self._list.fold_was_asked.connect(self._on_fold)
        desk.selection_did_change.connect(self._follow)
        self.setMinimumWidth(LEAST_PX)

    def refresh(self, facts: FactMirror, now_ns: int, *, lost_since: str) -> None:
        """Show the living alarms; called on each frame, does something when a record or a second changed.

        `lost_since`: the time from which the centre is silent, empty while it lives.
        """
        flooded = self._desk.flood.is_flooded(now_ns)
        board = self._desk.board
        state = (board, self._desk.routing.stamp, facts.through, now_ns // NS_PER_S, lost_since, self._desk.words,
                 facts.complete, flooded, self._toggled, self._desk.allowed(), self._desk.scope.scope)  # fmt: skip
        if state == self._shown:
            return
        self._shown = state
        self._items = self._listed(facts, now_ns, flooded=flooded)
        self._set_rows(now_ns, is_stale=bool(lost_since))
        outside = self._tell_outside()
        self._tell_flood(now_ns, flooded=flooded)
        self._hint.show_text(wrapped(key_line(self._desk.say, self._desk.allowed())))
        waiting = self._desk.say("console.strip.unacknowledged", count=board.unacknowledged)
        self.set_note(SeatWords(self._desk.figures).note(self._desk.routing, waiting))
        if lost_since:
            self.set_note(self._desk.say("console.alarms.unknown", time=lost_since))
        empty = "console.alarms.empty" if facts.complete else "console.alarms.waiting"
        empty = "cockpit.alarms.empty_inside" if outside else empty
        self._list.show_notice(Presence.FRESH if self._items else Presence.EMPTY, self._desk.say(empty, count=outside))
        if board.alarms and self._desk.vital is None:
            # The gravest one is explained before anybody asks: what is abnormal is the first thing the eye meets.
            self._desk.select_alarm(board.alarms[0].number)
        self._follow()

    def carried(self) -> object:
        """Return the folds the officer turned (see shell.carried)."""
        return self._toggled

    def take_carried(self, kept: object) -> None:
        """Turn the same folds."""
        if isinstance(kept, frozenset):
            self._toggled = kept

    def tick(self, now_s: float) -> None:
        """Let unacknowledged rows flash."""
        self._list.tick(now_s)

    def hide_keys(self) -> None:
        """Print no keys: on the wall nobody presses one."""
        self._hint.hide()

    def focus_list(self) -> None:
        """Give the list the keyboard."""
        self._list.setFocus()

    def page_alarms(self) -> tuple[Alarm, ...]:
        """Return the alarms whose rows are shown now: what «this page» means to an acknowledgement."""
        return tuple(item.what for item in self._items if isinstance(item.what, Alarm) and not item.is_theirs)

    def _set_rows(self, now_ns: int, *, is_stale: bool) -> None:
        """Show the rows. Qt moves its cursor when the current row leaves: that is no choice of the officer's."""
        self._is_setting = True
        rows = self._rows.made(self._desk.list_words, self._items, now_ns, is_stale=is_stale)
        self._list.set_rows(rows)
        self._is_setting = False
        if self._desk.alarm() is None and self._key_in_focus() == "":
            self._list.clear_current()

    def _listed(self, facts: FactMirror, now_ns: int, *, flooded: bool) -> list[Item]:
        scope, own = self._desk.scope, self._desk.board
        lets = scope.lets if scope.mask is not None else None
        return listing(facts, now_ns, flooded=flooded, toggled=self._toggled, lets=lets, own=own)

    def _tell_outside(self) -> int:
        """Count in the title what a focus filter leaves out, so that nothing is missed; return how many."""
        if self._desk.scope.scope is None:
            self.set_title(self._desk.say("console.alarms.title"))
            return 0
        alarms = self._desk.board.alarms
        outside = [alarm for alarm in alarms if not self._desk.scope.lets(alarm.vital)]
        red = sum(alarm.colour is WarningColour.RED for alarm in outside)
        self.set_title(self._desk.say("cockpit.alarms.outside", count=len(outside), red=red))
        return len(outside)

    def _tell_flood(self, now_ns: int, *, flooded: bool) -> None:
        self._banner.setVisible(flooded)
        if flooded:
            parked = sum(item.holds for item in self._items if item.what is Section.PARKED)
            count = self._desk.flood.count(now_ns)
            self._banner.show_text(self._desk.say("console.alarms.flood", count=count, parked=parked))

    def _key_in_focus(self) -> str:
        """Return the row of what is in focus: an alarm, or the override of a vital without one."""
        alarm, vital = self._desk.alarm(), self._desk.vital
        if alarm is not None:
            return key_of_alarm(self._items, alarm.number)
        lone = (item.key for item in self._items if isinstance(item.what, Override) and item.what.vital == vital)
        return next(lone, "")

    def _follow(self) -> None:
        alarm, key = self._desk.alarm(), self._key_in_focus()
        if alarm is not None and not key:
            hiding = self._fold_of(alarm.number)
            if hiding and hiding not in self._toggled:
                self._toggled |= {hiding}
                self._desk.selection_did_change.emit()
        elif key and self._list.current_key() != key:
            self._list.select(key)

    def _fold_of(self, number: int) -> str:
        """Return the key of what hides an alarm: a group, or the row of other seats'; "" when nothing does."""
        if number in self._desk.routing.theirs:
            return f"section:{Section.OTHERS.value}"
        return fold_of_alarm(self._desk.board, number)

    def _on_current(self, key: str) -> None:
        if self._is_setting:
            return
        match next((item.what for item in self._items if item.key == key), None):
            case Alarm(number=number) | AlarmGroup(head=Alarm(number=number)):
                self._desk.select_alarm(number)
            case Override(vital=vital):
                self._desk.select_vital(vital)

    def _on_opened(self, key: str) -> None:
        item = next((item for item in self._items if item.key == key), None)
        match item.what if item else None:
            case Alarm(number=number) | AlarmGroup(head=Alarm(number=number)):
                self.alarm_was_opened.emit(number)
            case Section() if item is not None:
                self._on_fold(key, not item.is_open)

    def _on_fold(self, key: str, _is_open: bool) -> None:
        self._toggled ^= {key}
        facts, now_ns = self._desk.session.facts, self._desk.now_ns()
        self._items = self._listed(facts, now_ns, flooded=self._desk.flood.is_flooded(now_ns))
        self._set_rows(now_ns, is_stale=False)
        self._shown = ()

    def _lay_out(self) -> None:
        body = QWidget()
        column = QVBoxLayout(body)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        self._banner.setWordWrap(True)
        self._banner.setContentsMargins(SPACE_PX * 3, SPACE_PX * 2, SPACE_PX * 3, SPACE_PX * 2)
        self._banner.hide()
        column.addWidget(self._banner)
        column.addWidget(self._list, 1)
        # In English the keys need two lines: one that is cut off is a key nobody learns.
        self._hint.setWordWrap(True)
        self._hint.setContentsMargins(SPACE_PX * 3, SPACE_PX * 2, SPACE_PX * 3, SPACE_PX * 2)
        column.addWidget(self._hint)
        self.set_body(body)
