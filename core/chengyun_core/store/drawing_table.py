"""Drawings on events as rows; what they were before is in the journal alone."""

from sqlalchemy import Connection, func, insert, select, update

from chengyun_core.model.drawing import Drawing, is_standing
from chengyun_core.store.chain_tables import EVENTS
from chengyun_core.store.drawing_tables import DRAWINGS
from chengyun_core.wire import codec

COUNTER = "drawing"


def get(connection: Connection, number: int) -> Drawing | None:
    """Return one drawing, erased or not."""
    packed = connection.execute(select(DRAWINGS.c.record).where(DRAWINGS.c.number == number)).scalar_one_or_none()
    return None if packed is None else codec.unpack(packed, Drawing)


def of_event(connection: Connection, event: int) -> list[Drawing]:
    """Return all that was ever drawn on an event, by number, what was erased among it."""
    statement = select(DRAWINGS.c.record).where(DRAWINGS.c.event == event).order_by(DRAWINGS.c.number)
    return [codec.unpack(packed, Drawing) for packed in connection.execute(statement).scalars()]


def count_standing(connection: Connection, event: int) -> int:
    """Return how many are on the map of an event."""
    where = (DRAWINGS.c.event == event, DRAWINGS.c.standing.is_(True))
    return connection.execute(select(func.count()).select_from(DRAWINGS).where(*where)).scalar_one()


def of_living(connection: Connection) -> list[tuple[Drawing, int]]:
    """Return what stands on living events, with the journal number of its last change, by number."""
    columns = select(DRAWINGS.c.record, DRAWINGS.c.change).join(EVENTS, EVENTS.c.number == DRAWINGS.c.event)
    rows = connection.execute(
        columns.where(DRAWINGS.c.standing.is_(True), EVENTS.c.living.is_(True)).order_by(DRAWINGS.c.number)
    )
    return [(codec.unpack(row.record, Drawing), row.change) for row in rows]


def add(connection: Connection, drawing: Drawing, change: int) -> None:
    """Write a new drawing."""
    connection.execute(insert(DRAWINGS).values(number=drawing.number, **_row(drawing, change)))


def replace(connection: Connection, drawing: Drawing, change: int) -> None:
    """Write a known drawing anew."""
    connection.execute(update(DRAWINGS).where(DRAWINGS.c.number == drawing.number).values(**_row(drawing, change)))


def _row(drawing: Drawing, change: int) -> dict[str, object]:
    return {
        "event": drawing.event, "standing": is_standing(drawing), "record": codec.pack(drawing),
        "version": drawing.version, "change": change,
    }  # fmt: skip
