"""Building, running and using sensing devices (建管用营): six stages of a device, and repair tickets with their law."""

from dataclasses import dataclass
from enum import StrEnum

from chengyun_core.model.device import DeviceFault


class Stage(StrEnum):
    """Where a device, or a series of them, stands in its life (梳理 编目 建设 归集 接入 维护)."""

    SORT = "sort"
    """梳理: that it is there or wanted is known, nothing more."""
    CATALOGUE = "catalogue"
    """编目: its code, kind, owner and place are in the catalogue."""
    BUILD = "build"
    """建设: it is being set up, or set up anew."""
    COLLECT = "collect"
    """归集: its readings reach its owner's own platform."""
    CONNECT = "connect"
    """接入: its readings are being brought here, and are judged before they count."""
    MAINTAIN = "maintain"
    """维护: it serves; who keeps it answers for it."""


class StageMove(StrEnum):
    """What an officer may do with a stage."""

    ADVANCE = "advance"
    SEND_BACK = "send_back"
    REBUILD = "rebuild"
    """A device that serves, or is connected, is set up anew."""


STAGE_MOVES: dict[tuple[Stage, StageMove], Stage] = {
    (Stage.SORT, StageMove.ADVANCE): Stage.CATALOGUE,
    (Stage.CATALOGUE, StageMove.ADVANCE): Stage.BUILD,
    (Stage.CATALOGUE, StageMove.SEND_BACK): Stage.SORT,
    (Stage.BUILD, StageMove.ADVANCE): Stage.COLLECT,
    (Stage.BUILD, StageMove.SEND_BACK): Stage.CATALOGUE,
    (Stage.COLLECT, StageMove.ADVANCE): Stage.CONNECT,
    (Stage.COLLECT, StageMove.SEND_BACK): Stage.BUILD,
    (Stage.CONNECT, StageMove.ADVANCE): Stage.MAINTAIN,
    (Stage.CONNECT, StageMove.SEND_BACK): Stage.COLLECT,
    (Stage.CONNECT, StageMove.REBUILD): Stage.BUILD,
    (Stage.MAINTAIN, StageMove.SEND_BACK): Stage.CONNECT,
    (Stage.MAINTAIN, StageMove.REBUILD): Stage.BUILD,
}
"""(stage, move) → stage; what is not here is refused."""


class RepairState(StrEnum):
    """How a repair ticket stands."""

    OPEN = "open"
    TAKEN = "taken"
    DONE = "done"
    REJECTED = "rejected"


class RepairMove(StrEnum):
    """What is done with a ticket."""

    TAKE = "take"
    GIVE_BACK = "give_back"
    DONE = "done"
    REJECT = "reject"
    REOPEN = "reopen"


REPAIR_MOVES: dict[tuple[RepairState, RepairMove], RepairState] = {
    (RepairState.OPEN, RepairMove.TAKE): RepairState.TAKEN,
    (RepairState.OPEN, RepairMove.REJECT): RepairState.REJECTED,
    (RepairState.TAKEN, RepairMove.DONE): RepairState.DONE,
    (RepairState.TAKEN, RepairMove.GIVE_BACK): RepairState.OPEN,
    (RepairState.TAKEN, RepairMove.REJECT): RepairState.REJECTED,
    (RepairState.DONE, RepairMove.REOPEN): RepairState.OPEN,
}
"""(state, move) → state; what is not here is refused."""
LIVING = frozenset({RepairState.OPEN, RepairState.TAKEN})

REPAIR_HOURS: dict[str, int] = {
    DeviceFault.OFFLINE.value: 24, DeviceFault.FLAPPING.value: 48, DeviceFault.STUCK.value: 72,
    DeviceFault.DRIFT.value: 120, "other": 72,
}  # fmt: skip
"""What is wrong → hours within which a ticket is to be done: ours, no regulation names any."""
OTHER = "other"


@dataclass(frozen=True, slots=True, kw_only=True)
class DeviceFile:
    """What the centre keeps of a device or series besides the catalogue. Change kind `device_stage`, key its code."""

    device: str
    stage: Stage
    stage_at: int
    """Since when, profile ns UTC."""
    maintainer: str = ""
    calibrated: str = ""
    """ISO date of the last calibration, empty: unknown."""
    note: str = ""
    by: str = ""
    version: int = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Repair:
    """A repair ticket (维修工单). Every change is a journal row (kind `repair`, key the number) with all of it."""

    number: int
    device: str
    member: int = 0
    """Place in its series from 1; 0: a single device, or the whole series."""
    quantity: str = ""
    centre: str
    """Centre in whose area it stands."""
    fault: str
    """A DeviceFault, or `other`."""
    fault_since: int | None = None
    """Since when it was seen, profile ns UTC."""
    text: str = ""
    state: RepairState = RepairState.OPEN
    opened_by: str
    opened_at: int
    due_at: int
    taken_by: str = ""
    taken_at: int | None = None
    order: int | None = None
    """Number of the order that was sent for it, None: none was."""
    ended_at: int | None = None
    finding: str = ""
    """What was found and done, or why it was rejected."""
    reminded: int = 0
    """How often it was told as overdue since it was opened."""
    reminded_at: int | None = None
    by: str
    version: int = 1


def stage_without_file(*, is_connected: bool) -> Stage:
    """Return where a device stands of which nobody wrote anything: it serves when the catalogue has a channel of it,
    and is in the catalogue otherwise."""
    return Stage.MAINTAIN if is_connected else Stage.CATALOGUE


def moves_of(stage: Stage) -> tuple[StageMove, ...]:
    """Return what may be done with a stage."""
    return tuple(move for move in StageMove if (stage, move) in STAGE_MOVES)


def repair_moves_of(state: RepairState) -> tuple[RepairMove, ...]:
    """Return what may be done with a ticket."""
    return tuple(move for move in RepairMove if (state, move) in REPAIR_MOVES)


def is_living(repair: Repair) -> bool:
    """Return whether somebody still has to see to it."""
    return repair.state in LIVING


def stages_table() -> str:
    """Return the handbook's table of stages: a row a stage, a column a move."""
    law = {(str(stage), str(move)): str(after) for (stage, move), after in STAGE_MOVES.items()}
    return _table("stage", tuple(map(str, Stage)), tuple(map(str, StageMove)), law)


def repairs_table() -> str:
    """Return the handbook's table of a ticket's states, and the hours by what is wrong."""
    law = {(str(state), str(move)): str(after) for (state, move), after in REPAIR_MOVES.items()}
    moves = _table("state", tuple(map(str, RepairState)), tuple(map(str, RepairMove)), law)
    hours = ", ".join(f"`{fault}` {hours}" for fault, hours in sorted(REPAIR_HOURS.items()))
    return f"{moves}\n\nHours within which a ticket is to be done: {hours}."


def _table(head: str, states: tuple[str, ...], moves: tuple[str, ...], law: dict[tuple[str, str], str]) -> str:
    lines = [f"| {head} | {' | '.join(f'`{move}`' for move in moves)} |", f"|{' --- |' * (len(moves) + 1)}"]
    for state in states:
        cells = (f"`{law[state, move]}`" if (state, move) in law else "" for move in moves)
        lines.append(f"| `{state}` | {' | '.join(cells)} |")
    return "\n".join(lines)
