"""On and off delays: how long a level has been wanted otherwise than it is annunciated, for vitals with delays only."""

import numpy as np

from chengyun_core.ingest.rules import LEVELS, RuleOf, Rules
from chengyun_core.ingest.subset import Subset
from chengyun_core.series.columns import Bools, Bytes, Numbers, Times


class Delays:
    """Open timers: int64[m, 4] source times since when each level differs, 0 where it does not."""

    def __init__(self, members: Subset) -> None:
        self.members = members
        self.since: Times = np.zeros((len(members), 4), np.int64)

    def passed(self, rules: Rules, rule: RuleOf, vital: Numbers, time: Times, level: Bytes, wanted: Bytes) -> Bytes:
        """Return the levels annunciated after these evaluations; members only, each vital at most once."""
        place = self.members.places(vital)
        since = self.since[place]
        now, asked = level[:, None] >= LEVELS, wanted[:, None] >= LEVELS
        differs = now != asked
        since = np.where(differs, np.where(since == 0, time[:, None], since), 0)
        delay = np.where(asked, rules.on_ns[rule][:, None], rules.off_ns[rule][:, None])
        flips = differs & (time[:, None] - since >= delay)
        since[flips] = 0
        self.since[place] = since
        after: Bytes = (now ^ flips).sum(axis=1, dtype=np.uint8)
        return after

    def open(self, vital: Numbers) -> Bools:
        """Return which of these members have an open timer."""
        return np.asarray(self.since[self.members.places(vital)].any(axis=1))

    def take_over(self, older: "Delays") -> None:
        """Copy the open timers of the same vitals."""
        common, mine, theirs = np.intersect1d(
            self.members.members, older.members.members, assume_unique=True, return_indices=True
        )
        if common.size:
            self.since[mine] = older.since[theirs]
