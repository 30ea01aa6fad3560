"""How every unit stands now, for whoever proposes whom to call: the catalogue, open receipts, what each said last."""

from dataclasses import replace

from sqlalchemy import Connection

from chengyun_core.centre import units
from chengyun_core.centre.desk import Desk
from chengyun_core.model.dispatch import Unit, UnitRecord
from chengyun_core.model.dispatch_call import Standing
from chengyun_core.model.dispatch_conditions import listed
from chengyun_core.model.dispatch_rules import Roster, roster_of
from chengyun_core.store.record_log import RecordLog

LOG = RecordLog("unit", UnitRecord)


def roster(desk: Desk, connection: Connection) -> Roster:
    """Return how the units of the catalogue in force stand, those of this very transaction included."""
    said = {record.code: record for record, _ in LOG.standing(connection, lambda _: True)}
    carried = units.load(connection)
    paths = {code: desk.city.path(code) for code in {unit.centre for unit in desk.city.units.values()}}
    return roster_of(
        _standing(unit, paths[unit.centre], carried.get(unit.code, 0), said.get(unit.code))
        for unit in desk.city.units.values()
    )


def loaded(held: Roster, code: str) -> Roster:
    """Return the roster with one more receipt on a unit: what is proposed for one step weighs on the next."""
    standing = held.standings[code]
    heavier = replace(standing, load=standing.load + 1)
    able = dict(held.able)
    for capability in listed(standing.unit.capabilities):
        able[capability] = [heavier if one.unit.code == code else one for one in able[capability]]
    return Roster({**held.standings, code: heavier}, able)


def _standing(unit: Unit, path: tuple[str, ...], load: int, said: UnitRecord | None) -> Standing:
    at_home = Standing(unit=unit, path=path, load=load, longitude=unit.longitude, latitude=unit.latitude)
    if said is None:
        return at_home
    known = replace(at_home, state=said.state, busy_since=said.busy_since)
    if said.longitude is None or said.latitude is None:
        return known
    return replace(known, longitude=said.longitude, latitude=said.latitude)
