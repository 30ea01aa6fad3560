"""A disk as a power cut leaves it: what was not synced survives by sectors, torn and out of order, or not at all.

The model is stricter than most file systems: a file's name is durable only when its folder was synced (in the order of
the folder's changes), a file's bytes only when the file was; every 512-byte sector written since then survives with
probability p on its own, in any of the versions it had. Folders themselves are taken as durable.
"""

import os
import random
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from tests.faults.powercut.recording import Deed, Kind

SECTOR = 512
SURVIVAL = (0.0, 0.2, 0.5, 0.8, 1.0)
OUT_OF_ORDER = 0.5
"""How often an older version of a sector outlives a newer one, where both survive."""


@dataclass(slots=True, eq=False)
class _File:
    """`now` is what the program sees; `durable` what was synced; `versions` what each sector held since then."""

    now: bytearray = field(default_factory=bytearray)
    durable: bytearray = field(default_factory=bytearray)
    versions: dict[int, list[bytes]] = field(default_factory=dict)
    sizes: list[int] = field(default_factory=list)

    def write(self, offset: int, data: bytes) -> None:
        if offset > len(self.now):
            self.now.extend(bytes(offset - len(self.now)))
        self.now[offset : offset + len(data)] = data
        for sector in range(offset // SECTOR, (offset + len(data) - 1) // SECTOR + 1):
            self.versions.setdefault(sector, []).append(self._sector(sector))
        self.sizes.append(len(self.now))

    def resize(self, size: int) -> None:
        dropped = range(size // SECTOR, (len(self.now) + SECTOR - 1) // SECTOR)
        if size < len(self.now):
            del self.now[size:]
        else:
            self.now.extend(bytes(size - len(self.now)))
            dropped = range(0)
        for sector in dropped:
            self.versions.setdefault(sector, []).append(self._sector(sector))
        self.sizes.append(size)

    def sync(self) -> None:
        if self.versions or self.sizes:
            self.durable = bytearray(self.now)
            self.versions.clear()
            self.sizes.clear()

    def after_cut(self, chance: random.Random, p: float) -> bytes:
        image = bytearray(self.durable)
        least = 0
        size = _survivor(self.sizes, chance, p)
        for sector, versions in self.versions.items():
            kept = _survivor(versions, chance, p)
            if kept is None:
                continue
            begin = sector * SECTOR
            if begin > len(image):
                image.extend(bytes(begin - len(image)))
            image[begin : begin + len(kept)] = kept
            least = max(least, begin + len(kept)) if kept else least
        # A size may be durable without its bytes (holes read as zeros); bytes may not be durable without their size.
        size = max(len(self.durable) if size is None else size, least)
        del image[size:]
        return bytes(image) + bytes(size - len(image))

    def _sector(self, number: int) -> bytes:
        return bytes(self.now[number * SECTOR : (number + 1) * SECTOR])


def _survivor(versions: list, chance: random.Random, p: float):  # type: ignore[no-untyped-def,type-arg]
    survivors = [version for version in versions if p >= 1 or chance.random() < p]
    if not survivors:
        return None
    return chance.choice(survivors) if p < 1 and chance.random() < OUT_OF_ORDER else survivors[-1]


Names = dict[str, _File]


class Disk:
    """Takes deeds in their order; can be asked at any point what a cut would leave."""

    def __init__(self) -> None:
        self._by_number: dict[int, _File] = {}
        self._names: Names = {}
        self._durable_names: Names = {}
        self._pending: dict[str, list[tuple[str, str, _File | None]]] = {}
        """Folder → changes of its names not yet synced: (removed name, added name, file)."""
        self.marks: list[list[str]] = []

    def take(self, deed: Deed) -> None:
        """Apply a deed."""
        match deed.kind:
            case Kind.MARK:
                self.marks.append(deed.data.decode().split(" "))
            case Kind.CREATE:
                self._by_number[deed.file] = made = _File()
                self._rename("", os.fsdecode(deed.data), made)
            case Kind.WRITE:
                self._by_number[deed.file].write(deed.offset, deed.data)
            case Kind.TRUNCATE | Kind.EXTEND:
                file = self._by_number[deed.file]
                file.resize(deed.offset if deed.kind is Kind.TRUNCATE else max(deed.offset, len(file.now)))
            case Kind.SYNC:
                self._by_number[deed.file].sync()
            case Kind.SYNC_FOLDER:
                self._sync_names(os.fsdecode(deed.data))
            case Kind.RENAME | Kind.LINK:
                old, new = map(os.fsdecode, deed.data.split(b"\0"))
                self._rename(old if deed.kind is Kind.RENAME else "", new, self._names[old])
            case Kind.UNLINK:
                self._rename(os.fsdecode(deed.data), "", None)

    def after_cut(self, chance: random.Random, p: float) -> Iterator[tuple[str, bytes]]:
        """Yield path and content of every file that is there when the power is back."""
        names = dict(self._durable_names)
        for changes in self._pending.values():
            survived = 0 if p <= 0 else len(changes) if p >= 1 else chance.randint(0, len(changes))
            for change in changes[:survived]:
                _apply(names, change)
        for path, file in names.items():
            yield path, file.after_cut(chance, p)

    def _rename(self, old: str, new: str, file: _File | None) -> None:
        change = (old, new, file)
        _apply(self._names, change)
        self._pending.setdefault(os.path.dirname(new or old), []).append(change)  # noqa: PTH120 - plain text is faster

    def _sync_names(self, folder: str) -> None:
        for change in self._pending.pop(folder, ()):
            _apply(self._durable_names, change)


def _apply(names: Names, change: tuple[str, str, _File | None]) -> None:
    old, new, file = change
    names.pop(old, None)
    if new and file is not None:
        names[new] = file


def rebuild(disk: Disk, origin: Path, target: Path, chance: random.Random, p: float) -> None:
    """Write into `target` what a cut leaves of the recorded folder `origin`; every file 0600."""
    target.mkdir(parents=True)
    for path, content in disk.after_cut(chance, p):
        file = target / Path(path).relative_to(origin)
        file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        descriptor = os.open(file, os.O_CREAT | os.O_WRONLY, 0o600)
        with os.fdopen(descriptor, "wb") as opened:
            opened.write(content)
