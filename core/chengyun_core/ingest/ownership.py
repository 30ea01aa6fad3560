"""Which ingest daemon owns which channels and so which vitals: no channel twice, none left out, none quietly unjudged.

A vital is judged by the daemon that owns all its channels; one whose channels lie with several daemons can be judged by
none, is named by every light and refused by `chengyun doctor` (docs/decisions/0061).
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import combinations
from typing import TypeAlias

import numpy as np
import numpy.typing as npt

from chengyun_core.ingest.channels import ChannelTable
from chengyun_core.ingest.settings import RangeSettings
from chengyun_core.model import formula
from chengyun_core.model.catalogue import Catalogue, Channel
from chengyun_core.model.failure import Refused
from chengyun_core.series.columns import Bools, Numbers

NOBODY = -1
"""Owner of a vital whose channels lie with several daemons."""
Run: TypeAlias = tuple[int, int]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Claim:
    start: int
    stop: int
    shard: int
    said: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Share:
    """What one daemon has of a catalogue."""

    catalogue: Catalogue
    """As its engine works with it: vitals of others are retired, so that numbers stay as they are."""
    owned: Numbers
    """Numbers of the vitals it judges and publishes, uint32[n] rising."""
    spanning: tuple[str, ...]
    """Codes of vitals nobody can judge."""
    channels: "Ownership | None"
    """None: there is one daemon, everything is its own."""
    shard: int

    def mine(self, channel: Numbers) -> Bools | None:
        """Return which of these channels (uint32[n]) are ours, None when all are."""
        if self.channels is None:
            return None
        mine: Bools = self.channels.owner_of(channel) == self.shard
        return None if mine.all() else mine


class Ownership:
    """The ranges of the settings against one catalogue. What no range claims belongs to shard 0."""

    def __init__(self, catalogue: Catalogue, ranges: Sequence[RangeSettings], *, shards: int) -> None:
        """Lay the ranges side by side.

        Raises Refused: `ingest.channel_twice` names both ranges that claim one channel for two shards,
        `ingest.no_such_shard` a range of a shard this profile lacks, `ingest.range_empty` one that says nothing.
        """
        claims = [claim for item in ranges for claim in _claims(catalogue, item, shards)]
        kept = _side_by_side(sorted(claims, key=lambda claim: claim.start))
        self._catalogue = catalogue
        self._start = np.array([claim.start for claim in kept], np.int64)
        self._stop = np.array([claim.stop for claim in kept], np.int64)
        self._shard = np.array([claim.shard for claim in kept], np.int16)

    def owner_of(self, channel: Numbers) -> npt.NDArray[np.int16]:
        """Return the shard that owns each channel, int16[n]."""
        if not self._start.size:
            return np.zeros(channel.shape, np.int16)
        place = np.searchsorted(self._start, channel, side="right") - 1
        claimed = (place >= 0) & (channel < self._stop[place])
        return np.where(claimed, self._shard[place], np.int16(0))

    def vitals(self) -> npt.NDArray[np.int16]:
        """Return the shard that judges each vital, int16 by number; NOBODY for one that spans shards.

        Raises Refused("formula.…") for a formula that cannot be resolved.
        """
        channels = ChannelTable.of(self._catalogue)
        owner = np.zeros(len(self._catalogue.vitals), np.int16)
        for vital in self._catalogue.vitals:
            if vital.retired:
                continue
            owners: set[int] = set()
            for text in formula.parse(vital.formula).channels:
                owners |= self.owners_in(channels.numbers(text, vital=vital.code))
            owner[vital.number] = owners.pop() if len(owners) == 1 else NOBODY
        return owner

    def spanning(self) -> tuple[str, ...]:
        """Return the codes of the vitals that span shards, in the order of the catalogue."""
        numbers = set(np.flatnonzero(self.vitals() == NOBODY).tolist())
        return tuple(vital.code for vital in self._catalogue.vitals if vital.number in numbers)

    def owners_in(self, channels: range) -> set[int]:
        """Return who owns any of these channels: owners change at the borders of ranges only."""
        borders = np.concatenate([[channels.start], self._start, self._stop])
        inside = borders[(borders >= channels.start) & (borders < channels.stop)]
        return set(self.owner_of(inside.astype(np.uint32)).tolist())


def share_of(catalogue: Catalogue, ranges: Sequence[RangeSettings], *, shards: int, shard: int) -> Share:
    """Return what this daemon has of the catalogue. Raises Refused as Ownership does."""
    if shards == 1:
        return whole_of(catalogue)
    ownership = Ownership(catalogue, ranges, shards=shards)
    owner = ownership.vitals()
    vitals = tuple(
        vital if owner[vital.number] == shard else replace(vital, retired=True) for vital in catalogue.vitals
    )
    return Share(
        catalogue=replace(catalogue, vitals=vitals, channels=_channels_of(catalogue, ownership, shard)),
        owned=np.flatnonzero(owner == shard).astype(np.uint32),
        spanning=ownership.spanning(), channels=ownership, shard=shard,
    )  # fmt: skip


def expect_apart(ranges: Sequence[RangeSettings]) -> None:
    """Raise Refused("ingest.channel_twice") for two ranges of different shards that overlap in any catalogue."""
    for first, second in combinations(ranges, 2):
        if first.shard == second.shard:
            continue
        if first.devices and second.devices:
            short, long = sorted((first.devices, second.devices), key=len)
            clash, where = long.startswith(short), f"{long}*"
        elif None in (first.first, first.last, second.first, second.last):
            continue
        else:
            start, stop = max(first.first or 0, second.first or 0), min(first.last or 0, second.last or 0)
            clash, where = start <= stop, str(start)
        if clash:
            raise Refused("ingest.channel_twice", channel=where, first=first.said(), second=second.said())


def whole_of(catalogue: Catalogue) -> Share:
    """Return the share of a daemon that is alone."""
    owned = np.arange(len(catalogue.vitals), dtype=np.uint32)
    return Share(catalogue=catalogue, owned=owned, spanning=(), channels=None, shard=0)


def runs_of(numbers: Numbers) -> tuple[Run, ...]:
    """Return rising numbers (uint32[n]) as runs [from, to)."""
    if not numbers.size:
        return ()
    cut = np.flatnonzero(np.diff(numbers.astype(np.int64)) != 1) + 1
    return tuple((int(run[0]), int(run[-1]) + 1) for run in np.split(numbers, cut))


def _channels_of(catalogue: Catalogue, ownership: Ownership, shard: int) -> tuple[Channel, ...]:
    """Rows of which nothing is ours are left out, so that their devices are not told as silent by us."""
    return tuple(
        row for row in catalogue.channels if shard in ownership.owners_in(range(row.number, row.number + row.count))
    )


def _side_by_side(claims: Sequence[_Claim]) -> list[_Claim]:
    """Return rising claims joined where one shard claims twice; raise Refused where two shards do."""
    kept: list[_Claim] = []
    for claim in claims:
        last = kept[-1] if kept and claim.start < kept[-1].stop else None
        if last is None:
            kept.append(claim)
        elif last.shard == claim.shard:
            kept[-1] = replace(last, stop=max(last.stop, claim.stop))
        else:
            raise Refused("ingest.channel_twice", channel=claim.start, first=last.said, second=claim.said)
    return kept


def _claims(catalogue: Catalogue, item: RangeSettings, shards: int) -> list[_Claim]:
    said = item.said()
    if not 0 <= item.shard < shards:
        raise Refused("ingest.no_such_shard", range=said, shards=shards)
    if item.first is not None and item.last is not None and item.first <= item.last and not item.devices:
        return [_Claim(start=item.first, stop=item.last + 1, shard=item.shard, said=said)]
    if not item.devices or item.first is not None or item.last is not None:
        raise Refused("ingest.range_empty", range=said)
    return [
        _Claim(start=row.number, stop=row.number + row.count, shard=item.shard, said=said)
        for row in catalogue.channels
        if row.device.startswith(item.devices)
    ]
