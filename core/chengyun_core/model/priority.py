"""Priority of an alarm after ISA-18.2: what it may cost, and how soon somebody must act to prevent it (A13)."""

from chengyun_core.model.scales import AlarmPriority

SOON_MIN, TODAY_MIN = 5.0, 30.0
"""Minutes to respond: at most five is at once, at most thirty is soon; more leaves time to plan."""

LOW, MEDIUM, HIGH, HIGHEST = AlarmPriority.LOW, AlarmPriority.MEDIUM, AlarmPriority.HIGH, AlarmPriority.HIGHEST
MATRIX: dict[int, tuple[AlarmPriority, AlarmPriority, AlarmPriority]] = {
    1: (LOW, LOW, LOW),
    2: (MEDIUM, LOW, LOW),
    3: (HIGH, MEDIUM, LOW),
    4: (HIGHEST, HIGH, MEDIUM),
}
"""Consequence (1 little … 4 many people) → priority when there are at most 5, at most 30, more minutes.

The form is ISA-18.2's (consequence against time to respond, four priorities); the cells are ours, laid so that most
vitals come out low: the annunciated split is to be near 80/15/5/<1 % (ALARMS.md)."""


def priority(consequence: int, respond_min: float) -> AlarmPriority:
    """Return the priority; raise KeyError for a consequence outside 1..4, which no catalogue holds."""
    column = 0 if respond_min <= SOON_MIN else 1 if respond_min <= TODAY_MIN else 2
    return MATRIX[consequence][column]
