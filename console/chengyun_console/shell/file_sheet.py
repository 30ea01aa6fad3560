"""A kept file looked at over the page: pictures, texts, clips; what else it is, is saved and opened elsewhere."""

from typing import TYPE_CHECKING

from PySide6.QtCore import QRect, QSize, Qt, Signal
from PySide6.QtGui import QImage, QKeyEvent
from PySide6.QtWidgets import QHBoxLayout, QPlainTextEdit, QPushButton, QStackedWidget, QVBoxLayout, QWidget
from typing_extensions import override

from chengyun_console.desk import Desk
from chengyun_console.downloads import Download, InMemory
from chengyun_console.lettered import Lettered
from chengyun_console.safe_pictures import FORMATS, LARGEST, decoded
from chengyun_console.session.background import Background
from chengyun_console.shell.overlay import Overlay, centred
from chengyun_console.wording.event_files import about_file, size_of
from chengyun_core.model.event import Attachment
from chengyun_core.model.failure import Reason
from chengyun_resources.theme.tokens import SPACE_PX, TARGET_PX, TypeSize
from chengyun_widgets.picture_view import PictureView
from chengyun_widgets.presence import Presence

if TYPE_CHECKING:
    from chengyun_console.video.clip_view import ClipView

WIDTH_PX, HEIGHT_PX = 1180, 860
TEXT_SHOWN = 256 * 2**10
"""Bytes of a text that are shown; all of it is in the file that is saved."""
_SLOT = "file.looked_at"
CLIPS = frozenset({"video/mp4", "video/x-matroska"})
LARGEST_CLIP = 128 * 2**20
"""Bytes of a clip that is played here: two minutes of a camera's 8 Mbit/s."""
_FINEST = QSize(3840, 2160)


class FileSheet(Overlay):
    """Left and Right turn to the other files, Ctrl+S saves, Esc leaves. Nothing is run, rendered or followed; a clip is
    decoded in a process of its own.
    """

    save_was_asked = Signal(object)
    """model.event.Attachment."""

    def __init__(self, desk: Desk, parent: QWidget) -> None:
        super().__init__(desk.theme, "", desk.say("events.files.sheet_hint"), parent)
        self._desk = desk
        self._background = Background(self)
        self._files: tuple[Attachment, ...] = ()
        self._at = 0
        self._download: Download | None = None
        self.view, self.text = PictureView(desk.theme), QPlainTextEdit()
        self.about = Lettered(desk.theme, TypeSize.BODY)
        self.ways = {code: QPushButton(desk.say(f"events.files.{code}")) for code in ("previous", "next", "save")}
        self.clip: ClipView | None = None
        self._bodies = QStackedWidget()
        self._lay_out()
        for code, do in (("previous", lambda: self._turn(-1)), ("next", lambda: self._turn(1)), ("save", self._save)):
            self.ways[code].clicked.connect(lambda _checked=False, do=do: do())

    @property
    def file(self) -> Attachment | None:
        """Return the file that is looked at."""
        return self._files[self._at] if self._files else None

    def open_for(self, file: Attachment, files: tuple[Attachment, ...], area: QRect) -> None:
        """Show a file, one of several through which one can turn."""
        self._files = files if file in files else (file,)
        self._at = self._files.index(file)
        self.open_over(area)
        self._look()

    @override
    def open_over(self, area: QRect) -> None:
        super().open_over(centred(area, WIDTH_PX, HEIGHT_PX))

    @override
    def close_over(self) -> bool:
        self._forget()
        return super().close_over()

    @override
    def carried(self) -> object:
        return (self.file, self._files) if self.isVisible() else None

    @override
    def take_carried(self, kept: object) -> None:
        match kept:
            case (Attachment() as file, tuple(files)):
                self.open_for(file, files, self.window().rect())

    @override
    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Left, Qt.Key.Key_Right):
            self._turn(1 if event.key() == Qt.Key.Key_Right else -1)
        else:
            super().keyPressEvent(event)

    def _turn(self, by: int) -> None:
        if len(self._files) > 1:
            self._at = (self._at + by) % len(self._files)
            self._look()

    def _save(self) -> None:
        if self.file is not None:
            self.save_was_asked.emit(self.file)

    def _look(self) -> None:
        """Fetch what can be shown here; say of the rest what to do with it."""
        file = self.file
        assert file is not None
        self._forget()
        self._desk.event_focus.file = file
        self.set_title(self._desk.say("events.files.sheet", name=file.name, at=self._at + 1, of=len(self._files)))
        self.set_note(self._desk.say("events.files.sheet_hint"))
        self.about.show_text(about_file(self._desk, file))
        for code in ("previous", "next"):
            self.ways[code].setEnabled(len(self._files) > 1)
        refusal = not_shown(self._desk, file)
        self._say(refusal or self._desk.say("events.files.coming", percent=self._desk.figures.percent(0)))
        if not refusal:
            self._fetch(file)

    def _fetch(self, file: Attachment) -> None:
        download = self._download = Download(self._desk.session, file, InMemory(), _SLOT, self)
        download.did_advance.connect(
            lambda share: self._say(self._desk.say("events.files.coming", percent=self._desk.figures.percent(share)))
        )
        download.did_fail.connect(self._on_failed)
        download.was_done.connect(lambda data: self._on_data(file, data))
        download.begin()

    def _on_failed(self, reason: object) -> None:
        assert isinstance(reason, Reason)
        self._say(self._desk.refusal(reason))

    def _on_data(self, file: Attachment, data: object) -> None:
        assert isinstance(data, bytes)
        if file.media == "text/plain":
            self.text.setPlainText(data[:TEXT_SHOWN].decode("utf-8", "replace"))
            self._bodies.setCurrentWidget(self.text)
            self.text.setFocus()
        elif file.media in CLIPS:
            self._play(data, file)
        else:
            self._background.run("decode", lambda: decoded(data, file.media, _FINEST), self._on_picture)

    def _play(self, data: bytes, file: Attachment) -> None:
        view = self.clip
        if view is None:
            from chengyun_console.video.clip_view import ClipView  # noqa: PLC0415 - most files are no clips

            view = self.clip = ClipView(self._desk)
            self._bodies.addWidget(view)
        self._bodies.setCurrentWidget(view)
        view.setFocus()
        view.open(data, file.media, file.taken_at or 0)
        self.set_note(self._desk.say("clips.sheet_hint"))

    def _on_picture(self, made: object) -> None:
        if isinstance(made, QImage) and self.file is not None:
            self.view.show_picture(made, self.file.name)
        else:
            self._say(self._desk.say("events.files.damaged"))

    def _say(self, told: str) -> None:
        self.view.show_picture(None, told)
        self._bodies.setCurrentWidget(self.view)
        self.view.setFocus()

    def _forget(self) -> None:
        if self._download is not None:
            self._download.abandon()
            self._download = None

    def _lay_out(self) -> None:
        self.text.setReadOnly(True)
        self.text.setAccessibleName(self._desk.say("events.files.text"))
        self.view.setAccessibleName(self._desk.say("events.files.picture"))
        self.about.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        for body in (self.view, self.text):
            self._bodies.addWidget(body)
        whole = QWidget()
        column, row = QVBoxLayout(whole), QHBoxLayout()
        column.setContentsMargins(SPACE_PX * 4, SPACE_PX * 2, SPACE_PX * 4, SPACE_PX * 3)
        column.setSpacing(SPACE_PX * 2)
        row.addWidget(self.about, 1)
        for button in self.ways.values():
            button.setMinimumHeight(TARGET_PX)
            row.addWidget(button)
        column.addWidget(self._bodies, 1)
        column.addLayout(row)
        self.set_body(whole)
        self.show_notice(Presence.FRESH, "")


def not_shown(desk: Desk, file: Attachment) -> str:
    """Return why a file is not shown by this console, nothing when it is."""
    if file.media == "application/x-executable":
        return desk.say("events.files.program")
    if file.media not in FORMATS and file.media not in CLIPS and file.media != "text/plain":
        return desk.say("events.files.elsewhere", media=file.media)
    most = LARGEST_CLIP if file.media in CLIPS else LARGEST
    return desk.say("events.files.too_large_here", size=size_of(desk, file.size)) if file.size > most else ""
