"""A running plan: what its steps may do, how tiers come on top, how it tells ahead from behind."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from chengyun_core.model import plan_run_rules as rules
from chengyun_core.model.failure import Refused
from chengyun_core.model.plan import Action, PlanBinding, PlanRun, PlanTemplate, RunState, RunStepState, Tier
from chengyun_core.model.plan_conditions import conditions_of
from chengyun_core.model.plan_pace import pace
from chengyun_core.model.plan_run_rules import OVER, Start
from chengyun_core.model.plan_tiers import decide, up_to

MINUTE = 60 * 10**9
TIERS = (
    Tier(code="T1", name="小", conditions=conditions_of("d < 500")),
    Tier(code="T2", name="大", conditions=conditions_of("d >= 500")),
)
ACTIONS = (
    Action(code="look", text="核实", within_min=5),
    Action(code="close", text="关阀", tier="T1", within_min=10, after=("look",)),
    Action(code="repair", text="抢修", tier="T1", within_min=60, after=("close",)),
    Action(code="water", text="送水", tier="T2", within_min=30, after=("look",)),
    Action(code="tell", text="告知", within_min=15),
)
TEMPLATE = PlanTemplate(code="P-1", edition=3, name="爆管", matter="M", tiers=TIERS, actions=ACTIONS)


def begun(diameter: str = "400", binding: PlanBinding | None = None, at_ns: int = 0) -> PlanRun:
    """Return a run of the template for a pipe of this diameter."""
    start = Start(number=1, event=7, tiers=decide(TIERS, {"d": diameter}), at_ns=at_ns, account="officer", seat="A-01")
    return rules.begin(start, TEMPLATE, binding)


def states(run: PlanRun) -> dict[str, RunStepState]:
    """Return where each step stands."""
    return {step.action.code: step.state for step in run.steps}


def test_that_a_run_copies_the_steps_of_its_tiers_with_times_along_what_waits_for_what() -> None:
    run = begun()
    assert states(run) == {
        "look": RunStepState.READY, "close": RunStepState.WAITING, "repair": RunStepState.WAITING,
        "tell": RunStepState.READY,
    }  # fmt: skip
    due = {step.action.code: (step.due_at or 0) // MINUTE for step in run.steps}
    assert due == {"look": 5, "close": 15, "repair": 75, "tell": 15}


def test_that_a_binding_changes_units_texts_and_times_here_and_leaves_the_template_alone() -> None:
    binding = PlanBinding(
        risk_point="R", template="P-1", units={"repair": "U-9"}, texts={"look": "看嘉西村井口"},
        within_min={"repair": 20.0}, left_out=("close",),
    )  # fmt: skip
    run = begun(binding=binding)
    assert states(run).keys() == {"look", "repair", "tell"}
    repair, look = rules.step_of(run, "repair"), rules.step_of(run, "look")
    assert (repair.action.unit, repair.action.within_min, look.action.text) == ("U-9", 20.0, "看嘉西村井口")
    assert repair.action.after == ("look",), "what came after a step left out comes after what that one came after"
    assert TEMPLATE.actions == ACTIONS


def test_that_going_up_a_tier_adds_steps_and_touches_none_that_runs() -> None:
    run = rules.done(begun(), "look", at_ns=3 * MINUTE, by="officer")
    up = rules.raised(run, TEMPLATE, None, up_to(TIERS, "T2"), reason="实测 600", at_ns=10 * MINUTE)
    assert up.steps[: len(run.steps)] == run.steps
    water = rules.step_of(up, "water")
    assert (water.state, water.due_at) == (RunStepState.READY, 40 * MINUTE)
    with pytest.raises(Refused, match=r"plan\.tier_not_higher"):
        rules.raised(up, TEMPLATE, None, up_to(TIERS, "T1"), reason="", at_ns=0)


def test_that_a_step_whose_order_was_returned_waits_for_another_order() -> None:
    run = rules.ordered(begun(), {"look": 41})
    back = rules.order_fell(run, "look", "returned")
    assert (rules.step_of(back, "look").state, rules.step_of(back, "look").order) == (RunStepState.READY, None)


def test_that_a_step_that_waits_is_not_ordered_and_what_is_ordered_is_not_reworded() -> None:
    with pytest.raises(Refused, match=r"plan\.step_not_so"):
        rules.ordered(begun(), {"repair": 1})
    with pytest.raises(Refused, match=r"plan\.step_not_so"):
        rules.redlined(rules.ordered(begun(), {"look": 1}), "look", "别的")
    assert rules.step_of(rules.redlined(begun(), "repair", "改"), "repair").redlined == "改"


def test_that_a_plan_of_which_nothing_applies_is_not_started() -> None:
    only_tiered = PlanTemplate(code="P", edition=1, name="空", matter="M", tiers=TIERS, actions=ACTIONS[1:3])
    start = Start(number=1, event=7, tiers=decide(TIERS, {}), at_ns=0, account="officer")
    with pytest.raises(Refused, match=r"plan\.nothing_to_do"):
        rules.begin(start, only_tiered, None)


def test_that_a_run_is_ahead_when_steps_end_early_and_behind_when_one_is_over_its_time() -> None:
    run = begun()
    assert pace(run, 0).ahead_min == 0
    early = rules.done(run, "look", at_ns=2 * MINUTE, by="officer")
    assert pace(early, 2 * MINUTE).ahead_min == 3
    late = pace(run, 9 * MINUTE)
    assert (late.ahead_min, late.late) == (-4, ("look",))
    assert late.ends_at == 79 * MINUTE


class Running(RuleBasedStateMachine):
    """Whatever officers do in whatever order, a run stays one."""

    @initialize(diameter=st.sampled_from(("400", "600")))
    def start(self, diameter: str) -> None:
        self.run = begun(diameter)
        self.now = 0
        self.over: set[str] = set()

    @rule(minutes=st.integers(0, 50))
    def pass_time(self, minutes: int) -> None:
        self.now += minutes * MINUTE

    @rule(code=st.sampled_from([action.code for action in ACTIONS]), deed=st.sampled_from(("done", "skip", "order")))
    def do(self, code: str, deed: str) -> None:
        before = self.run
        try:
            if deed == "done":
                self.run = rules.done(before, code, at_ns=self.now, by="officer")
            elif deed == "skip":
                self.run = rules.skipped(before, code, at_ns=self.now, by="officer", reason="不需要")
            else:
                self.run = rules.ordered(before, {code: 5})
        except Refused:
            return
        assert self.run.version == before.version + 1
        if deed == "done":
            assert all(at in self.over for at in rules.step_of(before, code).action.after if at in states(before))
        if deed != "order":
            self.over.add(code)

    @precondition(lambda self: self.run.state is RunState.RUNNING and "T2" not in self.run.tiers)
    @rule()
    def go_up(self) -> None:
        before = self.run
        self.run = rules.raised(before, TEMPLATE, None, up_to(TIERS, "T2"), reason="升级", at_ns=self.now)
        assert self.run.steps[: len(before.steps)] == before.steps

    @invariant()
    def nothing_that_ended_came_back(self) -> None:
        assert {code for code, state in states(self.run).items() if state in OVER} == self.over

    @invariant()
    def a_step_waits_only_while_something_before_it_is_open(self) -> None:
        for step in self.run.steps:
            open_before = [at for at in step.action.after if at in states(self.run) and at not in self.over]
            if step.state is RunStepState.WAITING:
                assert open_before
            if step.state in (RunStepState.READY, RunStepState.ORDERED):
                assert not open_before

    @invariant()
    def it_is_done_exactly_when_every_step_is_over(self) -> None:
        assert (self.run.state is RunState.DONE) == all(state in OVER for state in states(self.run).values())

    @invariant()
    def it_never_tells_an_end_before_now_while_it_runs(self) -> None:
        if self.run.state is RunState.RUNNING:
            assert pace(self.run, self.now).ends_at >= self.now


TestRunning = Running.TestCase
TestRunning.settings = settings(max_examples=60, stateful_step_count=25, deadline=None)


@given(st.integers(0, 300))
def test_that_waiting_never_makes_a_run_less_late(minutes: int) -> None:
    run = begun()
    assert pace(run, minutes * MINUTE).ahead_min >= pace(run, (minutes + 1) * MINUTE).ahead_min
