"""MBTiles: pictures by zoom, column and row in an SQLite file of somebody else, opened read-only and never trusted."""

import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any, Self
from urllib.parse import quote

from chengyun_core.geo.telling import TileSet
from chengyun_core.model.failure import Refused
from chengyun_core.model.map_layer import LARGEST_ZOOM

LARGEST_TILE = 2 * 2**20
_STEPS, _ALL_STEPS = 2_000_000, 2_000_000_000
"""Instructions of SQLite's machine a question for a picture, and one about all of them, may take: `tiles` may be a
view, and a view may be endless."""
_GLANCE = 10_000
_MEDIA = ((b"\x89PNG\r\n\x1a\n", "image/png"), (b"\xff\xd8\xff", "image/jpeg"), (b"RIFF", "image/webp"))
_READS = frozenset({sqlite3.SQLITE_SELECT, sqlite3.SQLITE_READ, sqlite3.SQLITE_FUNCTION, sqlite3.SQLITE_RECURSIVE})


class TileFile:
    """An open file of tiles; close it. For one thread."""

    def __init__(self, path: Path) -> None:
        """Raises Refused `map.not_mbtiles`."""
        name = f"file:{quote(str(path.resolve()))}?mode=ro&immutable=1"
        try:
            self._connection = sqlite3.connect(name, uri=True, isolation_level=None)
        except sqlite3.Error as fault:
            raise Refused("map.not_mbtiles", reason=str(fault)) from fault
        self._left = 0
        self._connection.execute("PRAGMA trusted_schema = OFF")
        self._connection.execute("PRAGMA cell_size_check = ON")
        self._connection.setlimit(sqlite3.SQLITE_LIMIT_LENGTH, LARGEST_TILE)
        self._connection.set_authorizer(_authorised)
        self._connection.set_progress_handler(self._spent, _GLANCE)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Close the file."""
        self._connection.close()

    def told(self) -> TileSet:
        """Return what is in the file; raise Refused `map.not_mbtiles`, `map.tiles_not_pictures`, `map.no_tiles`."""
        says = {str(name): str(value) for name, value in self._rows("SELECT name, value FROM metadata LIMIT 1000")}
        ((low, high),) = self._rows("SELECT min(zoom_level), max(zoom_level) FROM tiles")
        if not isinstance(low, int) or not isinstance(high, int) or not 0 <= low <= high <= LARGEST_ZOOM:
            raise Refused("map.no_tiles", low=low, high=high)
        ((count,),) = self._rows("SELECT count(*) FROM tiles")
        return TileSet(
            tiles=count, min_zoom=low, max_zoom=high, media=self._media(), bounds=_bounds(says.get("bounds", "")),
            attribution=says.get("attribution", "")[:200],
        )  # fmt: skip

    def tile(self, zoom: int, x: int, y: int) -> bytes:
        """Return a picture, y counted from the north; empty bytes when there is none, or it is none."""
        if not 0 <= zoom <= LARGEST_ZOOM or not 0 <= x < 2**zoom or not 0 <= y < 2**zoom:
            return b""
        # MBTiles counts rows from the south (TMS).
        row = 2**zoom - 1 - y
        wanted = "SELECT tile_data FROM tiles WHERE zoom_level = ? AND tile_column = ? AND tile_row = ? LIMIT 1"
        found = self._rows(wanted, (zoom, x, row), _STEPS)
        data = found[0][0] if found else b""
        return data if isinstance(data, bytes) and media_of(data) else b""

    def _media(self) -> str:
        rows = self._rows("SELECT tile_data FROM tiles LIMIT 8")
        found = {media_of(data) if isinstance(data, bytes) else "" for (data,) in rows}
        if len(found) != 1 or "" in found:
            raise Refused("map.tiles_not_pictures", found=", ".join(sorted(found)))
        return found.pop()

    def _rows(self, wanted: str, values: tuple[int, ...] = (), steps: int = _ALL_STEPS) -> list[tuple[Any, ...]]:
        self._left = steps // _GLANCE
        try:
            with closing(self._connection.execute(wanted, values)) as cursor:
                return cursor.fetchmany(1000)
        except (sqlite3.Error, OverflowError) as fault:
            raise Refused("map.not_mbtiles", reason=str(fault)[:120]) from fault

    def _spent(self) -> int:
        self._left -= 1
        return int(self._left < 0)


def media_of(data: bytes) -> str:
    """Return the media type of a picture, empty for what is none (vector tiles among them)."""
    return next((media for mark, media in _MEDIA if data.startswith(mark)), "")


def _authorised(act: int, _first: str | None, second: str | None, *_: object) -> int:
    if act == sqlite3.SQLITE_FUNCTION and second in ("load_extension", "readfile", "writefile", "fts3_tokenizer"):
        return sqlite3.SQLITE_DENY
    return sqlite3.SQLITE_OK if act in _READS else sqlite3.SQLITE_DENY


def _bounds(told: str) -> tuple[float, float, float, float] | None:
    try:
        west, south, east, north = (float(part) for part in told.split(","))
    except ValueError:
        return None
    good = -180 <= west < east <= 180 and -90 <= south < north <= 90
    return (west, south, east, north) if good else None
