"""Contents of map layers on this machine's disk by their digest: a map stands before any daemon has answered (M7)."""

import hashlib
import logging
from pathlib import Path

from chengyun_core.wire import codec
from chengyun_core.wire.map_asks import Layers

LIST = "layers"
KEPT_BYTES = 400 * 2**20
"""What all contents together may take; the ones read longest ago go first."""

logger = logging.getLogger(__name__)


class LayerFiles:
    """Files `cache/map/<sha256>` of a profile. Nothing is trusted: what does not have its name's digest is not there.

    Reads and writes whole files: not for the GUI thread.
    """

    def __init__(self, profile: Path) -> None:
        self._folder = profile / "cache" / "map"

    def read(self, digest: str) -> bytes | None:
        """Return a content, None when it is not there or not what its name says."""
        path = self._folder / digest
        try:
            data = path.read_bytes()
            if hashlib.sha256(data).hexdigest() != digest:
                path.unlink(missing_ok=True)
                return None
            path.touch()
        except FileNotFoundError:
            return None
        except OSError as fault:
            logger.warning("the map content %s cannot be read: %s", path, fault)
            return None
        return data

    def keep(self, digest: str, data: bytes) -> None:
        """Write a content whole or not at all; failing only costs the next start time."""
        part = self._folder / f"{digest}.part"
        try:
            self._folder.mkdir(parents=True, exist_ok=True)
            part.write_bytes(data)
            part.replace(self._folder / digest)
            self._forget()
        except OSError as fault:
            logger.warning("the map content %s cannot be written: %s", part, fault)

    def read_list(self) -> Layers | None:
        """Return the layers there were last, None when that is not known."""
        try:
            return codec.unpack((self._folder / LIST).read_bytes(), Layers)
        except FileNotFoundError:
            return None
        except (OSError, codec.BadMessage) as fault:
            logger.warning("the list of map layers in %s cannot be read: %s", self._folder, fault)
            return None

    def keep_list(self, told: Layers) -> None:
        """Write which layers there are."""
        self.keep(LIST, codec.pack(told))

    def _forget(self) -> None:
        files = sorted(self._folder.iterdir(), key=lambda path: path.stat().st_mtime_ns, reverse=True)
        held = 0
        for path in files:
            held += path.stat().st_size
            if held > KEPT_BYTES:
                path.unlink(missing_ok=True)
