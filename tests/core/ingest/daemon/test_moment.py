"""Times as sources write them."""

from datetime import UTC, datetime, timedelta, timezone
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chengyun_core.ingest.sources import moment

EARLY = datetime(1900, 1, 1)  # noqa: DTZ001 - Hypothesis draws local times, the test gives them their zone


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("1970-01-01T00:00:00Z", 0),
        ("1970-01-01T08:00:00+08:00", 0),
        ("1970-01-01 08:00:00 +0800", 0),
        ("1969-12-31T23:59:59Z", -1_000_000_000),
        ("2020-08-20T08:15:00.123456789+08:00", 1_597_882_500_123_456_789),
        ("2020-08-20T00:15Z", 1_597_882_500_000_000_000),
    ],
)
def test_that_iso_times_with_a_zone_are_read_to_the_nanosecond(text, expected):
    assert moment.of_text(text) == expected


def test_that_a_time_without_zone_is_refused_unless_the_map_names_one():
    with pytest.raises(moment.BadMoment, match="no time zone"):
        moment.of_text("2020-08-20 08:15:00")
    assert moment.of_text("2020-08-20 08:15:00", zone=ZoneInfo("Asia/Shanghai")) == 1_597_882_500_000_000_000


@pytest.mark.parametrize(
    ("unit", "written"), [("s", "1597882500"), ("ms", "1597882500000"), ("ns", "1597882500000000000")]
)
def test_that_a_number_is_a_time_only_in_a_stated_unit(unit, written):
    with pytest.raises(moment.BadMoment, match="no stated unit"):
        moment.of_text(written)
    assert moment.of_text(written, epoch_unit=unit) == 1_597_882_500_000_000_000
    assert moment.of_number(int(written), unit) == 1_597_882_500_000_000_000


def test_that_fractions_of_a_numeric_time_lose_nothing():
    assert moment.of_text("1597882500.123456789", epoch_unit="s") == 1_597_882_500_123_456_789


@pytest.mark.parametrize(
    "text",
    [
        "",
        "tomorrow",
        "2020-13-01T00:00:00Z",
        "2020-02-30T00:00:00Z",
        "2020-01-01T25:00:00Z",
        "9999-01-01T00:00:00Z",
        "2020-01-01T00:00:00+99:99",
        "１２",
    ],
)
def test_that_what_is_no_time_is_refused(text):
    with pytest.raises(moment.BadMoment):
        moment.of_text(text, epoch_unit="s")


@pytest.mark.parametrize("value", [float("nan"), float("inf"), 1e300, 10**40])
def test_that_impossible_numbers_are_refused(value):
    with pytest.raises((moment.BadMoment, OverflowError)):
        moment.of_number(value, "s")


@given(
    st.datetimes(min_value=EARLY, max_value=EARLY.replace(year=2200)),
    st.integers(-14 * 60, 14 * 60),
)
def test_that_reading_agrees_with_the_standard_library(local, minutes):
    aware = local.replace(tzinfo=timezone(timedelta(minutes=minutes)))
    epoch = datetime(1970, 1, 1, tzinfo=UTC)
    assert moment.of_text(aware.isoformat()) == (aware - epoch) // timedelta(microseconds=1) * 1000
