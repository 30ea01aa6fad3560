"""Where a warning holds: outlines against a reference, codes, names; a hostile outline takes no time."""

import math
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chengyun_core.centre import warning_area
from chengyun_core.centre.city import City, city_of
from chengyun_core.model.catalogue import Catalogue
from chengyun_core.model.dispatch import Unit, UnitKind
from chengyun_core.model.geo import metres_between
from chengyun_core.model.places import Centre
from chengyun_core.model.scales import Level
from chengyun_core.model.warning import Affected, Polygon

CENTRES = (
    Centre(code="500000", name="重庆市", level=Level.CITY),
    Centre(code="500103", name="渝中区", level=Level.DISTRICT, parent="500000"),
    Centre(code="500103001", name="七星岗街道", level=Level.TOWN, parent="500103"),
    Centre(code="500103002", name="人民街道", level=Level.TOWN, parent="500103"),
    Centre(code="500106", name="沙坪坝区", level=Level.DISTRICT, parent="500000"),
    Centre(code="500106001", name="人民街道", level=Level.TOWN, parent="500106"),
)


class _Nothing:
    """A database without risk points."""

    def execute(self, *_: object) -> list[object]:
        return []


def _city(places: dict[str, tuple[float, float]]) -> City:
    units = tuple(
        Unit(code=f"U{centre}", name=centre, centre=centre, kind=UnitKind.TEAM, post=f"{centre}.unit.1",
             longitude=at[0], latitude=at[1])
        for centre, at in places.items()
    )  # fmt: skip
    return city_of(Catalogue(version=1, centres=CENTRES, units=units))


def _within(city: City, **area: object) -> tuple[str, ...]:
    return warning_area.within(city, _Nothing(), Affected(**area))  # type: ignore[arg-type]


SQUARE = Polygon(ring=((106.0, 29.0), (107.0, 29.0), (107.0, 30.0), (106.0, 30.0), (106.0, 29.0)))
INSIDE, OUTSIDE = (106.5, 29.5), (108.0, 29.5)


def test_that_a_town_is_within_an_outline_and_its_district_is_not_for_it() -> None:
    city = _city({"500103001": INSIDE, "500103002": OUTSIDE, "500103": INSIDE, "500000": INSIDE, "500106": OUTSIDE})
    assert _within(city, polygons=(SQUARE,)) == ("500103001",)
    assert warning_area.concerned(city, ("500103001",)) == ("500103", "500103001")


def test_that_a_district_is_within_when_it_alone_has_something_there() -> None:
    assert _within(_city({"500103": INSIDE, "500000": INSIDE}), polygons=(SQUARE,)) == ("500103",)


def test_that_an_outline_is_finer_than_the_code_of_the_district_it_lies_in() -> None:
    city = _city({"500103001": INSIDE})
    assert _within(city, polygons=(SQUARE,), codes=("500103", "500106")) == ("500103001", "500106")


@pytest.mark.parametrize(
    ("codes", "found"),
    [
        (("500103",), ("500103",)),
        (("500103000000",), ("500103",)),
        (("500103001",), ("500103001",)),
        (("500103001000",), ("500103001",)),
        (("500103001007",), ()),
        (("500103", "500103001"), ("500103",)),
        (("500199",), ()),
        (("MTZ014", "", "５００１０３", "-500103"), ()),
    ],
)
def test_that_codes_of_three_lengths_name_our_centres_and_unknown_ones_none(
    codes: tuple[str, ...], found: tuple[str, ...]
) -> None:
    assert _within(_city({}), codes=codes) == found


def test_that_names_are_read_when_nothing_else_tells_and_a_shared_one_only_beside_its_district() -> None:
    city = _city({})
    assert _within(city, text="渝中区七星岗街道") == ("500103",)
    assert _within(city, text="七星岗街道") == ("500103001",)
    assert _within(city, text="人民街道") == ()
    assert _within(city, text="渝中区", codes=("500106",)) == ("500106",)


def test_that_a_warning_concerns_who_lies_in_it_or_around_it() -> None:
    city = _city({})
    assert [warning_area.touches(city, ("500103",), one) for one in ("500000", "500103", "500103001", "500106")] == [
        True, True, True, False,
    ]  # fmt: skip
    assert warning_area.concerned(city, ("500000",)) == ("500000", "500103", "500106")


@given(st.floats(105.9, 107.1), st.floats(28.9, 30.1), st.floats(1.0, 60.0))
def test_that_a_circle_holds_what_is_nearer_than_its_radius(longitude: float, latitude: float, radius: float) -> None:
    away = metres_between(106.5, 29.5, longitude, latitude) / 1000
    found = _within(_city({"500103001": (longitude, latitude)}), circles=((106.5, 29.5, radius),))
    if away < radius * 0.99:
        assert found == ("500103001",)
    elif away > radius * 1.01:
        assert found == ()


_CORNERS = st.lists(st.tuples(st.integers(0, 20), st.integers(0, 20)), min_size=3, max_size=12)


@given(_CORNERS, st.integers(0, 19), st.integers(0, 19))
def test_that_an_outline_holds_what_a_ray_crosses_it_oddly_often_for(
    corners: list[tuple[int, int]], east: int, north: int
) -> None:
    ring = tuple((106 + x / 20, 29 + y / 20) for x, y in [*corners, corners[0]])
    place = (106 + (east + 0.5) / 20, 29 + (north + 0.37) / 20)
    expected = _crossings(ring, *place) % 2 == 1
    found = _within(_city({"500103001": place}), polygons=(Polygon(ring=ring),))
    assert (found == ("500103001",)) == expected


def _crossings(ring: tuple[tuple[float, float], ...], x: float, y: float) -> int:
    count = 0
    for (x1, y1), (x2, y2) in pairwise(ring):
        if (y1 > y) != (y2 > y):
            count += x < x1 + (y - y1) / (y2 - y1) * (x2 - x1)
    return count


def test_that_many_outlines_of_many_corners_are_thinned_and_still_hold_their_middle() -> None:
    turn = [2 * math.pi * step / 5000 for step in range(5000)]
    ring = tuple((106.5 + 0.4 * math.cos(one), 29.5 + 0.4 * math.sin(one)) for one in turn)
    posts = [Unit(code=f"U{number}", name="", centre="500103001", kind=UnitKind.TEAM, post="500103001.unit.1",
                  longitude=INSIDE[0] + number * 1e-6, latitude=INSIDE[1]) for number in range(3000)]  # fmt: skip
    city = city_of(Catalogue(version=1, centres=CENTRES, units=tuple(posts)))
    assert _within(city, polygons=(Polygon(ring=(*ring, ring[0])),) * 40) == ("500103001",)


def test_that_a_centre_is_within_as_a_whole_when_all_below_it_are() -> None:
    towns = {"500103001": INSIDE, "500103002": (106.6, 29.5)}
    assert _within(_city(towns), polygons=(SQUARE,)) == ("500103",)
    everywhere = {**towns, "500106001": (106.7, 29.5)}
    assert _within(_city(everywhere), polygons=(SQUARE,)) == ("500000",)
    assert _within(_city({**everywhere, "500106001": OUTSIDE}), polygons=(SQUARE,)) == ("500103",)
