"""Folds alarms that belong together under one line: situations, first-out alarms with what follows, silent gateways."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from operator import itemgetter

from chengyun_core.model.alarm import Alarm
from chengyun_core.model.scales import AlarmPriority, WarningColour
from chengyun_core.model.situation import Situation, SituationKind, SituationState


@dataclass(frozen=True, slots=True, kw_only=True)
class AlarmGroup:
    """One line that stands for several alarms; it is as grave and as urgent as the gravest inside (A8, A9)."""

    key: str
    """`situation:<number>` or `cause:<number of the first-out alarm>`."""
    kind: SituationKind
    head: Alarm
    """The first-out alarm, or the gravest one where nobody knows which was first."""
    members: tuple[Alarm, ...]
    """The others, in the order of the list."""
    colour: WarningColour
    priority: AlarmPriority
    """Highest inside."""
    unacknowledged: int
    """Head included."""
    situation: Situation | None = None


def grouped(listed: Sequence[Alarm], waiting: int, situations: Iterable[Situation]) -> tuple[Alarm | AlarmGroup, ...]:
    """Return the lines of a list in order: a group stands where its most urgent alarm would, before its equals.

    `listed` is in order, its first `waiting` alarms are unacknowledged. An alarm goes with the situation of the
    first-out alarm it follows from, else with its own situation, else with its first-out alarm.
    """
    living = {alarm.number: alarm for alarm in listed}
    open_ones = _open(situations)
    keys = [_group_of(alarm, living, open_ones) for alarm in listed]
    inside: dict[str, list[int]] = {}
    for place, key in enumerate(keys):
        inside.setdefault(key, []).append(place)
    lines: list[tuple[tuple[bool, int, int, bool], Alarm | AlarmGroup]] = []
    for place, alarm in enumerate(listed):
        places = inside[keys[place]]
        is_one = len(places) < 2
        # Among equals a group leads: what many alarms follow from is to be seen first (WF4).
        rank = (place >= waiting, -alarm.colour, -alarm.priority, is_one)
        if is_one:
            lines.append((rank, alarm))
        elif places[0] == place:
            group = _group(keys[place], [listed[at] for at in places], places, waiting, open_ones)
            lines.append((rank, group))
    return tuple(line for _rank, line in sorted(lines, key=itemgetter(0)))


def _open(situations: Iterable[Situation]) -> dict[int, Situation]:
    return {row.number: row for row in situations if row.state is SituationState.OPEN}


def _group_of(alarm: Alarm, living: dict[int, Alarm], open_ones: dict[int, Situation]) -> str:
    root = alarm if alarm.cause is None else _first_out(alarm, living)
    for candidate in (root, alarm):
        if candidate.situation is not None and candidate.situation in open_ones:
            return f"situation:{candidate.situation}"
    return f"cause:{root.number}"


def _first_out(alarm: Alarm, living: dict[int, Alarm]) -> Alarm:
    """Return the alarm at the head of the chain of causes that still lives; a ring (a fault) ends where it began."""
    seen = {alarm.number}
    while alarm.cause is not None and alarm.cause in living and alarm.cause not in seen:
        seen.add(alarm.cause)
        alarm = living[alarm.cause]
    return alarm


def _group(
    key: str, alarms: list[Alarm], places: Sequence[int], waiting: int, open_ones: dict[int, Situation]
) -> AlarmGroup:
    kind_of_key, _, number = key.partition(":")
    situation = open_ones[int(number)] if kind_of_key == "situation" else None
    head = _head(alarms, situation, int(number))
    return AlarmGroup(
        key=key,
        kind=situation.kind if situation else SituationKind.CAUSE,
        head=head,
        members=tuple(alarm for alarm in alarms if alarm is not head),
        colour=max(alarm.colour for alarm in alarms),
        priority=max(alarm.priority for alarm in alarms),
        unacknowledged=sum(place < waiting for place in places),
        situation=situation,
    )


def _head(alarms: list[Alarm], situation: Situation | None, number: int) -> Alarm:
    by_number = {alarm.number: alarm for alarm in alarms}
    order = situation.alarms if situation else (number,)
    return next((by_number[at] for at in order if at in by_number), alarms[0])
