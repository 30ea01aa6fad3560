"""A file of the event that a member shows to all (Y6): fetched by each console by its own leave, and looked at here."""

from functools import partial

from PySide6.QtCore import QSize
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QPlainTextEdit, QStackedWidget, QVBoxLayout, QWidget

from chengyun_console.desk import Desk
from chengyun_console.downloads import Download, InMemory
from chengyun_console.lettered import Lettered
from chengyun_console.safe_pictures import decoded
from chengyun_console.session.background import Background
from chengyun_console.shell.file_sheet import CLIPS, not_shown
from chengyun_console.wording.event_files import about_file
from chengyun_core.mirror.news import FactNews
from chengyun_core.model.clock import NS_PER_S
from chengyun_core.model.event import Attachment
from chengyun_core.model.failure import Reason
from chengyun_core.wire.event_asks import AskFile, FilePart
from chengyun_resources.theme.tokens import SPACE_PX, TypeSize
from chengyun_widgets.picture_view import PictureView

RECORD_SLOT, CONTENT_SLOT = "room.file", "room.file.content"
_FIRST_BYTES = 1
"""Asked to learn what the file is; what can be shown is fetched then."""
TEXT_SHOWN = 32 * 2**10
"""Bytes of a text that are laid out in a pane within a frame; the sheet of files shows more."""
RETRY_NS = 5 * NS_PER_S
_FINEST = QSize(1920, 1080)


class SharedPaper(QWidget):
    """Pictures and the beginning of texts; of the rest it says what it is, and where it is looked at."""

    def __init__(self, desk: Desk) -> None:
        super().__init__()
        self._desk, self._background = desk, Background(self)
        self._number, self._again_ns = 0, 0
        self._download: Download | None = None
        self.file: Attachment | None = None
        """What is shown, once the centre gave it."""
        self.about = Lettered(desk.theme, TypeSize.BODY)
        self.view, self.text = PictureView(desk.theme), QPlainTextEdit()
        self._bodies = QStackedWidget()
        self._lay_out()
        desk.session.facts_came.connect(self._on_facts)

    def follow(self, number: int) -> None:
        """Show a file; the same once more costs nothing."""
        if number != self._number:
            self.let_go()
            self._number = number
            self._ask()
        elif self._again_ns and self._desk.session.clock.monotonic_ns() >= self._again_ns:
            self._ask()

    def let_go(self) -> None:
        """Forget it, and what is on its way."""
        if not self._number:
            return
        self._number, self.file, self._again_ns = 0, None, 0
        self._drop_download()
        self.about.show_text("")
        self.text.clear()
        self._say("")

    def _ask(self) -> None:
        self._again_ns = 0
        self._say(self._desk.say("rooms.file.asked"))
        ask = AskFile(attachment=self._number, length=_FIRST_BYTES)
        self._desk.session.ask("attachment.get", ask, partial(self._take_record, self._number), slot=RECORD_SLOT)

    def _take_record(self, number: int, told: object) -> None:
        if number != self._number:
            return
        if isinstance(told, Reason):
            self._on_failed(told)
        elif isinstance(told, FilePart):
            self.file = self._desk.rooms.focus.files[number] = told.attachment
            self.about.show_text(about_file(self._desk, told.attachment))
            self._look(told.attachment)

    def _look(self, file: Attachment) -> None:
        """Fetch what can be shown in a pane; a clip is played on the sheet of files alone."""
        why = self._desk.say("rooms.file.clip") if file.media in CLIPS else not_shown(self._desk, file)
        if why:
            self._say(why)
            return
        self._on_share(0.0)
        download = self._download = Download(self._desk.session, file, InMemory(), CONTENT_SLOT, self)
        download.did_advance.connect(self._on_share)
        download.did_fail.connect(self._on_failed)
        download.was_done.connect(partial(self._on_data, file))
        download.begin()

    def _on_share(self, share: float) -> None:
        self._say(self._desk.say("events.files.coming", percent=self._desk.figures.percent(share)))

    def _on_failed(self, reason: object) -> None:
        """Say why it is not here; where nobody answered, ask again after a while."""
        assert isinstance(reason, Reason)
        self._say(self._desk.refusal(reason))
        if reason.code.startswith("session."):
            self._again_ns = self._desk.session.clock.monotonic_ns() + RETRY_NS

    def _on_data(self, file: Attachment, data: object) -> None:
        assert isinstance(data, bytes)
        if file.media == "text/plain":
            cut = self._desk.say("rooms.file.cut") if len(data) > TEXT_SHOWN else ""
            self.text.setPlainText("\n".join(filter(None, (data[:TEXT_SHOWN].decode("utf-8", "replace"), cut))))
            self._bodies.setCurrentWidget(self.text)
        else:
            self._background.run("decode", partial(decoded, data, file.media, _FINEST), partial(self._on_picture, file))

    def _on_picture(self, file: Attachment, made: object) -> None:
        if file is not self.file:
            return
        if isinstance(made, QImage):
            self.view.show_picture(made, file.name)
        else:
            self._say(self._desk.say("events.files.damaged"))

    def _on_facts(self, news: FactNews) -> None:
        """A label changed: whether one may still see it is asked anew, and nothing of it stays meanwhile."""
        if news.relabelled and self._number:
            number = self._number
            self.let_go()
            self.follow(number)

    def _say(self, told: str) -> None:
        self.view.show_picture(None, told)
        self._bodies.setCurrentWidget(self.view)

    def _drop_download(self) -> None:
        if self._download is not None:
            self._download.abandon()
            self._download = None

    def _lay_out(self) -> None:
        self.text.setReadOnly(True)
        self.text.setAccessibleName(self._desk.say("events.files.text"))
        self.view.setAccessibleName(self._desk.say("events.files.picture"))
        self.about.setWordWrap(True)
        for body in (self.view, self.text):
            self._bodies.addWidget(body)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(SPACE_PX)
        column.addWidget(self.about)
        column.addWidget(self._bodies, 1)
