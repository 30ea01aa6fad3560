"""The records inside changes, decoded by kind."""

from chengyun_core.mirror.news import Fact, Record
from chengyun_core.model.alarm import Alarm, Override
from chengyun_core.model.alarm_records import AlarmComment, LateViolation, SeatFlood, ThresholdChange
from chengyun_core.model.approval import Approval, ApprovalState
from chengyun_core.model.change import CatalogueRecord, Change, SessionRecord
from chengyun_core.model.event import Event
from chengyun_core.model.event_rules import is_living as event_lives
from chengyun_core.model.plan import PlanRun, RunState
from chengyun_core.model.situation import Situation, SituationState
from chengyun_core.wire.codec import unpack

RECORDS: dict[str, type[Record]] = {
    "alarm": Alarm,
    "approval": Approval,
    "catalogue": CatalogueRecord,
    "comment": AlarmComment,
    "event": Event,
    "flood": SeatFlood,
    "late": LateViolation,
    "override": Override,
    "plan_run": PlanRun,
    "session": SessionRecord,
    "situation": Situation,
    "threshold": ThresholdChange,
}
"""Kind of a change → the record a screen holds. Other kinds (`account`) are journalled but not shown."""


def fact_of(change: Change) -> Fact | None:
    """Return the fact a change tells, None for kinds not shown; raise wire.codec.BadMessage for a damaged record."""
    kind = RECORDS.get(change.kind)
    if kind is None:
        return None
    record = unpack(change.record, kind)
    return Fact(kind=change.kind, key=change.key, version=change.version, number=change.number, record=record)


def is_living(fact: Fact) -> bool:
    """Return whether a screen goes on holding the record; what has ended is asked of the centre."""
    match fact.record:
        case Alarm() as alarm:
            return not alarm.closed
        case SessionRecord() as session:
            return not session.signed_off
        case Override() as override:
            return not override.ended
        case Approval() as approval:
            return approval.state is ApprovalState.WAITING
        case Situation() as situation:
            return situation.state is SituationState.OPEN
        case Event() as event:
            return event_lives(event)
        case SeatFlood() as flood:
            return flood.ended_at is None
        case PlanRun() as run:
            return run.state is RunState.RUNNING
        case AlarmComment() | CatalogueRecord() | LateViolation() | ThresholdChange():
            # Comments, late violations and changes of thresholds are only ever added to; FactMerge bounds them.
            return True
