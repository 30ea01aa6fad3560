"""What is wrong with the devices of an estate, and since when; and how many of each kind and district are online."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from chengyun_core.ingest.device_drift import LIMIT, Drift, DriftKept
from chengyun_core.ingest.device_health import RULES, Flapping, Limits, Stuck
from chengyun_core.ingest.last_values import Stamps
from chengyun_core.ingest.survey.estate import NOBODY, Estate
from chengyun_core.ingest.survey.settings import SurveySettings
from chengyun_core.ingest.survey.states import DeviceStates
from chengyun_core.model.catalogue import Channel
from chengyun_core.model.device import DeviceFault, DeviceState
from chengyun_core.series.columns import Bytes, Numbers, Places, Values
from chengyun_core.wire.survey_asks import FaultFound, OnlineRate

NS_PER_S = 10**9
Counts = npt.NDArray[np.int64]


@dataclass(frozen=True, slots=True, kw_only=True)
class Sick:
    """Devices with one kind of fault: parallel columns."""

    fault: DeviceFault
    slot: Numbers
    since_ns: Places
    channel: Places
    """−1: the device as a whole."""
    size: Values
    """Of a drift: the sum of the test; else 0."""


class HealthBook:
    """The three rules over the channels of an estate, and offline from its states."""

    def __init__(self, estate: Estate, settings: SurveySettings) -> None:
        self._estate = estate
        self._judged = min(estate.channels, settings.health_channels)
        self._stuck = Stuck(self._judged)
        self._flapping = Flapping(estate.size)
        self.began_ns = 0
        """Profile time of the first look."""
        self._drift = Drift(_groups(estate, min(estate.channels, settings.drift_channels)))
        rows = estate.channel_rows
        self._low = np.array([-np.inf, *(-np.inf if row.low is None else row.low for row in rows)])
        self._high = np.array([np.inf, *(np.inf if row.high is None else row.high for row in rows)])
        self._period = np.array([1.0, *(row.period_s for row in rows)])

    def look(self, begin: int, stamps: Stamps, values: Values, now_ns: int) -> None:
        """Look at channels from `begin` on: stamps uint64[n], values float64[n]."""
        self.began_ns = self.began_ns or now_ns
        known = max(0, min(stamps.size, self._judged - begin))
        row = self._estate.channel_row[begin : begin + known]
        limits = Limits(low=self._low[row], high=self._high[row], period_s=self._period[row])
        self._stuck.look(begin, stamps[:known], values[:known], limits)
        self._drift.look(begin, stamps, values)

    def fell(self, slots: Numbers, now_ns: int) -> None:
        """Note which devices fell silent."""
        self._flapping.fell(slots, now_ns)

    def let_pass(self, now_ns: int) -> bool:
        """Let time pass for the drift; return whether an hour ended."""
        return self._drift.let_pass(now_ns)

    def sick(self, states: DeviceStates, state: Bytes, by_row: Counts, now_ns: int) -> tuple[Sick, ...]:
        """Return everything that is wrong now. state: uint8 by slot; by_row: int64[rows, states]."""
        # Who has a channel and never sent is offline, too, once he was waited for as long as for the others.
        waited = (self._estate.silence_of > 0) & (now_ns - self.began_ns >= self._estate.silence_of)
        never = waited & (by_row[:, DeviceState.NEVER] > 0)
        silent = self._estate.slots_of(np.flatnonzero((by_row[:, DeviceState.SILENT] > 0) | never))
        gone = state[silent] == DeviceState.SILENT
        gone |= (state[silent] == DeviceState.NEVER) & never[self._estate.row_of(silent)]
        silent = silent[gone]
        flaps = self._flapping.found(now_ns)
        drifts, since, size = self._drift.found()
        stuck = self._stuck.found()
        return (
            Sick(
                fault=DeviceFault.OFFLINE, slot=silent, since_ns=states.heard_s[silent].astype(np.int64) * NS_PER_S,
                channel=np.full(silent.size, -1), size=np.zeros(silent.size),
            ),
            self._of_channels(DeviceFault.STUCK, stuck, self._stuck.since_ns[stuck], np.zeros(stuck.size)),
            self._of_channels(DeviceFault.DRIFT, drifts, since, size),
            Sick(
                fault=DeviceFault.FLAPPING, slot=flaps.astype(np.uint32),
                since_ns=self._flapping.since_s[flaps].astype(np.int64) * NS_PER_S, channel=np.full(flaps.size, -1),
                size=np.zeros(flaps.size),
            ),
        )  # fmt: skip

    def told(self, sick: Sick, at: int) -> FaultFound:
        """Return one of them as a record."""
        device, member = self._estate.member_of(int(sick.slot[at]))
        rule = f"device.rule_{sick.fault.value}"
        params = {name: f"{figure:g}" for name, figure in RULES.get(rule, {}).items()}
        quantity = ""
        if (channel := int(sick.channel[at])) >= 0:
            row = self._row_of(channel)
            quantity = params["quantity"] = row.quantity
        if sick.fault is DeviceFault.DRIFT:
            rule = "device.rule_drift_up" if sick.size[at] > 0 else "device.rule_drift_down"
            params |= {"sum": f"{abs(sick.size[at]):.1f}", "limit": f"{LIMIT:g}"}
        return FaultFound(
            device=device, member=member, fault=sick.fault, since_ns=int(sick.since_ns[at]), quantity=quantity,
            rule=rule, params=params,
        )  # fmt: skip

    def keep(self, file: Path) -> None:
        """Write what the next run goes on from. Raises OSError."""
        kept, beside = self._drift.kept(), file.with_name(f"{file.name}.new")
        file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        with beside.open("wb") as opened:
            np.savez(opened, **{name: getattr(kept, name) for name in DriftKept.__dataclass_fields__})
        beside.replace(file)

    def restore(self, file: Path) -> None:
        """Go on from an earlier run's file. Raises OSError, ValueError or KeyError for one that is none."""
        with np.load(file, allow_pickle=False) as held:
            found: dict[str, Any] = {name: held[name] for name in DriftKept.__dataclass_fields__}
        self._drift.restore(DriftKept(**found))

    def _of_channels(self, fault: DeviceFault, channels: Places, since_ns: Places, size: Values) -> Sick:
        slots = [self._estate.slot_of(int(channel), int(channel) + 1)[0] for channel in channels]
        slot = np.concatenate([np.empty(0, np.uint32), *slots])
        here = slot != NOBODY
        return Sick(fault=fault, slot=slot[here], since_ns=since_ns[here], channel=channels[here], size=size[here])

    def _row_of(self, channel: int) -> Channel:
        return self._estate.channel_rows[int(self._estate.channel_row[channel]) - 1]


def rates(estate: Estate, by_row: Counts, sick: tuple[Sick, ...], rows: Places) -> Iterator[OnlineRate]:
    """Yield the devices of these rows by district and kind. by_row: int64[rows, states]."""
    figures = np.zeros((len(estate.rows), 7), np.int64)
    figures[:, 0], figures[:, 1] = np.diff(estate.first), estate.connected_of
    figures[:, 3] = by_row[:, DeviceState.SILENT]
    figures[:, 2] = by_row.sum(axis=1) - by_row[:, DeviceState.NEVER] - figures[:, 3]
    for place, fault in ((4, DeviceFault.STUCK), (5, DeviceFault.DRIFT), (6, DeviceFault.FLAPPING)):
        found = np.concatenate([np.empty(0, np.uint32), *(np.unique(one.slot) for one in sick if one.fault is fault)])
        figures[:, place] = np.bincount(estate.row_of(found), minlength=len(estate.rows))
    sums: dict[tuple[str, str], Any] = {}
    for row in rows.tolist():
        key = (estate.district[row], estate.rows[row].kind)
        sums[key] = sums.get(key, 0) + figures[row]
    for (centre, kind), sum_ in sorted(sums.items()):
        registered, connected, online, silent, stuck, drift, flapping = (int(one) for one in sum_)
        yield OnlineRate(
            centre=centre, kind=kind, registered=registered, connected=connected, online=online, silent=silent,
            stuck=stuck, drift=drift, flapping=flapping,
        )  # fmt: skip


def _groups(estate: Estate, size: int) -> Places:
    """Return by channel number who its neighbours are: one quantity of one kind in one district; −1: no channel."""
    place = {row.code: at for at, row in enumerate(estate.rows)}
    numbers: dict[tuple[str, str, str], int] = {}
    group = [-1]
    for row in estate.channel_rows:
        at = place[row.device]
        key = (estate.rows[at].kind, row.quantity, estate.district[at])
        group.append(numbers.setdefault(key, len(numbers)))
    found: Places = np.array(group, np.int64)[estate.channel_row[:size]]
    return found
