"""Labels of records as rows; what is not there is normal."""

from sqlalchemy import Connection, delete, insert, select

from chengyun_core.model.rights import Label
from chengyun_core.store.tables import LABELS


def every(connection: Connection) -> dict[tuple[str, str], Label]:
    """Return (kind, key) → label of every labelled record."""
    rows = connection.execute(select(LABELS.c.kind, LABELS.c.key, LABELS.c.label))
    return {(row.kind, row.key): Label(row.label) for row in rows}


def put(connection: Connection, kind: str, key: str, label: Label, change: int) -> None:
    """Write a record's label with the journal number of its row; normal takes it away."""
    connection.execute(delete(LABELS).where(LABELS.c.kind == kind, LABELS.c.key == key))
    if label is not Label.NORMAL:
        connection.execute(insert(LABELS).values(kind=kind, key=key, label=label.value, change=change))
