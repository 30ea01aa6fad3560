"""A whole library taken in: read and checked in a worker, written part by part, put in force by one number (0251)."""

import gc
import hashlib
import json
from collections.abc import Callable, Generator, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from functools import partial
from typing import TypeVar

from sqlalchemy import Connection, Table

from chengyun_core.centre import plan_editions
from chengyun_core.centre.desk import Desk
from chengyun_core.centre.gate import Caller
from chengyun_core.centre.ledger import Ledger
from chengyun_core.centre.plan_editions import known_of
from chengyun_core.centre.work import Work
from chengyun_core.model.audit import CENTRE
from chengyun_core.model.catalogue_rows import CellFault
from chengyun_core.model.dispatch_conditions import listed
from chengyun_core.model.failure import Reason, Refused
from chengyun_core.model.holding import Subject
from chengyun_core.model.plan import PlanBinding, PlanState, PlanTemplate, RiskPoint
from chengyun_core.model.plan_check import Known
from chengyun_core.model.plan_import import Held, Library, read, same_plan
from chengyun_core.model.warning_line import line_of
from chengyun_core.store import counters, library_stage, plan_table
from chengyun_core.store.chain_tables import PLAN_BINDINGS, RISK_POINT_VITALS, RISK_POINTS
from chengyun_core.store.library_stage import BINDING_COLUMNS, POINT_COLUMNS, VITAL_COLUMNS
from chengyun_core.wire import codec
from chengyun_core.wire.envelope import Done
from chengyun_core.wire.plan_body import import_of

T = TypeVar("T")
KIND, KEY = "plan_library", "library"
COUNTER = library_stage.CHANGES
"""Counts what changed of risk points and bindings, imports and single deeds alike."""
SWEEP = "plan_sweep"
"""What the desk waits for when rows of libraries that are not in force may be left; the key's second part: up to which
number they are nobody's."""
AT_ONCE = 400
"""Rows written, or taken away, in one transaction; between two of them everybody else is served."""
Part = Callable[[Work], None]
Rows = list[tuple[object, ...]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Built:
    """An import ready to be written. Rows hold texts, figures and bytes alone: the collector need not walk them."""

    templates: tuple[PlanTemplate, ...]
    base: dict[tuple[str, int], int]
    """(code, edition) → version it was checked against."""
    counted: int
    """What COUNTER said when it was checked."""
    points: Rows | None
    vitals: Rows = field(default_factory=list)
    bindings: Rows = field(default_factory=list)
    counts: tuple[int, int, int] = (0, 0, 0)
    """How many points, vitals that watch them and bindings there are; the rows are given away as they are written."""
    warnings: tuple[Reason, ...] = ()
    digest: str
    """SHA-256 of what is written, hexadecimal."""
    number: int = 0
    """Of the library as it was written; 0: it brought no risk points."""


def subjects(desk: Desk, work: Work, command: object) -> tuple[Subject, ...]:
    """Return the whole city."""
    return plan_editions.subjects(desk, work, command)


def prepare(desk: Desk, connection: Connection, body: bytes) -> Callable[[], Built]:
    """Return the slow part: every cell read and checked, every record packed. `body`: as it came (Handler.is_great)."""
    held = {(one.code, one.edition): one for one in plan_table.all_templates(connection)}
    known = known_of(desk)
    able = frozenset(code for unit in desk.city.units.values() for code in listed(unit.capabilities))
    counted = counters.last(connection, COUNTER)
    return lambda: _built(body, known, Held(templates=held, capabilities=able), counted)


def stage(desk: Desk, built: Built) -> Generator[Part, None, Built]:
    """Yield what writes the library beside the one in force, a part at a time; return it with its number.

    Whatever comes of it, rows of a number that is not in force are swept away afterwards.
    """
    if built.points is None:
        return built
    number: list[int] = []
    try:
        yield lambda work: number.append(library_stage.begin(work.connection))
        for table, columns, rows in (
            (RISK_POINTS, POINT_COLUMNS, built.points), (RISK_POINT_VITALS, VITAL_COLUMNS, built.vitals),
            (PLAN_BINDINGS, BINDING_COLUMNS, built.bindings),
        ):  # fmt: skip
            while rows:
                some = rows[-AT_ONCE:]
                yield partial(_write, number[-1], table, columns, some)
                del rows[-AT_ONCE:]
        return replace(built, number=number[-1])
    finally:
        if number:
            await_sweep(desk, number[-1])


def take(desk: Desk, work: Work, caller: Caller, body: bytes, built: Built) -> Done:  # noqa: ARG001 - see HANDLERS
    """Put an import in force in one transaction; editions in force only as who stands at the machine (P6)."""
    if caller.session is not None and any(one.state is PlanState.IN_FORCE for one in built.templates):
        raise Refused("plan.import_in_force")
    known = {(one.code, one.edition): one for one in plan_table.all_templates(work.connection)}
    for (code, edition), version in built.base.items():
        held = known.get((code, edition))
        if (held.version if held else 0) != version:
            raise Refused("plan.changed_meanwhile", template=code, edition=edition)
    if built.number:
        _check_whole(work.connection, built)
    in_force = {code for (code, _), one in known.items() if one.state is PlanState.IN_FORCE}
    written = sum(
        _write_template(work, one, known.get((one.code, one.edition)), replaces=one.code in in_force)
        for one in built.templates
    )
    number = counters.take(work.connection, COUNTER, 1)
    told: dict[str, object] = {"digest": built.digest, "templates": written}
    if built.number:
        told |= {"library": built.number, "points": built.counts[0], "bindings": built.counts[2]}
    change = work.note("plan.import", KIND, KEY, number, params=told)
    if built.number:
        library_stage.put_in_force(work.connection, built.number)
    return Done(change=change, key=KEY, version=number, warnings=tuple(line_of(one) for one in built.warnings))


def _check_whole(connection: Connection, built: Built) -> None:
    """Refuse a library written over somebody's single deed, or not there to the last row: when the file was opened anew
    meanwhile, its rows were taken for left over.
    """
    written = library_stage.counts(connection, built.number)
    if counters.last(connection, COUNTER) != built.counted or written != built.counts:
        raise Refused("plan.points_changed_meanwhile")


def load(desk: Desk, connection: Connection) -> None:
    """Have what an import left that never ended swept away, at start: none can be under way."""
    begun = library_stage.last_begun(connection)
    if begun:
        await_sweep(desk, begun)


def await_sweep(desk: Desk, bound: int) -> None:
    """Have rows up to a number swept away as soon as the loop has time."""
    desk.due.wait((SWEEP, str(bound)), desk.clock.utc_ns())


def tend(desk: Desk, ledger: Ledger) -> None:
    """Take some rows away that nobody reads; called by the loop."""
    timer = next((key for key in desk.due.due() if key[0] == SWEEP), None)
    if timer is None:
        return
    with ledger.work(CENTRE) as work:
        more = library_stage.sweep(work.connection, int(timer[1]), AT_ONCE)
    desk.due.wait(timer, desk.clock.utc_ns() if more else None)


def _write(number: int, table: Table, columns: Sequence[str], rows: Rows, work: Work) -> None:
    library_stage.write(work.connection, number, table, columns, rows)


def _write_template(work: Work, given: PlanTemplate, held: PlanTemplate | None, *, replaces: bool) -> bool:
    """Write an edition of an import; return whether it was not there as it is. `replaces`: another one is in force."""
    if held is not None and same_plan(held, given) and (held.state, held.drilled) == (given.state, given.drilled):
        return False
    if held is not None and held.state is not PlanState.DRAFT:
        # Its words are the same: only the day of its last drill may have come on.
        if given.drilled > held.drilled:
            plan_editions.put(work, replace(held, drilled=given.drilled, version=held.version + 1), "plan.note_drill")
        return given.drilled > held.drilled
    version = held.version + 1 if held else 1
    made = replace(given, approved_at=work.at_ns, version=version)
    if given.state is PlanState.IN_FORCE and replaces:
        plan_editions.enforce(work, made, "plan.import")
    elif given.state is PlanState.IN_FORCE:
        plan_editions.put(work, made, "plan.import")
    else:
        plan_editions.put(work, replace(given, version=version), "plan.import")
    return True


def _built(body: bytes, known: Known, held: Held, counted: int) -> Built:
    with _uncollected():
        command = import_of(body)
        library, faults = read(command.tables, known, held)
        _give_back(list(command.tables.values()))
        if faults:
            raise _faulty(faults, command.origin)
        bare = replace(library, points=None, bindings=None)
        points, bindings = list(library.points or ()), list(library.bindings or ())
        brings_points = library.points is not None
        # The only names of the great tuples are gone with this line: what they held is given back record by record.
        del library
        return _packed(bare, points if brings_points else None, bindings, held, counted)


def _packed(
    library: Library, points: list[RiskPoint] | None, bindings: list[PlanBinding], held: Held, counted: int
) -> Built:  # fmt: skip
    digest = hashlib.sha256()

    def packed(record: object) -> bytes:
        data = codec.pack(record)
        digest.update(len(data).to_bytes(8, "big") + data)
        return data

    for template in library.templates:
        packed(template)
    vitals: Rows = [(vital, one.code) for one in points or () for vital in dict.fromkeys(one.vitals)]
    placed: Rows = [
        (one.code, one.name, one.centre, one.kind, one.longitude, one.latitude, packed(one)) for one in _taken(points)
    ]
    bound: Rows = [(one.risk_point, one.template, packed(one)) for one in _taken(bindings)]
    return Built(
        templates=library.templates, counted=counted, points=None if points is None else placed, vitals=vitals,
        base={(one.code, one.edition): _version(held, one) for one in library.templates}, bindings=bound,
        counts=(len(placed), len(vitals), len(bound)), warnings=library.warnings, digest=digest.hexdigest(),
    )  # fmt: skip


def _taken(records: list[T] | None) -> Iterator[T]:
    """Yield records from the end, each given back as soon as it is done with."""
    while records:
        yield records.pop()


def _give_back(tables: list[list[dict[str, str]]]) -> None:
    """Empty great lists by parts: given back in one go they would hold up every other thread."""
    for rows in tables:
        while rows:
            del rows[-AT_ONCE:]


@contextmanager
def _uncollected() -> Iterator[None]:
    """Keep the collector from walking a million new objects, 0.2 s each time, in which no thread does anything."""
    gc.disable()
    try:
        yield
    finally:
        gc.enable()


def _version(held: Held, one: PlanTemplate) -> int:
    known = held.templates.get((one.code, one.edition))
    return known.version if known else 0


def _faulty(faults: list[CellFault], origin: dict[str, str]) -> Refused:
    told = [
        {"file": origin.get(one.table, one.table), "line": one.line, "column": one.column, "value": one.value,
         "code": one.code, "params": one.params}
        for one in faults
    ]  # fmt: skip
    first = told[0]
    return Refused(
        "plan.faults", count=len(told), file=first["file"], line=first["line"], column=first["column"],
        value=first["value"], reason=first["code"], faults=json.dumps(told, ensure_ascii=False),
    )  # fmt: skip
