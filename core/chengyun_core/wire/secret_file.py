"""The one home of secrets on disk: written 0600 from the first byte, refused when anybody else could read them."""

import errno
import os
import resource
import secrets
import stat
from collections.abc import Callable
from pathlib import Path

from chengyun_core.model.failure import Trouble
from chengyun_core.wire.durable import sync_folder

LONGEST = 4096
_OTHERS = stat.S_IRWXG | stat.S_IRWXO


def read(file: Path) -> str:
    """Return the first line of the file.

    Raises:
        Trouble: it is missing, empty or not text, belongs to another user, or others can read or write it.
    """
    try:
        with file.open("rb") as opened:
            status = os.fstat(opened.fileno())
            line = opened.readline(LONGEST)
        secret = line.decode("utf-8").rstrip("\r\n")
    except (OSError, UnicodeDecodeError) as fault:
        raise Trouble("secret.unreadable", file=file, reason=getattr(fault, "strerror", None) or fault) from fault
    expect_private(file, status)
    if not secret:
        raise Trouble("secret.empty", file=file)
    return secret


def expect_private(path: Path, status: os.stat_result) -> None:
    """Raise Trouble when the path's owner is somebody else or its mode lets others in."""
    if status.st_uid != os.getuid():
        raise Trouble("secret.foreign", file=path, owner=status.st_uid, user=os.getuid())
    if status.st_mode & _OTHERS:
        raise Trouble("secret.open", file=path, mode=f"{stat.S_IMODE(status.st_mode):04o}")


def expect_private_folder(folder: Path) -> None:
    """Raise Trouble when the folder of secrets is missing, somebody else's or open to others."""
    try:
        status = folder.stat()
    except OSError as fault:
        raise Trouble("secret.unreadable", file=folder, reason=fault.strerror or fault) from fault
    if not stat.S_ISDIR(status.st_mode):
        raise Trouble("secret.unreadable", file=folder, reason=os.strerror(errno.ENOTDIR))
    if status.st_mode & _OTHERS or status.st_uid != os.getuid():
        raise Trouble("secret.folder_open", folder=folder, mode=f"{stat.S_IMODE(status.st_mode):04o}")


def write_new(file: Path, text: str) -> None:
    """Write a file that only its owner can read. Raises FileExistsError when it is there already."""
    descriptor = os.open(file, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600)
    with os.fdopen(descriptor, "w", encoding="utf-8") as opened:
        os.fchmod(opened.fileno(), 0o600)  # a umask may take bits away from the owner, too
        opened.write(text)
        opened.flush()
        os.fsync(opened.fileno())


def forbid_core_files() -> None:
    """See that no core file of this process ever holds the secrets it has read (RS15)."""
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def make_once(file: Path, text: Callable[[], str]) -> None:
    """Write the file when it is missing; of several makers at once all read the same one afterwards.

    Its name is durable on return: a signing key that a power cut takes away leaves a journal nobody can verify.
    """
    if file.exists():
        return
    if not file.parent.exists():
        file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        sync_folder(file.parent.parent)
    draft = file.with_name(f".{file.name}.{secrets.token_hex(8)}")
    write_new(draft, text())
    try:
        # A link fails when the name exists: two makers agree on one key, and no half-written key is ever seen.
        file.hardlink_to(draft)
    except FileExistsError:
        return
    finally:
        draft.unlink()
        sync_folder(file.parent)
