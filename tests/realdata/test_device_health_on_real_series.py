"""The rules of device health on real series: healthy ones are left in peace, what was broken by us is found."""

import csv
from functools import cache

import numpy as np
import pyarrow.parquet as pq
import pytest

from chengyun_core.ingest.device_drift import HOUR_NS, Drift
from chengyun_core.ingest.device_health import Limits, Stuck
from tests.realdata.definitions import DATA

pytestmark = pytest.mark.skipif(not DATA.is_dir(), reason="the real data lies beside the repository")

HOURS_SEEN = 24 * 400
BROKEN_FROM = 24 * 100


@cache
def _air(column: str) -> tuple[int, np.ndarray]:
    """Return (first hour since 1970, values float64[hours, 12 stations])."""
    table = pq.read_table(DATA / "air_beijing" / "prsa.parquet")
    station = np.array(table["station"].to_pylist())
    hour = table["time"].to_numpy().astype("datetime64[h]").astype(np.int64)
    values = np.full((int(hour.max() - hour.min()) + 1, 12), np.nan)
    for at, name in enumerate(sorted(set(station.tolist()))):
        here = station == name
        values[hour[here] - hour.min(), at] = table[column].to_numpy()[here]
    return int(hour.min()), values[:HOURS_SEEN]


@cache
def _batadal() -> np.ndarray:
    """Return the year without attacks: float64[hours, 43 series]."""
    with (DATA / "batadal" / "dataset03_normal.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.reader(file))[1:]
    return np.array([[float(cell) for cell in row[1:44]] for row in rows])


def _drifting(values: np.ndarray, group: np.ndarray, first: int = 0) -> np.ndarray:
    """Return bool[days, channels]: who drifts at the end of each day."""
    drift, told = Drift(group), []
    for hour in range(values.shape[0]):
        drift.let_pass((first + hour) * HOUR_NS + 1)
        stamp = np.uint64(((first + hour) * HOUR_NS + HOUR_NS // 2) * 4)
        drift.look(0, np.full(values.shape[1], stamp), values[hour])
        if hour % 24 == 23:
            told.append(drift.kept().drifts.copy())
    return np.array(told)


@pytest.mark.slow
@pytest.mark.parametrize(("column", "most"), [("PRES", 0.0), ("TEMP", 0.01), ("PM2.5", 0.03), ("O3", 0.05)])
def test_that_stations_nobody_touched_are_left_in_peace(column: str, most: float) -> None:
    """Local pollution that stays looks like a drifting sensor; air pressure and temperature do not."""
    first, values = _air(column)
    assert _drifting(values, np.zeros(12, np.int64), first).mean() <= most


@pytest.mark.slow
def test_that_a_waterworks_of_a_year_without_attacks_has_no_drift() -> None:
    values = _batadal()
    assert not _drifting(values, np.arange(values.shape[1])).any()


@pytest.mark.slow
@pytest.mark.parametrize("column", ["TEMP", "PRES"])
def test_that_a_station_whose_sensor_drifts_is_found_within_three_weeks(column: str) -> None:
    first, values = _air(column)
    values = values[: BROKEN_FROM + 24 * 40].copy()
    rows = values[~np.isnan(values).all(axis=1)]
    usual = np.nanstd(rows - np.nanmedian(rows, axis=1)[:, None])
    grown = np.clip(np.arange(values.shape[0]) - BROKEN_FROM, 0, None) / (24 * 5)
    values[:, 3] += usual * np.clip(grown, 0, 4)
    days = _drifting(values, np.zeros(12, np.int64), first)
    found = int(np.argmax(days[:, 3]))
    assert BROKEN_FROM // 24 < found <= BROKEN_FROM // 24 + 21
    others = np.delete(days[BROKEN_FROM // 24 :], 3, axis=1)
    assert others.mean() <= 0.01


def _stuck(values: np.ndarray, period_s: int) -> np.ndarray:
    """Return bool[readings, channels]: who is stuck after each reading."""
    count = values.shape[1]
    stuck = Stuck(count)
    limits = Limits(low=np.full(count, -np.inf), high=np.full(count, np.inf), period_s=np.full(count, float(period_s)))
    told = []
    for at in range(values.shape[0]):
        stuck.look(0, np.full(count, (10**18 + at * period_s * 10**9) * 4, np.uint64), values[at].copy(), limits)
        told.append(stuck.stuck.copy())
    return np.array(told)


@cache
def _speeds() -> np.ndarray:
    with (DATA / "traffic_los" / "los_speed.csv").open(encoding="utf-8", newline="") as file:
        return np.array([[float(cell) for cell in row] for row in list(csv.reader(file))[1:]])


def test_that_of_207_loop_detectors_the_one_that_stuck_is_found_and_one_that_we_hold() -> None:
    """Detector 772669 said 70.0 mph for six hours: 71 readings to the last bit."""
    values = _speeds().copy()
    before = _stuck(values, 300)
    assert np.flatnonzero(before.any(axis=0)).tolist() == [166]
    values[600:, 17] = values[599, 17]
    found = _stuck(values, 300)
    assert int(np.argmax(found[:, 17])) == 599 + 60
    assert np.flatnonzero(found.any(axis=0)).tolist() == [17, 166]


def test_that_pumps_at_rest_and_full_tanks_of_a_year_do_not_stick() -> None:
    assert not _stuck(_batadal(), 3600).any()


@cache
def _testbed() -> np.ndarray:
    with (DATA / "skab" / "anomaly-free" / "anomaly-free.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.reader(file, delimiter=";"))[1:]
    return np.array([[float(cell) for cell in row[1:9]] for row in rows])


def test_that_a_testbed_that_runs_does_not_stick_and_a_frozen_thermometer_does() -> None:
    values = _testbed().copy()
    assert not _stuck(values, 1).any()
    values[2000:, 4] = values[1999, 4]
    assert _stuck(values, 1)[2000:, 4].any()


@pytest.mark.parametrize("name", ["ambient_temperature_system_failure", "cpu_utilization_asg_misconfiguration"])
def test_that_a_server_room_that_heats_up_is_no_stuck_sensor(name: str) -> None:
    """NAB's series: values repeat there, but never for so long."""
    with (DATA / "nab" / "data" / "realKnownCause" / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        values = np.array([[float(row["value"])] for row in csv.DictReader(file)])
    assert not _stuck(values, 300).any()
