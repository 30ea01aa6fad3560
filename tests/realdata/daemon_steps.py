"""Plays a real data set through the whole ingest daemon, and gives the steps that arrive at the centre."""

from functools import cache

from chengyun_core.model.clock import ClockLaw
from chengyun_core.wire import codec
from chengyun_core.wire.envelope import IngestStatus
from tests.realdata.definitions import DATASETS, SET
from tests.reference.evaluator import Reference
from tests.reference.playing import by_vital
from tests.support.waiting import wait_until
from tests.wire.ingest_stand import Listener, TakingCentre, ready_profile, running


@cache
def reference_steps(name):
    """Steps of the plain reference for all rows, by vital, closed at the newest time."""
    data = DATASETS[name]
    reference = Reference(data.catalogue(), SET)
    columns = data.columns()
    for time, channel, value, quality in zip(*(column.tolist() for column in columns), strict=True):
        reference.sample(time, channel, value, quality)
    reference.watermark(int(columns[0][-1]))
    return by_vital(reference.steps)


def steps_of(activations):
    """Activations as the reference's tuples, by vital: (at, before, after, side, value, limit, aspect)."""
    return by_vital(
        (item.vital, item.at_ns, int(item.before), int(item.after), int(item.side), item.value, item.limit,
         int(item.aspect))
        for item in activations
    )  # fmt: skip


class Played:
    """A profile with a centre that owns the data set's catalogue, the running daemon, and a listener."""

    def __init__(self, folder, name, settings):
        self._profile = ready_profile(folder / "p")
        self._settings = settings
        self.centre = TakingCentre(self._profile, DATASETS[name].catalogue())
        self._running = running(self._profile, settings)
        self.console = Listener(self._profile)

    def __enter__(self):
        self.centre.start()
        self._running.__enter__()
        return self

    def __exit__(self, *_):
        self.console.__exit__()
        self._running.__exit__(None, None, None)
        self.centre.kill()

    def stand_at(self, epoch, profile_ns):
        """Set the profile's clock still at a time, and wait until the daemon follows."""
        self.centre.law = ClockLaw(epoch=epoch, machine_anchor_ns=0, profile_anchor_ns=profile_ns, rate=0.0)
        self.console.until(lambda beat: beat.clock_ns == profile_ns, "the daemon follows the clock", limit_s=60)

    def status(self):
        """Ask the daemon how it stands now; a heartbeat on the way may be older than what was just seen."""
        return codec.unpack(self.console.ask("status").body, IngestStatus)

    def wait_until_done(self):
        """Wait until the one source has said that it is done and all it sent is evaluated."""

        def done():
            status = self.status()
            return bool(status.sources) and status.sources[0].state == "done" and not status.gauges["queued"]

        wait_until(done, "the file is played", limit_s=200)

    def steps(self):
        """Wait until everything decided is confirmed; return it by vital."""

        def confirmed():
            counters = self.status().counters
            return counters["activations"] == len(self.centre.taken) and not counters["spooled"]

        wait_until(confirmed, "everything is confirmed", limit_s=120)
        assert [item.seq for item in self.centre.taken] == list(range(1, len(self.centre.taken) + 1))
        return steps_of(self.centre.taken)
