"""Where each question to the centre is told: a subject's table is loaded when something of it is first asked.

A console asks few things before its first frame; the tables of plans, papers and rights, with the records they name,
cost it a tenth of its start.
"""

import sys
from importlib import import_module

Pair = tuple[type, type | None]
"""Body of a question and of its answer; None: bytes that are no record."""
SUBJECTS = (
    "camera", "device", "door", "dispatch", "drawing", "duty", "event", "fact", "map", "mode", "order", "paper", "plan",
    "rights", "room", "warning",
)  # fmt: skip
"""Each has a module `<subject>_asks` with a table `<SUBJECT>_ASKS`: kind → pair."""


def table_of(subject: str) -> dict[str, Pair]:
    """Return the questions of a subject; its module is loaded when it is not yet."""
    table: dict[str, Pair] = vars(import_module(_module(subject)))[f"{subject.upper()}_ASKS"]
    return table


def pair_of(kind: str) -> Pair:
    """Return body and answer of a question; raise KeyError when it is none. What is loaded is looked at first."""
    for subject in sorted(SUBJECTS, key=lambda one: _module(one) not in sys.modules):
        if kind in table_of(subject):
            return table_of(subject)[kind]
    raise KeyError(kind)


def _module(subject: str) -> str:
    return f"chengyun_core.wire.{subject}_asks"
