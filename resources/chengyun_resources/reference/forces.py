"""What the reference city dispatches: matters, the units of its centres with their posts, and the routes between."""

from collections.abc import Iterator
from functools import cache

from chengyun_resources.reference import divisions, facts_files, measures
from chengyun_resources.reference.points import beside, point_of

Rows = list[dict[str, str]]

FACTORS = ("nature", "urgency", "control", "reach")
_TOWN = "@TOWN"
"""Instead of a name: the town's own government or office."""


def matter_rows() -> Rows:
    """Return the rows of the table `matters`."""
    codes = _subtrack_codes()
    return [_matter(row, codes[row["subtrack"]]) for row in facts_files.rows("matters.csv")]


def route_rows() -> Rows:
    """Return the rows of the table `routes`: one for each matter, and those that hold for some cases only."""
    named = [{name: text for name, text in row.items() if text} for row in facts_files.rows("routes.csv")]
    return [*map(_route, facts_files.rows("matters.csv")), *named]


def unit_rows() -> Rows:
    """Return the rows of the table `units`."""
    return [row for row, _ in _units()]


def post_rows() -> Iterator[dict[str, str]]:
    """Yield the rows of the posts that sign for the units, one each."""
    for row, post_name in _units():
        yield {"code": row["post"], "name": post_name, "centre": row["centre"]}


def _matter(row: dict[str, str], subtrack: str) -> dict[str, str]:
    kept = {name: row[name] for name in ("code", "name", "words", "attributes", "handle_min", "automatic") if row[name]}
    return kept | {"subtrack": subtrack} | dict(zip(FACTORS, row["factors"], strict=True))


def _route(row: dict[str, str]) -> dict[str, str]:
    assist = "|".join(f"capability:{word}" for word in row["assist"].split("|") if word)
    route = {"code": f"R-{row['code']}", "matter": row["code"], "lead": f"capability:{row['lead']}"}
    return route | ({"assist": assist} if assist else {})


@cache
def _units() -> tuple[tuple[dict[str, str], str], ...]:
    templates = facts_files.rows("units.csv")
    of = {level: [row for row in templates if row["level"] == level] for level in ("city", "district", "town")}
    city = divisions.Place(divisions.CITY, "", "")
    return (
        *_of_centre(city, of["city"]),
        *(unit for place in divisions.districts() for unit in _of_centre(place, of["district"])),
        *(unit for place in divisions.towns() for unit in _of_centre(place, of["town"])),
    )


def _of_centre(place: divisions.Place, templates: Rows) -> Iterator[tuple[dict[str, str], str]]:
    for number, template in enumerate(templates, start=1):
        name = _office(place.name) if template["name"] == _TOWN else f"{place.name}{template['name']}"
        longitude, latitude = beside(point_of(place.code), number, degrees=0.004)
        kept = {key: template[key] for key in ("kind", "capabilities", "capacity", "speed_kmh") if template[key]}
        row = {"code": f"{place.code}-{template['code']}", "name": name, "centre": place.code} | kept
        row |= {"post": f"{place.code}.unit.{number}", "longitude": f"{longitude}", "latitude": f"{latitude}"}
        superior = _superior(place, template["superior"])
        yield row | ({"superior": superior} if superior else {}), f"{name}值守岗"


def _office(town: str) -> str:
    return f"{town}办事处" if town.endswith("街道") else f"{town}人民政府"


def _superior(place: divisions.Place, written: str) -> str:
    """Return whom a silent unit's centre tells: of its own centre, of the district above (^), of the city (@)."""
    if not written:
        return ""
    above = {"@": divisions.CITY, "^": place.parent}.get(written[0])
    return f"{above}-{written[1:]}" if above else f"{place.code}-{written}"


def _subtrack_codes() -> dict[str, str]:
    names = {track.code: track.name for track in measures.tracks()}
    return {f"{names[node.parent]}/{node.name}": node.code for node in measures.subtracks()}
