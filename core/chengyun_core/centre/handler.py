"""How a command is carried out: the record every row of the handlers' tables is."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True, kw_only=True)
class Handler:
    """How a command is carried out.

    handle(desk, work, caller, command[, prepared]) -> body of the answer; raises Refused
    subjects(desk, work, command) -> what the permission is asked about; None: the action has no place
    prepare(desk, connection, command) -> the slow part, run in the worker of `lane` before the transaction
    """

    handle: Callable[..., Any]
    subjects: Callable[..., Any] | None = None
    prepare: Callable[..., Any] | None = None
    lane: str = ""
