"""What can be heard: an alarm that calls for an acknowledgement, and what is to be played of it."""

from dataclasses import dataclass, field
from enum import StrEnum

from chengyun_core.model.alarm import Alarm, AlarmState, effective
from chengyun_core.model.scales import AlarmPriority, WarningColour


@dataclass(frozen=True, slots=True, kw_only=True)
class Call:
    """An alarm in state B, unacknowledged and active (ALARMS.md: the state that sounds)."""

    number: int
    about: int
    """Number of its vital: the same thing is not said twice in a breath, even by another life of the alarm."""
    colour: WarningColour
    priority: AlarmPriority
    times: int
    """Raises and re-alarms of this life; one more of them calls anew."""

    @property
    def gravity(self) -> tuple[int, int]:
        """Colour before priority: the order of the list and of the strip."""
        return int(self.colour), int(self.priority)


class Kind(StrEnum):
    """What is played."""

    TONE = "tone"
    """The strokes of a colour and a priority."""
    RETURNED = "returned"
    """What nobody acknowledged has ended by itself (state D sounds once)."""
    PHRASE = "phrase"
    """One alarm, spoken."""
    BURST = "burst"
    """How many came in the last half minute, spoken in place of each of them."""
    NOTICE = "notice"
    """Something came for this seat that is no alarm: an order to sign, a supervision."""
    STANDING = "standing"
    """How many wait for an acknowledgement, spoken."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Utterance:
    """One thing to play. `counts` is by WarningColour."""

    kind: Kind
    colour: WarningColour = WarningColour.NONE
    priority: AlarmPriority = AlarmPriority.LOW
    number: int | None = None
    """The alarm of a phrase."""
    counts: tuple[int, ...] = field(default=(0,) * len(WarningColour))


def call_of(alarm: Alarm) -> Call | None:
    """Return the call of an alarm as it stands, None when it does not call."""
    if effective(alarm) is not AlarmState.UNACK:
        return None
    return Call(
        number=alarm.number,
        about=alarm.vital,
        colour=alarm.colour,
        priority=alarm.priority,
        times=alarm.raises + alarm.realarms,
    )


def is_returned(alarm: Alarm) -> bool:
    """Return whether it ended before anybody acknowledged it."""
    return effective(alarm) is AlarmState.RTNUN
