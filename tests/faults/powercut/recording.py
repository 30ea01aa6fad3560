"""Runs a program under the recorder and reads back, in order, what it did to the files of one folder."""

import os
import shutil
import struct
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from enum import IntEnum
from pathlib import Path

from tests.house.sources import REPOSITORY

_RECORD = struct.Struct("<BQqI")
_SOURCE = Path(__file__).with_name("recorder.c")


class Kind(IntEnum):
    """What was done; the numbers are those of recorder.c."""

    CREATE = 1
    WRITE = 2
    TRUNCATE = 3
    SYNC = 4
    SYNC_FOLDER = 5
    RENAME = 6
    UNLINK = 7
    LINK = 8
    MARK = 9
    EXTEND = 10


@dataclass(frozen=True, slots=True)
class Deed:
    """One call. `data` is what was written, a path, two paths with a zero byte between, or a mark's text."""

    kind: Kind
    file: int
    offset: int
    data: bytes


def compiler() -> str | None:
    """Return the C compiler of this machine, None when it has none."""
    return shutil.which("gcc") or shutil.which("cc")


def built(folder: Path) -> Path:
    """Compile the recorder into a folder and return the library."""
    library = folder / "recorder.so"
    found = compiler()
    assert found is not None, "a C compiler is needed for the recorder"
    command = [found, "-O2", "-Wall", "-Werror", "-shared", "-fPIC", "-o", library, _SOURCE, "-ldl", "-lpthread"]
    subprocess.run(command, check=True)
    return library


def record(
    library: Path, module: str, folder: Path, *arguments: str, swallow_syncs: bool = False
) -> list[Deed]:  # fmt: skip
    """Run `python -m module folder arguments…` and return its deeds in the folder, which must be empty."""
    folder.mkdir(parents=True)
    log = folder.with_name(f"{folder.name}.deeds")
    more = {"POWERCUT_SWALLOW": "1"} if swallow_syncs else {}
    recorded = {"LD_PRELOAD": str(library), "POWERCUT_FOLDER": str(folder.resolve()), "POWERCUT_LOG": str(log), **more}
    command = [sys.executable, "-m", module, str(folder.resolve()), *arguments]
    done = subprocess.run(command, cwd=REPOSITORY, env=os.environ | recorded, capture_output=True, check=False)
    assert done.returncode == 0, done.stderr.decode("utf-8", "replace")[-4000:]
    return list(_deeds(log.read_bytes()))


def _deeds(data: bytes) -> Iterator[Deed]:
    at = 0
    while at < len(data):
        kind, file, offset, length = _RECORD.unpack_from(data, at)
        at += _RECORD.size
        yield Deed(Kind(kind), file, offset, data[at : at + length])
        at += length
