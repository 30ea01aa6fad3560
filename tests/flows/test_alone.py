"""WF7 rehearsed by one officer at his console in a drill: everybody else is a simulated party (Y5)."""

from pathlib import Path

import pytest

from chengyun_core.model.room import Decision, Poll, Stance
from chengyun_core.model.room_parties import is_played
from tests.flows.alone import INVITED, before_the_room, enact, played
from tests.flows.consultation import DECIDED
from tests.support.living_city import SEAT

pytestmark = [pytest.mark.flow, pytest.mark.timeout(400)]


def test_that_one_officer_rehearses_a_consultation_alone(tmp_path: Path) -> None:
    with before_the_room(tmp_path) as at:
        enact(at)
        assert not at.chair.hands.clicks
        assert len(played(at)) == INVITED
        joined = {change.params["member"] for change in at.rows("room.join")}
        assert len(joined) == INVITED
        assert all(name.endswith("（模拟）") for name in joined), "the journal tells what came"
        poll = at.newest("room_poll", Poll)
        assert {vote.code for vote in poll.votes} == set(poll.asked) - {SEAT}
        assert all(is_played(vote.account) for vote in poll.votes)
        assert all(vote.words for vote in poll.votes if vote.stance is not Stance.AGREE)
        made = at.newest("room_decision", Decision)
        assert (made.text, set(made.present) - {SEAT}) == (DECIDED, set(poll.asked) - {SEAT})
