"""Sends the commands of one pane and tells there how each ended: done, waiting for a second person, refused."""

from collections.abc import Callable
from dataclasses import dataclass

from PySide6.QtCore import QObject

from chengyun_console.desk import Desk
from chengyun_console.lettered import Lettered
from chengyun_console.session.replies import done_of
from chengyun_core.model.failure import Reason
from chengyun_core.wire.envelope import Done, Reply
from chengyun_resources.theme.tokens import SPACE_PX, Colour, TypeSize

WAITS = "approval.waits"
Then = Callable[[Done], None]


@dataclass(frozen=True, slots=True)
class _Sent:
    told: str
    then: Then | None
    failed: Callable[[Reason], None] | None


class Sender(QObject):
    """`line` is the sentence of the pane; refusals are told in the window's message line too, by whoever listens."""

    def __init__(self, desk: Desk, line: Lettered) -> None:
        super().__init__(line)
        self._desk, self._line = desk, line
        self._sent: dict[str, _Sent] = {}
        line.hide()
        desk.session.command_ended.connect(self._on_ended)
        desk.session.command_unsure.connect(self._on_unsure)

    @property
    def is_busy(self) -> bool:
        """Whether a command of this pane has no answer yet."""
        return bool(self._sent)

    def send(
        self, command: object, told: str, then: Then | None = None, failed: Callable[[Reason], None] | None = None
    ) -> None:
        """Send a command under these words; `then` is called when it is done, `failed` when it is not."""
        self._sent[self._desk.session.send(command)] = _Sent(told, then, failed)
        self.tell(self._desk.say("console.sent", deed=told))

    def tell(self, text: str, *, is_trouble: bool = False) -> None:
        """Show a sentence in the pane; an empty one takes it away."""
        self._line.set_colour(Colour.ORANGE_TEXT if is_trouble else Colour.TEXT_SECOND)
        self._line.show_text(text)
        self._line.setVisible(bool(text))

    def _on_ended(self, command: str, reply: Reply) -> None:
        sent = self._sent.pop(command, None)
        if sent is None:
            return
        if reply.outcome != "done":
            reason = Reason(code=reply.code, params=reply.params)
            self.tell(self._desk.refusal(reason), is_trouble=True)
            if sent.failed is not None:
                sent.failed(reason)
            return
        done = done_of(reply)
        waits = WAITS in done.warnings
        said = "console.approvals.sent" if waits else "console.done"
        sentence = self._desk.say(said, deed=sent.told, change=str(done.change or ""))
        self.tell(sentence)
        self._desk.message_came.emit(sentence, False)
        if sent.then is not None:
            sent.then(done)

    def _on_unsure(self, command: str) -> None:
        if command in self._sent:
            self.tell(self._desk.say("console.resent", deed=self._sent[command].told), is_trouble=True)


def status_line(desk: Desk) -> Lettered:
    """Return the line a sender tells in."""
    line = Lettered(desk.theme, TypeSize.BODY)
    line.setWordWrap(True)
    line.setContentsMargins(SPACE_PX * 3, SPACE_PX, SPACE_PX * 3, SPACE_PX)
    return line
