"""Which run of a daemon is the living one: its heartbeats decide, and a run that went silent can be taken back."""

from chengyun_core.model.clock import NS_PER_S

DEAD_AFTER_NS = 2 * NS_PER_S
"""Twice the silence after which a daemon counts as lost. Heartbeats of the run before that still lie in a queue are
read in one go with those of the new run, so they are no sign of its death."""


class RunWatch:
    """Epochs of one daemon. Runs are ordered, so a lower epoch is a message that was long on its way.

    Only a heartbeat begins a run: a frame's header is eight bytes that anything may have damaged, and one absurd epoch
    would make every true message after it an old one, for as long as the console lives. A heartbeat that lied is
    outlived: when its run is silent and another one beats, that one is the living (so also after a daemon's state was
    put back from a backup, which is how an epoch can truly become lower).
    """

    def __init__(self) -> None:
        self.epoch = 0
        """Of the living run; 0: none was heard yet."""
        self._beat_ns = 0

    def beats(self, epoch: int, now_ns: int) -> bool:
        """Take a heartbeat's epoch at a monotonic time; return whether it is of the living run, which it may begin."""
        if epoch < self.epoch and now_ns - self._beat_ns < DEAD_AFTER_NS:
            return False
        self.epoch, self._beat_ns = epoch, now_ns
        return True
