"""What stands first among an event's deeds is what is due: by its clocks, then by its state."""

from dataclasses import replace

import pytest

from chengyun_console.actions.event_next import next_deeds
from chengyun_console.actions.table import BY_ID
from chengyun_core.model.event import EventState
from tests.console.event_samples import MIN, event, receipts, stranded
from tests.console.still_session import START_NS


def test_that_a_late_report_and_a_late_receipt_come_before_the_next_move() -> None:
    assert next_deeds(stranded(), receipts(), START_NS) == ("event.report", "order.receipts")
    later = replace(stranded(), report_due_at=START_NS + 40 * MIN)
    assert next_deeds(later, (), START_NS) == ()


@pytest.mark.parametrize("state", EventState)
def test_that_every_deed_that_is_due_is_one_of_the_table(state: EventState) -> None:
    due = next_deeds(event(1, state=state), (), START_NS)
    assert set(due) <= BY_ID.keys()
    assert bool(due) == (state not in (EventState.HANDLING, EventState.REVIEWED, EventState.MERGED, EventState.VOID))
