"""The orders of a plan as an officer edits them before they are sent: taken or not, by whom, in which words. No Qt."""

from collections.abc import Mapping
from dataclasses import dataclass, replace

from chengyun_core.model.dispatch_call import Judged
from chengyun_core.model.event import Event
from chengyun_core.model.order import Role
from chengyun_core.model.order_commands import OrderDraft, Recipient
from chengyun_core.model.plan import PlanRun, RunStep
from chengyun_core.model.plan_deadlines import within_of
from chengyun_core.model.plan_texts import filled
from chengyun_core.wire.plan_asks import StepDraft

FULL = "dispatch.full"
TITLE_LENGTH = 60


@dataclass(frozen=True, slots=True, kw_only=True)
class StepEdit:
    """One ready step with what the officer made of it."""

    step: RunStep
    draft: StepDraft
    is_taken: bool
    unit: str
    """Code of who is to do it; empty: nobody yet."""
    text: str
    over_reason: str = ""
    """Why it is sent although the unit is full (D4)."""

    @property
    def code(self) -> str:
        """Return the code of the step."""
        return self.step.action.code

    @property
    def candidates(self) -> tuple[Judged, ...]:
        """Return whom it could be sent to: who is proposed, then who was weighed and not chosen."""
        return (*self.draft.proposal.picks, *self.draft.proposal.rejections)

    @property
    def chosen(self) -> Judged | None:
        """Return the unit that is to do it as dispatch judged it."""
        return next((one for one in self.candidates if one.unit == self.unit), None)

    @property
    def is_proposed(self) -> bool:
        """Whether nothing was changed but perhaps whether it is taken."""
        draft = self.draft.draft
        return draft is not None and self.unit == draft.recipients[0].code and self.text == draft.text

    @property
    def fault(self) -> str:
        """Return the code of what is in the way of sending it; empty: nothing is."""
        if not self.unit:
            return "console.plans.review.no_unit"
        if not self.text.strip():
            return "console.plans.review.no_text"
        if self.is_full and not self.over_reason.strip():
            return "console.plans.review.full"
        return ""

    @property
    def is_full(self) -> bool:
        """Whether the unit carries all it can."""
        one = self.chosen
        return one is not None and any(reason.code == FULL for reason in one.reasons)


def edits_of(
    run: PlanRun, event: Event, drafts: tuple[StepDraft, ...], kept: Mapping[str, str]
) -> tuple[StepEdit, ...]:  # fmt: skip
    """Return the ready steps as proposed, with what was kept of an earlier look at them."""
    steps = {step.action.code: step for step in run.steps}
    found = (_edit(steps[draft.step], draft, event) for draft in drafts if draft.step in steps)
    return tuple(_with_kept(edit, kept) for edit in found)


def kept_of(edits: tuple[StepEdit, ...]) -> dict[str, str]:
    """Return as texts what differs from what was proposed, for the draft's file."""
    kept: dict[str, str] = {}
    for edit in edits:
        fresh = edit.draft.draft
        if fresh is None or edit.text != fresh.text:
            kept[f"{edit.code}.text"] = edit.text
        if fresh is None or edit.unit != fresh.recipients[0].code:
            kept[f"{edit.code}.unit"] = edit.unit
        if edit.is_taken != (fresh is not None):
            kept[f"{edit.code}.taken"] = "1" if edit.is_taken else "0"
        if edit.over_reason:
            kept[f"{edit.code}.over"] = edit.over_reason
    return kept


def order_of(edit: StepEdit, run: PlanRun, event: Event) -> OrderDraft:
    """Return the order a step makes."""
    action = edit.step.action
    role = Role.LEAD if action.lead else Role.ASSIST
    to = Recipient(code=edit.unit, role=role, over_capacity_reason=edit.over_reason.strip() if edit.is_full else "")
    if edit.draft.draft is not None:
        title = edit.draft.draft.title if edit.is_proposed else _title(run, edit.text)
        return replace(edit.draft.draft, title=title, text=edit.text.strip(), recipients=(to,))
    return OrderDraft(
        event=event.number, plan_run=run.number, plan_step=action.code, title=_title(run, edit.text),
        text=edit.text.strip(), place=event.place, centre=event.centre, critical=action.critical,
        template=action.order_template, within=within_of(action), recipients=(to,),
    )  # fmt: skip


def _title(run: PlanRun, text: str) -> str:
    return f"{run.name}·{' '.join(text.split())}"[:TITLE_LENGTH]


def _edit(step: RunStep, draft: StepDraft, event: Event) -> StepEdit:
    fresh = draft.draft
    if fresh is not None:
        return StepEdit(step=step, draft=draft, is_taken=True, unit=fresh.recipients[0].code, text=fresh.text)
    words = {"place": event.place, "title": event.title, "code": event.code, "narrative": event.narrative}
    text = filled(step.redlined or step.action.text, words, event.attributes)
    return StepEdit(step=step, draft=draft, is_taken=False, unit="", text=text)


def _with_kept(edit: StepEdit, kept: Mapping[str, str]) -> StepEdit:
    unit = kept.get(f"{edit.code}.unit", edit.unit)
    if unit not in {one.unit for one in edit.candidates}:
        unit = edit.unit
    taken = kept.get(f"{edit.code}.taken")
    return replace(
        edit, text=kept.get(f"{edit.code}.text", edit.text), unit=unit,
        is_taken=edit.is_taken if taken is None else taken == "1",
        over_reason=kept.get(f"{edit.code}.over", ""),
    )  # fmt: skip
