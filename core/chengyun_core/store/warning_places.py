"""Places whose position the centre knows, for the area of a warning: risk points, with the centre each belongs to."""

from collections.abc import Iterable
from typing import NamedTuple

from sqlalchemy import Connection, func, select

from chengyun_core.store import library_stage
from chengyun_core.store.chain_tables import RISK_POINTS
from chengyun_core.store.value_list import among

_HERE = library_stage.here(RISK_POINTS)
_IN_LIST = 500
Box = tuple[float, float, float, float]
"""(west, south, east, north) in degrees."""


class Spot(NamedTuple):
    """One place."""

    code: str
    """Of the risk point; empty: no risk point."""
    centre: str
    longitude: float
    latitude: float


def in_box(connection: Connection, box: Box) -> list[Spot]:
    """Return the risk points in a box."""
    west, south, east, north = box
    columns = select(RISK_POINTS.c.code, RISK_POINTS.c.centre, RISK_POINTS.c.longitude, RISK_POINTS.c.latitude)
    wanted = (_HERE, RISK_POINTS.c.latitude.between(south, north), RISK_POINTS.c.longitude.between(west, east))
    return [Spot(*row) for row in connection.execute(columns.where(*wanted))]


def counts(connection: Connection, centres: Iterable[str]) -> dict[str, int]:
    """Return how many risk points each of these centres has; one with none is left out."""
    codes = sorted(set(centres))
    found: dict[str, int] = {}
    for start in range(0, len(codes), _IN_LIST):
        some = among(connection, RISK_POINTS.c.centre, codes[start : start + _IN_LIST])
        columns = select(RISK_POINTS.c.centre, func.count()).where(_HERE, some).group_by(RISK_POINTS.c.centre)
        found.update((row[0], row[1]) for row in connection.execute(columns))
    return found
