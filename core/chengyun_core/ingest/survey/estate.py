"""The registered devices of a catalogue as columns: slots, which channel is whose, which vitals follow which device."""

from collections.abc import Iterator

import numpy as np
import numpy.typing as npt

from chengyun_core.ingest.channels import ChannelTable
from chengyun_core.ingest.devices import SILENT_LEAST_S, SILENT_PERIODS
from chengyun_core.ingest.ground import spread
from chengyun_core.model import formula
from chengyun_core.model.catalogue import Catalogue
from chengyun_core.model.failure import Refused
from chengyun_core.series.columns import Numbers, Places, Times

FOLLOWED = 64
"""A vital tells of its devices' state when it is computed from at most so many channels: a band of an aggregate over a
district says nothing of any one of ten thousand meters."""
NOBODY = 2**32 - 1
Rows = npt.NDArray[np.uint16] | Numbers


class Estate:
    """Device rows of a catalogue. Every registered device has a slot: the k-th of row r has `first[r] + k - 1`."""

    def __init__(self, catalogue: Catalogue) -> None:
        self.rows = catalogue.devices
        self.first: Places = np.cumsum([0, *(row.count for row in self.rows)])
        """int64[rows + 1]"""
        self.size = int(self.first[-1])
        self.version = catalogue.version
        parents = {centre.code: centre.parent or "" for centre in catalogue.centres}
        levels = {centre.code: centre.level for centre in catalogue.centres}
        self._above = {code: tuple(_up(code, parents)) for code in parents}
        self.district = tuple(
            next((code for code in self._above.get(row.centre, ()) if levels[code] == "district"), row.centre)
            for row in self.rows
        )
        """By row: the district in whose area it stands; of the city's own: the city."""
        self.kinds = tuple(sorted({row.kind for row in self.rows}))
        number = {kind: at for at, kind in enumerate(self.kinds)}
        self.kind_of: Numbers = np.array([number[row.kind] for row in self.rows], np.uint32)
        """uint32[rows]: place in `kinds`."""
        self._channels(catalogue)
        self._pairs(catalogue)

    def row_of(self, slots: Numbers | Places) -> Places:
        """Return the row of each slot, int64[n]."""
        return np.searchsorted(self.first, slots, side="right") - 1

    def slots_of(self, rows: Places) -> Numbers:
        """Return the slots of these rows, uint32[n] in the order of rows."""
        return spread(self.first[rows], self.first[rows + 1] - self.first[rows]).astype(np.uint32)

    def member_of(self, slot: int) -> tuple[str, int]:
        """Return the code of a slot's device and its place in the series from 1; 0: it is a single device."""
        row = int(self.row_of(np.array([slot]))[0])
        return self.rows[row].code, slot - int(self.first[row]) + 1 if self.rows[row].count > 1 else 0

    def rows_within(self, centre: str, kind: str, device: str) -> Places:
        """Return the rows in a centre and below it, of a kind, of one code, int64[n]; empty texts ask for all."""
        return np.array(
            [
                at
                for at, row in enumerate(self.rows)
                if (not centre or centre in self._above.get(row.centre, ()))
                and (not kind or row.kind == kind)
                and (not device or row.code == device)
            ],
            np.int64,
        )

    def slot_of(self, begin: int, end: int) -> tuple[Numbers, Times]:
        """Return the slot of each channel begin … end, uint32[n] (NOBODY: no such channel), and after how many ns
        without a sample it is silent, int64[n]."""
        row = self.channel_row[begin:end]
        slots = (np.arange(begin, end) + self._shift[row]).astype(np.uint32)
        slots[row == 0] = NOBODY
        return slots, self._silence[row]

    def _channels(self, catalogue: Catalogue) -> None:
        place = {row.code: at for at, row in enumerate(self.rows)}
        rows = catalogue.channels
        size = max((row.number + row.count for row in rows), default=0)
        self.channels = size
        self.channel_row: Rows = np.zeros(size, np.uint16)
        """By channel number: 1 + its row in the catalogue's channels, 0: there is none."""
        if len(rows) >= 0xFFFF:
            self.channel_row = np.zeros(size, np.uint32)
        self.channel_rows = rows
        shift, silence = [0], [0]
        for at, row in enumerate(rows, start=1):
            self.channel_row[row.number : row.number + row.count] = at
            shift.append(int(self.first[place[row.device]]) - row.number)
            silence.append(round(max(SILENT_PERIODS * row.period_s, SILENT_LEAST_S) * 1e9))
        self._shift = np.array(shift, np.int64)
        self._silence: Times = np.array(silence, np.int64)
        longest: dict[str, int] = {}
        for row, wait in zip(rows, silence[1:], strict=True):
            longest[row.device] = max(wait, longest.get(row.device, 0))
        self.silence_of: Times = np.array([longest.get(row.code, 0) for row in self.rows], np.int64)
        """int64[rows] ns: after how long without any sample a device of the row is silent; 0: it has no channel."""
        connected = {row.device: row.count for row in rows}
        self.connected_of = np.array([connected.get(row.code, 0) for row in self.rows], np.int64)
        """int64[rows]: devices that have a channel."""

    def _pairs(self, catalogue: Catalogue) -> None:
        """Which vital follows which device, sorted by slot."""
        pairs = np.array(list(self._followed(catalogue)), np.int64).reshape(-1, 2)
        pairs = pairs[np.lexsort((pairs[:, 0], pairs[:, 1]))]
        self._pair_vital, pair_slot = pairs[:, 0], pairs[:, 1]
        self._follower_slots, self._follower_start = np.unique(pair_slot, return_index=True)
        self._follower_start = np.append(self._follower_start, pair_slot.size)
        order = np.argsort(self._pair_vital, kind="stable")
        self._by_vital, self._slot_by_vital = self._pair_vital[order], pair_slot[order]

    def followers(self, vitals: Places) -> Numbers:
        """Return the slots these vitals (int64[n] rising) tell the state of, uint32[m] rising, each once."""
        begin = np.searchsorted(self._by_vital, vitals)
        counts = np.searchsorted(self._by_vital, vitals, side="right") - begin
        return np.unique(self._slot_by_vital[spread(begin, counts)]).astype(np.uint32)

    def greatest(self, slots: Numbers, bands: npt.NDArray[np.uint8]) -> npt.NDArray[np.uint8]:
        """Return the greatest band of the vitals that follow each of these slots (which `followers` returned)."""
        at = np.searchsorted(self._follower_slots, slots)
        begin, counts = self._follower_start[at], self._follower_start[at + 1] - self._follower_start[at]
        found: npt.NDArray[np.uint8] = bands[self._pair_vital[spread(begin, counts)]]
        return np.maximum.reduceat(found, np.cumsum(counts) - counts) if found.size else found

    def _followed(self, catalogue: Catalogue) -> Iterator[tuple[int, int]]:
        table = ChannelTable.of(catalogue)
        for vital in catalogue.vitals:
            if vital.retired:
                continue
            try:
                ranges = [table.numbers(text, vital=vital.code) for text in formula.parse(vital.formula).channels]
            except Refused:  # ingest says so and takes no such catalogue; one that lies there is none of ours to judge
                continue
            if sum(map(len, ranges)) <= FOLLOWED:
                for channel in (number for numbers in ranges for number in numbers):
                    yield vital.number, channel + int(self._shift[self.channel_row[channel]])


def _up(code: str, parents: dict[str, str]) -> Iterator[str]:
    while code:
        yield code
        code = parents.get(code, "")
