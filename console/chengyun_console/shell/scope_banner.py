"""The banner above the page while a focus filter holds: what is shown, what is not, and the key that ends it."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QWidget
from typing_extensions import override

from chengyun_console.desk import Desk
from chengyun_console.lettered import Lettered, Yielding
from chengyun_console.wording.scope import scope_name
from chengyun_core.mirror.alarms import awaits
from chengyun_core.model.scales import WarningColour
from chengyun_resources.theme.tokens import SPACE_PX, TARGET_PX, Colour, TypeSize

HEIGHT_PX = 34


class ScopeBanner(QWidget):
    """Hidden while nothing is filtered."""

    clear_was_asked = Signal()

    def __init__(self, desk: Desk) -> None:
        super().__init__()
        self._desk = desk
        self._what = Yielding(desk.theme, TypeSize.BODY, Colour.TEXT, bold=True)
        self._counts = Lettered(desk.theme, TypeSize.BODY, Colour.TEXT_SECOND)
        self._button = QPushButton(desk.say("cockpit.scope.clear"))
        self._shown: tuple[object, ...] = ()
        self._lay_out()
        self.hide()
        desk.scope.did_change.connect(self.refresh)
        desk.session.facts_came.connect(self.refresh)

    def refresh(self, _news: object = None) -> None:
        """Show the filter and its figures of now; called when facts came, does something when something changed."""
        desk = self._desk
        scope, mask = desk.scope.scope, desk.scope.mask
        self.setVisible(scope is not None)
        if scope is None or mask is None:
            self._shown = ()
            return
        state = (scope, desk.session.facts.board, mask.tobytes())
        if state == self._shown:
            return
        self._shown = state
        self._what.show_text(desk.say("cockpit.scope.banner", name=scope_name(desk, scope)))
        self._counts.show_text(self._told(int(mask.sum())))
        self.setAccessibleName(f"{self._what.toolTip()} {self._counts.text()}")

    @override
    def paintEvent(self, event: QPaintEvent) -> None:
        """The panel's ground with a bar in the colour of own actions: on the accent's wash small text would fade."""
        painter = QPainter(self)
        painter.fillRect(self.rect(), self._desk.theme.colour(Colour.PANEL))
        painter.fillRect(0, 0, SPACE_PX, self.height(), self._desk.theme.colour(Colour.ACCENT))
        painter.fillRect(0, self.height() - 1, self.width(), 1, self._desk.theme.colour(Colour.ACCENT))
        painter.end()

    def _told(self, vitals: int) -> str:
        desk, figures = self._desk, self._desk.figures
        alarms = desk.session.facts.board.alarms
        outside = [alarm for alarm in alarms if not desk.scope.lets(alarm.vital)]
        count = len(desk.names.shown) if desk.names else 0
        return desk.say(
            "cockpit.scope.counts",
            vitals=figures.count(vitals),
            all=figures.count(count),
            alarms=len(alarms) - len(outside),
            outside=len(outside),
            red=sum(alarm.colour is WarningColour.RED for alarm in outside),
            waiting=sum(map(awaits, outside)),
        )

    def _lay_out(self) -> None:
        self.setFixedHeight(HEIGHT_PX)
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self._button.setFlat(True)
        self._button.setMinimumHeight(TARGET_PX)
        self._button.clicked.connect(lambda _checked=False: self.clear_was_asked.emit())
        row = QHBoxLayout(self)
        row.setContentsMargins(SPACE_PX * 4, 0, SPACE_PX * 3, 0)
        row.setSpacing(SPACE_PX * 4)
        row.addWidget(self._what, 1)
        row.addWidget(self._counts)
        row.addWidget(self._button)
