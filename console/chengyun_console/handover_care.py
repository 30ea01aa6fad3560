"""One hand-over at this console: what the centre told of it, and deeds sent one after the other as fast as keys come.

A sheet has one version: two deeds under way at once would refuse each other. What is pressed meanwhile waits here and
is shown as awaited, so that fifteen items are ticked as fast as fifteen keys.
"""

from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field

from PySide6.QtCore import QObject, Signal

from chengyun_console.desk import Desk
from chengyun_console.session.replies import done_of
from chengyun_core.model.clock import NS_PER_S
from chengyun_core.model.duty import Handover, HandoverState, Item, ItemKind, ItemState
from chengyun_core.model.duty_commands import (
    CancelHandover,
    ForceHandover,
    NoteCheck,
    OpenHandover,
    RefuseItem,
    SignHandover,
    TickItem,
    WriteHandoverLines,
    WriteLogLine,
)
from chengyun_core.model.failure import Reason
from chengyun_core.wire.duty_asks import AskHandover, HandoverTold
from chengyun_core.wire.envelope import Done, Reply

_SLOT = "handover.sheet"
LOOK_AGAIN_NS = 5 * NS_PER_S
LEAST_NS = NS_PER_S
"""Asked anew when something changed, not oftener than this, and every five seconds anyway: due times pass by."""
Made = Callable[[int], object]
Key = tuple[ItemKind, str]


@dataclass(slots=True, kw_only=True)
class _Deed:
    """Something to send. `make` gets the version the sheet has when it is its turn."""

    make: Made
    name: str
    key: Key | None = None
    awaited: ItemState | None = None
    tries: int = field(default=0)


class HandoverCare(QObject):
    """Owned by the sheet. `told` is the newest answer; nothing is asked before `begin` or `open`."""

    did_change = Signal()
    """`told` or what is awaited is another one."""
    did_fail = Signal(str, object)
    """Name of the deed that was not done, and the Reason."""
    was_done = Signal(str)
    """Name of a deed that was done: "tick", "refuse", "lines", "check", "sign", "force", "cancel", "open"."""

    def __init__(self, desk: Desk, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._desk = desk
        self.told: HandoverTold | None = None
        self._number = 0
        self._version = 0
        self._deeds: deque[_Deed] = deque()
        self._sent: tuple[str, _Deed] | None = None
        self._answered: dict[Key, ItemState] = {}
        """What the centre has done and the sheet, as it was told last, does not show yet."""
        self._asked_ns, self._through = 0, -1
        self._asks = False
        desk.session.command_ended.connect(self._on_ended)

    @property
    def sheet(self) -> Handover | None:
        """Return the sheet as it was told last."""
        return self.told.handover if self.told is not None else None

    @property
    def is_live(self) -> bool:
        """Return whether the sheet may still change."""
        return self.sheet is not None and self.sheet.state in (HandoverState.OPEN, HandoverState.GIVEN)

    @property
    def is_busy(self) -> bool:
        """Return whether something was pressed that the centre has not answered."""
        return self._sent is not None or bool(self._deeds)

    @property
    def is_settling(self) -> bool:
        """Return whether the sheet as it was told is about to be another one: deeds, or an answer, are under way."""
        return self.is_busy or self._asks

    def awaited(self) -> dict[Key, ItemState]:
        """Return what was pressed about items and the sheet does not show yet: no tick is taken back in between."""
        waiting = [*([self._sent[1]] if self._sent is not None else []), *self._deeds]
        pressed = {deed.key: deed.awaited for deed in waiting if deed.key is not None and deed.awaited is not None}
        return self._answered | pressed

    def begin(self, seat: str, giver: str = "") -> None:
        """Collect what is open at a seat; `giver`: account of one who has left it and cannot sign."""
        self._forget()
        self._put(_Deed(make=lambda _version: OpenHandover(seat=seat, giver=giver), name="open"))

    def settle(self, item: Item, words: str) -> None:
        """Write into the log how a notice was dealt with: it stands on no sheet any more."""
        made = WriteLogLine(text=words, corrects=int(item.key))
        self._put(_Deed(make=lambda _version: made, name="settle", key=(item.kind, item.key),
                        awaited=ItemState.SETTLED))  # fmt: skip

    def open(self, number: int) -> None:
        """Show a sheet by its number."""
        if number != self._number:
            self._forget()
        self._number = number
        self.ask()

    def look(self) -> None:
        """Ask anew when something changed since; called while the sheet is in sight."""
        now, through = self._desk.now_ns(), self._desk.session.facts.through
        age = now - self._asked_ns
        if not self._number or not self.is_live or self._sent is not None or age < LEAST_NS:
            return
        if through != self._through or age >= LOOK_AGAIN_NS:
            self.ask()

    def ask(self) -> None:
        """Ask how the sheet stands now."""
        self._asks = True
        self._asked_ns, self._through = self._desk.now_ns(), self._desk.session.facts.through
        self._desk.session.ask("handover.get", AskHandover(handover=self._number), self._on_told, slot=_SLOT)

    def tick(self, item: Item) -> None:
        """已知悉, with the version of the thing that is shown."""

        def make(version: int) -> object:
            return TickItem(handover=self._number, version=version, kind=item.kind, key=item.key, seen=item.version)

        self._put(_Deed(make=make, name="tick", key=(item.kind, item.key), awaited=ItemState.KNOWN))

    def refuse(self, item: Item, reason: str) -> None:
        """Leave an item to the giver."""

        def make(version: int) -> object:
            return RefuseItem(handover=self._number, version=version, kind=item.kind, key=item.key, reason=reason)

        self._put(_Deed(make=make, name="refuse", key=(item.kind, item.key), awaited=ItemState.REFUSED))

    def write(self, lines: tuple[str, ...]) -> None:
        """Put the giver's free lines down."""
        self._put(_Deed(make=lambda version: WriteHandoverLines(handover=self._number, version=version, lines=lines),
                        name="lines"))  # fmt: skip

    def note(self, name: str, *, good: bool, reason: str = "") -> None:
        """Tell what a self-check of this console found."""

        def make(version: int) -> object:
            return NoteCheck(handover=self._number, version=version, name=name, good=good, reason=reason)

        self._put(_Deed(make=make, name="check"))

    def sign(self, account: str, secret: str) -> None:
        """Sign what is shown; of another sheet than the one shown nothing is signed."""
        digest = self.told.digest if self.told is not None else ""
        self._put(_Deed(make=lambda version: SignHandover(
            handover=self._number, version=version, digest=digest, account=account, secret=secret), name="sign"
        ))  # fmt: skip

    def force(self, reason: str, account: str, secret: str) -> None:
        """Let the chief sign for a giver who cannot."""
        digest = self.told.digest if self.told is not None else ""
        self._put(_Deed(make=lambda version: ForceHandover(
            handover=self._number, version=version, digest=digest, reason=reason, account=account, secret=secret
        ), name="force"))  # fmt: skip

    def cancel(self, reason: str) -> None:
        """End it unsigned; the giver stays."""
        self._put(_Deed(make=lambda version: CancelHandover(handover=self._number, version=version, reason=reason),
                        name="cancel"))  # fmt: skip

    def _forget(self) -> None:
        self.told, self._number, self._version = None, 0, 0
        self._deeds.clear()
        self._answered.clear()
        self._sent = None

    def _put(self, deed: _Deed) -> None:
        self._deeds.append(deed)
        self._next()
        self.did_change.emit()

    def _next(self) -> None:
        if self._sent is None and self._deeds:
            deed = self._deeds.popleft()
            deed.tries += 1
            self._sent = self._desk.session.send(deed.make(self._version)), deed

    def _on_ended(self, command: str, reply: Reply) -> None:
        if self._sent is None or self._sent[0] != command:
            return
        (_command, deed), self._sent = self._sent, None
        if reply.outcome == "done":
            self._on_done(deed, done_of(reply))
        elif reply.outcome == "refused" and deed.key is not None and deed.tries == 1:
            # Somebody else touched the sheet in between: it is looked at again before the officer is bothered.
            self._deeds.appendleft(deed)
            self.ask()
        else:
            self.did_fail.emit(deed.name, Reason(code=reply.code, params=reply.params))
            self.ask() if self._number else None
        self.did_change.emit()

    def _on_done(self, deed: _Deed, done: Done) -> None:
        if deed.name == "open" and done.key.isdecimal():
            self._number = int(done.key)
        self._version = done.version or self._version
        if deed.key is not None and deed.awaited is not None:
            self._answered[deed.key] = deed.awaited
        self.was_done.emit(deed.name)
        if self._deeds and done.version:
            self._next()
        elif self._number:
            self.ask()

    def _on_told(self, told: object) -> None:
        self._asks = False
        if isinstance(told, HandoverTold):
            self.told = told
            if told.handover.version >= self._version:
                self._answered.clear()
            if self._sent is None:
                self._version = told.handover.version
                self._next()
        elif isinstance(told, Reason):
            self._deeds.clear()
            self._answered.clear()
            self.did_fail.emit("get", told)
        self.did_change.emit()
