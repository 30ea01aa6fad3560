"""一键查: one box over every page for vitals (name, initials, code) and for what can be done (by its name)."""

from PySide6.QtCore import QRect, Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget
from typing_extensions import override

from chengyun_console.actions.action import Action, Where
from chengyun_console.actions.table import ACTIONS
from chengyun_console.desk import Desk
from chengyun_console.lettered import Lettered
from chengyun_console.shell.overlay import Overlay, centred
from chengyun_core.mirror.state import Freshness
from chengyun_resources.theme.tokens import SEVERITY_TEXT, SPACE_PX, Colour, Severity, TypeSize
from chengyun_widgets.fact_list import FactList
from chengyun_widgets.fact_model import FactRow
from chengyun_widgets.field import SearchField
from chengyun_widgets.presence import Presence

MOST_FOUND = 50
WIDTH_PX, HEIGHT_PX = 760, 520


class SearchOverlay(Overlay):
    """Enter opens what is chosen; Esc closes."""

    vital_was_chosen = Signal(int)
    action_was_chosen = Signal(str)

    def __init__(self, desk: Desk, parent: QWidget) -> None:
        super().__init__(desk.theme, desk.say("console.search.title"), desk.say("console.search.key"), parent)
        self._desk = desk
        self.field = SearchField(desk.theme, desk.say("console.search.hint"))
        self.list = FactList(desk.theme)
        self._count = Lettered(desk.theme, TypeSize.SMALL, Colour.TEXT_THIRD)
        self._keys: list[str] = []
        body = QWidget()
        column = QVBoxLayout(body)
        column.setContentsMargins(SPACE_PX * 3, SPACE_PX * 3, SPACE_PX * 3, SPACE_PX * 2)
        column.setSpacing(SPACE_PX * 2)
        column.addWidget(self.field)
        column.addWidget(self.list, 1)
        column.addWidget(self._count)
        self.set_body(body)
        self.show_notice(Presence.FRESH, "")
        self.field.search_did_change.connect(self.look_for)
        self.field.row_was_asked.connect(self._move)
        self.field.was_submitted.connect(self._on_submitted)
        self.field.was_left.connect(self.close_over)
        self.list.row_was_opened.connect(self._open)

    @override
    def open_over(self, area: QRect) -> None:
        is_open = self.isVisible()
        super().open_over(centred(area, WIDTH_PX, HEIGHT_PX))
        if is_open:
            # Another size of the window: what was typed stays.
            return
        self.field.clear()
        self.look_for("")
        self.field.setFocus()

    def look_for(self, text: str) -> None:
        """Show what matches."""
        rows = [*self._vital_rows(text), *self._action_rows(text)]
        self._keys = [row.key for row in rows]
        self.list.set_rows(rows)
        if rows:
            self.list.select(rows[0].key)
            self._count.show_text(self._desk.say("console.search.found", count=len(rows)))
        else:
            self._count.show_text("")
        self.list.show_notice(
            Presence.FRESH if rows else Presence.EMPTY, self._desk.say("console.search.none", text=text)
        )

    def _vital_rows(self, text: str) -> list[FactRow]:
        names, state = self._desk.names, self._desk.session.state
        if names is None or not text.strip() or state.count != names.view.count:
            return []
        fresh = state.freshness(self._desk.now_ns())
        found = names.view.search(text, MOST_FOUND)
        return [self._vital_row(number, Freshness(int(fresh[number]))) for number in found]

    def _vital_row(self, number: int, fresh: Freshness) -> FactRow:
        desk, names = self._desk, self._desk.names
        assert names is not None
        vital = names.view.vital(number)
        state = desk.session.state
        band = Severity(int(state.band[number]))
        path = "/".join(node.name for node in names.view.place_of(number))
        return FactRow(
            key=f"vital:{number}",
            severity=band,
            title=vital.name,
            detail=f"{names.place(vital.centre)} · {path} · {vital.code}",
            status=desk.figures.with_unit(float(state.value[number]), vital.decimals, vital.unit),
            status_colour=SEVERITY_TEXT[band],
            is_stale=fresh is not Freshness.FRESH,
        )

    def _action_rows(self, text: str) -> list[FactRow]:
        wanted = text.strip().casefold()
        return [self._action_row(action) for action in _offered() if wanted in self._desk.say(action.title).casefold()]

    def _action_row(self, action: Action) -> FactRow:
        return FactRow(
            key=f"action:{action.id}",
            severity=Severity.NONE,
            title=self._desk.say(action.title),
            status=" / ".join(action.keys),
        )

    def _move(self, step: int) -> None:
        if not self._keys:
            return
        current = self.list.current_key()
        at = self._keys.index(current) if current in self._keys else 0
        self.list.select(self._keys[max(0, min(len(self._keys) - 1, at + step))])

    def _on_submitted(self, _text: str) -> None:
        self._open(self.list.current_key())

    def _open(self, key: str) -> None:
        kind, _, what = key.partition(":")
        if not what:
            return
        self.close_over()
        if kind == "vital":
            self.vital_was_chosen.emit(int(what))
        else:
            self.action_was_chosen.emit(what)


def _offered() -> tuple[Action, ...]:
    """Return the actions that mean something from anywhere; opening the search from the search does not."""
    return tuple(action for action in ACTIONS if action.where is Where.ANYWHERE and action.id != "search.open")
