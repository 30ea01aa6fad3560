"""Times to come as officers type them."""

from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chengyun_console.wording.moments import moment_of
from chengyun_core.model.clock import NS_PER_S

ZONE = timezone(timedelta(hours=8))
NOW = datetime(2026, 7, 18, 14, 32, 7, tzinfo=ZONE)


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("06:00", "2026-07-19 06:00:00"),
        ("14:32", "2026-07-18 14:32:00"),
        ("15:00:30", "2026-07-18 15:00:30"),
        (" 07-20  06:00 ", "2026-07-20 06:00:00"),
        ("2027-01-01 00:00", "2027-01-01 00:00:00"),
    ],
)
def test_that_a_time_is_read_as_the_officer_means_it(text: str, meant: str) -> None:
    at_ns = moment_of(text, NOW)
    assert at_ns is not None
    assert f"{datetime.fromtimestamp(at_ns / NS_PER_S, UTC).astimezone(ZONE):%Y-%m-%d %H:%M:%S}" == meant


def test_that_nothing_typed_means_as_soon_as_approved() -> None:
    assert moment_of("  ", NOW) is None


@pytest.mark.parametrize(
    ("text", "code"), [("26:00", "not_a_time"), ("soon", "not_a_time"), ("02-30 10:00", "not_a_time"),
                       ("07-18 14:00", "time_past"), ("2025-07-20 06:00", "time_past")],
)  # fmt: skip
def test_that_what_is_no_time_to_come_is_refused_by_its_code(text: str, code: str) -> None:
    with pytest.raises(ValueError, match=code):
        moment_of(text, NOW)


@given(st.integers(0, 23), st.integers(0, 59), st.datetimes(datetime(2020, 1, 1), datetime(2035, 1, 1)))  # noqa: DTZ001
def test_that_a_bare_time_is_within_the_day_that_begins_a_minute_ago(hour: int, minute: int, naive: datetime) -> None:
    now = naive.replace(tzinfo=ZONE)
    at_ns = moment_of(f"{hour:02d}:{minute:02d}", now)
    assert at_ns is not None
    ahead = at_ns / NS_PER_S - now.timestamp()
    assert -60.0 <= round(ahead, 3) < 86_400.0
