"""Two hours of the command view in six minutes: what the console, its decoders and the daemons hold must not grow.

The city's clock goes twenty times as fast; in each round of ten of its minutes all of F6 is used: panes opened and
closed, map moved, layers and layouts switched, events opened and closed, cameras that die and come back.
"""

import gc
import tempfile
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import numpy as np
import psutil
from PySide6.QtCore import QObject
from PySide6.QtWidgets import QApplication

from tests.bench.command_acts import Act, Officer, Player
from tests.bench.command_city import City, Load, command_city
from tests.bench.command_console import close, decoders, opened, wait_for_pictures
from tests.bench.frames import Console
from tests.faults.flood.stand import USUAL_ACTIVATIONS_PER_S
from tests.soak.growth import MIB

HOURS = 2.0
CLOCK_RATE = 20.0
ROUND_MIN = 10.0
ROUND_S = ROUND_MIN * 60 / CLOCK_RATE
IDS = 1_000_000
ONCE_S = 60.0
"""Each device of the series is heard once in so many seconds of the city."""
MOST_GROWTH = 0.05
"""Of the console's own memory, from the first third on."""
SLACK = {"handles": 2, "threads": 1, "shared": 0, "widgets": 5, "objects": 100}
"""What may be open at the moment of a look: a connection to a camera that comes back, a worker of a pool."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Held:
    """What a process holds; memory that is its own, bytes."""

    own: int
    handles: int
    threads: int
    shared: int
    """Pieces of shared memory."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Look:
    """One look, at the end of a round. `widgets` and `objects` are Qt's, of the console."""

    minute: float
    held: dict[str, Held]
    widgets: int
    objects: int
    kinds: "Counter[str]"


def held_by(process: psutil.Process) -> Held:
    """Return what a process holds."""
    maps = Path(f"/proc/{process.pid}/maps").read_text(encoding="utf-8").splitlines()
    return Held(
        own=process.memory_full_info().uss, handles=process.num_fds(), threads=process.num_threads(),
        shared=sum("/memfd:" in line or "/dev/shm/" in line for line in maps),
    )  # fmt: skip


class Looks:
    """Looks when a round is over, after a collection: what can go is not counted."""

    def __init__(self, city: City) -> None:
        self._city = city
        self.looks: list[Look] = []

    def look(self) -> None:
        """Look once, and print a line."""
        gc.collect()
        processes = {name: psutil.Process(pid) for name, pid in self._city.pids().items() if "gateway" not in name}
        processes |= {f"decoder {at}": one for at, one in enumerate(decoders())}
        held = {"console": held_by(psutil.Process())} | {name: held_by(one) for name, one in processes.items()}
        objects = sum(len(window.findChildren(QObject)) for window in QApplication.topLevelWidgets())
        kinds = Counter(type(one).__name__ for one in gc.get_objects())
        minute = (len(self.looks) + 1) * ROUND_MIN
        made = Look(minute=minute, held=held, widgets=len(QApplication.allWidgets()), objects=objects, kinds=kinds)
        self.looks.append(made)
        told = ", ".join(f"{name} {one.own / MIB:.1f}" for name, one in held.items())
        own = held["console"]
        print(
            f"  minute {minute:4.0f}: MiB {told}; console {own.handles} handles, {own.threads} threads, "
            f"{own.shared} shared; {made.widgets} widgets, {objects} objects", flush=True,
        )  # fmt: skip


def rounds(officer: Officer, city: City) -> list[Act]:
    """Return a round; it takes ROUND_S."""
    here, there = officer.command.map, officer.map.map
    acts = [
        Act(kind="the cameras' server dies", seconds=1.0, do=city.cameras.stop, undo=city.cameras.start),
        officer.move(here, 2.0, zooms=False), officer.move(here, 2.0, zooms=True),
        *(Act(kind="layer", seconds=0.25, do=partial(officer.turn_layer, at)) for at in (1, 5, 6, 6, 5, 1)),
        *officer.layouts(1.0),
        officer.panes(9, 4.0), officer.panes(4, 1.0),
        *(act for other in city.others for act in (officer.event(other, 1.0), officer.page("F6", 1.0))),
        officer.page("F5", 1.0), officer.move(there, 1.0, zooms=True), officer.page("F1", 3.0), officer.page("F6", 1.5),
    ]  # fmt: skip
    rest = ROUND_S - sum(act.seconds for act in acts)
    return [*acts, Act(kind="rest", seconds=rest, do=lambda: None)]


def run(app: QApplication, hours: float) -> bool:
    """Enact the hours and tell; return whether the goals are reached."""
    count = max(1, round(hours * 60 / ROUND_MIN))
    load = Load(
        ids=IDS, bulk_per_s=IDS / ONCE_S * CLOCK_RATE, vitals_times=1.0,
        raises_per_s=USUAL_ACTIVATIONS_PER_S * CLOCK_RATE, clock_rate=CLOCK_RATE, is_acknowledged=True,
    )  # fmt: skip
    print(
        f"{hours:g} hours of the city in {count * ROUND_S:.0f} s, {IDS:,} devices heard once in {ONCE_S:.0f} s of it:"
    )
    with tempfile.TemporaryDirectory(prefix="bench-command-") as folder:
        with command_city(Path(folder) / "p", load) as city:
            console, officer = opened(app, city)
            looks = Looks(city)
            for _ in range(count):
                enact(console, rounds(officer, city))
                # Every look finds the same: four streams, however long their cameras took to come back.
                wait_for_pictures(console, 4)
                looks.look()
            close(console)
        print(f"  samples: {city.sent}")
    return tell(looks.looks)


def enact(console: Console, acts: Sequence[Act]) -> None:
    """Play a round."""
    player = Player(acts)
    player.start()
    console.run(player.seconds)
    player.stop()


def tell(looks: Sequence[Look]) -> bool:
    """Print what grew after the first third; return whether the goals are reached."""
    late = looks[len(looks) // 3 :]
    faults = []
    for name in late[-1].held:
        series = [look.held[name] for look in late if name in look.held]
        grown = _growth([one.own for one in series])
        print(f"  {name}: {series[0].own / MIB:.1f} → {series[-1].own / MIB:.1f} MiB, along a line {grown:+.1%}")
        if name == "console" and grown > MOST_GROWTH:
            faults.append(f"the console's memory grew by {grown:.1%}, more than {MOST_GROWTH:.0%}")
        counts = {what: [getattr(one, what) for one in series] for what in ("handles", "threads", "shared")}
        faults += [f"{name}: {sentence}" for what in counts if (sentence := _grew(what, counts[what]))]
    for what in ("widgets", "objects"):
        if sentence := _grew(what, [getattr(look, what) for look in late]):
            faults.append(f"console: {sentence}")
    grown_kinds = late[-1].kinds.copy()
    grown_kinds.subtract(late[0].kinds)
    print("  kinds that grew most: " + ", ".join(f"{kind} {count:+d}" for kind, count in grown_kinds.most_common(8)))
    for sentence in faults:
        print(f"  {sentence}")
    told = (
        f"at most {MOST_GROWTH:.0%} more memory of the console after the first third, no more handles, threads, shared"
    )
    print(f"  goal: {told} memory, widgets: {'MISSED' if faults else 'reached'}")
    return not faults


def _growth(own: Sequence[int]) -> float:
    """Return by which share the line through the values rises from the first to the last."""
    if len(own) < 2:
        return 0.0
    slope, begin = np.polyfit(np.arange(len(own)), np.array(own, float), 1)
    return float(slope * (len(own) - 1) / begin)


def _grew(what: str, counts: Sequence[int]) -> str:
    """Return a sentence when the last third holds more than the first one, by their medians."""
    third = max(1, len(counts) // 3)
    early, later = float(np.median(counts[:third])), float(np.median(counts[-third:]))
    return f"{what} grew from {early:.0f} to {later:.0f}" if later > early + SLACK[what] else ""
