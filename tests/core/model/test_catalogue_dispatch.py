"""Rules of the tables matters, units and routes; and that they make the round trip through an export."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chengyun_core.model.catalogue_build import Numbers, build, tables_of
from chengyun_core.model.catalogue_check import check, warnings
from chengyun_core.model.catalogue_tables import Tables
from chengyun_core.model.dispatch import Matter, Route, Unit, UnitKind
from tests.support.small_tables import small_tables

Row = dict[str, str]


def _matter(**more: str) -> Row:
    return {"code": "GS01", "name": "供水爆管", "subtrack": "YJ01A", "words": "爆管|水管爆裂|-水费"} | more


def _unit(**more: str) -> Row:
    told = {"code": "U1", "name": "抢修队", "centre": "500103", "kind": "team", "post": "500103.unit.1"}
    return told | {"capabilities": "repair.water|pump", "longitude": "106.57", "latitude": "29.55"} | more


def _route(**more: str) -> Row:
    return {"code": "R1", "matter": "GS01", "lead": "U1", "assist": "capability:pump"} | more


def _city(matters: list[Row], units: list[Row], routes: list[Row]) -> Tables:
    made = small_tables() | {"matters": matters, "units": units, "routes": routes}
    made["posts"] = [*made["posts"], {"code": "500103.unit.1", "name": "抢修队岗", "centre": "500103"}]
    return made


def _told(tables: Tables) -> list[tuple[str, int, str, str]]:
    return [(fault.table, fault.line, fault.column, fault.code) for fault in check(tables)]


def test_that_matters_units_and_routes_become_records_and_rows_again() -> None:
    tables = _city([_matter(automatic="true")], [_unit()], [_route(condition="diameter_mm < 500", hours="22:00-06:00")])
    assert check(tables) == []
    catalogue, _ = build(tables, Numbers(), 1)
    assert catalogue.matters == (
        Matter(code="GS01", name="供水爆管", subtrack="YJ01A", words="爆管|水管爆裂|-水费", automatic=True),
    )
    assert isinstance(catalogue.units[0], Unit)
    assert catalogue.units[0].kind is UnitKind.TEAM
    assert catalogue.routes == (
        Route(code="R1", matter="GS01", hours="22:00-06:00", condition="diameter_mm < 500", lead="U1",
              assist="capability:pump"),
    )  # fmt: skip
    assert build(tables_of(catalogue), Numbers(), 1)[0] == catalogue


def test_that_a_city_without_the_three_tables_is_a_city() -> None:
    assert check(small_tables()) == []


@pytest.mark.parametrize(
    ("table", "cell", "column", "code"),
    [
        ("matters", {"subtrack": "YJ01B"}, "subtrack", "catalogue.dangling_nearest"),
        ("matters", {"words": "爆管|-爆管"}, "words", "catalogue.word_twice"),
        ("matters", {"words": "爆管|-"}, "words", "catalogue.word_empty"),
        ("matters", {"nature": "5"}, "nature", "catalogue.cell_out_of_range"),
        ("units", {"latitude": ""}, "latitude", "catalogue.position_half"),
        ("units", {"longitude": "190"}, "longitude", "catalogue.cell_out_of_range"),
        ("units", {"post": "500000.duty_officer"}, "post", "catalogue.post_not_of_unit"),
        ("units", {"post": "500103.unit.2"}, "post", "catalogue.dangling_nearest"),
        ("units", {"kind": "army"}, "kind", "catalogue.cell_not_word"),
        ("units", {"capabilities": "repair.water|修路"}, "capabilities", "catalogue.capability_shape"),
        ("units", {"capacity": "0"}, "capacity", "catalogue.cell_out_of_range"),
        ("units", {"superior": "U1"}, "superior", "catalogue.superior_ring"),
        ("routes", {"matter": "GS02"}, "matter", "catalogue.dangling_nearest"),
        ("routes", {"lead": "U9"}, "lead", "catalogue.dangling"),
        ("routes", {"lead": "U1|U1"}, "lead", "catalogue.route_two_leads"),
        ("routes", {"assist": "capability:Pump"}, "assist", "catalogue.capability_shape"),
        ("routes", {"lead": "", "assist": ""}, "lead", "catalogue.route_names_nobody"),
        ("routes", {"hours": "8-18"}, "hours", "dispatch.hours_unread"),
        ("routes", {"condition": "pipe is thick"}, "condition", "plan.condition_unreadable"),
        ("routes", {"condition": "pipe < thick"}, "condition", "plan.condition_needs_figure"),
        ("routes", {"grade_from": "0"}, "grade_from", "catalogue.cell_out_of_range"),
        ("routes", {"weight": "0"}, "weight", "catalogue.cell_not_above"),
    ],
)
def test_that_each_fault_is_told_with_its_line_and_column(table: str, cell: Row, column: str, code: str) -> None:
    rows = {"matters": _matter(), "units": _unit(), "routes": _route()}
    rows[table] |= cell
    tables = _city([rows["matters"]], [rows["units"]], [rows["routes"]])
    assert (table, 2, column, code) in _told(tables)


def test_that_a_ring_of_superiors_is_told_once_and_a_chain_is_not() -> None:
    units = [_unit(code=f"U{at}", superior=f"U{at + 1}" if at < 4 else "") for at in range(1, 5)]
    assert _told(_city([_matter()], units, [_route()])) == []
    units[3]["superior"] = "U2"
    (fault,) = check(_city([_matter()], units, [_route()]))
    assert (fault.code, fault.params["ring"]) == ("catalogue.superior_ring", "U2 → U3 → U4 → U2")


def test_that_a_matter_without_route_and_a_capability_of_nobody_are_warnings() -> None:
    tables = _city([_matter(), _matter(code="GS02")], [_unit()], [_route(assist="capability:fly")])
    assert check(tables) == []
    told = {reason.code: reason.params for reason in warnings(tables)}
    assert told["catalogue.without_route"] == {"count": "1", "first": "GS02"}
    assert told["catalogue.capability_of_nobody"] == {"count": "1", "first": "fly"}


def test_that_a_route_for_any_matter_leaves_none_without() -> None:
    tables = _city([_matter()], [_unit()], [_route(matter="*")])
    assert [reason.code for reason in warnings(tables)] == ["catalogue.without_guidance"]


@given(st.lists(st.integers(-1, 5), min_size=6, max_size=6))
def test_that_superiors_are_refused_exactly_when_somebody_is_over_himself(over: list[int]) -> None:
    units = [_unit(code=f"U{at}", superior=f"U{boss}" if boss >= 0 else "") for at, boss in enumerate(over)]
    in_ring = False
    for at in range(6):
        here = over[at]
        for _ in range(6):
            in_ring |= here == at
            here = over[here] if here >= 0 else -1
    told = {code for *_, code in _told(_city([_matter()], units, [_route()]))}
    assert told == ({"catalogue.superior_ring"} if in_ring else set())
