"""The journal outside the seal: what became of it, without a name or a word of what is in it."""

import json
import os
from pathlib import Path
from typing import Literal

from chengyun_core.wire.durable import sync_folder

NAME = "story.jsonl"
Event = Literal[
    "adopted", "closed", "destroyed", "extended", "opened", "passphrase_changed", "sealed", "wrong_passphrase"
]
LONGEST_BYTES = 1 << 20
"""Beyond it nothing but an end is noted: wrong tries must not fill a disk."""


def note(folder: Path, event: Event, at_ns: int, **told: int | str) -> None:
    """Add a line, durably. Raises OSError."""
    file = folder / NAME
    is_new = not file.exists()
    if not is_new and event != "destroyed" and file.stat().st_size > LONGEST_BYTES:
        return
    line = json.dumps({"at_ns": at_ns, "event": event, **told}) + "\n"
    with os.fdopen(os.open(file, os.O_CREAT | os.O_WRONLY | os.O_APPEND, 0o600), "w", encoding="ascii") as opened:
        opened.write(line)
        opened.flush()
        os.fsync(opened.fileno())
    if is_new:
        sync_folder(folder)


def told(folder: Path) -> tuple[dict[str, int | str], ...]:
    """Return the lines; one cut by a power failure is left out."""
    file = folder / NAME
    return tuple(filter(None, map(_line, file.read_text("utf-8", "replace").splitlines()))) if file.exists() else ()


def _line(text: str) -> dict[str, int | str] | None:
    try:
        found = json.loads(text)
    except ValueError:
        return None
    return found if isinstance(found, dict) and {"at_ns", "event"} <= found.keys() else None
