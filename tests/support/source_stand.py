"""One source of samples on its own: a real feed and intake around it, and what it handed on."""

import threading

from chengyun_core.ingest.intake import Intake
from chengyun_core.ingest.sources.port import Feed
from chengyun_core.model.clock import ProfileClock
from tests.core.ingest.daemon.building import city
from tests.support.waiting import wait_until


class SourceStand:
    """Starts the source, and ends it at the end of the block."""

    def __init__(self, source, *, catalogue=None, limit_samples=1 << 20):
        self.source = source
        self.health = source.health
        self._catalogue = catalogue or city()
        self._intake = Intake(limit_samples)
        self._rows = []

    def __enter__(self):
        self.source.start(Feed(self._intake, self.health, ProfileClock()), self._catalogue)
        return self

    def __exit__(self, *_):
        self.source.stop()
        self._intake.close()
        self._intake.dispose()
        assert not [thread for thread in threading.enumerate() if thread.name == f"source {self.health.name}"]

    def rows(self):
        """Everything handed on so far: (channel, time ns, value, quality)."""
        while arrivals := self._intake.take(1 << 20):
            for arrival in arrivals:
                batch = arrival.batch
                columns = (batch.channel, batch.time, batch.value, batch.quality)
                self._rows += zip(*(column.tolist() for column in columns), strict=True)
        return self._rows

    def until_running(self):
        """Wait until the source runs."""
        self.until_state("running")

    def until_state(self, state, reason=None):
        """Wait for a state and, when given, its reason."""
        wait_until(
            lambda: self.health.state == state and reason in (None, self.health.reason),
            f"the source is {state} {reason or ''}", limit_s=20,
        )  # fmt: skip

    def until_rows(self, condition, what):
        """Wait until what was handed on fulfils a condition."""
        wait_until(lambda: condition(self.rows()), what, limit_s=20)

    def told(self):
        """The record of the status answer."""
        clock = ProfileClock()
        return self.health.told(now_ns=clock.utc_ns(), monotonic_ns=clock.monotonic_ns())
