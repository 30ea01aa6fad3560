"""The reference city's cameras: 2 000, by name at known spots, along the Yangtze, at risk points, and in its towns.

All of them are ours: no camera of any real place. Their stream is that of the demo's own server (`demo:/cam/CODE`), of
the scene that fits their name: nobody shall look for a river and see a tunnel.
"""

from collections import Counter
from collections.abc import Iterator
from functools import cache
from itertools import pairwise

from chengyun_resources.reference import divisions, facts_files, plans
from chengyun_resources.reference.points import beside, point_of

Rows = list[dict[str, str]]

CAMERAS = 2_000
ALONG_THE_RIVER = 240
AT_RISK_POINTS = 400
PTZ_EVERY = 10
PRESETS = "1 全景 | 2 近景 | 3 夜间位"
_SPOTS = (
    "街心花园", "主干道路口", "中心小学门口", "农贸市场", "公交首末站", "便民服务中心", "文化广场", "卫生院门口",
    "加油站", "桥头", "老旧小区", "工业园入口", "滨河步道", "隧道口", "停车场",
)  # fmt: skip
"""Where a town has its cameras."""
_OWNERS = ("公安分局", "城市管理局", "交通运行中心", "水利局", "街道办事处")
_SCENES = {
    "reservoir": "水库", "gate": "泵站 闸 沟口", "underpass": "下穿 涵 雨污水", "river": "沿江 码头 滨河 取水口",
    "tunnel": "隧道 管廊 矿井", "slope": "滑坡 边坡 挡墙 林场", "bridge": "桥 索道 匝道 立交",
    "street": "路口 通道 加油站 公交", "night": "停车场 景区", "square": "商圈 广场 花园 公园 市场 枢纽",
}  # fmt: skip
"""Scene of the demo's server → words of a camera's spot or name that it fits; the first that does."""
_ANYWHERE = ("square", "street", "night")
_STEP = 389
"""A prime: towns go round at a pace of their own, so that every district has its share from the first hundred on."""


def camera_rows(cameras: int = CAMERAS) -> Rows:
    """Return rows of the table `cameras`, the same on every machine; fewer are the first of them."""
    return list(_numbered(_sites(), cameras))


Site = tuple[str, str, str, float, float, float, str]
"""Name, centre, what it looks at, longitude, latitude, heading, vitals it watches."""


def _numbered(sites: Iterator[Site], most: int) -> Iterator[dict[str, str]]:
    """Number the cameras of a spot 01, 02, … and those of a centre by code; every tenth can be moved."""
    named, coded = Counter[str](), Counter[str]()
    for number, (name, centre, leaf, longitude, latitude, heading, watches) in enumerate(sites, start=1):
        if number > most:
            return
        named[name] += 1
        coded[centre] += 1
        code = f"CAM-{centre}-{coded[centre]:03d}"
        scene = _scene(f"{leaf} {name}", number)
        row = {
            "code": code, "name": f"{name} {named[name]:02d}", "centre": centre, "longitude": f"{longitude:.5f}",
            "latitude": f"{latitude:.5f}", "path": f"{_path_of(centre)}/{leaf}", "kind": "demo",
            "address": f"demo:/cam/{code}?scene={scene}", "sub_address": f"demo:/cam/{code}/sub?scene={scene}",
            "owner": _OWNERS[number // 3 % len(_OWNERS)], "heading_deg": f"{heading % 360:g}", "watches": watches,
        }  # fmt: skip
        row |= {"ptz": "true", "presets": PRESETS} if number % PTZ_EVERY == 0 else {}
        yield {column: text for column, text in row.items() if text}


def _scene(said: str, number: int) -> str:
    fitting = (scene for scene, words in _SCENES.items() if any(word in said for word in words.split()))
    return next(fitting, _ANYWHERE[number % len(_ANYWHERE)])


def _sites() -> Iterator[Site]:
    yield from _known()
    yield from _river()
    yield from _risk_points()
    yield from _towns()


def _known() -> Iterator[Site]:
    """Yield the cameras of each spot of cameras.csv, some metres apart and turned from one another."""
    for row in facts_files.rows("cameras.csv"):
        spot = float(row["longitude"]), float(row["latitude"])
        for number in range(int(row["count"])):
            longitude, latitude = beside(spot, number, degrees=0.0006)
            # One camera shows a vital's place; the others at the spot would only show it again.
            watches = row["watches"] if number == 0 else ""
            heading = float(row["heading"]) + 75.0 * number
            yield row["name"], row["centre"], row["leaf"], longitude, latitude, heading, watches


def _river() -> Iterator[Site]:
    """Yield cameras along the Yangtze, evenly between the points of its course we know."""
    course = facts_files.rows("river_course.csv")
    each = ALONG_THE_RIVER // (len(course) - 1)
    for above, below in pairwise(course):
        for number in range(each):
            share = number / each
            longitude, latitude = (
                float(above[degree]) * (1 - share) + float(below[degree]) * share
                for degree in ("longitude", "latitude")
            )
            name = f"长江{above['name']}沿江"
            yield name, above["centre"], "沿江", longitude, latitude, 90.0 + 180.0 * (number % 2), ""


def _risk_points() -> Iterator[Site]:
    for number, point in enumerate(plans.tables(AT_RISK_POINTS)["risk_points"]):
        if "longitude" in point:
            spot = float(point["longitude"]), float(point["latitude"])
            longitude, latitude = beside(spot, number % 7, degrees=0.0004)
            yield point["name"], point["centre"], "风险点", longitude, latitude, 45.0 * number, ""


def _towns() -> Iterator[Site]:
    towns = divisions.towns()
    for number in range(CAMERAS):
        town, spot = towns[number * _STEP % len(towns)], _SPOTS[number % len(_SPOTS)]
        longitude, latitude = beside(point_of(town.code), number % 31, degrees=0.0012)
        yield f"{town.name}{spot}", town.code, spot, longitude, latitude, 15.0 * (number % 24), ""


@cache
def _path_of(centre: str) -> str:
    """Return district and town as the tree shows them."""
    known = {place.code: place for place in (*divisions.districts(), *divisions.towns())}
    place = known[centre]
    above = known.get(place.parent)
    return f"{above.name}/{place.name}" if above else place.name
