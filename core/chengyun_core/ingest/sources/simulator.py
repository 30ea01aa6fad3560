"""The simulator as a source: history first, then every channel at its own period, repeatable to the last digit."""

import logging
import threading
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt

from chengyun_core.ingest.batch import Batch
from chengyun_core.ingest.scenario import story_file
from chengyun_core.ingest.scenario.backfill import history
from chengyun_core.ingest.scenario.city import City
from chengyun_core.ingest.scenario.day import BehaviourOf, Day
from chengyun_core.ingest.scenario.timetable import Timetable
from chengyun_core.ingest.settings import SimulatorSettings
from chengyun_core.ingest.sources.health import Health
from chengyun_core.ingest.sources.names import ChannelNames
from chengyun_core.ingest.sources.port import Feed
from chengyun_core.model.catalogue import Catalogue
from chengyun_core.model.clock import NS_PER_S, Clock
from chengyun_core.model.failure import Refused, Trouble
from chengyun_core.wire.durable import read_record, write_record
from chengyun_resources import scenarios
from chengyun_resources.reference import behaviour

logger = logging.getLogger(__name__)

TICK_S = 0.1
REMEMBERED_EVERY_NS = 5 * NS_PER_S
RESUMED_WITHIN_NS = 60 * NS_PER_S
"""A daemon that comes back within this time tells the story on from where it was; later it begins anew."""


@dataclass(frozen=True, slots=True, kw_only=True)
class StoryMemory:
    """The file `state/story`: where a story stands, so that a restart of the daemon does not turn the flood back."""

    scenario: str
    speed: float
    begins_ns: int
    seen_ns: int
    """Machine-independent: profile time when this was written."""


class SimulatorSource:
    """One simulated city."""

    def __init__(
        self, settings: SimulatorSettings, clock: Clock, *, memory: Path, behaviour_of: BehaviourOf = behaviour.of
    ) -> None:
        if settings.speed <= 0 or settings.ending not in ("repeat", "hold"):
            raise Refused("ingest.simulator_settings", speed=settings.speed, ending=settings.ending)
        self.health = Health(name="simulator", kind="simulator")
        self.demo = settings.scenario or "ordinary_day"
        self.own_clock = True
        self._settings = settings
        self._clock = clock
        self._memory = memory
        self._behaviour_of = behaviour_of
        self._story = story_file.read(scenarios.path_of(settings.scenario)) if settings.scenario else None
        self._ending = threading.Event()
        self._thread: threading.Thread | None = None
        self._newer: Catalogue | None = None
        self._remembered_ns = 0

    def start(self, feed: Feed, catalogue: Catalogue) -> None:
        """Begin to simulate in a thread of its own."""
        self._thread = threading.Thread(target=self._run, args=(feed, catalogue), name="simulator", daemon=True)
        self._thread.start()

    def learn(self, catalogue: Catalogue) -> None:
        """Simulate the channels of a newer catalogue from the next tick on."""
        self._newer = catalogue

    def stop(self) -> None:
        """End the thread."""
        self._ending.set()
        if self._thread is not None:
            self._thread.join()

    def _run(self, feed: Feed, catalogue: Catalogue) -> None:
        try:
            self._simulate(feed, catalogue)
        except (Refused, Trouble) as fault:
            self.health.became("failed", fault.reason.code)
            logger.error("the simulator stops: %s", fault)

    def _simulate(self, feed: Feed, catalogue: Catalogue) -> None:
        now_ns = self._clock.utc_ns()
        begins_ns, resumed = self._begin(now_ns)
        city = self._city(catalogue, begins_ns)
        if not self._fill_back(feed, catalogue, city, now_ns, judged=not (resumed or feed.has_past)):
            return
        self.health.became("running")
        table, until_ns = Timetable(city.day, seed=self._settings.seed), now_ns
        while not self._ending.wait(TICK_S):
            if self._newer is not None:
                catalogue, self._newer = self._newer, None
                city = self._city(catalogue, begins_ns)
                table = Timetable(city.day, seed=self._settings.seed)
            then_ns, until_ns = until_ns, self._clock.utc_ns()
            place, time_ns = table.between(then_ns, until_ns)
            feed.offer(sampled(city, place, time_ns))
            self._remember(begins_ns, until_ns)

    def _city(self, catalogue: Catalogue, begins_ns: int) -> City:
        day = Day(catalogue, self._behaviour_of, seed=self._settings.seed, longest_series=self._settings.longest_series)
        return City(
            day, self._story, ChannelNames(catalogue), begins_ns=begins_ns, speed=self._settings.speed,
            repeats=self._settings.ending == "repeat",
        )  # fmt: skip

    def _fill_back(self, feed: Feed, catalogue: Catalogue, city: City, now_ns: int, *, judged: bool) -> bool:
        """Send made-up history; False: the daemon is stopping.

        It is judged in its own time, unless bands of an earlier process stand: then every channel speaks first, and the
        history behind it comes late, is kept for the charts and judged no more.
        """
        if not judged and not self._speak_first(feed, city, now_ns):
            return False
        for place, time_ns in history(
            catalogue,
            city.day,
            now_ns=now_ns,
            hours=self._settings.backfill_hours,
            minutes=self._settings.backfill_minutes,
        ):
            newest_ns = int(time_ns.max())
            own_ns, closes_ns = (newest_ns, newest_ns - 1) if judged else (now_ns, None)
            if self._ending.is_set():
                return False
            if not feed.put(sampled(city, place, time_ns), own_now_ns=own_ns, closes_until_ns=closes_ns):
                return False
        return True

    def _speak_first(self, feed: Feed, city: City, now_ns: int) -> bool:
        place = np.arange(len(city.day.number))
        return feed.put(sampled(city, place, np.full(len(place), now_ns, np.int64)), own_now_ns=now_ns)

    def _begin(self, now_ns: int) -> tuple[int, bool]:
        known = read_record(self._memory, StoryMemory)
        same = known is not None and (known.scenario, known.speed) == (self._settings.scenario, self._settings.speed)
        if known is not None and same and 0 <= now_ns - known.seen_ns < RESUMED_WITHIN_NS:
            return known.begins_ns, True
        return now_ns + round(self._settings.start_delay_s * NS_PER_S), False

    def _remember(self, begins_ns: int, now_ns: int) -> None:
        if now_ns - self._remembered_ns < REMEMBERED_EVERY_NS:
            return
        self._remembered_ns = now_ns
        settings = self._settings
        record = StoryMemory(scenario=settings.scenario, speed=settings.speed, begins_ns=begins_ns, seen_ns=now_ns)
        try:
            write_record(self._memory, record)
        except OSError as fault:
            logger.warning("where the story stands cannot be kept in %s: %s", self._memory, fault)


def sampled(city: City, place: npt.NDArray[np.int64], time_ns: npt.NDArray[np.int64]) -> Batch:
    """Return the samples of these channels (places in the day's columns) at these times."""
    return Batch.of(city.day.number[place], time_ns, city.value(place, time_ns))
