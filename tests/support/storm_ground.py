"""What the map of the storm city shows: land and rivers that ship, places of refuge, underpasses at risk, cameras.

Places are near the real ones; which of them the warning's outline goes round is told here and counted by nobody else.
"""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

from chengyun_core.model.camera import Camera, CameraKind
from chengyun_core.model.catalogue import Catalogue
from chengyun_core.model.dispatch import Unit, UnitKind
from chengyun_core.model.map_layer import LayerKind
from chengyun_core.model.places import Post
from chengyun_core.model.plan_commands import ImportPlans
from tests.support import storm_city as storm
from tests.support.living_city import LivingCity
from tests.support.shipped_land import bring_land, bring_layer
from tests.support.street_cameras import address_of

OUTLINE = (
    (106.485, 29.570), (106.560, 29.562), (106.655, 29.640), (106.705, 29.745), (106.690, 29.800), (106.575, 29.795),
    (106.500, 29.690), (106.485, 29.570),
)  # fmt: skip
"""Of the warning: longitude and latitude, closed; the built-up south of 渝北 with its ten towns."""
LAYERS = ("rivers", "shelters", "hospitals", "waterlogging", "traffic", "rain")
"""What the preset of the flood season brings up."""
_LAND = ("districts-2023", "districts", "rivers")
"""Of the layers that ship. 渝北 itself has an area in the first alone: the map finds in it which one it became."""
_TOWN_AT = (
    (106.546, 29.588), (106.604, 29.674), (106.627, 29.727), (106.520, 29.603), (106.590, 29.702), (106.547, 29.727),
    (106.578, 29.740), (106.622, 29.712), (106.640, 29.735), (106.665, 29.765),
)  # fmt: skip
"""Where each of `storm_city.TOWNS` lies."""
_BESIDE = ((0.006, 0.004), (-0.005, -0.003))
INSIDE = len(_TOWN_AT) * len(_BESIDE)
"""Risk points within the outline: two in each town, each with an underpass that fills."""
OUTSIDE = (("茨竹镇黄印水库下游", 106.825, 30.005), ("统景镇御临河沿岸", 106.940, 29.930),
           ("较场口下穿道", 106.575, 29.553))  # fmt: skip
"""Risk points that are not: two in the north of the same district, one across the river."""
PEOPLE = 120
"""Whom each point within concerns."""
UNITS = 3
"""Teams that stand within."""
SHOWN = {"CAM-51": "underpass", "CAM-52": "river", "CAM-53": "flooded", "CAM-54": "bridge"}
"""Code of a camera → the scene it shows."""
_CAMERAS = (
    ("回兴下穿道 01", "回兴街道/下穿道", 106.610, 29.678), ("嘉陵江悦来段 01", "悦来街道/沿江", 106.545, 29.730),
    ("龙溪松石路 02", "龙溪街道/路口", 106.550, 29.590), ("双龙湖大桥 01", "双龙湖街道/桥梁", 106.620, 29.715),
)  # fmt: skip
CAMERA_NAMES = tuple(name for name, *_ in _CAMERAS)
_TEAMS = (("回兴排涝队", 106.600, 29.670), ("悦来冲锋舟分队", 106.552, 29.722), ("双凤桥抢险队", 106.630, 29.730),
          ("南岸排涝队", 106.565, 29.530))  # fmt: skip
_PLACES = {
    "shelters": ("避难场所", (("龙溪小学", 106.551, 29.584), ("回兴体育馆", 106.598, 29.680),
                              ("悦来会展城", 106.541, 29.722), ("双凤桥中学", 106.634, 29.722),
                              ("王家社区中心", 106.660, 29.770))),
    "hospitals": ("医院", (("区人民医院", 106.633, 29.718), ("龙山社区医院", 106.523, 29.598))),
    "waterlogging": ("历史内涝点", (("龙溪花市", 106.548, 29.592), ("回兴工业园", 106.607, 29.669),
                                    ("宝圣湖西路", 106.587, 29.706), ("仙桃数据谷", 106.575, 29.744))),
}  # fmt: skip
"""Code of a layer → its name and its points."""


def storm_ground() -> Catalogue:
    """Return the storm city with four cameras of 渝北 and the teams that drain."""
    city = storm.storm_city()
    units = tuple(_teams())
    posts = (Post(code=unit.post, name=f"{unit.name}值守岗", centre=unit.centre) for unit in units)
    return replace(city, cameras=tuple(_cameras()), units=units, posts=(*city.posts, *posts))


def survey(city: LivingCity, folder: Path) -> None:
    """Bring in the layers and the risk points of a running city; `folder` takes the files of the places."""
    with city.door() as door:
        tables = {"risk_points": list(_points()), "bindings": []}
        door.send(ImportPlans(tables=tables, origin={name: name for name in tables}), timeout_s=30)
        bring_land(door, *_LAND)
        for code, (name, places) in _PLACES.items():
            file = folder / f"{code}.csv"
            file.write_text("\n".join(("name,longitude,latitude", *(f"{n},{x},{y}" for n, x, y in places))), "utf-8")
            bring_layer(door, file, code, name=name, kind=LayerKind.PLACE, style=code)


def _points() -> Iterator[dict[str, str]]:
    """Yield the rows of the risk points; those of a town are watched by what measures water in its underpasses."""
    for town, (x, y) in enumerate(_TOWN_AT):
        watching = [vital for vital in storm.FILLING if vital % len(_TOWN_AT) == town]
        for at, (east, north) in enumerate(_BESIDE):
            vital = storm.storm_city().vitals[watching[at]]
            yield _point(vital.name.partition(" ")[0], x + east, y + north, storm.TOWNS[town][0], vital.code)
    for name, x, y in OUTSIDE:
        yield _point(name, x, y, "500103" if name.startswith("较场口") else "500112")


def _point(name: str, x: float, y: float, centre: str, vital: str = "") -> dict[str, str]:
    code = f"FX-{round(x * 1000)}-{round(y * 1000)}"
    return {
        "code": code, "name": name, "longitude": f"{x:.4f}", "latitude": f"{y:.4f}",
        "centre": centre, "kind": "下穿道" if vital else "沿河低洼", "vitals": vital, "attributes": f"people={PEOPLE}",
    }  # fmt: skip


def _cameras() -> Iterator[Camera]:
    for code, (name, path, x, y) in zip(SHOWN, _CAMERAS, strict=True):
        yield Camera(
            code=code, name=name, centre="500112", path=path, longitude=x, latitude=y,
            kind=CameraKind.DEMO, address=address_of(code),
        )  # fmt: skip


def _teams() -> Iterator[Unit]:
    for at, (name, x, y) in enumerate(_TEAMS):
        centre = "500112" if at < UNITS else "500103"
        yield Unit(
            code=f"U-{at + 1:02}", name=name, centre=centre, kind=UnitKind.TEAM, post=f"{centre}.unit.{at + 1}",
            capabilities="drain", longitude=x, latitude=y,
        )  # fmt: skip
