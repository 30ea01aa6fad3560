"""Which registers are read together, and what the words of an answer mean: Modbus without a socket."""

import struct
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from chengyun_core.ingest.settings import PointSettings
from chengyun_core.model.failure import Refused

WORDS = {"u16": 1, "i16": 1, "u32": 2, "i32": 2, "f32": 2}
"""Type → registers it takes."""
_FORMATS = {"u16": ">H", "i16": ">h", "u32": ">I", "i32": ">i", "f32": ">f"}
BITS = frozenset({1, 2})
MOST_REGISTERS, MOST_BITS = 125, 2000
"""What one request may ask for (Modbus Application Protocol V1.1b3, 6.1 to 6.4)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Read:
    """One request: neighbours of one unit, function and period."""

    unit: int
    function: int
    address: int
    count: int
    period_s: float
    points: tuple[PointSettings, ...]

    def split(self) -> "list[Read]":
        """Return one request for each point: one wrong address must not take its neighbours along."""
        return [_read(self, [point]) for point in self.points]


def check(source: str, point: PointSettings) -> None:
    """Raise Refused for a point that cannot be meant."""
    last = point.address + width(point) - 1
    faults = (
        (point.function not in (1, 2, 3, 4), "function is 1, 2, 3 or 4"),
        (point.type not in WORDS, f"type is one of {', '.join(WORDS)}"),
        (point.word_order not in ("big", "little"), "word_order is big or little"),
        (not 0 <= point.address <= last <= 0xFFFF, "address is 0 to 65535"),
        (not 0 <= point.unit <= 255, "unit is 0 to 255"),
        (not 0.01 <= point.period_s <= 86_400, "period_s is 0.01 to 86400"),
    )
    for wrong, reason in faults:
        if wrong:
            raise Refused("ingest.source_point", source=source, point=point.channel, reason=reason)


def width(point: PointSettings) -> int:
    """Return how many registers (or bits) a point takes."""
    return 1 if point.function in BITS else WORDS.get(point.type, 1)


def reads(points: Iterable[PointSettings]) -> list[Read]:
    """Return the requests that read all points: neighbours without a gap together, as long as one request may be."""
    groups: dict[tuple[int, int, float], list[PointSettings]] = {}
    for point in points:
        groups.setdefault((point.unit, point.function, point.period_s), []).append(point)
    return [read for group in groups.values() for read in _runs(sorted(group, key=lambda point: point.address))]


def value(point: PointSettings, words: Sequence[int]) -> float:
    """Return the value in a point's words (or its bit), scaled; it may be NaN where a device sends one."""
    if point.function in BITS:
        raw: float = words[0]
    else:
        ordered = words if point.word_order == "big" else words[::-1]
        (raw,) = struct.unpack(_FORMATS[point.type], struct.pack(f">{len(ordered)}H", *ordered))
    return raw * point.scale + point.offset


def _runs(group: list[PointSettings]) -> Iterable[Read]:
    run: list[PointSettings] = []
    for point in group:
        if run and not _joins(run, point):
            yield _read(run[0], run)
            run = []
        run.append(point)
    if run:
        yield _read(run[0], run)


def _joins(run: list[PointSettings], point: PointSettings) -> bool:
    end = max(item.address + width(item) for item in run)
    most = MOST_BITS if point.function in BITS else MOST_REGISTERS
    return point.address <= end and point.address + width(point) - run[0].address <= most


def _read(like: "PointSettings | Read", points: list[PointSettings]) -> Read:
    first = points[0].address
    count = max(point.address + width(point) for point in points) - first
    return Read(
        unit=like.unit, function=like.function, address=first, count=count, period_s=like.period_s, points=tuple(points)
    )
