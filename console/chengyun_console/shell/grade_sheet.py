"""The sheet that grades an event, or grades it anew: factors, suggestion, own grade, reason (G)."""

from PySide6.QtCore import QRect, Qt, Signal
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QPushButton, QVBoxLayout, QWidget
from typing_extensions import override

from chengyun_console.desk import Desk
from chengyun_console.lettered import Lettered
from chengyun_console.shell.grading import OWN_RULES, SUGGESTED, GradingPane
from chengyun_console.shell.overlay import Overlay, centred
from chengyun_core.model.dispatch import Matter
from chengyun_core.model.event import Event, Factor
from chengyun_resources.theme.tokens import SPACE_PX, TARGET_PX, Colour, TypeSize
from chengyun_widgets.presence import Presence

WIDTH_PX, HEIGHT_PX = 760, 380


class GradeSheet(Overlay):
    """Enter on the factors confirms, Ctrl+Enter everywhere; the command names the version the officer saw."""

    was_written = Signal(object, str)
    """GradeEvent, and the deed in words."""

    def __init__(self, desk: Desk, parent: QWidget) -> None:
        super().__init__(desk.theme, "", desk.say("events.grade.hint"), parent)
        self._desk = desk
        self._event: Event | None = None
        self.pane = GradingPane(desk, may_wait=False)
        self.told = Lettered(desk.theme, TypeSize.BODY, Colour.RED_TEXT)
        self.confirm = QPushButton(desk.say("events.grade.confirm"))
        self.confirm.setDefault(True)
        self._lay_out()
        self.pane.was_confirmed.connect(self.send)
        self.pane.did_change.connect(lambda: self.told.show_text(""))
        self.confirm.clicked.connect(lambda _checked=False: self.send())
        for sequence in ("Ctrl+Return", "Ctrl+Enter"):
            shortcut = QShortcut(QKeySequence(sequence), self)
            shortcut.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
            shortcut.activated.connect(self.send)

    def open_for(self, event: Event, area: QRect) -> None:
        """Show the factors of an event; those of its matter where nobody has judged yet."""
        self._event = event
        names = self._desk.names
        matter = names.matter(event.matter) if names else None
        judged = event.factors or (_begins(matter) if matter else {})
        chosen = OWN_RULES if event.by_rules_of_its_own else SUGGESTED
        self.pane.put(judged, chosen=chosen, reason="")
        self.told.show_text("")
        self.set_title(self._desk.say("events.grade.title", event=event.code, title=event.title))
        self.open_over(area)
        self.fit_height(self._body.sizeHint().height())
        self.pane.pad.setFocus()

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

    def send(self) -> None:
        """Hand the grade on, or say what is in the way."""
        event, fault = self._event, self.pane.fault()
        if event is None:
            return
        command = None if fault else self.pane.command(event.number, event.version)
        if command is None:
            self.told.show_text(fault)
            return
        self.close_over()
        self.was_written.emit(command, self._desk.say("events.grade.deed", event=event.code))

    def _lay_out(self) -> None:
        body = QWidget()
        column = QVBoxLayout(body)
        column.setContentsMargins(SPACE_PX * 4, SPACE_PX * 3, SPACE_PX * 4, SPACE_PX * 3)
        column.setSpacing(SPACE_PX * 2)
        self.told.setWordWrap(True)
        self.confirm.setMinimumHeight(TARGET_PX)
        for widget in (self.pane, self.told, self.confirm):
            column.addWidget(widget)
        column.addStretch(1)
        self._body = body
        self.set_body(body)
        self.show_notice(Presence.FRESH, "")


def _begins(matter: Matter) -> dict[Factor, int]:
    return {
        Factor.NATURE: matter.nature, Factor.URGENCY: matter.urgency, Factor.CONTROL: matter.control,
        Factor.REACH: matter.reach,
    }  # fmt: skip
