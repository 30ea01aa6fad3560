"""The records inside changes, decoded by kind."""

from collections.abc import Callable
from typing import Any

from chengyun_core.mirror.news import Fact, Record
from chengyun_core.model.alarm import Alarm, Override
from chengyun_core.model.alarm_records import AlarmComment, LateViolation, SeatFlood, ThresholdChange
from chengyun_core.model.approval import Approval, ApprovalState
from chengyun_core.model.callout import Call, CallOut
from chengyun_core.model.camera import CameraRound, Evidence, EvidenceWish, PtzLock
from chengyun_core.model.change import CatalogueRecord, Change, SessionRecord
from chengyun_core.model.device_file import DeviceFile, Repair
from chengyun_core.model.device_file import is_living as repair_lives
from chengyun_core.model.dispatch import UnitRecord
from chengyun_core.model.drawing import Drawing, is_standing
from chengyun_core.model.duty import (
    Handover,
    HandoverState,
    LogLine,
    Person,
    SeatCover,
    SeatSilence,
    Shift,
    ShiftState,
)
from chengyun_core.model.event import Event
from chengyun_core.model.event_rules import is_living as event_lives
from chengyun_core.model.map_layer import MapLayer
from chengyun_core.model.mode import Declaration, ModeOrder, ModeOrderState, Preset, ReportDue
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
from chengyun_core.model.room import Decision, Heard, Poll, Room
from chengyun_core.model.room_rules import is_open
from chengyun_core.model.situation import Situation, SituationState
from chengyun_core.model.warning import OfficialWarning, WarningState
from chengyun_core.wire.codec import unpack

RECORDS: dict[str, type[Record]] = {
    "alarm": Alarm,
    "approval": Approval,
    "call": Call,
    "call_out": CallOut,
    "camera_round": CameraRound,
    "catalogue": CatalogueRecord,
    "comment": AlarmComment,
    "device_stage": DeviceFile,
    "drawing": Drawing,
    "duty_person": Person,
    "event": Event,
    "evidence": Evidence,
    "evidence_wish": EvidenceWish,
    "flood": SeatFlood,
    "handover": Handover,
    "heard": Heard,
    "late": LateViolation,
    "log_line": LogLine,
    "map_layer": MapLayer,
    "mode": Declaration,
    "mode_order": ModeOrder,
    "mode_preset": Preset,
    "mode_report": ReportDue,
    "order": Order,
    "override": Override,
    "plan_run": PlanRun,
    "ptz_lock": PtzLock,
    "receipt": Receipt,
    "repair": Repair,
    "roll_answer": RollAnswer,
    "roll_call": RollCall,
    "room": Room,
    "room_decision": Decision,
    "room_poll": Poll,
    "seat_cover": SeatCover,
    "seat_silence": SeatSilence,
    "session": SessionRecord,
    "shift": Shift,
    "side_request": SideRequest,
    "situation": Situation,
    "threshold": ThresholdChange,
    "unit": UnitRecord,
    "warning": OfficialWarning,
}
"""Kind of a change → the record a screen holds. Other kinds (`account`) are journalled but not shown."""


RELABELS = frozenset({"account.set_clearance", "label.set"})
"""Actions after which somebody may see another part of what he was told before: all of it is asked for anew (G6)."""


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
    CallOut: lambda call_out: call_out.ended_at is None,
    CameraRound: lambda one: not one.removed,
    Drawing: is_standing,
    Event: event_lives,
    EvidenceWish: lambda wish: wish.ended_at is None,
    Handover: lambda sheet: sheet.state in (HandoverState.OPEN, HandoverState.GIVEN),
    Heard: lambda line: line.due_at is not None and line.called_back_at is None,
    MapLayer: lambda layer: not layer.retired,
    ModeOrder: lambda order: order.state in (ModeOrderState.OPEN, ModeOrderState.LATE),
    OfficialWarning: lambda warning: warning.state in (WarningState.WAITING, WarningState.IN_FORCE),
    Order: is_living_order,
    Override: lambda override: not override.ended,
    PlanRun: lambda run: run.state is RunState.RUNNING,
    PtzLock: lambda lock: lock.ended_at is None,
    Receipt: receipt_lives,
    Repair: repair_lives,
    ReportDue: lambda due: due.given_at is None,
    RollCall: lambda call: call.ended_at is None,
    Room: is_open,
    SeatFlood: lambda flood: flood.ended_at is None,
    SeatCover: lambda cover: not cover.ended,
    SeatSilence: lambda silence: silence.ended_at is None,
    SessionRecord: lambda session: not session.signed_off,
    Shift: lambda shift: shift.state not in (ShiftState.CLOSED, ShiftState.CANCELLED),
    SideRequest: lambda request: request.state is RequestState.WAITING,
    Situation: lambda situation: situation.state is SituationState.OPEN,
}
"""Record → whether it lives. Others (calls, comments, late violations, answers to roll calls, changes of thresholds)
are only ever added to; FactMerge bounds them. Declarations and presets stay: one per register, one per emergency.
"""


def is_living(fact: Fact) -> bool:
    """Return whether a screen goes on holding the record; what has ended is asked of the centre."""
    lives = _LIVES.get(type(fact.record))
    return lives is None or lives(fact.record)
