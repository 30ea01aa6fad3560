"""What was chosen in the command bar lately, newest first; kept with the seat's preferences."""

from dataclasses import replace

from chengyun_console.desk import Desk

MOST_KEPT = 12
_KINDS = ("vital", "place", "action")
"""Alarms end and commands are done: neither is chosen again."""


class RecentChoices:
    """Reads and writes one preference of the seat."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    def keys(self) -> tuple[str, ...]:
        """Return the keys of the rows chosen, newest first."""
        return self._desk.preferences.recent

    def take(self, key: str) -> None:
        """Remember a choice as the newest."""
        if key.partition(":")[0] not in _KINDS:
            return
        others = (other for other in self.keys() if other != key)
        self._desk.keep(replace(self._desk.preferences, recent=(key, *others)[:MOST_KEPT]))
