"""Two forms about one receipt: the recipient's feedback, and an officer's word for a recipient with his very words."""

from PySide6.QtCore import QRect, Qt, Signal
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QGridLayout, QLineEdit, QPlainTextEdit, QPushButton, QVBoxLayout, QWidget
from typing_extensions import override

from chengyun_console.desk import Desk
from chengyun_console.draft_keeper import DraftKeeper
from chengyun_console.lettered import Lettered
from chengyun_console.pages.choice_box import ChoiceBox
from chengyun_console.shell.deeds import Deeds
from chengyun_console.shell.feedback_fields import FeedbackFields
from chengyun_console.shell.overlay import Overlay, centred
from chengyun_console.wording.past_moments import past_moment_of
from chengyun_core.model.order import LADDER, Channel, Receipt, Step, key_of
from chengyun_core.model.receipt_commands import ConfirmReceipt, FeedBackReceipt
from chengyun_core.model.receipt_rules import STEPS, Who
from chengyun_resources.theme.tokens import SPACE_PX, TARGET_PX, Colour, TypeSize
from chengyun_widgets.presence import Presence

WIDTH_PX, HEIGHT_PX = 720, 640
_WORDS_PX = 48
CHANNELS = (Channel.PHONE, Channel.RADIO, Channel.VIDEO, Channel.MESSAGE, Channel.IN_PERSON)


class ReceiptForm(Overlay):
    """C and 4. Ctrl+Enter sends; Esc leaves, the draft of each receipt stays, also over a kill."""

    was_written = Signal(object, str)
    """ConfirmReceipt or FeedBackReceipt, and the name of its draft."""

    def __init__(self, desk: Desk, deeds: Deeds, parent: QWidget) -> None:
        super().__init__(desk.theme, "", desk.say("tasks.form.hint"), parent)
        self._desk = desk
        self._receipt: Receipt | None = None
        self._is_for_him = False
        self.step, self.channel = ChoiceBox(desk.theme), ChoiceBox(desk.theme)
        self.said_by, self.at, self.words = QLineEdit(), QLineEdit(), QPlainTextEdit()
        self.feedback = FeedbackFields(desk, deeds)
        self.told = Lettered(desk.theme, TypeSize.BODY, Colour.TEXT, bold=True)
        self.send_button = QPushButton(desk.say("tasks.form.send"))
        self.send_button.setDefault(True)
        self.keeper = DraftKeeper(self.keep, self)
        self._lay_out()
        self._connect()

    def open_for(self, receipt: Receipt, area: QRect, *, for_him: bool) -> None:
        """Begin, or go on with the draft that was left for this receipt."""
        self._receipt, self._is_for_him = receipt, for_him
        kept = self._desk.drafts.read(self.draft)
        self._offer(receipt)
        self.step.setCurrentIndex(max(0, self.step.findData(kept.get("step", ""))))
        self.channel.setCurrentIndex(max(0, self.channel.findData(kept.get("channel", ""))))
        for name, line in (("said_by", self.said_by), ("at", self.at)):
            line.setText(kept.get(name, ""))
        self.words.setPlainText(kept.get("words", ""))
        self.feedback.begin(receipt, kept)
        names = self._desk.names
        who = names.who(receipt.recipient) if names is not None else receipt.recipient
        self.set_title(self._desk.say("tasks.form.confirm" if for_him else "tasks.form.feed_back", who=who))
        self.open_over(area)
        self.show_notice(Presence.FRESH, "")
        self._show_parts()
        (self.words if for_him else self.feedback.lines["talked_to"]).setFocus()

    @property
    def draft(self) -> str:
        """Return the name of the draft of what is open."""
        key = key_of(self._receipt) if self._receipt is not None else ""
        return f"receipt.{'confirm' if self._is_for_him else 'feedback'}.{key}"

    @override
    def open_over(self, area: QRect) -> None:
        super().open_over(centred(area, WIDTH_PX, HEIGHT_PX))

    @override
    def close_over(self) -> bool:
        if self.isVisible():
            self.keeper.now()
        return super().close_over()

    @override
    def carried(self) -> object:
        if self.isHidden():
            return None
        self.keeper.now()
        return self._receipt, self._is_for_him

    @override
    def take_carried(self, kept: object) -> None:
        match kept:
            case (Receipt() as receipt, bool(for_him)):
                self.open_for(receipt, self.window().rect(), for_him=for_him)

    def show_refusal(self, receipt: Receipt, text: str, area: QRect, *, for_him: bool) -> None:
        """Open again with what was written, and say why it was not taken."""
        self.open_for(receipt, area, for_him=for_him)
        self.told.show_text(text)

    def send(self) -> None:
        """Hand it on, or say what is missing. The draft stays until the centre has it."""
        receipt, fault = self._receipt, self.fault()
        if fault or receipt is None:
            self.told.show_text(fault)
            return
        made: object
        if self._is_for_him:
            step = Step(self.step.currentData())
            made = ConfirmReceipt(
                order=receipt.order, place=receipt.place, version=receipt.version, step=step,
                channel=Channel(self.channel.currentData()), words=self.words.toPlainText().strip(),
                said_by=self.said_by.text().strip(), source_at=self._at(),
                feedback=self.feedback.feedback() if step is Step.FED_BACK else None,
            )  # fmt: skip
        else:
            made = FeedBackReceipt(
                order=receipt.order, place=receipt.place, version=receipt.version, feedback=self.feedback.feedback()
            )  # fmt: skip
        draft = self.draft
        self.close_over()
        self.was_written.emit(made, draft)

    def fault(self) -> str:
        """Return the first thing in the way, in words; nothing when nothing is."""
        say = self._desk.say
        if not self._is_for_him:
            return self.feedback.fault()
        if not self.words.toPlainText().strip():
            return say("tasks.form.missing", field=say("tasks.form.words"))
        if not self.said_by.text().strip():
            return say("tasks.form.missing", field=say("tasks.form.said_by"))
        try:
            self._at()
        except ValueError as fault:
            return say(str(fault), text=self.at.text())
        return self.feedback.fault() if self._needs_feedback() else ""

    def keep(self) -> None:
        """Keep the draft in the seat's folder (E10)."""
        told = {
            "said_by": self.said_by.text(), "at": self.at.text(), "words": self.words.toPlainText(),
            "measures": self.feedback.measures.toPlainText(), "talked_to": self.feedback.lines["talked_to"].text(),
        }  # fmt: skip
        written = any(text.strip() for text in told.values())
        chosen = {"step": str(self.step.currentData() or ""), "channel": str(self.channel.currentData() or "")}
        self._desk.drafts.write(self.draft, {**self.feedback.texts(), **told, **chosen} if written else {})

    def _at(self) -> int | None:
        return past_moment_of(self.at.text(), self._desk.figures.moment(self._desk.now_ns()))

    def _needs_feedback(self) -> bool:
        return not self._is_for_him or self.step.currentData() == Step.FED_BACK.value

    def _show_parts(self) -> None:
        self._behalf.setVisible(self._is_for_him)
        self.feedback.setVisible(self._needs_feedback())
        self.told.show_text(self.fault())
        if self.isVisible():
            self.fit_height(self._body.sizeHint().height())

    def _offer(self, receipt: Receipt) -> None:
        """Offer the steps an officer may tell that were not reached yet, the next one first."""
        open_steps = [step for step in LADDER if Who.OFFICER in STEPS[step].who and step not in receipt.climbed]
        above = [step for step in open_steps if LADDER.index(step) > LADDER.index(receipt.step)]
        wanted = [step for step in above if LADDER.index(step) >= LADDER.index(Step.SIGNED)]
        ordered = [*wanted, *(step for step in open_steps if step not in wanted)]
        for box, rows in (
            (self.step, [(self._desk.say(f"receipt.step.{step.value}"), step.value) for step in ordered]),
            (self.channel, [(self._desk.say(f"channel.{each.value}"), each.value) for each in CHANNELS]),
        ):
            box.clear()
            for title, key in rows:
                box.addItem(title, key)

    def _on_edit(self) -> None:
        if self.isVisible():
            self.told.show_text(self.fault())
            self.keeper.touch()

    def _connect(self) -> None:
        for sequence in ("Ctrl+Return", "Ctrl+Enter"):
            shortcut = QShortcut(QKeySequence(sequence), self)
            shortcut.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
            shortcut.activated.connect(self.send)
        self.send_button.clicked.connect(lambda _checked=False: self.send())
        self.step.currentIndexChanged.connect(lambda _at: self._show_parts())
        for line in (self.said_by, self.at):
            line.textEdited.connect(lambda _text: self._on_edit())
        self.words.textChanged.connect(self._on_edit)
        self.feedback.did_change.connect(self._on_edit)

    def _lay_out(self) -> None:
        say, theme = self._desk.say, self._desk.theme
        self._body = QWidget()
        column = QVBoxLayout(self._body)
        column.setContentsMargins(SPACE_PX * 4, SPACE_PX * 3, SPACE_PX * 4, SPACE_PX * 3)
        column.setSpacing(SPACE_PX * 2)
        self._behalf = QWidget()
        grid = QGridLayout(self._behalf)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setVerticalSpacing(SPACE_PX)
        self.words.setTabChangesFocus(True)
        self.words.setFixedHeight(_WORDS_PX)
        self.at.setPlaceholderText(say("tasks.form.at.hint"))
        places: tuple[tuple[str, QWidget, int, int, int], ...] = (
            ("tasks.form.step", self.step, 0, 0, 1), ("tasks.form.channel", self.channel, 0, 1, 1),
            ("tasks.form.words", self.words, 2, 0, 2), ("tasks.form.said_by", self.said_by, 4, 0, 1),
            ("tasks.form.at", self.at, 4, 1, 1),
        )  # fmt: skip
        for code, widget, row, at, wide in places:
            widget.setAccessibleName(say(code))
            if widget is not self.words:
                widget.setMinimumHeight(TARGET_PX)
            grid.addWidget(Lettered(theme, TypeSize.SMALL, text=say(code)), row, at, 1, wide)
            grid.addWidget(widget, row + 1, at, 1, wide)
        column.addWidget(self._behalf)
        column.addWidget(self.feedback)
        column.addStretch(1)
        self.told.setWordWrap(True)
        self.send_button.setMinimumHeight(TARGET_PX)
        column.addWidget(self.told)
        column.addWidget(self.send_button)
        self.set_body(self._body)
