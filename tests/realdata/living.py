"""A real city alive: its daemons, and the data's own worst moment and the day before it told to them as samples."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt

from chengyun_core.launch.door_client import DoorClient
from chengyun_core.model.catalogue import Catalogue
from chengyun_core.model.clock import ProfileClock
from chengyun_core.model.scales import WarningColour
from chengyun_core.wire import codec
from chengyun_core.wire.addresses import of_profile
from chengyun_core.wire.endpoints import PROTOCOL_VERSION
from chengyun_core.wire.envelope import Hello, IngestStatus
from tests.realdata.cities import DUTY, Place, catalogue_of
from tests.realdata.definitions import Series
from tests.support.living_city import LivingCity, living_city
from tests.support.waiting import wait_until

HOUR_NS = 3_600_000_000_000
PAST_NS = 33 * HOUR_NS
"""What is told of the past: enough to compare the last six hours with yesterday's."""
SAMPLES_PER_MESSAGE = 5_000
Bands = npt.NDArray[np.int8]


@dataclass(frozen=True, slots=True, kw_only=True)
class Moment:
    """The instant of a place's data that is now, and who changes for the worse with it."""

    at_ns: int
    reds: tuple[int, ...]
    """Numbers of the vitals that turn red then."""
    yellows: tuple[int, ...]

    def value_of(self, place: Place, vital: int) -> float:
        """Return what was measured of a vital then."""
        one = place.series()[vital]
        return float(one.value[np.searchsorted(one.time, self.at_ns)])


def worst_moment(place: Place) -> Moment:
    """Return the instant at which most vitals worsen at once, some to red and some to yellow."""
    series, catalogue = place.series(), catalogue_of(place)
    instants = np.unique(np.concatenate([one.time for one in series]))
    bands = np.array([_bands(catalogue, at, one, instants) for at, one in enumerate(series)])
    rises = bands[:, 1:] > bands[:, :-1]
    red, yellow = (rises & (bands[:, 1:] == colour) for colour in (WarningColour.RED, WarningColour.YELLOW))
    is_wanted = red.any(axis=0) & yellow.any(axis=0) & (instants[1:] - instants[0] > PAST_NS)
    at = int(np.argmax(np.where(is_wanted, rises.sum(axis=0), -1)))
    reds, yellows = (tuple(np.flatnonzero(rows[:, at]).tolist()) for rows in (red, yellow))
    return Moment(at_ns=int(instants[at + 1]), reds=reds, yellows=yellows)


@contextmanager
def living_place(place: Place, folder: Path) -> Iterator[tuple[LivingCity, Moment]]:
    """Bring up a place's daemons, and tell them its data up to its worst moment, which is now."""
    moment, catalogue = worst_moment(place), catalogue_of(place)
    with living_city(folder, catalogue=catalogue, post=f"{place.code}.{DUTY}") as city:
        told = _tell(place, city, moment)
        wait_until(lambda: _is_settled(city, told), f"{told} samples are evaluated and confirmed", limit_s=120)
        yield city, moment


def _tell(place: Place, city: LivingCity, moment: Moment) -> int:
    """Publish every sample up to the moment, its time moved so that the moment is now; return how many."""
    shift = ProfileClock().utc_ns() - moment.at_ns
    codes, times, values = [], [], []
    for one in place.series():
        kept = (one.time > moment.at_ns - PAST_NS) & (one.time <= moment.at_ns)
        codes += [one.code] * int(kept.sum())
        times.append(one.time[kept] + shift)
        values.append(one.value[kept])
    time, value = np.concatenate(times), np.concatenate(values)
    order = np.argsort(time, kind="stable").tolist()
    for begin in range(0, len(order), SAMPLES_PER_MESSAGE):
        part = order[begin : begin + SAMPLES_PER_MESSAGE]
        city.publish_samples((codes[at], int(time[at]), float(value[at])) for at in part)
    return len(order)


def _bands(catalogue: Catalogue, vital: int, series: Series, instants: npt.NDArray[np.int64]) -> Bands:
    """Return the band of every instant by the last value known then: the plain rule, for limits without delays."""
    rule = catalogue.thresholds[vital]
    at = np.searchsorted(series.time, instants, side="right") - 1
    value = np.where(at >= 0, series.value[at.clip(0)], np.nan)
    found = np.zeros(instants.size, np.int8)
    for colour, (high, low) in enumerate(zip(rule.high(), rule.low(), strict=True), start=1):
        if high is not None:
            found[value >= high] = colour
        if low is not None:
            found[value <= low] = colour
    return found


def _is_settled(city: LivingCity, told: int) -> bool:
    """Return whether all that was told is evaluated, and what it led to is in the centre's journal."""
    with DoorClient(of_profile(city.profile.folder).ingest_door) as door:
        status = codec.unpack(door.ask("status", Hello(protocol=PROTOCOL_VERSION, client="test")), IngestStatus)
    counters = status.counters
    return counters["samples"] == told and bool(counters["activations"]) and not counters["spooled"]
