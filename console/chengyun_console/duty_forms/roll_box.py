"""Who is chosen, beside who can be: found by typing a name, added by Enter, taken off and moved by keys."""

from collections.abc import Callable, Mapping, Sequence

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from chengyun_console.desk import Desk
from chengyun_console.lettered import Lettered
from chengyun_console.pages.plans.keyed import KeyedButtons
from chengyun_resources.theme.tokens import SPACE_PX, Colour, TypeSize
from chengyun_widgets.fact_list import FactList
from chengyun_widgets.fact_model import FactRow
from chengyun_widgets.field import SearchField
from chengyun_widgets.presence import Presence


class RollBox(QWidget):
    """Shows rows it is given and tells what is wanted of them; whoever owns it keeps who is chosen."""

    search_did_change = Signal(str)
    was_added = Signal(str)
    """Key of a found row."""
    was_removed = Signal(str)
    """Key of a chosen row."""
    was_moved = Signal(str, int)
    """Key of a chosen row, and by how many places (-1, +1)."""
    current_did_change = Signal(str)
    """Key of the chosen row that has the focus now."""

    def __init__(self, desk: Desk, *, find: str, chosen: str,
                 doers: Mapping[str, Callable[[], object]] | None = None) -> None:  # fmt: skip
        """`find`, `chosen`: codes of what the search and the list of the chosen are called; `doers`: further deeds."""
        super().__init__()
        self._desk = desk
        self.field = SearchField(desk.theme, desk.say(find), desk.say("console.duty.form.enter_adds"))
        self.found, self.chosen = FactList(desk.theme), FactList(desk.theme)
        self.title = Lettered(desk.theme, TypeSize.BODY, Colour.TEXT, bold=True, text=desk.say(chosen))
        self.deeds = KeyedButtons(desk, {
            "roll.remove": self.remove, "roll.up": lambda: self.shift(-1), "roll.down": lambda: self.shift(1),
            **(doers or {}),
        })  # fmt: skip
        self.found.setAccessibleName(desk.say(find))
        self.chosen.setAccessibleName(desk.say(chosen))
        self._lay_out()
        self.deeds.bind_to(self)
        self.field.search_did_change.connect(self.search_did_change)
        self.field.was_submitted.connect(lambda _text: self._add())
        self.field.row_was_asked.connect(self._step)
        self.found.row_was_opened.connect(self.was_added)
        self.chosen.current_did_change.connect(self.current_did_change)

    def show_found(self, rows: Sequence[FactRow], empty: str) -> None:
        """Show who is found; the first is current while somebody types."""
        self.found.set_rows(rows)
        self.found.show_notice(Presence.FRESH if rows else Presence.EMPTY, empty)
        if rows and not self.found.current_key():
            self.found.select(rows[0].key)

    def show_chosen(self, rows: Sequence[FactRow], empty: str) -> None:
        """Show who is chosen, in their order."""
        self.chosen.set_rows(rows)
        self.chosen.show_notice(Presence.FRESH if rows else Presence.EMPTY, empty)
        self.deeds.show_only(self.deeds.by_id if rows else ())

    def remove(self) -> None:
        """Delete: the one in focus is taken off; the next one is in focus."""
        key = self.chosen.current_key()
        if not key:
            return
        keys = [row.key for row in self.chosen.rows()]
        at = keys.index(key)
        self.was_removed.emit(key)
        left = [row.key for row in self.chosen.rows()]
        if left:
            self.chosen.select(left[min(at, len(left) - 1)])

    def shift(self, by: int) -> None:
        """Alt+Up, Alt+Down: the one in focus goes a place up or down."""
        if self.chosen.current_key():
            self.was_moved.emit(self.chosen.current_key(), by)

    def _add(self) -> None:
        key = self.found.current_key() or next((row.key for row in self.found.rows()), "")
        if key:
            self.was_added.emit(key)
            self.field.clear()

    def _step(self, by: int) -> None:
        keys = [row.key for row in self.found.rows()]
        if keys:
            here = keys.index(self.found.current_key()) if self.found.current_key() in keys else 0
            self.found.select(keys[max(0, min(len(keys) - 1, here + by))])

    def _lay_out(self) -> None:
        left, right, row = QVBoxLayout(), QVBoxLayout(), QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(SPACE_PX * 3)
        for column in (left, right):
            column.setSpacing(SPACE_PX)
            row.addLayout(column, 1)
        left.addWidget(self.field)
        left.addWidget(self.found, 1)
        right.addWidget(self.title)
        right.addWidget(self.chosen, 1)
        right.addWidget(self.deeds)


def moved(items: Sequence[object], at: int, by: int) -> list[object]:
    """Return items with the one at a place moved by so many; at an end it stays."""
    to = at + by
    out = list(items)
    if 0 <= at < len(out) and 0 <= to < len(out):
        out.insert(to, out.pop(at))
    return out
