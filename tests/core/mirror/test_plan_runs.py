"""Running plans on the screen: held while they run, let go when they end."""

from dataclasses import replace

from chengyun_core.mirror.fact_merge import FactMerge
from chengyun_core.mirror.facts import FactMirror
from chengyun_core.mirror.records import fact_of
from chengyun_core.model.change import Change
from chengyun_core.model.plan import Action, PlanRun, RunState, RunStep
from chengyun_core.wire import codec

RUN = PlanRun(
    number=4, event=7, template="P", edition=2, name="爆管", started_at=5, started_by="officer",
    steps=(RunStep(action=Action(code="A", text="抢修")),),
)  # fmt: skip


def told(mirror: FactMirror, merge: FactMerge, number: int, run: PlanRun) -> None:
    """Have a change of a run arrive as from the centre."""
    change = Change(
        number=number, at_ns=number, action="plan.start", kind="plan_run", key=str(run.number), version=run.version,
        record=codec.pack(run),
    )  # fmt: skip
    fact = fact_of(change)
    assert fact is not None
    merge.put(change, fact)
    news = merge.news(through=number, tail=number, complete=True)
    assert news is not None
    mirror.apply(news)


def test_that_a_run_is_on_the_screen_until_it_ends() -> None:
    merge, mirror = FactMerge(), FactMirror()
    told(mirror, merge, 1, RUN)
    assert mirror.runs == {4: RUN}
    told(mirror, merge, 2, replace(RUN, state=RunState.STOPPED, reason="误启动", version=2))
    assert mirror.runs == {}
