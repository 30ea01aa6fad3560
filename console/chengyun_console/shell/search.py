"""一键查: one box over every page for vitals, alarms, places and actions, and after a slash for commands."""

from PySide6.QtCore import QRect, Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget
from typing_extensions import override

from chengyun_console.desk import Desk
from chengyun_console.lettered import Lettered
from chengyun_console.shell.overlay import Overlay, centred
from chengyun_console.shell.recent_choices import RecentChoices
from chengyun_console.shell.search_commands import Commands, rows_of
from chengyun_console.shell.search_finds import Finds, Found
from chengyun_resources.theme.tokens import SPACE_PX, Colour, TypeSize
from chengyun_widgets.fact_list import FactList
from chengyun_widgets.field import SearchField
from chengyun_widgets.presence import Presence

WIDTH_PX, HEIGHT_PX = 760, 520


class SearchOverlay(Overlay):
    """Enter opens what is chosen; Esc closes. What cannot be done says why, in its row and when it is asked for."""

    choice_was_made = Signal(str)
    """Key of the row: `vital:N`, `alarm:N`, `place:KIND:CODE`, `action:ID` or `do:VERB:TARGET`."""
    denial_was_asked = Signal(str)
    """The sentence of why the row chosen cannot be done; the box stays open."""

    def __init__(self, desk: Desk, parent: QWidget) -> None:
        super().__init__(desk.theme, desk.say("console.search.title"), desk.say("console.search.key"), parent)
        self._desk = desk
        self._finds = Finds(desk)
        self._commands = Commands(desk, self._finds)
        self._recent = RecentChoices(desk)
        self.field = SearchField(desk.theme, desk.say("search.hint"))
        self.list = FactList(desk.theme)
        self._count = Lettered(desk.theme, TypeSize.SMALL, Colour.TEXT_SECOND)
        self._found: dict[str, Found] = {}
        self._lay_out()
        self.cover()
        self.show_notice(Presence.FRESH, "")
        self.field.search_did_change.connect(lambda _stripped: self.look_for(self.field.text()))
        self.field.row_was_asked.connect(self._move)
        self.field.was_submitted.connect(self._on_submitted)
        self.field.was_left.connect(self.close_over)
        self.list.row_was_opened.connect(self._open)

    @override
    def open_over(self, area: QRect) -> None:
        was_open = self.isVisible()
        super().open_over(centred(area, WIDTH_PX, HEIGHT_PX))
        if not was_open:
            self.field.clear()
            self.look_for("")
        self.field.setFocus()

    def begin_command(self) -> None:
        """The box was opened by the slash key: what is typed next is a command, or is searched for if it is none."""
        if self.isVisible() and not self.field.text():
            self.field.setText("/")

    def look_for(self, text: str) -> None:
        """Show what matches."""
        found = self._commands.found(text.lstrip())
        if found is None:
            found = self._finds.found(text.strip().removeprefix("/"), self._recent.keys())
        self._found = {one.row.key: one for one in found}
        rows = rows_of(self._found.values())
        self.list.set_rows(rows)
        if rows:
            self.list.select(rows[0].key)
            self._count.show_text(self._desk.say("console.search.found", count=len(rows)))
        else:
            self._count.show_text("")
        self.list.show_notice(
            Presence.FRESH if rows else Presence.EMPTY, self._desk.say("search.none", text=text.strip())
        )

    def _lay_out(self) -> None:
        body = QWidget()
        column = QVBoxLayout(body)
        column.setContentsMargins(SPACE_PX * 3, SPACE_PX * 3, SPACE_PX * 3, SPACE_PX * 2)
        column.setSpacing(SPACE_PX * 2)
        column.addWidget(self.field)
        column.addWidget(self.list, 1)
        column.addWidget(self._count)
        self.set_body(body)

    def _move(self, step: int) -> None:
        keys = list(self._found)
        if not keys:
            return
        current = self.list.current_key()
        at = keys.index(current) if current in keys else 0
        self.list.select(keys[max(0, min(len(keys) - 1, at + step))])

    def _on_submitted(self, _text: str) -> None:
        self._open(self.list.current_key())

    def _open(self, key: str) -> None:
        found = self._found.get(key)
        if found is None:
            return
        kind, _, what = key.partition(":")
        if found.denied:
            self.denial_was_asked.emit(found.denied)
        elif kind == "verb":
            self.field.setText(f"/{what} ")
            self.field.setFocus()
        else:
            self.close_over()
            self._recent.take(key)
            self.choice_was_made.emit(key)
