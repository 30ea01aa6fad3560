"""`map.within`: what and who is within a polygon, a radius or a warning: risk points, units, events, cameras … (M4).

Devices are left out: 22 million are counted by the survey (`density.within`), which has their places.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from functools import partial
from typing import TYPE_CHECKING, Protocol

import numpy as np
from sqlalchemy import Connection

from chengyun_core.centre import warning_area
from chengyun_core.centre.desk import Desk
from chengyun_core.centre.map_answers import content_of
from chengyun_core.model.failure import Refused
from chengyun_core.model.map_layer import LayerKind, MapLayer, holds_on
from chengyun_core.model.rights import Label
from chengyun_core.store import map_table, risk_point_table, warning_table
from chengyun_core.store.risk_point_table import Placed
from chengyun_core.wire import codec
from chengyun_core.wire.map_asks import MOST_CORNERS, MOST_FOUND, AskWithin, Found, Within
from chengyun_resources.reading import map_headings

if TYPE_CHECKING:
    from chengyun_core.geo.lookup import Zone

PEOPLE = "people"
"""Attribute of a risk point that says how many it concerns; how else people call it, is in resources."""
_MOST_PEOPLE = 10_000_000


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


@dataclass(slots=True, kw_only=True)
class _Haul:
    """What was found so far."""

    found: list[Found] = field(default_factory=list)
    counts: dict[str, int] = field(default_factory=dict)
    sorts: dict[str, dict[str, int]] = field(default_factory=dict)
    people: int = 0
    people_known: int = 0
    unplaced: dict[str, int] = field(default_factory=dict)

    def take(self, kind: str, things: Sequence[Found], limit: int) -> None:
        """Count things of a kind, and keep the nearest."""
        self.counts[kind] = self.counts.get(kind, 0) + len(things)
        held = self.sorts.setdefault(kind, {})
        for sort, count in Counter(one.sort for one in things).items():
            held[sort] = held.get(sort, 0) + count
        self.found += sorted(things, key=lambda one: (one.metres, one.key))[:limit]


def within(desk: Desk, connection: Connection, ask: AskWithin, without: frozenset[int] = frozenset()) -> bytes:
    """Answer `map.within`. `without`: numbers of events that are not there for the asker (veil)."""
    if not 1 <= ask.limit <= MOST_FOUND or len(ask.ring) > MOST_CORNERS:
        raise Refused("ask.out_of_range", after=len(ask.ring), limit=ask.limit, most=MOST_FOUND)
    zone = _zone(connection, ask)
    held = partial(_held, zone)
    haul = _Haul()
    _points(risk_point_table.in_box(connection, zone.box()), held, haul, ask.limit)
    haul.unplaced["risk_point"] = risk_point_table.unplaced(connection)
    _units(desk, held, haul, ask.limit)
    _events(desk, held, haul, ask.limit, without)
    _cameras(desk, held, haul, ask.limit)
    _places(desk, connection, held, haul, ask.limit)
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


Held = Callable[[Iterable[Found]], list[Found]]
"""Those of some things that lie within, with how far each is from the middle."""


def _held(zone: "Zone", things: Iterable[Found]) -> list[Found]:
    listed = list(things)
    if not listed:
        return []
    places = np.array([(one.longitude, one.latitude) for one in listed], dtype=np.float64)
    inside = np.flatnonzero(zone.holds(places[:, 0], places[:, 1]))
    metres = zone.metres(places[inside, 0], places[inside, 1])
    return [
        replace(listed[one], metres=round(away, 1)) for one, away in zip(inside.tolist(), metres.tolist(), strict=True)
    ]


def _points(spots: Sequence[Placed], held: Held, haul: _Haul, limit: int) -> None:
    by_code = {spot.code: spot for spot in spots}
    found = held(replace(_found("risk_point", spot.code, spot.name, spot), sort=spot.kind) for spot in spots)
    things = []
    for one in found:
        people = _people(risk_point_table.attributes_of(by_code[one.key]))
        haul.people_known += people is not None
        haul.people += people or 0
        things.append(one if people is None else replace(one, people=people))
    haul.take("risk_point", things, limit)


def _people(attributes: dict[str, str]) -> int | None:
    """Return the figure a risk point states; a text that is no whole number states none."""
    names = (PEOPLE, *map_headings()[PEOPLE])
    told = next((attributes[name] for name in names if name in attributes), "")
    return min(int(told), _MOST_PEOPLE) if told.isascii() and told.isdigit() else None


def _units(desk: Desk, held: Held, haul: _Haul, limit: int) -> None:
    """Units where they last said they are, else at home."""
    things, lost = [], 0
    for unit in desk.city.units.values():
        told = desk.units[unit.code][0] if unit.code in desk.units else None
        place: _Placed = told if told is not None and told.longitude is not None else unit
        if place.longitude is None or place.latitude is None:
            lost += 1
            continue
        thing = _found("unit", unit.code, unit.name, place)
        things.append(replace(thing, sort=unit.kind.value, state=told.state.value if told else "available"))
    haul.take("unit", held(things), limit)
    haul.unplaced["unit"] = lost


def _events(desk: Desk, held: Held, haul: _Haul, limit: int, without: frozenset[int]) -> None:
    things, lost = [], 0
    for event in desk.events.values():
        if event.number in without:
            continue
        if event.longitude is None or event.latitude is None:
            lost += 1
            continue
        grade = "" if event.grade is None else str(int(event.grade))
        thing = _found("event", str(event.number), event.title, event)
        things.append(replace(thing, sort=grade, state=event.state.value))
    haul.take("event", held(things), limit)
    haul.unplaced["event"] = lost


def _cameras(desk: Desk, held: Held, haul: _Haul, limit: int) -> None:
    seen = [one for one in desk.city.cameras.values() if one.label is not Label.HIDE]
    placed = [one for one in seen if one.longitude is not None and one.latitude is not None]
    things = (replace(_found("camera", one.code, one.name, one), sort=one.kind.value) for one in placed)
    haul.take("camera", held(things), limit)
    haul.unplaced["camera"] = len(seen) - len(placed)


def _places(desk: Desk, connection: Connection, held: Held, haul: _Haul, limit: int) -> None:
    """Points of the layers of places that hold today: shelters, hospitals, stores."""
    day = desk.shown(desk.clock.utc_ns())[:10]
    for layer, _ in map_table.layers(connection):
        if layer.kind is LayerKind.PLACE and holds_on(layer, day):
            haul.take("feature", held(_features(desk, layer)), limit)


def _features(desk: Desk, layer: MapLayer) -> Iterator[Found]:
    from chengyun_core.centre.map_contents import shapes_at  # noqa: PLC0415 - as in `within`
    from chengyun_core.geo.shapes import POINT  # noqa: PLC0415 - as in `within`

    shapes = shapes_at(content_of(desk, layer))
    for one in np.flatnonzero(shapes.kinds == POINT).tolist():
        x, y = shapes.coords[shapes.points[shapes.rings[shapes.parts[one]]]].tolist()
        yield Found(
            kind="feature", key=f"{layer.code}/{shapes.codes[one]}", name=shapes.names[one], longitude=x, latitude=y,
            metres=0.0, sort=layer.code,
        )  # fmt: skip


def _found(kind: str, key: str, name: str, place: _Placed) -> Found:
    return Found(
        kind=kind, key=key, name=name, longitude=place.longitude or 0.0, latitude=place.latitude or 0.0, metres=0.0
    )  # fmt: skip
