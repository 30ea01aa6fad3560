"""Where names stand: none over another or over a grave mark, gravest first, and the same ones as before while panning.

Everything is placed for a region larger than the window and kept for as long as the window stays in it.
"""

from collections.abc import Callable, Hashable, Iterable, Iterator
from dataclasses import dataclass

from PySide6.QtCore import QRectF

from chengyun_resources.theme.tokens import SPACE_PX, Colour, TypeSize
from chengyun_widgets.mapping.sprites import TEXT_PX
from chengyun_widgets.mapping.view import Screen

_CELL_PX = 64.0
_TOUCH_PX = 1.0
"""Halos may touch by so much: two names that close are still two names."""
MOST_LABELS = 400

Side = tuple[float, float]
"""Where a label's rectangle begins relative to its anchor, in shares of its size: (0, -0.5) is at the right of it."""
RIGHT: Side = (0.0, -0.5)
LEFT: Side = (-1.0, -0.5)
ABOVE: Side = (-0.5, -1.0)
BELOW: Side = (-0.5, 0.0)
MIDDLE: Side = (-0.5, -0.5)
ROUND_A_MARK = (RIGHT, LEFT, BELOW, ABOVE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Wish:
    """A name that would like to be written: at world x, y, `away_px` from there, at one of `sides`.

    `gravity` decides first (greater first), then `rank` (smaller first). `key` tells it from all others; `elsewhere`
    are other places the same name may stand at, when it has no room at this one.
    """

    key: Hashable
    text: str
    x: float
    y: float
    sides: tuple[Side, ...] = ROUND_A_MARK
    away_px: float = 0.0
    gravity: int = 0
    rank: int = 0
    size: TypeSize = TypeSize.SMALL
    colour: Colour = Colour.MAP_TEXT_SECOND
    is_bold: bool = False
    elsewhere: tuple["Wish", ...] = ()


@dataclass(frozen=True, slots=True)
class Placed:
    """A name that is written, with its top left corner `dx`, `dy` px from its place."""

    wish: Wish
    side: Side
    dx: float
    dy: float


class Occupied:
    """Which rectangles of a region are taken, by cells: asking is as dear as what stands near."""

    def __init__(self) -> None:
        self._cells: dict[tuple[int, int], list[QRectF]] = {}

    def take(self, rect: QRectF) -> None:
        """Take a rectangle, whether it is free or not."""
        for cell in _cells_of(rect):
            self._cells.setdefault(cell, []).append(rect)

    def is_free(self, rect: QRectF) -> bool:
        """Return whether nothing that was taken meets a rectangle."""
        smaller = rect.adjusted(_TOUCH_PX, _TOUCH_PX, -_TOUCH_PX, -_TOUCH_PX)
        return not any(smaller.intersects(taken) for cell in _cells_of(rect) for taken in self._cells.get(cell, ()))


def place(
    wishes: Iterable[Wish],
    screen: Screen,
    occupied: Occupied,
    width_of: Callable[[Wish], float],
    before: dict[Hashable, Side],
) -> Iterator[Placed | None]:
    """Yield where names are written, None for each that has no room: whoever places many may pause after any.

    `before`: the sides names had at this zoom; those go before others as grave.
    """
    ordered = sorted(wishes, key=lambda wish: (-wish.gravity, wish.key not in before, wish.rank, wish.text))
    written = 0
    for wish in ordered:
        placed = _anywhere(wish, screen, occupied, width_of(wish), before.get(wish.key))
        written += placed is not None
        yield placed
        if written >= MOST_LABELS:
            return


def _anywhere(wish: Wish, screen: Screen, occupied: Occupied, width: float, earlier: Side | None) -> Placed | None:
    # A name with several places keeps the one it had by its side: each place has another.
    places = sorted((wish, *wish.elsewhere), key=lambda place: earlier is not None and earlier not in place.sides)
    tried = (_placed(one, screen, occupied, width, earlier if earlier in one.sides else None) for one in places)
    return next((placed for placed in tried if placed is not None), None)


def _placed(wish: Wish, screen: Screen, occupied: Occupied, width: float, earlier: Side | None) -> Placed | None:
    anchor = screen.px(wish.x, wish.y)
    sides = wish.sides if earlier is None else (earlier, *(side for side in wish.sides if side != earlier))
    for side in sides:
        dx, dy = _offset(side, wish.away_px, width)
        rect = QRectF(anchor.x() + dx, anchor.y() + dy, width, TEXT_PX)
        if occupied.is_free(rect):
            occupied.take(rect)
            return Placed(wish, side, dx, dy)
    return None


def _offset(side: Side, away: float, width: float) -> tuple[float, float]:
    """Return the corner of a label relative to its place."""
    across, down = side
    gap = away + SPACE_PX / 2 if away else 0.0
    dx = across * width + (gap if across == 0.0 else -gap if across == -1.0 else 0.0)
    dy = down * TEXT_PX + (gap if down == 0.0 else -gap if down == -1.0 else 0.0)
    return dx, dy


def _cells_of(rect: QRectF) -> Iterator[tuple[int, int]]:
    west, east = int(rect.left() // _CELL_PX), int(rect.right() // _CELL_PX)
    north, south = int(rect.top() // _CELL_PX), int(rect.bottom() // _CELL_PX)
    for column in range(west, east + 1):
        for row in range(north, south + 1):
            yield column, row
