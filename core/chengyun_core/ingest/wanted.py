"""Which level each rule wants for a value; rows in, levels out. The meaning is told in docs/thresholds.md."""

import numpy as np

from chengyun_core.ingest.rules import LEVELS, RuleOf, Rules
from chengyun_core.ingest.subset import Subset
from chengyun_core.model.scales import Side
from chengyun_core.series.columns import Bools, Bytes, Numbers, Times, Values

NS_PER_S_FLOAT = 1e9
SIDES = (int(Side.HIGH), int(Side.LOW), int(Side.RATE), int(Side.STUCK))
"""In the order in which they lead."""


def by_limits(rules: Rules, rule: RuleOf, level: Bytes, value: Values) -> tuple[Bytes, Bytes]:
    """Return the levels wanted by the upper and the lower limits; `level` is annunciated and keeps its hysteresis."""
    held = level[:, None] >= LEVELS
    x = value[:, None]
    high = (x >= rules.high[rule]) | (held & (x > rules.high_off[rule]))
    low = (x <= rules.low[rule]) | (held & (x < rules.low_off[rule]))
    return _gravest(high), _gravest(low)


def _gravest(wanted: Bools) -> Bytes:
    gravest: Bytes = (wanted * LEVELS).max(axis=1)
    return gravest


class Memory:
    """The last good sample, and since when the value stands, of vitals with a rule of rate or of stuck values."""

    def __init__(self, members: Subset) -> None:
        self.members = members
        self.time: Times = np.zeros(len(members), np.int64)
        self.value: Values = np.zeros(len(members))
        self.since: Times = np.zeros(len(members), np.int64)

    def wants(self, rules: Rules, rule: RuleOf, vital: Numbers, time: Times, value: Values) -> tuple[Bytes, Bytes]:
        """Return the levels wanted by rate and by stuck, for members only, and remember the samples."""
        place = self.members.places(vital)
        before, last, since = self.time[place], self.value[place], self.since[place]
        known = before > 0
        with np.errstate(divide="ignore", invalid="ignore", over="ignore"):
            rate = np.abs(value - last) / ((time - before) / NS_PER_S_FLOAT) * 60.0
        fast = known & (rate >= rules.rate[rule]) & np.isfinite(rules.rate[rule])
        since = np.where(known & (value == last), since, time)
        stuck = time - since >= rules.stuck_ns[rule]
        self.time[place], self.value[place], self.since[place] = time, value, since
        return fast * rules.rate_colour[rule], stuck * rules.stuck_colour[rule]

    def take_over(self, older: "Memory") -> None:
        """Copy what an older memory knows of the same vitals."""
        common, mine, theirs = np.intersect1d(
            self.members.members, older.members.members, assume_unique=True, return_indices=True
        )
        if common.size:
            self.time[mine], self.value[mine], self.since[mine] = (
                older.time[theirs],
                older.value[theirs],
                older.since[theirs],
            )


def leading_side(wants: tuple[Bytes, Bytes, Bytes, Bytes], level: Bytes) -> Bytes:
    """Return the first of HIGH, LOW, RATE, STUCK that wants the gravest level; NONE where nothing is wanted."""
    side = np.full(level.shape, SIDES[-1], np.uint8)
    for which in (2, 1, 0):
        side[wants[which] == level] = SIDES[which]
    side[level == 0] = Side.NONE
    return side
