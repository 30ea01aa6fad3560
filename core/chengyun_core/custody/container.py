"""The sealed content of a profile: pieces and an index of them, replaced whole at one rename."""

import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from chengyun_core.custody import tree
from chengyun_core.custody.envelope import Envelope, Keys
from chengyun_core.custody.pieces import PIECE_BYTES, ZEROS, Pieces
from chengyun_core.custody.tree import Lying
from chengyun_core.model.clock import NS_PER_S
from chengyun_core.model.failure import Refused, Trouble
from chengyun_core.wire import codec, durable

_INDEX = "index"


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One file or folder in the seal."""

    lying: Lying
    pieces: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Index:
    """All that is sealed, as of one instant."""

    serial: int
    """Of the envelope in force then: an older one is not taken beside this."""
    sealed_ns: int
    entries: tuple[Entry, ...]

    @property
    def size(self) -> int:
        """Return the bytes the profile has when it is open, holes left out."""
        return sum(PIECE_BYTES for entry in self.entries for piece in entry.pieces if piece != ZEROS)


class Container:
    """What is sealed under one key."""

    def __init__(self, seal_folder: Path, envelope: Envelope, keys: Keys) -> None:
        self.folder = seal_folder / str(envelope.epoch)
        self._keys = keys
        self._about = f"{envelope.number} {envelope.epoch}".encode("ascii")
        self.pieces = Pieces(self.folder, keys)

    def index(self) -> Index:
        """Return the index. Raises Trouble `custody.damaged` when it is not what was sealed."""
        file = self.folder / _INDEX
        try:
            data = self._keys.suite.unseal(self._keys.of(b"index"), file.read_bytes(), self._about)
        except (OSError, Refused) as fault:
            raise Trouble("custody.damaged", file=file) from fault
        return codec.unpack(data, Index)

    def seal(
        self, root: Path, there: tuple[Lying, ...], *, serial: int, now_ns: int, known: dict[str, Entry] | None = None
    ) -> Index:
        """Seal these files of `root`; those in `known` are taken as they were sealed before.

        The old index stands until the new one is durable (write aside, fsync, rename). Raises OSError.
        """
        self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        known = known or {}
        entries = tuple(known.get(one.path) or self._entry(root, one) for one in there)
        made = Index(serial=serial, sealed_ns=now_ns, entries=entries)
        self.pieces.settle()
        self.write_index(made)
        self.pieces.sweep((*(name for entry in entries for name in entry.pieces), _INDEX))
        return made

    def write_index(self, made: Index) -> None:
        """Replace the index. Raises OSError."""
        sealed = self._keys.suite.seal(self._keys.of(b"index"), codec.pack(made), self._about)
        durable.write_bytes(self.folder / _INDEX, sealed)

    def lay_out(self, index: Index, into: Path) -> None:
        """Write all files below a new folder as they lay. Raises OSError, Trouble."""
        into.mkdir(mode=0o700)
        for entry in index.entries:
            target = into / _inside(entry.lying.path)
            if entry.lying.is_folder:
                target.mkdir(mode=0o700)
            else:
                self._lay_file(entry, target)
        for entry in reversed(index.entries):
            (into / entry.lying.path).chmod(entry.lying.mode)

    def moved_to(self, other: "Container", index: Index, *, serial: int, now_ns: int) -> Index:
        """Seal everything anew under another container's key and return its index."""
        other.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        entries = tuple(
            Entry(lying=entry.lying, pieces=tuple(map(other.pieces.put, self._parts_of(entry))))
            for entry in index.entries
        )
        made = Index(serial=serial, sealed_ns=now_ns, entries=entries)
        other.pieces.settle()
        other.write_index(made)
        return made

    def check(self, index: Index, root: Path) -> None:
        """Read every piece back and compare it with the files; raise Trouble `custody.damaged` for one that differs."""
        for entry in index.entries:
            if entry.lying.is_folder:
                continue
            with (root / entry.lying.path).open("rb") as opened:
                for part in self._parts_of(entry):
                    if opened.read(len(part)) != part:
                        raise Trouble("custody.damaged", file=root / entry.lying.path)

    def _parts_of(self, entry: Entry) -> Iterator[bytes]:
        left = entry.lying.size
        for name in entry.pieces:
            yield self.pieces.get(name, min(PIECE_BYTES, left))
            left -= PIECE_BYTES

    def _entry(self, root: Path, one: Lying) -> Entry:
        if one.is_folder:
            return Entry(lying=one)
        names, left = [], one.size
        with (root / one.path).open("rb") as opened:
            while left:
                # No further than it was long when it was looked at: a log may grow meanwhile.
                data = opened.read(min(PIECE_BYTES, left))
                if not data:
                    raise Trouble("custody.changed_meanwhile", file=root / one.path)
                names.append(self.pieces.put(data))
                left -= len(data)
        return Entry(lying=one, pieces=tuple(names))

    def _lay_file(self, entry: Entry, target: Path) -> None:
        with os.fdopen(os.open(target, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600), "wb") as opened:
            for name, part in zip(entry.pieces, self._parts_of(entry), strict=True):
                opened.seek(len(part), os.SEEK_CUR) if name == ZEROS else opened.write(part)
            opened.truncate(entry.lying.size)
        os.utime(target, ns=(entry.lying.mtime_ns, entry.lying.mtime_ns))


def unchanged(was: Index | None, there: tuple[Lying, ...]) -> dict[str, Entry]:
    """Return what lies as it was sealed, by path: same size and time, and not written in the second of the sealing."""
    if was is None:
        return {}
    now = {one.path: one for one in there}
    settled = was.sealed_ns - NS_PER_S
    return {
        entry.lying.path: entry
        for entry in was.entries
        if entry.lying == now.get(entry.lying.path) and entry.lying.mtime_ns < settled
    }


def _inside(path: str) -> PurePosixPath:
    """Return a path of an index; raise Trouble for one that leads out of the profile."""
    found = PurePosixPath(path)
    if found.is_absolute() or ".." in found.parts or not found.parts or found.parts[0] in tree.MOMENTARY:
        raise Trouble("custody.damaged", file=path)
    return found
