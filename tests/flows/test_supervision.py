"""WF6: ten late orders supervised at the real windows, by keys and by mouse, within half a minute (issue 5)."""

from pathlib import Path

import pytest

from chengyun_core.model.order import Receipt, RequestState, SideRequest, Supervision
from chengyun_core.wire import codec
from tests.flows import supervision
from tests.flows.supervision import BUDGET_S, supervising
from tests.support.late_city import CHIEF, WATER

pytestmark = [pytest.mark.flow, pytest.mark.timeout(300)]
LADDER = ["remind", "remind_again", "call", "superior"]


def test_that_ten_late_orders_are_supervised_by_keys_within_half_a_minute(tmp_path: Path) -> None:
    with supervising(tmp_path) as at:
        assert _rungs(at, "1.1") == LADDER
        supervision.by_keys(at)
        assert (at.one.hands.keystrokes, at.one.hands.clicks) == (16, 0)
        assert at.steps[-1].since_s < BUDGET_S
        assert len(at.rows("receipt.urge")) == 9, "all but the one that was given back"
        assert {row.params["channels"] for row in at.rows("receipt.urge")} == {"console phone message"}
        _is_written(at)
        assert at.rows("side_request.give")[-1].account == CHIEF
        waiting = [codec.unpack(row.record, SideRequest) for row in at.rows("side_request.ask")]
        assert len(waiting) == 3
        assert len(at.rows("side_request.give")) == 2, "his own unit's request waits for another person"


@pytest.mark.long
def test_that_ten_late_orders_are_supervised_by_mouse_alone(tmp_path: Path) -> None:
    with supervising(tmp_path) as at:
        supervision.by_mouse(at)
        assert at.one.hands.keystrokes == 0
        assert len(at.rows("receipt.urge")) == 5, "two of six had been given back or were clicked once more"
        _is_written(at)


def _is_written(at: supervision.Supervision) -> None:
    """Check the numbered sheet, who issued it, the receipts on it, and the time that was promised."""
    (issued,) = at.rows("supervision.issue")
    sheet = codec.unpack(issued.record, Supervision)
    assert (issued.account, sheet.unit, len(sheet.receipts)) == (CHIEF, WATER, 4)
    assert sheet.code.startswith("督办〔")
    assert {row.params["supervision"] for row in at.rows("receipt.escalate")} == {sheet.code}
    (extended,) = at.rows("receipt.extend")
    receipt = codec.unpack(extended.record, Receipt)
    given = codec.unpack(at.rows("side_request.give")[-1].record, SideRequest)
    assert (receipt.extended, receipt.promised_at, given.state) == (1, given.until, RequestState.GIVEN)


def _rungs(at: supervision.Supervision, key: str) -> list[str]:
    return [row.params["rung"] for row in at.rows("receipt.remind") if row.key == key]
