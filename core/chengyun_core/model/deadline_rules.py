"""Deadlines of the receipt ladder as data, and the rungs by which a silent recipient is called louder (T3)."""

from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from enum import StrEnum

from chengyun_core.model.clock import NS_PER_S
from chengyun_core.model.failure import Refused
from chengyun_core.model.order import LADDER, Receipt, ReceiptState, Step

NS_PER_MINUTE = 60 * NS_PER_S
DEFAULT = "1-5-30"
LONGEST_MIN = 60 * 24 * 90.0
"""A deadline beyond a quarter of a year is a slip of the pen."""
LONGEST_RUNG_MIN = 30.0
"""Reminders of a step with hours to it follow one another as if it had half an hour."""


class Rung(StrEnum):
    """How a recipient is called, each louder than the one before (T3)."""

    REMIND = "remind"
    REMIND_AGAIN = "remind_again"
    CALL = "call"
    SUPERIOR = "superior"


RUNGS: tuple[tuple[Rung, float], ...] = (
    (Rung.REMIND, 0.0), (Rung.REMIND_AGAIN, 0.5), (Rung.CALL, 1.0), (Rung.SUPERIOR, 2.0),
)  # fmt: skip
"""(rung, how long after the deadline as a share of the time the step was given): signing within a minute is reminded of
at 60 s and at 90 s, called at 120 s, and told to the superior at 180 s."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Deadlines:
    """One deadline template: step → minutes after sending within which it must be reached."""

    name: str
    minutes: dict[Step, float] = field(default_factory=dict)

    def due_from(self, sent_at: int) -> dict[Step, int]:
        """Return step → until when it must be reached, profile ns UTC, of an order sent then."""
        return {step: sent_at + round(minutes * NS_PER_MINUTE) for step, minutes in self.minutes.items()}

    def with_own(self, own: Mapping[Step, float]) -> "Deadlines":
        """Return them with an order's own minutes for some steps: those of the other steps give way, so that no step is
        due before a lower one. Minutes: above 0, in ladder order.
        """
        minutes = {**self.minutes, **own}
        below = {step: min((own[at] for at in own if LADDER.index(at) > LADDER.index(step)), default=LONGEST_MIN)
                 for step in minutes}  # fmt: skip
        above = {step: max((own[at] for at in own if LADDER.index(at) < LADDER.index(step)), default=0.0)
                 for step in minutes}  # fmt: skip
        kept = {step: own.get(step, max(above[step], min(given, below[step]))) for step, given in minutes.items()}
        return Deadlines(name=self.name, minutes=kept)


TEMPLATES: dict[str, Deadlines] = {
    DEFAULT: Deadlines(name=DEFAULT, minutes={Step.SIGNED: 1.0, Step.ARRIVED: 5.0, Step.HANDLING: 30.0}),
    # Messages and requests for information: nobody drives anywhere.
    "desk": Deadlines(name="desk", minutes={Step.SIGNED: 5.0, Step.FED_BACK: 60.0}),
    "none": Deadlines(name="none"),
}
"""The house's own; a catalogue's facts `deadline.<name>` add to them or replace them. `1-5-30` is 1 minute to sign,
5 to the place, 30 until all parties are assembled and at work (云安镇 «1530», LAW-AND-STANDARDS)."""
FACT = "deadline."


def templates(facts: Mapping[str, str]) -> dict[str, Deadlines]:
    """Return all templates by name: the house's and those a catalogue's facts tell (`deadline.x` = `signed=2 …`).

    A fact that cannot be read is left out: an import tells it (`catalogue_orders`), and no order may fail for it.
    """
    found = dict(TEMPLATES)
    for key, text in facts.items():
        if key.startswith(FACT):
            with suppress(Refused):
                found[key.removeprefix(FACT)] = parsed(key.removeprefix(FACT), text)
    return found


def parsed(name: str, text: str) -> Deadlines:
    """Return the template a text tells: `signed=1 arrived=5 handling=30`, minutes after sending, in ladder order.

    Raises:
        Refused: `order.bad_deadlines` with the part that is wrong.
    """
    minutes: dict[Step, float] = {}
    for part in text.split():
        step, _, figure = part.partition("=")
        minutes[_step(name, part, step)] = _minutes(name, part, figure)
    ordered = [minutes[step] for step in LADDER if step in minutes]
    if ordered != sorted(ordered):
        raise Refused("order.bad_deadlines", template=name, part=text)
    return Deadlines(name=name, minutes=minutes)


def checked_own(own: Mapping[Step, float]) -> dict[Step, float]:
    """Return an order's own minutes in ladder order.

    Raises:
        Refused: `order.bad_deadlines`: sending has no deadline; none is 0, beyond a quarter of a year, or before that
            of a lower step.
    """
    ordered = {step: own[step] for step in LADDER if step in own}
    wrong = [step for step, minutes in ordered.items() if step is Step.SENT or not 0 < minutes <= LONGEST_MIN]
    if wrong or list(ordered.values()) != sorted(ordered.values()):
        part = " ".join(f"{step.value}={minutes:g}" for step, minutes in ordered.items())
        raise Refused("order.bad_deadlines", template="", part=part)
    return ordered


def pending(receipt: Receipt) -> Step | None:
    """Return the step the recipient owes next and that has a deadline; None when no clock runs."""
    if receipt.state is not ReceiptState.OPEN:
        return None
    above = LADDER[LADDER.index(receipt.step) + 1 :]
    return next((step for step in above if step in receipt.due), None)


def due_at(receipt: Receipt) -> int | None:
    """Return the deadline of the step he owes next, profile ns UTC."""
    step = pending(receipt)
    return None if step is None else receipt.due[step]


def call_at(receipt: Receipt, template: Deadlines) -> int | None:
    """Return when the next rung is to be climbed, profile ns UTC; None when no clock runs or all were."""
    step = pending(receipt)
    if step is None or receipt.rung >= len(RUNGS):
        return None
    return receipt.due[step] + _after_ns(template, step, receipt.rung)


def rung_now(receipt: Receipt, template: Deadlines, now_ns: int) -> int:
    """Return how many rungs should have been climbed by now: after a stop of the centre the loudest that is due, once,
    not every one that was missed (A15: no backlog of calls).
    """
    step = pending(receipt)
    if step is None:
        return 0
    over = now_ns - receipt.due[step]
    return sum(over >= _after_ns(template, step, rung) for rung in range(len(RUNGS)))


def _after_ns(template: Deadlines, step: Step, rung: int) -> int:
    minutes = min(template.minutes.get(step, LONGEST_RUNG_MIN), LONGEST_RUNG_MIN)
    return round(RUNGS[rung][1] * minutes * NS_PER_MINUTE)


def _step(name: str, part: str, step: str) -> Step:
    if step not in LADDER or step == Step.SENT:
        raise Refused("order.bad_deadlines", template=name, part=part)
    return Step(step)


def _minutes(name: str, part: str, figure: str) -> float:
    try:
        minutes = float(figure)
    except ValueError:
        minutes = -1.0
    if not 0 < minutes <= LONGEST_MIN:
        raise Refused("order.bad_deadlines", template=name, part=part)
    return minutes
