"""Tells the journal what is about to leave this console, and later what left while no centre answered."""

import logging
import os
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import msgspec
from PySide6.QtCore import QObject

from chengyun_console.session.answers import SignOnEnded
from chengyun_console.session.session import UNHEARD, Session
from chengyun_core.model.failure import Reason
from chengyun_core.model.rights_commands import NoteExport
from chengyun_core.wire.envelope import Reply

FILE_NAME = "exports.owed.json"
MOST_OWED = 1000
"""Of more than these the oldest are left to the ledger of exports alone, which has them all."""

logger = logging.getLogger(__name__)

Answered = Callable[[Reason | None], object]
"""None: it may leave; else why not."""


class ExportNotes(QObject):
    """One per desk. Where the centre is not heard, bytes may go all the same: a paper is needed most on a bad day, and
    what is owed to the journal lies on this disk until somebody signs on here.
    """

    def __init__(self, session: Session, profile: Path) -> None:
        super().__init__()
        self._session, self._file = session, profile / FILE_NAME
        self._waiting: dict[str, tuple[NoteExport, Answered]] = {}
        """Command → what it notes, and who waits for it."""
        self._late: dict[str, NoteExport] = {}
        """Command → what it tells late."""
        session.command_ended.connect(self._on_ended)
        session.sign_on_ended.connect(self._on_sign_on)

    def ask(self, note: NoteExport, taken: str, answered: Answered) -> None:
        """Have it noted; `answered` is called once.

        taken: who takes it and when, should it be told late; empty: it does not leave untold.
        """
        late = replace(note, taken=taken)
        if taken and self._session.links().centre.reach in UNHEARD:
            self._owe(late)
            answered(None)
        else:
            self._waiting[self._session.send(note)] = (late, answered)

    def owed(self) -> list[NoteExport]:
        """Return what the journal has not been told yet, oldest first."""
        try:
            return msgspec.json.decode(self._file.read_bytes(), type=list[NoteExport])
        except FileNotFoundError:
            return []
        except (msgspec.MsgspecError, OSError) as fault:
            logger.warning("%s cannot be read (%s); the ledger of exports has its lines, too", self._file, fault)
            return []

    def _on_ended(self, command: str, reply: Reply) -> None:
        if command in self._late:
            note = self._late.pop(command)
            if reply.outcome == "done":
                self._keep([one for one in self.owed() if one != note])
            return
        if command not in self._waiting:
            return
        late, answered = self._waiting.pop(command)
        if reply.outcome == "refused" or (reply.outcome != "done" and not late.taken):
            answered(Reason(code=reply.code, params=reply.params))
            return
        if reply.outcome != "done":
            self._owe(late)
        answered(None)

    def _on_sign_on(self, ended: SignOnEnded) -> None:
        if ended.signed_on is None:
            return
        told = list(self._late.values())
        for note in self.owed():
            if note not in told:
                self._late[self._session.send(note)] = note

    def _owe(self, note: NoteExport) -> None:
        self._keep([*self.owed(), note][-MOST_OWED:])

    def _keep(self, notes: list[NoteExport]) -> None:
        fresh = self._file.with_suffix(".new")
        try:
            with os.fdopen(os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as file:
                file.write(msgspec.json.encode(notes))
                file.flush()
                os.fsync(file.fileno())
            fresh.replace(self._file)
        except OSError as fault:
            # The ledger of exports, written by the press before, still tells who took it.
            logger.error("what is owed to the journal could not be kept in %s: %s", self._file, fault)
