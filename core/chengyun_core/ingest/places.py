"""The file of places: where each device of a series stands, as measured columns or as a recipe that scatters them.

Layout: "CYP1", uint32 length of the head, the head (msgpack of PlacesHead), then uint32 x and uint32 y fractions of the
world (9 mm), `rows` each. A device named in the catalogue with a place of its own needs no row.
"""

import logging
import os
import struct
import zlib
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np

from chengyun_core.geo.projection import metres_per_world
from chengyun_core.ingest.ground import SCALE, Fractions, fractions
from chengyun_core.ingest.survey.estate import Estate
from chengyun_core.model.failure import Refused
from chengyun_core.series.columns import Bools
from chengyun_core.wire import codec
from chengyun_core.wire.durable import sync_folder

logger = logging.getLogger(__name__)

MAGIC = b"CYP1"
FOLDER = "places"
IN_FORCE = "in-force.places"
UNKNOWN = 2**32 - 1
"""x and y of a device of which no place is told."""
MOST_HEAD = 32 * 2**20
_HEAD = struct.Struct("<4sI")


@dataclass(frozen=True, slots=True, kw_only=True)
class Scatter:
    """A recipe: so many devices round these points, by weight. The same seed gives the same places everywhere."""

    seed: int
    longitude: tuple[float, ...]
    latitude: tuple[float, ...]
    weight: tuple[float, ...]
    spread_m: tuple[float, ...]
    """Standard deviation round each point."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SeriesPlaces:
    """Where the devices of one series stand: rows `first` … `first + count` of the columns, or a recipe."""

    device: str
    count: int
    first: int = 0
    scatter: str = ""
    """Name of a recipe; empty: rows."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PlacesHead:
    """What the file says of itself."""

    origin: str
    """Where the places come from, for the screen."""
    schematic: bool = False
    """They are made up: the screen says so."""
    rows: int = 0
    series: tuple[SeriesPlaces, ...] = ()
    scatters: dict[str, Scatter] = field(default_factory=dict)


def write(file: Path, head: PlacesHead, x: Fractions, y: Fractions) -> None:
    """Replace the file of places, durably (0600). x, y: uint32[rows]. Raises OSError; the old file is then there."""
    packed = codec.pack(head)
    file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    beside = file.with_name(f"{file.name}.new")
    try:
        descriptor = os.open(beside, os.O_CREAT | os.O_WRONLY | os.O_TRUNC | os.O_CLOEXEC, 0o600)
        with os.fdopen(descriptor, "wb") as opened:
            opened.write(_HEAD.pack(MAGIC, len(packed)) + packed)
            for column in (x, y):
                opened.write(np.ascontiguousarray(column, "<u4").data)
            opened.flush()
            os.fsync(opened.fileno())
        beside.replace(file)
    except OSError:
        beside.unlink(missing_ok=True)
        raise
    sync_folder(file.parent)


def read_head(file: Path) -> tuple[PlacesHead, int]:
    """Return the head and where the columns begin.

    Raises:
        OSError: it cannot be read. Refused: `device.places_damaged`, it is not what was written.
    """
    with file.open("rb") as opened:
        start = opened.read(_HEAD.size)
        if len(start) < _HEAD.size:
            raise Refused("device.places_damaged", file=file)
        magic, length = _HEAD.unpack(start)
        if magic != MAGIC or length > MOST_HEAD:
            raise Refused("device.places_damaged", file=file)
        head = codec.unpack(opened.read(length), PlacesHead)
        size = opened.seek(0, os.SEEK_END)
    at = _HEAD.size + length
    inside = all(one.first >= 0 and one.first + one.count <= head.rows for one in head.series if not one.scatter)
    if size != at + 8 * head.rows or not inside:
        raise Refused("device.places_damaged", file=file)
    return head, at


def places_of(estate: Estate, file: Path | None) -> tuple[Fractions, Fractions, Bools]:
    """Return (x, y, known) of every slot: uint32[size], uint32[size], bool[size].

    A series has the places of the file; a device or series the file does not name stands where its row says. Raises
    OSError and Refused as `read_head`.
    """
    x, y = (np.full(estate.size, UNKNOWN, np.uint32) for _ in range(2))
    for at, row in enumerate(estate.rows):
        if row.longitude is not None and row.latitude is not None:
            begin, end = int(estate.first[at]), int(estate.first[at + 1])
            x[begin:end], y[begin:end] = fractions(np.array([row.longitude]), np.array([row.latitude]))
    if file is not None:
        _fill(estate, file, x, y)
    return x, y, (x != UNKNOWN) | (y != UNKNOWN)


def scattered(scatter: Scatter, device: str, count: int) -> tuple[Fractions, Fractions]:
    """Return places (x, y) uint32[count] of a recipe for one series."""
    dice = np.random.Generator(np.random.PCG64([scatter.seed, zlib.crc32(device.encode())]))
    share = np.array(scatter.weight) / sum(scatter.weight)
    point = np.repeat(np.arange(share.size), dice.multinomial(count, share))
    latitude = np.array(scatter.latitude)
    at_x, at_y = (part.astype(np.float64) for part in fractions(np.array(scatter.longitude), latitude))
    reach = np.array(scatter.spread_m) / metres_per_world(latitude) * SCALE
    columns = (centre[point] + dice.standard_normal(count, np.float32) * reach[point] for centre in (at_x, at_y))
    x, y = (np.clip(column, 0, SCALE - 2).astype(np.uint32) for column in columns)
    return x, y


def _fill(estate: Estate, file: Path, x: Fractions, y: Fractions) -> None:
    head, at = read_head(file)
    row_of = {row.code: place for place, row in enumerate(estate.rows)}
    columns = np.memmap(file, np.uint32, "r", at, (2, head.rows)) if head.rows else np.zeros((2, 0), np.uint32)
    for series in head.series:
        row = row_of.get(series.device)
        if row is None:
            continue  # the catalogue no longer names it
        begin, count = int(estate.first[row]), min(series.count, estate.rows[row].count)
        into = slice(begin, begin + count)
        if series.scatter:
            x[into], y[into] = scattered(head.scatters[series.scatter], series.device, count)
        else:
            x[into], y[into] = (column[series.first : series.first + count] for column in columns)
