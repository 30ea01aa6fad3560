"""How every unit stands: what it says of itself, how much it carries, and the guard against too much (D3, D4)."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace

from sqlalchemy import ColumnElement, Connection, and_, func, select

from chengyun_core.centre import recipients
from chengyun_core.centre.desk import Desk
from chengyun_core.centre.gate import Caller
from chengyun_core.centre.wording import clean
from chengyun_core.centre.work import Work
from chengyun_core.model.clock import NS_PER_S
from chengyun_core.model.dispatch import UnitKind, UnitRecord, UnitState
from chengyun_core.model.dispatch_call import Standing
from chengyun_core.model.dispatch_commands import TellUnitState
from chengyun_core.model.dispatch_rules import Roster
from chengyun_core.model.failure import Refused
from chengyun_core.model.holding import Subject
from chengyun_core.model.order import ReceiptState, Step
from chengyun_core.model.order_commands import Recipient
from chengyun_core.store.chain_tables import RECEIPTS
from chengyun_core.store.record_log import RecordLog
from chengyun_core.wire.envelope import Done

LOG = RecordLog("unit", UnitRecord)
_FEW = 20
"""Recipients for each of whom the load is asked for by itself; of more, everybody's is read at once."""
RESTED_NS = 3600 * NS_PER_S
"""A unit that stood ready for an hour has rested: its next work begins anew (D3). Ours."""


def load(connection: Connection) -> dict[str, int]:
    """Return recipient → how many open receipts it carries. Suspended ones are nobody's burden until they go on."""
    count = func.count().label("open")
    statement = select(RECEIPTS.c.recipient, count).where(_open()).group_by(RECEIPTS.c.recipient)
    return {row.recipient: row.open for row in connection.execute(statement)}


def load_of(connection: Connection, recipient: str) -> int:
    """Return how many open receipts one recipient carries, those of this very transaction included."""
    statement = select(func.count()).select_from(RECEIPTS).where(RECEIPTS.c.recipient == recipient, _open())
    return int(connection.execute(statement).scalar_one())


def guard_all(desk: Desk, work: Work, wanted: Sequence[Recipient]) -> None:
    """Refuse receipts for a unit that is full, unless the officer gave a reason in writing.

    wanted: in the order in which their receipts will be written, by this transaction or as it promises; each counts for
    those after it, and so does what other orders have promised and not written yet (`desk.sweeps`). Called in the
    transaction that writes them: two officers who fill the last place at once are told apart by the database, not by
    what their screens showed (D4). Posts have no capacity.

    Raises:
        Refused: `unit.full`, with load and capacity.
    """
    held = Counter(load(work.connection) if len(wanted) > _FEW else {})
    for one in wanted:
        if len(wanted) <= _FEW and one.code not in held:
            held[one.code] = load_of(work.connection, one.code)
    for promised in desk.sweeps.values():
        held.update(promised)
    for one in wanted:
        unit = desk.city.units.get(one.code)
        if unit is not None and not one.over_capacity_reason.strip() and held[one.code] >= unit.capacity:
            raise Refused("unit.full", unit=unit.code, name=unit.name, load=held[one.code], capacity=unit.capacity)
        held[one.code] += 1


def at_work(connection: Connection) -> frozenset[str]:
    """Return who has arrived somewhere and has not fed back yet."""
    steps = [step.value for step in (Step.ARRIVED, Step.HANDLING)]
    statement = select(RECEIPTS.c.recipient).where(_open(), RECEIPTS.c.step.in_(steps)).distinct()
    return frozenset(connection.execute(statement).scalars())


def roster(desk: Desk, connection: Connection) -> Roster:
    """Return how every unit of the catalogue stands now.

    A team that has arrived and not fed back yet is busy, whether it says so or not; of a department, of which others
    are still there, its load tells.
    """
    carried, working = load(connection), at_work(connection)
    changed = (code for code in carried.keys() | desk.units.keys() if code in desk.city.units)
    return desk.city.roster.with_changed(
        _standing(desk, code, carried.get(code, 0), at_work=code in working) for code in changed
    )


def subjects(desk: Desk, _work: Work, command: TellUnitState) -> tuple[Subject, ...]:
    """Return the unit, which its post owns; an unknown one has no place, and is refused to the permitted."""
    return (recipients.subject(desk.city, command.unit),) if command.unit in desk.city.units else ()


def tell(desk: Desk, work: Work, caller: Caller, command: TellUnitState) -> Done:
    """Write down how a unit stands and where it is.

    Raises:
        Refused: `unit.unknown`; `unit.changed`, with who told what when; `unit.position`, for half a position or one
            off the globe; `unit.who_said_so`, an officer told it for the unit without saying who said so.
    """
    unit = desk.city.units.get(command.unit)
    if unit is None:
        raise Refused("unit.unknown", unit=command.unit[:64])
    reason = clean(command.reason, field="reason")
    if not reason and unit.post not in {holding.post for holding in caller.holdings}:
        raise Refused("unit.who_said_so", name=unit.name)
    before, _ = desk.units.get(unit.code, (replace(_SILENT[0], code=unit.code), 0))
    if before.version != command.version:
        told = {"name": unit.name, "state": before.state.value, "who": before.told_by}
        raise Refused("unit.changed", at=desk.shown(before.told_at), version=before.version, **told)
    after = _told(work, before, command)
    change = work.note("unit.state", LOG.kind, after.code, after.version, after, params={"reason": reason})
    work.after_commit(lambda: desk.units.update({after.code: (after, change)}))
    return Done(change=change, key=after.code, version=after.version)


def keep(desk: Desk, connection: Connection) -> None:
    """Know what every unit last told, at start."""
    desk.units.clear()
    desk.units.update({record.code: (record, change) for record, change in LOG.standing(connection, lambda _: True)})


def _standing(desk: Desk, code: str, carried: int, *, at_work: bool) -> Standing:
    told, _ = desk.units.get(code, _SILENT)
    home = desk.city.roster.standings[code]
    busy = at_work and home.unit.kind is UnitKind.TEAM and told.state is UnitState.AVAILABLE
    state = UnitState.BUSY if busy else told.state
    standing = replace(home, state=state, load=carried, busy_since=told.busy_since)
    if told.longitude is None or told.latitude is None:
        return standing
    return replace(standing, longitude=told.longitude, latitude=told.latitude)


def _told(work: Work, before: UnitRecord, command: TellUnitState) -> UnitRecord:
    longitude, latitude = command.longitude, command.latitude
    if (longitude is None) != (latitude is None):
        raise Refused("unit.position", longitude=longitude, latitude=latitude)
    if longitude is None or latitude is None:
        longitude, latitude = before.longitude, before.latitude
    elif not (-180 <= longitude <= 180 and -90 <= latitude <= 90):
        raise Refused("unit.position", longitude=longitude, latitude=latitude)
    return replace(
        before, state=command.state, longitude=longitude, latitude=latitude,
        busy_since=_busy_since(work, before, command), told_at=work.at_ns, told_by=work.actor.account,
        version=before.version + 1,
    )  # fmt: skip


def _busy_since(work: Work, before: UnitRecord, command: TellUnitState) -> int | None:
    """Return since when it works without a rest: who rests or is out works no longer, who stood ready has rested."""
    if command.state in {UnitState.RESTING, UnitState.OUT}:
        return None
    rested = before.state is UnitState.AVAILABLE and work.at_ns - before.told_at >= RESTED_NS
    since = None if rested else before.busy_since
    return work.at_ns if command.state is UnitState.BUSY and since is None else since


def _open() -> ColumnElement[bool]:
    return and_(RECEIPTS.c.living.is_(True), RECEIPTS.c.state == ReceiptState.OPEN.value)


_SILENT = (UnitRecord(code="", version=0), 0)
"""A unit that never told anything: ready, at home."""
