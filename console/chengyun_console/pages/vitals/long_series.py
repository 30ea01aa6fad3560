"""One vital from its archive to now as one line without a seam: tiles of the past, then what came live."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from enum import Enum

import numpy as np
import numpy.typing as npt

from chengyun_console.live_series import LiveSeries, gap_ns
from chengyun_console.pages.vitals.tiles import TILE_PIXELS, Tile, TileStore, level_of, tile_ns
from chengyun_core.mirror.state import StateMirror
from chengyun_core.model.failure import Reason
from chengyun_core.series.doubt import Doubt, stretches
from chengyun_core.series.pyramid import Columns, MinMaxPyramid

Times = npt.NDArray[np.int64]
Values = npt.NDArray[np.float64]
Bytes = npt.NDArray[np.uint8]
Part = tuple[Times, Values, Bytes]
ROOM = 8192
"""Samples that may come live before the tile that holds the present is asked again, which is a minute at most."""
MOST_STRETCHES = 512
"""In doubt per window: what lies closer together than a 512th of it is not told apart, nor drawn apart."""


class ZoneKind(Enum):
    """What is to be said of a stretch of time besides the line."""

    LOADING = "loading"
    UNKNOWN = "unknown"
    """The archive was not reached, or the ask failed: nobody knows."""
    SUSPECT = "suspect"
    """Values came and are doubtful (Quality.UNCERTAIN)."""
    UNRATED = "unrated"
    """Values came and nobody kept what they were worth: an archive of an older build."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Zone:
    """One stretch [from_ns, to_ns)."""

    kind: ZoneKind
    from_ns: int
    to_ns: int
    reason: Reason | None = None


class LongSeries:
    """A source of a trend. Owned by the GUI thread; `tend` once per frame, then `columns` as often as painted."""

    def __init__(self, vital: int, tiles: TileStore) -> None:
        self.vital = vital
        self.tiles = tiles
        self._live = LiveSeries(vital, ROOM)
        self._live.is_filled = True
        self._joined = MinMaxPyramid(1)
        self._made_of: tuple[int, ...] = ()
        self._edge_ns = 0
        self.revision = 0
        """Changes when the line was joined anew: what was drawn of it is to be fetched again."""
        self._shown = (0, 1)
        self._doubted: tuple[tuple[int, ...], tuple[Zone, ...]] = ((), ())

    def __len__(self) -> int:
        return len(self._joined)

    def take(self, state: StateMirror) -> bool:
        """Append the vital's value of now when it is a new one; return whether anything was added."""
        if not self._live.take(state):
            return False
        if int(state.time[self.vital]) < self._edge_ns:
            self._joined.append(*self._live_part((self._joined.newest_ns or 0) + 1, self._edge_ns - 1))
        return True

    def tend(self, t0_ns: int, t1_ns: int, now_ns: int, monotonic_ns: int) -> bool:
        """Ask what a window wants, and join what is held anew when it changed; return whether it did."""
        self.tiles.tend(t0_ns, t1_ns, now_ns, monotonic_ns)
        self._shown = t0_ns, t1_ns
        pieces = self.tiles.pieces(t0_ns, t1_ns)
        made_of = (self.tiles.version, pieces[0].from_ns, pieces[-1].to_ns)
        if made_of == self._made_of:
            return False
        self._made_of = made_of
        self._join(pieces)
        return True

    def columns(self, t0_ns: int, t1_ns: int, pixels: int) -> Columns:
        """Return the window as at most one column per pixel."""
        return self._joined.columns(t0_ns, t1_ns, pixels)

    def raw(self, t0_ns: int, t1_ns: int) -> tuple[Times, Values]:
        """Return the points held of a window as they are, int64[n] ns and float64[n]."""
        return self._joined.raw(t0_ns, t1_ns)

    def beside(self, t0_ns: int, t1_ns: int) -> tuple[Times, Values]:
        """Return the samples next to a window on both sides, as far as there are such."""
        return self._joined.beside(t0_ns, t1_ns)

    def zones(self, now_ns: int) -> tuple[Zone, ...]:
        """Return what of the window tended last is loading, unknown, suspect or of unknown worth, in order of time."""
        of_tiles = [zone for tile in self.tiles.pieces(*self._shown) if (zone := _zone(tile, now_ns)) is not None]
        return tuple(sorted((*of_tiles, *self._in_doubt(now_ns)), key=lambda zone: zone.from_ns))

    def doubt_at(self, time_ns: int) -> ZoneKind | None:
        """Return whether what is shown at a time of the window tended last is in doubt, and how; None: it is not."""
        found = (zone.kind for zone in self._doubted[1] if zone.from_ns <= time_ns < zone.to_ns)
        return next(found, None)

    def is_loading(self) -> bool:
        """Return whether something on screen was asked and nothing of it came yet."""
        return any(zone.kind is ZoneKind.LOADING for zone in self.zones(self._shown[1]))

    def _join(self, pieces: list[Tile]) -> None:
        parts = [self._part(tile) for tile in pieces]
        newest_ns = max((int(time[-1]) for time, *_ in parts if time.size), default=pieces[0].from_ns - 1)
        self._edge_ns = pieces[-1].to_ns
        parts.append(self._live_part(newest_ns + 1, self._edge_ns - 1))
        time, value = np.concatenate([part[0] for part in parts]), np.concatenate([part[1] for part in parts])
        self._joined = MinMaxPyramid(time.size + ROOM)
        self._joined.append(time, value, np.concatenate([part[2] for part in parts]))
        self.revision += 1

    def _part(self, tile: Tile) -> Part:
        """Return a tile's points; those of another level, or of the live edge, until it was answered."""
        if tile.is_held:
            return tile.time, tile.value, tile.doubt
        found = self.tiles.stopgaps(tile.from_ns, tile.to_ns)
        return found if found[0].size else self._live_part(tile.from_ns, tile.to_ns - 1)

    def _live_part(self, t0_ns: int, t1_ns: int) -> Part:
        (time, value), doubt = self._live.raw(t0_ns, t1_ns), self._live.doubts(t0_ns, t1_ns)
        return time, value, np.zeros(time.size, np.uint8) if doubt is None else doubt

    def _in_doubt(self, now_ns: int) -> tuple[Zone, ...]:
        """Return the stretches in doubt, worked out anew when the line or the window is another one."""
        made_of = (*self._shown, self.revision, self._joined.newest_ns or 0, len(self._joined))
        if made_of != self._doubted[0]:
            self._doubted = made_of, tuple(self._doubt_zones(*self._shown))
        # The newest sample holds until the next one comes, but nothing is said of times to come.
        return tuple(
            zone if zone.to_ns <= now_ns else replace(zone, to_ns=max(zone.from_ns + 1, now_ns))
            for zone in self._doubted[1]
        )

    def _doubt_zones(self, t0_ns: int, t1_ns: int) -> Iterator[Zone]:
        doubt = self._joined.doubts(t0_ns - tile_ns(0), t1_ns)
        if doubt is None or not doubt.any():
            return
        time, _value = self._joined.raw(t0_ns - tile_ns(0), t1_ns)
        length = tile_ns(level_of(t1_ns - t0_ns))
        longest_ns = max(gap_ns(self.tiles.period_s, length, TILE_PIXELS), 1)
        for kind, which in ((ZoneKind.SUSPECT, Doubt.SUSPECT), (ZoneKind.UNRATED, Doubt.UNKNOWN)):
            for begin, end in stretches(time, doubt, which, longest_ns, near_ns=(t1_ns - t0_ns) // MOST_STRETCHES):
                if begin < t1_ns and end > t0_ns:
                    yield Zone(kind=kind, from_ns=begin, to_ns=end)


def _zone(tile: Tile, now_ns: int) -> Zone | None:
    end_ns = min(tile.to_ns, now_ns)
    if end_ns <= tile.from_ns:
        return None
    if not tile.is_held:
        kind = ZoneKind.UNKNOWN if tile.reason is not None else ZoneKind.LOADING
        return Zone(kind=kind, from_ns=tile.from_ns, to_ns=end_ns, reason=tile.reason)
    if tile.unknown_to_ns > tile.from_ns:
        return Zone(kind=ZoneKind.UNKNOWN, from_ns=tile.from_ns, to_ns=tile.unknown_to_ns, reason=tile.reason)
    return None
