"""Matters, units and routes of the reference city: complete, signed for, and answerable everywhere."""

from collections import Counter
from datetime import time

import pytest

from chengyun_core.centre.city import City, city_of
from chengyun_core.launch import accounts
from chengyun_core.model.catalogue import Catalogue
from chengyun_core.model.catalogue_build import Numbers, build
from chengyun_core.model.dispatch import UnitKind
from chengyun_core.model.dispatch_call import Call, Proposal, Standing
from chengyun_core.model.dispatch_conditions import listed
from chengyun_core.model.dispatch_rules import Roster, propose, roster_of
from chengyun_core.model.holding import PostKind
from chengyun_core.model.order import Role
from chengyun_core.model.permission import kind_of
from chengyun_core.model.scales import EventGrade
from chengyun_resources.reference import city, points

DAPING = "500103012"


@pytest.fixture(scope="module")
def catalogue() -> Catalogue:
    return build(city.tables(), Numbers(), 1)[0]


@pytest.fixture(scope="module")
def made(catalogue: Catalogue) -> City:
    return city_of(catalogue)


@pytest.fixture(scope="module")
def roster(made: City) -> Roster:
    return roster_of(
        Standing(unit=unit, path=made.path(unit.centre), longitude=unit.longitude, latitude=unit.latitude)
        for unit in made.units.values()
    )


def _proposal(made: City, roster: Roster, matter: str, centre: str = DAPING, **more: object) -> Proposal:
    longitude, latitude = points.point_of(centre)
    told = {"matter": matter, "centre": centre, "path": made.path(centre), "longitude": longitude, "latitude": latitude}
    return propose(Call(**(told | {"minute": time(12)} | more)), made.routes.values(), roster)


def test_that_each_sector_has_matters_with_words_of_their_own(made: City) -> None:
    assert Counter(matter.subtrack[:2] for matter in made.matters.values()).keys() == {
        "DJ", "JJ", "SS", "SH", "YJ", "WM", "ST", "FW",
    }  # fmt: skip
    assert len(made.matters) >= 60
    assert all(any(not word.startswith("-") for word in listed(m.words)) for m in made.matters.values())
    assert len({matter.name for matter in made.matters.values()}) == len(made.matters)


def test_that_each_town_has_a_street_and_a_grid_and_each_district_its_teams(made: City) -> None:
    kinds = Counter((made.centres[unit.centre].level, unit.kind) for unit in made.units.values())
    assert kinds["town", UnitKind.STREET] == kinds["town", UnitKind.GRID] == 1031
    assert kinds["district", UnitKind.TEAM] == 39 * 13
    assert kinds["district", UnitKind.DEPARTMENT] == 39 * 17
    assert all(unit.longitude is not None for unit in made.units.values())


def test_that_one_post_of_the_right_kind_signs_for_each_unit(made: City) -> None:
    assert {len(units) for units in made.units_of_post.values()} == {1}
    assert all(kind_of(unit.post) is PostKind.UNIT for unit in made.units.values())


def test_that_silence_ends_at_the_duty_room_of_the_city(made: City) -> None:
    for unit in made.units.values():
        way = [unit.code]
        while (superior := made.units[way[-1]].superior) and len(way) < 9:
            way.append(superior)
        assert way[-1] == "500000-ZWB"


@pytest.mark.slow
def test_that_every_matter_has_a_lead_in_town_and_no_shortfall(made: City, roster: Roster) -> None:
    for matter in made.matters:
        proposal = _proposal(made, roster, matter, grade=EventGrade.MAJOR)
        assert proposal.shortfalls == (), matter
        assert [pick.need.role for pick in proposal.picks].count(Role.LEAD) == 1
        assert proposal.confidence == 1.0


@pytest.mark.parametrize(
    ("diameter", "lead", "also"),
    [("400", "500103-GS", set()), ("800", "500103-GS", {"XFZ"}), ("1200", "500000-SW", {"XFZ", "DL", "YJ"})],
)
def test_that_a_burst_main_calls_more_the_thicker_it_is(
    made: City, roster: Roster, diameter: str, lead: str, also: set[str]
) -> None:
    proposal = _proposal(made, roster, "SS-BAOGUAN", attributes={"diameter_mm": diameter})
    assert proposal.picks[0].unit == lead
    always = {f"{DAPING}-JD", f"{DAPING}-WG", "500103-JJ", "500103-JX", "500103-SL"}
    assert {pick.unit for pick in proposal.picks[1:]} == always | {f"500103-{code}" for code in also}


def test_that_the_demo_s_units_have_posts_and_a_seat_in_their_district(made: City) -> None:
    signed = {name: made.units_of_post[post] for name, post in accounts.DEMO_UNITS}
    assert signed == {"repair": ("500103-GS",), "street": (f"{DAPING}-JD",), "traffic": ("500103-JJ",)}
    assert [seat.code for seat in made.seats.values() if seat.centre == "500103"][-2:] == ["500103-U1", "500103-U2"]
