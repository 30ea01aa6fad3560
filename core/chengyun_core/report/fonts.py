"""The fonts of documents: found by file name in the places systems keep them, and the signs they can draw."""

import errno
import mmap
import struct
from collections.abc import Iterable, Sequence
from pathlib import Path

from chengyun_core.model.failure import Trouble

PLACES = (
    Path("/usr/share/fonts"), Path("/usr/local/share/fonts"), Path("~/.local/share/fonts"), Path("~/.fonts"),
)  # fmt: skip
NEEDED = ("Noto Serif CJK SC", "Noto Sans CJK SC")
"""Families without which nothing is set: with another one a sign could come out as an empty square."""
PACKAGE = "fonts-noto-cjk"
_NEEDED_FILES = (
    "notoserifcjk-regular.ttc", "notoserifcjk-bold.ttc", "notosanscjk-regular.ttc", "notosanscjk-bold.ttc",
)  # fmt: skip
_WANTED_FILES = frozenset({
    # GB/T 9704-2012 names 小标宋, 仿宋, 黑体 and 楷体; where a machine has them they are used, Noto for what they lack.
    "fzxbsk.ttf", "fzxbsjw.ttf", "simfang.ttf", "fangsong_gb2312.ttf", "simhei.ttf", "kaiti_gb2312.ttf", "simkai.ttf",
})  # fmt: skip
_FORMAT_SEGMENTS, _FORMAT_GROUPS = 4, 12


def found(places: Sequence[Path] = PLACES) -> tuple[Path, ...]:
    """Return the font files there are for documents, each name once.

    Raises:
        Trouble: `report.no_font`, one that is needed is nowhere; it names the package that has it.
    """
    known: dict[str, Path] = {}
    for file in _files(places):
        name = file.name.lower()
        if name in _WANTED_FILES or name in _NEEDED_FILES:
            known.setdefault(name, file)
    missing = [name for name in _NEEDED_FILES if name not in known]
    if missing:
        looked = ", ".join(str(place) for place in places)
        raise Trouble("report.no_font", family=" / ".join(NEEDED), package=PACKAGE, places=looked)
    return tuple(known[name] for name in sorted(known))


def drawable(files: Iterable[Path]) -> frozenset[int]:
    """Return the code points at least one of the files has a sign for.

    Raises:
        Trouble: `report.bad_font`, a file is no font.
    """
    return frozenset().union(*(_code_points(file) for file in files))


def _files(places: Sequence[Path]) -> Iterable[Path]:
    for place in places:
        yield from sorted(file for file in place.expanduser().rglob("*") if file.suffix.lower() in (".ttc", ".ttf"))


def _code_points(file: Path) -> frozenset[int]:
    try:
        # A font of all of China's signs is 20 MB, its character maps are some hundred kB.
        with file.open("rb") as opened, mmap.mmap(opened.fileno(), 0, access=mmap.ACCESS_READ) as data:
            points = frozenset().union(*(_of_table(data, at) for at in _tables(data)))
    except (OSError, ValueError, struct.error) as fault:
        if isinstance(fault, OSError) and fault.errno == errno.ENOMEM:
            raise MemoryError from fault
        raise Trouble("report.bad_font", file=file, reason=fault) from fault
    if not points:
        raise Trouble("report.bad_font", file=file, reason="no character map")
    return points


def _tables(data: mmap.mmap) -> Iterable[int]:
    """Yield where the character maps of a font begin; of a collection: of its first font, they share their signs."""
    first = struct.unpack_from(">I", data, 12)[0] if data[:4] == b"ttcf" else 0
    (count,) = struct.unpack_from(">H", data, first + 4)
    for place in range(count):
        tag, _, begin, _ = struct.unpack_from(">4sIII", data, first + 12 + 16 * place)
        if tag == b"cmap":
            (maps,) = struct.unpack_from(">H", data, begin + 2)
            yield from {begin + struct.unpack_from(">HHI", data, begin + 4 + 8 * one)[2] for one in range(maps)}


def _of_table(data: mmap.mmap, at: int) -> set[int]:
    (form,) = struct.unpack_from(">H", data, at)
    if form == _FORMAT_GROUPS:
        (count,) = struct.unpack_from(">I", data, at + 12)
        groups = struct.iter_unpack(">III", data[at + 16 : at + 16 + 12 * count])
        return {code for first, last, _ in groups for code in range(first, last + 1)}
    if form == _FORMAT_SEGMENTS:
        (double,) = struct.unpack_from(">H", data, at + 6)
        lasts = struct.unpack_from(f">{double // 2}H", data, at + 14)
        firsts = struct.unpack_from(f">{double // 2}H", data, at + 16 + double)
        return {code for first, last in zip(firsts, lasts, strict=True) for code in range(first, last + 1)} - {0xFFFF}
    return set()
