"""Rounds, locks of moving cameras, evidence and what rules want kept, as rows: columns to find by, records packed."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import ColumnElement, Connection, Table, insert, or_, select, update

from chengyun_core.model.camera import CameraRound, Evidence, EvidenceWish, PtzLock
from chengyun_core.store.camera_tables import CAMERA_ROUNDS, EVIDENCE, EVIDENCE_WISHES, PTZ_LOCKS
from chengyun_core.store.value_list import among_numbers
from chengyun_core.wire import codec

ROUND_COUNTER, EVIDENCE_COUNTER, WISH_COUNTER = "camera_round", "evidence", "evidence_wish"


def round_of(connection: Connection, number: int) -> CameraRound | None:
    """Return a round as it was last written."""
    packed = _packed(connection, CAMERA_ROUNDS, CAMERA_ROUNDS.c.number == number)
    return None if packed is None else codec.unpack(packed, CameraRound)


def rounds(connection: Connection) -> list[tuple[CameraRound, int]]:
    """Return the rounds that were not removed, with the journal number of their last change."""
    return _standing(connection, CAMERA_ROUNDS, CAMERA_ROUNDS.c.removed.is_(False), CameraRound)


def put_round(connection: Connection, kept: CameraRound, change: int) -> None:
    """Write a round, new or known."""
    _put(connection, CAMERA_ROUNDS, {"number": kept.number}, kept, change, {"removed": kept.removed})


def lock_of(connection: Connection, camera: str) -> PtzLock | None:
    """Return who moved a camera last, or moves it."""
    packed = _packed(connection, PTZ_LOCKS, PTZ_LOCKS.c.camera == camera)
    return None if packed is None else codec.unpack(packed, PtzLock)


def locks(connection: Connection) -> list[tuple[PtzLock, int]]:
    """Return the locks that are held, with the journal number of their last change."""
    return _standing(connection, PTZ_LOCKS, PTZ_LOCKS.c.living.is_(True), PtzLock)


def put_lock(connection: Connection, lock: PtzLock, change: int) -> None:
    """Write who moves a camera, or that nobody does any more."""
    _put(connection, PTZ_LOCKS, {"camera": lock.camera}, lock, change, {"living": lock.ended_at is None})


def evidence(connection: Connection, number: int) -> Evidence | None:
    """Return a piece of evidence."""
    packed = _packed(connection, EVIDENCE, EVIDENCE.c.number == number)
    return None if packed is None else codec.unpack(packed, Evidence)


def put_evidence(connection: Connection, kept: Evidence, change: int) -> None:
    """Write a piece of evidence."""
    found_by = {"event": kept.event, "alarm": kept.alarm, "camera": kept.camera}
    _put(connection, EVIDENCE, {"number": kept.number}, kept, change, found_by)


def page(
    connection: Connection, *, event: int | None, alarms: Sequence[int], camera: str, before: int, limit: int
) -> list[Evidence]:
    """Return evidence below a number (0: the newest), newest first: of an event or any of the alarms, of a camera."""
    about: list[ColumnElement[bool]] = [] if event is None else [EVIDENCE.c.event == event]
    about += [among_numbers(connection, EVIDENCE.c.alarm, alarms)] if alarms else []
    statement = select(EVIDENCE.c.record).order_by(EVIDENCE.c.number.desc()).limit(limit)
    if about:
        statement = statement.where(or_(*about))
    if camera:
        statement = statement.where(EVIDENCE.c.camera == camera)
    if before:
        statement = statement.where(EVIDENCE.c.number < before)
    return [codec.unpack(packed, Evidence) for packed in connection.execute(statement).scalars()]


def newest(connection: Connection, limit: int) -> list[tuple[Evidence, int]]:
    """Return the newest evidence with the journal number of its row, oldest first."""
    statement = select(EVIDENCE.c.record, EVIDENCE.c.change).order_by(EVIDENCE.c.number.desc()).limit(limit)
    return [(codec.unpack(row.record, Evidence), row.change) for row in connection.execute(statement)][::-1]


def wish(connection: Connection, number: int) -> EvidenceWish | None:
    """Return what a rule wants kept."""
    packed = _packed(connection, EVIDENCE_WISHES, EVIDENCE_WISHES.c.number == number)
    return None if packed is None else codec.unpack(packed, EvidenceWish)


def wishes(connection: Connection) -> list[tuple[EvidenceWish, int]]:
    """Return the wishes nobody has answered yet, with the journal number of their last change."""
    return _standing(connection, EVIDENCE_WISHES, EVIDENCE_WISHES.c.living.is_(True), EvidenceWish)


def put_wish(connection: Connection, kept: EvidenceWish, change: int) -> None:
    """Write a wish, new or known."""
    row = {"alarm": kept.alarm, "camera": kept.camera, "living": kept.ended_at is None, "until": kept.until}
    _put(connection, EVIDENCE_WISHES, {"number": kept.number}, kept, change, row)


def _packed(connection: Connection, table: Table, where: ColumnElement[bool]) -> bytes | None:
    packed: bytes | None = connection.execute(select(table.c.record).where(where)).scalar_one_or_none()
    return packed


def _standing(connection: Connection, table: Table, where: ColumnElement[bool], kind: type[Any]) -> list[Any]:
    statement = select(table.c.record, table.c.change).where(where).order_by(table.c.change)
    return [(codec.unpack(row.record, kind), row.change) for row in connection.execute(statement)]


def _put(
    connection: Connection, table: Table, key: dict[str, Any], record: Any, change: int, row: dict[str, Any]
) -> None:
    values = {**row, "record": codec.pack(record), "version": record.version, "change": change}
    where = [table.c[name] == value for name, value in key.items()]
    if connection.execute(update(table).where(*where).values(**values)).rowcount == 0:
        connection.execute(insert(table).values(**key, **values))
