"""The top bar: whose centre this is, which mode and data, who is on watch, which daemons live, what time it is."""

from dataclasses import dataclass
from functools import partial

from PySide6.QtCore import QRect, Signal
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QWidget
from typing_extensions import override

from chengyun_console.lettered import Lettered, Yielding
from chengyun_resources.theme.tokens import SPACE_PX, Colour, TypeSize
from chengyun_widgets.light import Light, LightRecord
from chengyun_widgets.mode_badge import ModeBadge, ModeRecord
from chengyun_widgets.theme import Theme

TOP_BAR_PX = 48


@dataclass(frozen=True, slots=True, kw_only=True)
class TopBarRecord:
    """What the bar shows. `demo` is empty for live sensors; `lights` are only those that exist."""

    centre: str
    level: str
    mode: ModeRecord
    demo: str
    watch: str
    lights: tuple[LightRecord, ...]
    clock: str
    day: str
    incident: str = ""
    """The gravest event in command; empty: none is commanded from any seat."""
    incident_colour: Colour = Colour.TEXT_SECOND


class TopBar(QWidget):
    """A function of its record. On a narrow screen the level's title gives way first."""

    mode_was_asked = Signal()
    """The badge of the mode was clicked."""
    light_was_asked = Signal(int, str)
    """Place and sentence of the lamp that was clicked: what it means and what still works."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._tips: tuple[str, ...] = ()
        self._centre = Lettered(theme, TypeSize.TITLE, Colour.TEXT, bold=True)
        self._level = Lettered(theme, TypeSize.LEAD)
        self._mode = ModeBadge(theme)
        self._mode.was_asked.connect(self.mode_was_asked)
        self._demo = Chip(theme)
        self._incident = Yielding(theme, TypeSize.LEAD, Colour.TEXT, bold=True)
        self._watch = Lettered(theme, TypeSize.LEAD)
        self._lights: list[Light] = []
        self._clock = Lettered(theme, TypeSize.FIGURE, Colour.TEXT, bold=True)
        self._day = Lettered(theme, TypeSize.LEAD)
        self.setFixedHeight(TOP_BAR_PX)
        self._build()

    def show_record(self, record: TopBarRecord) -> None:
        """Show a record; parts that did not change are not painted."""
        self._centre.show_text(record.centre)
        self._level.show_text(record.level)
        self._mode.show_record(record.mode)
        self._demo.show_text(record.demo)
        self._demo.setVisible(bool(record.demo))
        self._incident.show_text(record.incident)
        self._incident.set_colour(record.incident_colour)
        self._incident.setVisible(bool(record.incident))
        self._watch.show_text(record.watch)
        self._show_lights(record.lights)
        self._clock.show_text(record.clock)
        self._day.show_text(record.day)

    @override
    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.fillRect(self.rect(), self._theme.colour(Colour.BAR))
        painter.fillRect(QRect(0, self.height() - 1, self.width(), 1), self._theme.colour(Colour.LINE))
        painter.end()

    def _build(self) -> None:
        row = QHBoxLayout(self)
        row.setContentsMargins(SPACE_PX * 4, 0, SPACE_PX * 4, 1)
        row.setSpacing(SPACE_PX * 4)
        for widget in (self._centre, self._level, self._mode, self._demo):
            row.addWidget(widget)
        row.addWidget(self._incident, 1000)
        row.addStretch(1)
        row.addWidget(self._watch)
        self._lamp_row = QHBoxLayout()
        self._lamp_row.setSpacing(SPACE_PX)
        row.addLayout(self._lamp_row)
        row.addWidget(self._clock)
        row.addWidget(self._day)
        self._demo.hide()
        self._incident.hide()

    def _show_lights(self, records: tuple[LightRecord, ...]) -> None:
        while len(self._lights) < len(records):
            light = Light(self._theme)
            light.was_asked.connect(partial(self._on_asked, len(self._lights)))
            self._lamp_row.addWidget(light)
            self._lights.append(light)
        self._tips = tuple(record.tip for record in records)
        for index, light in enumerate(self._lights):
            light.setVisible(index < len(records))
            if index < len(records):
                light.show_record(records[index])

    def _on_asked(self, index: int) -> None:
        if index < len(self._tips):
            self.light_was_asked.emit(index, self._tips[index])

    @override
    def resizeEvent(self, event: object) -> None:
        self._level.setVisible(self.width() >= 1600)


class Chip(Lettered):
    """An outlined chip: something that is true of everything on the screen, such as demo data."""

    def __init__(self, theme: Theme) -> None:
        super().__init__(theme, TypeSize.BODY, Colour.TEXT)
        self.setContentsMargins(SPACE_PX * 2, SPACE_PX, SPACE_PX * 2, SPACE_PX)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)

    @override
    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(self._theme.colour(Colour.OUTLINE))
        painter.drawRoundedRect(self.rect().adjusted(0, 0, -1, -1), SPACE_PX, SPACE_PX)
        painter.end()
        super().paintEvent(event)
