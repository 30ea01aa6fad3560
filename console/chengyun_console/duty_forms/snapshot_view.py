"""A snapshot of the shift log looked at in the console's own viewer, and saved with a note of it in the journal."""

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QObject, QRect, Signal
from PySide6.QtWidgets import QWidget

from chengyun_console.desk import Desk
from chengyun_console.downloads import Download, InMemory
from chengyun_console.noted_files import Leaving, NotedFiles, file_name
from chengyun_console.paper import place
from chengyun_console.shell.file_sheet import FileSheet
from chengyun_core.model.event import Attachment
from chengyun_core.model.failure import Reason
from chengyun_core.wire.event_asks import AskFile, FilePart

WHAT = "log.snapshot"
_SLOT = "snapshot.looked_at"
_FIRST_BYTES = 1
"""Asked to learn what the file is; the viewer fetches it."""


class SnapshotView(QObject):
    """One picture at a time; nothing is saved that the journal was not told of first (NotedFiles)."""

    was_saved = Signal(object)
    """Path of the file."""
    did_fail = Signal(object)
    """Reason: it cannot be looked at, or was not saved."""

    def __init__(self, desk: Desk, parent: QWidget, *, area: Callable[[], QRect]) -> None:
        """`area` says where the page is, in the window's coordinates."""
        super().__init__(parent)
        self._desk, self._area = desk, area
        self.sheet, self._files = FileSheet(desk, parent), NotedFiles(desk, self)
        self._download: Download | None = None
        self.sheet.save_was_asked.connect(self.save)
        self._files.were_written.connect(lambda paths: self.was_saved.emit(paths[0]))
        self._files.did_fail.connect(self.did_fail)

    def open(self, attachment: int) -> None:
        """Look at a snapshot by the number of its file."""
        ask = AskFile(attachment=attachment, length=_FIRST_BYTES)
        self._desk.session.ask("attachment.get", ask, self._on_told, slot=_SLOT)

    def save(self, file: Attachment) -> None:
        """Fetch it whole, tell the journal, write it into the folder exported to last."""
        download = self._download = Download(self._desk.session, file, InMemory(), "snapshot.saved", self)
        download.did_fail.connect(self.did_fail)
        download.was_done.connect(lambda data: self._leave(file, data))
        download.begin()

    def _leave(self, file: Attachment, data: object) -> None:
        assert isinstance(data, bytes)
        ending = Path(file.name).suffix or ".png"
        path = place.folder(self._desk) / f"{file_name(self._desk, 'snapshot', str(file.number))}{ending}"
        self._files.leave((Leaving(what=WHAT, form=ending.removeprefix("."), rows=1, data=data, path=path),))

    def _on_told(self, told: object) -> None:
        if isinstance(told, Reason):
            self.did_fail.emit(told)
        elif isinstance(told, FilePart):
            self.sheet.open_for(told.attachment, (told.attachment,), self._area())
