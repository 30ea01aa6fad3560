"""Lets vitals call by themselves while the centre is lost: nothing may be missed because nobody makes alarms of it."""

from collections.abc import Iterator

from chengyun_console.desk import Desk
from chengyun_console.seat_routing import Whole
from chengyun_console.sound.calls import Call
from chengyun_console.sound.policy import Policy
from chengyun_console.sound.unwatched import Unwatched
from chengyun_core.model.alarm import OverrideKind
from chengyun_core.model.priority import priority
from chengyun_core.model.scales import AlarmPriority, WarningColour


def number_of(vital: int) -> int:
    """Return the number under which a vital calls; alarms have numbers from 1 on, so the two never meet."""
    return -1 - vital


def vital_of(number: int | None) -> int | None:
    """Return the vital that calls under a number, None when an alarm does."""
    return -1 - number if number is not None and number < 0 else None


class LoneCalls:
    """Owned by the horn. What was shelved, suppressed or taken out does not call."""

    def __init__(self, desk: Desk, policy: Policy) -> None:
        self._desk, self._policy = desk, policy
        self._unwatched = Unwatched()
        self._calling: dict[int, WarningColour] = {}
        self._seen: tuple[tuple[int, WarningColour], ...] = ()

    @property
    def is_alone(self) -> bool:
        """Whether no centre is there."""
        return self._unwatched.is_alone

    def __len__(self) -> int:
        return len(self._calling)

    def forget(self) -> None:
        """The policy began anew: whatever calls is to be told again."""
        self._calling, self._seen = {}, ()

    def refresh(self, now_s: float) -> None:
        """Take the bands of now; tells the policy what calls and what calls no more."""
        desk, state = self._desk, self._desk.session.state
        self._unwatched.take(desk.session.links().centre, state.band, desk.now_ns(), now_s, self._told)
        seen = tuple(self._unwatched.grave(state.band))
        if seen != self._seen:
            self._seen = seen
            self._change(seen, now_s)

    def _change(self, seen: tuple[tuple[int, WarningColour], ...], now_s: float) -> None:
        silenced = self._silenced()
        wanted = {vital: colour for vital, colour in seen if vital not in silenced and self._is_heard(vital)}
        for vital in self._calling.keys() - wanted.keys():
            self._policy.still(number_of(vital), now_s, returned=self.is_alone)
        new = [vital for vital, colour in wanted.items() if colour > self._calling.get(vital, WarningColour.NONE)]
        for vital, colour in wanted.items():
            if colour != self._calling.get(vital):
                self._policy.hear(self._call(vital, colour), now_s)
        self._calling = wanted
        self._tell(new)

    def _is_heard(self, vital: int) -> bool:
        """Who keeps watch hears all of them: nobody knows who else is there. Others hear what lies in their area."""
        return self._desk.routing.whole is not Whole.NO_WATCH or self._desk.flood.watches_vital(vital)

    def _silenced(self) -> set[int]:
        """Return the vitals a person or a rule took out, as long as the time given lasts; masks never hide these."""
        now_ns, rows = self._desk.now_ns(), self._desk.session.facts.overrides.values()
        return {
            row.vital
            for row in rows
            if not row.ended and row.kind is not OverrideKind.MASKED and (row.until is None or row.until > now_ns)
        }

    def _call(self, vital: int, colour: WarningColour) -> Call:
        row = self._desk.names.vital(vital) if self._desk.names else None
        urgency = priority(row.consequence, row.respond_min) if row else AlarmPriority.MEDIUM
        return Call(number=number_of(vital), about=vital, colour=colour, priority=urgency, times=1)

    def _tell(self, new: list[int]) -> None:
        """Write down beside the sound what calls: it has no alarm that could be looked at."""
        if not new:
            return
        desk = self._desk
        gravest = max(new, key=lambda vital: self._calling[vital])
        row = desk.names.vital(gravest) if desk.names else None
        told = desk.say(
            "sound.lone.told" if len(new) == 1 else "sound.lone.told_many",
            name=row.name if row else str(gravest),
            colour=desk.say(f"console.band.{int(self._calling[gravest])}"),
            count=len(new),
        )
        desk.message_came.emit(told, True)

    def _told(self) -> Iterator[tuple[int, int]]:
        for alarm in self._desk.session.facts.alarms.values():
            yield alarm.vital, int(alarm.colour)
