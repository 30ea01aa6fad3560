"""Who took what out of the house: a line per export on the disk before the file gets its name, or no export."""

import json
import os
from dataclasses import dataclass
from pathlib import Path

from chengyun_console.paper.job import PrintOrder
from chengyun_console.paper.press import leave
from chengyun_core.model.failure import Trouble

FILE_NAME = "exports.jsonl"


@dataclass(frozen=True, slots=True, kw_only=True)
class Made:
    """One file that was made: where, how long in bytes, its SHA-256 (hex)."""

    path: str
    size: int
    sha256: str


def record(order: PrintOrder, made: tuple[Made, ...], pages: int) -> None:
    """Write the line and wait for the disk, then for the console's word that the journal has it.

    Raises:
        Trouble: `paper.not_recorded`, `paper.not_noted`; nothing may leave then.
    """
    head = order.head
    line = {
        "at": head.as_of_iso,
        "account": head.account,
        "seat": head.seat,
        "mode": head.mode,
        "what": head.title,
        "filter": head.filter,
        "span": head.span,
        "format": order.format,
        "printer": order.printer,
        "pages": pages,
        "files": [[one.path, one.size, one.sha256] for one in made],
        "journal_head": head.journal_head,
    }
    _append(Path(order.record_file), json.dumps(line, ensure_ascii=False) + "\n")
    try:
        leave.ask(order, tuple(one.sha256 for one in made), pages)
    except Trouble as refused:
        record_failure(order, refused.reason.code)
        raise


def record_failure(order: PrintOrder, code: str) -> None:
    """Write that what the line before announced did not leave after all.

    Raises:
        Trouble: `paper.not_recorded`.
    """
    line = {"at": order.head.as_of_iso, "seat": order.head.seat, "target": order.target, "failed": code}
    _append(Path(order.record_file), json.dumps(line, ensure_ascii=False) + "\n")


def _append(file: Path, line: str) -> None:
    try:
        file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        # One write with O_APPEND: two consoles of a profile never mix their lines.
        handle = os.open(file, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
        try:
            os.write(handle, line.encode())
            os.fsync(handle)
        finally:
            os.close(handle)
    except OSError as fault:
        raise Trouble("paper.not_recorded", file=file, fault=fault.strerror or fault) from fault
