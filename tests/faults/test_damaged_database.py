"""RF4: whatever is damaged in the database or its log is healed, told with the rows that are lost, or refused."""

import pytest

from tests.faults.damage import run

SEED = 20_210_720


@pytest.mark.fault
@pytest.mark.slow
@pytest.mark.timeout(240)
def test_that_no_damage_of_database_or_log_is_taken_for_whole() -> None:
    counts = run(40, SEED)
    print(counts)
    assert counts.sound, counts
    assert counts.healed >= 3
    assert counts.told >= 5


@pytest.mark.fault
@pytest.mark.slow
@pytest.mark.timeout(240)
def test_that_without_sums_and_the_noted_end_damage_is_seen_to_pass_in_silence() -> None:
    assert len(run(15, SEED, watching=False).silent) >= 3
