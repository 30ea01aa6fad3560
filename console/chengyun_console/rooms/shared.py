"""What a member shows to all (Y6): camera, lines or file, opened by each console by its own leave; and who shows it."""

from typing import TYPE_CHECKING

from PySide6.QtWidgets import QStackedWidget, QVBoxLayout, QWidget

from chengyun_console.desk import Desk
from chengyun_console.lettered import Yielding
from chengyun_console.rooms import rows
from chengyun_console.rooms.shared_camera import SharedCameraPane
from chengyun_core.model.event import Attachment
from chengyun_core.model.room import Member
from chengyun_core.model.room_share import SharedCamera, SharedFile, SharedTrend, read
from chengyun_resources.theme.tokens import SPACE_PX, Colour, TypeSize

if TYPE_CHECKING:
    from chengyun_console.rooms.shared_file import SharedPaper
    from chengyun_console.rooms.shared_trend import SharedLines

Shown = SharedCamera | SharedFile | SharedTrend


class SharedPane(QWidget):
    """Hidden while nobody shows anything that is seen here; the event on the map and one's own picture are not."""

    def __init__(self, desk: Desk) -> None:
        super().__init__()
        self._desk = desk
        self.camera = SharedCameraPane(desk)
        self.lines: SharedLines | None = None
        self.paper: SharedPaper | None = None
        self.title = Yielding(desk.theme, TypeSize.LEAD, Colour.TEXT)
        """Over lines and files; a camera's pane has a title of its own."""
        self.title.hide()
        self._bodies = QStackedWidget()
        self._bodies.addWidget(self.camera)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(SPACE_PX)
        layout.addWidget(self.title)
        layout.addWidget(self._bodies, 1)
        self.hide()

    @property
    def file(self) -> Attachment | None:
        """Return the file that is shown, once the centre gave it to this console."""
        return self.paper.file if self.paper is not None else None

    def follow(self, shown: Member | None) -> None:
        """Show what this member shows; None, or what is seen elsewhere: nothing. Called on each frame."""
        share = read(shown.shares) if shown is not None else None
        seen = share if isinstance(share, SharedCamera | SharedFile | SharedTrend) else None
        self._let_go_of_others(seen)
        self.setVisible(seen is not None)
        if shown is None or seen is None:
            return
        self._follow(shown, seen)

    def let_go(self) -> None:
        """Give up stream, lines and file: nobody looks at them any more."""
        self._let_go_of_others(None)
        self.hide()

    def _follow(self, shown: Member, seen: Shown) -> None:
        self.title.setVisible(not isinstance(seen, SharedCamera))
        self.title.show_text(rows.shared_title(self._desk, shown))
        match seen:
            case SharedCamera():
                self._bodies.setCurrentWidget(self.camera)
                self.camera.follow(seen.code, rows.shared_title(self._desk, shown))
            case SharedTrend():
                lines = self._lines()
                self._bodies.setCurrentWidget(lines)
                lines.follow(seen)
            case SharedFile():
                paper = self._paper()
                self._bodies.setCurrentWidget(paper)
                paper.follow(seen.number)

    def _let_go_of_others(self, seen: Shown | None) -> None:
        if not isinstance(seen, SharedCamera):
            self.camera.let_go()
        if self.lines is not None and not isinstance(seen, SharedTrend):
            self.lines.let_go()
        if self.paper is not None and not isinstance(seen, SharedFile):
            self.paper.let_go()

    def _lines(self) -> "SharedLines":
        if self.lines is None:
            from chengyun_console.rooms.shared_trend import SharedLines  # noqa: PLC0415 - made with the first one

            self.lines = SharedLines(self._desk)
            self._bodies.addWidget(self.lines)
        return self.lines

    def _paper(self) -> "SharedPaper":
        if self.paper is None:
            from chengyun_console.rooms.shared_file import SharedPaper  # noqa: PLC0415 - made with the first one

            self.paper = SharedPaper(self._desk)
            self._bodies.addWidget(self.paper)
        return self.paper
