"""A zip → its files in a folder of ours, within limits that are counted while it is unpacked, never believed."""

import zipfile
import zlib
from pathlib import Path, PurePosixPath

from chengyun_core.model.failure import Refused

MOST_MEMBERS = 64
MOST_BYTES = 512 * 2**20
MOST_RATIO = 200
"""Bytes out for a byte in: what deflate makes of real geometry stays below 30; a bomb reaches 1000."""
_SPARED = 2**20
"""So much any small file may swell to."""
_CHUNK = 2**18


def unpacked(archive: Path, folder: Path) -> list[Path]:
    """Return the files of a zip, in `folder` under their own last name, in small letters.

    Raises:
        Refused: `map.not_a_zip`, `map.zip_too_many`, `map.zip_bomb`, `map.zip_locked`, `map.zip_twice`.
    """
    try:
        with zipfile.ZipFile(archive) as opened:
            members = [one for one in opened.infolist() if not one.is_dir() and not _is_litter(one.filename)]
            if len(members) > MOST_MEMBERS:
                raise Refused("map.zip_too_many", count=len(members), most=MOST_MEMBERS)
            return _all(opened, members, archive.stat().st_size, folder)
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError, ValueError) as fault:
        # RuntimeError: a member that needs a password.
        raise Refused("map.not_a_zip", reason=str(fault)[:120]) from fault


def _all(opened: zipfile.ZipFile, members: list[zipfile.ZipInfo], size: int, folder: Path) -> list[Path]:
    most, found = min(MOST_BYTES, max(_SPARED, size * MOST_RATIO)), list[Path]()
    for member in members:
        target = folder / _name(member.filename)
        if target in found:
            raise Refused("map.zip_twice", file=target.name)
        most -= _written(opened, member, target, most)
        found.append(target)
    return found


def _written(opened: zipfile.ZipFile, member: zipfile.ZipInfo, target: Path, most: int) -> int:
    written = 0
    with opened.open(member) as source, target.open("xb") as file:
        while chunk := source.read(_CHUNK):
            written += len(chunk)
            if written > most:
                raise Refused("map.zip_bomb", file=target.name, most=MOST_BYTES)
            file.write(chunk)
    return written


def _name(told: str) -> str:
    """Return the last part of a name, whatever path it pretends to."""
    last = PurePosixPath(told.replace("\\", "/")).name.lower()
    return "".join(letter for letter in last if letter.isprintable())[:120] or "file"


def _is_litter(name: str) -> bool:
    return "__MACOSX/" in name or PurePosixPath(name).name.startswith(".")
