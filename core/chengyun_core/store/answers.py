"""Answers given to commands, by command id: the same id gets the same answer (RF24)."""

from dataclasses import dataclass

from sqlalchemy import Connection, delete, insert, select

from chengyun_core.store.tables import COMMANDS


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What was answered to a command, to whom."""

    id: str
    account: str
    kind: str
    digest: bytes
    """SHA-256 of the command's kind and body: another deed under the same id is refused."""
    answer: bytes
    """msgpack of the Reply; empty where the answer holds a secret and is made anew."""
    at_ns: int


def find(connection: Connection, command_id: str) -> Answer | None:
    """Return the answer kept for an id."""
    row = connection.execute(select(COMMANDS).where(COMMANDS.c.id == command_id)).one_or_none()
    return Answer(**row._mapping) if row else None  # noqa: SLF001 - SQLAlchemy's public name for a row as a mapping


def keep(connection: Connection, answer: Answer) -> None:
    """Keep an answer."""
    connection.execute(
        insert(COMMANDS).values(
            id=answer.id,
            account=answer.account,
            kind=answer.kind,
            digest=answer.digest,
            answer=answer.answer,
            at_ns=answer.at_ns,
        )
    )


def forget_before(connection: Connection, at_ns: int) -> int:
    """Forget answers older than a time and return how many; the journal's own unique command id stays."""
    return connection.execute(delete(COMMANDS).where(COMMANDS.c.at_ns < at_ns)).rowcount
