"""How far a vital can be trusted to be judged (可评价性, V6): a score of 0-100 made of five parts, each told."""

from dataclasses import dataclass
from datetime import date

LEAST_ACKS = 3
"""Below so many acknowledgements a false-alarm ratio says nothing."""
CALIBRATION_GOOD_DAYS = 365
"""A calibration is taken as good for one year (JJF/检定规程: most gauges are verified yearly) …"""
CALIBRATION_WORTHLESS_DAYS = 730
"""… and as worthless after two; in between its worth falls linearly."""

WEIGHTS: dict[str, float] = {
    "availability": 0.40,
    "validity": 0.20,
    "timeliness": 0.15,
    "truth": 0.15,
    "calibration": 0.10,
}
"""Part → weight; together 1. Ours: case 003 (做法三) asks that a vital be evaluable (可评价性) but gives no figures.

Availability weighs most because a value that is not there cannot be judged at all; a wrong one (validity, truth) costs
more than a late one, and the age of a calibration is only a hint.
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Counted:
    """What ingest counted of a vital's channels over a window, and the centre of its alarms."""

    expected: float
    """Samples expected by the channels' periods; 0: the window is shorter than a period, or nothing was counted."""
    present: float
    """How many of these came; no channel counts for more than it should have sent."""
    received: int
    """Samples that came at all, each once (repetitions are not counted)."""
    late: int
    """Of these: behind a newer one of their channel, or too old on arrival."""
    bad: int
    """Of these: marked bad by the sender, no number, or outside the physical range."""
    acked: int = 0
    """Alarms acknowledged."""
    false: int = 0
    """Of these: acknowledged with the note `false_alarm`."""
    calibrated: str = ""
    """ISO date, empty: unknown."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """One part of a score."""

    name: str
    """Key of WEIGHTS; the screen's words are `quality.<name>`."""
    merit: float | None
    """0 (worthless) to 1; None: not known, and left out of the score."""
    weight: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Score:
    """The score and why it is so."""

    score: int | None
    """0-100; None: nothing is known that it could be made of."""
    parts: tuple[Part, ...]

    def part(self, name: str) -> Part:
        """Return a part by name; KeyError for an unknown one."""
        return {part.name: part for part in self.parts}[name]


def score(counted: Counted, today: date) -> Score:
    """Return the score of a vital: the weighted mean of the merits that are known.

    A vital that should have sent and did not send at all has score 0, whatever its other merits: there is nothing to
    evaluate. `today` is the profile's date, against which a calibration ages; one in the future counts as unknown.
    """
    merits = {
        "availability": _availability(counted),
        "validity": _share_without(counted.bad, counted.received),
        "timeliness": _share_without(counted.late, counted.received),
        "truth": _share_without(counted.false, counted.acked) if counted.acked >= LEAST_ACKS else None,
        "calibration": _calibration(counted.calibrated, today),
    }
    parts = tuple(Part(name=name, merit=merits[name], weight=weight) for name, weight in WEIGHTS.items())
    return Score(score=_total(parts), parts=parts)


def _total(parts: tuple[Part, ...]) -> int | None:
    known = [(part.merit, part.weight) for part in parts if part.merit is not None]
    if parts[0].merit == 0:
        return 0
    # A score made of the calibration alone would praise what nobody has counted.
    if parts[0].merit is None:
        return None
    return round(100 * sum(merit * weight for merit, weight in known) / sum(weight for _, weight in known))


def _availability(counted: Counted) -> float | None:
    if counted.expected < 1:
        return None
    return min(1.0, counted.present / counted.expected)


def _share_without(some: int, of: int) -> float | None:
    return None if of <= 0 else max(0.0, 1 - some / of)


def _calibration(calibrated: str, today: date) -> float | None:
    try:
        age = (today - date.fromisoformat(calibrated)).days
    except ValueError:
        return None
    if age < 0:
        return None
    room = CALIBRATION_WORTHLESS_DAYS - CALIBRATION_GOOD_DAYS
    return max(0.0, min(1.0, (CALIBRATION_WORTHLESS_DAYS - age) / room))
