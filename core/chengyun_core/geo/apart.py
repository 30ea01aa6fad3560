"""Has a file of somebody else read in a process of its own, within time and memory (RS6): what asks loads no GDAL."""

import subprocess
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path

import msgspec

from chengyun_core.geo import shapes
from chengyun_core.geo.telling import EXIT_REFUSED, Told, Wanted
from chengyun_core.model.failure import Reason, Refused, Trouble

SURVEYOR = (sys.executable, "-I", "-m", "chengyun_core.geo.surveyor")
LIMIT_S = 300
MEMORY_MIB = 4096
_LARGEST_ANSWER = 16 * 2**20


@dataclass(frozen=True, slots=True, kw_only=True)
class Read:
    """What was read, with the packed bytes of each level of `told`, coarsest first."""

    told: Told
    levels: tuple[bytes, ...]


def read(path: Path, wanted: Wanted, command: tuple[str, ...] = SURVEYOR) -> Read:
    """Return what a file holds; it blocks for seconds, so ask from a worker.

    Raises:
        Refused: the file is not in order (codes of geo.survey), or it brought its reader down: `map.reader_ended`,
        `map.reader_too_slow`.
        Trouble: `map.no_reader`, the process cannot be started.
    """
    with tempfile.TemporaryDirectory(prefix="chengyun-map-") as folder:
        done = _run((*command, folder, str(LIMIT_S), str(MEMORY_MIB)), path, wanted)
        if done.returncode == EXIT_REFUSED:
            reason = msgspec.msgpack.decode(done.stdout, type=Reason)
            raise Refused(reason.code, **reason.params)
        if done.returncode or len(done.stdout) > _LARGEST_ANSWER:
            raise _ended(done, wanted)
        told = msgspec.msgpack.decode(done.stdout, type=Told)
        levels = tuple((Path(folder) / str(number)).read_bytes() for number in range(len(told.levels)))
    for data in levels:
        # It came from a process that had a stranger's bytes in its hands: looked at as such.
        shapes.unpack(data)
    return Read(told=told, levels=levels)


def _run(command: tuple[str, ...], path: Path, wanted: Wanted) -> subprocess.CompletedProcess[bytes]:
    asked = msgspec.msgpack.encode((str(path.resolve()), wanted))
    try:
        return subprocess.run(  # noqa: PLW1510 - the code is judged by the caller
            command, input=asked, capture_output=True, timeout=LIMIT_S + 30, cwd="/",
            env={"LC_ALL": "C.UTF-8", "PATH": "/usr/bin:/bin", "OPENBLAS_NUM_THREADS": "1"},
        )  # fmt: skip
    except subprocess.TimeoutExpired as fault:
        raise Refused("map.reader_too_slow", file=wanted.name, seconds=LIMIT_S) from fault
    except OSError as fault:
        raise Trouble("map.no_reader", reason=fault.strerror or fault) from fault


def _ended(done: subprocess.CompletedProcess[bytes], wanted: Wanted) -> Refused:
    last = done.stderr.decode("utf-8", "replace").strip().splitlines()[-1:]
    return Refused("map.reader_ended", file=wanted.name, status=done.returncode, reason=" ".join(last)[:120])
