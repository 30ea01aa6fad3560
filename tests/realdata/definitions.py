"""Channels, vitals and thresholds for three real data sets, and their rows in order of time.

`DATASETS[name].catalogue()` is a catalogue, `.rows()` yields (time_ns, channel code, value, quality) and `.columns()`
gives the same as numpy columns with channel numbers. Limits are quantiles of the series, so that every rule is met.
"""

import csv
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime, timedelta, timezone
from functools import cache
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pyarrow.parquet as pq

from chengyun_core.model.catalogue import Catalogue, Channel, Device, Threshold, ThresholdSet, Vital
from chengyun_core.model.scales import WarningColour

DATA = Path(__file__).resolve().parents[3] / "shared" / "data"
SET = "realdata"
HOUR = 3600.0
GOOD, BAD = 0, 2
BEIJING = timezone(timedelta(hours=8))
LOS_ANGELES = timezone(timedelta(hours=-8))

Columns = tuple[npt.NDArray[np.int64], npt.NDArray[np.uint32], npt.NDArray[np.float64], npt.NDArray[np.uint8]]


@dataclass(frozen=True)
class Series:
    """One channel's samples: time int64 ns, value float64 (NaN: the station said it has none)."""

    device: str
    quantity: str
    unit: str
    period_s: float
    time: npt.NDArray[np.int64]
    value: npt.NDArray[np.float64]

    @property
    def code(self) -> str:
        return f"{self.device}.{self.quantity}"


@dataclass(frozen=True)
class RealData:
    """One data set: its series and the formulas of vitals besides one `last` per series."""

    name: str
    folder: str
    read: Callable[[], tuple[Series, ...]]
    more: Callable[[tuple[Series, ...]], tuple[str, ...]]

    def available(self) -> bool:
        """Return whether the files are there."""
        return (DATA / self.folder).is_dir()

    def series(self) -> tuple[Series, ...]:
        """Return the series, by channel number."""
        return _read(self.name)

    def catalogue(self) -> Catalogue:
        """Return the catalogue: one channel per series; V… vitals with rules that differ from vital to vital."""
        return _catalogue(self.series(), self.more(self.series()))

    def columns(self) -> Columns:
        """Return (time, channel number, value, quality) in order of time, then of channel."""
        series = self.series()
        time = np.concatenate([item.time for item in series])
        channel = np.repeat(np.arange(len(series), dtype=np.uint32), [item.time.size for item in series])
        value = np.concatenate([item.value for item in series])
        order = np.lexsort((channel, time))
        quality = np.where(np.isnan(value), np.uint8(BAD), np.uint8(GOOD))
        return time[order], channel[order], value[order], quality[order]

    def rows(self) -> Iterator[tuple[int, str, float, int]]:
        """Yield (time_ns, channel code, value, quality) in the order of `columns`."""
        codes = [item.code for item in self.series()]
        time, channel, value, quality = (column.tolist() for column in self.columns())
        for row in zip(time, channel, value, quality, strict=True):
            yield row[0], codes[row[1]], row[2], row[3]


@cache
def _read(name: str) -> tuple[Series, ...]:
    return DATASETS[name].read()


def _river() -> tuple[Series, ...]:
    """Hourly level and flow of 13 stations, June 2020; hours are missing."""
    rows: dict[str, list[tuple[int, str, str]]] = {}
    with (DATA / "river_yangtze" / "water_level.csv").open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            when = datetime.strptime(row["time"], "%Y-%m-%d %H:%M:%S").replace(tzinfo=BEIJING)
            rows.setdefault(row["station"], []).append((_ns(when), row["level_m"], row["flow_m3s"]))
    found = []
    for place, station in enumerate(sorted(rows)):
        samples = sorted(rows[station])
        for column, quantity, unit in ((1, "level", "m"), (2, "flow", "m3/s")):
            told = [(sample[0], float(sample[column])) for sample in samples if sample[column]]
            found.append(_series(f"R{place:02d}", quantity, unit, HOUR, told))
    return tuple(found)


def _river_more(series: tuple[Series, ...]) -> tuple[str, ...]:
    levels = [item.code for item in series if item.quantity == "level"]
    flows = [item.code for item in series if item.quantity == "flow"]
    return (
        f"mean({', '.join(levels)})",
        f"sum({', '.join(flows)})",
        f"max({', '.join(flows[:6])})",
        f"min({', '.join(levels[3:])})",
        f"diff({levels[0]}, {levels[1]})",
        f"share_over(30000; {', '.join(flows)})",
        f"scale(3.2808399, -100; {levels[4]})",
    )


def _traffic() -> tuple[Series, ...]:
    """Speeds of 207 loop detectors in Los Angeles every 5 minutes from 1 March 2012 (the file has no times)."""
    with (DATA / "traffic_los" / "los_speed.csv").open(encoding="utf-8", newline="") as file:
        reader = csv.reader(file)
        stations = next(reader)
        table = np.array([[float(cell) for cell in row] for row in reader])
    start = _ns(datetime(2012, 3, 1, tzinfo=LOS_ANGELES))
    time = start + np.arange(table.shape[0], dtype=np.int64) * 300 * 1_000_000_000
    return tuple(
        Series(device=f"T{code}", quantity="speed", unit="mph", period_s=300.0, time=time, value=table[:, k])
        for k, code in enumerate(stations)
    )


def _traffic_more(series: tuple[Series, ...]) -> tuple[str, ...]:
    codes = [item.code for item in series]
    groups = [codes[k : k + 23] for k in range(0, len(codes), 23)]
    return (
        f"share_under(30; {', '.join(codes)})",
        f"mean({', '.join(codes)})",
        *(f"mean({', '.join(group)})" for group in groups),
        *(f"min({', '.join(group)})" for group in groups),
        f"scale(1.609344, 0; {codes[0]})",
        f"diff({codes[1]}, {codes[2]})",
    )


def _air() -> tuple[Series, ...]:
    """Hourly pollutants of 12 stations in Beijing. What is missing is a BAD sample for CO and O3, else silence."""
    table = pq.read_table(DATA / "air_beijing" / "prsa.parquet")
    station = np.array(table["station"].to_pylist())
    time = table["time"].to_numpy().astype("datetime64[ns]").astype(np.int64) - 8 * 3600 * 1_000_000_000
    found = []
    for place, name in enumerate(sorted(set(station.tolist()))):
        here = np.flatnonzero(station == name)
        here = here[np.argsort(time[here], kind="stable")]
        for column, quantity in (("PM2.5", "pm25"), ("PM10", "pm10"), ("SO2", "so2"), ("CO", "co"), ("O3", "o3")):
            value = table[column].to_numpy()[here].astype(np.float64)
            told = slice(None) if quantity in ("co", "o3") else ~np.isnan(value)
            samples = {"time": time[here][told], "value": value[told]}
            found.append(Series(device=f"A{place:02d}", quantity=quantity, unit="ug/m3", period_s=HOUR, **samples))
    return tuple(found)


def _air_year() -> tuple[Series, ...]:
    """The first year of the air: for what need not be shown with all four, once the whole has been."""
    whole = _read("air")
    until = min(int(item.time[0]) for item in whole) + 366 * 24 * 3600 * 1_000_000_000
    ends = [int(np.searchsorted(item.time, until)) for item in whole]
    return tuple(
        replace(item, time=item.time[:end], value=item.value[:end]) for item, end in zip(whole, ends, strict=True)
    )


def _air_more(series: tuple[Series, ...]) -> tuple[str, ...]:
    fine = [item.code for item in series if item.quantity == "pm25"]
    monoxide = [item.code for item in series if item.quantity == "co"]
    return (
        f"mean({', '.join(fine)})",
        f"max({', '.join(fine)})",
        f"share_over(150; {', '.join(fine)})",
        f"share_bad({', '.join(monoxide)})",
    )


def _series(device: str, quantity: str, unit: str, period_s: float, told: list[tuple[int, float]]) -> Series:
    time, value = zip(*told, strict=True)
    return Series(
        device=device, quantity=quantity, unit=unit, period_s=period_s,
        time=np.array(time, np.int64), value=np.array(value, np.float64),
    )  # fmt: skip


def _catalogue(series: tuple[Series, ...], more: tuple[str, ...]) -> Catalogue:
    codes = dict.fromkeys(item.device for item in series)
    devices = tuple(Device(code=code, name=code, kind="", centre="", subtrack="") for code in codes)
    channels = tuple(
        Channel(number=k, device=item.device, quantity=item.quantity, unit=item.unit, period_s=item.period_s)
        for k, item in enumerate(series)
    )
    formulas = (*(f"last({item.code})" for item in series), *more)
    by_code = {item.code: item for item in series}
    vitals = tuple(
        Vital(
            number=k, code=f"V{k:03d}", name=f"V{k:03d}", subtrack="", centre="", unit="", owner_post="",
            vital_class="operation", period_s=series[0].period_s, decimals=2, formula=text, pinned=int(k < 3),
        )
        for k, text in enumerate(formulas)
    )  # fmt: skip
    rules = tuple(_rule(vital, _typical(vital.formula, by_code), series[0].period_s) for vital in vitals)
    return Catalogue(
        version=1, name="realdata", devices=devices, channels=channels, vitals=vitals, thresholds=rules,
        threshold_sets=(ThresholdSet(code=SET, name=SET, in_force=True),),
    )  # fmt: skip


def _typical(formula: str, by_code: dict[str, Series]) -> npt.NDArray[np.float64]:
    """Return values whose quantiles make sensible limits for a formula."""
    name, inside = formula.split("(", 1)
    numbers, _, channels = inside.rstrip(")").rpartition(";")
    members = [by_code[code.strip()].value for code in channels.split(",")]
    if name.startswith("share"):
        return np.array([0.0, 5.0, 10.0, 20.0, 35.0, 60.0])
    if name == "scale":
        factor, offset = (float(part) for part in numbers.split(","))
        return members[0] * factor + offset
    shortest = min(member.size for member in members)
    table = np.array([member[:shortest] for member in members])
    if name == "diff":
        return table[0] - table[1]
    with np.errstate(invalid="ignore"):
        fold = {"sum": np.nansum, "mean": np.nanmean, "min": np.nanmin, "max": np.nanmax}.get(name, np.nanmean)
        keep = ~np.isnan(table).all(axis=0)
        return np.asarray(fold(table[:, keep], axis=0))


def _rule(vital: Vital, typical: npt.NDArray[np.float64], period_s: float) -> Threshold:
    """Return a rule of quantiles; delays, rate, stuck and missing come and go with the vital's number."""
    k, typical = vital.number, typical[~np.isnan(typical)]
    high = [round(float(np.quantile(typical, q)), 2) for q in (0.8, 0.9, 0.96, 0.99)]
    low = [round(float(np.quantile(typical, q)), 2) for q in (0.12, 0.05, 0.02, 0.005)]
    step = float(np.quantile(np.abs(np.diff(typical)), 0.97)) if typical.size > 1 else 1.0
    return Threshold(
        threshold_set=SET, vital=vital.code,
        high_blue=high[0], high_yellow=high[1], high_orange=None if k % 4 == 1 else high[2], high_red=high[3],
        low_blue=low[0] if k % 3 else None, low_yellow=low[1], low_orange=low[2] if k % 2 else None, low_red=low[3],
        hysteresis=round(float(np.ptp(typical)) * (0.0, 0.01, 0.03)[k % 3], 3),
        on_delay_s=period_s * (0, 0, 1, 2)[k % 4], off_delay_s=period_s * (0, 1, 0, 2, 3)[k % 5],
        rate_per_min=step / period_s * 60.0 if k % 3 == 2 and step else None, rate_colour=WarningColour.YELLOW,
        stuck_s=4 * period_s if k % 5 == 3 else None, stuck_colour=WarningColour.BLUE,
        missing_s=period_s * 1.5 if k % 2 == 0 else None,
        missing_colour=WarningColour.ORANGE if k % 4 == 0 else WarningColour.BLUE,
    )  # fmt: skip


def _ns(when: datetime) -> int:
    return int(when.timestamp()) * 1_000_000_000


DATASETS: dict[str, RealData] = {
    "river": RealData(name="river", folder="river_yangtze", read=_river, more=_river_more),
    "traffic": RealData(name="traffic", folder="traffic_los", read=_traffic, more=_traffic_more),
    "air": RealData(name="air", folder="air_beijing", read=_air, more=_air_more),
    "air year": RealData(name="air year", folder="air_beijing", read=_air_year, more=_air_more),
}
WHOLE = ("river", "traffic", "air")
"""The data sets without what is only a part of another."""
