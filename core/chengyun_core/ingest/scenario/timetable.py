"""When each channel sends: its own period and phase with a little jitter, the same at every run."""

import numpy as np
import numpy.typing as npt

from chengyun_core.ingest.scenario import noise
from chengyun_core.ingest.scenario.day import Day

JITTER = 0.1
"""Share of the period by which a sample may come late."""
MOST_SPAN_NS = 5_000_000_000
"""After a long stop (laptop asleep) only the last seconds are made up, not hours at once."""


class Timetable:
    """Instants of all channels as a pure function: sample k of channel c at (k + phase_c + jitter(c, k)) × period_c."""

    def __init__(self, day: Day, *, seed: int) -> None:
        self._number = day.number
        self._period_ns = np.round(day.period_s * 1e9).astype(np.int64)
        self._phase_ns = (
            noise.uniform(seed, day.number, np.zeros(len(day.number), np.int64)) * self._period_ns
        ).astype(np.int64)
        self._seed = seed + 2

    def between(self, after_ns: int, until_ns: int) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.int64]]:
        """Return (place, time ns) of all samples in (after, until], in order of time."""
        after_ns = max(after_ns, until_ns - MOST_SPAN_NS)
        places: list[npt.NDArray[np.int64]] = []
        times: list[npt.NDArray[np.int64]] = []
        first = (after_ns - self._phase_ns) // self._period_ns - 1
        place = np.arange(len(self._number))
        turn = 0
        while len(place):
            index = first[place] + turn
            period = self._period_ns[place]
            jitter = (noise.uniform(self._seed, self._number[place], index) * JITTER * period).astype(np.int64)
            time = index * period + self._phase_ns[place] + jitter
            due = (time > after_ns) & (time <= until_ns)
            places.append(place[due])
            times.append(time[due])
            place = place[time <= until_ns]
            turn += 1
        found, at = np.concatenate(places or [place]), np.concatenate(times or [place])
        order = np.argsort(at, kind="stable")
        return found[order], at[order]
