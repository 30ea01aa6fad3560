"""What a row of the alarm list says beside name and age: priority, badges, who has it, why it is silent, what folds."""

from collections.abc import Callable
from dataclasses import dataclass

from chengyun_console.wording.alarms import AlarmWords
from chengyun_console.wording.figures import NO_VALUE
from chengyun_core.mirror.alarm_groups import AlarmGroup
from chengyun_core.model.alarm import Alarm, AlarmState, Override, OverrideKind, effective
from chengyun_core.model.clock import NS_PER_S
from chengyun_core.model.scales import Aspect
from chengyun_core.model.situation import SituationKind

SILENT = (AlarmState.SUPPRESSED, AlarmState.OUT_OF_SERVICE)
Lookup = Callable[[int], Alarm | None]


@dataclass(frozen=True, slots=True)
class ListWords:
    """Writes rows with the names of one catalogue version; `find` gives a living alarm by number."""

    words: AlarmWords
    find: Lookup

    def priority(self, alarm: Alarm | AlarmGroup) -> str:
        """Return the ISA-18.2 priority as a word; it is no colour and no grade."""
        return self._say(f"console.priority.{int(alarm.priority)}")

    def badges(self, alarm: Alarm) -> tuple[str, ...]:
        """Return the short words in frames: chatter with the delay proposed, first-out, re-alarms, comments."""
        told: list[str] = []
        if alarm.chattering:
            delay = alarm.proposed_delay_s
            code = "console.badge.chattering_delay" if delay > 0 else "console.badge.chattering"
            told.append(self._say(code, seconds=f"{delay:g}"))
        if alarm.realarms:
            told.append(self._say("console.badge.realarms", count=alarm.realarms))
        if alarm.comments:
            told.append(self._say("console.badge.comments", count=alarm.comments))
        return tuple(told)

    def title(self, alarm: Alarm) -> str:
        """Return the row's first line: the vital; that its link is gone when the alarm is about the link."""
        name = self.words.name(alarm)
        return self._say("console.alarm.link", name=name) if alarm.aspect is Aspect.COMMS else name

    def detail(self, alarm: Alarm, *, is_consequence: bool = False) -> str:
        """Return the second line: priority, rule, who answers for it, place; why it is silent when it is."""
        parts = [self.priority(alarm), self._reason(alarm) or self.words.rule(alarm)]
        if alarm.assigned_to:
            parts.append(self.assigned(alarm))
        parts.append(self.words.place(alarm))
        line = " · ".join(part for part in parts if part)
        return self._say("console.alarm.consequence", line=line) if is_consequence else line

    def assigned(self, alarm: Alarm) -> str:
        """Return who answers for an alarm and until when."""
        who = self.person(alarm.assigned_to)
        if alarm.due_at is None:
            return self._say("console.alarm.assigned", who=who)
        return self._say("console.alarm.assigned_due", who=who, due=self.words.figures.clock(alarm.due_at)[:5])

    def person(self, code: str) -> str:
        """Return the name of a post, or the account itself."""
        post = self.words.names.post(code) if self.words.names else None
        return post.name if post else code

    def status(self, alarm: Alarm, now_ns: int) -> str:
        """Return the right-hand word: the state, with what is left of a shelf or an override."""
        state = effective(alarm)
        if state in SILENT:
            return self.override_status(alarm.overrides[0], now_ns) if alarm.overrides else NO_VALUE
        return self.words.status(alarm, now_ns)

    def override_status(self, override: Override, now_ns: int) -> str:
        """Return the word of an override and the time left."""
        word = self._say(f"console.override.{override.kind.value}")
        if override.until is None:
            return word
        left = self.words.figures.short_duration((override.until - now_ns) / NS_PER_S)
        return self._say("console.override.left", word=word, left=left)

    def why_silent(self, override: Override) -> str:
        """Return why an override stands: its cause, its rule, or reason, ticket and who set it."""
        if override.kind is OverrideKind.MASKED:
            cause = self.find(override.cause) if override.cause is not None else None
            name = self.words.name(cause) if cause else str(override.cause or NO_VALUE)
            return self._say("console.override.by_cause", name=name)
        if override.rule:
            return self._say("console.override.by_rule", rule=override.rule, reason=override.reason or NO_VALUE)
        ticket = self._say("console.override.ticket", ticket=override.ticket) if override.ticket else ""
        return " · ".join(part for part in (override.reason, ticket, override.by) if part)

    def group_title(self, group: AlarmGroup) -> str:
        """Return the first line of a folded group."""
        if group.kind is SituationKind.GATEWAY and group.situation is not None and group.situation.gateway:
            return self._say("console.group.gateway", gateway=group.situation.gateway)
        return self.title(group.head)

    def group_badge(self, group: AlarmGroup) -> str:
        """Return how many stand under the line, and as what: +37 后果, 情景 5 条, 40 路."""
        count = len(group.members) + (group.kind is not SituationKind.CAUSE)
        return self._say(f"console.group.{group.kind.value}_count", count=count)

    def group_detail(self, group: AlarmGroup) -> str:
        """Return the second line of a folded group: priority, gravest colour inside in words, place."""
        gravest = self._say("console.group.gravest", colour=self._say(f"console.band.{int(group.colour)}"))
        told = "" if group.kind is SituationKind.GATEWAY else gravest
        return " · ".join(part for part in (self.priority(group), told, self.words.place(group.head)) if part)

    def group_status(self, group: AlarmGroup) -> str:
        """Return how many of a group still wait."""
        if group.unacknowledged:
            return self._say("console.strip.unacknowledged", count=group.unacknowledged)
        return self._say("console.state.acked")

    def _reason(self, alarm: Alarm) -> str:
        state = effective(alarm)
        if state in SILENT and alarm.overrides:
            return self.why_silent(alarm.overrides[0])
        if state is AlarmState.SHELVED:
            return " ".join(part for part in (alarm.shelve_reason, alarm.shelved_by) if part)
        return ""

    def _say(self, code: str, **params: object) -> str:
        return self.words.figures.texts.say(code, **params)
