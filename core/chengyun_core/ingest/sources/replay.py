"""Plays a file of samples as if it came from sensors: at its own pace, N times faster, or at `max`."""

import logging
import threading
from pathlib import Path

import numpy as np
import numpy.typing as npt

from chengyun_core.ingest.batch import Batch
from chengyun_core.ingest.settings import ReplaySettings
from chengyun_core.ingest.sources import moment, replay_map
from chengyun_core.ingest.sources.health import Health
from chengyun_core.ingest.sources.names import ChannelNames
from chengyun_core.ingest.sources.port import Feed
from chengyun_core.ingest.sources.replay_rows import ReplayRows
from chengyun_core.model.catalogue import Catalogue
from chengyun_core.model.clock import Clock, ClockLaw
from chengyun_core.model.failure import Refused, Trouble

logger = logging.getLogger(__name__)

SAMPLES_PER_ARRIVAL = 1 << 11
TICK_S = 0.05
"""How often a paced replay looks at its clock."""
MAX_SPEED = "max"


class ReplaySource:
    """One file. Lateness and missing data are judged on the replay's own clock, the newest time played, so that the
    activations are the same at every speed; `own_clock` is False only for a replay beside live sensors."""

    def __init__(self, settings: ReplaySettings, clock: Clock) -> None:
        file = Path(settings.file)
        self.health = Health(name=f"replay:{file.name}", kind="replay")
        self.demo = f"replay:{file.name}"
        self.speed = speed_of(settings.speed)
        self.own_clock = not (settings.rebase == "now" and self.speed == 1.0)
        self._settings = settings
        self._clock = clock
        self._ending = threading.Event()
        self._thread: threading.Thread | None = None
        self._names = ChannelNames(Catalogue())
        self._as_of_ns = as_of_ns(settings)
        self._newest_ns: int | None = None

    def start(self, feed: Feed, catalogue: Catalogue) -> None:
        """Begin to play in a thread of its own."""
        self._names = ChannelNames(catalogue)
        self._thread = threading.Thread(target=self._run, args=(feed,), name=self.health.name, daemon=True)
        self._thread.start()

    def learn(self, catalogue: Catalogue) -> None:
        """A replay keeps the channel numbers it began with: numbers are never reused."""

    def stop(self) -> None:
        """End the thread."""
        self._ending.set()
        if self._thread is not None:
            self._thread.join()

    def _run(self, feed: Feed) -> None:
        try:
            self.health.became("running")
            self._play(feed)
        except (Refused, Trouble) as fault:
            self.health.became("failed", fault.reason.code)
            logger.error("%s stops: %s", self.health.name, fault)
        else:
            if not self._ending.is_set():
                self.health.became("done")

    def _play(self, feed: Feed) -> None:
        shape = replay_map.read(Path(self._settings.map)) if self._settings.map else replay_map.PLAIN
        rows = ReplayRows(
            Path(self._settings.file),
            shape,
            self._names,
            self.health.dropped,
        )
        shift: int | None = None
        pace: _Pace | None = None
        for batch in rows.batches():
            if not len(batch.time):
                continue
            if shift is None:
                shift = self._clock.utc_ns() - int(batch.time[0]) if self._settings.rebase == "now" else 0
                pace = _Pace(self._clock, self._first_ns(int(batch.time[0]) + shift), self.speed)
            moved = _shifted(batch, shift)
            if not self._send(feed, moved, pace):
                return
        if self._newest_ns is not None and self.own_clock:
            feed.put(Batch.of([], [], []), own_now_ns=self._newest_ns, closes_until_ns=self._newest_ns)

    def _first_ns(self, first_sample_ns: int) -> int:
        return first_sample_ns if self._as_of_ns is None else self._as_of_ns

    def _send(self, feed: Feed, batch: Batch, pace: "_Pace | None") -> bool:
        """Send a batch as its time comes; False: the daemon is stopping."""
        at = 0
        while at < len(batch.time):
            if self._ending.is_set():
                return False
            until = min(len(batch.time), at + SAMPLES_PER_ARRIVAL)
            if pace is not None and self.speed != float("inf"):
                until = pace.due(batch.time, at, until)
            if until == at:
                self._ending.wait(TICK_S)
                continue
            if not self._put(feed, batch.only(slice(at, until))):
                return False
            at = until
        return True

    def _put(self, feed: Feed, part: Batch) -> bool:
        newest = int(part.time.max())
        self._newest_ns = newest if self._newest_ns is None else max(newest, self._newest_ns)
        if self.own_clock:
            # Samples of the newest instant may follow in the next part: the grid is closed just before it.
            return feed.put(part, own_now_ns=self._newest_ns, closes_until_ns=self._newest_ns - 1)
        return feed.put(part, own_now_ns=None)


class _Pace:
    """The replay's clock: source time at its start, running `speed` times as fast as the machine's monotonic one."""

    def __init__(self, clock: Clock, first_ns: int, speed: float) -> None:
        self._clock = clock
        self._first_ns = first_ns
        self._speed = speed
        self._began_ns = clock.monotonic_ns()

    def due(self, time: npt.NDArray[np.int64], start: int, end: int) -> int:
        """Return the end of the run of samples from `start` whose time has come."""
        now_ns = self._first_ns + int((self._clock.monotonic_ns() - self._began_ns) * self._speed)
        ahead = np.flatnonzero(time[start:end] > now_ns)
        return start + int(ahead[0]) if len(ahead) else end


def speed_of(text: str) -> float:
    """Return the speed, infinity for `max`; raise Refused for anything that is not a number above 0."""
    if text == MAX_SPEED:
        return float("inf")
    try:
        speed = float(text)
    except ValueError:
        speed = 0.0
    if not 0 < speed <= 1e9:
        raise Refused("ingest.replay_speed", speed=text)
    return speed


def as_of_ns(settings: ReplaySettings) -> int | None:
    """Return the ns UTC of `as_of`, None when not given; raise Refused for a time without zone or beside `rebase`."""
    if settings.rebase not in ("", "now") or (settings.rebase and settings.as_of):
        raise Refused("ingest.replay_rebase", rebase=settings.rebase, as_of=settings.as_of)
    if not settings.as_of:
        return None
    try:
        return moment.of_text(settings.as_of)
    except moment.BadMoment as fault:
        raise Refused("ingest.replay_as_of", as_of=settings.as_of, reason=fault) from fault


def law_of(settings: ReplaySettings, *, first_sample_ns: int, machine_utc_ns: int, epoch: int) -> ClockLaw:
    """Return the profile clock under which a replay looks live; the launcher gives it to the centre, its owner."""
    speed = speed_of(settings.speed)
    anchor = machine_utc_ns if settings.rebase == "now" else as_of_ns(settings) or first_sample_ns
    rate = 1.0 if speed == float("inf") else speed
    return ClockLaw(epoch=epoch, machine_anchor_ns=machine_utc_ns, profile_anchor_ns=anchor, rate=rate)


def first_sample_ns(settings: ReplaySettings) -> int:
    """Return the time of the first readable row of the file, for `law_of`; reads only the first chunk."""
    shape = replay_map.read(Path(settings.map)) if settings.map else replay_map.PLAIN
    return ReplayRows(Path(settings.file), shape, ChannelNames(Catalogue()), lambda *_: None).first_time_ns()


def _shifted(batch: Batch, shift_ns: int) -> Batch:
    if not shift_ns:
        return batch
    return Batch(channel=batch.channel, time=batch.time + shift_ns, value=batch.value, quality=batch.quality)
