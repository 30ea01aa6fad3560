"""A library of plans from tables: every bad cell told with table, line, column and reason, and the way back."""

import copy
from collections.abc import Callable

import pytest

from chengyun_core.model.catalogue_tables import LINE_KEY
from chengyun_core.model.plan import PlanState
from chengyun_core.model.plan_check import Known
from chengyun_core.model.plan_export import tables_of
from chengyun_core.model.plan_import import Held, read
from tests.core.centre.plan_room import LIBRARY

Tables = dict[str, list[dict[str, str]]]
KNOWN = Known(
    centres=frozenset({"500103", "500106"}), matters=frozenset({"SS-BAOGUAN", "SS-JISHUI"}),
    units=frozenset({"U-WATER"}), vitals=frozenset({"SW-YUZHONG"}),
)  # fmt: skip
HELD = Held(capabilities=frozenset({"repair.water", "traffic.divert", "water.supply", "pump"}))


def bent(table: str, place: int, **cells: str) -> Tables:
    """Return the library with cells of one row changed; an empty text takes the cell away."""
    tables = copy.deepcopy(LIBRARY)
    row = tables[table][place]
    row.update(cells)
    tables[table][place] = {name: text for name, text in row.items() if text}
    return tables


def added(table: str, **cells: str) -> Tables:
    """Return the library with one row more."""
    tables = copy.deepcopy(LIBRARY)
    tables[table].append(cells)
    return tables


CORPUS: list[tuple[Callable[[], Tables], tuple[str, int, str, str]]] = [
    (lambda: bent("templates", 0, matter="NO"), ("templates", 2, "matter", "catalogue.dangling")),
    (lambda: bent("templates", 0, edition=""), ("templates", 2, "edition", "catalogue.cell_missing")),
    (lambda: bent("templates", 0, edition="0"), ("templates", 2, "edition", "catalogue.cell_out_of_range")),
    (lambda: bent("templates", 0, approved_by=""), ("templates", 2, "approved_by", "plan.not_approved")),
    (lambda: bent("templates", 0, triggers="diameter_mm"), ("templates", 2, "triggers", "plan.condition_unreadable")),
    (lambda: bent("templates", 0, name="=1+1"), ("templates", 2, "name", "catalogue.cell_is_formula")),
    (lambda: bent("templates", 0, name="倒\u202e序"), ("templates", 2, "name", "catalogue.cell_control_character")),
    (lambda: bent("templates", 0, valid_from="2026-05-01", valid_to="2026-04-01"),
     ("templates", 2, "valid_to", "plan.valid_backwards")),
    (lambda: bent("templates", 0, drilled="2026-02-30"), ("templates", 2, "drilled", "catalogue.cell_not_date")),
    (lambda: added("templates", **LIBRARY["templates"][0]), ("templates", 4, "code", "catalogue.duplicate")),
    (lambda: bent("tiers", 1, conditions="d < 粗"), ("tiers", 3, "conditions", "plan.condition_needs_figure")),
    (lambda: bent("tiers", 0, template="NONE"), ("tiers", 2, "template", "catalogue.dangling")),
    (lambda: bent("tiers", 0, response="5"), ("tiers", 2, "response", "catalogue.cell_out_of_range")),
    (lambda: bent("actions", 3, tier="T9"), ("actions", 5, "tier", "plan.tier_not_there")),
    (lambda: bent("actions", 2, after="NOBODY"), ("actions", 4, "after", "plan.after_unknown")),
    (lambda: bent("actions", 0, after="BACK"), ("actions", 2, "after", "plan.after_ring")),
    (lambda: bent("actions", 0, capability=""), ("actions", 2, "capability", "plan.nobody_asked")),
    (lambda: bent("actions", 0, unit="U-NONE"), ("actions", 2, "unit", "catalogue.dangling")),
    (lambda: bent("actions", 0, text="到{palce}"), ("actions", 2, "text", "plan.placeholder_unknown")),
    (lambda: bent("actions", 0, text="到{place.__class__}"), ("actions", 2, "text", "plan.placeholder_unknown")),
    (lambda: bent("actions", 2, condition=""), ("actions", 4, "condition", "plan.vital_condition")),
    (lambda: bent("actions", 2, condition="level > 3"), ("actions", 4, "condition", "plan.vital_condition")),
    (lambda: bent("actions", 2, condition="band in none; value > 1"),
     ("actions", 4, "condition", "plan.one_condition")),
    (lambda: bent("actions", 2, vital="SW-NONE"), ("actions", 4, "vital", "catalogue.dangling")),
    (lambda: bent("actions", 0, within_min="0"), ("actions", 2, "within_min", "catalogue.cell_not_above")),
    (lambda: bent("actions", 0, reached="somewhere"), ("actions", 2, "reached", "catalogue.cell_not_word")),
    (lambda: bent("risk_points", 0, centre="500999"), ("risk_points", 2, "centre", "catalogue.dangling")),
    (lambda: bent("risk_points", 0, vitals="SW-YUZHONG|SW-NONE"), ("risk_points", 2, "vitals", "catalogue.dangling")),
    (lambda: bent("risk_points", 0, latitude=""), ("risk_points", 2, "latitude", "plan.half_a_place")),
    (lambda: bent("risk_points", 0, longitude="181"), ("risk_points", 2, "longitude", "catalogue.cell_out_of_range")),
    (lambda: bent("risk_points", 0, attributes="四百"), ("risk_points", 2, "attributes", "plan.attribute_unreadable")),
    (lambda: added("bindings", risk_point="R-9", template="BAOGUAN"),
     ("bindings", 4, "risk_point", "catalogue.dangling")),
    (lambda: added("bindings", risk_point="R-3", template="NONE"), ("bindings", 4, "template", "catalogue.dangling")),
    (lambda: bent("overrides", 0, action="NONE"), ("overrides", 2, "action", "catalogue.dangling")),
    (lambda: bent("overrides", 0, risk_point="R-2"), ("overrides", 2, "template", "plan.override_unbound")),
    (lambda: {"risk_points": LIBRARY["risk_points"]}, ("bindings", 0, "", "plan.points_and_bindings")),
    (lambda: {**LIBRARY, "tires": []}, ("tires", 0, "", "catalogue.table_unknown")),
]  # fmt: skip


@pytest.mark.parametrize(
    ("tables", "expected"), CORPUS, ids=[expected[3] + "." + expected[2] for _, expected in CORPUS]
)
def test_that_a_bad_cell_is_told_where_it_is(
    tables: Callable[[], Tables], expected: tuple[str, int, str, str]
) -> None:  # fmt: skip
    _, faults = read(tables(), KNOWN, HELD)
    assert expected in [(fault.table, fault.line, fault.column, fault.code) for fault in faults]


def test_that_the_library_itself_has_no_fault_and_survives_being_written_out() -> None:
    library, faults = read(LIBRARY, KNOWN, HELD)
    assert faults == []
    assert library.warnings == ()
    written = tables_of(library.templates, library.points or (), library.bindings or ())
    again, faults = read(written, KNOWN, HELD)
    assert faults == []
    assert again == library


def test_that_a_line_told_by_the_reader_is_the_line_that_is_told() -> None:
    tables = bent("actions", 0, capability="")
    tables["actions"][0][LINE_KEY] = "41"
    _, faults = read(tables, KNOWN, HELD)
    assert [fault.line for fault in faults if fault.code == "plan.nobody_asked"] == [41]


def test_that_tables_not_brought_leave_what_there_is() -> None:
    only = {name: rows for name, rows in LIBRARY.items() if name not in ("risk_points", "bindings", "overrides")}
    library, faults = read(only, KNOWN, HELD)
    assert faults == []
    assert (library.points, library.bindings) == (None, None)


def test_that_a_binding_may_name_a_template_the_library_holds_already() -> None:
    first, _ = read(LIBRARY, KNOWN, HELD)
    held = Held(templates={(one.code, one.edition): one for one in first.templates})
    placed = {name: LIBRARY[name] for name in ("risk_points", "bindings", "overrides")}
    library, faults = read(placed, KNOWN, held)
    assert faults == []
    assert library.bindings == first.bindings


def test_that_an_edition_in_force_is_never_rewritten() -> None:
    first, _ = read(LIBRARY, KNOWN, HELD)
    held = Held(templates={(one.code, one.edition): one for one in first.templates})
    _, faults = read(bent("actions", 0, text="别的"), KNOWN, held)
    assert [(fault.table, fault.line, fault.code) for fault in faults] == [("templates", 2, "plan.edition_not_draft")]
    _, same = read(LIBRARY, KNOWN, held)
    assert same == []
    newer = Held(templates={("BAOGUAN", 3): first.templates[0]})
    _, older = read(LIBRARY, KNOWN, newer)
    assert [fault.code for fault in older] == ["plan.edition_older"]


def test_that_a_capability_no_unit_has_is_a_warning_and_no_fault() -> None:
    library, faults = read(LIBRARY, KNOWN, Held(capabilities=frozenset({"repair.water"})))
    assert faults == []
    assert {reason.params["capability"] for reason in library.warnings} == {"traffic.divert", "water.supply", "pump"}


def test_that_a_draft_is_what_an_import_makes_of_a_template_of_no_state() -> None:
    library, _ = read(bent("templates", 0, state="", approved_by=""), KNOWN, HELD)
    assert library.templates[0].state is PlanState.DRAFT
