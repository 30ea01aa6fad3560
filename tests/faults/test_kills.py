"""RF1: kill -9 amid runs and commands loses nothing and repeats nothing, and a daemon that would is seen.

These are small counts. The soak does it by the hundred: `./dev soak kills`.
"""

from pathlib import Path

import pytest

from tests.faults.kills import schedule


@pytest.mark.fault
@pytest.mark.slow
@pytest.mark.timeout(300)
def test_that_kills_at_random_points_and_at_commits_break_no_promise(tmp_path: Path) -> None:
    outcome = schedule.run(5, 20_261_121, tmp_path)
    assert outcome.faults == []
    assert outcome.acknowledged > 0
    assert outcome.activations > outcome.total(), "too little was sensed to mean anything"


@pytest.mark.fault
@pytest.mark.slow
@pytest.mark.timeout(300)
def test_that_an_ingest_that_forgets_what_was_not_confirmed_is_caught(tmp_path: Path) -> None:
    outcome = schedule.run(30, 1, tmp_path, mutant="spool deleted before confirmation", autopsy_every=4)
    assert any("neither in the journal nor in the spool" in fault for fault in outcome.faults)
