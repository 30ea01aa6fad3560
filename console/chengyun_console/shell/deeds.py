"""What an officer does to an alarm: asks the questions of the action, sends its command, tells how it ended."""

from PySide6.QtCore import QObject

from chengyun_console.actions.dialogue import Dialogue, begin
from chengyun_console.actions.table import Action
from chengyun_console.desk import Desk
from chengyun_core.model.failure import Reason, Refused
from chengyun_core.wire.codec import BadMessage, unpack
from chengyun_core.wire.envelope import Done, Reply
from chengyun_widgets.note_chooser import NoteChooser
from chengyun_widgets.toast import Message, MessageLine, MessageTone

_TONES = {"refused": MessageTone.REFUSED, "trouble": MessageTone.TROUBLE}


class Deeds(QObject):
    """One deed at a time is asked about; any number may be under way to the centre."""

    def __init__(self, desk: Desk, chooser: NoteChooser, line: MessageLine) -> None:
        super().__init__()
        self._desk, self._chooser, self._line = desk, chooser, line
        self._dialogue: Dialogue | None = None
        self._sent: dict[str, str] = {}
        chooser.note_was_chosen.connect(self._on_chosen)
        chooser.was_dismissed.connect(self.cancel)
        desk.session.command_ended.connect(self._on_ended)
        desk.session.command_unsure.connect(self._on_unsure)

    @property
    def is_asking(self) -> bool:
        """Whether a question stands."""
        return self._dialogue is not None

    def begin(self, actions: tuple[Action, ...]) -> None:
        """Begin the one of these actions that is possible for the alarm in focus, or say why none is."""
        alarm = self._desk.alarm()
        if alarm is None:
            self.tell(MessageTone.NOTE, self._desk.say("console.no_alarm"))
            return
        try:
            self._dialogue = begin(actions, alarm, self._desk.allowed())
        except Refused as refused:
            self.tell(MessageTone.REFUSED, self._desk.refusal(refused.reason))
            return
        self._go_on()

    def cancel(self) -> None:
        """Forget the question that stands; nothing was sent."""
        self._dialogue = None
        self._chooser.close_quietly()

    def tell(self, tone: MessageTone, text: str) -> None:
        """Show a sentence in the message line."""
        self._line.show_message(Message(tone=tone, text=text))

    def _go_on(self) -> None:
        dialogue = self._dialogue
        if dialogue is None:
            return
        question = dialogue.question()
        if question is None:
            self._send(dialogue)
            return
        notes = [self._desk.say(choice.title) for choice in dialogue.choices()]
        asked = self._desk.say(
            "console.question.of", question=self._desk.say(question.title), alarm=self._desk.words.title(dialogue.alarm)
        )
        self._chooser.open_for(asked, notes, self._desk.say("console.question.hint"))

    def _on_chosen(self, at: int) -> None:
        if self._dialogue is not None and self._dialogue.answer(at + 1):
            self._go_on()

    def _send(self, dialogue: Dialogue) -> None:
        made = dialogue.made(self._desk.say)
        self.cancel()
        if made is None:
            return
        told = self._told(dialogue)
        self._sent[self._desk.session.send(made)] = told
        self.tell(MessageTone.NOTE, self._desk.say("console.sent", deed=told))

    def _told(self, dialogue: Dialogue) -> str:
        action = self._desk.say(dialogue.action.title)
        return self._desk.say("console.deed", action=action, alarm=self._desk.words.title(dialogue.alarm))

    def _on_ended(self, command: str, reply: Reply) -> None:
        told = self._sent.pop(command, None)
        if reply.outcome != "done":
            sentence = self._desk.refusal(Reason(code=reply.code, params=reply.params))
            self.tell(_TONES.get(reply.outcome, MessageTone.TROUBLE), sentence)
        elif told is not None:
            self.tell(MessageTone.DONE, self._desk.say("console.done", deed=told, change=_change(reply)))

    def _on_unsure(self, command: str) -> None:
        told = self._sent.get(command, "")
        self.tell(MessageTone.TROUBLE, self._desk.say("console.resent", deed=told))


def _change(reply: Reply) -> str:
    """Return the number of the journal row, or nothing when the body does not hold one."""
    try:
        return str(unpack(reply.body, Done).change) if reply.body else ""
    except BadMessage:
        return ""
