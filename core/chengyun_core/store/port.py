"""What the centre needs of its database, whichever it is."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Protocol

from sqlalchemy import Connection

from chengyun_core.model.failure import Trouble

Beside = Callable[[], AbstractContextManager[Connection]]
"""Gives a connection that sees one snapshot and cannot write, to whichever thread calls it; raises Trouble."""


class Store(Protocol):
    """A database that is open: `engine.Database` (a file) or `postgres.PostgresDatabase` (a server)."""

    path: Path
    """What messages name: the file, or the file that holds the server's address."""
    waiting: Callable[[], None]
    ailment: Trouble | None
    lamed_by_reading: frozenset[str]
    """Codes of troubles while reading after which it has to be opened anew."""

    def writing(self) -> AbstractContextManager[Connection]:
        """Give the writer in a transaction; raise Trouble."""
        ...

    def reading(self) -> AbstractContextManager[Connection]:
        """Give a connection that sees one snapshot and cannot write; raise Trouble."""
        ...

    def beside(self) -> "Beside | None":
        """Return what gives another thread a connection of its own; None: this database has one connection only."""
        ...

    def settle(self) -> None:
        """See that everything committed is durable; raise Trouble."""
        ...

    def check(self) -> None:
        """Look whether it is whole; raise Trouble `store.damaged`."""
        ...

    def keep_copy(self, step: str) -> None:
        """Keep a copy before it goes from a step to the newest."""
        ...

    def close(self) -> None:
        """Close."""
        ...
