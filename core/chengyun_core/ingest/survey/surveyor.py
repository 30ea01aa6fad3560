"""The survey's work without sockets: catalogue and places to columns, looks at what ingest shows, answers."""

import logging
import math
import zlib
from collections import OrderedDict
from dataclasses import replace
from pathlib import Path

import numpy as np

from chengyun_core.ingest import places
from chengyun_core.ingest.density import NEAREST, WHAT, Density
from chengyun_core.ingest.ground import FINEST, SCALE, Fractions, Ground
from chengyun_core.ingest.shown_slots import PIECE, Looked, ShownFile
from chengyun_core.ingest.survey import health_book, within
from chengyun_core.ingest.survey.estate import Estate
from chengyun_core.ingest.survey.health_book import HealthBook, Sick
from chengyun_core.ingest.survey.settings import SurveySettings
from chengyun_core.ingest.survey.states import DeviceStates
from chengyun_core.model.catalogue import Catalogue
from chengyun_core.model.device import DeviceFault, DeviceState
from chengyun_core.model.failure import Refused
from chengyun_core.series.columns import Bools, Bytes, Numbers, Places
from chengyun_core.wire import survey_cells
from chengyun_core.wire.survey_asks import (
    AskDensity,
    AskDeviceHealth,
    AskDevicePlace,
    AskDevices,
    AskDevicesWithin,
    DensityView,
    DeviceHealth,
    DevicePlace,
    Devices,
    DevicesWithin,
    FaultFound,
    KindCount,
)

logger = logging.getLogger(__name__)

KINDS_HELD = 2
"""Densities of one kind of device that are kept prepared."""
MOST_SIDE = 4096
MOST_DEVICES = 5000
MOST_FAULTS = 1000
FINDING_EVERY_S = 2.0


class Surveyor:
    """Everything over one catalogue version; a new one makes a new surveyor (`take_over`). Used by one thread."""

    def __init__(self, catalogue: Catalogue, settings: SurveySettings, places_file: Path | None) -> None:
        """Prepare: some seconds for 22 million devices. Raises OSError and Refused for a file of places."""
        self.estate = Estate(catalogue)
        self.density = Density(_ground(self.estate, places_file))
        self._kinds: OrderedDict[str, tuple[int, Density, Numbers]] = OrderedDict()
        self.states = DeviceStates(self.estate)
        self.health = HealthBook(self.estate, settings)
        self.by_row = np.zeros((len(self.estate.rows), len(DeviceState)), np.int64)
        """int64[rows, states]: devices of each row of the catalogue by state."""
        self.by_row[:, DeviceState.NEVER] = np.diff(self.estate.first)
        self.now_ns = 0
        self._sick: tuple[Sick, ...] = ()
        self._found_ns = -math.inf
        self.rounds = 0
        self.round_s = 0.0

    def look(self, shown: ShownFile, begin: int, end: int) -> None:
        """Look at channels begin … end of what ingest shows."""
        head = shown.shown()
        self.now_ns = max(self.now_ns, head.now_ns) if head.now_ns > self.now_ns - 10**9 else head.now_ns
        for at in range(begin, end, PIECE):
            piece = shown.slots[at : min(at + PIECE, end)]
            stamps = piece[:, 0].copy()
            self.health.look(at, stamps, piece[:, 1].view(np.float64).copy(), self.now_ns)
            changed, fell = self.states.look(at, stamps, self.now_ns)
            self.health.fell(fell, self.now_ns)
            self._change(changed)

    def follow(self, bands: Bytes) -> None:
        """Take over the bands of all vitals, uint8 by number."""
        self._change(self.states.follow(bands))

    def _change(self, slots: Numbers) -> None:
        """Let states follow what was seen of these slots: in the counts of the map and in those of the rows."""
        if slots.size:
            before, after, rows = self.density.state[slots], self.states.of(slots), self.estate.row_of(slots)
            first, size = rows.astype(np.int64) * len(DeviceState), self.by_row.size
            moved = np.bincount(first + after, minlength=size) - np.bincount(first + before, minlength=size)
            self.by_row += moved.reshape(self.by_row.shape)
            self.density.change(slots, after)

    def find(self, monotonic_s: float) -> tuple[Sick, ...]:
        """Return what is wrong, found anew at most every FINDING_EVERY_S."""
        if monotonic_s - self._found_ns >= FINDING_EVERY_S:
            self._found_ns = monotonic_s
            self._sick = self.health.sick(self.states, self.density.state, self.by_row, self.now_ns)
        return self._sick

    def looked(self, turns: int) -> Looked:
        """Return the counts for ingest's heartbeat."""
        counts = {one.fault: int(np.unique(one.slot).size) for one in self._sick}
        return Looked(
            turns=turns, rounds=self.rounds, stuck=counts.get(DeviceFault.STUCK, 0),
            drift=counts.get(DeviceFault.DRIFT, 0), flapping=counts.get(DeviceFault.FLAPPING, 0),
            offline=counts.get(DeviceFault.OFFLINE, 0),
        )  # fmt: skip

    def take_over(self, older: "Surveyor") -> None:
        """Nothing but the time goes over: states come with the next looks, what was learned is in its file."""
        self.now_ns = older.now_ns

    def view(self, ask: AskDensity) -> DensityView:
        """Answer `density.view`. Raises Refused for a rectangle or a word that cannot be meant."""
        left, top, right, bottom = _rectangle(ask)
        if not (1 <= ask.width <= MOST_SIDE and 1 <= ask.height <= MOST_SIDE) or ask.what not in WHAT:
            raise Refused("survey.view", width=ask.width, height=ask.height, what=ask.what[:80])
        density = self._of_kind(ask.kind) if ask.kind else self.density
        zoom = _zoom(right - left, bottom - top, ask.width, ask.height)
        if not density.is_affordable(zoom, *_covering(zoom, left, top, right, bottom)):
            zoom = FINEST
        column, row, width, height = _covering(zoom, left, top, right, bottom)
        told = DensityView(
            zoom=zoom, column=column, row=row, width=width, height=height, placed=density.ground.placed,
            registered=self._registered(ask.kind), catalogue=self.estate.version, at_ns=self.now_ns,
            mark=self._mark(density, (zoom, column, row, width, height, ask.what, ask.kind)),
        )  # fmt: skip
        if width <= 0 or height <= 0:
            raise Refused("survey.view", width=ask.width, height=ask.height, what=ask.what[:80])
        if ask.known == told.mark:
            return told
        counts, worst = density.view(zoom, column, row, width, height, ask.what)
        return replace(told, cells=survey_cells.packed(counts, worst), counted=int(counts.sum(dtype=np.int64)))

    def devices(self, ask: AskDevices) -> Devices:
        """Answer `density.devices`. Raises Refused for a rectangle or limit that cannot be meant."""
        left, top, right, bottom = _rectangle(ask)
        if not 0 < ask.limit <= MOST_DEVICES:
            raise Refused("survey.limit", limit=ask.limit, most=MOST_DEVICES)
        slots, x, y = self._inside(left, top, right, bottom)
        if ask.kind:
            kinds = np.array([self.estate.kinds.index(ask.kind)] if ask.kind in self.estate.kinds else [], np.uint32)
            chosen = np.isin(self.estate.kind_of[self.estate.row_of(slots)], kinds)
            slots, x, y = slots[chosen], x[chosen], y[chosen]
        state = self.density.state[slots]
        first = np.argsort(-state.astype(np.int16), kind="stable")[: ask.limit]
        named = [self.estate.member_of(int(slot)) for slot in slots[first]]
        return Devices(
            total=int(slots.size), codes=tuple(code for code, _ in named),
            member=np.array([member for _, member in named], "<u4").tobytes(),
            x=(x[first] / SCALE).astype("<f8").tobytes(), y=(y[first] / SCALE).astype("<f8").tobytes(),
            state=state[first].astype(np.uint8).tobytes(),
        )  # fmt: skip

    def place(self, ask: AskDevicePlace) -> DevicePlace:
        """Answer `device.place`. Raises Refused for a device or member the catalogue does not have."""
        rows = self.estate.rows_within("", "", ask.device) if ask.device else np.empty(0, np.int64)
        if not rows.size:
            raise Refused("device.unknown", device=ask.device[:80])
        row = int(rows[0])
        count = self.estate.rows[row].count
        if not 0 <= ask.member <= count:
            raise Refused("repair.no_such_member", device=ask.device[:80], member=ask.member, count=count)
        slots = self.estate.slots_of(np.array([row]))
        slots = slots[ask.member - 1 : ask.member] if ask.member else slots
        ground = self.density.ground
        placed = slots[ground.cell_of[slots] != ground.nowhere][:1]
        if not placed.size:
            return DevicePlace(is_known=False)
        positions = ground.positions(ground.cell_of[placed].astype(np.int64))
        x, y = ground.fractions_of(positions[ground.slots[positions] == placed[0]])
        state = DeviceState(int(self.density.state[placed[0]]))
        return DevicePlace(is_known=True, x=float(x[0]) / SCALE, y=float(y[0]) / SCALE, state=state)

    def within(self, ask: AskDevicesWithin) -> DevicesWithin:
        """Answer `density.within`. Raises Refused("survey.area") for one that cannot be meant."""
        slots = within.slots_in(self.density.ground, ask)
        kind = self.estate.kind_of[self.estate.row_of(slots)]
        states = len(DeviceState)
        flat = kind * np.int64(states) + self.density.state[slots]
        counts = np.bincount(flat, minlength=states * len(self.estate.kinds))
        told = [
            KindCount(
                kind=name, registered=int(row.sum()), silent=int(row[DeviceState.SILENT]),
                online=int(row.sum() - row[DeviceState.SILENT] - row[DeviceState.NEVER]),
                alarming=int(row[DeviceState.BLUE :].sum()),
            )
            for name, row in zip(self.estate.kinds, counts.reshape(-1, states), strict=True)
            if row.any()
        ]  # fmt: skip
        return DevicesWithin(kinds=tuple(sorted(told, key=lambda one: -one.registered)), at_ns=self.now_ns)

    def told_health(self, ask: AskDeviceHealth, monotonic_s: float) -> DeviceHealth:
        """Answer `device.health`. Raises Refused for a limit that cannot be meant."""
        if not 0 < ask.limit <= MOST_FAULTS or ask.offset < 0:
            raise Refused("survey.limit", limit=ask.limit, most=MOST_FAULTS)
        rows = self.estate.rows_within(ask.centre, ask.kind, ask.device)
        sick = self.find(monotonic_s)
        wanted = np.zeros(len(self.estate.rows), np.bool_)
        wanted[rows] = True
        found = [(one, np.flatnonzero(wanted[self.estate.row_of(one.slot)])) for one in sick]
        counts = {str(one.fault): int(np.unique(one.slot[at]).size) for one, at in found}
        page = [(one, at) for one, at in found if ask.fault in {None, one.fault}]
        return DeviceHealth(
            rates=tuple(health_book.rates(self.estate, self.by_row, sick, rows)),
            faults=tuple(self._page(page, ask.offset, ask.limit)), total=sum(at.size for _, at in page), counts=counts,
            at_ns=self.now_ns, round_s=self.round_s, catalogue=self.estate.version,
        )  # fmt: skip

    def _page(self, found: list[tuple[Sick, Places]], offset: int, limit: int) -> list[FaultFound]:
        """Return rows offset … of what was found: what is rarer first (an officer sees to it), longest first in it."""
        told: list[FaultFound] = []
        for one, at in sorted(found, key=lambda pair: _ORDER.index(pair[0].fault)):
            if offset < at.size and len(told) < limit:
                order = at[np.argsort(one.since_ns[at], kind="stable")]
                told += [self.health.told(one, int(k)) for k in order[offset : offset + limit - len(told)]]
            offset = max(0, offset - at.size)
        return told

    def size_bytes(self) -> int:
        """Return the memory of places, cells and counts."""
        return self.density.size_bytes()

    def _of_kind(self, kind: str) -> Density:
        """Return the density of one kind alone, with the states of now; two are kept."""
        if kind not in self.estate.kinds:
            raise Refused("survey.no_kind", kind=kind[:80])
        version, density, slots = self._kinds.pop(kind, (0, None, None))
        if density is None or slots is None:
            version, density, slots = 0, *self._alone(kind)
        if version != self.density.version:
            density.take(self.density.state[slots])
        self._kinds[kind] = (self.density.version, density, slots)
        while len(self._kinds) > KINDS_HELD:
            self._kinds.popitem(last=False)
        return density

    def _alone(self, kind: str) -> tuple[Density, Numbers]:
        """Return the density of the devices of one kind, and their slots."""
        chosen = np.zeros(self.estate.size, np.bool_)
        chosen[self.estate.slots_of(np.flatnonzero(self.estate.kind_of == self.estate.kinds.index(kind)))] = True
        ground = self.density.ground
        positions = np.flatnonzero(chosen[ground.slots])
        slots, (x, y) = ground.slots[positions], ground.fractions_of(positions)
        return Density(Ground(x, y, np.arange(slots.size, dtype=np.uint32), slots.size)), slots

    def _registered(self, kind: str) -> int:
        return sum(row.count for row in self.estate.rows if kind in {"", row.kind})

    def _mark(self, density: Density, what: tuple[object, ...]) -> int:
        asked = zlib.crc32(repr((self.estate.version, *what)).encode())
        return (density.version & 0x7FFFFFFF) << 32 | asked

    def _inside(self, left: float, top: float, right: float, bottom: float) -> tuple[Numbers, Fractions, Fractions]:
        column, row = math.floor(left * 2**FINEST), math.floor(top * 2**FINEST)
        width, height = math.ceil(right * 2**FINEST) - column, math.ceil(bottom * 2**FINEST) - row
        if width * height > within.MOST_CELLS:
            raise Refused("survey.too_far", most=within.MOST_CELLS)
        positions = self.density.devices(FINEST, column, row, width, height)
        x, y = self.density.ground.fractions_of(positions)
        inside: Bools = (x >= left * SCALE) & (x < right * SCALE) & (y >= top * SCALE) & (y < bottom * SCALE)
        return self.density.ground.slots[positions[inside]], x[inside], y[inside]


def _ground(estate: Estate, places_file: Path | None) -> Ground:
    x, y, known = places.places_of(estate, places_file)
    slots = np.flatnonzero(known).astype(np.uint32)
    if slots.size == estate.size:
        return Ground(x, y, slots, estate.size)
    return Ground(x[slots], y[slots], slots, estate.size)


_ORDER = (DeviceFault.FLAPPING, DeviceFault.DRIFT, DeviceFault.STUCK, DeviceFault.OFFLINE)


def _rectangle(ask: AskDensity | AskDevices) -> tuple[float, float, float, float]:
    sides = (ask.left, ask.top, ask.right, ask.bottom)
    if not all(map(math.isfinite, sides)) or not (ask.left < ask.right and ask.top < ask.bottom):
        raise Refused("survey.rectangle", sides=" ".join(f"{side:g}" for side in sides))
    left, top, right, bottom = (min(1.0, max(0.0, side)) for side in sides)
    if not (left < right and top < bottom):
        raise Refused("survey.rectangle", sides=" ".join(f"{side:g}" for side in sides))
    return left, top, right, bottom


def _covering(zoom: int, left: float, top: float, right: float, bottom: float) -> tuple[int, int, int, int]:
    """Return (column, row, width, height) of the cells that cover a rectangle."""
    column, row = math.floor(left * 2**zoom), math.floor(top * 2**zoom)
    width = min(math.ceil(right * 2**zoom), 2**zoom) - column
    return column, row, width, min(math.ceil(bottom * 2**zoom), 2**zoom) - row


def _zoom(wide: float, high: float, width: int, height: int) -> int:
    """Return the finest zoom of which no more than width · height cells cover the rectangle, wherever it lies."""
    zoom = NEAREST
    while zoom and (wide * 2**zoom > width - 1 or high * 2**zoom > height - 1):
        zoom -= 1
    return zoom
