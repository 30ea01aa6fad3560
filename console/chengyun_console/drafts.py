"""Texts half written, one file each in the seat's folder: still there after Esc, a sign-off or a kill (E10)."""

import logging
import os
import re
import threading
from pathlib import Path

import msgspec

logger = logging.getLogger(__name__)

_LONGEST = 80
KEPT_WITHIN_S = 5.0
"""The end of the program waits so long for a disk to take the last draft."""


class Drafts:
    """Reads and writes below `profile/seats/<seat>/drafts/`; before sign-on nothing is kept.

    A draft is a table of texts by the names of its fields. Files are written by a thread of their own, in the order
    in which drafts were given: a slow disk keeps no letter waiting. What the disk refuses is told to the log once a
    write, and the form goes on: a draft is a help, never a condition.
    """

    def __init__(self) -> None:
        self._folder: Path | None = None
        self._waiting: dict[Path, dict[str, str]] = {}
        """The newest of each file; an empty one is to be dropped."""
        self._under_way: dict[Path, dict[str, str]] = {}
        """What the thread is writing just now."""
        self._lock = threading.Lock()
        self._writer: threading.Thread | None = None

    def take_seat(self, folder: Path | None) -> None:
        """Keep drafts in this seat's folder from now on; None: nowhere."""
        self._folder = folder / "drafts" if folder is not None else None

    def read(self, name: str) -> dict[str, str]:
        """Return a draft; an empty one when there is none, or when its file is damaged (it is set aside as .bad)."""
        path = self._path(name)
        if path is None:
            return {}
        given = self._given(path)
        if given is not None:
            return dict(given)
        try:
            return msgspec.json.decode(path.read_bytes(), type=dict[str, str])
        except FileNotFoundError:
            return {}
        except (msgspec.MsgspecError, OSError) as fault:
            logger.warning("draft %s cannot be used (%s); it is kept as .bad", path, fault)
            self._set_aside(path)
            return {}

    def write(self, name: str, texts: dict[str, str]) -> None:
        """Keep a draft (whole file replaced at once, readable by this user alone); one without any text is dropped."""
        self._give(name, texts if any(text.strip() for text in texts.values()) else {})

    def drop(self, name: str) -> None:
        """Forget a draft: it was sent."""
        self._give(name, {})

    def flush(self) -> None:
        """Wait until everything given so far lies in its file; not for ever, for a disk may hang."""
        with self._lock:
            writer = self._writer
        if writer is not None:
            writer.join(KEPT_WITHIN_S)

    def stop(self) -> None:
        """Wait for the last draft: the program ends."""
        self.flush()
        if self._writer is not None:
            logger.error("the disk takes no drafts; what was written last is lost")

    def _given(self, path: Path) -> dict[str, str] | None:
        """Return a draft that is still on its way to its file, None when none is."""
        with self._lock:
            return self._waiting.get(path, self._under_way.get(path))

    def _give(self, name: str, texts: dict[str, str]) -> None:
        path = self._path(name)
        if path is None:
            return
        with self._lock:
            self._waiting[path] = dict(texts)
            if self._writer is None:
                # The program's end waits for it in `stop`, which gives up where the disk hangs.
                self._writer = threading.Thread(target=self._drain, name="drafts", daemon=True)
                self._writer.start()

    def _drain(self) -> None:
        while True:
            with self._lock:
                self._under_way.clear()
                if not self._waiting:
                    self._writer = None
                    return
                path = next(iter(self._waiting))
                texts = self._under_way[path] = self._waiting.pop(path)
            _put(path, texts)

    def _path(self, name: str) -> Path | None:
        return self._folder / f"{_plain(name)}.json" if self._folder is not None else None

    def _set_aside(self, path: Path) -> None:
        try:
            path.replace(path.with_suffix(".bad"))
        except OSError as fault:
            logger.warning("%s could not be set aside: %s", path, fault)


def _put(path: Path, texts: dict[str, str]) -> None:
    """Replace a draft's file, or take it away when there is nothing in it."""
    try:
        if not texts:
            path.unlink(missing_ok=True)
            return
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        fresh = path.with_suffix(".new")
        with os.fdopen(os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as file:
            file.write(msgspec.json.encode(texts))
        fresh.replace(path)
    except OSError as fault:
        logger.warning("draft %s could not be kept: %s", path, fault)


def _plain(name: str) -> str:
    """Return a name that is a file's on every system: neither a way up nor a device."""
    return "_" + re.sub(r"[^\w-]", "_", name)[:_LONGEST]
