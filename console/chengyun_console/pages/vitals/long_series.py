"""One vital from its archive to now as one line without a seam: tiles of the past, then what came live."""

from dataclasses import dataclass
from enum import Enum

import numpy as np
import numpy.typing as npt

from chengyun_console.live_series import LiveSeries
from chengyun_console.pages.vitals.tiles import Tile, TileStore
from chengyun_core.mirror.state import StateMirror
from chengyun_core.model.failure import Reason
from chengyun_core.model.scales import Quality
from chengyun_core.series.pyramid import Columns, MinMaxPyramid

Times = npt.NDArray[np.int64]
Values = npt.NDArray[np.float64]
ROOM = 8192
"""Samples that may come live before the tile that holds the present is asked again, which is a minute at most."""
MOST_SUSPECT = 256
"""Stretches of suspect values remembered of the live edge; the oldest leave."""


class ZoneKind(Enum):
    """What is to be said of a stretch of time besides the line."""

    LOADING = "loading"
    UNKNOWN = "unknown"
    """The archive was not reached, or the ask failed: nobody knows."""
    SUSPECT = "suspect"
    """Values came and are doubtful (Quality.UNCERTAIN)."""


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
        self._suspect: list[tuple[int, int]] = []
        self._shown = (0, 1)

    def __len__(self) -> int:
        return len(self._joined)

    def take(self, state: StateMirror) -> bool:
        """Append the vital's value of now when it is a new one; return whether anything was added."""
        if not self._live.take(state):
            return False
        at_ns = int(state.time[self.vital])
        self._note_quality(at_ns, is_suspect=int(state.quality[self.vital]) == Quality.UNCERTAIN)
        if at_ns < self._edge_ns:
            self._joined.append(*self._live.raw((self._joined.newest_ns or 0) + 1, self._edge_ns - 1))
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
        """Return what of the window tended last is loading, unknown or suspect, in order of time."""
        t0_ns, t1_ns = self._shown
        of_tiles = [zone for tile in self.tiles.pieces(t0_ns, t1_ns) if (zone := _zone(tile, now_ns)) is not None]
        suspect = [
            Zone(kind=ZoneKind.SUSPECT, from_ns=begin, to_ns=end)
            for begin, end in self._suspect
            if begin < t1_ns and end > t0_ns
        ]
        return tuple(sorted((*of_tiles, *suspect), key=lambda zone: zone.from_ns))

    def is_loading(self) -> bool:
        """Return whether something on screen was asked and nothing of it came yet."""
        return any(zone.kind is ZoneKind.LOADING for zone in self.zones(self._shown[1]))

    def _join(self, pieces: list[Tile]) -> None:
        parts = [self._part(tile) for tile in pieces]
        newest_ns = max((int(time[-1]) for time, _ in parts if time.size), default=pieces[0].from_ns - 1)
        self._edge_ns = pieces[-1].to_ns
        parts.append(self._live.raw(newest_ns + 1, self._edge_ns - 1))
        time, value = (np.concatenate([part[at] for part in parts]) for at in (0, 1))
        self._joined = MinMaxPyramid(time.size + ROOM)
        self._joined.append(time, value)
        self.revision += 1

    def _part(self, tile: Tile) -> tuple[Times, Values]:
        """Return a tile's points; those of another level, or of the live edge, until it was answered."""
        if tile.is_held:
            return tile.time, tile.value
        time, value = self.tiles.stopgaps(tile.from_ns, tile.to_ns)
        return (time, value) if time.size else self._live.raw(tile.from_ns, tile.to_ns - 1)

    def _note_quality(self, at_ns: int, *, is_suspect: bool) -> None:
        """Remember from when to when values were suspect; the stretch ends with the first good one."""
        is_open = bool(self._suspect) and self._suspect[-1][1] == _STILL
        if is_suspect and not is_open:
            self._suspect.append((at_ns, _STILL))
            del self._suspect[:-MOST_SUSPECT]
        elif is_open and not is_suspect:
            self._suspect[-1] = (self._suspect[-1][0], at_ns)


_STILL = 2**62


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
