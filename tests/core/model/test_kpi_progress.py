"""A KPI against its plan line: whose day counts, what is ahead, what is stale, and what cannot be known."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chengyun_core.model.catalogue import Kpi
from chengyun_core.model.failure import Refused
from chengyun_core.model.kpi_progress import Standing, figures_of, past_figures, planned_on, progress

KPI = Kpi(
    code="K1", name="堤防完好率", subtrack="ST1", centre="500000", unit="%", target=100.0, actual=60.0,
    due="2026-12-31", owner_post="500000.track_owner.1", updated="2026-07-02", begun="2026-01-01", base=0.0,
)  # fmt: skip


def test_that_a_figure_is_held_against_the_plan_of_its_own_day() -> None:
    planned = planned_on(KPI, "2026-07-02")
    assert planned == pytest.approx(50.0)
    late = progress(KPI, "2026-12-30")
    assert (late.planned, late.gap, late.standing) == (planned, pytest.approx(10.0), Standing.AHEAD)


def test_that_less_is_better_turns_the_sides_round() -> None:
    minutes = replace(KPI, better="low", base=60.0, target=30.0, actual=50.0)
    assert progress(minutes, "2026-07-03").standing is Standing.BEHIND
    assert progress(replace(minutes, actual=40.0), "2026-07-03").standing is Standing.AHEAD


def test_that_rounding_is_no_falling_behind() -> None:
    assert progress(replace(KPI, actual=49.0), "2026-07-03").standing is Standing.ON_PLAN
    assert progress(replace(KPI, actual=47.0), "2026-07-03").standing is Standing.BEHIND


def test_that_without_a_beginning_nothing_is_ahead_or_behind() -> None:
    bare = progress(replace(KPI, begun="", base=None), "2026-07-03")
    assert (bare.standing, bare.planned, bare.gap) == (Standing.NO_PLAN, None, None)


def test_that_a_figure_that_comes_monthly_is_stale_after_two_months_and_a_daily_one_after_two_days() -> None:
    monthly = replace(KPI, past="2026-05-02 40; 2026-06-02 50")
    assert not progress(monthly, "2026-08-30").is_stale
    assert progress(monthly, "2026-09-03").is_stale
    daily = replace(KPI, past="2026-06-30 58; 2026-07-01 59")
    assert progress(daily, "2026-07-05").is_stale
    assert progress(replace(KPI, updated=""), "2026-07-05").is_stale
    assert progress(KPI, "2026-07-01").is_stale


def test_that_the_trend_is_of_the_last_quarter_and_leads_to_the_due_day() -> None:
    rising = replace(KPI, past="2025-01-01 0; 2026-06-02 30; 2026-06-17 45")
    told = progress(rising, "2026-07-02")
    assert told.per_month == pytest.approx(30.0)
    assert told.is_improving
    assert told.forecast == pytest.approx(60 + 182)
    assert progress(replace(rising, better="low"), "2026-07-02").is_improving is False


@pytest.mark.parametrize("text", ["2026-01-31", "31.01.2026 4", "2026-01-31 4 5", "2026-01-31 inf", "20260131 4"])
def test_that_a_part_that_is_no_day_with_a_figure_is_refused_by_name(text: str) -> None:
    with pytest.raises(Refused) as refused:
        past_figures(f"2026-01-01 1; {text}")
    assert refused.value.reason.params["part"] == text


@given(st.lists(st.floats(-1e6, 1e6, allow_nan=False), min_size=1, max_size=20))
def test_that_what_is_written_is_read_back_in_order(values: list[float]) -> None:
    first = date(2026, 1, 1)
    days = [(first + timedelta(days=at)).isoformat() for at in range(len(values))]
    text = "; ".join(f"{day} {value!r}" for day, value in zip(days, values, strict=True))
    found = figures_of(replace(KPI, past=text, updated=""))
    assert [(one.day, one.value) for one in found] == list(zip(days, values, strict=True))


@given(st.floats(-100, 100), st.floats(-100, 100), st.integers(0, 364))
def test_that_the_plan_line_stays_between_its_ends(base: float, target: float, day: int) -> None:
    planned = planned_on(replace(KPI, base=base, target=target), (date(2026, 1, 1) + timedelta(days=day)).isoformat())
    assert planned is not None
    assert min(base, target) - 1e-9 <= planned <= max(base, target) + 1e-9
