"""Templates of plans and what runs of them, as rows: columns to find by, and the whole record packed."""

from collections.abc import Iterable
from functools import cache

from sqlalchemy import Connection, Select, bindparam, insert, or_, select, update

from chengyun_core.model.plan import PlanRun, PlanState, PlanTemplate, RunState
from chengyun_core.store.chain_tables import PLAN_RUNS, PLAN_TEMPLATES
from chengyun_core.store.value_list import among, among_named
from chengyun_core.wire import codec

RUN_COUNTER = "plan_run"


def template(connection: Connection, code: str, edition: int) -> PlanTemplate | None:
    """Return one edition of a template, None when there is none."""
    wanted = (PLAN_TEMPLATES.c.code == code, PLAN_TEMPLATES.c.edition == edition)
    packed = connection.execute(select(PLAN_TEMPLATES.c.record).where(*wanted)).scalar_one_or_none()
    return None if packed is None else codec.unpack(packed, PlanTemplate)


def editions(connection: Connection, code: str) -> list[PlanTemplate]:
    """Return every edition of a template, oldest first."""
    statement = select(PLAN_TEMPLATES.c.record).where(PLAN_TEMPLATES.c.code == code)
    return _templates(connection, statement.order_by(PLAN_TEMPLATES.c.edition))


def in_force(connection: Connection, codes: Iterable[str]) -> list[PlanTemplate]:
    """Return the editions in force of these templates, by code; a template has one at most."""
    return _templates(connection, _in_force().where(among(connection, PLAN_TEMPLATES.c.code, codes)))


def in_force_for(connection: Connection, matter: str, codes: Iterable[str]) -> list[PlanTemplate]:
    """Return the templates in force that answer a matter ("": none does) or have one of these codes, by code."""
    asked = {"asked": matter} if matter else {}
    rows = connection.execute(_fitting(connection.dialect.name, *asked), {**asked, "codes": sorted(set(codes))})
    return [codec.unpack(packed, PlanTemplate) for packed in rows.scalars()]


@cache
def _fitting(dialect: str, asked: str = "") -> Select[bytes]:
    """Return the statement, made once; asked: the name a matter is bound by."""
    named = among_named(dialect, PLAN_TEMPLATES.c.code, "codes")
    return _in_force().where(or_(PLAN_TEMPLATES.c.matter == bindparam(asked), named) if asked else named)


def all_in_force(connection: Connection) -> list[PlanTemplate]:
    """Return every template in force, by code."""
    return _templates(connection, _in_force())


def newest(connection: Connection) -> list[PlanTemplate]:
    """Return every edition that is not retired, by code and edition: what the library shows."""
    living = select(PLAN_TEMPLATES.c.record).where(PLAN_TEMPLATES.c.state != PlanState.RETIRED.value)
    return _templates(connection, living.order_by(PLAN_TEMPLATES.c.code, PLAN_TEMPLATES.c.edition))


def all_templates(connection: Connection) -> list[PlanTemplate]:
    """Return every edition of every template, by code and edition."""
    columns = select(PLAN_TEMPLATES.c.record)
    return _templates(connection, columns.order_by(PLAN_TEMPLATES.c.code, PLAN_TEMPLATES.c.edition))


def put_template(connection: Connection, held: PlanTemplate, change: int) -> None:
    """Write an edition, new or known, with the journal number of its last change."""
    row = {
        "state": held.state.value, "matter": held.matter, "name": held.name, "record": codec.pack(held),
        "version": held.version, "change": change,
    }  # fmt: skip
    wanted = (PLAN_TEMPLATES.c.code == held.code, PLAN_TEMPLATES.c.edition == held.edition)
    if connection.execute(update(PLAN_TEMPLATES).where(*wanted).values(**row)).rowcount == 0:
        connection.execute(insert(PLAN_TEMPLATES).values(code=held.code, edition=held.edition, **row))


def run(connection: Connection, number: int) -> PlanRun | None:
    """Return one run, living or ended."""
    packed = connection.execute(select(PLAN_RUNS.c.record).where(PLAN_RUNS.c.number == number)).scalar_one_or_none()
    return None if packed is None else codec.unpack(packed, PlanRun)


def runs_of(connection: Connection, event: int) -> list[PlanRun]:
    """Return the runs of an event, oldest first."""
    statement = select(PLAN_RUNS.c.record).where(PLAN_RUNS.c.event == event).order_by(PLAN_RUNS.c.number)
    return [codec.unpack(packed, PlanRun) for packed in connection.scalars(statement)]


def living_runs(connection: Connection) -> list[tuple[PlanRun, int]]:
    """Return the runs that run, with the journal number of their last change, by number."""
    columns = select(PLAN_RUNS.c.record, PLAN_RUNS.c.change).where(PLAN_RUNS.c.living.is_(True))
    rows = connection.execute(columns.order_by(PLAN_RUNS.c.number))
    return [(codec.unpack(row.record, PlanRun), row.change) for row in rows]


def put_run(connection: Connection, held: PlanRun, change: int) -> None:
    """Write a run, new or known, with the journal number of its last change."""
    row = {
        "event": held.event, "living": held.state is RunState.RUNNING, "record": codec.pack(held),
        "version": held.version, "change": change,
    }  # fmt: skip
    if connection.execute(update(PLAN_RUNS).where(PLAN_RUNS.c.number == held.number).values(**row)).rowcount == 0:
        connection.execute(insert(PLAN_RUNS).values(number=held.number, **row))


def _in_force() -> Select[bytes]:
    wanted = select(PLAN_TEMPLATES.c.record).where(PLAN_TEMPLATES.c.state == PlanState.IN_FORCE.value)
    return wanted.order_by(PLAN_TEMPLATES.c.code)


def _templates(connection: Connection, statement: Select[bytes]) -> list[PlanTemplate]:
    return [codec.unpack(packed, PlanTemplate) for packed in connection.execute(statement).scalars()]
