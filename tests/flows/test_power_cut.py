"""WF4: a power cut's two hundred alarms become one event at the real window, by keys, within a minute (issue 6)."""

from pathlib import Path

import pytest

from chengyun_core.model.alarm import AlarmState, effective
from chengyun_core.model.scales import EventGrade
from tests.flows import power_cut
from tests.flows.power_cut import BACK, BUDGET_S, before_the_cut
from tests.support import storm_city as storm

pytestmark = [pytest.mark.flow, pytest.mark.timeout(300)]


def test_that_a_power_cut_is_one_event_within_a_minute_and_what_stays_dark_calls_again(tmp_path: Path) -> None:
    with before_the_cut(tmp_path) as at:
        power_cut.enact(at)
        assert (at.one.hands.keystrokes, at.one.hands.clicks) == (5, 0)
        assert at.steps[-1][2] < BUDGET_S

        (situation,) = at.situations()
        alarms = at.alarms()
        assert situation.alarms[0] == alarms[storm.POWER].number, "the cut leads what follows from it"
        assert at.masked() == len([vital for vital in storm.FED if vital % 3 == 0])
        river = alarms[storm.RIVER]
        assert effective(river) is AlarmState.UNACK
        assert river.situation is None, "red for reasons of its own: seen, pinned and acknowledged by itself"
        event = at.event()
        assert (event.grade, event.title) == (EventGrade.MAJOR, "渝北区片区停电")
        assert river.number not in event.alarms
        assert set(situation.alarms) <= set(event.alarms)

        before = at.states()
        assert before == {AlarmState.ACKED: storm.HANGING - at.masked(), AlarmState.SUPPRESSED: at.masked()}
        power_cut.supply_returns(at)
        hidden = [vital for vital in storm.FED if vital % 3 == 0 and vital > BACK]
        assert at.states()[AlarmState.UNACK] == len(hidden), "what was masked and has not returned calls for itself"
