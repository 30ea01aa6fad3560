"""A QR code of a text (ISO/IEC 18004, model 2): bytes, level M, versions 1 to 20. Pure; drawn by whoever shows it.

Ours and not a package's (decision 0330): one text of one kind is all we show. Read back by its own reader in
tests/core/model/test_qr.py and held there to symbols that another encoder made.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache

Grid = tuple[tuple[bool, ...], ...]
"""Rows of modules, True: dark. Without the quiet zone of four modules that has to be left around it."""
Cells = list[list[bool | None]]
_EC_PER_BLOCK = (10, 16, 26, 18, 24, 16, 18, 22, 22, 26, 30, 22, 22, 24, 24, 28, 28, 26, 26, 26)
_BLOCKS = (1, 1, 1, 2, 2, 4, 4, 4, 5, 5, 5, 8, 9, 9, 10, 10, 11, 13, 14, 16)
"""Codewords of correction in a block, and blocks, by version at level M (table 9)."""
MOST_VERSION = len(_BLOCKS)
QUIET = 4
"""Light modules that have to be around it (6.3.8)."""
_LEVEL_M = 0
_MASKS: tuple[Callable[[int, int], bool], ...] = (
    lambda y, x: (y + x) % 2 == 0,
    lambda y, _x: y % 2 == 0,
    lambda _y, x: x % 3 == 0,
    lambda y, x: (y + x) % 3 == 0,
    lambda y, x: (y // 2 + x // 3) % 2 == 0,
    lambda y, x: y * x % 2 + y * x % 3 == 0,
    lambda y, x: (y * x % 2 + y * x % 3) % 2 == 0,
    lambda y, x: ((y + x) % 2 + y * x % 3) % 2 == 0,
)
"""Mask → where it turns a module over (table 10)."""
_FINDER_LIKE = ((True, False, True, True, True, False, True), (False,) * 4)


@dataclass(frozen=True, slots=True)
class _Symbol:
    """A version's frame: what is drawn before any data."""

    version: int
    size: int
    fixed: Grid
    """Where modules belong to the frame."""


def qr_of(text: str) -> Grid:
    """Return the smallest code that holds a text; raise ValueError for one of more than 666 bytes."""
    data = text.encode()
    version = next((one for one in range(1, MOST_VERSION + 1) if _fits(data, one)), 0)
    if not version:
        raise ValueError(f"{len(data)} bytes do not fit a QR code of version {MOST_VERSION}")
    bits = _interleaved(_padded(data, version), version)
    return min((_drawn(bits, version, mask) for mask in range(len(_MASKS))), key=_penalty)


def capacity(version: int) -> int:
    """Return how many codewords of data a version holds at level M."""
    return _raw_bits(version) // 8 - _EC_PER_BLOCK[version - 1] * _BLOCKS[version - 1]


def _raw_bits(version: int) -> int:
    """Return how many modules a version has for data and correction."""
    found = (16 * version + 128) * version + 64
    if version >= 2:
        aligned = version // 7 + 2
        found -= (25 * aligned - 10) * aligned - 55
    return found - 36 if version >= 7 else found


def _count_bits(version: int) -> int:
    return 8 if version < 10 else 16


def _fits(data: bytes, version: int) -> bool:
    return 4 + _count_bits(version) + 8 * len(data) <= 8 * capacity(version)


def _padded(data: bytes, version: int) -> bytes:
    """Return mode, length, data and filling as codewords (7.4)."""
    wide, room = _count_bits(version), 8 * capacity(version)
    bits = f"0100{len(data):0{wide}b}" + "".join(f"{byte:08b}" for byte in data)
    bits += "0" * min(4, room - len(bits))
    bits += "0" * (-len(bits) % 8)
    words = bytearray(int(bits[at : at + 8], 2) for at in range(0, len(bits), 8))
    for at in range(capacity(version) - len(words)):
        words.append(0x11 if at % 2 else 0xEC)
    return bytes(words)


def _interleaved(words: bytes, version: int) -> str:
    """Return data and correction as the bits that are drawn, block by block in turns (7.6)."""
    count, correcting = _BLOCKS[version - 1], _EC_PER_BLOCK[version - 1]
    short, longer = divmod(len(words), count)
    blocks, at = [], 0
    for number in range(count):
        size = short + (number >= count - longer)
        blocks.append(words[at : at + size])
        at += size
    checks = [_correction(block, correcting) for block in blocks]
    data = [block[at] for at in range(short + 1) for block in blocks if at < len(block)]
    tail = [check[at] for at in range(correcting) for check in checks]
    return "".join(f"{word:08b}" for word in (*data, *tail))


def multiply(one: int, other: int) -> int:
    """Return the product in GF(256) with 0x11D, the field of QR codes (7.5.2)."""
    found = 0
    for bit in range(7, -1, -1):
        found = (found << 1) ^ ((found >> 7) * 0x11D)
        found ^= ((other >> bit) & 1) * one
    return found


@cache
def _divisor(degree: int) -> tuple[int, ...]:
    found = [0] * (degree - 1) + [1]
    root = 1
    for _ in range(degree):
        found = [multiply(one, root) ^ nxt for one, nxt in zip(found, [*found[1:], 0], strict=True)]
        root = multiply(root, 2)
    return tuple(found)


def _correction(block: bytes, degree: int) -> bytes:
    """Return the remainder by Reed and Solomon (7.5.2)."""
    left = [0] * degree
    for word in block:
        factor = word ^ left[0]
        left = [one ^ multiply(by, factor) for one, by in zip([*left[1:], 0], _divisor(degree), strict=True)]
    return bytes(left)


def _drawn(bits: str, version: int, mask: int) -> Grid:
    frame = _frame(version)
    cells: Cells = [list(row) for row in _frame_cells(version)]
    _put_format(cells, mask)
    turns = _MASKS[mask]
    for (y, x), bit in zip(_way(frame), bits + "0" * 7, strict=False):
        cells[y][x] = (bit == "1") ^ turns(y, x)
    return tuple(tuple(bool(cell) for cell in row) for row in cells)


def _way(frame: _Symbol) -> Iterator[tuple[int, int]]:
    """Yield (row, column) of the data's modules: up and down in columns of two from the right (7.7.3)."""
    upward = True
    for right in (column for column in range(frame.size - 1, 0, -2)):
        left_of_timing = right - 1 if right <= 6 else right
        rows = range(frame.size - 1, -1, -1) if upward else range(frame.size)
        for y in rows:
            for x in (left_of_timing, left_of_timing - 1):
                if not frame.fixed[y][x]:
                    yield y, x
        upward = not upward


@cache
def _frame(version: int) -> _Symbol:
    cells: Cells = [list(row) for row in _frame_cells(version)]
    _put_format(cells, 0)
    fixed = tuple(tuple(cell is not None for cell in row) for row in cells)
    return _Symbol(version, 17 + 4 * version, fixed)


@cache
def _frame_cells(version: int) -> tuple[tuple[bool | None, ...], ...]:
    """Return finders, timing, alignment and version; None where something else goes."""
    size = 17 + 4 * version
    cells: Cells = [[None] * size for _ in range(size)]
    for at in range(size):
        cells[6][at] = cells[at][6] = at % 2 == 0
    for y, x in ((3, 3), (3, size - 4), (size - 4, 3)):
        _put_finder(cells, y, x)
    for y, x in _alignments(version):
        for down in range(-2, 3):
            for across in range(-2, 3):
                cells[y + down][x + across] = max(abs(down), abs(across)) != 1
    _put_version(cells, version)
    return tuple(tuple(row) for row in cells)


def _put_finder(cells: Cells, y: int, x: int) -> None:
    for down in range(-4, 5):
        for across in range(-4, 5):
            row, column = y + down, x + across
            if 0 <= row < len(cells) and 0 <= column < len(cells):
                cells[row][column] = max(abs(down), abs(across)) not in (2, 4)


def _alignments(version: int) -> list[tuple[int, int]]:
    """Return the middles of the alignment patterns (annex E), not those under a finder."""
    if version == 1:
        return []
    count, last = version // 7 + 2, 10 + 4 * version
    step = (version * 4 + count * 2 + 1) // (count * 2 - 2) * 2
    places = [6, *(last - step * at for at in range(count - 2, -1, -1))]
    corners = {(6, 6), (6, last), (last, 6)}
    return [(y, x) for y in places for x in places if (y, x) not in corners]


def _put_version(cells: Cells, version: int) -> None:
    """Draw the version, from 7 on (7.10): 6 bits of it and 12 of a Golay code."""
    if version < 7:
        return
    left = version
    for _ in range(12):
        left = (left << 1) ^ ((left >> 11) * 0x1F25)
    bits = version << 12 | left
    for at in range(18):
        far, near = len(cells) - 11 + at % 3, at // 3
        cells[far][near] = cells[near][far] = bool(bits >> at & 1)


def _put_format(cells: Cells, mask: int) -> None:
    """Draw level and mask twice, and the module that is always dark (7.9)."""
    given = _LEVEL_M << 3 | mask
    left = given
    for _ in range(10):
        left = (left << 1) ^ ((left >> 9) * 0x537)
    bits, size = (given << 10 | left) ^ 0x5412, len(cells)
    upright = [*range(6), 7, 8, *range(size - 7, size)]
    across = [*range(size - 1, size - 9, -1), 7, *range(5, -1, -1)]
    for at in range(15):
        dark = bool(bits >> at & 1)
        cells[upright[at]][8] = dark
        cells[8][across[at]] = dark
    cells[size - 8][8] = True


def _penalty(grid: Grid) -> int:
    """Return how badly a symbol is read (7.8.3); the least bad mask is taken."""
    size = len(grid)
    columns: Grid = tuple(zip(*grid, strict=True))
    lines = sum(_of_line(line) for line in (*grid, *columns))
    squares = 3 * sum(
        grid[y][x] == grid[y][x + 1] == grid[y + 1][x] == grid[y + 1][x + 1]
        for y in range(size - 1) for x in range(size - 1)
    )  # fmt: skip
    dark = sum(map(sum, grid))
    return lines + squares + 10 * (abs(dark * 20 - size * size * 10) // (size * size))


def _of_line(line: tuple[bool, ...]) -> int:
    found, run, before = 0, 0, None
    for cell in (*line, None):
        run = run + 1 if cell == before else 1
        found += (3 if run == 5 else 1 if run > 5 else 0) if cell is not None else 0
        before = cell
    finder, light = _FINDER_LIKE
    for at in range(len(line) - 10):
        part = line[at : at + 11]
        found += 40 * (part in ((*finder, *light), (*light, *finder)))
    return found
