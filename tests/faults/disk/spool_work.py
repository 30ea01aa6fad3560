"""The ingest spool over a failing disk: what was sent to the centre stays on the disk, whatever call fails when."""

import json
import logging
import random
import shutil
import sys
from collections.abc import Iterator
from dataclasses import asdict
from pathlib import Path

from chengyun_core.ingest import spool as spooling
from chengyun_core.ingest.spool import Spool
from chengyun_core.model.scales import WarningColour
from tests.faults.disk.shim import BROKEN, FULL, Calls, Disk, Fault, drawn, indices
from tests.faults.powercut import spool_work
from tests.faults.powercut.spool_work import activation

STEPS = 40
EPOCH = 7
FLUSHES = 4


def faults(folder: Path, disk: Disk, seed: int, at_most: int) -> Iterator[Fault]:
    """Return faults at every index of a run without any, or at so many of them."""
    broken = one(folder / "whole", disk, Fault(calls=Calls.WRITES, error=0, at=1 << 40, times=0), seed, heals=False)
    assert broken == [], broken
    seen = {calls: disk.seen(calls) for calls in Calls}
    dice = random.Random(seed)
    for calls, error in ((Calls.WRITES, FULL), (Calls.SYNCS, BROKEN), (Calls.WRITES, BROKEN)):
        for at in indices(seen[calls], at_most // 3, dice):
            yield drawn(calls, error, at, dice)


def one(folder: Path, disk: Disk, fault: Fault, seed: int, *, heals: bool = True) -> list[str]:
    """Append, send and confirm with this fault; kill at every step, and return what is broken."""
    spooling.SEGMENT_BYTES = 1500
    chance, broken = random.Random(seed), []
    marks: list[list[str]] = []
    spool = Spool(folder / "spool", shard=0, new_epoch=EPOCH, limit_bytes=1 << 30)
    disk.arm(fault)
    for step in range(STEPS):
        _step(spool, chance, marks)
        if chance.random() < 0.2:
            broken += _killed(disk, folder, marks, step, spool.next_seq - 1)
    if heals:
        disk.heal()
    for _ in range(FLUSHES):
        spool.flush()
    last = spool.next_seq - 1
    sent = [one.seq for one in spool.run(10**6)]
    if spool.trouble or len(sent) != spool.waiting():
        broken.append(f"it does not recover: {spool.trouble}, {spool.waiting() - len(sent)} only in memory")
    if sent and sent != list(range(sent[0], last + 1)):
        broken.append(f"a hole in what waits: {sent} of {last}")
    if sent:
        marks.append(["sent", str(EPOCH), str(last)])
    broken += _killed(disk, folder, marks, STEPS, last)
    spool.close()
    return broken


def _step(spool: Spool, chance: random.Random, marks: list[list[str]]) -> None:
    match chance.choice(("append", "append", "append", "send", "confirm", "flush")):
        case "append":
            spool.append([activation(spool.next_seq + one) for one in range(chance.randint(1, 5))])
        case "flush":
            spool.flush()
        case deed:
            run = spool.run(chance.randint(1, 40))
            if run:
                marks.append(["sent", str(run[-1].epoch), str(run[-1].seq)])
            if run and deed == "confirm":
                marks.append(["confirmed", str(run[-1].epoch), str(run[-1].seq)])
                spool.confirm(run[-1].seq)


def _killed(disk: Disk, folder: Path, marks: list[list[str]], step: int, appended: int) -> list[str]:
    """Look at a copy as the next process would find it; a copy is on a disk that works."""
    left = folder.with_name(f"{folder.name}-left-{step}")
    with disk.paused():
        shutil.copytree(folder / "spool", left)
        try:
            found = [what for what in spool_work.check(left, marks) if not what.startswith("bands differ")]
            return [f"killed at step {step}: {what}" for what in (*found, *_wrong_bands(left, appended))]
        finally:
            shutil.rmtree(left)


def _wrong_bands(left: Path, appended: int) -> list[str]:
    """Bands may be ahead of what the disk took: the centre is told of them after the start. Behind they must not be."""
    spool = Spool(left, shard=0, new_epoch=EPOCH, limit_bytes=1 << 30)
    found = {band.vital: band.value for band in spool.bands()}
    spool.close()
    bands: dict[int, float] = {}
    for number in range(appended + 1):
        if number:
            made = activation(number)
            bands.pop(made.vital, None)
            if made.after is not WarningColour.NONE:
                bands[made.vital] = made.value
        if number >= spool.next_seq - 1 and bands == found:
            return []
    return [f"bands are of no time: {found} after {spool.next_seq - 1} of {appended}"]


def main(folder: Path, seed: int, at_most: int, *, pretends: bool) -> None:
    """Print a line of JSON for each fault."""
    logging.disable(logging.CRITICAL)
    if pretends:
        spooling._Segment.append = _pretending  # type: ignore[method-assign]
    disk = Disk()
    for number, fault in enumerate(faults(folder, disk, seed, at_most)):
        place = folder / str(number)
        broken = one(place, disk, fault, seed + number)
        disk.heal()
        print(json.dumps({**asdict(fault), "broken": broken}, ensure_ascii=False), flush=True)
        shutil.rmtree(place, ignore_errors=True)


def _pretending(segment: "spooling._Segment", activations: list) -> None:  # type: ignore[type-arg]
    """Append like a careless program: an error of the disk is ignored. The control that must be seen to lose."""
    import contextlib
    import os

    data = b"".join(map(spooling._encoded, activations))
    with contextlib.suppress(OSError):
        os.pwrite(segment._descriptor, data, segment.size)
        os.fdatasync(segment._descriptor)
    segment.size += len(data)
    segment.last = activations[-1].seq


if __name__ == "__main__":
    main(Path(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3]), pretends="pretends" in sys.argv)
