"""Where recordings of consultations lie until the centre has them, and which of them nobody is writing or sending.

A recording lies in `recordings/<event>/` of the profile. A console that was closed, an upload that broke off and a
centre that was away leave it there; any console of the profile may take it up.
"""

import fcntl
import os
from contextlib import suppress
from pathlib import Path
from typing import Self

from chengyun_core.model.room import Room

STILL_S = 60.0
"""A file nothing was written to for so long is recorded by nobody: a recorder writes every second."""


def file_of(profile: Path, room: Room) -> Path:
    """Return where a room's running recording lies, in a folder that only its owner reads; raise OSError."""
    folder = profile / "recordings" / str(room.event)
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    return folder / f"{room.recording}.ogg"


def left_behind(profile: Path, now_s: float) -> list[tuple[int, Path]]:
    """Return (event, file) of what nobody is writing, the oldest first. `now_s`: the machine's time."""
    found = []
    for path in (profile / "recordings").glob("*/R-*.ogg"):
        with suppress(OSError):  # another console has just sent it
            written_s = path.stat().st_mtime
            if path.parent.name.isdecimal() and now_s - written_s >= STILL_S:
                found.append((written_s, int(path.parent.name), path))
    return [(event, path) for _, event, path in sorted(found)]


class Claim:
    """One console sends a recording, though several of a machine see it; the kernel lets go of it with the process."""

    def __init__(self, descriptor: int) -> None:
        self._descriptor = descriptor

    @classmethod
    def of(cls, path: Path) -> Self | None:
        """Return a claim on a file; None: another console has one, or the file is gone."""
        try:
            descriptor = os.open(path, os.O_RDONLY | os.O_CLOEXEC)
        except OSError:
            return None
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            os.close(descriptor)
            return None
        return cls(descriptor)

    def let_go(self) -> None:
        """Let another one try."""
        os.close(self._descriptor)
