"""Daemons with one rule broken each: a harness that does not catch them proves nothing about the daemon that is whole.

`python -m tests.faults.kills.mutants NAME centre --profile FOLDER` is the product's command line with that one change.
"""

import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from sqlalchemy import Connection


def confirm_before_commit() -> None:
    """Centre: answers first and commits when the next piece of work begins, as a «fast» group commit would."""
    from chengyun_core.store.engine import Database

    @contextmanager
    def late(database: Database) -> Iterator[Connection]:
        connection = database._writer
        if connection.in_transaction():
            connection.commit()
        database._begin()
        yield connection

    @contextmanager
    def seen_by_writer(database: Database) -> Iterator[Connection]:
        yield database._writer

    Database.writing, Database.reading = late, seen_by_writer  # type: ignore[method-assign]


def delete_before_confirmation() -> None:
    """Ingest: forgets an activation as soon as it was sent."""
    from chengyun_core.ingest.uplink import Uplink

    made: Callable[..., Any] = Uplink._made

    def sent_and_forgotten(uplink: Uplink, kind: str, body: object, now_ns: int, about: int) -> Any:
        if kind == "ingest.activations":
            uplink._spool.confirm(about)
        return made(uplink, kind, body, now_ns, about)

    def believed(_uplink: Uplink, _confirmed: object, _pending: object) -> None:
        return

    Uplink._made = sent_and_forgotten  # type: ignore[method-assign]
    Uplink._was_confirmed = believed  # type: ignore[method-assign]


def apply_again() -> None:
    """Centre: a run that is repeated after a lost answer is applied again."""
    from chengyun_core.centre.work import Work
    from chengyun_core.store import streams

    note, counted = Work.note, iter(range(1 << 60))

    def under_another_name(work: Work, *words: Any, cause: str | None = None, **more: Any) -> int:
        # The journal's own unique key would stop it too: a second line of defence, taken away here as well.
        renamed = f"{cause}:{work.at_ns}.{next(counted)}" if cause and cause.startswith("activation:") else cause
        return note(work, *words, cause=renamed, **more)

    def known_nothing(*_: object) -> int:
        return 0

    Work.note = under_another_name  # type: ignore[method-assign, assignment]
    streams.confirmed = known_nothing


def answer_anew() -> None:
    """Centre: forgets which commands it has answered; a repeated one acts, or is refused, again."""
    from chengyun_core.store import answers

    def not_found(*_: object) -> None:
        return None

    def not_kept(*_: object) -> None:
        return None

    answers.find, answers.keep = not_found, not_kept  # type: ignore[assignment]


MUTANTS: dict[str, tuple[str, Callable[[], None]]] = {
    "confirm before COMMIT": ("centre", confirm_before_commit),
    "spool deleted before confirmation": ("ingest", delete_before_confirmation),
    "dedupe off": ("centre", apply_again),
    "answers forgotten": ("centre", answer_anew),
}
"""Name → the daemon it is in and what it breaks."""


def module_of(mutant: str, daemon: str) -> tuple[str, ...]:
    """Return the module (and its argument) that runs a daemon: the product's, or the mutated one if it is in it."""
    if mutant and MUTANTS[mutant][0] == daemon:
        return ("tests.faults.kills.mutants", mutant)
    return ("chengyun_core.launch",)


def main(mutant: str, arguments: list[str]) -> int:
    """Break one rule and run the product's command line."""
    from chengyun_core.launch import cli

    MUTANTS[mutant][1]()
    return cli.main(arguments)


if __name__ == "__main__":
    assert Path("pyproject.toml").exists(), "the mutants are run from the checkout's folder"
    assert threading.current_thread() is threading.main_thread()
    sys.exit(main(sys.argv[1], sys.argv[2:]))
