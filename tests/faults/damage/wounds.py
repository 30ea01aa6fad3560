"""The ways a database file or its log is damaged: bits, sectors, pages, a tail, the whole file."""

import random
from collections.abc import Callable
from pathlib import Path

PAGE = 4096


def wound(database: Path, chance: random.Random) -> str:
    """Damage the database or its log and say how."""
    log = database.with_name(f"{database.name}-wal")
    files = [database, log] if log.exists() and log.stat().st_size else [database]
    file, make = chance.choice(files), chance.choices(tuple(_WOUNDS), tuple(_WOUNDS.values()))[0]
    return f"{file.name} {make(file, chance)}"


def _flip(file: Path, chance: random.Random) -> str:
    data = bytearray(file.read_bytes())
    at = chance.randrange(len(data))
    data[at] ^= 1 << chance.randrange(8)
    file.write_bytes(data)
    return f"bit flipped at {at}"


def _zero_page(file: Path, chance: random.Random) -> str:
    data = bytearray(file.read_bytes())
    at = chance.randrange(len(data)) // PAGE * PAGE
    data[at : at + PAGE] = bytes(len(data[at : at + PAGE]))
    file.write_bytes(data)
    return f"page at {at} zeroed"


def _garbage(file: Path, chance: random.Random) -> str:
    data = bytearray(file.read_bytes())
    at = chance.randrange(len(data)) // 512 * 512
    data[at : at + 512] = chance.randbytes(len(data[at : at + 512]))
    file.write_bytes(data)
    return f"sector at {at} of garbage"


def _truncate(file: Path, chance: random.Random) -> str:
    size = chance.randrange(file.stat().st_size)
    with file.open("r+b") as opened:
        opened.truncate(size)
    return f"cut off at {size}"


def _delete(file: Path, _: random.Random) -> str:
    file.unlink()
    return "deleted"


_WOUNDS: dict[Callable[[Path, random.Random], str], int] = {
    _flip: 5, _zero_page: 2, _garbage: 2, _truncate: 2, _delete: 1,
}  # fmt: skip
