"""Rules of causes, guidance, suppressions and times to respond; and what is only a warning."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chengyun_core.model.catalogue_check import check, warnings
from chengyun_core.model.catalogue_tables import Tables
from tests.support.small_tables import small_tables

Row = dict[str, str]


def _city(*more: str, **tables: list[Row]) -> Tables:
    """Return the small tables with further vitals (copies of BF) and these optional tables."""
    made = small_tables()
    made["vitals"] += [made["vitals"][1] | {"code": code} for code in more]
    return made | tables


def _told(tables: Tables) -> list[tuple[str, int, str, str]]:
    return [(fault.table, fault.line, fault.column, fault.code) for fault in check(tables)]


def _link(cause: str, effect: str) -> Row:
    return {"cause": cause, "effect": effect, "within_s": "60"}


def _rule(by: str, what: str, **more: str) -> Row:
    return {"code": f"{by}-{what}", "name": "规则", "while_vital": by, "at_least": "yellow", "suppresses": what} | more


def test_that_a_chain_of_causes_with_a_fork_is_accepted() -> None:
    links = [_link("SW", "BF"), _link("SW", "C"), _link("BF", "C")]
    assert _told(_city("C", causes=links)) == []


def test_that_a_vital_is_not_its_own_cause() -> None:
    assert _told(_city(causes=[_link("SW", "SW")])) == [("causes", 2, "effect", "catalogue.cause_itself")]


def test_that_a_ring_of_causes_is_told_with_every_vital_in_it() -> None:
    (fault,) = check(_city("C", "D", causes=[_link("D", "SW"), _link("SW", "BF"), _link("BF", "C"), _link("C", "SW")]))
    assert (fault.table, fault.line, fault.code) == ("causes", 5, "catalogue.cause_ring")
    assert fault.params["ring"] == "SW → BF → C → SW"


def test_that_a_ring_of_five_thousand_vitals_is_told_without_naming_all() -> None:
    codes = [f"V{number}" for number in range(5000)]
    links = [_link(one, other) for one, other in zip(codes, [*codes[1:], codes[0]], strict=True)]
    (fault,) = check(_city(*codes, causes=links))
    assert fault.params["ring"].startswith("V0 → V1 →")
    assert len(fault.params["ring"]) < 200


@given(st.sets(st.tuples(st.integers(0, 7), st.integers(0, 7)), max_size=20))
def test_that_a_ring_is_told_exactly_when_there_is_one(edges: set[tuple[int, int]]) -> None:
    codes = [f"V{number}" for number in range(8)]
    links = [_link(codes[one], codes[other]) for one, other in sorted(edges)]
    found = {code for *_, code in _told(_city(*codes, causes=links))}
    assert ("catalogue.cause_ring" in found) == _has_ring({edge for edge in edges if edge[0] != edge[1]})


def _has_ring(edges: set[tuple[int, int]]) -> bool:
    """Take away what nothing leads to, until nothing can be taken: what stays goes in rings."""
    while edges:
        reached = {other for _, other in edges}
        rest = {edge for edge in edges if edge[0] in reached}
        if rest == edges:
            return True
        edges = rest
    return False


@pytest.mark.parametrize("about", ["SW", "YJ01A"])
def test_that_guidance_may_be_about_a_vital_or_a_sub_track(about: str) -> None:
    assert _told(_city(guidance=[{"about": about, "meaning": "水位高", "action": "巡堤"}])) == []


@pytest.mark.parametrize(("about", "meant"), [("SWW", "SW"), ("YJ01B", "YJ01A")])
def test_that_guidance_about_nothing_known_names_the_nearest(about: str, meant: str) -> None:
    (fault,) = check(_city(guidance=[{"about": about, "meaning": "水位高", "action": "巡堤"}]))
    assert (fault.column, fault.code) == ("about", "catalogue.about_unknown_nearest")
    assert fault.params["suggestion"] == meant


def test_that_guidance_far_from_every_code_is_told_without_a_guess() -> None:
    tables = _city(guidance=[{"about": "something-else", "meaning": "水位高", "action": "巡堤"}])
    assert _told(tables) == [("guidance", 2, "about", "catalogue.about_unknown")]


def test_that_red_is_suppressed_only_with_a_reason() -> None:
    bare, told = _rule("SW", "BF", up_to="red"), _rule("SW", "BF", up_to="red", reason="泵停检修")
    assert _told(_city(suppressions=[bare])) == [("suppressions", 2, "reason", "catalogue.red_needs_reason")]
    assert _told(_city(suppressions=[told])) == []
    assert _told(_city(suppressions=[_rule("SW", "BF", up_to="orange")])) == []


def test_that_a_vital_does_not_suppress_itself() -> None:
    tables = _city(suppressions=[_rule("SW", "SW")])
    assert _told(tables) == [("suppressions", 2, "suppresses", "catalogue.suppresses_itself")]


def test_that_two_rules_do_not_silence_each_other_even_by_way_of_a_sub_track() -> None:
    # SW silences the whole sub-track in its centre, BF among it; BF silences SW.
    (fault,) = check(_city(suppressions=[_rule("SW", "YJ01A"), _rule("BF", "SW")]))
    assert (fault.table, fault.code) == ("suppressions", "catalogue.suppression_ring")
    assert fault.params["ring"] in {"SW → BF → SW", "BF → SW → BF"}


def test_that_the_same_sub_track_of_another_centre_makes_no_ring() -> None:
    tables = _city(suppressions=[_rule("SW", "YJ01A"), _rule("BF", "SW")])
    tables["vitals"][1]["centre"] = "500103012"
    assert _told(tables) == []


def test_that_what_can_wait_more_than_a_week_is_no_alarm() -> None:
    tables = _city()
    tables["vitals"][0]["respond_min"] = "10081"
    assert _told(tables) == [("vitals", 2, "respond_min", "catalogue.respond_too_long")]


def test_that_an_on_delay_leaves_time_to_respond() -> None:
    tables = _city()
    tables["vitals"][0]["respond_min"] = "5"
    tables["thresholds"][0]["on_delay_s"] = "300"
    assert _told(tables) == [("thresholds", 2, "on_delay_s", "catalogue.delay_too_long")]
    tables["thresholds"][0]["on_delay_s"] = "299"
    assert _told(tables) == []


def test_that_a_risk_vital_without_guidance_is_a_warning_and_no_fault() -> None:
    assert check(_city()) == []
    assert [(reason.code, reason.params) for reason in warnings(_city())] == [
        ("catalogue.without_guidance", {"count": "1", "first": "SW"})
    ]


@pytest.mark.parametrize("about", ["SW", "YJ01A"])
def test_that_guidance_of_the_vital_or_its_sub_track_ends_the_warning(about: str) -> None:
    assert warnings(_city(guidance=[{"about": about, "meaning": "水位高", "action": "巡堤"}])) == []
