"""嘉西村's main in a city small enough to come up in seconds: one pressure, its units, its cameras, the reference plan.

Names, capabilities and plan are the reference city's; only what the flow does not touch is left out.
"""

import math
from collections.abc import Iterator
from dataclasses import replace

from chengyun_core.model.camera import Camera, CameraKind
from chengyun_core.model.catalogue import Catalogue, Guidance, Threshold
from chengyun_core.model.clock import NS_PER_S
from chengyun_core.model.dispatch import Matter, Unit, UnitKind
from chengyun_core.model.places import Centre, Post, Seat
from chengyun_core.model.plan_commands import ImportPlans
from chengyun_core.model.scales import Level
from chengyun_resources.reference import plans
from tests.support.small_city import small_city
from tests.support.street_cameras import address_of

PRESSURE = 3
"""Number of the vital that falls through its red limit; it is measured by device D3."""
CODE, NAME = "SS01C-500103", "上清寺 供水压力"
TITLE = "上清寺街道供水爆管"
"""How the event is called that is opened from its alarm: where its risk point is, and what happened."""
MATTER, TEMPLATE = "SS-BAOGUAN", "SS-BAOGUAN"
TOWN = "500103005"
WELL, BURST, RED_LIMIT = 0.31, 0.08, 0.10
"""MPa."""
VITALS = 12
AT_REST = {**{vital: 20.0 + vital for vital in range(VITALS)}, PRESSURE: WELL}
"""What every sensor of the city measures when nothing is the matter: a silent one would be a trouble of its own."""
CALLED = {
    "QIANGXIU": "500103-GS", "SHUDAO": "500103-JJ", "GUANXIAN": "500103-JX", "SONGSHUI": "500103-XFZ",
    "GAOZHI": f"{TOWN}-JD",
}  # fmt: skip
"""Step of the plan → unit that dispatch must propose."""
BEGINS = "2026-07-18T14:20:00+08:00"
"""The city's time when the officer sits down: a Saturday in the flood season, by daylight."""
OFFICER, COLLEAGUE = "陈静", "刘勇"
_OWNER = "500000.track_owner.3"
"""供水跑道长"""
_PLACES = (
    ("寸滩 水位", "m"), ("菜园坝下穿道 积水", "cm"), ("大坪管廊 甲烷", "%LEL"), (NAME, "MPa"),
    ("朝天门 水位", "m"), ("七星岗下穿道 积水", "cm"), ("两路口管廊 甲烷", "%LEL"), ("大溪沟 供水流量", "m³/h"),
    ("磁器口 水位", "m"), ("上清寺下穿道 积水", "cm"), ("解放碑管廊 甲烷", "%LEL"), ("李子坝 供水流量", "m³/h"),
)  # fmt: skip
"""What is measured by device D0 …, and in what."""
_ABLE = {
    "500103-GS": ("渝中区供水抢修队", UnitKind.TEAM, "repair.water|water.supply"),
    "500103-JJ": ("渝中区交巡警支队", UnitKind.TEAM, "traffic.divert"),
    "500103-JX": ("渝中区经济信息委", UnitKind.DEPARTMENT, "manage.energy|pipeline.protect"),
    "500103-XFZ": ("渝中区消防救援站", UnitKind.TEAM, "fire|rescue"),
    "500103-SZ": ("渝中区市政抢修队", UnitKind.TEAM, "repair.road|repair.light"),
    f"{TOWN}-JD": ("上清寺街道办事处", UnitKind.STREET, "residents.tell|residents.move"),
}
_PLACE = (106.5443, 29.5628)
"""Of the pressure's sensor, where the reference city has 嘉西村: longitude and latitude."""
_CAMERAS = (
    ("上清寺嘉西村 01", "社区", 106.5441, 29.5630, 120.0, "square"),
    ("上清寺嘉西村 02", "社区", 106.5449, 29.5631, 240.0, "flooded"),
    ("上清寺转盘 01", "路口", 106.5466, 29.5642, 230.0, "street"),
    ("上清寺转盘 02", "路口", 106.5468, 29.5644, 50.0, "street"),
    ("牛角沱立交 01", "立交", 106.5419, 29.5652, 135.0, "bridge"),
    ("两路口 01", "路口", 106.5480, 29.5540, 350.0, "street"),
)
"""Name, what it stands at, place, where it looks, and what it shows. The fourth stands nearer than the fifth and looks
the other way."""
NEAREST = {f"CAM-{at:02}": _CAMERAS[at - 1][0] for at in (1, 2, 3, 5)}
"""Code → name of what the four nearest cameras must be: the first watches the pressure itself."""
POOLED = "CAM-02"
"""The one that shows the water."""


def shown() -> dict[str, str]:
    """Return what each camera of the city shows: code → scene of `street_cameras`."""
    return {f"CAM-{at:02}": scene for at, (*_, scene) in enumerate(_CAMERAS, 1)}


def golden_city() -> Catalogue:
    """Return the small city with the pressure of 嘉西村, its matter, the cameras around and the units of 渝中区."""
    small = small_city(VITALS, period_s=600.0)
    vitals = [
        replace(vital, name=name, unit=unit) for vital, (name, unit) in zip(small.vitals, _PLACES, strict=True)
    ]  # fmt: skip
    vitals[PRESSURE] = replace(
        vitals[PRESSURE], code=CODE, pinned=3, owner_post=_OWNER, consequence=3, respond_min=15.0
    )  # fmt: skip
    limits = Threshold(
        threshold_set="normal", vital=CODE, low_yellow=0.20, low_orange=0.15, low_red=RED_LIMIT, hysteresis=0.01
    )  # fmt: skip
    devices = list(small.devices)
    devices[PRESSURE] = replace(devices[PRESSURE], longitude=_PLACE[0], latitude=_PLACE[1])
    kept = [rule for rule in small.thresholds if rule.vital != small.vitals[PRESSURE].code]
    units = tuple(_units())
    return replace(
        small,
        centres=(*small.centres, Centre(code=TOWN, name="上清寺街道", level=Level.TOWN, parent="500103")),
        cameras=tuple(_cameras()),
        devices=tuple(devices),
        channels=tuple(
            replace(channel, unit=unit) for channel, (_name, unit) in zip(small.channels, _PLACES, strict=True)
        ),
        vitals=tuple(vitals),
        thresholds=(*kept, limits, replace(limits, threshold_set="flood")),
        posts=(*small.posts, *(Post(code=unit.post, name=f"{unit.name}值守岗", centre=unit.centre) for unit in units)),
        seats=(*small.seats, *(_seat_of(unit) for unit in units)),
        matters=(_matter(),), units=units, guidance=(*small.guidance, _guidance()),
    )  # fmt: skip


def golden_plans() -> ImportPlans:
    """Return the import of the matter's plan and of its one risk point, as the reference library has them."""
    wanted = {TEMPLATE, "FX-JIAXI"}
    tables = {
        name: [row for row in rows if wanted & set(row.values())] for name, rows in plans.tables(60).items()
    }  # fmt: skip
    for row in tables["risk_points"]:
        row.pop("owner_post", None)
    return ImportPlans(tables=tables, origin={name: name for name in tables})


def _seat_of(unit: Unit) -> Seat:
    return Seat(code=unit.code, name=unit.name, centre=unit.centre, post=unit.post)


def _cameras() -> Iterator[Camera]:
    for at, (name, leaf, longitude, latitude, heading, _scene) in enumerate(_CAMERAS, 1):
        code = f"CAM-{at:02}"
        yield Camera(
            code=code, name=name, centre=TOWN, longitude=longitude, latitude=latitude, heading_deg=heading,
            path=f"渝中区/上清寺街道/{leaf}", kind=CameraKind.DEMO, address=address_of(code),
            sub_address=f"{address_of(code)}/sub", watches=CODE if at == 1 else "",
        )  # fmt: skip


def past(now_ns: int) -> Iterator[tuple[str, int, float]]:
    """Yield half an hour of quiet before now for every sensor, the oldest first: (channel, time ns, value)."""
    for minute in range(30, 0, -1):
        for vital, value in AT_REST.items():
            wave = math.sin((minute + 7 * vital) / 4) * (0.012 if vital == PRESSURE else 1.6)
            yield f"D{vital}.level", now_ns - minute * 60 * NS_PER_S, round(value + wave, 3)


def _guidance() -> Guidance:
    """Return what the reference city tells of a pressure that falls (guidance.csv, 管网压力)."""
    return Guidance(
        about=CODE, meaning="片区供水压力偏低：多为爆管、泵站停机或停电。",
        action="1. 对照泵站供电和流量，判断是停电还是爆管；2. 通知供水调度切换管线；3. 派巡线队到场关阀，安排送水点。",
        call_post=_OWNER, plan="城市供水爆管处置", cameras="泵站、主管沿线路口",
    )  # fmt: skip


def _matter() -> Matter:
    return Matter(
        code=MATTER, name="供水爆管", subtrack="ST4", words="爆管|水管爆裂",
        attributes="diameter_mm|households|area_m2",
        nature=2, urgency=3, control=2, reach=2, handle_min=180.0,
    )  # fmt: skip


def _units() -> list[Unit]:
    return [
        Unit(
            code=code, name=name, centre=code.partition("-")[0], kind=kind, post=f"{code.partition('-')[0]}.unit.{at}",
            capabilities=able, longitude=106.55, latitude=29.56,
        )
        for at, (code, (name, kind, able)) in enumerate(_ABLE.items(), 1)
    ]  # fmt: skip
