"""Duty in words: who is where since when, what falls at a seat, gaps, lines of the log, and people."""

from collections.abc import Mapping
from dataclasses import dataclass

from chengyun_console.wording.figures import Figures
from chengyun_console.wording.gazetteer import Gazetteer
from chengyun_core.model.clock import NS_PER_S
from chengyun_core.model.duty import Assignment, Gap, Presence, SeatCover, Shift, ShiftState
from chengyun_core.model.failure import Reason
from chengyun_core.wire.duty_asks import SeatNow
from chengyun_resources.texts.reason_words import params_of

_HOUR_S = 3600


@dataclass(frozen=True, slots=True)
class DutyWords:
    """Writes duty with the names of one catalogue version; without one codes are shown."""

    figures: Figures
    names: Gazetteer | None

    def say(self, code: str, /, **params: object) -> str:
        """Return the sentence of a code."""
        return self.figures.texts.say(code, **params)

    def joined(self, *parts: str) -> str:
        """Return the parts that say something, with a dot between them."""
        return self.say("events.pieces_between").join(filter(None, parts))

    def since(self, at_ns: int, now_ns: int) -> str:
        """Return since when, and for how long: `07:56 起 6.6 小时`."""
        hours = (now_ns - at_ns) / NS_PER_S / _HOUR_S
        return self.say("console.duty.since", time=self.figures.axis(at_ns, now_ns), hours=f"{hours:.1f}")

    def load(self, seat: SeatNow) -> str:
        """Return what falls at a seat now."""
        parts = (
            self.say("console.duty.load.alarms", count=seat.alarms_10min),
            self.say("console.duty.load.unacknowledged", count=seat.unacknowledged) if seat.unacknowledged else "",
            self.say("console.duty.load.events", count=seat.events) if seat.events else "",
            self.say("console.duty.load.orders", count=seat.orders) if seat.orders else "",
        )
        return self.joined(*parts)

    def relief(self, seat: SeatNow) -> str:
        """Return why relief is suggested at a seat; empty when it is not."""
        if seat.relief is None:
            return ""
        return self.say("console.duty.relief", why=self.reason(seat.relief))

    def reason(self, reason: Reason) -> str:
        """Return the sentence of a reason."""
        return self.say(reason.code, **params_of(self.figures.texts, reason.code, reason.params))

    def role(self, role: str) -> str:
        """Return as whom somebody is on a shift."""
        return self.say(f"console.duty.role.{role}")

    def presence(self, one: Assignment, now_ns: int) -> str:
        """Return where somebody is."""
        told = self.say(f"console.duty.presence.{one.presence.value}")
        if one.since is None or one.presence in (Presence.PLANNED, Presence.RELIEVED):
            return told
        return self.say("console.duty.presence_since", presence=told, time=self.figures.axis(one.since, now_ns))

    def shift_time(self, shift: Shift) -> str:
        """Return from when to when a shift lasts."""
        begins, ends = self.figures.moment(shift.begins_at), self.figures.moment(shift.ends_at)
        return self.say("console.duty.from_to", begins=f"{begins:%m-%d %H:%M}", ends=f"{ends:%H:%M}")

    def shift_state(self, shift: Shift, now_ns: int) -> str:
        """Return how a shift stands and how long until it begins or ends."""
        told = self.say(f"console.duty.shift.{shift.state.value}")
        at = shift.begins_at if shift.state is ShiftState.PLANNED else shift.ends_at
        if shift.state is ShiftState.CLOSED:
            return told
        left = (at - now_ns) / NS_PER_S
        code = "console.duty.over" if left < 0 else "console.duty.begins_in" if at == shift.begins_at else (
            "console.duty.ends_in")  # fmt: skip
        return self.joined(told, self.say(code, time=self.figures.duration(abs(left))[:-3]))

    def gap(self, gap: Gap, people: Mapping[str, str], shift: Shift | None, now_ns: int) -> str:
        """Return what is lacking, why, and how long there is to fill it."""
        why = self.say(f"console.duty.gap.{gap.why}", name=people.get(gap.person, gap.person), post=self.post(gap.post))
        left = ""
        if shift is not None and shift.state is ShiftState.PLANNED and shift.begins_at > now_ns:
            time = self.figures.duration((shift.begins_at - now_ns) / NS_PER_S)[:-3]
            left = self.say("console.duty.begins_in", time=time)
        code = "console.duty.gap_of" if gap.missing else "console.duty.gap_warning"
        return self.joined(self.say(code, role=self.role(gap.role.value), count=gap.missing, why=why), left)

    def post(self, code: str) -> str:
        """Return a post's name, its code where the catalogue has none."""
        known = self.names.post(code) if self.names is not None and code else None
        return known.name if known is not None else code

    def cover(self, cover: SeatCover, now_ns: int) -> str:
        """Return which seat answers for another one's area, and until when."""
        until = "" if cover.until is None else self.say(
            "console.duty.until", time=self.figures.axis(cover.until, now_ns))  # fmt: skip
        return self.joined(self.say(f"console.duty.seat.{cover.deed.value}", seat=cover.by_seat), until, cover.reason)

    def person(self, account: str) -> str:
        """Return what an account is called."""
        return self.names.person(account) if self.names else account
