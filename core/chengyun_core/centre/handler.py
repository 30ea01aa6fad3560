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
    stage(desk, prepared) -> generator of parts, each carried out in a transaction of its own between the requests of
        others, returning what `handle` gets; whatever they write nobody may see before `handle` says so
    is_great: its body takes too long to read in the loop; `subjects`, `prepare` and `handle` get the bytes
    """

    handle: Callable[..., Any]
    subjects: Callable[..., Any] | None = None
    prepare: Callable[..., Any] | None = None
    stage: Callable[..., Any] | None = None
    lane: str = ""
    is_great: bool = False
