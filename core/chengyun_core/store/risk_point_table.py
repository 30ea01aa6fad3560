"""Risk points and what is bound to them, as rows: found by code, by place on the map, by words."""

import math
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import TypeVar

from sqlalchemy import ColumnElement, Connection, Table, delete, func, insert, or_, select, tuple_
from sqlalchemy.sql.expression import Tuple

from chengyun_core.model.geo import METRES_A_DEGREE, metres_between
from chengyun_core.model.plan import PlanBinding, RiskPoint
from chengyun_core.store.chain_tables import PLAN_BINDINGS, RISK_POINT_VITALS, RISK_POINTS
from chengyun_core.wire import codec

T = TypeVar("T")
Found = tuple[RiskPoint, float]
"""A risk point and how many metres away it is."""
Breathe = Callable[[], None]
"""Called between two statements of a long write, so that heartbeats go on."""
Key = tuple[str, str]
"""(risk point, template): what a binding is found by."""
_AT_ONCE = 2000
"""Rows written in one statement; between two of them whoever writes takes a breath."""
_IN_LIST = 500


@dataclass(frozen=True, slots=True, kw_only=True)
class Word:
    """One word of a search, with what else it may mean than a part of a risk point's name or code."""

    text: str
    templates: tuple[str, ...] = ()
    """Codes of templates whose name holds it."""
    centres: tuple[str, ...] = ()
    """Codes of centres whose name holds it, and of those below them."""


def point(connection: Connection, code: str) -> RiskPoint | None:
    """Return one risk point."""
    packed = connection.execute(select(RISK_POINTS.c.record).where(RISK_POINTS.c.code == code)).scalar_one_or_none()
    return None if packed is None else codec.unpack(packed, RiskPoint)


def near(connection: Connection, longitude: float, latitude: float, radius_m: float, most: int = 200) -> list[Found]:
    """Return the risk points within `radius_m` metres, the nearest first; those without a place are never near."""
    high = radius_m / METRES_A_DEGREE
    wide = min(180.0, high / max(0.01, math.cos(math.radians(latitude))))
    wanted = (
        RISK_POINTS.c.latitude.between(latitude - high, latitude + high),
        RISK_POINTS.c.longitude.between(longitude - wide, longitude + wide),
    )
    columns = select(RISK_POINTS.c.code, RISK_POINTS.c.longitude, RISK_POINTS.c.latitude).where(*wanted)
    rows = connection.execute(columns).all()
    away = sorted((metres_between(longitude, latitude, row.longitude, row.latitude), row.code) for row in rows)
    chosen = {code: metres for metres, code in away[:most] if metres <= radius_m}
    held = points(connection, chosen)
    return [(held[code], metres) for code, metres in chosen.items()]


def points(connection: Connection, codes: Iterable[str]) -> dict[str, RiskPoint]:
    """Return risk points by code; unknown codes are left out."""
    found: dict[str, RiskPoint] = {}
    for some in _chunks(sorted(set(codes)), _IN_LIST):
        rows = connection.execute(select(RISK_POINTS.c.record).where(RISK_POINTS.c.code.in_(some))).scalars()
        found.update((held.code, held) for held in (codec.unpack(packed, RiskPoint) for packed in rows))
    return found


def bindings_at(connection: Connection, codes: Iterable[str]) -> list[PlanBinding]:
    """Return what is bound to these risk points, by risk point and template."""
    found: list[PlanBinding] = []
    for some in _chunks(sorted(set(codes)), _IN_LIST):
        columns = select(PLAN_BINDINGS.c.record).where(PLAN_BINDINGS.c.risk_point.in_(some))
        rows = connection.execute(columns.order_by(PLAN_BINDINGS.c.risk_point, PLAN_BINDINGS.c.template)).scalars()
        found += [codec.unpack(packed, PlanBinding) for packed in rows]
    return found


def binding(connection: Connection, risk_point: str, template: str) -> PlanBinding | None:
    """Return one binding."""
    wanted = (PLAN_BINDINGS.c.risk_point == risk_point, PLAN_BINDINGS.c.template == template)
    packed = connection.execute(select(PLAN_BINDINGS.c.record).where(*wanted)).scalar_one_or_none()
    return None if packed is None else codec.unpack(packed, PlanBinding)


def bound(connection: Connection) -> dict[str, int]:
    """Return how many risk points each template is bound to."""
    columns = select(PLAN_BINDINGS.c.template, func.count().label("many")).group_by(PLAN_BINDINGS.c.template)
    return {row.template: row.many for row in connection.execute(columns)}


def page(connection: Connection, after: str, limit: int) -> list[RiskPoint]:
    """Return risk points by code, those after a code, `limit` at most."""
    columns = select(RISK_POINTS.c.record).where(RISK_POINTS.c.code > after).order_by(RISK_POINTS.c.code).limit(limit)
    return [codec.unpack(packed, RiskPoint) for packed in connection.execute(columns).scalars()]


def count_points(connection: Connection) -> int:
    """Return how many risk points there are."""
    return connection.execute(select(func.count()).select_from(RISK_POINTS)).scalar_one()


def without_plan(connection: Connection, limit: int) -> tuple[int, list[RiskPoint]]:
    """Return how many risk points nothing is bound to, and the first of them."""
    bare = RISK_POINTS.c.code.not_in(select(PLAN_BINDINGS.c.risk_point))
    many = connection.execute(select(func.count()).select_from(RISK_POINTS).where(bare)).scalar_one()
    first = select(RISK_POINTS.c.record).where(bare).order_by(RISK_POINTS.c.code).limit(limit)
    return many, [codec.unpack(packed, RiskPoint) for packed in connection.execute(first).scalars()]


def search(
    connection: Connection, words: Sequence[Word], after: Key | None, limit: int
) -> list[Key]:  # fmt: skip
    """Return the bound plans that hold every word, in the order of their keys, after a key."""
    joined = PLAN_BINDINGS.join(RISK_POINTS, RISK_POINTS.c.code == PLAN_BINDINGS.c.risk_point)
    statement = select(PLAN_BINDINGS.c.risk_point, PLAN_BINDINGS.c.template).select_from(joined)
    for word in words:
        statement = statement.where(_holds(word))
    if after is not None:
        statement = statement.where(_key() > after)
    ordered = statement.order_by(PLAN_BINDINGS.c.risk_point, PLAN_BINDINGS.c.template).limit(limit)
    return [(row.risk_point, row.template) for row in connection.execute(ordered)]


def replace_points(
    connection: Connection, held: Sequence[tuple[RiskPoint, bytes]], change: int, breathe: Breathe
) -> None:  # fmt: skip
    """Have these be all risk points there are, each with its packed record; what is the same already is not written."""
    key = RISK_POINTS.c.code
    known = {row.code: row.record for row in connection.execute(select(key, RISK_POINTS.c.record))}
    new = [(one, packed) for one, packed in held if known.get(one.code) != packed]
    stale = [*(known.keys() - {one.code for one, _ in held}), *(one.code for one, _ in new if one.code in known)]
    for some in _chunks(stale, _IN_LIST):
        connection.execute(delete(RISK_POINTS).where(key.in_(some)))
    rows = (
        {"code": one.code, "name": one.name, "centre": one.centre, "kind": one.kind, "longitude": one.longitude,
         "latitude": one.latitude, "record": packed, "change": change}
        for one, packed in new
    )  # fmt: skip
    _insert(connection, RISK_POINTS, rows, breathe)
    if stale or new:
        connection.execute(delete(RISK_POINT_VITALS))
        watching = ({"vital": vital, "risk_point": one.code} for one, _ in held for vital in dict.fromkeys(one.vitals))
        _insert(connection, RISK_POINT_VITALS, watching, breathe)


def replace_bindings(
    connection: Connection, held: Sequence[tuple[PlanBinding, bytes]], change: int, breathe: Breathe
) -> None:  # fmt: skip
    """Have these be all bindings there are, each with its packed record; what is the same already is not written."""
    columns = select(PLAN_BINDINGS.c.risk_point, PLAN_BINDINGS.c.template, PLAN_BINDINGS.c.record)
    known = {(row.risk_point, row.template): row.record for row in connection.execute(columns)}
    keyed = [((one.risk_point, one.template), one, packed) for one, packed in held]
    new = [(key, one, packed) for key, one, packed in keyed if known.get(key) != packed]
    stale = [*(known.keys() - {key for key, _, _ in keyed}), *(key for key, _, _ in new if key in known)]
    for some in _chunks(stale, _IN_LIST // 2):
        connection.execute(delete(PLAN_BINDINGS).where(_key().in_(some)))
    rows = (
        {"risk_point": one.risk_point, "template": one.template, "record": packed, "change": change}
        for _, one, packed in new
    )
    _insert(connection, PLAN_BINDINGS, rows, breathe)


def put_binding(connection: Connection, held: PlanBinding, change: int, *, kept: bool) -> None:
    """Write one binding anew, or take it away when it is not kept."""
    wanted = (PLAN_BINDINGS.c.risk_point == held.risk_point, PLAN_BINDINGS.c.template == held.template)
    connection.execute(delete(PLAN_BINDINGS).where(*wanted))
    if kept:
        row = {"risk_point": held.risk_point, "template": held.template, "record": codec.pack(held), "change": change}
        connection.execute(insert(PLAN_BINDINGS).values(**row))


def watched_by(connection: Connection, vitals: Iterable[str]) -> list[str]:
    """Return the codes of the risk points that these vitals watch."""
    column = RISK_POINT_VITALS.c.risk_point
    wanted = RISK_POINT_VITALS.c.vital.in_(sorted(set(vitals))[:_IN_LIST])
    return list(connection.execute(select(column).where(wanted).order_by(column).distinct()).scalars())


def _insert(connection: Connection, table: Table, rows: Iterator[Mapping[str, object]], breathe: Breathe) -> None:
    """Write rows without what SQLAlchemy does to each of them, which takes longer than the database itself."""
    compiled = insert(table).compile(dialect=connection.dialect)
    names, text = compiled.positiontup, str(compiled)
    while some := list(islice(rows, _AT_ONCE)):
        given = some if names is None else [tuple(row[name] for name in names) for row in some]
        connection.exec_driver_sql(text, given)
        breathe()


def _holds(word: Word) -> ColumnElement[bool]:
    # Lowered on both sides: LIKE minds case in one dialect and not in another.
    names = (RISK_POINTS.c.name, RISK_POINTS.c.code)
    ways = [func.lower(name).contains(word.text.lower(), autoescape=True) for name in names]
    ways += [PLAN_BINDINGS.c.template.in_(some) for some in _chunks(word.templates, _IN_LIST)]
    ways += [RISK_POINTS.c.centre.in_(some) for some in _chunks(word.centres, _IN_LIST)]
    return or_(*ways)


def _key() -> Tuple:
    return tuple_(PLAN_BINDINGS.c.risk_point, PLAN_BINDINGS.c.template)


def _chunks(whole: Sequence[T], size: int) -> Iterator[Sequence[T]]:
    return (whole[start : start + size] for start in range(0, len(whole), size))
