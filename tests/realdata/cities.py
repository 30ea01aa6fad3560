"""Real series as whole cities with centres, tracks and posts of their own: no console may know the difference."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from chengyun_core.mirror.catalogue_view import CatalogueView
from chengyun_core.model.catalogue import Catalogue
from chengyun_core.model.catalogue_build import Numbers, build
from chengyun_core.model.catalogue_tables import Tables
from tests.gallery.city import City, Values
from tests.realdata.definitions import DATASETS, Series

DUTY, OWNER, SEAT = "duty_officer", "track_owner.1", "A-03"
STATIONS = (
    "奥体中心", "昌平", "定陵", "东四", "官园", "古城", "怀柔", "农展馆", "顺义", "天坛", "万柳", "万寿西宫",
)  # fmt: skip
"""What officers there call the twelve stations, which the data spells in letters and sorts by them."""
POLLUTANTS = {"pm25": "PM2.5", "pm10": "PM10", "so2": "SO₂", "co": "CO", "o3": "O₃"}
S = 1_000_000_000
QUANTILES = (0.90, 0.95, 0.98, 0.995)


@dataclass(frozen=True, kw_only=True)
class Place:
    """How a data set becomes a city. `track_of` and `name_of` are asked with a series and its place."""

    data: str
    code: str
    name: str
    sector: str
    tracks: tuple[tuple[str, str], ...]
    """(quantity, or the beginning of a device's number; name)."""
    low_is_bad: bool = False

    def series(self) -> tuple[Series, ...]:
        """Return what is measured."""
        return DATASETS[self.data].series()

    def name_of(self, series: Series) -> str:
        """Return what officers call a vital."""
        number = series.device[1:]
        return f"{STATIONS[int(number)]} {POLLUTANTS[series.quantity]}" if self.data == "air" else f"Loop {number}"

    def track_of(self, series: Series) -> str:
        """Return the track's number of a series."""
        told = series.quantity if self.data == "air" else series.device[1:]
        return next(f"{at:02d}" for at, (mark, _name) in enumerate(self.tracks) if told.startswith(mark))


AIR = Place(
    data="air", code="110000", name="北京市", sector="空气质量",
    tracks=(("pm25", "细颗粒物"), ("pm10", "可吸入颗粒物"), ("so2", "二氧化硫"), ("co", "一氧化碳"), ("o3", "臭氧")),
)  # fmt: skip
TRAFFIC = Place(
    data="traffic", code="990100", name="Los Angeles", sector="Freeways", low_is_bad=True,
    tracks=(("77", "Central"), ("76", "Valley"), ("71", "East"), ("", "Others")),
)  # fmt: skip
PLACES = {"air": AIR, "traffic": TRAFFIC}


def tables_of(place: Place) -> Tables:
    """Return the tables of a place, as an administrator would import them."""
    owner, series = f"{place.code}.{OWNER}", place.series()
    return {
        "centres": [{"code": place.code, "name": place.name, "level": "city"}],
        "sectors": [{"code": "A", "scheme": "full", "name": place.sector, "order": "1"}],
        "tracks": [
            {"code": f"A{at:02d}", "sector": "A", "name": name, "owner_post": owner, "order": str(at + 1)}
            for at, (_mark, name) in enumerate(place.tracks)
        ],
        "subtracks": [
            {"code": f"A{at:02d}A", "track": f"A{at:02d}", "name": name, "owner_post": owner, "order": "1"}
            for at, (_mark, name) in enumerate(place.tracks)
        ],
        "devices": [_device(place, one) for one in {item.device: item for item in series}.values()],
        "channels": [
            {"device": one.device, "quantity": one.quantity, "unit": one.unit, "period_s": f"{one.period_s:g}"}
            for one in series
        ],
        "vitals": [_vital(place, at, one) for at, one in enumerate(series)],
        "threshold_sets": [{"code": "PT", "name": "平时", "in_force": "true"}],
        "thresholds": [_threshold(place, at, one) for at, one in enumerate(series)],
        "kpis": [],
        "posts": [
            {"code": owner, "name": place.sector, "centre": place.code},
            {"code": f"{place.code}.{DUTY}", "name": "值班员", "centre": place.code},
        ],
        "seats": [{"code": SEAT, "name": "3", "centre": place.code, "post": f"{place.code}.{DUTY}"}],
        "facts": [{"key": "name", "value": place.name}],
    }


def catalogue_of(place: Place) -> Catalogue:
    """Return the catalogue of a place."""
    catalogue, _numbers = build(tables_of(place), Numbers(), 1)
    return catalogue


def city_of(place: Place) -> City:
    """Return the city with its last measured values, and what was measured before."""
    series = place.series()

    def value(_view: CatalogueView, vital: int) -> float:
        return float(series[vital].value[np.flatnonzero(~np.isnan(series[vital].value))[-1]])

    def course(vital: int, _now: float, seconds: Values) -> Values:
        one = series[vital]
        at = np.searchsorted(one.time, one.time[-1] + (seconds * S).astype(np.int64)).clip(0, one.time.size - 1)
        return one.value[at]

    return City(catalogue=catalogue_of(place), value=value, course=course)


def _device(place: Place, one: Series) -> dict[str, str]:
    subtrack = f"A{place.track_of(one)}A"
    return {"code": one.device, "name": one.device, "kind": "station", "centre": place.code, "subtrack": subtrack}


def _vital(place: Place, at: int, one: Series) -> dict[str, str]:
    return {
        "code": f"V{at:03d}", "name": place.name_of(one), "subtrack": f"A{place.track_of(one)}A",
        "centre": place.code, "unit": one.unit, "owner_post": f"{place.code}.{OWNER}", "vital_class": "operation",
        "period_s": f"{one.period_s:g}", "decimals": "1", "formula": f"last({one.code})",
        "pinned": str(at + 1 if at < 6 else 0),
    }  # fmt: skip


def _threshold(place: Place, at: int, one: Series) -> dict[str, str]:
    """Limits by the series' own quantiles, drawn apart where many values are the same."""
    known: npt.NDArray[np.float64] = one.value[~np.isnan(one.value)]
    shares = [1 - share for share in QUANTILES] if place.low_is_bad else QUANTILES
    side, sign = ("low", -1.0) if place.low_is_bad else ("high", 1.0)
    limits = np.quantile(known, shares) + sign * np.arange(len(QUANTILES)) * 0.1
    colours = ("blue", "yellow", "orange", "red")
    told = {f"{side}_{colour}": f"{limit:.2f}" for colour, limit in zip(colours, limits, strict=True)}
    return {"threshold_set": "PT", "vital": f"V{at:03d}", **told}
