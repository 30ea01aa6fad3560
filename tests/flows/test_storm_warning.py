"""WF5 and WF3 at the real windows by keys: a warning, everybody called, 急时 and back, nobody called twice."""

from pathlib import Path

import pytest

from chengyun_core.model.callout import CallState
from chengyun_core.model.mode import Part, SwitchState
from tests.flows import storm_warning
from tests.flows.storm_warning import APPLIED_BUDGET_S, SWITCH_BUDGET_S, applied_s, before_the_storm
from tests.support import storm_city as storm
from tests.support import storm_ground as ground
from tests.support.living_city import OFFICER, SEAT
from tests.support.storm_people import CHIEF, REINFORCEMENT

pytestmark = [pytest.mark.flow, pytest.mark.timeout(400)]


def test_that_a_red_warning_reaches_everybody_and_the_city_switches_and_comes_back(tmp_path: Path) -> None:
    with before_the_storm(tmp_path) as at:
        storm_warning.warned(at)
        calls = at.calls().values()
        states = [call.state for call in calls]
        assert (states.count(CallState.ESCALATED), states.count(CallState.CONFIRMED)) == (1, len(storm.TOWNS) - 1)
        assert all(call.attempts[-1].said_by and call.attempts[-1].words
                   for call in calls if call.state is CallState.CONFIRMED)  # fmt: skip

        assert at.area > 0.9
        assert at.elsewhere < 0.1, "hatched inside, outlined at its edge"

        began = len(at.steps)
        storm_warning.switched(at)
        switch = at.steps[began:]
        assert sum(step.machine_s for step in switch) < SWITCH_BUDGET_S
        assert applied_s(at) <= APPLIED_BUDGET_S
        held = at.declaration()
        assert (held.state, held.declared_by, held.seconded_by) == (SwitchState.IN_FORCE, OFFICER, CHIEF)
        assert {one.part for one in held.parts} == set(Part) - {Part.PLANS}, "before and after of all that changed"
        assert {"ingest/0", SEAT} <= {one.who for one in held.confirmed}
        assert not any(one.fault for one in held.confirmed)

        storm_warning.commanded(at)
        assert sorted(name.partition("，")[0] for name in storm_warning.live(at.one)) == sorted(ground.CAMERA_NAMES)
        assert {change.params["camera"] for change in at.rows("camera.stream")} == set(ground.SHOWN)

        storm_warning.back(at)
        lifted = at.declaration()
        assert lifted.state is SwitchState.LIFTED
        assert {one.part: one.after for one in lifted.back} == {one.part: one.before for one in held.parts}

        peace, emergency, after = at.layers
        assert emergency - peace == {"处置力量", "摄像", "距离圈与力量", "避难场所", "医院", "历史内涝点"}
        assert after == peace
        assert at.panes[1] != at.panes[0]
        assert at.panes[2] == at.panes[0]

        storm_warning.cancelled(at)
        begun = len(storm.TOWNS) + REINFORCEMENT
        assert len(at.rows("call.begin")) == begun, "nobody was called a second time for the warning"
