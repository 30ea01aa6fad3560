"""`map.within`: what and who is within a polygon, a radius or a warning: risk points, units, events, cameras … (M4).

Devices are left out: 22 million are counted by the survey (`density.within`), which has their places.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, NamedTuple, Protocol

import numpy as np
import numpy.typing as npt
from sqlalchemy import Connection

from chengyun_core.centre import warning_area
from chengyun_core.centre.desk import Desk
from chengyun_core.centre.map_answers import content_of
from chengyun_core.centre.risk_places import NOBODY_SAID
from chengyun_core.model.failure import Refused
from chengyun_core.model.map_layer import LayerKind, MapLayer, holds_on
from chengyun_core.model.rights import Label
from chengyun_core.store import map_table, warning_table
from chengyun_core.wire import codec
from chengyun_core.wire.map_asks import MOST_CORNERS, MOST_FOUND, AskWithin, Found, Within

if TYPE_CHECKING:
    from chengyun_core.geo.lookup import Zone

Floats = npt.NDArray[np.float64]
Indices = npt.NDArray[np.int64]


class _Placed(Protocol):
    """What has a place."""

    @property
    def longitude(self) -> float | None:
        """Return degrees east."""
        ...

    @property
    def latitude(self) -> float | None:
        """Return degrees north."""
        ...


class _Spot(NamedTuple):
    """One thing with a place, before it is known whether it is within."""

    key: str
    name: str
    longitude: float
    latitude: float
    sort: str
    state: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Spots:
    """Things of one kind as columns: tens of thousands of risk points are never made records one by one."""

    kind: str
    longitude: Floats
    latitude: Floats
    sorts: Sequence[str]
    found: Callable[[int, float], Found]
    """Makes what is told of row i, so many metres away."""


@dataclass(slots=True, kw_only=True)
class _Haul:
    """What was found so far in a zone, of each kind the nearest."""

    zone: "Zone"
    limit: int
    found: list[Found] = field(default_factory=list)
    counts: dict[str, int] = field(default_factory=dict)
    sorts: dict[str, dict[str, int]] = field(default_factory=dict)
    people: int = 0
    people_known: int = 0
    unplaced: dict[str, int] = field(default_factory=dict)

    def take(self, spots: _Spots) -> Indices:
        """Count what is within, and keep the nearest; return its rows, int64[n]."""
        rows: Indices = np.flatnonzero(self.zone.holds(spots.longitude, spots.latitude)).astype(np.int64)
        self.counts[spots.kind] = self.counts.get(spots.kind, 0) + rows.size
        held = self.sorts.setdefault(spots.kind, {})
        for sort, count in Counter([spots.sorts[row] for row in rows.tolist()]).items():
            held[sort] = held.get(sort, 0) + count
        away = np.round(self.zone.metres(spots.longitude[rows], spots.latitude[rows]), 1)
        near = _nearest(away, self.limit)
        things = [spots.found(row, far) for row, far in zip(rows[near].tolist(), away[near].tolist(), strict=True)]
        self.found += sorted(things, key=lambda one: (one.metres, one.key))[: self.limit]
        return rows


def _nearest(away: Floats, limit: int) -> Indices:
    """Return the rows of the nearest, and of those as far as the last of them: which of these are told, keys say."""
    if away.size <= limit:
        return np.arange(away.size)
    return np.flatnonzero(away <= np.partition(away, limit - 1)[limit - 1])


def within(desk: Desk, connection: Connection, ask: AskWithin, without: frozenset[int] = frozenset()) -> bytes:
    """Answer `map.within`. `without`: numbers of events that are not there for the asker (veil)."""
    if not 1 <= ask.limit <= MOST_FOUND or len(ask.ring) > MOST_CORNERS:
        raise Refused("ask.out_of_range", after=len(ask.ring), limit=ask.limit, most=MOST_FOUND)
    zone = _zone(connection, ask)
    haul = _Haul(zone=zone, limit=ask.limit)
    _points(desk, connection, haul)
    _units(desk, haul)
    _events(desk, haul, without)
    _cameras(desk, haul)
    _places(desk, connection, haul)
    found = tuple(sorted(haul.found, key=lambda one: (one.metres, one.kind, one.key)))
    return codec.pack(
        Within(
            found=found, counts=haul.counts, sorts=haul.sorts, people=haul.people, people_known=haul.people_known,
            unplaced={kind: count for kind, count in haul.unplaced.items() if count}, area_km2=round(zone.km2(), 4),
        )
    )  # fmt: skip


def _zone(connection: Connection, ask: AskWithin) -> "Zone":
    # Geometry is loaded by the first question about it.
    from chengyun_core.geo.lookup import zone_of, zone_round  # noqa: PLC0415

    if not ask.warning:
        return zone_of(ask.ring, ask.longitude, ask.latitude, ask.radius_m)
    held = warning_table.get(connection, ask.warning)
    if held is None:
        raise Refused("warning.unknown", warning=ask.warning)
    return zone_round([outline.ring for outline in warning_area.outlines(held.area)])


def _points(desk: Desk, connection: Connection, haul: _Haul) -> None:
    held = desk.risk_places.places(connection)

    def found(row: int, away: float) -> Found:
        people = int(held.people[row])
        return Found(
            kind="risk_point", key=held.codes[row], name=held.names[row], longitude=float(held.longitude[row]),
            latitude=float(held.latitude[row]), metres=away, sort=held.kinds[row],
            people=None if people == NOBODY_SAID else people,
        )  # fmt: skip

    spots = _Spots(
        kind="risk_point", longitude=held.longitude, latitude=held.latitude, sorts=held.kinds, found=found
    )  # fmt: skip
    people = held.people[haul.take(spots)]
    stated = people[people != NOBODY_SAID]
    haul.people, haul.people_known = int(stated.sum()), int(stated.size)
    haul.unplaced["risk_point"] = held.unplaced


def _units(desk: Desk, haul: _Haul) -> None:
    """Units where they last said they are, else at home."""
    spots, lost = [], 0
    for unit in desk.city.units.values():
        told = desk.units[unit.code][0] if unit.code in desk.units else None
        place: _Placed = told if told is not None and told.longitude is not None else unit
        if place.longitude is None or place.latitude is None:
            lost += 1
            continue
        state = told.state.value if told else "available"
        spots.append(_Spot(unit.code, unit.name, place.longitude, place.latitude, unit.kind.value, state))
    haul.take(_columns("unit", spots))
    haul.unplaced["unit"] = lost


def _events(desk: Desk, haul: _Haul, without: frozenset[int]) -> None:
    spots, lost = [], 0
    for event in desk.events.values():
        if event.number in without:
            continue
        if event.longitude is None or event.latitude is None:
            lost += 1
            continue
        grade = "" if event.grade is None else str(int(event.grade))
        spots.append(
            _Spot(str(event.number), event.title, event.longitude, event.latitude, grade, event.state.value)
        )  # fmt: skip
    haul.take(_columns("event", spots))
    haul.unplaced["event"] = lost


def _cameras(desk: Desk, haul: _Haul) -> None:
    seen = [one for one in desk.city.cameras.values() if one.label is not Label.HIDE]
    spots = [
        _Spot(one.code, one.name, one.longitude, one.latitude, one.kind.value)
        for one in seen if one.longitude is not None and one.latitude is not None
    ]  # fmt: skip
    haul.take(_columns("camera", spots))
    haul.unplaced["camera"] = len(seen) - len(spots)


def _places(desk: Desk, connection: Connection, haul: _Haul) -> None:
    """Points of the layers of places that hold today: shelters, hospitals, stores."""
    day = desk.shown(desk.clock.utc_ns())[:10]
    for layer, _ in map_table.layers(connection):
        if layer.kind is LayerKind.PLACE and holds_on(layer, day):
            haul.take(_columns("feature", _features(desk, layer)))


def _features(desk: Desk, layer: MapLayer) -> Iterator[_Spot]:
    from chengyun_core.centre.map_contents import shapes_at  # noqa: PLC0415 - as in `within`
    from chengyun_core.geo.shapes import POINT  # noqa: PLC0415 - as in `within`

    shapes = shapes_at(content_of(desk, layer))
    for one in np.flatnonzero(shapes.kinds == POINT).tolist():
        x, y = shapes.coords[shapes.points[shapes.rings[shapes.parts[one]]]].tolist()
        yield _Spot(f"{layer.code}/{shapes.codes[one]}", shapes.names[one], x, y, layer.code)


def _columns(kind: str, spots: Iterable[_Spot]) -> _Spots:
    listed = list(spots)

    def found(row: int, away: float) -> Found:
        return Found(kind=kind, metres=away, **listed[row]._asdict())

    places = np.array([(one.longitude, one.latitude) for one in listed], np.float64).reshape(-1, 2)
    return _Spots(
        kind=kind, longitude=places[:, 0], latitude=places[:, 1], sorts=[one.sort for one in listed], found=found
    )  # fmt: skip
