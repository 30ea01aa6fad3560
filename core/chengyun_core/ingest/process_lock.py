"""One ingest daemon per profile: a lock file with the holder's pid, and the ordered epoch of each process."""

import fcntl
import logging
import os
from dataclasses import dataclass
from pathlib import Path

from chengyun_core.model.failure import Refused, Trouble
from chengyun_core.wire.durable import read_record, write_record

logger = logging.getLogger(__name__)


class ProcessLock:
    """Held as long as the process lives; the kernel lets it go even after kill -9."""

    def __init__(self, file: Path) -> None:
        """Take the lock. Raises Refused naming the pid when another daemon holds it, Trouble when it cannot be made."""
        try:
            self._descriptor = os.open(file, os.O_CREAT | os.O_RDWR | os.O_CLOEXEC, 0o600)
        except OSError as fault:
            raise Trouble("ingest.lock", file=file, reason=fault.strerror or str(fault)) from fault
        try:
            fcntl.flock(self._descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            pid = os.pread(self._descriptor, 32, 0).decode("ascii", "replace").strip() or "?"
            os.close(self._descriptor)
            raise Refused("ingest.already_running", pid=pid, file=file) from None
        os.ftruncate(self._descriptor, 0)
        os.pwrite(self._descriptor, f"{os.getpid()}\n".encode("ascii"), 0)

    def release(self) -> None:
        """Let it go."""
        os.ftruncate(self._descriptor, 0)
        os.close(self._descriptor)


@dataclass(frozen=True, slots=True, kw_only=True)
class LastEpoch:
    """The file `state/epoch`."""

    epoch: int


def next_epoch(folder: Path, now_ns: int) -> int:
    """Return max(now, last + 1) and keep it: a clock stepped back must not make a new epoch older (RELIABILITY)."""
    file = folder / "state" / "epoch"
    file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    last = read_record(file, LastEpoch)
    epoch = max(now_ns, last.epoch + 1 if last else 0)
    try:
        write_record(file, LastEpoch(epoch=epoch))
    except OSError as fault:
        logger.error("epoch %s cannot be written: %s; free the disk", file, fault)
    return epoch
