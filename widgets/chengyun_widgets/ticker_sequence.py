"""The sequence counter of the risk strip: proves that every item that was there long enough has been on the screen."""

from collections.abc import Collection
from dataclasses import dataclass

DWELL_S = 4.0
"""A1: an item has been shown when it stood on the screen for so long."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SequenceCount:
    """What became of the items that came so far; `came` is the sum of the others."""

    came: int = 0
    shown: int = 0
    """On the screen in full and for at least DWELL_S."""
    waiting: int = 0
    """Present, their first turn is to come or not over."""
    withdrawn: int = 0
    """Taken away (cleared, acknowledged, filtered) before anybody's turn could have been theirs."""
    missed: int = 0
    """Another item had its second turn while these still waited for their first: has to stay 0."""

    def __add__(self, other: "SequenceCount") -> "SequenceCount":
        return SequenceCount(
            came=self.came + other.came,
            shown=self.shown + other.shown,
            waiting=self.waiting + other.waiting,
            withdrawn=self.withdrawn + other.withdrawn,
            missed=self.missed + other.missed,
        )


class Sequence:
    """Keeps the books of one lane. It schedules nothing: it judges what the lane did by the order of the turns."""

    def __init__(self) -> None:
        self._turn = 0
        self._came = self._shown = self._withdrawn = self._missed = 0
        self._arrived: dict[str, int] = {}
        """Turn at which each item came that has not been shown yet."""
        self._present: set[str] = set()
        self._overtaken: set[str] = set()
        self._latest: dict[str, int] = {}
        """Turn at which each item present was given its last one."""

    def count(self) -> SequenceCount:
        """Return the figures."""
        return SequenceCount(
            came=self._came,
            shown=self._shown,
            waiting=len(self._arrived) - len(self._overtaken),
            withdrawn=self._withdrawn,
            missed=self._missed + len(self._overtaken),
        )

    def keep(self, keys: Collection[str]) -> None:
        """Take which items are there now: new ones came, the others left."""
        present = set(keys)
        for key in self._present - present:
            self._leave(key)
        for key in present - self._present:
            self._came += 1
            self._arrived[key] = self._turn
        self._present = present

    def placed(self, key: str) -> None:
        """Take that an item was given a turn."""
        before = self._latest.get(key)
        if before is not None:
            late = (other for other, since in self._arrived.items() if since < before and other != key)
            self._overtaken.update(other for other in late if other not in self._latest)
        self._turn += 1
        self._latest[key] = self._turn

    def unplaced(self, key: str) -> None:
        """Take that a turn did not count: the item left before it could be read, because the lane became smaller."""
        self._latest.pop(key, None)

    def shown(self, key: str) -> None:
        """Take that an item has been on the screen in full for DWELL_S."""
        if self._arrived.pop(key, None) is None:
            return
        if key in self._overtaken:
            self._overtaken.discard(key)
            self._missed += 1
        else:
            self._shown += 1

    def is_owed(self, key: str) -> bool:
        """Return whether an item present still waits to be shown."""
        return key in self._arrived

    def _leave(self, key: str) -> None:
        self._latest.pop(key, None)
        if self._arrived.pop(key, None) is None:
            return
        if key in self._overtaken:
            self._overtaken.discard(key)
            self._missed += 1
        else:
            self._withdrawn += 1
