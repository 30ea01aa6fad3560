"""The check of catalogue tables: every kind of bad cell is told with table, line, column and reason."""

from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chengyun_core.model.catalogue_check import MOST_FAULTS, check
from chengyun_core.model.catalogue_tables import LINE_KEY, TABLES, Tables, empty_tables
from tests.support.small_tables import small_tables

Found = tuple[str, int, str, str]


def _found(tables: Tables) -> list[Found]:
    return [(fault.table, fault.line, fault.column, fault.code) for fault in check(tables)]


def test_that_good_tables_have_no_fault() -> None:
    assert check(small_tables()) == []


@pytest.mark.parametrize(
    ("cells", "column", "code"),
    [
        ({"begun": "2026-01-01"}, "base", "catalogue.plan_line_half"),
        ({"base": "80"}, "begun", "catalogue.plan_line_half"),
        ({"begun": "2026-12-31", "base": "80"}, "begun", "catalogue.plan_line_not_in_order"),
        ({"updated": "2026-03-31", "past": "2026-03-31 4"}, "past", "catalogue.past_not_before_updated"),
    ],
)
def test_that_half_a_plan_line_of_a_kpi_is_told_at_the_cell_that_lacks(
    cells: dict[str, str], column: str, code: str
) -> None:
    tables = small_tables()
    tables["kpis"][0] |= cells
    assert _found(tables) == [("kpis", 2, column, code)]


_CELLS: list[tuple[str, int, str, str, str]] = [
    ("centres", 1, "level", "county", "catalogue.cell_not_word"),
    ("centres", 1, "official_code", "maybe", "catalogue.cell_not_flag"),
    ("centres", 1, "valid_from", "2026-02-30", "catalogue.cell_not_date"),
    ("centres", 1, "valid_from", "20260230", "catalogue.cell_not_date"),
    ("centres", 1, "name", "", "catalogue.cell_missing"),
    ("centres", 1, "name", "渝\u202e中", "catalogue.cell_control_character"),
    ("centres", 1, "name", "渝\n中", "catalogue.cell_control_character"),
    ("centres", 1, "name", "区" * 201, "catalogue.cell_too_long"),
    ("centres", 1, "name", "=HYPERLINK(1)", "catalogue.cell_is_formula"),
    ("centres", 1, "name", "#REF!", "catalogue.cell_is_formula"),
    ("centres", 1, "code", "5001 03", "catalogue.cell_not_code"),
    ("centres", 1, "code", "50010", "catalogue.code_not_official"),
    ("centres", 2, "code", "500103", "catalogue.duplicate"),
    ("centres", 1, "parent", "", "catalogue.parent_missing"),
    ("centres", 0, "parent", "500103", "catalogue.city_with_parent"),
    ("centres", 2, "parent", "500000", "catalogue.parent_level"),
    ("centres", 1, "parent", "500001", "catalogue.dangling_nearest"),
    ("centres", 1, "parent", "zzz", "catalogue.dangling"),
    ("centres", 1, "scheme", "fulll", "catalogue.scheme_unknown"),
    ("sectors", 0, "order", "1.5", "catalogue.cell_not_integer"),
    ("sectors", 0, "order", "-1", "catalogue.cell_out_of_range"),
    ("tracks", 0, "sector", "YY", "catalogue.dangling"),
    ("devices", 0, "code", "H.YD", "catalogue.cell_not_undotted"),
    ("devices", 1, "count", "0", "catalogue.cell_out_of_range"),
    ("channels", 0, "period_s", "0", "catalogue.cell_not_above"),
    ("channels", 0, "period_s", "２", "catalogue.cell_not_number"),
    ("channels", 0, "period_s", "nan", "catalogue.cell_not_number"),
    ("channels", 0, "period_s", "1_0", "catalogue.cell_not_number"),
    ("channels", 0, "period_s", "1e999", "catalogue.cell_not_number"),
    ("channels", 0, "high", "1,000", "catalogue.cell_not_number"),
    ("channels", 0, "high", "140", "catalogue.range_not_in_order"),
    ("channels", 1, "count", "3", "catalogue.channel_count"),
    ("vitals", 0, "vital_class", "risky", "catalogue.cell_not_word"),
    ("vitals", 0, "decimals", "10", "catalogue.cell_out_of_range"),
    ("vitals", 0, "formula", "last(HYD.level", "formula.syntax"),
    ("vitals", 0, "formula", "total(HYD.level)", "formula.function"),
    ("vitals", 0, "formula", "last(HYD.levell)", "catalogue.channel_unknown_nearest"),
    ("vitals", 0, "formula", "last(NO.where)", "catalogue.channel_unknown"),
    ("vitals", 0, "formula", "last(HYD#1.level)", "catalogue.channel_is_single"),
    ("vitals", 1, "formula", "last(PUMP.load)", "catalogue.channel_is_series"),
    ("vitals", 1, "formula", "last(PUMP#5.load)", "catalogue.channel_beyond_series"),
    ("vitals", 1, "formula", "mean(PUMP#*.load, HYD.level)", "catalogue.units_mixed"),
    ("vitals", 1, "owner_post", "500000.track_owner.2", "catalogue.dangling_nearest"),
    ("threshold_sets", 1, "in_force", "true", "catalogue.two_sets_in_force"),
    ("thresholds", 0, "high_red", "180", "catalogue.limits_not_in_order"),
    ("thresholds", 0, "low_blue", "180.5", "catalogue.limits_overlap"),
    ("thresholds", 0, "hysteresis", "3", "catalogue.hysteresis_too_wide"),
    ("thresholds", 0, "hysteresis", "-1", "catalogue.cell_out_of_range"),
    ("thresholds", 0, "rate_per_min", "0", "catalogue.cell_not_above"),
    ("thresholds", 0, "rate_colour", "green", "catalogue.cell_not_word"),
    ("thresholds", 0, "high_red", "206", "catalogue.limit_unreachable"),
    ("thresholds", 1, "missing_s", "2", "catalogue.patience_too_short"),
    ("kpis", 0, "due", "", "catalogue.cell_missing"),
    ("kpis", 0, "better", "more", "catalogue.cell_not_word"),
    ("kpis", 0, "past", "2026-01-31", "catalogue.past_not_figures"),
    ("kpis", 0, "past", "2026-02-30 4", "catalogue.past_not_figures"),
    ("kpis", 0, "past", "2026-01-31 nan", "catalogue.past_not_figures"),
    ("kpis", 0, "past", "2026-02-28 4; 2026-01-31 5", "catalogue.past_not_rising"),
    ("posts", 1, "code", "duty_officer", "catalogue.post_code"),
    ("seats", 0, "post", "500000.duty_oficer", "catalogue.dangling_nearest"),
]


@pytest.mark.parametrize(("table", "row", "column", "text", "code"), _CELLS)
def test_that_a_bad_cell_is_told_with_its_place_and_reason(
    table: str, row: int, column: str, text: str, code: str
) -> None:
    tables = small_tables()
    tables[table][row][column] = text
    told_in = {"catalogue.limits_overlap": "high_yellow"}.get(code, column)
    assert (table, row + 2, told_in, code) in _found(tables)


def _without(table: str) -> Callable[[Tables], object]:
    return lambda tables: tables.pop(table)


_WHOLE: list[tuple[Callable[[Tables], object], Found]] = [
    (_without("kpis"), ("kpis", 0, "", "catalogue.table_missing")),
    (lambda tables: tables.update(vital=[]), ("vital", 0, "", "catalogue.table_unknown")),
    (lambda tables: tables["seats"][0].update(colour="red"), ("seats", 1, "colour", "catalogue.column_unknown")),
    (lambda tables: tables["seats"][0].pop("name"), ("seats", 1, "name", "catalogue.column_missing")),
    (lambda tables: tables["seats"][0].update({"#6": "x"}), ("seats", 2, "#6", "catalogue.row_too_long")),
    (
        lambda tables: tables["threshold_sets"][0].update(in_force="no"),
        ("threshold_sets", 0, "in_force", "catalogue.no_set_in_force"),
    ),
    (
        lambda tables: tables["centres"][1].update(valid_from="2026-01-01", valid_to="2026-01-01"),
        ("centres", 3, "valid_to", "catalogue.dates_not_in_order"),
    ),
    (
        lambda tables: tables["centres"][1].update(official_code="false"),
        ("centres", 3, "code", "catalogue.code_looks_official"),
    ),
    (
        lambda tables: tables["thresholds"].pop(1),
        ("vitals", 2, "code", "catalogue.risk_without_limit"),
    ),
    (
        lambda tables: tables["thresholds"].__setitem__(1, {"threshold_set": "XQ", "vital": "SW", "missing_s": "60"}),
        ("vitals", 2, "code", "catalogue.risk_without_limit"),
    ),
    (
        lambda tables: tables["thresholds"].append({"threshold_set": "PT", "vital": "BF", "hysteresis": "1"}),
        ("thresholds", 4, "vital", "catalogue.threshold_empty"),
    ),
    (
        lambda tables: [device.update(count="4294967295") for device in tables["devices"]],
        ("channels", 0, "count", "catalogue.too_many_channels"),
    ),
]


@pytest.mark.parametrize(("bend", "wanted"), _WHOLE)
def test_that_a_fault_between_rows_is_told_once(bend: Callable[[Tables], object], wanted: Found) -> None:
    tables = small_tables()
    bend(tables)
    assert _found(tables).count(wanted) == 1


def test_that_empty_tables_lack_a_centre() -> None:
    assert _found(empty_tables()) == [("centres", 0, "", "catalogue.no_centre")]


def test_that_all_faults_are_told_at_once_in_the_order_of_tables_and_lines() -> None:
    tables = small_tables()
    tables["seats"][0]["centre"] = "500000x"
    tables["vitals"][1]["decimals"] = "many"
    tables["vitals"][0]["decimals"] = "many"
    tables["centres"][0]["name"] = ""
    assert [place[:3] for place in _found(tables)] == [
        ("centres", 2, "name"),
        ("vitals", 2, "decimals"),
        ("vitals", 3, "decimals"),
        ("seats", 2, "centre"),
    ]


def test_that_the_true_line_of_a_row_is_told_when_the_file_has_cells_of_several_lines() -> None:
    tables = small_tables()
    tables["seats"][0] |= {LINE_KEY: "17", "post": "nobody"}
    assert [(fault.line, fault.column) for fault in check(tables)] == [(17, "post")]


def test_that_a_suggestion_names_what_was_meant() -> None:
    tables = small_tables()
    tables["seats"][0]["post"] = "500000.duty_oficer"
    assert [fault.params["suggestion"] for fault in check(tables)] == ["500000.duty_officer"]


def test_that_a_duplicate_names_the_line_of_the_first() -> None:
    tables = small_tables()
    tables["thresholds"].append(dict(tables["thresholds"][0]))
    (fault,) = check(tables)
    assert (fault.line, fault.code, fault.params["first"]) == (4, "catalogue.duplicate", "2")


def test_that_faults_beyond_the_cap_are_counted() -> None:
    tables = small_tables()
    tables["kpis"] = [{**tables["kpis"][0], "code": f"K{number}", "due": "soon"} for number in range(MOST_FAULTS + 50)]
    faults = check(tables)
    assert len(faults) == MOST_FAULTS + 1
    assert (faults[-1].code, faults[-1].params["rest"]) == ("catalogue.more_faults", "50")


def test_that_limits_may_be_equal_and_a_band_may_be_left_out() -> None:
    tables = small_tables()
    tables["thresholds"][0] |= {"high_blue": "180.5", "high_orange": "183.5"}
    assert check(tables) == []


def test_that_low_limits_fall() -> None:
    tables = small_tables()
    tables["thresholds"][0] |= {"low_blue": "150", "low_yellow": "145"}
    assert check(tables) == []
    tables["thresholds"][0] |= {"low_blue": "145", "low_yellow": "150"}
    assert [fault.column for fault in check(tables)] == ["low_yellow"]


def test_that_a_bad_level_is_not_told_again_for_every_centre_below() -> None:
    tables = small_tables()
    tables["centres"][1]["level"] = "distrikt"
    assert _found(tables) == [("centres", 3, "level", "catalogue.cell_not_word")]


def test_that_a_table_without_its_key_column_does_not_make_every_reference_to_it_dangle() -> None:
    tables = small_tables()
    for row in tables["devices"]:
        row["cod"] = row.pop("code")
    assert _found(tables) == [
        ("devices", 1, "cod", "catalogue.column_unknown"),
        ("devices", 1, "code", "catalogue.column_missing"),
    ]


def test_that_a_missing_table_does_not_make_every_reference_to_it_dangle() -> None:
    tables = small_tables()
    del tables["posts"]
    assert _found(tables) == [("posts", 0, "", "catalogue.table_missing")]


_NAMES = st.sampled_from([*TABLES, "x", ""])
_COLUMNS = st.sampled_from([column.name for table in TABLES.values() for column in table.columns] + ["x", "#3"])


@given(st.dictionaries(_NAMES, st.lists(st.dictionaries(_COLUMNS, st.text(max_size=12), max_size=6), max_size=3)))
def test_that_no_tables_make_the_check_fail_otherwise(tables: Tables) -> None:
    assert check(tables) != [] or tables["centres"]
