"""What the daemon asks of a source, and the feed through which a source hands its batches on."""

from typing import Protocol

from chengyun_core.ingest.batch import Batch
from chengyun_core.ingest.intake import Arrival, Intake
from chengyun_core.ingest.sources.health import Health
from chengyun_core.model.catalogue import Catalogue
from chengyun_core.model.clock import Clock


class Source(Protocol):
    """A source of samples with a thread of its own."""

    health: Health
    demo: str
    """Name of the scenario or file when the samples are not live; empty for live sensors."""
    own_clock: bool
    """Whether its samples begin on a clock of its own (replay, backfill) instead of the profile clock."""

    def start(self, feed: "Feed", catalogue: Catalogue) -> None:
        """Begin to feed. Never raises for what the world does: that is told by `health`."""
        ...

    def learn(self, catalogue: Catalogue) -> None:
        """Use a newer catalogue from now on."""
        ...

    def stop(self) -> None:
        """End the thread; returns when it has ended."""
        ...


class Feed:
    """Hands batches of one source to the intake, stamps their arrival and counts."""

    def __init__(self, intake: Intake, health: Health, machine: Clock, *, has_past: bool = False) -> None:
        self._intake = intake
        self._health = health
        self._machine = machine
        self.has_past = has_past
        """Whether bands of an earlier process stand: made-up history must not be judged again then."""

    def offer(self, batch: Batch, *, counted: bool = True) -> bool:
        """Hand on live samples; when the intake is full they are dropped and counted.

        `counted=False`: what finds no room is not counted, because its sender keeps it and sends it again.
        """
        if not len(batch):
            return True
        taken = self._intake.offer(self._arrival(batch, None, None))
        if taken:
            self._health.received(len(batch), int(batch.time.max()))
        elif counted:
            self._health.dropped("queue_full", len(batch))
        return taken

    def put(self, batch: Batch, *, own_now_ns: int | None, closes_until_ns: int | None = None) -> bool:
        """Hand on samples, waiting for room; False: the daemon is stopping."""
        if not self._intake.put(self._arrival(batch, own_now_ns, closes_until_ns)):
            return False
        if len(batch):
            self._health.received(len(batch), int(batch.time.max()))
        return True

    def _arrival(self, batch: Batch, own_now_ns: int | None, closes_until_ns: int | None) -> Arrival:
        return Arrival(
            source=self._health.name, batch=batch, arrived_mono_ns=self._machine.monotonic_ns(),
            arrived_utc_ns=self._machine.utc_ns(), own_now_ns=own_now_ns, closes_until_ns=closes_until_ns,
        )  # fmt: skip
