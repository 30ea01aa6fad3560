"""Presets from a table: every row checked with its line, and those of the reference city fit its tables."""

from dataclasses import replace

import pytest

from chengyun_core.model import call_tables, mode_tables
from chengyun_resources.reference import city, plans
from chengyun_resources.reference.facts_files import rows

ROW = {"code": "flood", "name": "防汛", "threshold_set": "XQ", "layers": "rain  rivers ", "report_every_min": "120"}


def test_that_a_row_is_a_preset_and_what_it_leaves_out_stays_as_it_is() -> None:
    (made,), faults = mode_tables.presets([ROW])
    assert not faults
    assert (made.layers, made.report_every_min, made.sound, made.plans) == (("rain", "rivers"), 120.0, "", ())


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"code": " "}, "mode.row_empty"),
        ({"name": ""}, "mode.row_empty"),
        ({"report_every_min": "two"}, "mode.row_number"),
        ({"code": "flood"}, "mode.row_twice"),
    ],
)
def test_that_a_bad_row_is_told_with_its_line(change: dict[str, str], code: str) -> None:
    _, faults = mode_tables.presets([ROW, {**ROW, "code": "water", **change}])
    assert [(fault.code, fault.params["line"]) for fault in faults] == [(code, "3")]


def test_that_presets_are_the_same_whatever_their_versions() -> None:
    (made,), _ = mode_tables.presets([ROW])
    assert mode_tables.is_same(made, replace(made, version=7))
    assert not mode_tables.is_same(made, replace(made, sound="loud"))
    assert not mode_tables.is_same(made, None)


def test_that_the_presets_of_the_reference_city_fit_its_catalogue_its_plans_and_its_call_lists() -> None:
    made, faults = mode_tables.presets(rows("presets.csv"))
    lists, wrong = call_tables.lists(rows("call_lists.csv"))
    assert not faults
    assert not wrong
    tables = city.tables()
    posts = {row["code"] for row in tables["posts"]}
    in_force = {row["code"] for row in plans.tables()["templates"] if row["state"] == "in_force"}
    assert {preset.threshold_set for preset in made} - {""} <= {row["code"] for row in tables["threshold_sets"]}
    assert {post for preset in made for post in preset.reinforcement} <= posts
    assert {post for called in lists for chain in called.chains for post in chain} <= posts
    assert {code for preset in made for code in preset.plans} <= in_force
    assert {preset.call_out for preset in made} <= {called.code for called in lists}
