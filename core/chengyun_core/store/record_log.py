"""Records read from the journal itself: each row of their kind holds the whole record, so they need no table.

For records that are few and rarely change (approvals, changes of thresholds). Written by `Work.note` alone; what a unit
of work notes is seen here only after its COMMIT.
"""

from collections.abc import Callable, Iterator
from typing import Generic, TypeVar

import msgspec
from sqlalchemy import ColumnElement, Connection, Select, func, select

from chengyun_core.store import journal as journal_rows
from chengyun_core.store.tables import JOURNAL
from chengyun_core.wire import codec

T = TypeVar("T")
_PARAMS = msgspec.msgpack.Decoder(dict[str, str])


class RecordLog(Generic[T]):
    """The records of one kind of journal row, as they were last written."""

    def __init__(self, kind: str, record: type[T]) -> None:
        """Take the kind of change and the class its rows hold, as in mirror.records.RECORDS."""
        self.kind = kind
        self._record = record

    def get(self, connection: Connection, key: object) -> T | None:
        """Return a record by key, None for one that was never written."""
        change = journal_rows.last_of(connection, self.kind, str(key))
        return None if change is None else codec.unpack(change.record, self._record)

    def newest(self, connection: Connection, limit: int = 200) -> list[tuple[T, int]]:
        """Return the records that changed last with the journal number of that change, oldest first."""
        last = self._last_rows().order_by(func.max(JOURNAL.c.number).desc()).limit(limit).subquery()
        return self._read(connection, last.c.number)

    def standing(self, connection: Connection, wanted: Callable[[T], bool]) -> list[tuple[T, int]]:
        """Return the wanted ones among all records with the journal number of their last change, oldest first."""
        last = self._last_rows().subquery()
        return [(record, number) for record, number in self._read(connection, last.c.number) if wanted(record)]

    def acted(self, connection: Connection, action: str) -> list[tuple[T, dict[str, str]]]:
        """Return the record and the parameters of every row with this action, oldest first."""
        wanted = (JOURNAL.c.kind == self.kind, JOURNAL.c.action == action)
        rows = connection.execute(select(JOURNAL.c.record, JOURNAL.c.params).where(*wanted).order_by(JOURNAL.c.number))
        return [(codec.unpack(row.record, self._record), _PARAMS.decode(row.params)) for row in rows]

    def since(self, connection: Connection, at_ns: int) -> Iterator[tuple[int, str, T]]:
        """Yield (profile ns UTC, action, record) of the rows after a time, newest first."""
        columns = select(JOURNAL.c.at_ns, JOURNAL.c.action, JOURNAL.c.record).where(JOURNAL.c.kind == self.kind)
        for row in connection.execute(columns.order_by(JOURNAL.c.number.desc())):
            if row.at_ns <= at_ns:
                return
            if row.record:
                yield row.at_ns, row.action, codec.unpack(row.record, self._record)

    def _read(self, connection: Connection, numbers: ColumnElement[int]) -> list[tuple[T, int]]:
        statement = select(JOURNAL.c.record, JOURNAL.c.number).where(JOURNAL.c.number.in_(select(numbers)))
        rows = connection.execute(statement.order_by(JOURNAL.c.number)).all()
        return [(codec.unpack(record, self._record), number) for record, number in rows]

    def _last_rows(self) -> Select[tuple[int]]:
        number = func.max(JOURNAL.c.number).label("number")
        return select(number).where(JOURNAL.c.kind == self.kind).group_by(JOURNAL.c.key)
