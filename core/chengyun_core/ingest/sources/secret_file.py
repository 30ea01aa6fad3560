"""Reads a secret from a file that only its owner can read."""

import os
import stat
from pathlib import Path

from chengyun_core.model.failure import Trouble

LONGEST = 4096


def read_secret(file: Path) -> str:
    """Return the first line of the file. Raises Trouble when it is missing, empty or readable by others."""
    try:
        with file.open("rb") as opened:
            status = os.fstat(opened.fileno())
            line = opened.readline(LONGEST)
    except OSError as fault:
        raise Trouble("ingest.secret_unreadable", file=file, reason=fault.strerror or str(fault)) from fault
    if status.st_mode & (stat.S_IRWXG | stat.S_IRWXO):
        raise Trouble("ingest.secret_open", file=file, mode=f"{stat.S_IMODE(status.st_mode):04o}")
    secret = line.decode("utf-8", "strict").rstrip("\r\n") if line else ""
    if not secret:
        raise Trouble("ingest.secret_empty", file=file)
    return secret
