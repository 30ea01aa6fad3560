"""What a snapshot tells of cameras: rounds, who moves which, wishes that wait, the newest evidence."""

from sqlalchemy import Connection

from chengyun_core.centre import camera_rounds, evidence_deeds, ptz_deeds
from chengyun_core.model.change import Change
from chengyun_core.store import camera_table
from chengyun_core.wire import codec

NEWEST = 200
"""Pieces of evidence; older ones are asked for with `evidence.page`."""


def living(connection: Connection) -> list[Change]:
    """Return the records, each as its last change."""
    rounds = [_told(camera_rounds.KIND, kept.number, kept, row) for kept, row in camera_table.rounds(connection)]
    locks = [_told(ptz_deeds.KIND, lock.camera, lock, row) for lock, row in camera_table.locks(connection)]
    wishes = [_told(evidence_deeds.WISH, wish.number, wish, row) for wish, row in camera_table.wishes(connection)]
    newest = camera_table.newest(connection, NEWEST)
    return [*rounds, *locks, *wishes, *(_told(evidence_deeds.KIND, kept.number, kept, row) for kept, row in newest)]


def _told(kind: str, key: object, record: object, number: int) -> Change:
    return Change(
        number=number, at_ns=0, action="snapshot", kind=kind, key=str(key), version=getattr(record, "version", 1),
        record=codec.pack(record),
    )  # fmt: skip
