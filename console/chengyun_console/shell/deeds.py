"""What an officer does: asks the questions of an action, sends its command, tells how it ended."""

from collections import Counter
from collections.abc import Callable

from PySide6.QtCore import QObject

from chengyun_console.actions.action import Action, Choice, Where
from chengyun_console.actions.dialogue import Dialogue, begin
from chengyun_console.actions.subject import Subject
from chengyun_console.desk import Desk
from chengyun_console.session.replies import done_of
from chengyun_console.wording.approvals import approval_title
from chengyun_core.model.event_commands import FinishImprovement
from chengyun_core.model.failure import Reason, Refused
from chengyun_core.wire.envelope import Done, Reply
from chengyun_resources.texts.reason_words import left_word
from chengyun_widgets.note_chooser import NoteChooser
from chengyun_widgets.text_asker import TextAsker
from chengyun_widgets.toast import Message, MessageLine, MessageTone

WAITS = "approval.waits"
"""Warning by which the centre says that nothing is done before a second person agrees."""
_TONES = {"refused": MessageTone.REFUSED, "trouble": MessageTone.TROUBLE}


class Deeds(QObject):
    """One deed at a time is asked about; any number may be under way to the centre."""

    def __init__(self, desk: Desk, chooser: NoteChooser, asker: TextAsker, line: MessageLine) -> None:
        super().__init__(line)
        self._desk, self._chooser, self._asker, self._line = desk, chooser, asker, line
        self._dialogue: Dialogue | None = None
        self._answer: Callable[[int], None] | None = None
        self._answer_text: Callable[[str], None] | None = None
        self._sent: dict[str, str] = {}
        self._quiet: set[str] = set()
        self._keyed: set[str] = set()
        """Commands under way whose number is told when they are done."""
        chooser.note_was_chosen.connect(self._on_chosen)
        asker.text_was_given.connect(self._on_text)
        for inline in (chooser, asker):
            inline.was_dismissed.connect(self.cancel)
        desk.session.command_ended.connect(self._on_ended)
        desk.session.command_unsure.connect(self._on_unsure)

    @property
    def is_asking(self) -> bool:
        """Whether a question stands."""
        return any(one is not None for one in (self._dialogue, self._answer, self._answer_text))

    def begin(self, actions: tuple[Action, ...], subject: Subject) -> None:
        """Begin the one of these actions that makes sense for the subject, or say why none does."""
        try:
            self._dialogue = begin(actions, subject, self._desk.allowed())
        except Refused as refused:
            self.tell(MessageTone.REFUSED, self._desk.refusal(refused.reason))
            return
        self._go_on()

    def carried(self) -> object:
        """Return the question that stands, for a window that takes this one's place, and what is under way."""
        return self._dialogue, dict(self._sent)

    def take_carried(self, kept: object) -> None:
        """Ask again what stood, in this window's words."""
        match kept:
            case (Dialogue() | None as dialogue, dict(sent)):
                self._sent |= sent
                self._dialogue = dialogue
                self._go_on()

    def ask(self, question: str, notes: list[str], answer: Callable[[int], None]) -> None:
        """Ask something that is no action of the table; `answer` gets the index chosen, nothing on Esc."""
        self.cancel()
        self._answer = answer
        self._chooser.open_for(question, notes, self._desk.say("console.question.hint"))

    def ask_text(self, question: str, key: str, answer: Callable[[str], None]) -> None:
        """Ask for a line of text that is no action's; `key` brings the draft back, nothing is answered on Esc."""
        self.cancel()
        self._answer_text = answer
        self._asker.open_for(question, self._desk.say("console.question.text_hint"), key)

    def send(self, command: object, told: str) -> str:
        """Send a command; its end is told under these words. Return its id."""
        sent = self._desk.session.send(command)
        self._sent[sent] = told
        self.tell(MessageTone.NOTE, self._desk.say("console.sent", deed=told))
        return sent

    def send_quietly(self, command: object) -> str:
        """Send what the console does by itself, or what a form tells the end of; return its id. Nothing is told."""
        sent = self._desk.session.send(command)
        self._quiet.add(sent)
        return sent

    def cancel(self) -> None:
        """Forget the question that stands; nothing was sent. A text typed so far stays as a draft."""
        self._dialogue = self._answer = self._answer_text = None
        self._chooser.close_quietly()
        self._asker.close_quietly()

    def tell(self, tone: MessageTone, text: str) -> Message:
        """Show a sentence in the message line; return it, for `take_back` when it is no longer so."""
        message = Message(tone=tone, text=text)
        self._line.show_message(message)
        return message

    def take_back(self, message: Message) -> None:
        """Take a sentence off the message line that is no longer so."""
        self._line.withdraw(message)

    def may(self, action: Action) -> bool:
        """Return whether this seat may; say so in the message line when not."""
        if not action.permission or action.permission in self._desk.allowed():
            return True
        told = self._desk.say("console.not_allowed", action=self._desk.say(action.title))
        self.tell(MessageTone.REFUSED, told)
        return False

    def _go_on(self) -> None:
        dialogue = self._dialogue
        if dialogue is None:
            return
        question = dialogue.question()
        if question is None:
            self._send(dialogue)
            return
        title = self._desk.say(question.title, **question.params(dialogue.subject))
        asked = self._desk.say("console.question.of", question=title, alarm=self._about(dialogue))
        if question.choices is None:
            key = f"{dialogue.action.id}:{len(dialogue.answers)}:{_key(dialogue)}"
            self._asker.open_for(asked, self._desk.say("console.question.text_hint"), key)
            return
        choices = dialogue.choices()
        if not choices:
            self.cancel()
            self.tell(MessageTone.REFUSED, self._desk.say("console.question.no_choice", question=title))
            return
        hint = self._desk.say("console.question.hint")
        self._chooser.open_for(asked, [self._label(choice) for choice in choices], hint)

    def _label(self, choice: Choice) -> str:
        return choice.text or self._desk.say(choice.title)

    def _on_chosen(self, at: int) -> None:
        if self._answer is not None:
            answer, self._answer = self._answer, None
            answer(at)
        elif self._dialogue is not None and self._dialogue.answer(at + 1):
            self._go_on()

    def _on_text(self, text: str) -> None:
        if self._answer_text is not None:
            answer, self._answer_text = self._answer_text, None
            answer(text)
        elif self._dialogue is not None and self._dialogue.answer_text(text):
            self._go_on()

    def _send(self, dialogue: Dialogue) -> None:
        made = dialogue.made(self._desk.say)
        self.cancel()
        if made is not None:
            action = self._desk.say(dialogue.action.title)
            sent = self.send(made, self._desk.say("console.deed", action=action, alarm=self._about(dialogue)))
            if dialogue.action.tells_key:
                self._keyed.add(sent)

    def _about(self, dialogue: Dialogue) -> str:
        """Return what a deed is about in words: the event, the request, the alarm, or the vital."""
        subject = dialogue.subject
        if dialogue.action.record is FinishImprovement:
            return subject.item_name
        if dialogue.action.where is Where.EVENT:
            return subject.event.code if subject.event is not None else ""
        if dialogue.action.where is Where.ORDER:
            return _order_about(self._desk, subject)
        if subject.approval is not None:
            return approval_title(self._desk.texts, self._desk.names, subject.approval)
        if subject.alarm is not None:
            return self._desk.words.title(subject.alarm)
        vital = self._desk.names.vital(subject.vital) if self._desk.names and subject.vital is not None else None
        return vital.name if vital else ""

    def _on_ended(self, command: str, reply: Reply) -> None:
        if command in self._quiet:
            self._quiet.discard(command)
            return
        told, is_keyed = self._sent.pop(command, None), command in self._keyed
        self._keyed.discard(command)
        if reply.outcome != "done":
            sentence = self._desk.refusal(Reason(code=reply.code, params=reply.params))
            self.tell(_TONES.get(reply.outcome, MessageTone.TROUBLE), sentence)
        elif told is not None:
            done = done_of(reply)
            key = done.key if is_keyed else ""
            self._tell_done(self._desk.say("console.deed", action=told, alarm=key) if key else told, done)

    def _tell_done(self, told: str, done: Done) -> None:
        """Say how a deed ended: done with its journal row, or waiting for a second person; and what was left undone."""
        if WAITS in done.warnings:
            self.tell(MessageTone.NOTE, self._desk.say("console.approvals.sent", deed=told))
            return
        sentence = self._desk.say("console.done", deed=told, change=str(done.change or ""))
        if not done.left:
            self.tell(MessageTone.DONE, sentence)
            return
        why = Counter(code for _key, code in done.left)
        left = "  ".join(f"{left_word(self._desk.texts, code)} × {count}" for code, count in why.items())
        said = self._desk.say("console.done_but", done=sentence, count=len(done.left), left=left)
        self.tell(MessageTone.REFUSED, said)

    def _on_unsure(self, command: str) -> None:
        told = self._sent.get(command, "")
        self.tell(MessageTone.TROUBLE, self._desk.say("console.resent", deed=told))


def _order_about(desk: Desk, subject: Subject) -> str:
    """Return the order's number, with the recipient a deed is about."""
    order, receipt = subject.task.order, subject.task.receipt
    code = order.code if order is not None else ""
    if receipt is None:
        return code
    return f"{code} {desk.names.who(receipt.recipient) if desk.names is not None else receipt.recipient}"


def _key(dialogue: Dialogue) -> object:
    """Return what a draft is kept for: the event, else the vital."""
    subject = dialogue.subject
    if dialogue.action.record is FinishImprovement and subject.item is not None:
        return f"item.{subject.item.number}"
    return subject.event.code if dialogue.action.where is Where.EVENT and subject.event else subject.vital
