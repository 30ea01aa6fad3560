"""Puts charts of one, two and four cells on a grid: how many columns a room takes, and where each chart lies. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass

LEAST_WIDTH_PX = 260
LEAST_HEIGHT_PX = 112
"""A chart below this would hold its figure and no line."""
BEST_SHAPE = 2.1
"""Width to height of a chart in which a slope is neither flattened nor exaggerated (the drawing's)."""
_SPANS = {1: (1, 1), 2: (1, 2), 4: (2, 2)}


@dataclass(frozen=True, slots=True, kw_only=True)
class Cell:
    """Where a chart lies."""

    row: int
    column: int
    rows: int
    columns: int


def columns_for(width: int, height: int, sizes: Sequence[int]) -> int:
    """Return the number of columns in which charts come nearest to their best shape and leave the fewest holes."""
    most = max(1, width // LEAST_WIDTH_PX)
    needed = max((_SPANS[size][1] for size in sizes), default=1)
    choices = range(min(needed, most), max(needed, min(most, max(1, sum(sizes)))) + 1)
    return min(choices, key=lambda columns: _misfit(width, height, sizes, columns))


def cells(sizes: Sequence[int], columns: int) -> tuple[Cell, ...]:
    """Return the place of each chart: in order, each into the first hole it fits. Wider ones than the grid are cut."""
    taken: set[tuple[int, int]] = set()
    placed: list[Cell] = []
    for size in sizes:
        rows, across = _SPANS[size][0], min(_SPANS[size][1], columns)
        row, column = _first_hole(taken, rows, across, columns)
        taken |= {(row + down, column + right) for down in range(rows) for right in range(across)}
        placed.append(Cell(row=row, column=column, rows=rows, columns=across))
    return tuple(placed)


def row_count(placed: Sequence[Cell]) -> int:
    """Return how many rows the charts take."""
    return max((cell.row + cell.rows for cell in placed), default=0)


def neighbour(placed: Sequence[Cell], at: int, right: int, down: int) -> int:
    """Return the chart one step away in a direction, the same one at the edge."""
    cell = placed[at]
    row = cell.row + (cell.rows if down > 0 else down)
    column = cell.column + (cell.columns if right > 0 else right)
    for other, there in enumerate(placed):
        if there.row <= row < there.row + there.rows and there.column <= column < there.column + there.columns:
            return other
    return at


def _misfit(width: int, height: int, sizes: Sequence[int], columns: int) -> tuple[float, int]:
    placed = cells(sizes, columns)
    rows = max(1, row_count(placed))
    shape = (width / columns) / max(1.0, height / rows)
    off = max(shape / BEST_SHAPE, BEST_SHAPE / shape)
    holes = rows * columns - sum(cell.rows * cell.columns for cell in placed)
    return round(off * (1 + holes / (rows * columns)), 3), columns


def _first_hole(taken: set[tuple[int, int]], rows: int, across: int, columns: int) -> tuple[int, int]:
    at = 0
    while True:
        row, column = divmod(at, columns)
        wanted = {(row + down, column + right) for down in range(rows) for right in range(across)}
        if column + across <= columns and not wanted & taken:
            return row, column
        at += 1
