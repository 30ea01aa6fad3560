"""The simulated city: the ordinary day with a story told over it, as one pure function of channel and time."""

import logging

import numpy as np
import numpy.typing as npt

from chengyun_core.ingest.scenario.day import Day
from chengyun_core.ingest.scenario.signals import Signals
from chengyun_core.ingest.scenario.story_file import StoryFile
from chengyun_core.ingest.sources.names import UNKNOWN, ChannelNames
from chengyun_core.model.clock import NS_PER_S

logger = logging.getLogger(__name__)

RETURN_S = 60.0
"""Seconds in which the last scene passes back into the ordinary state, or into the first scene again."""


class City:
    """Values of all simulated channels. `begins_ns`: profile time of story hour 0."""

    def __init__(
        self, day: Day, story: StoryFile | None, names: ChannelNames, *, begins_ns: int, speed: float, repeats: bool
    ) -> None:
        self.day = day
        self._begins_ns = begins_ns
        self._repeats = repeats
        self._signals: list[tuple[str, float, float, float]] = []
        self._signal_of = np.full(len(day.number), -1, dtype=np.int32)
        if story is None:
            self._table: Signals | None = None
            self._told_s, self._prelude_s, self._hours = 0.0, 0.0, 0.0
            return
        self._table = Signals(story)
        self._hours = story.hours
        self._told_s = story.hours * 3600 / (story.compress * speed)
        self._prelude_s = story.prelude_h * 3600
        self._bind(story, names)

    def value(self, place: npt.NDArray[np.int64], time_ns: npt.NDArray[np.int64]) -> npt.NDArray[np.float64]:
        """Return float64[n]: the value of each channel (place in `day.number`) at its time."""
        value = self.day.value(place, time_ns)
        if self._table is None:
            return value
        told = np.flatnonzero(self._signal_of[place] >= 0)
        if len(told):
            value[told] = self._told(place[told], time_ns[told], value[told])
        return value

    def story_places(self) -> npt.NDArray[np.int64]:
        """Return the places of the channels a story speaks of."""
        return np.flatnonzero(self._signal_of >= 0)

    def _told(
        self, place: npt.NDArray[np.int64], time_ns: npt.NDArray[np.int64], ordinary: npt.NDArray[np.float64]
    ) -> npt.NDArray[np.float64]:
        assert self._table is not None
        hour, share, wrap = self._moment(time_ns)
        result = ordinary.copy()
        index = self._signal_of[place]
        for which in np.unique(index):
            mine = index == which
            name, scale, offset, noise = self._signals[which]
            level = self._table.at(name, hour[mine])
            start = self._table.at(name, np.zeros(1))[0]
            level = scale * (level * (1 - wrap[mine]) + start * wrap[mine]) + offset
            level = level + noise * self.day.unit_noise(place[mine], time_ns[mine])
            result[mine] = ordinary[mine] * (1 - share[mine]) + level * share[mine]
        return result

    def _moment(
        self, time_ns: npt.NDArray[np.int64]
    ) -> tuple[npt.NDArray[np.float64], npt.NDArray[np.float64], npt.NDArray[np.float64]]:
        """Story hour, share of the story in the value, and share of the first scene after the last (repeat)."""
        at_s = (time_ns - self._begins_ns) / NS_PER_S
        share = np.clip(1 + at_s / self._prelude_s, 0.0, 1.0) if self._prelude_s > 0 else (at_s >= 0).astype(np.float64)
        share = share * share * (3 - 2 * share)
        wrap = np.zeros(len(at_s))
        if self._repeats:
            at_s = np.where(at_s > 0, at_s % (self._told_s + RETURN_S), at_s)
            wrap = np.clip((at_s - self._told_s) / RETURN_S, 0.0, 1.0)
        else:
            share = share * (1 - np.clip((at_s - self._told_s) / RETURN_S, 0.0, 1.0))
        return np.clip(at_s / self._told_s, 0.0, 1.0) * self._hours, share, wrap

    def _bind(self, story: StoryFile, names: ChannelNames) -> None:
        lacking: list[str] = []
        for binding in story.binding:
            number = names.number(binding.channel)
            place = int(np.searchsorted(self.day.number, max(number, 0)))
            if number == UNKNOWN or place >= len(self.day.number) or self.day.number[place] != number:
                lacking.append(binding.channel)
                continue
            self._signal_of[place] = len(self._signals)
            self._signals.append((binding.signal, binding.scale, binding.offset, binding.noise))
        if lacking:
            logger.warning(
                "story %s: the catalogue has no channel %s; these scenes are not shown", story.name, ", ".join(lacking)
            )
