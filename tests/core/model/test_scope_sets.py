"""Which rule a vital obeys: that of the narrowest scope in 急时, and without one that of the set in force."""

from dataclasses import replace

from chengyun_core.model.scope_sets import narrowest, rules_in_force
from tests.core.centre.mode_room import CITY, SHAPINGBA, YUZHONG, flooding_city


def limits(**more: object) -> dict[str, float | None]:
    """Return the yellow limit every vital obeys."""
    return {row.vital: row.high_yellow for row in rules_in_force(flooding_city(), **more)}  # type: ignore[arg-type]


def test_that_without_a_scope_everybody_obeys_the_set_in_force() -> None:
    assert set(limits().values()) == {180.0}
    assert set(limits(base="GS").values()) == {175.0}


def test_that_a_district_obeys_its_own_and_its_neighbours_the_citys() -> None:
    found = limits(sets={CITY: "XQ", YUZHONG: "GS"})
    assert found == {"SW-CITY": 170.0, "SW-YUZHONG": 175.0, "SW-SHAPINGBA": 170.0, "SW-4": 170.0}


def test_that_a_track_goes_before_its_centre_and_a_nearer_centre_before_a_wider_track() -> None:
    path = (YUZHONG, CITY)
    assert narrowest({YUZHONG: "A", f"{YUZHONG}:YJ01": "B"}, path, "YJ01") == "B"
    assert narrowest({YUZHONG: "A", f"{CITY}:YJ01": "B"}, path, "YJ01") == "A"
    assert narrowest({f"{CITY}:YJ01": "B"}, path, "GS01") == ""
    assert set(limits(sets={f"{CITY}:YJ01": "XQ"}).values()) == {170.0}


def test_that_a_catalogue_of_before_there_were_scopes_is_read_as_having_none() -> None:
    city = flooding_city()
    assert city.scope_sets == {}
    assert list(rules_in_force(replace(city, scope_sets={SHAPINGBA: "XQ"}))) != list(rules_in_force(city))
