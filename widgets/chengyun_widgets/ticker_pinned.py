"""The pinned lane: items that stand until they are acknowledged; more than fit take turns, page by page."""

from collections.abc import Mapping
from dataclasses import dataclass

from chengyun_widgets.ticker_sequence import DWELL_S, Sequence

PAGE_S = 5.0
"""How long a page stands when others wait: longer than the dwell of A1."""
_SLIDE_PX_S = 240.0


@dataclass(slots=True)
class Stand:
    """One item that stands. `x` is its left edge in lane px; it slides left when its neighbour has gone."""

    key: str
    x: float
    width: float
    seen_s: float = 0.0

    @property
    def right(self) -> float:
        """Its right edge."""
        return self.x + self.width


class PinnedLane:
    """Newcomers take free room at the right; without room they wait for the next page, which is theirs.

    Nothing that stands moves when another comes; when one leaves, those at its right slide up, they never jump.
    """

    def __init__(self, gap: float) -> None:
        self.sequence = Sequence()
        self._gap = gap
        self._room = 0.0
        self._widths: dict[str, float] = {}
        self._stands: list[Stand] = []
        self._latest: dict[str, int] = {}
        self._page = 0
        self._page_s = 0.0
        self._widest = 0.0

    @property
    def stands(self) -> tuple[Stand, ...]:
        """What stands now, left to right."""
        return tuple(self._stands)

    @property
    def waiting(self) -> int:
        """How many items wait for their page."""
        return len(self._widths) - len(self._stands)

    @property
    def width(self) -> float:
        """What the lane takes: what stands; while pages turn, what the widest of them took, so that its edge rests."""
        right = max((stand.right for stand in self._stands), default=0.0)
        return max(right, self._widest) if self.waiting else right

    def set_items(self, widths: Mapping[str, float], room: float) -> None:
        """Set the items, gravest and newest first, with their widths, and the room they may take in px."""
        self._room = max(0.0, room)
        self._widths = dict(widths)
        self.sequence.keep(self._widths)
        self._latest = {key: self._latest.get(key, -1) for key in self._widths}
        # An item whose text became another width is put anew where it stood, if it still fits.
        self._stands = [stand for stand in self._stands if self._widths.get(stand.key) == stand.width]
        while self._stands[1:] and self._stands[-1].right > self._room:
            self._stands.pop()
        if not self._stands:
            self._turn()
        self._append()
        self._widest = max(self._widest, self.width) if self.waiting else 0.0

    def advance(self, seconds: float) -> bool:
        """Let time pass; return whether anything looks different."""
        self._page_s += seconds
        for stand in self._stands:
            stand.seen_s += seconds
            if stand.seen_s >= DWELL_S:
                self.sequence.shown(stand.key)
        if self.waiting and self._page_s >= PAGE_S:
            self._turn()
            self._widest = max(self._widest, self.width)
            return True
        moved = self._slide(_SLIDE_PX_S * seconds)
        came = self._append()
        return moved or came

    def _slide(self, distance: float) -> bool:
        x, moved = 0.0, False
        for stand in self._stands:
            moved |= stand.x > x
            stand.x = max(x, stand.x - distance)
            x += stand.width + self._gap
        return moved

    def _append(self) -> bool:
        """Give free room at the right to those who wait longest."""
        came = False
        for key in self._by_turn():
            x = self._stands[-1].right + self._gap if self._stands else 0.0
            if x + self._widths[key] > self._room:
                # Nobody narrower goes before who waits longer.
                break
            self._put(key, x)
            self.sequence.placed(key)
            came = True
        return came

    def _turn(self) -> None:
        """Begin a page with those whose turn is longest ago; one stands at least, however wide it is."""
        self._page, self._page_s = self._page + 1, 0.0
        chosen: list[str] = []
        room = self._room
        for key in self._by_turn(everyone=True):
            if chosen and self._widths[key] > room:
                break
            chosen.append(key)
            self.sequence.placed(key)
            room -= self._widths[key] + self._gap
        self._stands = []
        for key in (key for key in self._widths if key in chosen):
            self._put(key, self._stands[-1].right + self._gap if self._stands else 0.0)

    def _by_turn(self, *, everyone: bool = False) -> list[str]:
        standing = {stand.key for stand in self._stands}
        keys = [key for key in self._widths if everyone or key not in standing]
        return sorted(keys, key=self._latest.__getitem__)

    def _put(self, key: str, x: float) -> None:
        self._stands.append(Stand(key=key, x=x, width=self._widths[key]))
        self._latest[key] = self._page
