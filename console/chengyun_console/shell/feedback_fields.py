"""The four elements of a feedback (受理时间、与谁沟通、解决措施、解决时限), and the files that prove it."""

from functools import partial
from pathlib import Path

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QCheckBox, QHBoxLayout, QLineEdit, QPlainTextEdit, QPushButton, QVBoxLayout, QWidget

from chengyun_console.desk import Desk
from chengyun_console.file_dialog import FileDialog
from chengyun_console.lettered import Lettered
from chengyun_console.session.replies import done_of
from chengyun_console.shell.deeds import Deeds
from chengyun_console.uploads import Upload
from chengyun_console.wording.past_moments import past_moment_of
from chengyun_core.model.event_commands import AddAttachment
from chengyun_core.model.failure import Reason
from chengyun_core.model.order import Feedback, Receipt, Step, key_of
from chengyun_core.wire.envelope import Reply
from chengyun_resources.theme.tokens import SPACE_PX, TARGET_PX, Colour, TypeSize

LINES = ("accepted_at", "talked_to", "time_limit")
_MEASURES_PX = 62
_LONGEST = 200


class FeedbackFields(QWidget):
    """Files go up in the background, with a figure, while words are written; what is up is named in the feedback."""

    did_change = Signal()

    def __init__(self, desk: Desk, deeds: Deeds) -> None:
        super().__init__()
        self._desk, self._deeds = desk, deeds
        self._receipt: Receipt | None = None
        self.lines = {name: QLineEdit() for name in LINES}
        self.measures = QPlainTextEdit()
        self.solved = QCheckBox(desk.say("tasks.feedback.solved"))
        self.choose = QPushButton(desk.say("tasks.form.file"))
        self.files = Lettered(desk.theme, TypeSize.SMALL)
        self._kept: dict[str, int] = {}
        self._shares: dict[str, float] = {}
        self._keeping: dict[str, str] = {}
        self._lay_out()
        self.choose.clicked.connect(lambda _checked=False: self.choose_file())
        desk.session.command_ended.connect(self._on_ended)

    def begin(self, receipt: Receipt, texts: dict[str, str]) -> None:
        """Begin with what a draft had; accepted is when it was signed unless somebody says otherwise."""
        self._receipt = receipt
        self._kept, self._shares = {}, {}
        signed = receipt.climbed.get(Step.SIGNED)
        accepted = self._desk.figures.clock(signed.at) if signed is not None else ""
        for name, line in self.lines.items():
            line.setText(texts.get(name, accepted if name == "accepted_at" else ""))
        self.measures.setPlainText(texts.get("measures", ""))
        self.solved.setChecked(texts.get("solved", "1") == "1")
        self._show_files()

    def texts(self) -> dict[str, str]:
        """Return everything as texts, for a draft."""
        told = {name: line.text() for name, line in self.lines.items()}
        return {**told, "measures": self.measures.toPlainText(), "solved": "1" if self.solved.isChecked() else ""}

    def fault(self) -> str:
        """Return the first of the four elements that is missing or wrong, in words; nothing when none is."""
        say = self._desk.say
        for name in ("talked_to", "time_limit"):
            if not self.lines[name].text().strip():
                return say("tasks.form.missing", field=say(f"tasks.feedback.{name}"))
        if not self.measures.toPlainText().strip():
            return say("tasks.form.missing", field=say("tasks.feedback.measures"))
        try:
            self._accepted()
        except ValueError as fault:
            return say(str(fault), text=self.lines["accepted_at"].text())
        return say("tasks.form.uploading") if self._is_uploading() else ""

    def feedback(self) -> Feedback:
        """Return the feedback; `fault` has been asked before."""
        return Feedback(
            accepted_at=self._accepted() or self._desk.now_ns(), talked_to=self.lines["talked_to"].text().strip(),
            measures=self.measures.toPlainText().strip(), time_limit=self.lines["time_limit"].text().strip(),
            solved=self.solved.isChecked(), attachments=tuple(sorted(self._kept.values())),
        )  # fmt: skip

    def choose_file(self) -> None:
        """Let the officer choose a file; the dialogue lies beside the window and holds nothing up."""
        dialog = FileDialog(self._desk, self.window())
        dialog.file_was_chosen.connect(lambda name: self.upload(Path(name)))
        dialog.show()

    def upload(self, path: Path) -> None:
        """Send a file to the centre in the background."""
        upload = Upload(self._desk.session, path, self)
        name = path.name
        self._shares[name] = 0.0
        upload.did_advance.connect(partial(self._on_share, name))
        upload.did_fail.connect(partial(self._on_failed, name))
        upload.was_done.connect(partial(self._on_uploaded, name))
        upload.begin()
        self._show_files()

    def _accepted(self) -> int | None:
        now = self._desk.figures.moment(self._desk.now_ns())
        return past_moment_of(self.lines["accepted_at"].text(), now)

    def _is_uploading(self) -> bool:
        return any(name not in self._kept for name in self._shares)

    def _on_share(self, name: str, share: float) -> None:
        self._shares[name] = share
        self._show_files()

    def _on_failed(self, name: str, reason: object) -> None:
        self._shares.pop(name, None)
        self._show_files()
        if isinstance(reason, Reason):
            self.files.show_text(self._desk.refusal(reason))

    def _on_uploaded(self, name: str, digest: str, size: int) -> None:
        if self._receipt is None:
            return
        about = f"receipt:{key_of(self._receipt)}"
        command = AddAttachment(about=about, digest=digest, name=name, size=size)
        self._keeping[self._deeds.send_quietly(command)] = name

    def _on_ended(self, command: str, reply: Reply) -> None:
        name = self._keeping.pop(command, None)
        if name is None:
            return
        done = done_of(reply)
        if reply.outcome != "done" or not done.key.isdigit():
            self._on_failed(name, Reason(code=reply.code, params=reply.params))
        else:
            self._kept[name] = int(done.key)
            self._show_files()

    def _show_files(self) -> None:
        told = [
            self._desk.say("tasks.form.kept", name=name) if name in self._kept
            else self._desk.say("tasks.form.share", name=name, share=self._desk.figures.percent(share))
            for name, share in self._shares.items()
        ]  # fmt: skip
        self.files.show_text("   ".join(told) or self._desk.say("tasks.form.no_file"))
        self.did_change.emit()

    def _lay_out(self) -> None:
        say, theme = self._desk.say, self._desk.theme
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(SPACE_PX)
        self.measures.setTabChangesFocus(True)
        self.measures.setFixedHeight(_MEASURES_PX)
        fields: tuple[tuple[str, QLineEdit | QPlainTextEdit], ...] = (
            ("accepted_at", self.lines["accepted_at"]), ("talked_to", self.lines["talked_to"]),
            ("measures", self.measures), ("time_limit", self.lines["time_limit"]),
        )  # fmt: skip
        for name, widget in fields:
            title = say(f"tasks.feedback.{name}")
            column.addWidget(Lettered(theme, TypeSize.SMALL, text=title))
            widget.setAccessibleName(title)
            if isinstance(widget, QLineEdit):
                widget.setMinimumHeight(TARGET_PX)
                widget.setMaxLength(_LONGEST)
                widget.textEdited.connect(lambda _text: self.did_change.emit())
            else:
                widget.textChanged.connect(self.did_change)
            column.addWidget(widget)
        row = QHBoxLayout()
        self.files.set_colour(Colour.TEXT_SECOND)
        self.files.setWordWrap(True)
        for button in (self.solved, self.choose):
            button.setMinimumHeight(TARGET_PX)
            row.addWidget(button)
        row.addWidget(self.files, 1)
        column.addLayout(row)
