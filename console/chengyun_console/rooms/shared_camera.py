"""A camera that a member shows to all (Y6): this console's own stream of it; no leave, no picture, and it says so."""

from PySide6.QtWidgets import QVBoxLayout, QWidget

from chengyun_console.desk import Desk
from chengyun_console.video.desk import VideoDesk
from chengyun_console.wording.video import PaneWords
from chengyun_widgets.video.grid import VideoGrid
from chengyun_widgets.video.record import Pixels

SLOT = "room.shared"


class SharedCameraPane(QWidget):
    """One pane."""

    def __init__(self, desk: Desk) -> None:
        super().__init__()
        self._desk, self._words = desk, PaneWords(desk)
        self._video: VideoDesk | None = None
        self._camera = ""
        self._picture: tuple[object, int] = (None, 0)
        """Which stream the picture is of, and its place in it."""
        self._size = (0, 0)
        self.grid = VideoGrid(desk.theme, self._pixels)
        self.grid.show_count(1)
        self.grid.setAccessibleName(desk.say("rooms.shared_pane"))
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self.grid)

    def follow(self, camera: str, title: str) -> None:
        """Show a camera under a title: ask for the stream at the size that is seen, once it stays so."""
        if camera != self._camera:
            self._change_to(camera)
        video = self._videos()
        _at, width, height = next(iter(self.grid.seen()), (0, 0, 0))
        if width and (width, height) == self._size:
            video.show(SLOT, self._camera, width, height)
        self._size = (width, height)
        standing = video.standing(SLOT)
        self.grid.show_records(
            [self._words.record(title, standing.look, standing.refused, lacks=standing.lacks)]
        )  # fmt: skip
        picture = (standing.quality, standing.look.sequence) if standing.look is not None else (None, 0)
        if picture != self._picture:
            self._picture = picture
            self.grid.panes[0].frame_came()

    def let_go(self) -> None:
        """Give the stream up: nobody looks at it any more."""
        if self._camera:
            self._change_to("")

    def _change_to(self, camera: str) -> None:
        if self._camera and self._video is not None:
            self._video.leave(SLOT)
        self._camera, self._picture, self._size = camera, (None, 0), (0, 0)

    def _videos(self) -> VideoDesk:
        """Return the console's cameras: made with the first one that is shared."""
        if self._video is None:
            self._video = self._desk.video.of(self._desk)
        return self._video

    def _pixels(self, _at: int) -> Pixels | None:
        return self._video.pixels(SLOT) if self._video is not None and self._camera else None
