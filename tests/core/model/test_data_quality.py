"""The data quality score: every part counts as documented, unknown ones are left out, and silence is worth nothing."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chengyun_core.model.data_quality import WEIGHTS, Counted, score

TODAY = date(2026, 11, 21)


def _counted(**told: object) -> Counted:
    usual: dict[str, object] = {"expected": 1000.0, "present": 1000.0, "received": 1000, "late": 0, "bad": 0}
    return Counted(**(usual | told))  # type: ignore[arg-type]


def test_that_the_weights_make_a_whole() -> None:
    assert sum(WEIGHTS.values()) == pytest.approx(1.0)


def test_that_a_vital_without_blemish_has_a_hundred_and_unknown_parts_are_left_out() -> None:
    found = score(_counted(), TODAY)
    assert found.score == 100
    assert found.part("truth").merit is None
    assert found.part("calibration").merit is None


@pytest.mark.parametrize(
    ("told", "expected"),
    [
        ({"present": 500.0}, 73),  # (0.5 · 0.40 + 0.20 + 0.15) / 0.75
        ({"bad": 500}, 87),  # (0.40 + 0.5 · 0.20 + 0.15) / 0.75
        ({"late": 500}, 90),
        ({"acked": 10, "false": 5}, 92),  # (0.75 + 0.5 · 0.15) / 0.90
        ({"calibrated": "2024-11-20"}, 88),  # two years: worthless
    ],
)
def test_that_each_part_costs_its_weight(told: dict[str, object], expected: int) -> None:
    assert score(_counted(**told), TODAY).score == expected


def test_that_a_vital_that_sent_nothing_is_worth_nothing_however_well_calibrated() -> None:
    assert score(_counted(present=0.0, received=0, calibrated="2026-11-01", acked=9), TODAY).score == 0


def test_that_without_a_count_there_is_no_score() -> None:
    found = score(_counted(expected=0.5, present=0.5, received=1, calibrated="2026-11-01"), TODAY)
    assert (found.score, found.part("availability").merit) == (None, None)


def test_that_more_samples_than_expected_do_not_make_up_for_anything() -> None:
    assert score(_counted(present=1200.0, received=5000), TODAY).part("availability").merit == 1.0


def test_that_two_acknowledgements_say_nothing_of_false_alarms() -> None:
    assert score(_counted(acked=2, false=2), TODAY).score == 100
    assert score(_counted(acked=3, false=3), TODAY).score == 83


@pytest.mark.parametrize(
    ("calibrated", "merit"),
    [("2026-11-21", 1.0), ("2025-11-21", 1.0), ("2024-11-21", 0.0), ("2020-01-01", 0.0), ("2026-11-22", None)],
)
def test_that_a_calibration_is_good_for_a_year_and_worthless_after_two(calibrated: str, merit: float | None) -> None:
    assert score(_counted(calibrated=calibrated), TODAY).part("calibration").merit == merit


@given(
    st.floats(0, 1e6), st.floats(0, 1e6), st.integers(0, 10**6), st.integers(0, 10**6), st.integers(0, 10**6),
    st.integers(0, 50), st.integers(0, 50),
)  # fmt: skip
def test_that_no_counts_lead_outside_the_scale(
    expected: float, present: float, received: int, late: int, bad: int, acked: int, false: int
) -> None:
    counted = Counted(
        expected=expected, present=present, received=received, late=late, bad=bad, acked=acked, false=false
    )
    found = score(counted, TODAY)
    assert found.score is None or 0 <= found.score <= 100
    assert all(part.merit is None or 0 <= part.merit <= 1 for part in found.parts)
