"""What an officer changed of a master: sizes, pinned charts with their sizes and order, the time range."""

from collections.abc import Collection
from dataclasses import dataclass, field

from chengyun_core.model.scales import Mode

SIZES = (1, 2, 4)
"""Cells of a chart: one; two beside each other; two by two."""
MOST_PINS = 16


@dataclass(frozen=True, slots=True, kw_only=True)
class Pin:
    """One pinned chart. The name is kept so that a vital that left the catalogue can still be named."""

    vital: str
    name: str = ""
    size: int = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Overlay:
    """Changes over a master; what is None or empty is the master's."""

    splits: dict[str, tuple[int, ...]] = field(default_factory=dict)
    """Sizes in px by the split's name; `wide.` before it for those of wide screens."""
    pins: tuple[Pin, ...] | None = None
    range_minutes: int | None = None

    @property
    def is_empty(self) -> bool:
        """Whether nothing is changed."""
        return not self.splits and self.pins is None and self.range_minutes is None


def key_of(post: str, mode: Mode) -> str:
    """Return under which key the overlay of a kind of post in a mode is kept in the seat's file."""
    return f"{post or 'any'}/{mode.value}"


def check(overlay: Overlay, ranges: Collection[int]) -> None:
    """Raise ValueError when a file holds what no officer could have chosen; says what."""
    pins = overlay.pins or ()
    if overlay.range_minutes is not None and overlay.range_minutes not in ranges:
        raise ValueError(f"the time range is {overlay.range_minutes} min; one of {sorted(ranges)}")
    if len(pins) > MOST_PINS:
        raise ValueError(f"{len(pins)} pinned charts; at most {MOST_PINS}")
    for pin in pins:
        if pin.size not in SIZES:
            raise ValueError(f"the chart of {pin.vital!r} has size {pin.size}; one of {SIZES}")
    for name, sizes in overlay.splits.items():
        if any(size < 0 for size in sizes):
            raise ValueError(f"split {name!r} has sizes {sizes}; none may be negative")
