"""What dispatch proposes for a step, in words: who is picked and why, who is not and why, and what nobody can do."""

from chengyun_console.wording.plans import PlanWords
from chengyun_core.model.dispatch_call import Judged, Need, Proposal, Shortfall
from chengyun_core.model.plan import PlanRun
from chengyun_core.wire.plan_asks import StepDraft, Tried
from chengyun_resources.theme.tokens import Colour
from chengyun_widgets.fact_sheet import SheetLine, SheetSection

REJECTED_SHOWN = 6
_SEPARATOR = " · "


class ProposalWords:
    """Writes the proposals of one plan."""

    def __init__(self, words: PlanWords) -> None:
        self._words = words

    def pick(self, proposal: Proposal) -> str:
        """Return in one line who is picked with time and load, or that nobody is."""
        if not proposal.picks:
            return _SEPARATOR.join(self._words.reason(one.reason) for one in proposal.shortfalls) or self._say("nobody")
        return _SEPARATOR.join(self.judged(one) for one in proposal.picks)

    def sections(self, draft: StepDraft) -> tuple[SheetSection, ...]:
        """Return all that is known of one proposal."""
        proposal = draft.proposal
        lines = [*map(self._picked, proposal.picks), *self._lacking(draft)]
        lines += [
            SheetLine(label=self._say("shortfall"), text=self._short(one),
                      colour=Colour.ORANGE_TEXT)
            for one in proposal.shortfalls
        ]  # fmt: skip
        lines += [
            SheetLine(label=self._say("doubt"), text=self._words.reason(one), colour=Colour.TEXT_SECOND)
            for one in proposal.doubts
        ]
        made = [SheetSection(title=self._say("picked"), lines=tuple(lines))]
        made += self._rejected(proposal)
        if proposal.move_ups:
            ups = tuple(
                SheetLine(label=one.name, text=self._words.reason(one.reason))
                for one in proposal.move_ups[:REJECTED_SHOWN]
            )
            made.append(SheetSection(title=self._say("move_ups"), lines=ups))
        return tuple(made)

    def tried(self, tried: Tried) -> tuple[SheetSection, ...]:
        """Return what would start: head, each step with who would be called, and what nobody could do (P5)."""
        words, run = self._words, tried.run
        head = [SheetLine(label=words.say("console.plans.tier.label"), text=self._tiers(run))]
        ends = words.figures.stamp(tried.ends_at)
        head.append(SheetLine(label=words.say("console.plans.try.ends"), text=ends))
        if tried.tiers.missing:
            missing = ", ".join(map(words.attribute, tried.tiers.missing))
            text = words.say("console.plans.tier.could_rise", attributes=missing)
            head.append(SheetLine(label="", text=text, colour=Colour.ORANGE_TEXT))
        short = sum(draft.draft is None for draft in tried.drafts)
        said = words.say("console.plans.try.gaps", count=short, of=len(tried.drafts))
        head.append(SheetLine(label="", text=said, colour=Colour.ORANGE_TEXT if short else Colour.TEXT_SECOND))
        drafts = {draft.step: draft for draft in tried.drafts}
        steps = tuple(
            line
            for place, step in enumerate(run.steps, 1)
            for line in self._tried_step(str(place), step.action.text, drafts.get(step.action.code))
        )
        return (
            SheetSection(title=words.say("console.plans.try.head", name=run.name, edition=run.edition),
                         lines=tuple(head), note=words.say("console.plans.try.note")),
            SheetSection(title=words.say("console.plans.module.actions"), lines=steps, note=str(len(run.steps))),
        )  # fmt: skip

    def need(self, need: Need) -> str:
        """Return who is needed."""
        if need.unit:
            return self._words.who(need.unit)
        return self._words.say("console.plans.any_with", capability=self._words.capability(need.capability))

    def _short(self, one: Shortfall) -> str:
        return _SEPARATOR.join((self.need(one.need), self._words.reason(one.reason)))

    def _tried_step(self, label: str, text: str, draft: StepDraft | None) -> tuple[SheetLine, SheetLine]:
        """Return what is to be done and, below it, who would be called."""
        written = draft.draft.text if draft is not None and draft.draft is not None else self._words.written(text)
        who = self.pick(draft.proposal) if draft is not None else self._say("no_order")
        is_short = draft is not None and draft.draft is None
        colour = Colour.ORANGE_TEXT if is_short else Colour.TEXT_SECOND
        return SheetLine(label=label, text=written), SheetLine(label="", text=who, colour=colour)

    def _tiers(self, run: PlanRun) -> str:
        response = self._words.response(run.response)
        return _SEPARATOR.join(
            filter(None, (" + ".join(run.tiers) or self._words.say("console.plans.tier.none"), response))
        )

    def _picked(self, one: Judged) -> SheetLine:
        reasons = _SEPARATOR.join(map(self._words.reason, one.reasons))
        return SheetLine(
            label=self._words.say(f"receipt.role.{one.need.role.value}"), text=f"{self.judged(one)}\n{reasons}"
        )

    def judged(self, one: Judged) -> str:
        """Return a unit with its estimated time, what it carries and its score."""
        minutes = "—" if one.minutes is None else f"{one.minutes:.0f}"
        return self._say("judged", name=one.name, minutes=minutes, load=one.load, capacity=one.capacity,
                         score=f"{one.score:.0f}")  # fmt: skip

    def _lacking(self, draft: StepDraft) -> list[SheetLine]:
        if not draft.lacking:
            return []
        names = ", ".join(self._words.attribute(name.removeprefix("attribute:")) for name in draft.lacking)
        return [SheetLine(label="", text=self._say("lacking", names=names), colour=Colour.ORANGE_TEXT)]

    def _rejected(self, proposal: Proposal) -> list[SheetSection]:
        shown = proposal.rejections[:REJECTED_SHOWN]
        lines = [
            SheetLine(
                label=one.name, text=_SEPARATOR.join(map(self._words.reason, one.reasons)), colour=Colour.TEXT_SECOND
            )
            for one in shown
        ]
        lines += [
            SheetLine(label=self._say("elsewhere", count=len(one.units)), text=self._words.reason(one.reason),
                      colour=Colour.TEXT_SECOND)
            for one in proposal.elsewhere
        ]  # fmt: skip
        if not lines:
            return []
        note = self._say("of", count=len(shown), of=len(proposal.rejections))
        return [SheetSection(title=self._say("rejected"), lines=tuple(lines), note=note)]

    def _say(self, code: str, **params: object) -> str:
        return self._words.say(f"console.plans.proposal.{code}", **params)
