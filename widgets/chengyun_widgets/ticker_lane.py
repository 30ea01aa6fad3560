"""Where every item of the rolling lane is: a belt that only ever moves left, so that nothing can jump."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass

_FADE_S = 0.4


@dataclass(slots=True)
class Slot:
    """One item on the belt. `x`, its left edge in belt px, never changes; `opacity` 0..1 is how far it has faded in."""

    key: str
    x: float
    width: float
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
    """

    def __init__(self, gap: float) -> None:
        self._gap = gap
        self._widths: dict[str, float] = {}
        self._order: list[str] = []
        self._slots: list[Slot] = []
        self._room = 0.0
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
        """The belt coordinate at the left edge of the lane; it never falls."""
        return self._offset

    @property
    def slots(self) -> tuple[Slot, ...]:
        """What is on the belt, left to right."""
        return tuple(self._slots)

    def shown_counts(self) -> dict[str, int]:
        """Return how often each item present has been shown in full."""
        return {key: self._shown[key] for key in self._order}

    def set_room(self, width: float) -> None:
        """Set the width of the lane in px."""
        self._room = max(0.0, width)
        self._fill()

    def set_items(self, widths: Mapping[str, float]) -> None:
        """Set the items in the order of the loop (gravest and newest first) with their widths in px."""
        # A turn is one item placed; an item has waited since it came, or since it was placed last.
        self._fresh = {key for key in widths if key in self._fresh or key not in self._since}
        self._since = {key: self._since.get(key, self._turn) for key in widths}
        self._widths, self._order = dict(widths), list(widths)
        self._shown = Counter({key: count for key, count in self._shown.items() if key in widths})
        for slot in self._slots:
            slot.is_live = slot.key in widths
        self._fill()

    def advance(self, distance: float, seconds: float) -> bool:
        """Move the belt by `distance` px, which took `seconds`; returns whether anything looks different."""
        self._count()
        self._stands, self._step = self._may_stand(), distance
        if not self._stands:
            self._offset += distance
            self._slots = [slot for slot in self._slots if slot.right + self._gap > self._offset]
            self._fill()
        self._count()
        is_fading = any(slot.opacity != float(slot.is_live) for slot in self._slots)
        for slot in self._slots:
            slot.fade(seconds)
        return is_fading or not self._stands

    def slot_at(self, x: float) -> Slot | None:
        """Return the live item under lane coordinate `x` px."""
        belt_x = self._offset + x
        return next((slot for slot in self._slots if slot.is_live and slot.x <= belt_x < slot.right), None)

    def _edge(self) -> float:
        return self._offset + self._room

    def _is_short(self) -> bool:
        return sum(self._widths.values()) + self._gap * (len(self._widths) - 1) <= self._room

    def _may_stand(self) -> bool:
        live = [slot for slot in self._slots if slot.is_live]
        if len(live) < len(self._order) or len(live) < len(self._slots):
            return False
        return not live or (live[0].x >= self._offset and live[-1].right <= self._edge())

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
            self._slots.append(Slot(key=key, x=x, width=self._widths[key], opacity=opacity))

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

    def _count(self) -> None:
        for slot in self._slots:
            is_whole = slot.x >= self._offset or slot.width > self._room
            if slot.is_live and not slot.was_counted and is_whole and slot.right <= self._edge():
                slot.was_counted = True
                self._shown[slot.key] += 1
