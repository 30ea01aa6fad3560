"""What ingest gives its historian: samples as taken, aggregates as computed, and what must be known of both."""

import logging
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Protocol

import numpy as np

from chengyun_core.ingest.batch import Batch
from chengyun_core.ingest.feed_ring import Column, RecordKind, RingWriter
from chengyun_core.ingest.vitals import Layer, StraightLayer
from chengyun_core.series.columns import Bytes, Numbers, Times, Values

logger = logging.getLogger(__name__)

Owed = tuple[RecordKind, tuple[Column, ...], int]

PIECE = 1 << 17
"""Samples in one record at most: 2.7 MB."""
SILENT_BEATS = 40
"""Heartbeats (10 s) without a sign of the historian while something waits for it."""


class ArchiveFeed(Protocol):
    """What the engine tells of what it took. All calls return at once and never raise."""

    def samples(self, batch: Batch) -> None:
        """Take samples of channels, as they are evaluated, late ones included."""

    def cells(self, vital: Numbers, time: Times, value: Values, quality: Bytes) -> None:
        """Take computed values of aggregates."""

    def layers(self, layers: Sequence[Layer | StraightLayer]) -> None:
        """Take the table by which vitals follow channels from now on."""


class NoArchive:
    """Keeps nothing: for engines without a historian."""

    def samples(self, batch: Batch) -> None:
        """Leave it."""

    def cells(self, vital: Numbers, time: Times, value: Values, quality: Bytes) -> None:
        """Leave it."""

    def layers(self, layers: Sequence[Layer | StraightLayer]) -> None:
        """Leave it."""


class RingFeed:
    """Writes into the ring file; what finds no room is counted in `dropped`, and the archive is told of the gap."""

    def __init__(self, file: Path, *, capacity: int, ring: int) -> None:
        """Open the ring. Raises OSError."""
        self._ring = RingWriter(file, capacity=capacity, ring=ring)
        self._raw = self._alarming = np.empty(0, np.uint32)
        self._alarming_since = -1
        self._owed: deque[Owed] = deque()
        self._seen = (0, 0)

    @property
    def dropped(self) -> int:
        """Samples that found no room, since the ring was made."""
        return self._ring.state.dropped

    def close(self) -> None:
        """Close the file; the historian reads what is in it."""
        self._ring.close()

    def samples(self, batch: Batch) -> None:
        """Take samples of channels."""
        for begin in range(0, len(batch), PIECE):
            piece = batch.only(slice(begin, begin + PIECE)) if len(batch) > PIECE else batch
            self._write(RecordKind.SAMPLES, (piece.channel, piece.time, piece.value, piece.quality))

    def cells(self, vital: Numbers, time: Times, value: Values, quality: Bytes) -> None:
        """Take computed values of aggregates."""
        for begin in range(0, vital.size, PIECE):
            piece = slice(begin, begin + PIECE)
            self._write(RecordKind.CELLS, (vital[piece], time[piece], value[piece], quality[piece]))

    def layers(self, layers: Sequence[Layer | StraightLayer]) -> None:
        """Take the table by which vitals follow channels."""
        self._owed = deque(owed for owed in self._owed if owed[0] is RecordKind.RAW)
        self._owed.extend(_pieces(layers))
        self._pay()

    def keep_raw(self, channels: Numbers) -> None:
        """Take which channels are to be kept raw: those watched or alarming."""
        if np.array_equal(channels, self._raw):
            return
        self._raw = channels
        self._owed = deque(owed for owed in self._owed if owed[0] is not RecordKind.RAW)
        self._owed.append((RecordKind.RAW, (channels,), 0))
        self._pay()

    def keep_raw_of(self, alarming: Callable[[], Numbers], *, since: int, watched: Numbers) -> None:
        """Keep the watched channels raw and the alarming ones, asked for only when `since` is a new number."""
        if since != self._alarming_since:
            self._alarming_since, self._alarming = since, alarming()
        self.keep_raw(np.union1d(self._alarming, watched) if len(watched) else self._alarming)

    def light(self) -> str:
        """Return `ok` or the reason why the archive does not get everything. Called once a heartbeat."""
        reader, written = self._ring.reader(), self._ring.state
        beats = self._seen[1] + 1 if reader.turns == self._seen[0] else 0
        self._seen = (reader.turns, beats)
        if self._ring.trouble:
            return "archive.feed_trouble"
        if written.lost:
            return "archive.feed_full"
        if beats > SILENT_BEATS and written.place > reader.place:
            return "archive.not_read"
        return reader.light or "ok"

    def _write(self, kind: RecordKind, columns: tuple[Column, ...]) -> None:
        if self._pay():
            self._ring.write(kind, columns, times=columns[1])
        else:  # Without the table the historian would read them wrongly: they are lost, counted, and told as a gap.
            self._ring.lose(columns[1])

    def _pay(self) -> bool:
        """Write what must come before the next samples; return whether nothing is owed any more."""
        while self._owed:
            kind, columns, extra = self._owed[0]
            if not self._ring.write(kind, columns, extra=extra):
                return False
            self._owed.popleft()
        return True


def _pieces(layers: Sequence[Layer | StraightLayer]) -> Iterator[Owed]:
    """Yield the records that tell the layers; each but the last names how many pieces follow it."""
    if len(layers) == 1 and isinstance(layers[0], StraightLayer):
        yield RecordKind.STRAIGHT, (), layers[0].size
        return
    pieces: list[tuple[int, tuple[Column, ...]]] = []
    for number, layer in enumerate(layers):
        whole = layer.columns()
        cuts = range(0, whole[0].size, PIECE)
        pieces += [(number, tuple(column[begin : begin + PIECE] for column in whole)) for begin in cuts]
    pieces = pieces or [(0, _NO_ROWS)]
    for left, (number, columns) in zip(reversed(range(len(pieces))), pieces, strict=True):
        yield RecordKind.LAYER, columns, left << 32 | number


_NO_ROWS: tuple[Column, ...] = (np.empty(0, np.uint32), np.empty(0, np.uint32), np.empty(0), np.empty(0))


def open_feed(folder: Path, *, shard: int, mib: int, ring: int) -> RingFeed | None:
    """Return the feed of this shard's historian; None when none is wanted or its file cannot be made (told)."""
    if mib <= 0:
        return None
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    file = folder / f"archive-{shard}.ring"
    try:
        return RingFeed(file, capacity=mib * 2**20, ring=ring)
    except OSError as fault:
        logger.error("the archive gets nothing: %s cannot be opened: %s", file, fault)
        return None
