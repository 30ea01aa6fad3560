"""Posts and seats of the reference city. Nobody is real: holders are 「某」, the numbers cannot be dialled."""

from collections.abc import Iterator

from chengyun_resources.reference import divisions, forces, measures

_SURNAMES = "赵钱孙李周吴郑王冯陈褚卫蒋沈韩杨朱秦尤许何吕施张孔曹严华金魏陶姜"
_CITY_POSTS = (
    ("duty_officer", "值班员", 8),
    ("watch_chief", "值班长", 2),
    ("it_admin", "系统管理员", 1),
    ("catalogue_editor", "目录管理员", 1),
    ("sensing_ops", "感知运维员", 2),
)
_DISTRICT_POSTS = (("duty_officer", "值班员", 2), ("watch_chief", "值班长", 1), ("sensing_ops", "感知运维员", 1))
_PLANNER = {"code": f"{divisions.CITY}.plan_editor", "name": "市级预案管理员", "centre": divisions.CITY}
_SEATS = (
    ("watch_chief.1", "值班长席"),
    ("watch_chief.2", "副值班长席"),
    *((f"duty_officer.{number}", "值班席") for number in range(1, 9)),
    ("sensing_ops.1", "感知运维席"),
    ("it_admin", "系统管理席"),
)


def owner_of(code: str) -> str:
    """Return the post that owns a track or sub-track."""
    return _owners()[code]


def post_rows() -> list[dict[str, str]]:
    """Return the rows of the table `posts`."""
    rows = [*_centre_posts(), *_owner_posts(), *forces.post_rows(), _PLANNER]
    for number, row in enumerate(rows, start=1):
        # A local number never begins with 0: nobody can be called by mistake.
        row["phone"] = f"023-0000-{number:04d}"
        row["holder"] = f"{_SURNAMES[number * 7 % len(_SURNAMES)]}某"
    return rows


def name_of(number: int) -> str:
    """Return the name of somebody on duty; nobody is called so."""
    return f"{_SURNAMES[number * 11 % len(_SURNAMES)]}某"


def seat_rows() -> list[dict[str, str]]:
    """Return the rows of the table `seats`: A-01…A-12 of the city; of each district two, and two for its units."""
    city = [
        {"code": f"A-{number:02d}", "name": f"{name} A-{number:02d}", "centre": divisions.CITY, "post": post}
        for number, (post, name) in enumerate(((f"{divisions.CITY}.{post}", name) for post, name in _SEATS), start=1)
    ]
    return [*city, *(row for place in divisions.districts() for row in _district_seats(place))]


def _district_seats(place: divisions.Place) -> Iterator[dict[str, str]]:
    for number in (1, 2):
        code = f"{place.code}-{number:02d}"
        post = f"{place.code}.duty_officer.{number}"
        yield {"code": code, "name": f"{place.name}值班席 {number}", "centre": place.code, "post": post}
    for number in (1, 2):
        code, post = f"{place.code}-U{number}", f"{place.code}.unit.{number}"
        yield {"code": code, "name": f"{place.name}处置力量席 {number}", "centre": place.code, "post": post}


def _centre_posts() -> Iterator[dict[str, str]]:
    city = divisions.Place(divisions.CITY, "市级", "")
    yield from _posts(city, _CITY_POSTS)
    for place in divisions.districts():
        yield from _posts(place, _DISTRICT_POSTS)
    for town in divisions.towns():
        yield from _posts(town, (("duty_officer", "值班员", 1),))


def _posts(place: divisions.Place, kinds: tuple[tuple[str, str, int], ...]) -> Iterator[dict[str, str]]:
    for kind, name, count in kinds:
        for number in range(1, count + 1):
            ending, shown = (f".{number}", f" {number}") if count > 1 else ("", "")
            code = f"{place.code}.{kind}{ending}"
            yield {"code": code, "name": f"{place.name}{name}{shown}", "centre": place.code}


def _owners() -> dict[str, str]:
    nodes = (*measures.tracks(), *measures.subtracks())
    return {node.code: f"{divisions.CITY}.track_owner.{number}" for number, node in enumerate(nodes, start=1)}


def _owner_posts() -> Iterator[dict[str, str]]:
    owners = _owners()
    for word, nodes in (("跑道长", measures.tracks()), ("子跑道长", measures.subtracks())):
        for node in nodes:
            yield {"code": owners[node.code], "name": f"{node.name}{word}", "centre": divisions.CITY}
