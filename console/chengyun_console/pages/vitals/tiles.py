"""A vital's past in tiles of fixed times: each is asked once and kept, so that scrolling and zooming find it there."""

from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import partial

import numpy as np
import numpy.typing as npt

from chengyun_console.session.answers import WindowSeries
from chengyun_core.model.clock import NS_PER_S
from chengyun_core.model.failure import Reason

Times = npt.NDArray[np.int64]
Values = npt.NDArray[np.float64]
Bytes = npt.NDArray[np.uint8]
AskTile = Callable[[int, int, int, Callable[[WindowSeries], None], str], object]
"""`ask(from_ns, to_ns, pixels, answer, slot)`: the session's window request for one vital."""

TILE_PIXELS = 1024
"""Asked per tile; two to four tiles are on screen, so that no pixel of 2 048 lacks its extremes."""
SMALLEST_NS = 16 * NS_PER_S
MOST_TILES = 40
"""Kept per vital, of at most 64 kB each; the one not seen for longest leaves."""
MOST_ASKED = 4
"""Under way per vital: a fast scroll over a year asks where it ends, not for everything it passed."""
RETRY_NS = 3 * NS_PER_S
LONGEST_RETRY_NS = 60 * NS_PER_S
OPEN_STALE_NS = 60 * NS_PER_S
"""A tile that holds the present is asked again so often: late samples find their place in it."""
FAST_STALE_NS = 2 * NS_PER_S
FAST_PERIOD_S = 0.5
"""Vitals faster than this change between two frames of the screen: their extremes are in the tile, not in the tail."""


@dataclass(slots=True)
class Tile:
    """One piece [from_ns, to_ns) of time. Empty arrays until answered."""

    from_ns: int
    to_ns: int
    time: Times
    value: Values
    doubt: Bytes = field(default_factory=lambda: np.empty(0, np.uint8))
    """series.doubt.Doubt of each point."""
    known_to_ns: int = 0
    """Answered through here; `from_ns` or less: not at all yet."""
    unknown_to_ns: int = 0
    """Before this the archive was not reached; the rest stands."""
    reason: Reason | None = None
    asked_ns: int | None = None
    """Monotonic time of the last ask."""
    is_under_way: bool = False
    retries: int = 0

    @property
    def is_held(self) -> bool:
        """Whether something of it was answered."""
        return self.known_to_ns > self.from_ns

    @property
    def is_whole(self) -> bool:
        """Whether nothing of it is wanting."""
        return self.known_to_ns >= self.to_ns and self.unknown_to_ns <= self.from_ns


def level_of(span_ns: int) -> int:
    """Return the level whose tiles are more than a quarter and at most half as long as a window."""
    level = 0
    while SMALLEST_NS << (level + 1) <= span_ns // 2:
        level += 1
    return level


def tile_ns(level: int) -> int:
    """Return the length of the tiles of a level."""
    return SMALLEST_NS << level


class TileStore:
    """Tiles of one vital by level and place. Owned by the GUI thread; `version` rises when one was answered."""

    def __init__(self, ask: AskTile, period_s: float, slot: str) -> None:
        self._ask = ask
        self._slot = slot
        self.period_s = period_s
        self._stale_ns = FAST_STALE_NS if period_s < FAST_PERIOD_S else OPEN_STALE_NS
        self._tiles: OrderedDict[tuple[int, int], Tile] = OrderedDict()
        self._generation = 0
        self._under_way = 0
        self._tended_ns = 0
        self.version = 0
        self.oldest_ns: int | None = None
        """Oldest time of which something is held anywhere, None until an answer told."""

    def forget(self) -> None:
        """Ask all tiles anew when they are wanted next; what they hold is shown until then."""
        self._generation += 1
        self._under_way = 0
        for tile in self._tiles.values():
            tile.asked_ns, tile.is_under_way, tile.retries = None, False, 0
            tile.known_to_ns = min(tile.known_to_ns, tile.to_ns - 1)

    def tend(self, t0_ns: int, t1_ns: int, now_ns: int, monotonic_ns: int) -> None:
        """Ask for what a window wants and is due: the newest on screen first, then the neighbours."""
        was_away = monotonic_ns - self._tended_ns > self._stale_ns // 2
        self._tended_ns = monotonic_ns
        for level, place in self._wanted(t0_ns, t1_ns, now_ns):
            tile = self._tile(level, place)
            if self._under_way >= MOST_ASKED:
                return
            if self._is_due(tile, monotonic_ns, was_away=was_away):
                self._begin(tile, level, place, now_ns, monotonic_ns)

    def pieces(self, t0_ns: int, t1_ns: int) -> list[Tile]:
        """Return the tiles of a window in order of time, those of its level, also when nothing was answered yet."""
        level = level_of(t1_ns - t0_ns)
        length = tile_ns(level)
        return [self._tile(level, place) for place in range(t0_ns // length, -(-t1_ns // length))]

    def stopgaps(self, from_ns: int, to_ns: int) -> tuple[Times, Values, Bytes]:
        """Return the points tiles of other levels hold between two times, the finest that covers most."""
        best: tuple[int, Tile] | None = None
        for tile in self._tiles.values():
            covered = min(tile.known_to_ns, to_ns) - max(tile.from_ns, tile.unknown_to_ns, from_ns)
            if covered > 0 and (best is None or covered > best[0]):
                best = covered, tile
        if best is None:
            return np.empty(0, np.int64), np.empty(0), np.empty(0, np.uint8)
        begin, end = np.searchsorted(best[1].time, (from_ns, to_ns))
        return best[1].time[begin:end], best[1].value[begin:end], best[1].doubt[begin:end]

    def _wanted(self, t0_ns: int, t1_ns: int, now_ns: int) -> list[tuple[int, int]]:
        level = level_of(t1_ns - t0_ns)
        length = tile_ns(level)
        first, last = t0_ns // length, -(-t1_ns // length) - 1
        places = [*range(last, first - 1, -1), first - 1, last + 1]
        return [(level, place) for place in places if place * length < now_ns]

    def _tile(self, level: int, place: int) -> Tile:
        key = level, place
        if key not in self._tiles:
            length = tile_ns(level)
            none = np.empty(0, np.int64), np.empty(0)
            self._tiles[key] = Tile(place * length, (place + 1) * length, *none)
            if len(self._tiles) > MOST_TILES:
                self._tiles.popitem(last=False)
        self._tiles.move_to_end(key)
        return self._tiles[key]

    def _is_due(self, tile: Tile, monotonic_ns: int, *, was_away: bool) -> bool:
        if tile.is_under_way or tile.is_whole:
            return False
        if tile.asked_ns is None or was_away:
            return True
        wanting = not tile.is_held or tile.unknown_to_ns > tile.from_ns
        patience = min(RETRY_NS << min(max(0, tile.retries - 1), 5), LONGEST_RETRY_NS) if wanting else self._stale_ns
        return monotonic_ns - tile.asked_ns >= patience

    def _begin(self, tile: Tile, level: int, place: int, now_ns: int, monotonic_ns: int) -> None:
        tile.asked_ns, tile.is_under_way = monotonic_ns, True
        self._under_way += 1
        to_ns = min(tile.to_ns, now_ns)
        answer = partial(self._came, tile, self._generation, to_ns)
        self._ask(tile.from_ns, to_ns - 1, TILE_PIXELS, answer, f"{self._slot}-{level}-{place}")

    def _came(self, tile: Tile, generation: int, to_ns: int, answered: WindowSeries) -> None:
        if generation != self._generation:
            return
        tile.is_under_way = False
        self._under_way -= 1
        self.version += 1
        tile.reason = answered.failed or answered.unreached
        if answered.failed is not None:
            tile.retries += 1
            return
        tile.retries = tile.retries + 1 if answered.unreached else 0
        if not answered.unreached and answered.oldest_ns < to_ns:
            self.oldest_ns = min(answered.oldest_ns, self.oldest_ns or answered.oldest_ns)
        tile.time, tile.value, tile.doubt = _with_kept(tile, answered)
        tile.known_to_ns = to_ns
        tile.unknown_to_ns = min(answered.oldest_ns, to_ns) if answered.unreached else 0


def _with_kept(tile: Tile, answered: WindowSeries) -> tuple[Times, Values, Bytes]:
    """Return the answer, and before its first sample what was known before: a restarted ingest may know less."""
    first_ns = int(answered.time[0]) if answered.time.size else tile.to_ns
    kept = int(np.searchsorted(tile.time, first_ns))
    return (
        np.concatenate((tile.time[:kept], answered.time)),
        np.concatenate((tile.value[:kept], answered.value)),
        np.concatenate((tile.doubt[:kept], answered.doubts)),
    )
