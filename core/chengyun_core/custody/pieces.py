"""The pieces of a sealed profile: up to 1 MiB of a file each, sealed, named by a keyed code of what is in it.

The same bytes are one piece, so that sealing again writes only what changed; a piece under another name, or half
of one, does not open.
"""

import os
from collections.abc import Iterable
from pathlib import Path

from chengyun_core.custody.envelope import Keys
from chengyun_core.model.failure import Refused, Trouble
from chengyun_core.wire.durable import sync_folder

PIECE_BYTES = 1 << 20
ZEROS = ""
"""Name of a piece of nothing but zeros: it is not written, and comes back as a hole."""
_NAME_BYTES = 16
_PART = ".part"


class Pieces:
    """The pieces of one key in one folder."""

    def __init__(self, folder: Path, keys: Keys) -> None:
        self._folder, self._suite = folder, keys.suite
        self._names_key, self._key = keys.of(b"names"), keys.of(b"pieces")
        self._touched: set[Path] = set()

    def put(self, data: bytes) -> str:
        """Seal a piece and return its name; durable after `settle`. Raises OSError."""
        if not data.strip(b"\0"):
            return ZEROS
        name = self._suite.mac(self._names_key, data)[:_NAME_BYTES].hex()
        file = self._file(name)
        if not file.exists():
            self._write(file, self._suite.seal(self._key, data, name.encode("ascii")))
        return name

    def get(self, name: str, length: int) -> bytes:
        """Return the bytes of a piece. Raises Trouble `custody.damaged` when it is not what was sealed."""
        if name == ZEROS:
            return bytes(length)
        file = self._file(name)
        try:
            data = self._suite.unseal(self._key, file.read_bytes(), name.encode("ascii"))
        except (OSError, Refused) as fault:
            raise Trouble("custody.damaged", file=file) from fault
        if len(data) != length:
            raise Trouble("custody.damaged", file=file)
        return data

    def settle(self) -> None:
        """Make the names of all new pieces durable."""
        for folder in (*self._touched, self._folder):
            sync_folder(folder)
        self._touched.clear()

    def sweep(self, kept: Iterable[str]) -> None:
        """Take away what nothing refers to any more."""
        wanted = set(kept)
        for file in self._folder.glob("*/*"):
            if file.name not in wanted:
                file.unlink(missing_ok=True)

    def _file(self, name: str) -> Path:
        return self._folder / name[:2] / name

    def _write(self, file: Path, sealed: bytes) -> None:
        file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        part = file.with_name(f"{file.name}{_PART}")
        with os.fdopen(os.open(part, os.O_CREAT | os.O_WRONLY | os.O_TRUNC, 0o600), "wb") as opened:
            opened.write(sealed)
            opened.flush()
            os.fsync(opened.fileno())
        # Named only when whole: a piece that is there is never written again.
        part.replace(file)
        self._touched.add(file.parent)
