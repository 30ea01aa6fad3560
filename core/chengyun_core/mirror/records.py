"""The records inside changes, decoded by kind."""

from collections.abc import Callable
from typing import Any

from chengyun_core.mirror.news import Fact, Record
from chengyun_core.model.alarm import Alarm, Override
from chengyun_core.model.alarm_records import AlarmComment, LateViolation, SeatFlood, ThresholdChange
from chengyun_core.model.approval import Approval, ApprovalState
from chengyun_core.model.change import CatalogueRecord, Change, SessionRecord
from chengyun_core.model.dispatch import UnitRecord
from chengyun_core.model.event import Event
from chengyun_core.model.event_rules import is_living as event_lives
from chengyun_core.model.order import (
    Order,
    Receipt,
    RequestState,
    RollAnswer,
    RollCall,
    SideRequest,
    is_living_order,
)
from chengyun_core.model.plan import PlanRun, RunState
from chengyun_core.model.receipt_rules import is_living as receipt_lives
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
    "order": Order,
    "override": Override,
    "plan_run": PlanRun,
    "receipt": Receipt,
    "roll_answer": RollAnswer,
    "roll_call": RollCall,
    "session": SessionRecord,
    "side_request": SideRequest,
    "situation": Situation,
    "threshold": ThresholdChange,
    "unit": UnitRecord,
}
"""Kind of a change → the record a screen holds. Other kinds (`account`) are journalled but not shown."""


def fact_of(change: Change) -> Fact | None:
    """Return the fact a change tells, None for kinds not shown; raise wire.codec.BadMessage for a damaged record."""
    kind = RECORDS.get(change.kind)
    if kind is None:
        return None
    record = unpack(change.record, kind)
    return Fact(kind=change.kind, key=change.key, version=change.version, number=change.number, record=record)


_LIVES: dict[type[Any], Callable[[Any], bool]] = {
    Alarm: lambda alarm: not alarm.closed,
    Approval: lambda approval: approval.state is ApprovalState.WAITING,
    Event: event_lives,
    Order: is_living_order,
    Override: lambda override: not override.ended,
    PlanRun: lambda run: run.state is RunState.RUNNING,
    Receipt: receipt_lives,
    RollCall: lambda call: call.ended_at is None,
    SeatFlood: lambda flood: flood.ended_at is None,
    SessionRecord: lambda session: not session.signed_off,
    SideRequest: lambda request: request.state is RequestState.WAITING,
    Situation: lambda situation: situation.state is SituationState.OPEN,
}
"""Record → whether it lives. Others (comments, late violations, answers to roll calls, changes of thresholds) are only
ever added to; FactMerge bounds them.
"""


def is_living(fact: Fact) -> bool:
    """Return whether a screen goes on holding the record; what has ended is asked of the centre."""
    lives = _LIVES.get(type(fact.record))
    return lives is None or lives(fact.record)
