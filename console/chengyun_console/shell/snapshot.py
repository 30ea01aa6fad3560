"""A picture of the pane in focus for the shift log: kept by the centre by its content, named by a line of the log."""

from pathlib import Path

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QWidget

from chengyun_console.desk import Desk
from chengyun_console.file_intake import written
from chengyun_console.session.background import Background
from chengyun_console.shell import frame_records
from chengyun_console.uploads import Upload
from chengyun_core.model.duty import LogKind
from chengyun_core.model.duty_commands import WriteLogLine
from chengyun_core.model.failure import Reason
from chengyun_widgets.panel import Panel
from chengyun_widgets.watermark import marked

FOLDER = "snapshots"
_SLOT = "duty.snapshot"


def pane_around(focus: QWidget | None, page: QWidget) -> QWidget:
    """Return the pane with the keyboard, the whole page when it is in none."""
    while focus is not None and not (isinstance(focus, Panel) and focus.isVisible()):
        focus = focus.parentWidget()
    return focus or page


class Snapshot(QObject):
    """One at a time; the file lies in the profile until the centre has it."""

    was_sent = Signal(str, str)
    """Id of the command, and what the picture is of."""
    did_fail = Signal(object)
    """Reason; the log has no line."""

    def __init__(self, desk: Desk, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._desk = desk
        self._background = Background(self)
        self._upload: Upload | None = None

    def take(self, pane: QWidget) -> None:
        """Take the picture now; what is shown a moment later is not in it."""
        title = pane.accessibleName() or self._desk.say("console.duty.page_whole")
        stamp = f"{self._desk.figures.moment(self._desk.now_ns()):%Y%m%d-%H%M%S}"
        path = self._desk.profile / FOLDER / f"{stamp}.png"
        # The window's own watermark lies over the window, not in the pane that is grabbed.
        image = marked(pane.grab(), self._desk.theme, frame_records.watermark(self._desk)).toImage()
        self._background.run(_SLOT, written(image, path), lambda told: self._on_written(told, title))

    def _on_written(self, told: object, title: str) -> None:
        if isinstance(told, Reason):
            self.did_fail.emit(told)
        elif isinstance(told, Path):
            upload = self._upload = Upload(self._desk.session, told, self)
            upload.was_done.connect(lambda digest, size: self._on_kept(digest, size, title, told))
            upload.did_fail.connect(self.did_fail)
            upload.begin()

    def _on_kept(self, digest: str, size: int, title: str, path: Path) -> None:
        line = WriteLogLine(text=title, kind=LogKind.SNAPSHOT, attachment=digest, size=size, name=path.name)
        sent = self._desk.session.send(line)
        self._background.run(_SLOT, lambda: path.unlink(missing_ok=True), lambda _told: None)
        self.was_sent.emit(sent, title)
