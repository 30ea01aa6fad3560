"""Heads of a centre's journal as somebody else heard them: a line each, kept where the centre's disk is not.

Told in one word a head can as well be written down by hand: a printed hand-over sheet typed into a text file is one.
"""

from pathlib import Path

from chengyun_core.model.audit_head import AuditHead, head_of
from chengyun_core.model.failure import Refused, Trouble
from chengyun_core.wire.durable import write_bytes

NAME = "heads.txt"
KEPT = 500
"""Lines a file holds at most: the newest, and of the older ones every second, again and again."""
LONGEST = 2**20


def read(file: Path) -> list[AuditHead]:
    """Return the heads in a file; lines that hold none (remarks, page heads) are passed over.

    Raises:
        Trouble: `audit.no_witness` when the file cannot be read.
        Refused: `audit.no_head` when there is no head in it at all: a witness that says nothing must not count as one.
    """
    try:
        text = file.read_bytes()[:LONGEST].decode("utf-8", "replace")
    except OSError as fault:
        raise Trouble("audit.no_witness", file=file, reason=fault.strerror or fault) from fault
    found = [head for word in text.split() if (head := _head_in(word)) is not None]
    if not found:
        raise Refused("audit.no_head", text=str(file))
    return found


def note(file: Path, head: str, at: str) -> None:
    """Add a head and when it was heard (ISO time); raise OSError when it cannot be written.

    The last line is replaced while it is of the same minute's journal: the file grows with time, not with heartbeats.
    """
    try:
        lines = file.read_text("utf-8").splitlines()
    except FileNotFoundError:
        lines = []
    if lines and lines[-1].split()[0] == head:
        return
    lines.append(f"{head} {at}")
    if len(lines) > KEPT:
        lines = lines[: KEPT // 2 : 2] + lines[KEPT // 2 :]
    write_bytes(file, ("\n".join(lines) + "\n").encode())


def _head_in(word: str) -> AuditHead | None:
    try:
        return head_of(word)
    except Refused:
        return None
