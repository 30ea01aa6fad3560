"""One run of observations as moves of alarms; overrides, causes and suppressions follow each move."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace

from chengyun_core.centre.cause_graph import Link, Rule
from chengyun_core.centre.city import City
from chengyun_core.centre.desk import Desk
from chengyun_core.centre.work import Work
from chengyun_core.model import alarm_rules
from chengyun_core.model.alarm import Alarm, AlarmMark, AlarmState, Override, OverrideKind, effective, is_active
from chengyun_core.model.alarm_rules import Seen, Step
from chengyun_core.model.scales import Aspect, WarningColour
from chengyun_core.store import alarm_table, counters
from chengyun_core.store.alarm_table import Living

MASKED_UP_TO = WarningColour.YELLOW
"""A mask never hides an orange or red alarm (RF13)."""
SILENT = frozenset({AlarmState.SUPPRESSED, AlarmState.OUT_OF_SERVICE})
"""States in which an alarm does not call although it may be active, and nobody chose so for this one alarm."""


@dataclass(slots=True)
class Moves:
    """The moves of one unit of work: the records as they become, and which of them are new."""

    desk: Desk
    work: Work
    living: Living
    city: City
    """The catalogue the moves are made under: the one in force, or the one that is about to be."""
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
        return cls(desk, work, alarm_table.living_of(work.connection, wanted), desk.city)

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
        vital = self.city.vitals.get(seen.vital)
        if vital is not None and not {vital.code, vital.subtrack} & self.city.guided:
            self.work.after_commit(lambda: self.desk.count("guidance_missing"))
        return alarm_rules.first_raise(self._first + len(self._new), seen, tuple(standing.values()))

    def follow(self, vital: int, *, params: Mapping[str, object] | None = None) -> None:
        """Bring in line what hangs on this vital's alarm, and what it hangs on; `params`: why, beside the move."""
        graph = self.city.graph
        effects = graph.effects.get(vital, ())
        for link in (*graph.causes.get(vital, ()), *effects):
            self._group(link)
        for masked in dict.fromkeys((vital, *(link.effect for link in effects))):
            self._mask(masked, params)
        led = (silenced for rule in graph.rules.get(vital, ()) for silenced in sorted(rule.vitals))
        for silenced in dict.fromkeys((vital, *led)):
            self._suppress(silenced, params)

    def _group(self, link: Link) -> None:
        """Hang an effect upon the first of its chain; it stays there for the rest of its life."""
        cause, effect = self._process(link.cause), self._process(link.effect)
        if cause is None or effect is None or effect.cause is not None or not is_active(effect):
            return
        root = self.by_number(cause.cause) or cause
        # In a ring of causes that rose at one instant none may hang on itself.
        if _follows(cause, effect, link) and root.number != effect.number:
            self._grouped(root, effect)

    def ungroup(self, alarm: Alarm, params: Mapping[str, object]) -> None:
        """Take an effect from under its first-out, which is one no longer when nothing else hangs on it."""
        first = self.by_number(alarm.cause)
        self.record(self._next(alarm, cause=None), f"alarm.{AlarmMark.GROUP}", params={"cause": "", **params})
        if first is not None and all(one.cause != first.number for one in self.living.values()):
            self.record(self._next(first, first_out=False), f"alarm.{AlarmMark.FIRST_OUT}", params=params)

    def _mask(self, vital: int, params: Mapping[str, object] | None) -> None:
        """Mask under a standing cause; pass the mask on to another when that one ended; let go when there is none."""
        effect = self._process(vital)
        if effect is None:
            return
        held = _held(effect, OverrideKind.MASKED)
        masking = self._masking(effect, held)
        if masking is None:
            if held is not None:
                self.put(alarm_rules.released(effect, OverrideKind.MASKED, self.work.at_ns), params=params)
        elif held is None or held.cause != masking.number:
            mask = Override(
                vital=effect.vital, vital_code=effect.vital_code, kind=OverrideKind.MASKED, since=self.work.at_ns,
                cause=masking.number,
            )  # fmt: skip
            self.put(alarm_rules.overridden(effect, mask, self.work.at_ns), params=params)

    def _masking(self, effect: Alarm, held: Override | None) -> Alarm | None:
        """Return the alarm this one is to be masked by: the one that does already, if it still may."""
        if not is_active(effect) or effect.band > MASKED_UP_TO or effect.acked_at is not None:
            return None
        links = ((link, self._process(link.cause)) for link in self.city.graph.causes.get(effect.vital, ()))
        able = [cause for link, cause in links if link.masks and cause is not None and _follows(cause, effect, link)]
        able = [cause for cause in able if not self._is_masked_by(cause, effect)]
        return next((one for one in able if held is not None and one.number == held.cause), able[0] if able else None)

    def _is_masked_by(self, cause: Alarm, effect: Alarm) -> bool:
        """Return whether a cause is itself masked by this effect: in a ring of causes one has to call."""
        seen: set[int] = set()
        at: Alarm | None = cause
        while at is not None and at.number not in seen:
            seen.add(at.number)
            mask = _held(at, OverrideKind.MASKED)
            at = self.by_number(mask.cause) if mask is not None else None
        return effect.number in seen

    def _grouped(self, root: Alarm, effect: Alarm) -> None:
        if not root.first_out:
            self.record(self._next(root, first_out=True), f"alarm.{AlarmMark.FIRST_OUT}")
        grouped = self._next(effect, cause=root.number, first_out=False)
        self.record(grouped, f"alarm.{AlarmMark.GROUP}", params={"cause": root.vital_code})
        # What already hung on it has a first-out further up now.
        for follower in [one for one in self.living.values() if one.cause == effect.number] if effect.first_out else ():
            hung = self._next(follower, cause=root.number)
            self.record(hung, f"alarm.{AlarmMark.GROUP}", params={"cause": root.vital_code})

    def _suppress(self, vital: int, params: Mapping[str, object] | None) -> None:
        """Suppress by design while a rule's vital stands in its band; release when none does, or it is too grave."""
        alarm = self._process(vital)
        if alarm is None:
            return
        held = _held(alarm, OverrideKind.SUPPRESSED)
        if held is not None and not held.rule:
            return  # an officer's, which ends in its own time
        standing = [rule for rule in self.city.graph.silenced.get(vital, ()) if self._stands(rule, alarm)]
        if held is not None and any(rule.code == held.rule for rule in standing):
            return
        if standing:
            rule = standing[0]
            override = Override(
                vital=vital, vital_code=alarm.vital_code, kind=OverrideKind.SUPPRESSED, since=self.work.at_ns,
                reason=rule.reason, rule=rule.code,
            )  # fmt: skip
            self.put(alarm_rules.overridden(alarm, override, self.work.at_ns), params=params)
        elif held is not None:
            self.put(alarm_rules.released(alarm, OverrideKind.SUPPRESSED, self.work.at_ns), params=params)

    def _stands(self, rule: Rule, alarm: Alarm) -> bool:
        leading = self._process(rule.while_vital)
        in_band = leading is not None and leading.band >= rule.at_least
        return in_band and is_active(alarm) and alarm.band <= rule.up_to

    def _process(self, vital: int) -> Alarm | None:
        return self.living.get((vital, Aspect.PROCESS))

    def by_number(self, number: int | None) -> Alarm | None:
        """Return a living alarm that this run knows."""
        place = None if number is None else self._places.get(number)
        found = None if place is None else self.living.get(place)
        return found if found is not None and found.number == number else None

    def latest(self, number: int) -> Alarm | None:
        """Return what this run has made of an alarm, its end included; None when it touched and knows nothing of it.

        The table has what it was before the run: an alarm the run has closed must not be written from there again.
        """
        made = self._new.get(number) or self._known.get(number)
        return made[0] if made is not None else self.by_number(number)

    def _next(self, alarm: Alarm, **changes: object) -> Alarm:
        return replace(alarm, version=alarm.version + 1, **changes)  # type: ignore[arg-type]


def heard(steps: Sequence[Step]) -> list[Step]:
    """Return the steps of one run that call an officer, in order.

    What the same run silenced again never called (ALARMS.md: masked is not annunciated): all of a run becomes known at
    once.
    """
    silenced: set[int] = set()
    found: list[Step] = []
    for step in reversed(steps):
        state = effective(step.alarm)
        if state in SILENT:
            silenced.add(step.alarm.number)
        elif state is AlarmState.UNACK and step.alarm.number not in silenced:
            found.append(step)
    return found[::-1]


def _follows(cause: Alarm, effect: Alarm, link: Link) -> bool:
    return is_active(cause) and 0 <= effect.raised_at - cause.raised_at <= link.within_ns


def _held(alarm: Alarm, kind: OverrideKind) -> Override | None:
    return next((one for one in alarm.overrides if one.kind is kind), None)
