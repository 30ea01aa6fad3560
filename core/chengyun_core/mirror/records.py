"""The records inside changes, decoded by kind."""

from chengyun_core.mirror.news import Fact, Record
from chengyun_core.model.alarm import Alarm
from chengyun_core.model.change import CatalogueRecord, Change, SessionRecord
from chengyun_core.wire.codec import unpack

RECORDS: dict[str, type[Record]] = {"alarm": Alarm, "catalogue": CatalogueRecord, "session": SessionRecord}
"""Kind of a change → the record a screen holds. Other kinds (`account`) are journalled but not shown."""


def fact_of(change: Change) -> Fact | None:
    """Return the fact a change tells, None for kinds not shown; raise wire.codec.BadMessage for a damaged record."""
    kind = RECORDS.get(change.kind)
    if kind is None:
        return None
    record = unpack(change.record, kind)
    return Fact(kind=change.kind, key=change.key, version=change.version, number=change.number, record=record)


def is_living(fact: Fact) -> bool:
    """Return whether a screen goes on holding the record: alarms until closed, sessions until signed off."""
    match fact.record:
        case Alarm() as alarm:
            return not alarm.closed
        case SessionRecord() as session:
            return not session.signed_off
        case CatalogueRecord():
            return True
