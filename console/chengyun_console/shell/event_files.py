"""Files of events: added by dialogue, drop and paste, one after the other; looked at, and saved where one chooses."""

from collections import deque
from collections.abc import Callable
from dataclasses import replace
from functools import partial
from pathlib import Path

from PySide6.QtCore import QMimeData, QObject, QRect
from PySide6.QtWidgets import QApplication, QWidget

from chengyun_console.desk import Desk
from chengyun_console.downloads import Download, InFile
from chengyun_console.file_dialog import FileDialog
from chengyun_console.file_intake import MOST, paths_in, picture_in, written
from chengyun_console.session.background import Background
from chengyun_console.shell.deeds import Deeds
from chengyun_console.shell.file_sheet import FileSheet
from chengyun_console.uploads import Upload
from chengyun_core.model.camera import Evidence
from chengyun_core.model.event import Attachment, Event
from chengyun_core.model.event_commands import AddAttachment
from chengyun_core.model.failure import Reason
from chengyun_core.model.rights import LONGEST_WORD
from chengyun_core.model.rights_commands import NoteExport
from chengyun_core.wire.camera_asks import AskEvidence, EvidencePage
from chengyun_widgets.toast import MessageTone

_OF_CAMERAS = frozenset({"image/png", "image/jpeg", "video/mp4", "video/x-matroska"})
"""Media that evidence of cameras may have."""
_PAGE = 500


class EventFiles(QObject):
    """Made once by the desk of events."""

    def __init__(self, desk: Desk, parent: QWidget, deeds: Deeds, area: Callable[[], QRect]) -> None:
        super().__init__(parent)
        self._desk, self._deeds, self._area, self._window = desk, deeds, area, parent
        self.sheet = FileSheet(desk, parent)
        self.sheet.save_was_asked.connect(self.save)
        self._background = Background(self)
        self._waiting: deque[Upload] = deque()
        self._pasted: set[Path] = set()
        """Pictures of the clipboard, written for their way to the centre."""

    def attach(self, event: Event) -> None:
        """Ask for a file to be kept with an event."""
        dialog = FileDialog(self._desk, self._window)
        dialog.file_was_chosen.connect(lambda name: self.upload(event, Path(name)))
        dialog.show()

    def paste(self, event: Event) -> None:
        """Keep what the clipboard holds: files, or a picture."""
        self.take(event, QApplication.clipboard().mimeData())

    def take(self, event: Event, mime: QMimeData | None) -> None:
        """Keep what was dropped or pasted; what holds no file says so."""
        paths = paths_in(mime) if mime is not None else []
        image = picture_in(mime) if mime is not None else None
        if len(paths) > MOST:
            self._trouble(Reason(code="upload.too_many", params={"count": str(len(paths)), "most": str(MOST)}))
        elif paths:
            for path in paths:
                self.upload(event, path)
        elif image is not None:
            now = self._desk.figures.moment(self._desk.now_ns())
            name = self._desk.say("events.files.pasted_name", time=f"{now:%Y%m%d-%H%M%S}")
            path = self._desk.profile / "pasted" / name
            self._background.run("paste", written(image, path), lambda told: self._on_written(event, told))
        else:
            self._trouble(Reason(code="upload.nothing_pasted"))

    def upload(self, event: Event, path: Path) -> Upload:
        """Send a file and keep it with an event, after those that are under way; the message line says how far."""
        upload = Upload(self._desk.session, path, self)
        upload.did_advance.connect(lambda share: self._tell_share(path, share))
        upload.did_fail.connect(lambda reason: self._on_failed(path, reason))
        upload.was_done.connect(lambda digest, size: self._keep(event, path, digest, size))
        self._waiting.append(upload)
        if len(self._waiting) == 1:
            upload.begin()
        return upload

    def open(self) -> None:
        """Look at the file that is chosen."""
        file = self._desk.event_focus.file
        if file is None:
            self._deeds.tell(MessageTone.NOTE, self._desk.say("events.files.none_chosen"))
            return
        self.sheet.open_for(file, self._beside(file), self._area())

    def save(self, file: Attachment | None = None) -> None:
        """Ask where the chosen file is to be written, and write it there."""
        chosen = file or self._desk.event_focus.file
        if chosen is None:
            self._deeds.tell(MessageTone.NOTE, self._desk.say("events.files.none_chosen"))
        elif chosen.media in _OF_CAMERAS and (ask := _asked_of(chosen)) is not None:
            # A camera's picture leaves marked, and for a reason: the centre knows whether it is one.
            self._ask_evidence(chosen, ask)
        else:
            self._choose_path(chosen)

    def _ask_evidence(self, chosen: Attachment, ask: AskEvidence) -> None:
        answer = partial(self._on_evidence, chosen, ask)
        self._desk.session.ask("evidence.page", ask, answer, slot="evidence.of_file")

    def _choose_path(self, chosen: Attachment) -> None:
        dialog = FileDialog(self._desk, self._window, save_as=chosen.name, title="events.files.save_where")
        dialog.file_was_chosen.connect(lambda name: self.save_to(chosen, Path(name)))
        dialog.show()

    def _on_evidence(self, chosen: Attachment, ask: AskEvidence, told: object) -> None:
        if isinstance(told, Reason):
            self._trouble(told)
        elif isinstance(told, EvidencePage):
            kept = next((one for one in told.evidence if one.attachment == chosen.number), None)
            if kept is None and told.next and ask.limit == _PAGE:
                self._ask_evidence(chosen, replace(ask, before=told.next))
            elif kept is None:
                self._choose_path(chosen)
            else:
                self._hand_out(chosen, kept)

    def _hand_out(self, chosen: Attachment, kept: Evidence) -> None:
        from chengyun_console.video.handing_out import EvidenceOut  # noqa: PLC0415 - most files are no evidence

        for left in self._window.findChildren(EvidenceOut):
            if not left.is_begun:
                left.deleteLater()
        EvidenceOut(self._desk, self._deeds, self._window, chosen, kept).begin()

    def save_to(self, file: Attachment, path: Path) -> Download:
        """Fetch a file to a path; it appears there when all of it is, and is what the centre keeps."""
        download = Download(self._desk.session, file, InFile(path), f"download.{file.number}.{path.name}", self)
        download.did_advance.connect(
            lambda share: self._tell("events.files.saving", file=path.name, percent=self._desk.figures.percent(share))
        )
        download.did_fail.connect(self._on_not_saved)
        download.was_done.connect(
            lambda _path: self._deeds.tell(
                MessageTone.DONE,
                self._desk.say("events.files.saved", file=str(path), digest=file.digest[:12]),
            )
        )
        form = (path.suffix.lstrip(".") or "file")[:LONGEST_WORD]
        note = NoteExport(what="attachment", form=form, rows=1, digest=file.digest)
        self._desk.exports.ask(note, "", partial(self._noted, download))
        return download

    def _noted(self, download: Download, refused: Reason | None) -> None:
        """Fetch it once the journal knows that it leaves; without a centre there is nothing to fetch."""
        if refused is None:
            download.begin()
        else:
            self._on_not_saved(refused)

    def _beside(self, file: Attachment) -> tuple[Attachment, ...]:
        """Return the files among which one can turn, in the order of the list."""
        return self._desk.event_focus.files or (file,)

    def _on_written(self, event: Event, told: object) -> None:
        if isinstance(told, Reason):
            self._trouble(told)
        elif isinstance(told, Path):
            self._pasted.add(told)
            self.upload(event, told)

    def _tell_share(self, path: Path, share: float) -> None:
        percent, waiting = self._desk.figures.percent(share), len(self._waiting) - 1
        code = "events.attach.going_more" if waiting else "events.attach.going"
        self._tell(code, file=path.name, percent=percent, count=waiting)

    def _keep(self, event: Event, path: Path, digest: str, size: int) -> None:
        made = AddAttachment(about=f"event:{event.number}", digest=digest, name=path.name, size=size)
        self._deeds.send(made, self._desk.say("events.attach.deed", event=event.code, file=path.name))
        self._end(path)

    def _on_failed(self, path: Path, reason: object) -> None:
        assert isinstance(reason, Reason)
        self._trouble(reason)
        self._end(path)

    def _end(self, path: Path) -> None:
        """Go on with the next one."""
        self._waiting.popleft().deleteLater()
        if path in self._pasted:
            self._pasted.discard(path)
            path.unlink(missing_ok=True)
        if self._waiting:
            self._waiting[0].begin()

    def _on_not_saved(self, reason: object) -> None:
        assert isinstance(reason, Reason)
        self._trouble(reason)

    def _trouble(self, reason: Reason) -> None:
        self._deeds.tell(MessageTone.TROUBLE, self._desk.refusal(reason))

    def _tell(self, code: str, **params: object) -> None:
        self._deeds.tell(MessageTone.NOTE, self._desk.say(code, **params))


def _asked_of(file: Attachment) -> AskEvidence | None:
    """Return the ask whose answer has the evidence a file may be; None: it cannot be one."""
    kind, _, number = file.about.partition(":")
    if kind == "evidence":
        return AskEvidence(before=int(number) + 1, limit=1)
    if kind == "event":
        return AskEvidence(event=int(number), limit=_PAGE)
    return AskEvidence(alarm=int(number), limit=_PAGE) if kind == "alarm" else None
