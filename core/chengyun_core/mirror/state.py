"""The screen's copy of the state: columns by vital number, and how fresh each value is, computed when asked."""

from enum import IntEnum

import numpy as np
import numpy.typing as npt

from chengyun_core.mirror.columns import StateColumns, grown
from chengyun_core.mirror.news import F64, I64, U8, U32, StateRows
from chengyun_core.model.clock import NS_PER_S
from chengyun_core.model.scales import Quality

LATE_AFTER_PERIODS = 2.0
"""RF17: a silent vital is told apart within two of its periods."""
LATE_SLACK_S = 1.0
"""Added for transport and the 1 s grid, so that a vital of one second is not late between two samples."""
AHEAD_NS = 86_400 * NS_PER_S
"""A value that says it is of tomorrow would look fresh for ever; ingest lets live samples be 60 s ahead at most."""


class Freshness(IntEnum):
    """How far a value may be trusted to be of now; all but FRESH are drawn hollow, with their age."""

    FRESH = 0
    LATE = 1
    """Its own source is late: older than twice its expected period. Or its time is of another day to come."""
    OUTDATED = 2
    """Of an earlier run of the daemon, not refreshed since."""
    LOST = 3
    """The daemon is silent: nobody knows."""
    NEVER = 4
    """No value has ever come."""


class StateMirror:
    """Columns owned by one thread (the GUI's). Read them freely on a frame tick; only `apply` and `resize` write."""

    def __init__(self) -> None:
        self._columns = StateColumns()
        self._outdated: npt.NDArray[np.bool_] = np.zeros(0, bool)
        self._allowed_ns: I64 = np.zeros(0, np.int64)
        self._owner: U8 = np.zeros(0, np.uint8)
        self.received_ns: I64 = np.zeros(0, np.int64)
        """Monotonic ns at which each value reached this machine's session; 0: never."""
        self.silent = True
        """Whether the daemon (of several: each) is lost; set by the session from its link."""
        self.silent_shards: tuple[int, ...] = ()
        """Which of several daemons are lost: only their vitals are nobody's knowledge."""
        self.epoch = 0
        self.seq = 0
        self.newest_ns = 0
        """Machine UTC arrival at ingest of the newest sample applied; 0: unknown."""

    @property
    def count(self) -> int:
        """Number of vitals, the length of every column."""
        return self._columns.count

    @property
    def time(self) -> I64:
        """Source times, profile ns UTC, int64[count]; 0 before the first value."""
        return self._columns.time

    @property
    def value(self) -> F64:
        """Values, float64[count]; NaN before the first."""
        return self._columns.value

    @property
    def quality(self) -> U8:
        """Quality codes, uint8[count]."""
        return self._columns.quality

    @property
    def band(self) -> U8:
        """WarningColour codes, uint8[count]."""
        return self._columns.band

    @property
    def side(self) -> U8:
        """Side codes, uint8[count]."""
        return self._columns.side

    def resize(self, period_s: F64) -> None:
        """Take over a catalogue: float64[n] expected periods (0: none expected). Values of known numbers are kept."""
        count = len(period_s)
        self._columns = self._columns.resized(count)
        self._outdated = grown(self._outdated, count)
        self._owner = grown(self._owner, count)
        self.received_ns = grown(self.received_ns, count)
        allowed = (period_s * LATE_AFTER_PERIODS + LATE_SLACK_S) * NS_PER_S
        self._allowed_ns = np.where(period_s > 0, allowed, np.iinfo(np.int64).max // 2).astype(np.int64)

    def apply(self, rows: StateRows) -> U32:
        """Write the rows; return the numbers written. Rows beyond the catalogue held are left out."""
        if rows.new_epoch:
            self._outdated[np.isin(self._owner, rows.restarted)] = True
        inside = slice(0, int(np.searchsorted(rows.vital, self.count)))
        vital = rows.vital[inside]
        self._columns.write(vital, rows, inside)
        self._outdated[vital] = rows.outdated[inside]
        if rows.shard is not None:
            self._owner[vital] = rows.shard[inside]
        self.received_ns[vital] = rows.received_ns
        self.epoch, self.seq = rows.epoch, rows.seq
        self.newest_ns = max(self.newest_ns, rows.newest_ns)
        return vital

    def freshness(self, now_ns: int) -> U8:
        """Return a Freshness code per vital at a profile time, uint8[count]; one pass, about 20 µs for 6 000 vitals."""
        if self.silent:
            fresh = np.full(self.count, Freshness.LOST, np.uint8)
        else:
            age_ns = now_ns - self.time
            fresh = ((age_ns > self._allowed_ns) | (age_ns < -AHEAD_NS)).astype(np.uint8)
            fresh[self._outdated] = Freshness.OUTDATED
            if self.silent_shards:
                fresh[np.isin(self._owner, self.silent_shards)] = Freshness.LOST
        fresh[self.quality == Quality.NEVER] = Freshness.NEVER
        return fresh

    def ages_s(self, now_ns: int) -> F64:
        """Return the age of each value in seconds of profile time, float64[count]; NaN before the first value."""
        return np.where(self.quality == Quality.NEVER, np.nan, (now_ns - self.time) / NS_PER_S)
