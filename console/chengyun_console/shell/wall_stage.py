"""The stage of the wall: an event's map, cameras and line of time, as an officer sends them there (Shift+F11)."""

from dataclasses import dataclass

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QSplitter, QVBoxLayout, QWidget

from chengyun_console.frame_turns import Steps
from chengyun_console.layouts.labels import Label
from chengyun_console.layouts.wall_desk import WallDesk
from chengyun_console.lettered import Yielding
from chengyun_console.maps.panel import MapPanel
from chengyun_console.pages.events.dossier import Dossier
from chengyun_console.video.panel import VideoPanel
from chengyun_console.wording.events import EventWords
from chengyun_console.wording.time_marks import TimeMarkWords
from chengyun_console.wording.timeline import TimelineWords
from chengyun_core.mirror.news import FactNews
from chengyun_core.model.clock import NS_PER_S
from chengyun_resources.theme.tokens import SEVERITY_TEXT, SPACE_PX, Colour, TypeSize
from chengyun_widgets.mapping.view import MapView
from chengyun_widgets.time_strip import TimeStrip


@dataclass(frozen=True, slots=True, kw_only=True)
class Staged:
    """What is sent: the event in focus, where the map looks, and the cameras shown (none: the map alone)."""

    event: int | None
    view: MapView
    cameras: tuple[str, ...] = ()
    count: int = 4


class WallStage(QWidget):
    """Follows the event it was sent, not the officer: who looks up sees what was shown until something else is sent."""

    def __init__(self, desk: WallDesk) -> None:
        super().__init__()
        self._desk = desk
        self._second = -1
        self.dossier = Dossier(desk, slot="wall")
        self.head = Yielding(desk.theme, TypeSize.FIGURE, Colour.TEXT, bold=True)
        self.map, self.video = MapPanel(desk, "wall"), VideoPanel(desk, "wall")
        self.timeline = TimeStrip(desk.theme)
        self._lay_out()

    def show_staged(self, staged: Staged) -> None:
        """Show what an officer sends."""
        self._desk.event_focus.select(staged.event)
        self.map.canvas.look_at(staged.view)
        self.video.setVisible(bool(staged.cameras))
        self.video.show_count(staged.count)
        self.video.show_cameras(staged.cameras)
        self._second = -1

    def take_facts(self, news: FactNews) -> None:
        """Take note of what concerns the event."""
        self.dossier.take_facts(news)

    def steps(self, now_s: float) -> Steps:
        """Bring it to now, pane by pane."""
        now_ns = self._desk.now_ns()
        self.dossier.tick(now_ns)
        if now_ns // NS_PER_S != self._second:
            self._second = now_ns // NS_PER_S
            self._show_event(now_ns)
        yield
        self.map.refresh(now_s)
        yield

    def _show_event(self, now_ns: int) -> None:
        desk, case = self._desk, self.dossier.case()
        words = EventWords(desk.figures, desk.names)
        self.timeline.setVisible(case is not None)
        self.head.setVisible(case is not None)
        if case is None:
            return
        event = case.event
        is_whole = desk.labels.of_event() is Label.NORMAL
        self.head.show_text(desk.say(
            "console.wall.event", number=event.code, title=event.title if is_whole else words.place(event),
            grade=words.grade(event), elapsed=desk.figures.duration((now_ns - event.opened_at) / NS_PER_S),
        ))  # fmt: skip
        self.head.set_colour(SEVERITY_TEXT[words.severity(event)])
        marks = TimeMarkWords(TimelineWords(words)).marks(case.lines) if is_whole else []
        self.timeline.show_marks(marks, now_ns, desk.say("command.now"), desk.say("command.no_lines"))

    def _lay_out(self) -> None:
        self.timeline.setMinimumHeight(self.timeline.sizeHint().height())
        panes = QSplitter(Qt.Orientation.Horizontal)
        panes.setHandleWidth(SPACE_PX * 2)
        panes.addWidget(self.map)
        panes.addWidget(self.video)
        panes.setStretchFactor(0, 47)
        panes.setStretchFactor(1, 53)
        column = QVBoxLayout(self)
        column.setContentsMargins(SPACE_PX * 3, SPACE_PX * 2, SPACE_PX * 3, SPACE_PX * 2)
        column.setSpacing(SPACE_PX * 2)
        column.addWidget(self.head)
        column.addWidget(panes, 1)
        column.addWidget(self.timeline)
