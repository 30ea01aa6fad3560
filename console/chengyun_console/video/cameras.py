"""The cameras of one catalogue version: the nearest to a place, by what is typed, and along their tree."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import numpy.typing as npt

from chengyun_core.mirror.catalogue_view import CatalogueView
from chengyun_core.mirror.pinyin import keys_of
from chengyun_core.mirror.search import SearchIndex, around_text
from chengyun_core.model.camera import Camera, watched_by
from chengyun_core.model.geo import METRES_A_DEGREE

AWAY_COUNTS = 1.5
"""A camera known to look away from the place counts as so many times farther: of two alike the one that sees it
wins."""
_SEES_DEG = 90.0
_BETWEEN = "/"


@dataclass(frozen=True, slots=True, kw_only=True)
class Spot:
    """What cameras are wanted for: a place where one is known, else a centre; `named` cameras come before all."""

    title: str
    longitude: float | None = None
    latitude: float | None = None
    centre: str = ""
    named: tuple[str, ...] = ()
    """Codes: cameras that watch the vital, those its guidance or plan names."""
    event: int | None = None
    alarm: int | None = None
    """What evidence of it is kept with."""

    @property
    def about(self) -> tuple[int | None, int | None, str]:
        """Return what stays the same of it while its cameras change."""
        return self.event, self.alarm, "" if self.event or self.alarm else self.title


@dataclass(frozen=True, slots=True, kw_only=True)
class Near:
    """A camera and how far it is."""

    camera: Camera
    metres: float | None = None
    """None: its place, or the spot's, is not known."""
    is_named: bool = False
    looks_away: bool = False
    """Its heading is known, and the spot lies behind it: it was put behind others that are farther."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Branch:
    """One line of the tree: a place with so many cameras in it and beneath it."""

    path: str
    name: str
    depth: int
    count: int


class CameraBook:
    """Read-only once made. `spell` takes some 0.1 s for 2 000 names: it is done beside the GUI thread."""

    def __init__(self, view: CatalogueView) -> None:
        self._view = view
        self.cameras = view.catalogue.cameras
        self.by_code = {camera.code: camera for camera in self.cameras}
        self._longitude = _column([camera.longitude for camera in self.cameras])
        self._latitude = _column([camera.latitude for camera in self.cameras])
        self._heading = _column([camera.heading_deg for camera in self.cameras])
        self._index: SearchIndex | None = None

    def nearest(self, spot: Spot, count: int, skip: int = 0) -> tuple[Near, ...]:
        """Return `count` cameras after the first `skip`: the named ones, then by distance, then the spot's centre's."""
        named = [code for code in dict.fromkeys(spot.named) if code in self.by_code]
        metres, away = self._metres(spot), self._looking_away(spot)
        order = [*(self._row[code] for code in named), *self._others(spot, metres, away, frozenset(named))]
        return tuple(
            Near(
                camera=self.cameras[row],
                metres=float(metres[row]) if metres is not None and np.isfinite(metres[row]) else None,
                is_named=self.cameras[row].code in named,
                looks_away=bool(away[row]),
            )
            for row in order[skip : skip + count]
        )

    def watching(self, vital: str) -> tuple[str, ...]:
        """Return the codes of the cameras that show what a vital measures."""
        return self._watching.get(vital, ())

    def find(self, text: str, limit: int = 200) -> list[Camera]:
        """Return the cameras whose name, code, initials, pinyin or district match, best first; all for no text.

        Until their names are spelled only what is written itself is found.
        """
        words = text.casefold().split()
        if not words:
            return list(self.cameras[:limit])
        if self._index is not None:
            return [self.cameras[row] for row in self._index.find(text, limit)]
        written = ((camera, f"{camera.name} {camera.code} {camera.path}".casefold()) for camera in self.cameras)
        return [camera for camera, plain in written if all(word in plain for word in words)][:limit]

    def beneath(self, path: str) -> tuple[Camera, ...]:
        """Return the cameras of a place of the tree and of those beneath it, in the order of their codes."""
        inside = f"{path}{_BETWEEN}"
        return tuple(camera for camera in self.cameras if not path or f"{camera.path}{_BETWEEN}".startswith(inside))

    @cached_property
    def branches(self) -> tuple[Branch, ...]:
        """The tree line by line, each place before what is in it."""
        counts: dict[str, int] = {}
        for camera in self.cameras:
            parts = camera.path.split(_BETWEEN) if camera.path else []
            for depth in range(len(parts)):
                path = _BETWEEN.join(parts[: depth + 1])
                counts[path] = counts.get(path, 0) + 1
        return tuple(
            Branch(path=path, name=path.rpartition(_BETWEEN)[2], depth=path.count(_BETWEEN), count=counts[path])
            for path in sorted(counts, key=lambda path: path.split(_BETWEEN))
        )

    def spell(self) -> SearchIndex:
        """Return the index of names, spelled; for `take_index`."""
        keys = [keys_of(camera.name, camera.code) for camera in self.cameras]
        spelled: dict[str, str] = {}
        for camera in self.cameras:
            if camera.path not in spelled:
                parts = (part for part in camera.path.split(_BETWEEN) if part)
                spelled[camera.path] = around_text(key for part in parts for key in keys_of(part, ""))
        return SearchIndex(keys, [spelled[camera.path] for camera in self.cameras])

    def take_index(self, index: SearchIndex) -> None:
        """Find by pinyin and initials from now on."""
        self._index = index

    @property
    def is_spelled(self) -> bool:
        """Whether names are found by pinyin and initials."""
        return self._index is not None

    @cached_property
    def _row(self) -> dict[str, int]:
        return {camera.code: row for row, camera in enumerate(self.cameras)}

    @cached_property
    def _watching(self) -> dict[str, tuple[str, ...]]:
        found: dict[str, list[str]] = {}
        for camera in self.cameras:
            for vital in watched_by(camera):
                found.setdefault(vital, []).append(camera.code)
        return {vital: tuple(codes) for vital, codes in found.items()}

    def _metres(self, spot: Spot) -> npt.NDArray[np.float64] | None:
        """Return float64[n] metres, NaN for a camera without a place; flat over the city (0.1 % at 50 km)."""
        if spot.longitude is None or spot.latitude is None:
            return None
        east, north = self._away(spot.longitude, spot.latitude)
        return np.hypot(east, north)

    def _away(
        self, longitude: float, latitude: float
    ) -> tuple[npt.NDArray[np.float64], npt.NDArray[np.float64]]:  # fmt: skip
        """Return how far east and north of every camera a place is, metres."""
        east = (longitude - self._longitude) * METRES_A_DEGREE * np.cos(np.radians(latitude))
        return east, (latitude - self._latitude) * METRES_A_DEGREE

    def _looking_away(self, spot: Spot) -> npt.NDArray[np.bool_]:
        """Return bool[n]: cameras behind which the spot lies, as far as their heading is known."""
        if spot.longitude is None or spot.latitude is None:
            return np.zeros(len(self.cameras), bool)
        east, north = self._away(spot.longitude, spot.latitude)
        bearing = np.degrees(np.arctan2(east, north))
        off = np.abs((self._heading - bearing + 180.0) % 360.0 - 180.0)
        return np.asarray(off > _SEES_DEG)

    def _others(
        self, spot: Spot, metres: npt.NDArray[np.float64] | None, away: npt.NDArray[np.bool_], named: frozenset[str]
    ) -> list[int]:  # fmt: skip
        if metres is not None:
            order = np.argsort(np.where(away, metres * AWAY_COUNTS, metres), kind="stable")
            rows = [int(row) for row in order if np.isfinite(metres[row])]
        else:
            rows = self._of_centre(spot.centre)
        return [row for row in rows if self.cameras[row].code not in named]

    def _of_centre(self, centre: str) -> list[int]:
        """Return the rows of a centre's cameras, then of those of the centres above it, each with what is beneath."""
        found: dict[int, None] = {}
        at = self._view.centre(centre)
        seen: set[str] = set()
        while at is not None and at.code not in seen:
            seen.add(at.code)
            found |= dict.fromkeys(row for row, camera in enumerate(self.cameras) if self._is_in(camera, at.code))
            at = self._view.centre(at.parent or "")
        return list(found)

    def _is_in(self, camera: Camera, centre: str) -> bool:
        at = self._view.centre(camera.centre)
        for _step in range(4):
            if at is None or at.code == centre:
                return at is not None
            at = self._view.centre(at.parent or "")
        return False


def _column(values: Sequence[float | None]) -> npt.NDArray[np.float64]:
    return np.array([np.nan if value is None else value for value in values], dtype=np.float64)
