"""What an evaluation gives back: which vitals changed and which steps their bands took, as columns."""

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np

from chengyun_core.model.activation import Activation
from chengyun_core.model.scales import Aspect, Side, WarningColour
from chengyun_core.series.columns import Bools, Bytes, Numbers, Times, Values


@dataclass(frozen=True, slots=True, kw_only=True)
class Steps:
    """Changes of bands, by instant; the steps of one vital are in their order. All columns are n long.

    vital uint32, at_ns int64 (source time), before, after, side, aspect uint8, value, limit float64, late bool.
    """

    vital: Numbers
    at_ns: Times
    before: Bytes
    after: Bytes
    side: Bytes
    aspect: Bytes
    value: Values
    limit: Values
    late: Bools

    def __len__(self) -> int:
        return int(self.vital.size)

    def activations(self, shard: int, epoch: int, first_seq: int, catalogue_version: int) -> list[Activation]:
        """Return the steps as numbered activations, the first with number `first_seq`."""
        rows = zip(
            self.vital.tolist(), self.at_ns.tolist(), self.before.tolist(), self.after.tolist(), self.side.tolist(),
            self.aspect.tolist(), self.value.tolist(), self.limit.tolist(), self.late.tolist(), strict=True,
        )  # fmt: skip
        return [
            Activation(
                shard=shard, epoch=epoch, seq=seq, vital=vital, at_ns=at_ns, before=WarningColour(before),
                after=WarningColour(after), side=Side(side), aspect=Aspect(aspect), value=value, limit=limit,
                catalogue_version=catalogue_version, late=late,
            )
            for seq, (vital, at_ns, before, after, side, aspect, value, limit, late) in enumerate(rows, start=first_seq)
        ]  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """The result of a batch or of a closed stretch of time."""

    changed: Numbers
    """uint32[n] numbers of the vitals whose state may have changed, each once."""
    steps: Steps


@dataclass(frozen=True, slots=True, kw_only=True)
class StepPart:
    """Steps of one pass over the rules, of one aspect, each vital at most once; `turn` orders the passes."""

    turn: int
    aspect: Aspect
    vital: Numbers
    at_ns: Times
    before: Bytes
    after: Bytes
    side: Bytes
    value: Values
    limit: Values


def joined(parts: Iterable[StepPart], *, late_before_ns: int) -> Steps:
    """Return the parts as one, ordered by instant, vital and turn; steps before `late_before_ns` are marked late."""
    some = [part for part in parts if part.vital.size]
    if not some:
        return NO_STEPS
    columns = [
        np.concatenate([getattr(part, name) for part in some])
        for name in ("vital", "at_ns", "before", "after", "side", "value", "limit")
    ]
    vital, at_ns, before, after, side, value, limit = columns
    turn = np.repeat([part.turn for part in some], [part.vital.size for part in some])
    aspect = np.repeat([np.uint8(part.aspect) for part in some], [part.vital.size for part in some])
    # Of one instant the link comes first: readings end a silence before they say anything else.
    order = np.lexsort((-aspect.astype(np.int8), turn, vital, at_ns))
    return Steps(
        vital=vital[order], at_ns=at_ns[order], before=before[order], after=after[order], side=side[order],
        aspect=aspect[order], value=value[order], limit=limit[order], late=at_ns[order] < late_before_ns,
    )  # fmt: skip


NO_STEPS = Steps(
    vital=np.empty(0, np.uint32), at_ns=np.empty(0, np.int64), before=np.empty(0, np.uint8),
    after=np.empty(0, np.uint8), side=np.empty(0, np.uint8), aspect=np.empty(0, np.uint8), value=np.empty(0),
    limit=np.empty(0),
    late=np.empty(0, np.bool_),
)  # fmt: skip
