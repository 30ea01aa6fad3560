"""拆案: which of the events merged into this one is taken out again, and what goes back with it (E4)."""

from PySide6.QtCore import QRect, Qt, Signal
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QVBoxLayout, QWidget
from typing_extensions import override

from chengyun_console.desk import Desk
from chengyun_console.pages.choice_box import ChoiceBox
from chengyun_console.shell.overlay import Overlay, centred
from chengyun_console.wording.event_split import merged_rows, parts_of
from chengyun_core.model.event import Event
from chengyun_core.model.event_commands import SplitEvent
from chengyun_resources.theme.tokens import SPACE_PX, TARGET_PX
from chengyun_widgets.fact_list import ROW_PX, FactList
from chengyun_widgets.fact_sheet import FactSheet
from chengyun_widgets.presence import Presence

WIDTH_PX, HEIGHT_PX = 960, 460
_PARTS_PX = 300
"""Height in which what goes back with one event is read, and four events are listed."""
_REASONS = ("other_cause", "mistake")


class SplitSheet(Overlay):
    """Arrows choose the event, Ctrl+Enter takes it out; both numbers were kept, so nothing is renamed."""

    was_written = Signal(object, str)
    """SplitEvent, and the deed in words."""

    def __init__(self, desk: Desk, parent: QWidget) -> None:
        super().__init__(desk.theme, "", desk.say("events.split.hint"), parent)
        self._desk = desk
        self._into: Event | None = None
        self._merged: tuple[Event, ...] = ()
        self.list, self.parts = FactList(desk.theme), FactSheet(desk.theme)
        self.reason = ChoiceBox(desk.theme)
        self.confirm = QPushButton(desk.say("events.split.confirm"))
        self._lay_out()
        self.list.current_did_change.connect(lambda _key: self._show_parts())
        self.list.row_was_opened.connect(lambda _key: self.reason.setFocus())
        self.confirm.clicked.connect(lambda _checked=False: self.send())
        for sequence in ("Ctrl+Return", "Ctrl+Enter"):
            shortcut = QShortcut(QKeySequence(sequence), self)
            shortcut.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
            shortcut.activated.connect(self.send)

    def open_for(self, into: Event, merged: tuple[Event, ...], area: QRect) -> None:
        """Show what was merged into an event; the newest of them is chosen."""
        self._into, self._merged = into, merged
        self.set_title(self._desk.say("events.split.title", event=into.code, title=into.title))
        self.list.set_rows(merged_rows(self._desk, merged))
        self.open_over(area)
        self.list.select(str(merged[-1].number))
        self._show_parts()
        self.fit_height(_PARTS_PX + max(0, len(merged) - 4) * ROW_PX)
        self.list.setFocus()

    @override
    def open_over(self, area: QRect) -> None:
        super().open_over(centred(area, WIDTH_PX, HEIGHT_PX))

    @override
    def carried(self) -> object:
        return (self._into, self._merged) if self.isVisible() else None

    @override
    def take_carried(self, kept: object) -> None:
        match kept:
            case (Event() as into, tuple(merged)):
                self.open_for(into, merged, self.window().rect())

    def send(self) -> None:
        """Take the chosen event out, as its officer saw it."""
        chosen = self._chosen()
        if chosen is None:
            return
        reason = self._desk.say(f"events.reason.split.{self.reason.currentData()}")
        self.close_over()
        made = SplitEvent(event=chosen.number, version=chosen.version, reason=reason)
        self.was_written.emit(made, self._desk.say("events.split.deed", event=chosen.code))

    def _chosen(self) -> Event | None:
        return next((event for event in self._merged if str(event.number) == self.list.current_key()), None)

    def _show_parts(self) -> None:
        chosen = self._chosen()
        if chosen is not None and self._into is not None:
            self.parts.show_sections(parts_of(self._desk, chosen, self._into))

    def _lay_out(self) -> None:
        for code in _REASONS:
            self.reason.addItem(self._desk.say(f"events.reason.split.{code}"), code)
        self.reason.setAccessibleName(self._desk.say("events.question.reason"))
        self.list.setAccessibleName(self._desk.say("events.tree.merged"))
        self.parts.setAccessibleName(self._desk.say("events.split.parts"))
        self.confirm.setMinimumHeight(TARGET_PX)
        body = QWidget()
        column, row, foot = QVBoxLayout(body), QHBoxLayout(), QHBoxLayout()
        column.setContentsMargins(SPACE_PX * 4, SPACE_PX * 3, SPACE_PX * 4, SPACE_PX * 3)
        column.setSpacing(SPACE_PX * 2)
        row.addWidget(self.list, 46)
        row.addWidget(self.parts, 54)
        foot.addWidget(self.reason)
        foot.addWidget(self.confirm, 1)
        column.addLayout(row, 1)
        column.addLayout(foot)
        self.set_body(body)
        self.show_notice(Presence.FRESH, "")
