"""Where every item of the rolling lane is: a belt that only ever moves left, so that nothing can jump."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass

from chengyun_widgets.ticker_sequence import DWELL_S, Sequence

_FADE_S = 0.4
_NEAR_PX = 1e-6


@dataclass(slots=True)
class Slot:
    """One item on the belt. `x`, its left edge in belt px, never changes; `opacity` 0..1 is how far it has faded in.

    `serial` tells two placements of one item apart; `seen_s` is for how long it has been in view.
    """

    key: str
    x: float
    width: float
    serial: int = 0
    seen_s: float = 0.0
    opacity: float = 1.0
    is_live: bool = True
    was_counted: bool = False

    @property
    def right(self) -> float:
        """The belt coordinate of its right edge."""
        return self.x + self.width

    def fade(self, seconds: float) -> None:
        """Fade in while live, out once removed."""
        step = seconds / _FADE_S if self.is_live else -seconds / _FADE_S
        self.opacity = min(1.0, max(0.0, self.opacity + step))


class Lane:
    """The belt. Items are placed at its right end and leave at the left; a removed one fades but keeps its room.

    The next item is, in turn, the gravest that was never placed and the one that has waited longest, since it came or
    since it was placed: a flood of newcomers starves nobody, and no lap begins before the last has ended. Nothing is
    placed twice. When every live item stands in full view the belt stands still: a short list is read, not chased.
    It begins by standing for one dwell, so that the first items are read before they leave.
    """

    def __init__(self, gap: float) -> None:
        self.sequence = Sequence()
        self._gap = gap
        self._widths: dict[str, float] = {}
        self._order: list[str] = []
        self._slots: list[Slot] = []
        self._room = self._left = 0.0
        self._offset = 0.0
        self._step = 0.0
        self._since: dict[str, int] = {}
        self._fresh: set[str] = set()
        self._turn = 0
        self._newcomer_is_next = True
        self._stands = True
        self._shown: Counter[str] = Counter()

    @property
    def offset(self) -> float:
        """The belt coordinate at the left edge of the lane; it falls only when that edge itself moves left."""
        return self._offset

    @property
    def slots(self) -> tuple[Slot, ...]:
        """What is on the belt, left to right."""
        return tuple(self._slots)

    def shown_counts(self) -> dict[str, int]:
        """Return how often each item present has been shown in full."""
        return {key: self._shown[key] for key in self._order}

    def set_room(self, width: float, left: float = 0.0) -> None:
        """Set the lane's width and where its left edge is on the widget, px.

        The edges may move, the items do not: a pinned item that comes covers them, one that goes uncovers them.
        """
        if self._slots:
            self._offset += left - self._left
        self._left, self._room = left, max(0.0, width)
        self._fill()

    def set_items(self, widths: Mapping[str, float]) -> None:
        """Set the items in the order of the loop (gravest and newest first) with their widths in px."""
        # A turn is one item placed; an item has waited since it came, or since it was placed last.
        self._fresh = {key for key in widths if key in self._fresh or key not in self._since}
        self._since = {key: self._since.get(key, self._turn) for key in widths}
        self._widths, self._order = dict(widths), list(widths)
        self._shown = Counter({key: count for key, count in self._shown.items() if key in widths})
        self.sequence.keep(widths)
        for slot in self._slots:
            slot.is_live = slot.key in widths
        self._fill()

    def advance(self, distance: float, seconds: float) -> bool:
        """Move the belt by `distance` px, which took `seconds`; returns whether anything looks different."""
        self._count(0.0)
        self._stands = self._may_stand() or self._is_reading()
        self._step = 0.0 if self._stands else self._reach(distance)
        if not self._stands:
            self._offset += self._step
            self._drop()
            self._fill()
        self._count(seconds)
        is_fading = any(slot.opacity != float(slot.is_live) for slot in self._slots)
        for slot in self._slots:
            slot.fade(seconds)
        return is_fading or not self._stands

    def dwell(self, seconds: float) -> None:
        """Take that the belt was held for so long: what is in view is being read."""
        self._count(seconds)

    def _reach(self, distance: float) -> float:
        """Return how far to move: not past what is still being read, and to rest exactly when all may stand."""
        ahead = self._slots[0].x - self._offset if self._slots else 0.0
        if ahead > 0 and self._is_short() and self._is_whole():
            return min(distance, ahead)
        first = self._first_whole()
        return min(distance, first.x - self._offset) if first is not None and self._is_unread(first) else distance

    def _drop(self) -> None:
        """Let go of what has left at the left; what nobody could read is the next to come again."""
        gone = [slot for slot in self._slots if slot.right + self._gap <= self._offset]
        self._slots = self._slots[len(gone) :]
        for slot in gone:
            if slot.is_live and self.sequence.is_owed(slot.key):
                self._since[slot.key] = -1
                self.sequence.unplaced(slot.key)

    def slot_at(self, x: float) -> Slot | None:
        """Return the live item under lane coordinate `x` px."""
        belt_x = self._offset + x
        return next((slot for slot in self._slots if slot.is_live and slot.x <= belt_x < slot.right), None)

    def _edge(self) -> float:
        return self._offset + self._room

    def _is_short(self) -> bool:
        return sum(self._widths.values()) + self._gap * (len(self._widths) - 1) <= self._room

    def _may_stand(self) -> bool:
        if not self._slots:
            return not self._order
        return self._is_whole() and self._slots[0].x <= self._offset + _NEAR_PX

    def _is_reading(self) -> bool:
        """Return whether the next step would cut what has not stood for its dwell: the belt begins by standing."""
        first = self._first_whole()
        return first is not None and first.x <= self._offset + _NEAR_PX and self._is_unread(first)

    def _first_whole(self) -> Slot | None:
        return next((slot for slot in self._slots if slot.is_live and slot.x >= self._offset - _NEAR_PX), None)

    def _is_unread(self, slot: Slot) -> bool:
        is_readable = slot.was_counted or slot.width > self._room
        return is_readable and slot.seen_s < DWELL_S and self.sequence.is_owed(slot.key)

    def _is_whole(self) -> bool:
        """Return whether the belt carries every item, nothing else, and all of it in view."""
        live = [slot for slot in self._slots if slot.is_live]
        if len(live) < len(self._order) or len(live) < len(self._slots):
            return False
        return not live or (live[0].x >= self._offset - _NEAR_PX and live[-1].right <= self._edge() + _NEAR_PX)

    def _fill(self) -> None:
        while self._room > 0:
            x = self._slots[-1].right + self._gap if self._slots else self._offset
            key = self._next_key() if x <= self._edge() else None
            if key is None:
                return
            # In a long loop items come in over the edge; in a short one they close up, fading in where there is room.
            # An item may have come in with the step just made: its place is that much left of the edge.
            entry = self._edge() - self._step
            if not self._stands and not self._is_short():
                x = max(x, entry)
            opacity = 1.0 if x >= entry or self._offset == 0.0 else 0.0
            slot = Slot(key=key, x=x, width=self._widths[key], opacity=opacity, serial=self._turn)
            self._slots.append(slot)
            self.sequence.placed(key)

    def _next_key(self) -> str | None:
        on_belt = {slot.key for slot in self._slots if slot.is_live}
        waiting = [key for key in self._order if key not in on_belt]
        newcomer = next((key for key in waiting if key in self._fresh), None)
        longest = min(waiting, key=self._since.__getitem__, default=None)
        if longest is None:
            return None
        key = newcomer if newcomer is not None and self._newcomer_is_next else longest
        self._newcomer_is_next = not self._newcomer_is_next
        self._turn += 1
        self._since[key] = self._turn
        self._fresh.discard(key)
        return key

    def _count(self, seconds: float) -> None:
        offset, edge = self._offset, self._edge()
        for slot in self._slots:
            if not slot.is_live or slot.x >= edge or slot.right <= offset:
                continue
            slot.seen_s += seconds
            is_whole = slot.x >= offset or slot.width > self._room
            if not slot.was_counted and is_whole and slot.right <= edge:
                slot.was_counted = True
                self._shown[slot.key] += 1
            if slot.was_counted and slot.seen_s >= DWELL_S:
                self.sequence.shown(slot.key)
