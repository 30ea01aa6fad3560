"""Channel codes of the catalogue to channel numbers, without a row per slot of a device series."""

from collections.abc import Iterable
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from chengyun_core.model.catalogue import Catalogue

REMEMBERED = 200_000
"""Codes whose number is remembered; beyond it codes are taken apart each time: 22 million slots cost nothing."""
UNKNOWN = -1


class _Range(NamedTuple):
    first: int
    slots: int


class ChannelNames:
    """Codes of one catalogue version. Immutable but for its memory of codes already seen; for one thread."""

    def __init__(self, catalogue: Catalogue) -> None:
        self.version = catalogue.version
        series = {device.code: device.count for device in catalogue.devices}
        self._ranges = {
            (channel.device, channel.quantity): _Range(channel.number, channel.count) for channel in catalogue.channels
        }
        self._is_series = {code for code, count in series.items() if count > 1}
        self._seen: dict[str, int] = {}

    def number(self, code: str) -> int:
        """Return the channel's number, or UNKNOWN."""
        number = self._seen.get(code)
        if number is None:
            number = self._found(code)
            if number != UNKNOWN and len(self._seen) < REMEMBERED:
                self._seen[code] = number
        return number

    def numbers(self, codes: Iterable[str]) -> npt.NDArray[np.int64]:
        """Return int64[n]: the number of each code, UNKNOWN where there is none."""
        return np.fromiter(map(self.number, codes), dtype=np.int64)

    def of_series(self, device: str, quantity: str) -> tuple[int, int]:
        """Return (first number, count) of a device series' channel; (UNKNOWN, 0) when there is none."""
        return self._ranges.get((device, quantity), _Range(UNKNOWN, 0))

    def _found(self, code: str) -> int:
        device, dot, quantity = code.rpartition(".")
        if not dot:
            return UNKNOWN
        series, mark, slot = device.rpartition("#")
        if not mark:
            found = self._ranges.get((device, quantity))
            return found.first if found and found.slots == 1 and device not in self._is_series else UNKNOWN
        found = self._ranges.get((series, quantity))
        if (
            found is None
            or series not in self._is_series
            or not (slot.isascii() and slot.isdecimal() and len(slot) < 12)
        ):
            return UNKNOWN
        return found.first + int(slot) - 1 if 1 <= int(slot) <= found.slots else UNKNOWN
