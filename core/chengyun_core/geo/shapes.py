"""Packed shapes: points, lines and areas of a layer as columns, and the bytes they travel and are kept in.

Bytes: `CYSH`, version uint8, three zero bytes, length of the header uint32 little endian, header (msgpack), padding to
eight, then `kinds`, `parts`, `rings`, `points` and `coords` one after the other, little endian, each padded to eight.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import msgspec
import numpy as np
import numpy.typing as npt

from chengyun_core.model.failure import Refused

POINT, LINE, AREA = 0, 1, 2
"""Kinds of a feature; one feature is of one kind and may have several parts."""
MOST_FEATURES = 1_000_000
MOST_COORDS = 8_000_000
MOST_ATTRIBUTES = 64
LONGEST_VALUE = 4_000
MOST_TEXT = 64 * 2**20
"""Letters of all texts together."""
MOST_BYTES = 200 * 2**20
_MARK, _VERSION = b"CYSH", 1
_FIXED = 12

Ints = npt.NDArray[np.int64]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Shapes:
    """The features of a layer.

    Feature i has the parts parts[i] … parts[i+1]; part p the rings rings[p] … rings[p+1] (one for a point or a line;
    of an area the outer one first, then its holes); ring r the corners coords[points[r] : points[r+1]]. Rings of areas
    are closed: the last corner is the first.
    """

    kinds: npt.NDArray[np.uint8]
    """[n], POINT, LINE or AREA."""
    parts: Ints
    """[n + 1]"""
    rings: Ints
    """[parts + 1]"""
    points: Ints
    """[rings + 1]"""
    coords: npt.NDArray[np.float64]
    """[corners, 2], longitude and latitude in degrees."""
    codes: tuple[str, ...]
    """[n], each once."""
    names: tuple[str, ...]
    attributes: dict[str, tuple[str, ...]] = field(default_factory=dict)
    """Name → [n]; empty text: none."""

    def __len__(self) -> int:
        return len(self.kinds)

    def rings_of(self, feature: int) -> Iterator[npt.NDArray[np.float64]]:
        """Yield the corners [k, 2] of every ring, line or point of a feature."""
        first, last = self.parts[feature], self.parts[feature + 1]
        for ring in range(self.rings[first], self.rings[last]):
            yield self.coords[self.points[ring] : self.points[ring + 1]]

    def bounds(self) -> tuple[float, float, float, float] | None:
        """Return (west, south, east, north) in degrees, None when there is nothing."""
        if not len(self.coords):
            return None
        low, high = self.coords.min(axis=0), self.coords.max(axis=0)
        return float(low[0]), float(low[1]), float(high[0]), float(high[1])


class _Header(msgspec.Struct, forbid_unknown_fields=True):
    features: int
    parts: int
    rings: int
    coords: int
    codes: list[str]
    names: list[str]
    attributes: dict[str, list[str]]


_DECODER = msgspec.msgpack.Decoder(_Header)


def empty() -> Shapes:
    """Return no features."""
    start = np.zeros(1, dtype=np.int64)
    return Shapes(
        kinds=np.zeros(0, dtype=np.uint8), parts=start, rings=start, points=start, coords=np.zeros((0, 2)), codes=(),
        names=(),
    )  # fmt: skip


def pack(shapes: Shapes) -> bytes:
    """Return the bytes of shapes; raise Refused `map.shapes_faulty` for what `unpack` would refuse."""
    header = _Header(
        features=len(shapes.kinds), parts=len(shapes.rings) - 1, rings=len(shapes.points) - 1,
        coords=len(shapes.coords), codes=list(shapes.codes), names=list(shapes.names),
        attributes={name: list(column) for name, column in shapes.attributes.items()},
    )  # fmt: skip
    _check(shapes, header)
    told = msgspec.msgpack.encode(header)
    start = _MARK + bytes((_VERSION, 0, 0, 0)) + len(told).to_bytes(4, "little") + told
    columns = [
        np.ascontiguousarray(column, dtype=kind).tobytes()
        for column, kind in zip(
            (shapes.kinds, shapes.parts, shapes.rings, shapes.points, shapes.coords),
            ("<u1", "<i8", "<i8", "<i8", "<f8"), strict=True,
        )
    ]  # fmt: skip
    data = b"".join(map(_padded, (start, *columns)))
    if len(data) > MOST_BYTES:
        raise _faulty("size", len(data))
    return data


def unpack(data: bytes | memoryview) -> Shapes:
    """Return the shapes in bytes; columns are read-only views of them.

    Raises:
        Refused: `map.shapes_faulty` with what is wrong: nothing in it is trusted before it was looked at.
    """
    data = memoryview(data)
    if not _FIXED <= len(data) <= MOST_BYTES:
        raise _faulty("size", len(data))
    if bytes(data[:4]) != _MARK or data[4] != _VERSION or any(data[5:8]):
        raise _faulty("mark", bytes(data[:5]).hex())
    told = int.from_bytes(data[8:_FIXED], "little")
    header = _header(data[_FIXED : _FIXED + told], told)
    n, parts, rings, coords = header.features, header.parts, header.rings, header.coords
    shapes_of: tuple[tuple[str, int], ...] = (
        ("<u1", n), ("<i8", n + 1), ("<i8", parts + 1), ("<i8", rings + 1), ("<f8", 2 * coords),
    )  # fmt: skip
    starts = _starts(_FIXED + told, shapes_of)
    if starts[-1] != len(data):
        raise _faulty("length", len(data))
    columns: list[Any] = [
        np.frombuffer(data, dtype=kind, count=count, offset=start)
        for (kind, count), start in zip(shapes_of, starts[:-1], strict=True)
    ]
    found = Shapes(
        kinds=columns[0], parts=columns[1], rings=columns[2], points=columns[3], coords=columns[4].reshape(-1, 2),
        codes=tuple(header.codes), names=tuple(header.names),
        attributes={name: tuple(column) for name, column in header.attributes.items()},
    )  # fmt: skip
    _check(found, header)
    return found


def _header(data: memoryview, told: int) -> _Header:
    if len(data) != told:
        raise _faulty("header", told)
    try:
        header = _DECODER.decode(data)
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError) as fault:
        raise _faulty("header", str(fault)[:200]) from fault
    counts = ((header.features, MOST_FEATURES), (header.parts, MOST_COORDS), (header.rings, MOST_COORDS),
              (header.coords, MOST_COORDS))  # fmt: skip
    if any(not 0 <= count <= most for count, most in counts):
        raise _faulty("counts", [count for count, _ in counts])
    return header


def _starts(first: int, columns: tuple[tuple[str, int], ...]) -> list[int]:
    """Return where each column begins and where the last one ends, padding counted."""
    found = [_even(first)]
    for kind, count in columns:
        found.append(_even(found[-1] + int(kind[-1]) * count))
    return found


def _check(shapes: Shapes, header: _Header) -> None:
    n = len(shapes.kinds)
    if n > MOST_FEATURES or len(shapes.coords) > MOST_COORDS:
        raise _faulty("counts", [n, len(shapes.coords)])
    _check_offsets("parts", shapes.parts, n, header.parts)
    _check_offsets("rings", shapes.rings, header.parts, header.rings)
    _check_offsets("points", shapes.points, header.rings, header.coords)
    _check_coords(shapes.coords)
    _check_kinds(shapes)
    _check_texts(shapes)


def _check_offsets(name: str, column: Ints, owners: int, owned: int) -> None:
    """Each owner has at least one; the first begins at 0, the last ends at the end."""
    if column.ndim != 1 or len(column) != owners + 1 or column[0] != 0 or column[-1] != owned:
        raise _faulty(name, len(column))
    if owners and int(np.diff(column).min()) < 1:
        raise _faulty(name, int(np.argmin(np.diff(column))))


def _check_coords(coords: npt.NDArray[np.float64]) -> None:
    if coords.ndim != 2 or coords.shape[1] != 2:
        raise _faulty("coords", coords.shape)
    # Comparing refuses NaN as well.
    good = (np.abs(coords[:, 0]) <= 180.0) & (np.abs(coords[:, 1]) <= 90.0)
    if not good.all():
        raise _faulty("coords", int(np.argmin(good)))


def _check_kinds(shapes: Shapes) -> None:
    if len(shapes) == 0:
        return
    if int(shapes.kinds.max()) > AREA:
        raise _faulty("kinds", int(shapes.kinds.max()))
    of_part = np.repeat(shapes.kinds, np.diff(shapes.parts))
    rings = np.diff(shapes.rings)
    if (rings[of_part != AREA] != 1).any():
        raise _faulty("rings", int(np.argmax((of_part != AREA) & (rings != 1))))
    of_ring, corners = np.repeat(of_part, rings), np.diff(shapes.points)
    least = np.array((1, 2, 4))[of_ring]
    if (corners < least).any() or (corners[of_ring == POINT] != 1).any():
        raise _faulty("points", int(np.argmax((corners < least) | ((of_ring == POINT) & (corners != 1)))))
    first, last = shapes.coords[shapes.points[:-1]], shapes.coords[shapes.points[1:] - 1]
    is_open = (of_ring == AREA) & (first != last).any(axis=1)
    if is_open.any():
        raise _faulty("open_ring", int(np.argmax(is_open)))


def _check_texts(shapes: Shapes) -> None:
    n, columns = len(shapes), (shapes.codes, shapes.names, *shapes.attributes.values())
    if len(shapes.attributes) > MOST_ATTRIBUTES or any(len(column) != n for column in columns):
        raise _faulty("attributes", len(shapes.attributes))
    if len(set(shapes.codes)) != n or "" in shapes.codes:
        raise _faulty("codes", n)
    lengths = [len(value) for column in columns for value in column]
    if max(lengths, default=0) > LONGEST_VALUE or sum(lengths) > MOST_TEXT:
        raise _faulty("texts", max(lengths, default=0))


def _faulty(what: str, value: object) -> Refused:
    return Refused("map.shapes_faulty", what=what, value=value)


def _even(length: int) -> int:
    return -(-length // 8) * 8


def _padded(data: bytes) -> bytes:
    return data + bytes(_even(len(data)) - len(data))
