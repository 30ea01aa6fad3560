"""A city for a night of storm and flood, in one small catalogue: a power supply that many things hang on, points that
fill with water, a river, and sensors that call for nothing every now and then.
"""

from dataclasses import replace

from chengyun_core.model.catalogue import (
    Catalogue,
    CauseLink,
    Channel,
    Device,
    Subtrack,
    Threshold,
    Track,
    Vital,
)
from chengyun_core.model.dispatch import Matter
from chengyun_core.model.places import Centre
from chengyun_core.model.scales import Level
from tests.support.small_city import small_city

POWER = 0
"""渝北's supply; what hangs on it follows within minutes when it is cut."""
HANGING, WATER, QUIET = 190, 40, 20
FED = range(1, 1 + HANGING)
FILLING = range(FED.stop, FED.stop + WATER)
RIVER = FILLING.stop
CALM = range(RIVER + 1, RIVER + 1 + QUIET)
POWER_NAME, RIVER_NAME = "渝北 供电负荷", "寸滩 水位"
WELL = {POWER: 220.0, RIVER: 171.0}
CUT, HIGH_WATER = 12.0, 184.2
VOLTS, DEAD_VOLTS, DRY, DEEP = 228.0, 96.0, 0.02, 0.31
WITHIN_S = 300.0
_FED_KINDS = (("泵站", "电压"), ("路灯箱", "电压"), ("电梯群", "供电"), ("基站", "供电"), ("信号灯", "供电"))
_STREETS = ("龙溪", "回兴", "双凤桥", "龙山", "宝圣湖", "悦来", "仙桃", "双龙湖", "两路", "王家")
_DISTRICTS = ("500103", "500112")
TOWNS = tuple((f"500112{at + 1:03}", f"{name}街道") for at, name in enumerate(_STREETS))
"""(code, name) of 渝北's towns."""


def storm_city() -> Catalogue:
    """Return the city: vital n is measured by channel `level` of device Dn."""
    small = small_city(1, period_s=600.0)
    vitals = (_power(), *map(_fed, FED), *map(_filling, FILLING), _river(), *map(_calm, CALM))
    return replace(
        small,
        centres=(
            *small.centres,
            Centre(code="500112", name="渝北区", level=Level.DISTRICT, parent="500000"),
            *(Centre(code=code, name=name, level=Level.TOWN, parent="500112") for code, name in TOWNS),
        ),
        tracks=(*small.tracks, Track(code="T4", sector="S2", name="电力保障", owner_post=_owner(3), order=2)),
        subtracks=(
            *small.subtracks,
            Subtrack(code="ST5", track="T4", name="区域供电", owner_post=_owner(3), order=1),
            Subtrack(code="ST6", track="T4", name="用电设施", owner_post=_owner(3), order=2),
        ),
        devices=tuple(_device(vital) for vital in vitals),
        channels=tuple(_channel(vital) for vital in vitals),
        vitals=vitals,
        matters=(_dark(),),
        thresholds=tuple(rule for vital in vitals for rule in _rules(vital)),
        causes=tuple(
            CauseLink(cause=_code(POWER), effect=_code(effect), within_s=WITHIN_S, masks=effect % 3 == 0)
            for effect in FED
        ),
    )


def _dark() -> Matter:
    return Matter(
        code="DL-TINGDIAN", name="片区停电", subtrack="ST5", words="停电|断电", attributes="households",
        nature=3, urgency=3, control=2, reach=3, handle_min=120.0,
    )  # fmt: skip


def at_rest() -> dict[int, float]:
    """Return what every sensor measures while nothing is the matter: vital → value."""
    return {
        **dict.fromkeys(FED, VOLTS), **dict.fromkeys(FILLING, DRY), **dict.fromkeys(CALM, 20.0), **WELL,
    }  # fmt: skip


def _code(number: int) -> str:
    return f"V{number:04d}"


def _owner(number: int) -> str:
    return f"500000.track_owner.{number}"


def _vital(number: int, name: str, subtrack: str, unit: str, centre: str, **told: object) -> Vital:
    made = Vital(
        number=number, code=_code(number), name=name, subtrack=subtrack, centre=centre, unit=unit,
        owner_post=_owner(1), vital_class="risk", period_s=600.0, decimals=2, formula=f"last(D{number}.level)",
    )  # fmt: skip
    return replace(made, **told)


def _power() -> Vital:
    return _vital(POWER, POWER_NAME, "ST5", "MW", "500112", pinned=1, consequence=3, respond_min=10.0)


def _fed(number: int) -> Vital:
    kind, measured = _FED_KINDS[number % len(_FED_KINDS)]
    street = _STREETS[number % len(_STREETS)]
    return _vital(number, f"{street}{kind}{number:03d} {measured}", "ST6", "V", "500112", consequence=1)


def _filling(number: int) -> Vital:
    district = _DISTRICTS[number % 2]
    name = f"{_STREETS[number % len(_STREETS)]}下穿道{number - FILLING.start + 1:02d} 积水"
    return _vital(number, name, "ST2", "m", district, consequence=2, respond_min=20.0)


def _river() -> Vital:
    return _vital(RIVER, RIVER_NAME, "ST1", "m", "500103", pinned=2, consequence=3, respond_min=10.0)


def _calm(number: int) -> Vital:
    return _vital(number, f"{_STREETS[number % len(_STREETS)]}管网{number:03d} 压力", "ST4", "MPa", "500103")


def _device(vital: Vital) -> Device:
    return Device(
        code=f"D{vital.number}", name=f"设备{vital.number}", kind="gauge", centre=vital.centre, subtrack=vital.subtrack
    )  # fmt: skip


def _channel(vital: Vital) -> Channel:
    return Channel(
        number=vital.number, device=f"D{vital.number}", quantity="level", unit=vital.unit, period_s=vital.period_s
    )  # fmt: skip


def _rules(vital: Vital) -> list[Threshold]:
    limits = _limits(vital.number)
    return [
        Threshold(threshold_set=name, vital=vital.code, **limits) for name in ("normal", "flood")
    ]  # fmt: skip


def _limits(number: int) -> dict[str, float]:
    if number == POWER:
        return {"low_yellow": 120.0, "low_orange": 80.0, "low_red": 40.0, "hysteresis": 5.0}
    if number in FED:
        return {"low_yellow": 180.0, "hysteresis": 5.0}
    if number in FILLING:
        return {"high_yellow": 0.15, "high_orange": 0.27, "high_red": 0.40, "hysteresis": 0.02}
    if number == RIVER:
        return {"high_yellow": 180.5, "high_orange": 182.0, "high_red": 183.5, "hysteresis": 0.1}
    return {"high_yellow": 50.0, "high_red": 100.0, "hysteresis": 1.0}
