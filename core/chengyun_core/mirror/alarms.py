"""The alarm list as a frozen record: order, counts by colour, and what Ctrl+J goes to next."""

from collections.abc import Iterable
from dataclasses import dataclass

from chengyun_core.model.alarm import Alarm, AlarmState, effective
from chengyun_core.model.scales import WarningColour

AWAITING = frozenset({AlarmState.UNACK, AlarmState.RTNUN})
"""States in which somebody still has to acknowledge."""


@dataclass(frozen=True, slots=True, kw_only=True)
class AlarmBoard:
    """The living alarms of one instant."""

    alarms: tuple[Alarm, ...]
    """Not shelved: unacknowledged first, then gravest, then newest."""
    shelved: tuple[Alarm, ...]
    """On the shelf, the next to come off first, one-shot ones last."""
    counts: tuple[int, int, int, int, int]
    """Alarms not shelved, by WarningColour of their life (the strip's figures)."""
    unacknowledged: int

    @classmethod
    def of(cls, alarms: Iterable[Alarm]) -> "AlarmBoard":
        """Return the board of these living alarms."""
        listed: list[Alarm] = []
        shelved: list[Alarm] = []
        for alarm in alarms:
            (shelved if effective(alarm) is AlarmState.SHELVED else listed).append(alarm)
        counts = [0] * len(WarningColour)
        for alarm in listed:
            counts[alarm.colour] += 1
        return cls(
            alarms=tuple(sorted(listed, key=_urgency)),
            shelved=tuple(sorted(shelved, key=_shelf_end)),
            counts=(counts[0], counts[1], counts[2], counts[3], counts[4]),
            unacknowledged=sum(awaits(alarm) for alarm in listed),
        )

    def next_unacknowledged(self, after: int | None = None) -> Alarm | None:
        """Return the unacknowledged alarm that follows number `after` in the list, from the top again at its end."""
        waiting = [alarm for alarm in self.alarms if awaits(alarm)]
        numbers = [alarm.number for alarm in waiting]
        if not waiting:
            return None
        return waiting[(numbers.index(after) + 1) % len(waiting)] if after in numbers else waiting[0]


def awaits(alarm: Alarm) -> bool:
    """Return whether an alarm still has to be acknowledged."""
    return effective(alarm) in AWAITING


def _urgency(alarm: Alarm) -> tuple[bool, int, int, int]:
    return not awaits(alarm), -alarm.colour, -alarm.raised_at, alarm.number


def _shelf_end(alarm: Alarm) -> tuple[bool, int, int]:
    return alarm.shelved_until is None, alarm.shelved_until or 0, alarm.number
