"""The last catalogue on disk, so that sensing begins while the centre is still down."""

import logging
from pathlib import Path

from chengyun_core.model.catalogue import Catalogue
from chengyun_core.wire.durable import read_record, write_record

logger = logging.getLogger(__name__)


class CatalogueCache:
    """One file in the profile's cache folder."""

    def __init__(self, profile: Path, shard: int = 0) -> None:
        # Each of several daemons has its own: two writing one file could tear it.
        self._file = profile / "cache" / (f"ingest-catalogue-{shard}" if shard else "ingest-catalogue")

    def load(self) -> Catalogue | None:
        """Return the catalogue of last time, None when there is none or it is damaged."""
        return read_record(self._file, Catalogue)

    def save(self, catalogue: Catalogue) -> None:
        """Keep this one. A disk that refuses is told in the log only: the cache is a convenience."""
        try:
            self._file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            write_record(self._file, catalogue)
        except OSError as fault:
            logger.warning("catalogue cache %s cannot be written: %s", self._file, fault)
