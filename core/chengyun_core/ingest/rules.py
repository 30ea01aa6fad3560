"""Threshold rules as columns: equal rules are one row, and a vital names its row."""

from collections.abc import Iterable, Mapping, Sequence

import numpy as np
import numpy.typing as npt

from chengyun_core.model.catalogue import Catalogue, Threshold
from chengyun_core.model.clock import NS_PER_S
from chengyun_core.model.scales import Side
from chengyun_core.model.scope_sets import rules_in_force
from chengyun_core.series.columns import Bools, Bytes, Numbers, Places, Times, Values

FOREVER_NS = np.iinfo(np.int64).max
"""Stands for a rule of duration that is not given."""
LEVELS = np.arange(1, 5, dtype=np.uint8)
"""Blue to red, the columns of the limits."""
RuleOf = npt.NDArray[np.uint16] | Numbers
"""Row of the rules by vital number; 0: no rule."""

_NO_RULE = Threshold(threshold_set="", vital="")


class Rules:
    """Columns of r rules; limits are float64[r, 4] blue to red, ±inf where none is given. Row 0 is no rule at all."""

    def __init__(self, rows: Sequence[Threshold]) -> None:
        """Build the columns; row k + 1 is rows[k]."""
        rows = [_NO_RULE, *rows]
        self.contents = [_content(row) for row in rows]
        hysteresis = np.array([row.hysteresis for row in rows])[:, None]
        self.high = _limits([row.high() for row in rows], np.inf)
        self.low = _limits([row.low() for row in rows], -np.inf)
        self.high_off: Values = self.high - hysteresis
        self.low_off: Values = self.low + hysteresis
        # A given limit implies the lower levels: level c is reached at the nearest limit of c or above.
        self.high_from: Values = np.minimum.accumulate(self.high[:, ::-1], axis=1)[:, ::-1]
        self.low_from: Values = np.maximum.accumulate(self.low[:, ::-1], axis=1)[:, ::-1]
        self.on_ns = _durations(row.on_delay_s for row in rows)
        self.off_ns = _durations(row.off_delay_s for row in rows)
        self.rate: Values = np.array([np.inf if row.rate_per_min is None else row.rate_per_min for row in rows])
        self.rate_colour: Bytes = np.array([row.rate_colour for row in rows], np.uint8)
        self.stuck_ns = _durations(row.stuck_s for row in rows)
        self.stuck_colour: Bytes = np.array([row.stuck_colour for row in rows], np.uint8)
        self.missing_ns = _durations(row.missing_s for row in rows)
        self.missing_colour: Bytes = np.array([row.missing_colour for row in rows], np.uint8)
        self.delays: Bools = (self.on_ns > 0) | (self.off_ns > 0)
        self.remembers: Bools = np.isfinite(self.rate) | (self.stuck_ns != FOREVER_NS)
        """Rules that need the samples before: rate of change and stuck value."""
        self.expects: Bools = self.missing_ns != FOREVER_NS
        self.soonest_missing_ns = int(self.missing_ns.min())
        self._quiet = self._quiet_table()

    @classmethod
    def of(
        cls, catalogue: Catalogue, threshold_set: str, sets: Mapping[str, str] | None = None
    ) -> "tuple[Rules, RuleOf]":  # fmt: skip
        """Return the rules of a set and, by vital number, the row each vital obeys.

        sets: sets of scopes in 急时, which go before it; None: those of the catalogue.
        """
        numbers = {vital.code: vital.number for vital in catalogue.vitals}
        rows: dict[tuple[object, ...], int] = {}
        unlike: list[Threshold] = []
        chosen = np.zeros(len(numbers), np.uint32)
        for threshold in rules_in_force(catalogue, threshold_set, sets):
            if threshold.vital not in numbers:
                continue
            row = rows.setdefault(_content(threshold), len(rows) + 1)
            if row > len(unlike):
                unlike.append(threshold)
            chosen[numbers[threshold.vital]] = row
        return cls(unlike), chosen

    def quiet(self, rule: RuleOf, level: Bytes, side: Bytes) -> npt.NDArray[np.uint64]:
        """Return per vital an open interval (low, high), float32 pairs seen as uint64, in which its level stays.

        Conservative: outside it the rules must be asked, inside nothing can change. Empty for rules that remember.
        """
        place = rule.astype(np.intp) * 10 + level * 2 + (side == Side.LOW)
        chosen: npt.NDArray[np.uint64] = self._quiet[place]
        return chosen

    def unlike(self, rule: RuleOf, other: "Rules", other_rule: RuleOf) -> Bools:
        """Return which of these rows differ from the rows beside them in other rules."""
        number = {content: row for row, content in enumerate(self.contents)}
        mine = np.array([number[content] for content in self.contents])
        theirs = np.array([number.get(content, -1) for content in other.contents])
        return np.asarray(mine[rule] != theirs[other_rule])

    def limit(self, rule: RuleOf, level: Bytes, side: Bytes) -> Values:
        """Return the limit that leads to a level (1..4) on a side; NaN where there is none."""
        column: Places = level.astype(np.intp) - 1
        limit = np.full(rule.shape, np.nan)
        for which, source in ((Side.HIGH, self.high_from), (Side.LOW, self.low_from)):
            here = side == which
            limit[here] = source[rule[here], column[here]]
        rate = side == Side.RATE
        limit[rate] = self.rate[rule[rate]]
        return np.where(np.isfinite(limit), limit, np.nan)

    def _quiet_table(self) -> npt.NDArray[np.uint64]:
        count = len(self.high)
        none = np.full((count, 1), np.inf)
        # ceiling[:, L]: value from which level L + 1 is wanted, for L = 0..4.
        ceiling, floor = np.hstack((self.high_from, none)), np.hstack((self.low_from, -none))
        low, high = np.empty((count, 5, 2)), np.empty((count, 5, 2))
        low[:, 0], high[:, 0] = floor[:, :1], ceiling[:, :1]
        low[:, 1:, 0], high[:, 1:, 0] = np.maximum(self.high_off, floor[:, 1:]), ceiling[:, 1:]
        low[:, 1:, 1], high[:, 1:, 1] = floor[:, 1:], np.minimum(self.low_off, ceiling[:, 1:])
        low[self.remembers], high[self.remembers] = np.inf, -np.inf
        pairs = np.empty((count * 10, 2), np.float32)
        pairs[:, 0], pairs[:, 1] = _rounded_up(low.reshape(-1)), -_rounded_up(-high.reshape(-1))
        return pairs.view(np.uint64)[:, 0]


EMPTY = np.array([np.inf, -np.inf], np.float32).view(np.uint64)[0]
"""A quiet interval that holds nothing: the rules must be asked at every sample."""


def _content(threshold: Threshold) -> tuple[object, ...]:
    return (
        threshold.high(), threshold.low(), threshold.hysteresis, threshold.on_delay_s, threshold.off_delay_s,
        threshold.rate_per_min, threshold.rate_colour, threshold.stuck_s, threshold.stuck_colour,
        threshold.missing_s, threshold.missing_colour,
    )  # fmt: skip


def _limits(rows: Sequence[tuple[float | None, ...]], none: float) -> Values:
    return np.array([[none if limit is None else limit for limit in row] for row in rows], np.float64)


def _durations(seconds: Iterable[float | None]) -> Times:
    return np.array([FOREVER_NS if s is None else round(s * NS_PER_S) for s in seconds], np.int64)


def _rounded_up(value: Values) -> npt.NDArray[np.float32]:
    """Return the float32 at or above each value."""
    with np.errstate(over="ignore"):
        near = value.astype(np.float32)
    return np.where(near.astype(np.float64) < value, np.nextafter(near, np.float32(np.inf)), near)
