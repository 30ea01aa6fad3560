"""Formulas: every function parses, what is wrong is named, and no text makes the parser fail otherwise."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chengyun_core.model import formula
from chengyun_core.model.failure import Refused
from chengyun_core.model.formula import EVERY, FUNCTIONS, Formula, Reference, parse


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("last(G-1.level)", Formula(function="last", arguments=(), channels=("G-1.level",))),
        (" scale( 0.3 , -1e2 ;G-1.x )", Formula(function="scale", arguments=(0.3, -100.0), channels=("G-1.x",))),
        ("mean(A.x, B.x,C#*.x)", Formula(function="mean", arguments=(), channels=("A.x", "B.x", "C#*.x"))),
        ("share_over(80; P#*.load)", Formula(function="share_over", arguments=(80.0,), channels=("P#*.load",))),
        ("diff(寸滩.水位,武隆#3.水位)", Formula(function="diff", arguments=(), channels=("寸滩.水位", "武隆#3.水位"))),
    ],
)
def test_that_a_formula_is_parsed(text, wanted):
    assert parse(text) == wanted


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("", "formula.syntax"),
        ("last", "formula.syntax"),
        ("last(A.x) + 1", "formula.syntax"),
        ("last((A.x))", "formula.syntax"),
        ("median(A.x)", "formula.function"),
        ("last()", "formula.channels"),
        ("last(A.x,B.x)", "formula.channels"),
        ("diff(A.x)", "formula.channels"),
        ("sum()", "formula.channels"),
        ("sum(A.x,)", "formula.channel"),
        ("sum(A)", "formula.channel"),
        ("sum(A#0.x)", "formula.channel"),
        ("sum(A#-1.x)", "formula.channel"),
        ("last(A#*.x)", "formula.series"),
        ("diff(A#*.x,B.x)", "formula.series"),
        ("scale(1;A.x)", "formula.numbers"),
        ("last(1;A.x)", "formula.numbers"),
        ("share_over(A.x)", "formula.numbers"),
        ("share_over(nan;A.x)", "formula.number"),
        ("share_over(1e999;A.x)", "formula.number"),
        ("share_over(ten;A.x)", "formula.number"),
    ],
)
def test_that_a_wrong_formula_is_refused_with_its_reason(text, code):
    with pytest.raises(Refused) as refused:
        parse(text)
    assert refused.value.reason.code == code


@given(st.text(alphabet="lastsumdiff(),;.#*A1 x", max_size=40))
def test_that_any_text_is_parsed_or_refused_and_nothing_else(text):
    try:
        found = parse(text).function
    except Refused as refused:
        found = refused.reason.code
    assert found in FUNCTIONS or found.startswith("formula.")


def test_that_a_reference_tells_single_member_and_whole_series_apart():
    assert formula.reference("A.b.x") == Reference(device="A.b", quantity="x", member=None)
    assert formula.reference("A#12.x") == Reference(device="A", quantity="x", member=12)
    assert formula.reference("A#*.x") == Reference(device="A", quantity="x", member=EVERY)


def test_that_only_last_and_scale_are_evaluated_by_sample():
    assert {name for name, shape in FUNCTIONS.items() if shape.by_sample} == {"last", "scale"}
