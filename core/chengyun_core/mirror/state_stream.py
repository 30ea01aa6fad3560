"""The protocol of the state stream: epochs, numbers, gaps and debts in; snapshot asks and merged rows out. No socket.

Frames carry absolute values, so a frame is always applied, whatever was lost before it. What was lost is noted as a
*debt* ("something up to frame n is missing") and paid by one snapshot, which is merged per vital by the number of the
frame that last wrote it (`>=`): a snapshot can be older than frames already applied and never undoes them, and after a
restart it wins over values of the earlier run, whose numbers are set to 0. (RELIABILITY.md, clone pattern, traps 2-6.)

Heartbeats are the authority over epochs and numbers. Frames and heartbeats come on one socket in their order, so a
frame numbered beyond the heartbeat after it lied: what it wrote is owed again. Nothing that a message says can keep a
vital from the truth for longer than to the next heartbeats (RF16).
"""

from collections import Counter

import numpy as np

from chengyun_core.mirror.columns import StateColumns, grown, of_frame
from chengyun_core.mirror.news import StateRows
from chengyun_core.mirror.run_watch import DEAD_AFTER_NS, RunWatch
from chengyun_core.model.clock import NS_PER_S
from chengyun_core.model.scales import Quality
from chengyun_core.wire.envelope import Heartbeat
from chengyun_core.wire.frames import Frame, FrameKind

ASK_EVERY_NS = NS_PER_S // 4
"""At most four snapshots a second: a slow screen must not spend its time on repairs that are outdated on arrival."""
ANSWER_WITHIN_NS = 3 * NS_PER_S


class StateStream:
    """One ingest daemon's state as it arrives. Owned by one thread."""

    def __init__(self) -> None:
        self.seq = 0
        """Number of the newest frame applied in this epoch."""
        self.counters: Counter[str] = Counter()
        """`gaps`, `snapshots`, `repeated`, `old_epoch`, `unannounced`, `disowned`, `held_back`, `foreign_rows`."""
        self._run = RunWatch()
        self._published = 0
        """Greatest number a published frame of this epoch had, and the last heartbeat's tail."""
        self._ahead_since: int | None = None
        self._columns = StateColumns()
        self._written_by = np.zeros(0, np.uint64)
        self._dirty = np.zeros(0, bool)
        self._outdated = np.zeros(0, bool)
        self._owed: int | None = None
        self._held_for: int | None = None
        self._catalogue = 0
        self._older_catalogues = False
        self._asked: str | None = None
        self._asked_at = -ASK_EVERY_NS
        self._asks = 0
        self._new_epoch = False
        self._merged = False
        self._newest_ns = 0
        self._oldest_ns = 0
        self._received_ns = 0

    @property
    def epoch(self) -> int:
        """Return the epoch of the daemon's living run, 0 before its first heartbeat."""
        return self._run.epoch

    @property
    def owes(self) -> bool:
        """Return whether something is missing that a snapshot will bring."""
        return self._owed is not None

    @property
    def has_news(self) -> bool:
        """Return whether `news` has something to hand on."""
        return self._merged or self._new_epoch

    @property
    def awaits_catalogue(self) -> int | None:
        """Return the catalogue version whose frames are held back, None when there is none."""
        return self._held_for

    def adopt(self, version: int, count: int, *, confirmed: bool) -> None:
        """Take over a catalogue of `count` vitals. `confirmed`: the centre names it, so older frames fit it too.

        Vital numbers are never reused (identity.VitalNumber), so frames made with an older version stay true.
        """
        self._catalogue, self._older_catalogues = version, confirmed
        if count != self._columns.count:
            self._resize(count)
        if self._held_for is not None and self._fits(self._held_for):
            self._held_for = None
        self._owe(self.seq)

    def heard(self, beat: Heartbeat, now_ns: int = 0) -> None:
        """Take a heartbeat at a monotonic time: it names epoch and tail, and so shows a loss before a silence."""
        before = self.epoch
        if not self._run.beats(beat.epoch, now_ns):
            self.counters["old_epoch"] += 1
            return
        if beat.epoch != before:
            self._begin_run()
        if beat.tail < self._published or self._is_long_ahead(beat.tail, now_ns):
            self._disown(beat.tail)
        self._published = beat.tail
        if self._held_for is not None and beat.catalogue not in (0, self._held_for):
            self._held_for = None  # no frame of it is to come: the one that named it was damaged
        if beat.tail > self.seq:
            self._owe(beat.tail)

    def took(self, frame: Frame, now_ns: int) -> None:
        """Take a published frame at a monotonic time."""
        head = frame.head
        if not self._is_of_run(head.epoch):
            return
        self._published = max(self._published, head.seq)
        if not self._may_apply(frame):
            return
        if head.seq <= self.seq:
            self.counters["repeated"] += 1
        elif head.seq > self.seq + 1:
            self._owe(head.seq - 1)
        self.seq = max(self.seq, head.seq)
        self._merge(frame, now_ns)

    def answered(self, frame: Frame, now_ns: int) -> None:
        """Take a snapshot. A late one is as true as any other: versions decide; only a new enough one pays the debt."""
        self._asked = None
        head = frame.head
        if not self._is_of_run(head.epoch) or not self._may_apply(frame):
            return
        self.counters["snapshots"] += 1
        self._merge(frame, now_ns)
        self.seq = max(self.seq, head.seq)
        if self._owed is not None and head.seq >= self._owed:
            self._owed = None

    def unanswered(self) -> None:
        """Take note that the ask was refused or could not be sent; it is repeated in its time."""
        self._asked = None

    def asks(self, now_ns: int) -> str | None:
        """Return the id under which to ask for a snapshot now, None while none is due."""
        if self._owed is None or self._held_for is not None or self.epoch == 0 or self._catalogue == 0:
            return None
        patience = ASK_EVERY_NS if self._asked is None else ANSWER_WITHIN_NS
        if now_ns - self._asked_at < patience:
            return None
        self._asks += 1
        self._asked, self._asked_at = f"state-{self._asks}", now_ns
        return self._asked

    def news(self) -> StateRows | None:
        """Return what changed since the last call, each vital once; None when nothing did."""
        if not self.has_news:
            return None
        vital = np.flatnonzero(self._dirty).astype(np.uint32)
        rows = StateRows(
            vital=vital,
            time=self._columns.time[vital],
            value=self._columns.value[vital],
            quality=self._columns.quality[vital],
            band=self._columns.band[vital],
            side=self._columns.side[vital],
            new_epoch=self._new_epoch,
            epoch=self.epoch,
            seq=self.seq,
            catalogue=self._catalogue,
            newest_ns=self._newest_ns,
            oldest_ns=self._oldest_ns,
            received_ns=self._received_ns,
            outdated=self._outdated[vital],
        )
        self._dirty[:] = False
        self._new_epoch = self._merged = False
        self._newest_ns = self._oldest_ns = 0
        return rows

    def _is_of_run(self, epoch: int) -> bool:
        """Return whether a frame is of the living run; one of a run that no heartbeat has named is owed by then."""
        if epoch != self.epoch:
            self.counters["old_epoch" if epoch < self.epoch else "unannounced"] += 1
        return epoch == self.epoch

    def _begin_run(self) -> None:
        """Begin with everything owed: numbers of the run before count for nothing."""
        self.seq, self._owed, self._published = 0, 0, 0
        self._asked = self._held_for = self._ahead_since = None
        self._written_by[:] = 0
        self._outdated[:] = True
        self._new_epoch = True

    def _is_long_ahead(self, tail: int, now_ns: int) -> bool:
        """Return whether what we hold is beyond the heartbeats for so long that no snapshot on its way explains it."""
        if self.seq <= tail:
            self._ahead_since = None
            return False
        if self._ahead_since is None:
            self._ahead_since = now_ns
        return now_ns - self._ahead_since >= DEAD_AFTER_NS

    def _disown(self, tail: int) -> None:
        """Take back numbers beyond the daemon's own: what was written under them may be overwritten by any snapshot."""
        self.counters["disowned"] += 1
        self._written_by = np.minimum(self._written_by, np.uint64(tail))
        self.seq = min(self.seq, tail)
        self._owed = self._ahead_since = None
        self._owe(tail)

    def _owe(self, seq: int) -> None:
        if self._owed is None:
            self.counters["gaps"] += 1
        self._owed = max(self._owed or 0, seq)

    def _fits(self, catalogue: int) -> bool:
        return catalogue == self._catalogue or (self._older_catalogues and catalogue < self._catalogue)

    def _may_apply(self, frame: Frame) -> bool:
        head = frame.head
        if not self._fits(head.catalogue):
            self.counters["held_back"] += 1
            self._held_for = head.catalogue
            self.seq = max(self.seq, head.seq)
            self._owe(head.seq)
            return False
        self._held_for = None
        if head.kind is FrameKind.WATCH or (head.count and int(frame.columns["vital"].max()) >= self._columns.count):
            self.counters["foreign_rows"] += 1
            return False
        return True

    def _merge(self, frame: Frame, now_ns: int) -> None:
        """Write the rows that are not older than what each vital has."""
        vital = frame.columns["vital"].astype(np.int64)
        newer = np.flatnonzero(frame.head.seq >= self._written_by[vital])
        vital = vital[newer]
        seen = frame.columns["quality"][newer] != Quality.NEVER
        self._columns.write(vital[seen], of_frame(frame), newer[seen])
        # A daemon just restarted knows bands from its spool but no values yet: the old value stays, hollow and aged.
        self._columns.band[vital] = frame.columns["band"][newer]
        self._columns.side[vital] = frame.columns["side"][newer]
        self._outdated[vital[seen]] = False
        self._written_by[vital] = frame.head.seq
        self._dirty[vital] = True
        self._merged = self._merged or vital.size > 0
        if frame.head.kind is FrameKind.STATE:  # a snapshot repeats samples of long ago: no measure of the way here
            self._newest_ns = max(self._newest_ns, frame.head.newest_ns)
            self._oldest_ns = self._oldest_ns or frame.head.newest_ns
        self._received_ns = now_ns

    def _resize(self, count: int) -> None:
        self._columns = self._columns.resized(count)
        self._written_by = grown(self._written_by, count)
        self._dirty = grown(self._dirty, count)
        self._outdated = grown(self._outdated, count)
