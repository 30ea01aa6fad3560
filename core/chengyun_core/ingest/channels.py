"""The channels of a catalogue as columns: which numbers are known, their physical ranges, and codes to numbers."""

import numpy as np
import numpy.typing as npt

from chengyun_core.model import formula
from chengyun_core.model.catalogue import Catalogue, Channel
from chengyun_core.model.failure import Refused
from chengyun_core.series.columns import Bools, Numbers, Values


class ChannelTable:
    """One row per channel row of the catalogue; a series of a million devices is one row."""

    def __init__(self, rows: tuple[Channel, ...]) -> None:
        """Build the table; numbers no row owns stay unknown."""
        self.size = max((row.number + row.count for row in rows), default=0)
        self._rows = {(row.device, row.quantity): row for row in rows}
        self._low: Values = np.array([-np.inf, *(-np.inf if row.low is None else row.low for row in rows)])
        self._high: Values = np.array([np.inf, *(np.inf if row.high is None else row.high for row in rows)])
        self._ranged = bool(np.isfinite(self._low).any() or np.isfinite(self._high).any())
        self._whole = len(rows) == 1 and rows[0].number == 0
        self._row_of: npt.NDArray[np.uint16] | Numbers = self._row_column(rows)

    @classmethod
    def of(cls, catalogue: Catalogue) -> "ChannelTable":
        """Return the table of a catalogue's channels."""
        return cls(catalogue.channels)

    def unknown(self, channel: Numbers) -> Bools | None:
        """Return which numbers the catalogue does not hold, None when all are known."""
        if not channel.size:
            return None
        if int(channel.max()) < self.size:
            if self._whole:
                return None
            unknown: Bools = self._row_of[channel] == 0
        else:
            unknown = channel >= self.size
            unknown[~unknown] = self._row_of[channel[~unknown]] == 0 if not self._whole else False
        return unknown if unknown.any() else None

    def outside(self, channel: Numbers, value: Values) -> Bools | None:
        """Return which values lie outside their channel's physical range (NaN does not), None when none can."""
        if not self._ranged:
            return None
        row = 1 if self._whole else self._row_of[channel]
        outside: Bools = (value < self._low[row]) | (value > self._high[row])
        return outside

    def numbers(self, text: str, *, vital: str) -> range:
        """Return the channel numbers a formula's channel stands for; raise Refused("formula.…") when there are none."""
        reference = formula.reference(text)
        row = self._rows.get((reference.device, reference.quantity))
        if row is None:
            raise Refused("formula.unknown_channel", vital=vital, channel=text)
        if reference.member == formula.EVERY:
            return range(row.number, row.number + row.count)
        if reference.member is None and row.count != 1:
            raise Refused("formula.needs_member", vital=vital, channel=text, count=row.count)
        member = reference.member or 1
        if member > row.count:
            raise Refused("formula.member", vital=vital, channel=text, count=row.count)
        return range(row.number + member - 1, row.number + member)

    def _row_column(self, rows: tuple[Channel, ...]) -> npt.NDArray[np.uint16] | Numbers:
        if self._whole:
            return np.zeros(0, np.uint16)
        column: npt.NDArray[np.uint16] | Numbers = np.zeros(self.size, np.uint16)
        if len(rows) >= 0xFFFF:
            column = np.zeros(self.size, np.uint32)
        for place, row in enumerate(rows, start=1):
            column[row.number : row.number + row.count] = place
        return column
