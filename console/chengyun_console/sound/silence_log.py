"""Who silenced the console, and when: one line of JSON each, kept beside the seats of the profile (A15)."""

import json
import logging
import os
from collections.abc import Mapping
from pathlib import Path

FILE_NAME = "silences.jsonl"
MOST_BYTES = 262_144
"""About two thousand silences; then the file becomes `.old` and a fresh one begins."""

logger = logging.getLogger(__name__)


class SilenceLog:
    """Appends; a disk that refuses is told in the program's log and silences nothing else."""

    def __init__(self, profile: Path) -> None:
        self._path = profile / "seats" / FILE_NAME

    def write(self, line: Mapping[str, object]) -> None:
        """Keep a line."""
        try:
            self._path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            if self._path.exists() and self._path.stat().st_size > MOST_BYTES:
                self._path.replace(self._path.with_suffix(".old"))
            descriptor = os.open(self._path, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
            with os.fdopen(descriptor, "a", encoding="utf-8") as file:
                file.write(json.dumps(line, ensure_ascii=False) + "\n")
        except OSError as fault:
            logger.warning("a silence could not be written to %s: %s", self._path, fault)
