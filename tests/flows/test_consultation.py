"""WF7: three consoles, each a process of its own, consult on one centre; what the journal then says of it (issue 7)."""

from pathlib import Path

import pytest

from chengyun_core.model.order import Order, Receipt, Role
from chengyun_core.model.room import Decision, MemberState, Poll, Stance
from tests.flows.consultation import (
    DECIDED,
    DOC,
    FIRST_SENTENCE_BUDGET_S,
    MISSED,
    QUESTION,
    RESERVED,
    Consultation,
    before_the_room,
    enact,
    steps_in,
)
from tests.support import consult_city as place
from tests.support import sound_level
from tests.support.living_city import SEAT

pytestmark = [pytest.mark.flow, pytest.mark.timeout(400)]
TOWN, DISTRICT = (post for _, _, post in reversed(place.PEOPLE.values()))
AUDIBLE_DB = -40.0


def test_that_three_levels_consult_decide_and_order_by_keys_at_three_consoles(tmp_path: Path) -> None:
    with before_the_room(tmp_path) as at:
        enact(at)
        assert at.first_sentence_s <= FIRST_SENTENCE_BUDGET_S
        assert not any(one.hands.clicks for one in (at.chair, at.district, at.town))
        assert {one.step for one in at.steps} == steps_in(DOC.read_text("utf-8"))
        _attendance_is_written(at)
        _poll_is_written(at)
        _decision_is_an_order(at)
        _recording_is_kept(at, tmp_path)


def _attendance_is_written(at: Consultation) -> None:
    joined = {change.account: change.params["member"] for change in at.rows("room.join")}
    assert joined == {"district": "刘勇", "town": "周敏"}
    (dropped,), (back,) = at.rows("room.drop"), at.rows("room.rejoin")
    assert (dropped.params["member"], back.params["member"]) == ("刘勇", "刘勇")
    assert int(back.params["seconds"]) >= 5
    (missed,) = at.rows("room.say")
    assert dropped.number < missed.number < back.number
    assert missed.params["text"] == MISSED
    assert [one.code for one in at.room().members if one.state is MemberState.JOINED] == [SEAT, TOWN, DISTRICT]
    (shared,) = at.rows("room.share")
    assert (shared.params["member"], shared.params["name"]) == ("周敏", place.CAMERA_NAME)
    grants = [change.account for change in at.rows("camera.stream")]
    assert set(grants) == {"officer", "district", "town"}, "everybody saw it by his own leave"


def _poll_is_written(at: Consultation) -> None:
    poll = at.newest("room_poll", Poll)
    assert (poll.question, poll.asked, poll.closed_at is not None) == (QUESTION, (SEAT, TOWN, DISTRICT), True)
    stances = {vote.code: (vote.stance, vote.words) for vote in poll.votes}
    assert stances == {
        SEAT: (Stance.AGREE, ""), TOWN: (Stance.AGREE, ""), DISTRICT: (Stance.RESERVE, RESERVED),
    }  # fmt: skip
    (ended,) = at.rows("room.end_poll")
    assert [ended.params[stance] for stance in ("agree", "reserve", "oppose", "silent")] == ["2", "1", "0", "0"]


def _decision_is_an_order(at: Consultation) -> None:
    decision, order = at.newest("room_decision", Decision), at.newest("order", Order)
    assert (decision.text, decision.poll, decision.present) == (DECIDED, 1, (SEAT, TOWN, DISTRICT))
    assert decision.orders == (order.number,)
    assert (order.title, order.text) == (DECIDED, DECIDED)
    (sent,), receipt = at.rows("order.send"), at.newest("receipt", Receipt)
    assert (sent.account, order.recipients) == ("officer", 1)
    assert (receipt.order, receipt.recipient, receipt.role) == (order.number, place.LEAD, Role.LEAD)


def _recording_is_kept(at: Consultation, folder: Path) -> None:
    """It has its number for good, it is evidence of the event, and one hears in it that somebody spoke."""
    assert (at.room().recording, at.room().is_recorded) == ("R-1-1", False)
    (kept,) = at.rows("attachment.add")
    assert (kept.params["name"], kept.params["about"]) == ("R-1-1.ogg", "event:1")
    (held,) = (file for file in (folder / "p" / "centre" / "attachments").rglob("*") if file.is_file())
    seconds, loud = sound_level.told(held)
    assert seconds > 5.0
    assert loud > AUDIBLE_DB
    assert list((folder / "p" / "recordings").rglob("*.ogg")) == [], "the centre has it: this machine keeps no copy"
