"""Small records on disk, replaced whole: written beside, fsynced, renamed; a damaged one is kept aside and told."""

import logging
import os
import zlib
from pathlib import Path
from typing import TypeVar

from chengyun_core.wire import codec

T = TypeVar("T")
logger = logging.getLogger(__name__)


def write_record(file: Path, record: object) -> None:
    """Replace the file by this record, durably (0600). Raises OSError; the old record is then still there."""
    body = codec.pack(record)
    write_bytes(file, zlib.crc32(body).to_bytes(4, "little") + body)


def write_bytes(file: Path, data: bytes) -> None:
    """Replace the file by these bytes, durably (0600). Raises OSError; the old file is then still there."""
    beside = file.with_name(f"{file.name}.new")
    descriptor = os.open(beside, os.O_CREAT | os.O_WRONLY | os.O_TRUNC | os.O_CLOEXEC, 0o600)
    try:
        with os.fdopen(descriptor, "wb") as opened:
            opened.write(data)
            opened.flush()
            os.fsync(opened.fileno())
        beside.replace(file)
    except OSError:
        beside.unlink(missing_ok=True)
        raise
    sync_folder(file.parent)


def sync_folder(folder: Path) -> None:
    """Make the names in a folder durable."""
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def read_record(file: Path, record_type: type[T]) -> T | None:
    """Return the record, None when there is none. A damaged file is renamed to `.damaged`, told, and counts as none."""
    try:
        data = file.read_bytes()
    except FileNotFoundError:
        return None
    body = data[4:]
    try:
        if zlib.crc32(body).to_bytes(4, "little") != data[:4]:
            raise codec.BadMessage("wire.bad_message", record=record_type.__name__, reason="checksum")
        return codec.unpack(body, record_type)
    except codec.BadMessage as fault:
        aside = file.with_name(f"{file.name}.damaged")
        file.replace(aside)
        logger.error("%s is damaged (%s); kept as %s, going on without it", file, fault, aside)
        return None
