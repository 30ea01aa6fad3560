"""RF13: in a flood no red is lost, none waits behind the bulk, and every sample that was dropped is counted.

Small counts and a generous limit, for CI's cores are shared; `./dev soak flood` does ten minutes at 3.67 M samples/s.
"""

from pathlib import Path

import pytest

from tests.faults.flood import stand

SECONDS = 8.0
IDS = 400_000
LATEST_S = 5.0
"""The soak asks for 1 s."""


@pytest.mark.fault
@pytest.mark.slow
@pytest.mark.timeout(240)
def test_that_a_flood_loses_no_red_and_its_drops_are_those_that_are_counted(tmp_path: Path) -> None:
    found = stand.run(tmp_path, seconds=SECONDS, ids=IDS, vitals=1_000)
    assert found.faults(latest_s=LATEST_S) == []
    assert found.reds > SECONDS * stand.REDS_PER_S / 2
    assert found.offered > SECONDS * stand.USUAL_SAMPLES_PER_S, "too little was offered to be a flood"


def test_that_each_way_of_losing_is_told() -> None:
    found = stand.Flooded(
        seconds=1.0, accepted=10, counted={"samples": 9, "dropped.queue_full": 2}, lost_in_journal=1, lost_on_console=2,
        twice_in_journal=3, overridden=4, to_journal_s=[0.1, 1.2], to_console_s=[2.0],
    )  # fmt: skip
    assert found.faults(latest_s=1.0) == [
        "1 reds are not in the journal",
        "3 reds are in the journal twice",
        "2 reds never reached the console",
        "4 reds stood under an override",
        "1 of 2 reds reached the journal later than 1 s",
        "1 of 1 reds reached the console's model later than 1 s",
        "10 samples were accepted, ingest counts 9",
        "senders were refused {}, ingest counts {'queue_full': 2}",
    ]
