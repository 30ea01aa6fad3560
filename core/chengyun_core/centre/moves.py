"""One run of observations as moves of alarms; overrides, causes and suppressions follow each move."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace

from chengyun_core.centre.cause_graph import Link, Rule
from chengyun_core.centre.desk import Desk
from chengyun_core.centre.work import Work
from chengyun_core.model import alarm_rules
from chengyun_core.model.alarm import Alarm, AlarmMark, Override, OverrideKind, effective, is_active
from chengyun_core.model.alarm_rules import Seen, Step
from chengyun_core.model.scales import Aspect, WarningColour
from chengyun_core.store import alarm_table, counters
from chengyun_core.store.alarm_table import Living

MASKED_UP_TO = WarningColour.YELLOW
"""A mask never hides an orange or red alarm (RF13)."""


@dataclass(slots=True)
class Moves:
    """The moves of one unit of work: the records as they become, and which of them are new."""

    desk: Desk
    work: Work
    living: Living
    made: int = 0
    last_change: int = 0
    steps: list[Step] = field(default_factory=list)
    """Every move in order, for whoever watches over chatter, situations and floods."""
    _first: int = 0
    _new: dict[int, tuple[Alarm, int]] = field(default_factory=dict)
    _known: dict[int, tuple[Alarm, int]] = field(default_factory=dict)
    _places: dict[int, tuple[int, Aspect]] = field(default_factory=dict)
    """Alarm → what it is of."""

    @classmethod
    def around(cls, desk: Desk, work: Work, vitals: Iterable[int]) -> "Moves":
        """Begin with the living alarms of these vitals and of all whose alarms may change with theirs."""
        wanted = desk.city.graph.around(vitals)
        return cls(desk, work, alarm_table.living_of(work.connection, wanted))

    def __post_init__(self) -> None:
        self._first = counters.last(self.work.connection, alarm_table.COUNTER) + 1
        self._places = {alarm.number: place for place, alarm in self.living.items()}

    def see(self, seen: Seen, *, cause: str | None = None, params: Mapping[str, object] | None = None) -> None:
        """Take an observation of a vital."""
        alarm = self.living.get((seen.vital, seen.aspect))
        if alarm is None and seen.band is WarningColour.NONE:
            return
        step = self._raised(seen) if alarm is None else alarm_rules.observed(alarm, seen)
        if step is None:
            return
        self.put(step, cause=cause, params=params)
        if seen.aspect is Aspect.PROCESS:
            self.follow(seen.vital)

    def put(self, step: Step, *, cause: str | None = None, params: Mapping[str, object] | None = None) -> None:
        """Take a move: its journal row, and the record as it now is."""
        self.record(step.alarm, f"alarm.{step.move}", cause=cause, params=params)
        self.steps.append(step)

    def record(
        self, alarm: Alarm, action: str, *, cause: str | None = None, params: Mapping[str, object] | None = None
    ) -> None:
        """Write an alarm's new record with its journal row."""
        change = self.work.note(action, "alarm", alarm.number, alarm.version, alarm, cause=cause, params=params)
        self.made, self.last_change = self.made + 1, change
        target = self._new if alarm.number >= self._first else self._known
        target[alarm.number] = (alarm, change)
        if alarm.closed:
            self.living.pop((alarm.vital, alarm.aspect), None)
        else:
            self.living[alarm.vital, alarm.aspect] = alarm
            self._places[alarm.number] = (alarm.vital, alarm.aspect)

    def write(self) -> None:
        """Write what became of the alarms."""
        connection = self.work.connection
        # Known ones first: a life that ends makes room for the next one of the same vital.
        alarm_table.replace(connection, list(self._known.values()))
        alarm_table.add(connection, list(self._new.values()))
        if self._new:
            counters.take(connection, alarm_table.COUNTER, len(self._new))
        touched = [alarm for alarm, _ in (*self._known.values(), *self._new.values())]
        self.work.after_commit(lambda: self.desk.alarms_are(touched))

    def _raised(self, seen: Seen) -> Step:
        standing = self.desk.overrides.get(seen.vital, {})
        vital = self.desk.city.vitals.get(seen.vital)
        if vital is not None and not {vital.code, vital.subtrack} & self.desk.city.guided:
            self.work.after_commit(lambda: self.desk.count("guidance_missing"))
        return alarm_rules.first_raise(self._first + len(self._new), seen, tuple(standing.values()))

    def follow(self, vital: int) -> None:
        """Bring in line what hangs on this vital's alarm, and what it hangs on."""
        graph = self.desk.city.graph
        for link in graph.causes.get(vital, ()):
            self._link(link)
        for link in graph.effects.get(vital, ()):
            self._link(link)
        for rule in (*graph.silenced.get(vital, ()), *graph.rules.get(vital, ())):
            for silenced in {vital} & rule.vitals or rule.vitals:
                self._suppress(rule, silenced)

    def _link(self, link: Link) -> None:
        """Group an effect under its cause and mask it, or let it go when the cause has ended or it is too grave."""
        effect = self._process(link.effect)
        if effect is None:
            return
        cause = self._process(link.cause)
        follows = cause is not None and is_active(cause) and 0 <= effect.raised_at - cause.raised_at <= link.within_ns
        if not follows or cause is None:
            if self._masked_by(effect, link):
                self.put(alarm_rules.released(effect, OverrideKind.MASKED, self.work.at_ns))
            return
        if effect.cause is None and is_active(effect):
            effect = self._grouped(cause, effect)
        masks = link.masks and is_active(effect) and effect.band <= MASKED_UP_TO and effect.acked_at is None
        if masks and not self._masked_by(effect, link):
            mask = Override(
                vital=effect.vital, vital_code=effect.vital_code, kind=OverrideKind.MASKED, since=self.work.at_ns,
                cause=cause.number,
            )  # fmt: skip
            self.put(alarm_rules.overridden(effect, mask, self.work.at_ns))
        elif effect.band > MASKED_UP_TO and self._masked_by(effect, link):
            self.put(alarm_rules.released(effect, OverrideKind.MASKED, self.work.at_ns))

    def _grouped(self, cause: Alarm, effect: Alarm) -> Alarm:
        root = self.by_number(cause.cause) or cause
        if not root.first_out:
            self.record(self._next(root, first_out=True), f"alarm.{AlarmMark.FIRST_OUT}")
        grouped = self._next(effect, cause=root.number, first_out=False)
        self.record(grouped, f"alarm.{AlarmMark.GROUP}", params={"cause": root.vital_code})
        # What already hung on it has a first-out further up now.
        for follower in [one for one in self.living.values() if one.cause == effect.number] if effect.first_out else ():
            hung = self._next(follower, cause=root.number)
            self.record(hung, f"alarm.{AlarmMark.GROUP}", params={"cause": root.vital_code})
        return grouped

    def _masked_by(self, effect: Alarm, link: Link) -> bool:
        causes = {link.cause}
        held = next((one for one in effect.overrides if one.kind is OverrideKind.MASKED), None)
        if held is None:
            return False
        masking = self.by_number(held.cause)
        return masking is None or masking.vital in causes

    def _suppress(self, rule: Rule, vital: int) -> None:
        """Suppress by design while the rule's vital stands in its band; release when it does not, or too grave."""
        alarm = self._process(vital)
        if alarm is None:
            return
        leading = self._process(rule.while_vital)
        stands = leading is not None and leading.band >= rule.at_least
        held = any(one.kind is OverrideKind.SUPPRESSED and one.rule == rule.code for one in alarm.overrides)
        silenced = stands and is_active(alarm) and alarm.band <= rule.up_to
        other = any(one.kind is OverrideKind.SUPPRESSED and one.rule != rule.code for one in alarm.overrides)
        if silenced and not held and not other:
            override = Override(
                vital=vital, vital_code=alarm.vital_code, kind=OverrideKind.SUPPRESSED, since=self.work.at_ns,
                reason=rule.reason, rule=rule.code,
            )  # fmt: skip
            self.put(alarm_rules.overridden(alarm, override, self.work.at_ns))
        elif held and not silenced:
            self.put(alarm_rules.released(alarm, OverrideKind.SUPPRESSED, self.work.at_ns))

    def _process(self, vital: int) -> Alarm | None:
        return self.living.get((vital, Aspect.PROCESS))

    def by_number(self, number: int | None) -> Alarm | None:
        """Return a living alarm that this run knows."""
        place = None if number is None else self._places.get(number)
        found = None if place is None else self.living.get(place)
        return found if found is not None and found.number == number else None

    def _next(self, alarm: Alarm, **changes: object) -> Alarm:
        return replace(alarm, version=alarm.version + 1, **changes)  # type: ignore[arg-type]


Watcher = Callable[[Moves], None]
"""Looks at a run's moves before it is written, and may add to it."""


def states(moves: Moves) -> dict[str, int]:
    """Return how many of these living alarms are in each state."""
    found: dict[str, int] = {}
    for alarm in moves.living.values():
        found[effective(alarm)] = found.get(effective(alarm), 0) + 1
    return found
