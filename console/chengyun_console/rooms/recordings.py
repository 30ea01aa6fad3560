"""Recordings of consultations on their way into their events; what was left behind is tried again until it is there."""

from dataclasses import dataclass
from functools import partial
from pathlib import Path

from PySide6.QtCore import QObject, QTimer

from chengyun_console.desk import Desk
from chengyun_console.rooms.recorded_files import Claim, left_behind
from chengyun_console.shell.deeds import Deeds
from chengyun_console.uploads import Upload
from chengyun_core.model.clock import NS_PER_S, ProfileClock
from chengyun_core.model.event_commands import AddAttachment
from chengyun_core.model.failure import Reason
from chengyun_core.wire.envelope import Reply
from chengyun_widgets.toast import MessageTone

LOOK_MS = 60_000


@dataclass(slots=True, kw_only=True)
class _Under:
    """One recording on its way."""

    claim: Claim
    upload: Upload
    command: str = ""


class Recordings(QObject):
    """One per window."""

    def __init__(self, desk: Desk, deeds: Deeds, parent: QObject) -> None:
        super().__init__(parent)
        self._desk, self._deeds, self._machine = desk, deeds, ProfileClock()
        self._under_way: dict[Path, _Under] = {}
        self._told: set[Path] = set()
        """Those of which it was said that they could not be sent; they are tried again without a word."""
        self._refused: set[Path] = set()
        """A rule said no, and that was told: this console does not ask again."""
        desk.session.command_ended.connect(self._on_ended)
        self._timer = QTimer(self, interval=LOOK_MS)
        self._timer.timeout.connect(self.look)
        self._timer.start()

    def keep(self, event: int, title: str, path: Path) -> None:
        """Send a recording that is complete to its event, unless that is being done. `title`: of the consultation."""
        claim = Claim.of(path) if path not in self._under_way else None
        if claim is None:
            return
        upload = Upload(self._desk.session, path, self)
        self._under_way[path] = _Under(claim=claim, upload=upload)
        upload.was_done.connect(partial(self._attach, event, title, path))
        upload.did_fail.connect(partial(self._fail, path))
        upload.begin()

    def look(self) -> None:
        """Take up what was left behind; while nobody is signed on or facts are not whole: not yet."""
        session = self._desk.session
        if session.signed_on is None or not session.facts.complete:
            return
        for event, path in left_behind(self._desk.profile, self._machine.utc_ns() / NS_PER_S):
            if path not in self._refused:
                known = session.facts.events.get(event)
                self.keep(event, known.title if known is not None else path.stem, path)

    def _attach(self, event: int, title: str, path: Path, digest: str, size: int) -> None:
        reason = self._desk.say("rooms.evidence", title=title)
        command = AddAttachment(about=f"event:{event}", digest=digest, size=size, name=path.name, reason=reason)
        told = self._desk.say("rooms.deed.recorded", name=path.name)
        self._under_way[path].command = self._deeds.send(command, told)

    def _on_ended(self, command: str, reply: Reply) -> None:
        path = next((path for path, one in self._under_way.items() if one.command == command), None)
        if path is None:
            return
        if reply.outcome == "done":
            path.unlink(missing_ok=True)
        elif reply.outcome == "refused":
            self._refused.add(path)
        self._let_go(path)

    def _fail(self, path: Path, reason: Reason) -> None:
        self._let_go(path)
        if path not in self._told:
            self._told.add(path)
            told = self._desk.say("rooms.not_sent_yet", name=path.name, why=self._desk.refusal(reason))
            self._deeds.tell(MessageTone.TROUBLE, told)

    def _let_go(self, path: Path) -> None:
        ended = self._under_way.pop(path)
        ended.claim.let_go()
        ended.upload.deleteLater()
