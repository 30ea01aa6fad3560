"""What the streams hand on: frozen news of state, facts and watched samples, merged since the last hand-over."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from chengyun_core.mirror.alarms import AlarmBoard
from chengyun_core.model.alarm import Alarm, Override
from chengyun_core.model.alarm_records import AlarmComment, LateViolation, SeatFlood, ThresholdChange
from chengyun_core.model.approval import Approval
from chengyun_core.model.callout import Call, CallOut
from chengyun_core.model.camera import CameraRound, Evidence, EvidenceWish, PtzLock
from chengyun_core.model.change import CatalogueRecord, Change, SessionRecord
from chengyun_core.model.device_file import DeviceFile, Repair
from chengyun_core.model.dispatch import UnitRecord
from chengyun_core.model.drawing import Drawing
from chengyun_core.model.duty import Handover, LogLine, Person, SeatCover, SeatSilence, Shift
from chengyun_core.model.event import Event
from chengyun_core.model.map_layer import MapLayer
from chengyun_core.model.mode import Declaration, ModeOrder, Preset, ReportDue
from chengyun_core.model.order import Order, Receipt, RollAnswer, RollCall, SideRequest
from chengyun_core.model.plan import PlanRun
from chengyun_core.model.room import Decision, Heard, Poll, Room
from chengyun_core.model.situation import Situation
from chengyun_core.model.warning import OfficialWarning

U32 = npt.NDArray[np.uint32]
U8 = npt.NDArray[np.uint8]
I64 = npt.NDArray[np.int64]
F64 = npt.NDArray[np.float64]

Record = (
    Alarm
    | AlarmComment
    | Approval
    | Call
    | CallOut
    | CameraRound
    | CatalogueRecord
    | Decision
    | Declaration
    | DeviceFile
    | Drawing
    | Event
    | Evidence
    | EvidenceWish
    | Handover
    | Heard
    | LateViolation
    | LogLine
    | MapLayer
    | ModeOrder
    | OfficialWarning
    | Order
    | Override
    | Person
    | PlanRun
    | Poll
    | Preset
    | PtzLock
    | Receipt
    | Repair
    | ReportDue
    | RollAnswer
    | RollCall
    | Room
    | SeatCover
    | SeatFlood
    | SeatSilence
    | SessionRecord
    | Shift
    | SideRequest
    | Situation
    | ThresholdChange
    | UnitRecord
)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class StateRows:
    """The vitals that changed since the last hand-over, each once, with its newest values; read-only columns."""

    vital: U32
    """Vital numbers, uint32[n], ascending; the index of every other column of a mirror."""
    time: I64
    """Source time, profile ns UTC, int64[n]."""
    value: F64
    quality: U8
    """model.scales.Quality."""
    band: U8
    """model.scales.WarningColour."""
    side: U8
    """model.scales.Side."""
    outdated: npt.NDArray[np.bool_]
    """The value (not the band) is still that of an earlier run of the daemon."""
    new_epoch: bool
    """The daemon was restarted: every value not named here is outdated until it is refreshed."""
    epoch: int
    seq: int
    """Number of the newest frame inside."""
    catalogue: int
    newest_ns: int
    """Machine UTC at which the newest sample inside arrived at ingest; 0 when unknown. For the latency shown."""
    received_ns: int
    """Monotonic ns at which the newest frame inside arrived here."""
    oldest_ns: int = 0
    """The same as `newest_ns` for the frame inside that has waited here longest; 0 when unknown."""
    shard: U8 | None = None
    """Number of the ingest daemon each row is of, uint8[n]; None: there is one only."""
    restarted: tuple[int, ...] = (0,)
    """With `new_epoch`: the daemons that were restarted, whose other vitals alone are outdated."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class WatchRows:
    """Raw samples of watched channels since the last hand-over, in order of arrival."""

    channel: U32
    time: I64
    value: F64
    quality: U8
    dropped: bool
    """The screen was too slow or a message was lost: ask for the window again instead of trusting the seam."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Fact:
    """One record as it stands, with the number of the change that made it so."""

    kind: str
    key: str
    version: int
    number: int
    record: Record


@dataclass(frozen=True, slots=True, kw_only=True)
class FactNews:
    """The facts that changed since the last hand-over, each once."""

    facts: tuple[Fact, ...]
    gone: tuple[tuple[str, str], ...]
    """(kind, key) of records that live no longer."""
    changes: tuple[Change, ...]
    """The changes themselves as they came, at most `fact_merge.RECENT_CHANGES`; for histories on screen."""
    through: int
    """All facts up to this journal number are known."""
    tail: int
    """Number of the last journal row heard of."""
    complete: bool
    """False while something between is being asked again."""
    relabelled: bool = False
    """Everything held was told anew, for a label, a clearance or the centre's run changed: what pages were answered
    before may be more than their officer may see now, and they forget it and ask again."""
    board: AlarmBoard | None = None
    """The living alarms in order, when alarms changed: sorted off the GUI thread (9 ms when every vital alarms)."""
