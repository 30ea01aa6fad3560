"""Risk points and what is bound to them, as rows: found by code, by place on the map, by words."""

import math
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from typing import TypeVar

import msgspec
from sqlalchemy import ColumnElement, Connection, Select, and_, bindparam, delete, func, insert, or_, select, tuple_
from sqlalchemy.sql.expression import Tuple

from chengyun_core.model.geo import METRES_A_DEGREE, metres_between
from chengyun_core.model.plan import PlanBinding, RiskPoint
from chengyun_core.store import library_stage
from chengyun_core.store.chain_tables import PLAN_BINDINGS, RISK_POINT_VITALS, RISK_POINTS
from chengyun_core.store.value_list import among, among_named
from chengyun_core.wire import codec

T = TypeVar("T")
Found = tuple[RiskPoint, float]
"""A risk point and how many metres away it is."""
Key = tuple[str, str]
"""(risk point, template): what a binding is found by."""
_POINTS, _VITALS, _BINDINGS = map(library_stage.here, (RISK_POINTS, RISK_POINT_VITALS, PLAN_BINDINGS))
"""That a row is of the library in force."""
_PLACES = select(RISK_POINTS.c.code, RISK_POINTS.c.longitude, RISK_POINTS.c.latitude).where(
    _POINTS,
    RISK_POINTS.c.latitude.between(bindparam("south"), bindparam("north")),
    RISK_POINTS.c.longitude.between(bindparam("west"), bindparam("east")),
)
_NEAR = _PLACES.add_columns(RISK_POINTS.c.record).limit(bindparam("most"))
"""Made once: making the statements of a match took a fifth of its time."""
_IN_LIST = 500
_AT_ONCE = 300
"""Risk points of an area whose records are read with their places: a statement more costs a server more than these."""


Attributed = tuple[str, str, str, float | None, float | None, dict[str, str]]


class _Attributes(msgspec.Struct):
    attributes: dict[str, str] = {}


_ATTRIBUTES = msgspec.msgpack.Decoder(_Attributes)


@dataclass(frozen=True, slots=True, kw_only=True)
class Word:
    """One word of a search, with what else it may mean than a part of a risk point's name, code or kind."""

    text: str
    templates: tuple[str, ...] = ()
    """Codes of templates whose name holds it."""
    centres: tuple[str, ...] = ()
    """Codes of centres whose name holds it, and of those below them."""


def point(connection: Connection, code: str) -> RiskPoint | None:
    """Return one risk point."""
    packed = connection.execute(
        select(RISK_POINTS.c.record).where(_POINTS, RISK_POINTS.c.code == code)
    ).scalar_one_or_none()
    return None if packed is None else codec.unpack(packed, RiskPoint)


def near(connection: Connection, longitude: float, latitude: float, radius_m: float, most: int = 200) -> list[Found]:
    """Return the risk points within `radius_m` metres, the nearest first; those without a place are never near."""
    high = radius_m / METRES_A_DEGREE
    wide = min(180.0, high / max(0.01, math.cos(math.radians(latitude))))
    box = {"south": latitude - high, "north": latitude + high, "west": longitude - wide, "east": longitude + wide}
    rows = connection.execute(_NEAR, {**box, "most": _AT_ONCE + 1}).all()
    packed = {row.code: row.record for row in rows}
    if len(rows) > _AT_ONCE:
        # Records of a whole district are not read for the few that are nearest.
        rows, packed = connection.execute(_PLACES, box).all(), {}
    away = sorted((metres_between(longitude, latitude, row.longitude, row.latitude), row.code) for row in rows)
    chosen = {code: metres for metres, code in away[:most] if metres <= radius_m}
    held = {code: codec.unpack(packed[code], RiskPoint) for code in chosen} if packed else points(connection, chosen)
    return [(held[code], metres) for code, metres in chosen.items()]


def places(connection: Connection, after: str, limit: int) -> list[tuple[str, str, str, float | None, float | None]]:
    """Return (code, name, kind, longitude, latitude) of the risk points after a code, by code; no record is read."""
    columns = [RISK_POINTS.c[name] for name in ("code", "name", "kind", "longitude", "latitude")]
    statement = select(*columns).where(_POINTS, RISK_POINTS.c.code > after).order_by(RISK_POINTS.c.code).limit(limit)
    return [(row.code, row.name, row.kind, row.longitude, row.latitude) for row in connection.execute(statement)]


def watched(connection: Connection, first: str, last: str) -> list[tuple[str, str]]:
    """Return (vital, risk point) of what watches the risk points between two codes, both included."""
    inside = RISK_POINT_VITALS.c.risk_point.between(first, last)
    columns = select(RISK_POINT_VITALS.c.vital, RISK_POINT_VITALS.c.risk_point).where(_VITALS, inside)
    return [(row.vital, row.risk_point) for row in connection.execute(columns.order_by(RISK_POINT_VITALS.c.vital))]


def points(connection: Connection, codes: Iterable[str]) -> dict[str, RiskPoint]:
    """Return risk points by code; unknown codes are left out."""
    found: dict[str, RiskPoint] = {}
    for some in _chunks(sorted(set(codes)), _IN_LIST):
        columns = select(RISK_POINTS.c.record).where(_POINTS, among(connection, RISK_POINTS.c.code, some))
        rows = connection.execute(columns).scalars()
        found.update((held.code, held) for held in (codec.unpack(packed, RiskPoint) for packed in rows))
    return found


def bindings_at(connection: Connection, codes: Iterable[str]) -> list[PlanBinding]:
    """Return what is bound to these risk points, by risk point and template."""
    found: list[PlanBinding] = []
    for some in _chunks(sorted(set(codes)), _IN_LIST):
        rows = connection.execute(_bindings(connection.dialect.name), {"points": list(some)}).scalars()
        found += [codec.unpack(packed, PlanBinding) for packed in rows]
    return found


@cache
def _bindings(dialect: str) -> Select[bytes]:
    named = among_named(dialect, PLAN_BINDINGS.c.risk_point, "points")
    columns = select(PLAN_BINDINGS.c.record).where(_BINDINGS, named)
    return columns.order_by(PLAN_BINDINGS.c.risk_point, PLAN_BINDINGS.c.template)


def binding(connection: Connection, risk_point: str, template: str) -> PlanBinding | None:
    """Return one binding."""
    wanted = (_BINDINGS, PLAN_BINDINGS.c.risk_point == risk_point, PLAN_BINDINGS.c.template == template)
    packed = connection.execute(select(PLAN_BINDINGS.c.record).where(*wanted)).scalar_one_or_none()
    return None if packed is None else codec.unpack(packed, PlanBinding)


def bound(connection: Connection) -> dict[str, int]:
    """Return how many risk points each template is bound to."""
    columns = select(PLAN_BINDINGS.c.template, func.count().label("many")).where(_BINDINGS)
    return {row.template: row.many for row in connection.execute(columns.group_by(PLAN_BINDINGS.c.template))}


def page(connection: Connection, after: str, limit: int) -> list[RiskPoint]:
    """Return risk points by code, those after a code, `limit` at most."""
    columns = (
        select(RISK_POINTS.c.record)
        .where(_POINTS, RISK_POINTS.c.code > after)
        .order_by(RISK_POINTS.c.code)
        .limit(limit)
    )
    return [codec.unpack(packed, RiskPoint) for packed in connection.execute(columns).scalars()]


def count_points(connection: Connection) -> int:
    """Return how many risk points there are."""
    return connection.execute(select(func.count()).select_from(RISK_POINTS).where(_POINTS)).scalar_one()


def without_plan(connection: Connection, limit: int) -> tuple[int, list[RiskPoint]]:
    """Return how many risk points nothing is bound to, and the first of them."""
    bare = and_(_POINTS, RISK_POINTS.c.code.not_in(select(PLAN_BINDINGS.c.risk_point).where(_BINDINGS)))
    many = connection.execute(select(func.count()).select_from(RISK_POINTS).where(bare)).scalar_one()
    first = select(RISK_POINTS.c.record).where(bare).order_by(RISK_POINTS.c.code).limit(limit)
    return many, [codec.unpack(packed, RiskPoint) for packed in connection.execute(first).scalars()]


def find(
    connection: Connection, words: Sequence[Word], after: str, limit: int, *, bare: bool = False
) -> list[RiskPoint]:  # fmt: skip
    """Return the risk points that hold every word, by code, those after a code; `bare`: nothing is bound to them."""
    statement = select(RISK_POINTS.c.record).where(_POINTS, RISK_POINTS.c.code > after)
    for word in words:
        statement = statement.where(or_(*_ways(word)))
    if bare:
        statement = statement.where(RISK_POINTS.c.code.not_in(select(PLAN_BINDINGS.c.risk_point).where(_BINDINGS)))
    found = connection.execute(statement.order_by(RISK_POINTS.c.code).limit(limit)).scalars()
    return [codec.unpack(packed, RiskPoint) for packed in found]


def search(
    connection: Connection, words: Sequence[Word], after: Key | None, limit: int
) -> list[Key]:  # fmt: skip
    """Return the bound plans that hold every word, in the order of their keys, after a key."""
    same = and_(RISK_POINTS.c.library == PLAN_BINDINGS.c.library, RISK_POINTS.c.code == PLAN_BINDINGS.c.risk_point)
    joined = PLAN_BINDINGS.join(RISK_POINTS, same)
    statement = select(PLAN_BINDINGS.c.risk_point, PLAN_BINDINGS.c.template).select_from(joined).where(_BINDINGS)
    for word in words:
        statement = statement.where(_holds(word))
    if after is not None:
        statement = statement.where(_key() > after)
    ordered = statement.order_by(PLAN_BINDINGS.c.risk_point, PLAN_BINDINGS.c.template).limit(limit)
    return [(row.risk_point, row.template) for row in connection.execute(ordered)]


def stamp_of(connection: Connection, code: str) -> str:
    """Return a mark that changes whenever a risk point is written, "" when there is none."""
    wanted = select(RISK_POINTS.c.library, RISK_POINTS.c.change).where(_POINTS, RISK_POINTS.c.code == code)
    return _stamp(connection, wanted)


def binding_stamp(connection: Connection, risk_point: str, template: str) -> str:
    """Return a mark that changes whenever a binding is written, "" when there is none."""
    wanted = (_BINDINGS, PLAN_BINDINGS.c.risk_point == risk_point, PLAN_BINDINGS.c.template == template)
    return _stamp(connection, select(PLAN_BINDINGS.c.library, PLAN_BINDINGS.c.change).where(*wanted))


def put_point(connection: Connection, held: RiskPoint, change: int, *, kept: bool) -> None:
    """Write one risk point anew, or take it away when it is not kept."""
    library = library_stage.in_force(connection)
    connection.execute(delete(RISK_POINTS).where(_POINTS, RISK_POINTS.c.code == held.code))
    connection.execute(delete(RISK_POINT_VITALS).where(_VITALS, RISK_POINT_VITALS.c.risk_point == held.code))
    if kept:
        row = {"library": library, "code": held.code, "name": held.name, "centre": held.centre, "kind": held.kind,
               "longitude": held.longitude, "latitude": held.latitude, "record": codec.pack(held),
               "change": change}  # fmt: skip
        connection.execute(insert(RISK_POINTS).values(**row))
        for vital in dict.fromkeys(held.vitals):
            connection.execute(insert(RISK_POINT_VITALS).values(library=library, vital=vital, risk_point=held.code))


def put_binding(connection: Connection, held: PlanBinding, change: int, *, kept: bool) -> None:
    """Write one binding anew, or take it away when it is not kept."""
    wanted = (_BINDINGS, PLAN_BINDINGS.c.risk_point == held.risk_point, PLAN_BINDINGS.c.template == held.template)
    connection.execute(delete(PLAN_BINDINGS).where(*wanted))
    if kept:
        row = {"library": library_stage.in_force(connection), "risk_point": held.risk_point,
               "template": held.template, "record": codec.pack(held), "change": change}  # fmt: skip
        connection.execute(insert(PLAN_BINDINGS).values(**row))


def watched_by(connection: Connection, vitals: Iterable[str]) -> list[str]:
    """Return the codes of the risk points that these vitals watch."""
    column = RISK_POINT_VITALS.c.risk_point
    wanted = RISK_POINT_VITALS.c.vital.in_(sorted(set(vitals))[:_IN_LIST])
    return list(connection.execute(select(column).where(_VITALS, wanted).order_by(column).distinct()).scalars())


def _stamp(connection: Connection, statement: Select[int, int]) -> str:
    row = connection.execute(statement).one_or_none()
    return "" if row is None else f"{row.library}.{row.change}"


def _holds(word: Word) -> ColumnElement[bool]:
    return or_(*_ways(word), *(PLAN_BINDINGS.c.template.in_(some) for some in _chunks(word.templates, _IN_LIST)))


def _ways(word: Word) -> list[ColumnElement[bool]]:
    # Lowered on both sides: LIKE minds case in one dialect and not in another.
    names = (RISK_POINTS.c.name, RISK_POINTS.c.code, RISK_POINTS.c.kind)
    ways = [func.lower(name).contains(word.text.lower(), autoescape=True) for name in names]
    return ways + [RISK_POINTS.c.centre.in_(some) for some in _chunks(word.centres, _IN_LIST)]


def _key() -> Tuple:
    return tuple_(PLAN_BINDINGS.c.risk_point, PLAN_BINDINGS.c.template)


def _chunks(whole: Sequence[T], size: int) -> Iterator[Sequence[T]]:
    return (whole[start : start + size] for start in range(0, len(whole), size))


def with_attributes(connection: Connection) -> list[Attributed]:
    """Return (code, name, kind, longitude, latitude, attributes) of all risk points, by code.

    The rest of their records is not looked at.
    """
    columns = [RISK_POINTS.c[name] for name in ("code", "name", "kind", "longitude", "latitude", "record")]
    rows = connection.execute(select(*columns).where(_POINTS).order_by(RISK_POINTS.c.code)).all()
    return [(*row[:5], _ATTRIBUTES.decode(row[5]).attributes) for row in rows]
