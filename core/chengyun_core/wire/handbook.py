"""The tables of docs/wire.md, made from the lists the code itself uses."""

import inspect
from collections.abc import Iterable, Sequence
from dataclasses import fields

import numpy as np

from chengyun_core.model.command import COMMANDS
from chengyun_core.wire import endpoints, envelope, frames
from chengyun_core.wire.centre_asks import CENTRE_ASKS
from chengyun_core.wire.survey_asks import SURVEY_ASKS

DOORS = (
    ("ingest.door", envelope.INGEST_ASKS),
    ("history.door", envelope.HISTORY_ASKS),
    ("survey.door", SURVEY_ASKS),
    ("centre.door", CENTRE_ASKS),
)


def endpoints_table() -> str:
    """Return the table of the four sockets."""
    rows = [(f"`{row.name}`", row.daemon, row.pattern, row.carries) for row in endpoints.ENDPOINTS]
    limits = (
        f"Protocol version {endpoints.PROTOCOL_VERSION}. Longest message {endpoints.MAX_MESSAGE_BYTES >> 20} MiB; "
        f"to and from the centre's door {endpoints.MAX_IMPORT_BYTES >> 20} MiB."
    )
    return f"{_table(('socket', 'bound by', 'pattern', 'carries'), rows)}\n\n{limits}"


def frames_table() -> str:
    """Return the table of the frame kinds and their columns, with the bytes per row."""
    rows = [
        (
            f"`{kind.name}`",
            int(kind),
            " · ".join(f"`{name}` {np.dtype(dtype).name}" for name, dtype in columns),
            sum(np.dtype(dtype).itemsize for _, dtype in columns),
        )
        for kind, columns in frames.COLUMNS.items()
    ]
    head = f"Header {frames.HEADER.size} bytes, at most {frames.MAX_ROWS:,} rows."
    return f"{head}\n\n{_table(('kind', 'number', 'columns, in this order', 'bytes per row'), rows)}"


def asks_table() -> str:
    """Return the table of what may be asked at each door, with the body and the answer."""
    asks = [
        (f"`{ask}`", f"`{door}`", _record(body), _record(answer) if answer else _bare_answer(door, ask))
        for door, table in DOORS
        for ask, (body, answer) in sorted(table.items())
    ]
    commands = [(f"`{kind}`", "`centre.door`", _record(body), _answer_of(kind)) for kind, body in COMMANDS.items()]
    return _table(("kind", "door", "body", "answer"), [*asks, *commands])


def _record(kind: type) -> str:
    """Return a record's name with its fields and the first line of its docstring."""
    told = (inspect.getdoc(kind) or "").splitlines()[0]
    return f"`{kind.__name__}({', '.join(field.name for field in fields(kind))})` {told}"


def _bare_answer(door: str, ask: str) -> str:
    if (door, ask) == ("ingest.door", "snapshot"):
        return "the bytes of a `SNAPSHOT` frame"
    return "`Catalogue` (model.catalogue)"


def _answer_of(command: str) -> str:
    return "`SignedOn`" if command == "session.sign_on" else "`Done`"


def _table(head: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    lines = ["| " + " | ".join(head) + " |", "|" + " --- |" * len(head)]
    lines.extend("| " + " | ".join(str(cell).replace("|", "\\|") for cell in row) + " |" for row in rows)
    return "\n".join(lines)
