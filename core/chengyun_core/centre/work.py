"""One unit of work: everything a deed writes, in one transaction, with its journal rows."""

from collections.abc import Callable, Mapping

from sqlalchemy import Connection

from chengyun_core.model.audit import Actor
from chengyun_core.model.change import Change
from chengyun_core.model.rights import Label
from chengyun_core.store import counters, outbox
from chengyun_core.store import journal as journal_rows
from chengyun_core.store.journal import Entry, Journal
from chengyun_core.wire import codec


class Work:
    """Handed to a handler; its rows are written and its promises kept only if the transaction commits."""

    def __init__(self, connection: Connection, journal: Journal, *, at_ns: int, actor: Actor, command_id: str) -> None:
        self.connection = connection
        self.at_ns = at_ns
        """Profile time of the deed."""
        self.breathe: Callable[[], None] = lambda: None
        """Called between the statements of a long write, so that heartbeats go on."""
        self.actor = actor
        self._journal = journal
        self._command_id = command_id
        self._first = counters.last(connection, journal_rows.COUNTER) + 1
        self._entries: list[Entry] = []
        self._parts: dict[str, int] = {}
        self._promises: list[Callable[[], None]] = []
        self._outbox: list[tuple[int, str, Label]] = []

    def note(
        self,
        action: str,
        kind: str,
        key: object,
        version: int,
        record: object | None = None,
        *,
        actor: Actor | None = None,
        cause: str | None = None,
        params: Mapping[str, object] | None = None,
    ) -> int:
        """Add a journal row and tell its number. `cause`: what it answers, if not the command at hand; "": nothing."""
        number = self._first + len(self._entries)
        command_id = (self._command_id if cause is None else cause) or f"centre:{number}"
        part = self._parts.get(command_id, 0)
        self._parts[command_id] = part + 1
        self._entries.append(
            Entry(
                action=action,
                kind=kind,
                key=str(key),
                version=version,
                record=b"" if record is None else codec.pack(record),
                params={name: str(value) for name, value in (params or {}).items()},
                actor=actor or self.actor,
                command_id=command_id,
                part=part,
                at_ns=self.at_ns,
            )
        )
        return number

    @property
    def noted(self) -> int:
        """Return the number of the last row noted so far, 0 when there is none."""
        return self._first + len(self._entries) - 1 if self._entries else 0

    def after_commit(self, promise: Callable[[], None]) -> None:
        """Have something done once the facts are durable, never before."""
        self._promises.append(promise)

    def send_to(self, number: int, target: str, label: Label = Label.NORMAL) -> None:
        """Put a journal row into the outbox for another centre, in this very transaction (RELIABILITY, rule 3)."""
        self._outbox.append((number, target, label))

    def write_journal(self) -> list[Change]:
        """Write the rows; called once, last in the transaction."""
        changes = self._journal.append(self.connection, self._entries)
        for number, target, label in self._outbox:
            entry = self._entries[number - self._first]
            outbox.add(self.connection, self._journal, number, entry, target, label)
        return changes

    def keep_promises(self) -> None:
        """Called after COMMIT."""
        for promise in self._promises:
            promise()
