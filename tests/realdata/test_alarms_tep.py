"""The raw Tennessee Eastman alarm log through delays, accepted proposals and situations (docs/alarm-hygiene.md)."""

import pytest

from tests.realdata import alarms_tep
from tests.realdata.alarms_tep import NOISE, available, cases, studied

pytestmark = [pytest.mark.realdata, pytest.mark.slow, pytest.mark.timeout(180)]
SOME = (1, 5, 16, 44, 52, 60)
"""Among them the quietest and the loudest; all sixty take 20 s and are in the document."""


@pytest.fixture(scope="module")
def some():
    if not available():
        pytest.skip("alarms_tep is not on this machine")
    return [studied(number) for number in SOME]


def test_that_the_log_is_read_whole():
    if not available():
        pytest.skip("alarms_tep is not on this machine")
    assert len(cases()) == 60
    raises = sum(len(held) for history in cases().values() for held in history.values())
    assert raises == 315_552


def test_that_delays_and_proposals_still_nine_of_ten_annunciations(some):
    """Published for this log: a filter −90 %, a deadband another −80 %; ours has no values to filter."""
    raw, practice, proposed = (
        sum(len(getattr(one, name).told) for one in some) for name in ("raw", "practice", "proposed")
    )
    assert practice < 0.4 * raw
    assert proposed < 0.1 * raw


def test_that_no_seat_is_flooded_any_more(some):
    """ALARMS.md: less than 1 % of the time in flood; the raw log is in flood up to half of its time."""
    assert max(one.raw.flooded() for one in some) > 0.4
    assert all(one.lines.flooded() < 0.01 for one in some)


def test_that_the_root_cause_is_told_within_its_delay_and_stays_in_sight(some):
    for one in some:
        assert one.root[0] != NOISE
        assert one.root_after_s <= max(alarms_tep.PRACTICE_S.values())
        assert one.root_line <= 10


def test_that_grouping_hides_no_alarm(some):
    for one in some:
        assert 0 < len(one.lines.told) <= len(one.proposed.told)
        assert one.lines_then <= one.living_then
