"""Times people write, as nanoseconds: exact, with the zone that was meant, and none that a table cannot hold."""

from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chengyun_core.model.stamp import iso_utc, ns_of, parse_iso, parse_local

NOON_NS = 1_784_376_000 * 10**9
"""2026-07-18T12:00:00Z."""


@pytest.mark.parametrize(
    ("text", "zone_minutes"),
    [("2026-07-18T20:00", 480), ("2026-07-18 20:00:00", 480), ("2026-07-18T12:00Z", 480), ("2026-07-18T06:30", -330)],
)
def test_that_a_time_without_a_zone_is_the_city_s_and_one_with_a_zone_its_own(text: str, zone_minutes: int) -> None:
    assert parse_local(text, zone_minutes) == NOON_NS


@pytest.mark.parametrize("text", ["", "noon", "24:60", "2026-13-01", "9999-01-01T00:00", "0001-01-01T00:00"])
def test_that_what_is_no_time_or_beyond_what_a_table_holds_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r"\w"):
        parse_local(text, 480)


def test_that_a_time_for_other_machines_has_to_name_its_zone() -> None:
    with pytest.raises(ValueError, match="no time zone"):
        parse_iso("2026-07-18T12:00:00")


@given(st.datetimes(datetime(1700, 1, 1), datetime(2200, 1, 1)), st.integers(-14 * 60, 14 * 60))  # noqa: DTZ001
def test_that_no_microsecond_is_lost_on_the_way_there_and_back(local: datetime, minutes: int) -> None:
    moment = local.replace(tzinfo=timezone(timedelta(minutes=minutes)))
    assert parse_iso(iso_utc(ns_of(moment))) == ns_of(moment) == parse_local(moment.isoformat(), 0)
    assert datetime(1970, 1, 1, tzinfo=UTC) + timedelta(microseconds=ns_of(moment) // 1000) == moment
