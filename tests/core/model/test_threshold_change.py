"""A change of one rule is judged as an import would judge it, laid upon what is there, and undone by its reverse."""

from dataclasses import replace
from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chengyun_core.model.alarm_records import ThresholdChange, ThresholdState
from chengyun_core.model.catalogue import Catalogue
from chengyun_core.model.catalogue_build import Numbers, build, tables_of
from chengyun_core.model.catalogue_check import check
from chengyun_core.model.failure import Refused
from chengyun_core.model.threshold_change import (
    LIFE,
    Move,
    applied,
    cells_of,
    latest,
    moved,
    proposed,
    still_fits,
    switched,
)
from tests.support.small_tables import small_tables


def _city() -> Catalogue:
    return build(small_tables(), Numbers(), 1)[0]


def _change(before: dict[str, str], after: dict[str, str], **more: object) -> ThresholdChange:
    usual: dict[str, object] = {
        "number": 1, "threshold_set": "PT", "vital_code": "SW", "reason": "汛前复核", "author": "chief",
        "author_seat": "A-01", "asked_at": 1,
    }  # fmt: skip
    return ThresholdChange(before=before, after=after, **(usual | more))  # type: ignore[arg-type]


def _code(changes: dict[str, str], threshold_set: str = "PT", vital: str = "SW") -> str:
    with pytest.raises(Refused) as told:
        proposed(_city(), threshold_set, vital, changes)
    return told.value.reason.code


def test_that_a_proposal_tells_only_what_differs_written_as_the_catalogue_writes_it() -> None:
    found = proposed(_city(), "PT", "SW", {"high_yellow": "181.00", "high_red": "183.5", "on_delay_s": "5"})
    assert found.before == {"high_yellow": "180.5", "on_delay_s": ""}
    assert found.after == {"high_yellow": "181", "on_delay_s": "5"}


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"high_yellow": "184"}, "catalogue.limits_not_in_order"),
        ({"high_yellow": "high"}, "catalogue.cell_not_number"),
        ({"hysteresis": "-1"}, "catalogue.cell_out_of_range"),
        ({"hysteresis": "3"}, "catalogue.hysteresis_too_wide"),
        ({"high_red": "206"}, "catalogue.limit_unreachable"),
        ({"missing_s": "2"}, "catalogue.patience_too_short"),
        ({"rate_colour": "purple"}, "catalogue.cell_not_word"),
        ({"high_yellow": "", "high_red": ""}, "catalogue.risk_without_limit"),
        ({"high_yellow": "180.5"}, "threshold.nothing_changes"),
        ({"limit": "5"}, "threshold.column_unknown"),
        ({"vital": "BF"}, "threshold.column_unknown"),
    ],
)
def test_that_a_change_is_refused_for_the_reason_an_import_would_give(changes: dict[str, str], code: str) -> None:
    assert _code(changes) == code


def test_that_an_unknown_set_or_vital_is_named() -> None:
    assert _code({"high_red": "184"}, threshold_set="YY") == "threshold.set_unknown"
    assert _code({"high_red": "184"}, vital="XX") == "threshold.vital_unknown"


def test_that_a_refusal_names_the_column_and_how_many_faults_there_are() -> None:
    with pytest.raises(Refused) as told:
        proposed(_city(), "PT", "SW", {"high_yellow": "190", "missing_s": "1"})
    assert told.value.reason.params["count"] == "2"
    assert told.value.reason.params["column"] in {"high_red", "missing_s"}


def test_that_a_vital_without_a_rule_in_the_set_gets_one() -> None:
    change = _change({"high_red": ""}, {"high_red": "120"}, vital_code="BF")
    after = applied(_city(), change, 2)
    assert cells_of(after, "PT", "BF") == {"high_red": "120"}
    assert check(tables_of(after)) == []


_NUMBERS = st.one_of(st.just(""), st.integers(130, 215).map(str), st.sampled_from(["0.1", "-2", "x", "1e3"]))
_COLUMNS = st.sampled_from(["high_blue", "high_yellow", "high_red", "low_red", "hysteresis", "missing_s", "on_delay_s"])


@given(st.dictionaries(_COLUMNS, _NUMBERS, min_size=1, max_size=4))
def test_that_the_small_check_and_an_import_of_everything_agree(changes: dict[str, str]) -> None:
    city = _city()
    tables = tables_of(city)
    row = next(row for row in tables["thresholds"] if (row["threshold_set"], row["vital"]) == ("PT", "SW"))
    row |= changes
    faults = check(tables)
    try:
        found = proposed(city, "PT", "SW", changes)
    except Refused as no:
        told = no.reason.code
        assert told == "threshold.nothing_changes" if not faults else told in {fault.code for fault in faults}
    else:
        assert faults == []
        after = applied(city, _change(found.before, found.after), 2)
        assert after.thresholds == build(tables, Numbers(), 2)[0].thresholds


def test_that_a_change_is_laid_upon_what_others_changed_meanwhile() -> None:
    mine = _change({"high_yellow": "180.5"}, {"high_yellow": "181"})
    city = applied(_city(), _change({"high_red": "183.5"}, {"high_red": "184"}), 2)
    assert still_fits(city, mine)
    assert cells_of(applied(city, mine, 3), "PT", "SW") == {
        "high_yellow": "181", "high_red": "184", "hysteresis": "0.2",
    }  # fmt: skip


def test_that_a_change_no_longer_fits_when_the_same_column_is_another() -> None:
    city = applied(_city(), _change({"high_yellow": "180.5"}, {"high_yellow": "182"}), 2)
    assert not still_fits(city, _change({"high_yellow": "180.5"}, {"high_yellow": "181"}))


def test_that_a_change_and_its_reverse_leave_the_rule_as_it_was() -> None:
    city, forth = (
        _city(),
        _change({"high_yellow": "180.5", "on_delay_s": ""}, {"high_yellow": "181", "on_delay_s": "5"}),
    )
    back = _change(forth.after, forth.before)
    there = applied(city, forth, 2)
    assert still_fits(there, back)
    assert applied(there, back, 1) == city


def test_that_only_the_one_row_and_the_version_differ() -> None:
    city = _city()
    after = applied(city, _change({"high_yellow": "180.5"}, {"high_yellow": "181"}), 2)
    assert replace(after, version=1, thresholds=city.thresholds) == city
    assert sum(one != other for one, other in zip(city.thresholds, after.thresholds, strict=True)) == 1


def test_that_switching_moves_the_set_in_force_and_back_again() -> None:
    city = _city()
    flood = switched(city, "XQ", 2)
    assert (flood.set_in_force(), flood.version) == ("XQ", 2)
    assert switched(flood, "PT", 1) == city
    for wrong, code in (("PT", "threshold.set_in_force"), ("YY", "threshold.set_unknown")):
        with pytest.raises(Refused, match=code):
            switched(city, wrong, 2)


@pytest.mark.parametrize(("state", "move"), list(product(ThresholdState, Move)))
def test_that_a_change_moves_as_the_table_says_and_not_otherwise(state: ThresholdState, move: Move) -> None:
    change = _change({}, {}, state=state)
    if (state, move) not in LIFE:
        with pytest.raises(Refused, match=r"threshold\.state"):
            moved(change, move)
        return
    after = moved(change, move, approver="editor")
    assert (after.state, after.version, after.approver) == (LIFE[state, move], 2, "editor")


def test_that_the_latest_change_of_a_vital_is_the_one_that_came_into_force_last() -> None:
    done = [_change({}, {}, number=n, state=ThresholdState.IN_FORCE, catalogue_version=n) for n in (2, 5, 3)]
    waiting = _change({}, {}, number=9, catalogue_version=9)
    other = replace(done[0], number=8, vital_code="BF", catalogue_version=8)
    found = latest([*done, waiting, other], "SW")
    assert found is not None
    assert found.number == 5
    assert latest([], "SW") is None
