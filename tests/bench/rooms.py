"""What two cores carry of consultation: so many media workers through one Janus, sound and pictures counted.

`python -m tests.bench.rooms [PARTIES …]`. Figures are of one run on the machine at hand; its load stands beside them.
"""

import os
import sys
import tempfile
import time
from pathlib import Path
from queue import SimpleQueue

from chengyun_core.rtc.media_process import MediaProcess
from chengyun_core.rtc.orders import Begin, Look, Mute, PeerNow, Relayed, Show, Told
from tests.support.janus_stand import JanusStand

SECRET = "of the bench"
SETTLE_S, MEASURE_S = 8.0, 10.0
TICKS = os.sysconf("SC_CLK_TCK")


def main(arguments: list[str]) -> int:
    """Measure rooms of each size, all showing a picture and looking at one, then without pictures."""
    print("parties  pictures  sound/s (least)  pictures/s (least)  core per console  Janus  load")
    with tempfile.TemporaryDirectory() as folder, JanusStand(Path(folder) / "janus", SECRET) as janus:
        for parties in [int(one) for one in arguments] or [2, 3, 4, 6]:
            for number, camera in enumerate(("card", "none")):
                _measure(janus, 10 * parties + number, parties, camera)
    return 0


def _measure(janus: JanusStand, room: int, parties: int, camera: str) -> None:
    names = [f"M-{n}" for n in range(parties)]
    told: dict[str, SimpleQueue[Told]] = {name: SimpleQueue() for name in names}
    media = {name: MediaProcess(_begin(n), told[name].put) for n, name in enumerate(names)}
    for at, (name, one) in enumerate(media.items()):
        one.send(Relayed(address=janus.address, secret=SECRET, room=room, pin="p", own=name))
        one.send(Mute(is_muted=False))
        one.send(Show(camera=camera))
        one.send(Look(peer=names[(at + 1) % parties]))
    time.sleep(SETTLE_S)
    before, began = _seconds([one.pid for one in media.values()]), time.monotonic()
    relay, janus_before = janus.pid, _seconds([janus.pid])
    _drained(told)
    time.sleep(MEASURE_S)
    elapsed = time.monotonic() - began
    share = (_seconds([one.pid for one in media.values()]) - before) / elapsed / parties
    flows = [_last(queue) for queue in told.values()]
    print(
        f"{parties:7}  {camera:8}  {min(one.sounds_s for one in flows):15.1f}  "
        f"{min(one.pictures_s for one in flows):18.1f}  {share:16.2f}  "
        f"{(_seconds([relay]) - janus_before) / elapsed:5.2f}  {os.getloadavg()[0]:4.1f}"
    )
    for one in media.values():
        one.stop()


def _begin(at: int) -> Begin:
    return Begin(microphone=f"tone:{300 + 70 * at}", speaker="none")


def _drained(told: dict[str, SimpleQueue[Told]]) -> None:
    for queue in told.values():
        while not queue.empty():
            queue.get()


def _last(queue: SimpleQueue[Told]) -> PeerNow:
    """Return the mean of what was told of the relay while it was measured."""
    found = []
    while not queue.empty():
        one = queue.get()
        if isinstance(one, PeerNow):
            found.append(one)
    count = max(1, len(found))
    return PeerNow(
        peer="relay", state="", sounds_s=sum(one.sounds_s for one in found) / count,
        pictures_s=sum(one.pictures_s for one in found) / count,
    )  # fmt: skip


def _seconds(pids: list[int]) -> float:
    """Return the processor time that processes have used."""
    fields = [Path(f"/proc/{pid}/stat").read_text("ascii").rpartition(")")[2].split() for pid in pids]
    return sum(int(one[11]) + int(one[12]) for one in fields) / TICKS


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
