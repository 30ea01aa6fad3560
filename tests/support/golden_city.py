"""嘉西村's main in a city small enough to come up in seconds: one pressure, its units, the reference plan.

Names, capabilities and plan are the reference city's; only what the flow does not touch is left out.
"""

from dataclasses import replace

from chengyun_core.model.catalogue import Catalogue, Threshold
from chengyun_core.model.dispatch import Matter, Unit, UnitKind
from chengyun_core.model.places import Centre, Post
from chengyun_core.model.plan_commands import ImportPlans
from chengyun_core.model.scales import Level
from chengyun_resources.reference import plans
from tests.support.small_city import small_city

PRESSURE = 3
"""Number of the vital that falls through its red limit; it is measured by device D3."""
CODE, NAME = "SS01C-500103", "上清寺 供水压力"
MATTER, TEMPLATE = "SS-BAOGUAN", "SS-BAOGUAN"
TOWN = "500103005"
WELL, BURST, RED_LIMIT = 0.31, 0.08, 0.10
"""MPa."""
CALLED = {
    "QIANGXIU": "500103-GS", "SHUDAO": "500103-JJ", "GUANXIAN": "500103-JX", "SONGSHUI": "500103-XFZ",
    "GAOZHI": f"{TOWN}-JD",
}  # fmt: skip
"""Step of the plan → unit that dispatch must propose."""
_ABLE = {
    "500103-GS": ("渝中区供水抢修队", UnitKind.TEAM, "repair.water|water.supply"),
    "500103-JJ": ("渝中区交巡警支队", UnitKind.TEAM, "traffic.divert"),
    "500103-JX": ("渝中区经济信息委", UnitKind.DEPARTMENT, "manage.energy|pipeline.protect"),
    "500103-XFZ": ("渝中区消防救援站", UnitKind.TEAM, "fire|rescue"),
    "500103-SZ": ("渝中区市政抢修队", UnitKind.TEAM, "repair.road|repair.light"),
    f"{TOWN}-JD": ("上清寺街道办事处", UnitKind.STREET, "residents.tell|residents.move"),
}


def golden_city() -> Catalogue:
    """Return the small city with the pressure of 嘉西村, its matter and the units of 渝中区."""
    small = small_city(12, period_s=600.0)
    pressure = replace(
        small.vitals[PRESSURE], code=CODE, name=NAME, unit="MPa", centre="500103", formula=f"last(D{PRESSURE}.level)",
        pinned=3,
    )  # fmt: skip
    limits = Threshold(
        threshold_set="normal", vital=CODE, low_yellow=0.20, low_orange=0.15, low_red=RED_LIMIT, hysteresis=0.01
    )  # fmt: skip
    kept = [rule for rule in small.thresholds if rule.vital != small.vitals[PRESSURE].code]
    units = tuple(_units())
    return replace(
        small,
        centres=(*small.centres, Centre(code=TOWN, name="上清寺街道", level=Level.TOWN, parent="500103")),
        channels=tuple(
            replace(channel, unit="MPa") if channel.device == f"D{PRESSURE}" else channel for channel in small.channels
        ),
        vitals=tuple(pressure if vital.number == PRESSURE else vital for vital in small.vitals),
        thresholds=(*kept, limits, replace(limits, threshold_set="flood")),
        posts=(*small.posts, *(Post(code=unit.post, name=f"{unit.name}值守岗", centre=unit.centre) for unit in units)),
        matters=(_matter(),), units=units,
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
