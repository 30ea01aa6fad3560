"""The ingest spool at work under the recorder, and what must hold of it after a power cut (RF7)."""

import random
import sys
from collections.abc import Sequence
from pathlib import Path

from chengyun_core.ingest import spool as spooling
from chengyun_core.ingest.process_lock import next_epoch
from chengyun_core.ingest.spool import Spool
from chengyun_core.model.activation import Activation
from chengyun_core.model.scales import Side, WarningColour
from tests.faults.powercut.marks import mark

DEEDS = 400
VITALS = 7
LATER = 10**15


def activation(number: int) -> Activation:
    """Return the activation with this number; the model of the bands can be computed from numbers alone."""
    after = (WarningColour.YELLOW, WarningColour.RED, WarningColour.NONE)[number // VITALS % 3]
    return Activation(
        shard=0, epoch=0, seq=0, vital=number % VITALS, at_ns=number, before=WarningColour.NONE, after=after,
        side=Side.HIGH, value=float(number), limit=10.0, catalogue_version=1,
    )  # fmt: skip


def work(folder: Path, seed: int) -> None:
    """Append, send, confirm and restart; mark what left the process and what was confirmed."""
    spooling.SEGMENT_BYTES = 1500
    chance, spool = random.Random(seed), None
    for _ in range(DEEDS):
        if spool is None or chance.random() < 0.02:
            spool = _restarted(folder, spool)
        match chance.choice(("append", "append", "send", "confirm")):
            case "append":
                spool.append([activation(spool.next_seq + one) for one in range(chance.randint(1, 6))])
            case "send":
                run = spool.run(chance.randint(1, 500))
                if run:
                    mark("sent", run[-1].epoch, run[-1].seq)
            case "confirm":
                run = spool.run(chance.randint(1, 12))
                if run:
                    mark("sent", run[-1].epoch, run[-1].seq)
                    mark("confirmed", run[-1].epoch, run[-1].seq)
                    spool.confirm(run[-1].seq)


def _restarted(folder: Path, spool: Spool | None) -> Spool:
    if spool is not None:
        spool.close()
    epoch = next_epoch(folder, 1)
    mark("epoch", epoch)
    return Spool(folder, shard=0, new_epoch=epoch, limit_bytes=1 << 30)


def check(folder: Path, marks: Sequence[list[str]]) -> list[str]:
    """Return what is broken: numbers used again, sent activations lost, bands that are no fold of any prefix."""
    sent = {int(words[1]): int(words[2]) for words in marks if words[0] == "sent"}
    confirmed = {int(words[1]): int(words[2]) for words in marks if words[0] == "confirmed"}
    epochs = [int(words[1]) for words in marks if words[0] == "epoch"]
    broken = []
    epoch = next_epoch(folder, 1)
    if epochs and epoch <= max(epochs):
        broken.append(f"epoch used again: {epoch} after {max(epochs)}")
    spool = Spool(folder, shard=0, new_epoch=LATER + epoch, limit_bytes=1 << 30)
    try:
        if spool.epoch in sent and spool.next_seq <= sent[spool.epoch]:
            broken.append(f"number used again: {spool.next_seq} after {sent[spool.epoch]}")
        broken += _missing(spool, sent, confirmed)
        broken += _wrong_bands(spool)
    finally:
        spool.close()
    return broken


def _missing(spool: Spool, sent: dict[int, int], confirmed: dict[int, int]) -> list[str]:
    held = {(one.epoch, one.seq): one for one in spool.run(10**6)}
    broken = []
    for epoch, last in sent.items():
        for seq in range(confirmed.get(epoch, 0) + 1, last + 1):
            found = held.get((epoch, seq))
            if found is None or found.value != float(seq):
                broken.append(f"activation lost: {epoch}:{seq}")
    return broken


def _wrong_bands(spool: Spool) -> list[str]:
    bands: dict[int, float] = {}
    for number in range(1, spool.next_seq):
        made = activation(number)
        bands.pop(made.vital, None)
        if made.after is not WarningColour.NONE:
            bands[made.vital] = made.value
    found = {band.vital: band.value for band in spool.bands()}
    return [] if found == bands else [f"bands differ: {found} where {bands} was folded through {spool.next_seq - 1}"]


if __name__ == "__main__":
    work(Path(sys.argv[1]), int(sys.argv[2]))
