"""The ingest daemons of a profile as a console hears them: a stream, a link and a lease each, merged into one model."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt

from chengyun_core.mirror.links import LinkState, LinkWatch
from chengyun_core.mirror.news import StateRows
from chengyun_core.mirror.shard_merge import merged_rows, summary
from chengyun_core.mirror.state_stream import StateStream
from chengyun_core.wire.frames import Frame


@dataclass(slots=True)
class Shard:
    """One daemon's half of the protocol; its epochs, numbers, debts and lease are nobody else's."""

    number: int
    link: LinkWatch = field(default_factory=lambda: LinkWatch("ingest"))
    state: StateStream = field(default_factory=StateStream)
    watch_at: tuple[int, int] = (0, 0)
    """Epoch and number of the last W/ frame."""
    lease_at: int | None = None

    @property
    def owes(self) -> str:
        """Return the reason code of what is still missing of it, empty: nothing."""
        if self.state.awaits_catalogue is not None:
            return "link.catalogue_awaited"
        return "link.refreshing" if self.state.owes else ""

    def follows_watch(self, frame: Frame) -> bool:
        """Take note of a W/ frame; return whether none was lost before it."""
        epoch, seq = self.watch_at
        self.watch_at = frame.head.epoch, frame.head.seq
        return frame.head.epoch != epoch or frame.head.seq == seq + 1


class Shards:
    """All ingest daemons. Whose a vital is, is learnt from who sends it: snapshots name exactly what is owned."""

    def __init__(self, count: int) -> None:
        self.each = tuple(Shard(number) for number in range(count))
        self._owner: npt.NDArray[np.uint8] = np.zeros(0, np.uint8)

    @property
    def has_news(self) -> bool:
        """Return whether any vital changed since the last call of `news`."""
        return any(shard.state.has_news for shard in self.each)

    def adopt(self, version: int, count: int, *, confirmed: bool) -> None:
        """Take over a catalogue of `count` vitals for all streams."""
        for shard in self.each:
            shard.state.adopt(version, count, confirmed=confirmed)
        owner = np.zeros(count, np.uint8)
        kept = min(count, len(self._owner))
        owner[:kept] = self._owner[:kept]
        self._owner = owner

    def took(self, frame: Frame, shard: int, now_ns: int, take: Callable[[Frame, int], None]) -> None:
        """Let a shard's stream take a frame, and learn from it whose its vitals are."""
        take(frame, now_ns)
        if len(self.each) > 1:
            vital = frame.columns["vital"].astype(np.int64)
            self._owner[vital[vital < self._owner.size]] = shard

    def owner(self, vital: int) -> Shard:
        """Return who is to be asked about a vital; the first while nobody has sent it."""
        return self.each[int(self._owner[vital]) if vital < self._owner.size else 0]

    def of_owner(self, vitals: Sequence[int]) -> dict[int, tuple[int, ...]]:
        """Return these vitals by the number of their owner; an owner without any of them gets an empty tuple."""
        return {
            shard.number: tuple(vital for vital in vitals if self.owner(vital) is shard) for shard in self.each
        }  # fmt: skip

    def news(self) -> StateRows | None:
        """Return what changed since the last call, of all daemons in one."""
        parts = [(shard.number, rows) for shard in self.each if (rows := shard.state.news()) is not None]
        return merged_rows(parts) if len(self.each) > 1 else (parts[0][1] if parts else None)

    def links(self) -> tuple[LinkState, tuple[LinkState, ...]]:
        """Return the sum of all links, and each."""
        states = tuple(shard.link.state for shard in self.each)
        counts = np.bincount(self._owner, minlength=len(states)).tolist()
        return summary(states, counts), states
