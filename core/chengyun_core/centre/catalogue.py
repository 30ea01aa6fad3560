"""The catalogue: an import checked and built in a worker, then put in force in one transaction."""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace

from sqlalchemy import Connection

from chengyun_core.centre import alarms, camera_catalogue, labels
from chengyun_core.centre.city import City, city_of
from chengyun_core.centre.desk import Desk
from chengyun_core.centre.gate import Caller
from chengyun_core.centre.realign import realign
from chengyun_core.centre.work import Work
from chengyun_core.model.alarm_rules import removed
from chengyun_core.model.audit import CENTRE
from chengyun_core.model.catalogue import Catalogue
from chengyun_core.model.catalogue_build import Numbers, build
from chengyun_core.model.catalogue_check import check, warnings
from chengyun_core.model.catalogue_rows import CellFault
from chengyun_core.model.change import CatalogueRecord
from chengyun_core.model.command import ImportCatalogue
from chengyun_core.model.failure import Refused
from chengyun_core.model.holding import Subject
from chengyun_core.model.warning_line import line_of
from chengyun_core.store import alarm_table, catalogue_table, threshold_log
from chengyun_core.store.catalogue_table import StoredCatalogue
from chengyun_core.wire import codec
from chengyun_core.wire.endpoints import MAX_IMPORT_BYTES
from chengyun_core.wire.envelope import Done

KEY = "in_force"
"""There is one catalogue; its changes merge by version."""
_ROOM = 1 << 16
"""What an envelope takes beside its body, with room to spare."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Built:
    """A version ready to be put in force."""

    base: int
    """Version it was built upon."""
    numbers: tuple[Numbers, Numbers] | None
    """Numbers given before and with it; None: it gives none."""
    catalogue: Catalogue
    city: City
    packed: bytes
    content: bytes
    digest: bytes
    warnings: tuple[str, ...] = ()
    """Lines of model.warning_line."""
    published: bytes = b""
    """What consoles and ingest get of it."""


def subjects(desk: Desk, work: Work, command: ImportCatalogue) -> tuple[Subject, ...]:  # noqa: ARG001 - see HANDLERS
    """Return the whole city."""
    return (Subject(name=KEY, path=desk.city.path(desk.city.root())),)


def prepare_import(desk: Desk, connection: Connection, command: ImportCatalogue) -> Callable[[], Built]:
    """Return the slow part: every cell checked, numbers given, the version packed."""
    base, before, sets = desk.city.version, catalogue_table.numbers(connection), desk.city.scope_sets
    return lambda: _built(command, base, before, sets)


def put_in_force(desk: Desk, work: Work, caller: Caller, command: ImportCatalogue, built: Built) -> Done:  # noqa: ARG001
    """Make an import the version in force; alarms of vitals that it no longer names are closed."""
    return put(desk, work, built, "catalogue.import")


def put(desk: Desk, work: Work, built: Built, action: str, params: Mapping[str, object] | None = None) -> Done:
    """Make a version the one in force, in this unit of work; Refused when another one came between."""
    if built.base != desk.city.version:
        raise Refused("catalogue.changed_meanwhile", version=desk.city.version)
    record = _record_of(built.catalogue)
    told = {"digest": built.digest.hex(), **(params or {})}
    change = work.note(action, "catalogue", KEY, record.version, record, params=told)
    catalogue_table.add(
        work.connection,
        StoredCatalogue(record=record, content=built.content, digest=built.digest, at_ns=work.at_ns, change=change),
    )
    if built.numbers is not None:
        catalogue_table.keep_numbers(work.connection, *built.numbers)
    _close_removed(desk, work, built)
    realign(desk, work, built.city)
    work.after_commit(lambda: _adopt(desk, built))
    if action == threshold_log.SWITCH_MODE:
        work.after_commit(lambda: desk.only_sets.__setitem__(built.catalogue.version, built.base))
    return Done(change=change, key=KEY, version=record.version, warnings=built.warnings)


def load(desk: Desk, connection: Connection) -> None:
    """Take the version in force from the database, at start."""
    stored = catalogue_table.get(connection, 0)
    if stored is not None:
        desk.packed = catalogue_table.unsqueezed(stored)
        desk.published = camera_catalogue.published(desk.packed)
        desk.city = city_of(codec.unpack(desk.packed, Catalogue))
        labels.lay_over_cameras(desk)


def _built(command: ImportCatalogue, base: int, before: Numbers, sets: Mapping[str, str]) -> Built:
    faults = check(command.tables)
    if faults:
        raise _faulty(faults, command.origin)
    catalogue, after = build(command.tables, before, base + 1)
    # No table has them: scopes in 急时 keep their sets over an import, but for a set that it no longer has.
    known = {item.code for item in catalogue.threshold_sets}
    catalogue = replace(catalogue, scope_sets={scope: code for scope, code in sets.items() if code in known})
    told = tuple(line_of(reason) for reason in warnings(command.tables))
    return packed_up(catalogue, base, numbers=(before, after), warned=told)


def packed_up(
    catalogue: Catalogue, base: int, *, numbers: tuple[Numbers, Numbers] | None = None, warned: tuple[str, ...] = (),
    city: City | None = None,
) -> Built:  # fmt: skip
    """Return a catalogue ready to be put in force. Slow (packing, compressing): for a worker.

    city: indices over it, when they are known; None: they are made.
    """
    packed = codec.pack(catalogue)
    if len(packed) > MAX_IMPORT_BYTES - _ROOM:
        raise Refused("catalogue.too_large", size=len(packed), most=MAX_IMPORT_BYTES - _ROOM)
    content, digest = catalogue_table.squeezed(packed)
    return Built(
        base=base, numbers=numbers, catalogue=catalogue, city=city or city_of(catalogue), packed=packed,
        content=content, digest=digest, warnings=warned, published=camera_catalogue.published(packed),
    )  # fmt: skip


def _faulty(faults: list[CellFault], origin: dict[str, str]) -> Refused:
    told = [
        {
            "file": origin.get(fault.table, fault.table),
            "line": fault.line,
            "column": fault.column,
            "value": fault.value,
            "code": fault.code,
            "params": fault.params,
        }
        for fault in faults
    ]
    first = told[0]
    return Refused(
        "catalogue.faults",
        count=len(told),
        file=first["file"],
        line=first["line"],
        column=first["column"],
        value=first["value"],
        reason=first["code"],
        faults=json.dumps(told, ensure_ascii=False),
    )


def _close_removed(desk: Desk, work: Work, built: Built) -> None:
    told = {"reason": "vital_gone", "version": built.catalogue.version}
    for alarm, _ in alarm_table.living(work.connection):
        if alarm.vital not in built.city.vitals:
            ended = removed(alarm, work.at_ns)
            alarms.put(desk, work, ended, "alarm.close", CENTRE, told)


def _adopt(desk: Desk, built: Built) -> None:
    desk.city, desk.packed, desk.published = built.city, built.packed, built.published
    labels.lay_over_cameras(desk)


def _record_of(catalogue: Catalogue) -> CatalogueRecord:
    return CatalogueRecord(
        version=catalogue.version,
        threshold_set=catalogue.set_in_force(),
        vitals=sum(not vital.retired for vital in catalogue.vitals),
        devices=sum(device.count for device in catalogue.devices),
        scope_sets=dict(catalogue.scope_sets),
    )
