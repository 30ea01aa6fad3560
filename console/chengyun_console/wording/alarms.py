"""An alarm as an officer reads it: title, place, the line on the risk strip, its state, its history."""

from collections.abc import Sequence
from dataclasses import dataclass

from chengyun_console.wording.figures import NO_VALUE, Figures
from chengyun_console.wording.gazetteer import Gazetteer
from chengyun_core.model.alarm import Alarm, AlarmState, effective
from chengyun_core.model.catalogue import Vital
from chengyun_core.model.change import Change
from chengyun_core.model.clock import NS_PER_S
from chengyun_core.model.scales import Side, WarningColour

TOLD_BY_CHANGES = (
    "alarm.assign",
    "alarm.chatter",
    "alarm.ease",
    "alarm.escalate",
    "alarm.mask",
    "alarm.put_back",
    "alarm.realarm",
    "alarm.release",
    "alarm.shelf_expired",
    "alarm.suppress",
    "alarm.take_out",
    "alarm.unacknowledge",
    "alarm.unmask",
    "alarm.unshelve",
)
"""Steps of a life that the record itself does not keep."""
MACHINES = ("centre", "ingest", "local-admin")
"""Accounts in the journal that are no people (model.audit)."""


@dataclass(frozen=True, slots=True)
class AlarmWords:
    """Writes alarms with the names of one catalogue version."""

    figures: Figures
    names: Gazetteer | None

    def subject(self, alarm: Alarm) -> str:
        """Return what kind of thing alarms: the track's name, or nothing."""
        track = self.names.track(alarm.vital) if self.names else None
        return track.name if track else ""

    def name(self, alarm: Alarm) -> str:
        """Return the vital's name, or its code while the catalogue is not there."""
        vital = self._vital(alarm)
        return vital.name if vital else alarm.vital_code

    def title(self, alarm: Alarm) -> str:
        """Return name and rule in one phrase, for messages and questions: 寸滩站水位 超红色限."""
        return f"{self.name(alarm)} {self.rule(alarm)}"

    def rule(self, alarm: Alarm) -> str:
        """Return what is wrong: 超红色限, 缓和至黄色, 已恢复."""
        return self._say(
            f"console.alarm.rule.{_sentence(alarm)}",
            colour=self.colour(alarm),
            band=self._say(f"console.band.{int(alarm.band)}"),
        )

    def place(self, alarm: Alarm) -> str:
        """Return where it is: 渝中 · 应急动员/防汛."""
        vital = self._vital(alarm)
        if vital is None or self.names is None:
            return alarm.vital_code
        sector, track = self.names.sector(alarm.vital), self.names.track(alarm.vital)
        return self._say(
            "console.alarm.place",
            place=self.names.place(vital.centre),
            sector=sector.name if sector else NO_VALUE,
            track=track.name if track else NO_VALUE,
        )

    def strip_line(self, alarm: Alarm, *, narrow: bool = False) -> str:
        """Return the item on the risk strip after its subject: name, value and, with room, limit and by how much."""
        return self._say(
            f"console.strip{'_narrow' if narrow else ''}.{_sentence(alarm)}",
            name=self.name(alarm),
            value=self.value(alarm, alarm.value),
            colour=self.colour(alarm),
            limit=self._bare(alarm, alarm.limit),
            excess=self._excess(alarm),
            band=self._say(f"console.band.{int(alarm.band)}"),
        )

    def value(self, alarm: Alarm, value: float) -> str:
        """Return a value of the alarm's vital with its unit."""
        vital = self._vital(alarm)
        return self.figures.with_unit(value, vital.decimals, vital.unit) if vital else self.figures.value(value, 2)

    def colour(self, alarm: Alarm) -> str:
        """Return the word of the gravest band of this life; severity is never colour alone."""
        return self._say(f"console.band.{int(alarm.colour)}")

    def age(self, alarm: Alarm, now_ns: int) -> str:
        """Return how long ago it was raised."""
        return self.figures.short_duration((now_ns - alarm.raised_at) / NS_PER_S)

    def status(self, alarm: Alarm, now_ns: int) -> str:
        """Return the right-hand word of a row: unacknowledged, who has it, or what is left of the shelf."""
        match effective(alarm):
            case AlarmState.UNACK | AlarmState.RTNUN as state:
                return self._say(f"console.status.{state.value}")
            case AlarmState.SHELVED if alarm.shelved_until is None:
                return self._say("console.status.one_shot")
            case AlarmState.SHELVED:
                left = self.figures.short_duration(((alarm.shelved_until or 0) - now_ns) / NS_PER_S)
                return self._say("console.status.shelved", left=left)
            case state:
                return alarm.acked_seat or alarm.acked_by or self._say(f"console.state.{state.value}")

    def history(self, alarm: Alarm, changes: Sequence[Change] = ()) -> tuple[str, ...]:
        """Return what happened in this life of the alarm, oldest first, one line each.

        `changes`: those this console has seen; they tell the steps that the record itself does not keep.
        """
        lines = [(change.at_ns, self._step(change)) for change in changes if change.action in TOLD_BY_CHANGES]
        lines.append((alarm.raised_at, self._raised(alarm)))
        if alarm.acked_at is not None:
            lines.append((alarm.acked_at, self._acked(alarm, alarm.acked_at)))
        if alarm.shelved_at is not None:
            lines.append((alarm.shelved_at, self._shelved(alarm, alarm.shelved_at)))
        if alarm.returned_at is not None:
            at = self.figures.clock(alarm.returned_at)
            lines.append((alarm.returned_at, self._say("console.history.returned", time=at)))
        if alarm.raises > 1:
            lines.append((alarm.changed_at, self._say("console.history.raises", count=alarm.raises)))
        return tuple(text for _at, text in sorted(lines))

    def _step(self, change: Change) -> str:
        who = " ".join(part for part in (self._actor(change.account), change.seat) if part)
        done = self._say(f"console.history.change.{change.action}")
        return self._say("console.history.step", time=self.figures.clock(change.at_ns), who=who, done=done).rstrip()

    def _actor(self, account: str) -> str:
        """Return a daemon's name in the officer's words, an officer's account as it is."""
        return self._say(f"console.actor.{account}") if account in MACHINES else self.person(account)

    def person(self, account: str) -> str:
        """Return the name of who has an account."""
        return self.names.person(account) if self.names else account

    def _raised(self, alarm: Alarm) -> str:
        at, value = self.figures.clock(alarm.raised_at), self.value(alarm, alarm.value)
        return self._say("console.history.raised", time=at, colour=self.colour(alarm), value=value)

    def _acked(self, alarm: Alarm, at_ns: int) -> str:
        note = self._say(f"console.note.{alarm.note_code.value}") if alarm.note_code else alarm.note
        return self._say(
            "console.history.acked",
            time=self.figures.clock(at_ns),
            who=self.person(alarm.acked_by or "") or NO_VALUE,
            seat=alarm.acked_seat or NO_VALUE,
            note=note or NO_VALUE,
        )

    def _shelved(self, alarm: Alarm, at_ns: int) -> str:
        until = alarm.shelved_until
        return self._say(
            "console.history.shelved",
            time=self.figures.clock(at_ns),
            who=self.person(alarm.shelved_by or "") or NO_VALUE,
            until=self.figures.clock(until) if until is not None else self._say("console.history.until_return"),
            reason=alarm.shelve_reason or NO_VALUE,
        )

    def _excess(self, alarm: Alarm) -> str:
        written = self._bare(alarm, alarm.value - alarm.limit)
        return f"+{written}" if alarm.value >= alarm.limit else written

    def _bare(self, alarm: Alarm, value: float) -> str:
        vital = self._vital(alarm)
        return self.figures.value(value, vital.decimals if vital else 2)

    def _vital(self, alarm: Alarm) -> Vital | None:
        return self.names.vital(alarm.vital) if self.names else None

    def _say(self, code: str, **params: object) -> str:
        return self.figures.texts.say(code, **params)


def _sentence(alarm: Alarm) -> str:
    """Return which sentence tells it: the rule that holds, `eased` once its gravest band was left, 0 once returned."""
    if alarm.band is WarningColour.NONE:
        return str(int(Side.NONE))
    return "eased" if alarm.band < alarm.colour else str(int(alarm.side))
