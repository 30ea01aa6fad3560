"""The flood replayed at a console: state frames, heartbeats and alarms of the reference city at ten times its rates.

`python -m tests.bench.flood_city PROFILE TIMES`: publishes on the profile's sockets until its input is closed, then
tells how many alarms it raised. What the flood costs the daemons is measured elsewhere (`ingest`, `way`, the soak);
here both cores are left to the console. From a hundred times on it stands for a shift in fast motion: alarms that
returned are acknowledged and close.
"""

import sys
import threading
from dataclasses import replace
from pathlib import Path

import numpy as np

from chengyun_core.model.catalogue import Catalogue
from chengyun_core.model.catalogue_build import Numbers, build
from chengyun_core.model.scales import WarningColour
from chengyun_resources.reference import city
from tests.support.fake_centre import FakeCentre
from tests.support.fake_ingest import FakeIngest

EVERY_S = 0.01
"""An ingest that is flooded hands on a frame with each batch."""
USUAL_ACTIVATIONS_PER_S = 0.6
"""Of the reference city's simulator telling the flood of 2020, seen on 2026-11-21 (tests/faults/flood/stand.py)."""
USUAL_SAMPLES_PER_S = 367_000
GRAVE = (WarningColour.RED, WarningColour.ORANGE, WarningColour.YELLOW, WarningColour.BLUE)
RED, NORMAL = 120.0, 40.0
STANDING, HISTORY = 40, 28
"""Alarms that are active at a time, and those that stand from the beginning."""
SHIFT_TIMES = 100.0


def reference() -> Catalogue:
    """Return the reference city."""
    catalogue, _ = build(city.tables(), Numbers(), 1)
    return catalogue


class Flood:
    """Publishes values of all vitals by turns, and raises and returns alarms."""

    def __init__(self, profile: Path, times: float) -> None:
        self.catalogue = reference()
        self.ingest, self.centre = FakeIngest(profile, self.catalogue), FakeCentre(profile, self.catalogue)
        self._shown = np.array([vital.number for vital in self.catalogue.vitals if not vital.retired], np.uint32)
        rate = times * sum(1.0 / vital.period_s for vital in self.catalogue.vitals)
        self._per_step, self._alarms_per_step = rate * EVERY_S, times * USUAL_ACTIVATIONS_PER_S * EVERY_S / 2
        self._closes = times >= SHIFT_TIMES
        self._chance = np.random.default_rng(2020)
        self._values = self._chance.uniform(20.0, 60.0, len(self.catalogue.vitals))
        self._rows = self._alarms = 0.0
        self._at = self._raised = self._returned = 0
        self.ingest.gauges["samples_per_s"] = times * USUAL_SAMPLES_PER_S

    def begin(self) -> None:
        """Give every vital a value and a little history of alarms, as a city has that is alive."""
        self.ingest.put_many(self._shown, self._values[self._shown])
        for vital in self._shown[:: len(self._shown) // HISTORY][:HISTORY]:
            self.centre.raise_alarm(int(vital), WarningColour.YELLOW)

    @property
    def raised(self) -> int:
        """How many alarms were raised."""
        return self._raised

    def step(self) -> None:
        """Publish what came in EVERY_S."""
        self._rows += self._per_step
        count = int(self._rows)
        self._rows -= count
        places = (self._at + np.arange(count)) % len(self._shown)
        self._at = int(self._at + count) % len(self._shown)
        vitals = self._shown[places]
        self._values[vitals] += self._chance.normal(0.0, 0.5, count)
        self.ingest.put_many(vitals, self._values[vitals])
        self._alarms += self._alarms_per_step
        while self._alarms >= 1.0:
            self._alarms -= 1.0
            self._turn()

    def _turn(self) -> None:
        """Raise the next alarm, and let the oldest that stands return."""
        vital = int(self._shown[self._raised * 37 % len(self._shown)])
        colour = GRAVE[self._raised % len(GRAVE)]
        self._raised += 1
        self.ingest.put_many(np.array([vital], np.uint32), np.array([RED]), band=int(colour), side=1)
        self.centre.raise_alarm(vital, colour)
        if self._raised - self._returned > STANDING:
            self._returned += 1
            self._end(HISTORY + self._returned)

    def _end(self, number: int) -> None:
        alarm = self.centre.alarms[number]
        if self._closes:
            self.centre.alarms[number] = replace(alarm, acked_at=alarm.changed_at, acked_by="officer")
        self.ingest.put_many(np.array([alarm.vital], np.uint32), np.array([NORMAL]))
        self.centre.return_alarm(number)


def main(profile: str, times: str) -> int:
    """Flood until the input is closed."""
    flood, ended = Flood(Path(profile), float(times)), threading.Event()
    with flood.ingest, flood.centre:
        flood.begin()
        print("ready", flush=True)
        threading.Thread(target=lambda: (sys.stdin.read(), ended.set()), daemon=True).start()
        while not ended.wait(EVERY_S):
            flood.step()
        print(flood.raised, flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
