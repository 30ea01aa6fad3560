"""Orders for the steps of a plan, as dispatch proposes them: to be confirmed by an officer; nothing is written here."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import time

from sqlalchemy import Connection

from chengyun_core.centre import event_care, plan_care, units
from chengyun_core.centre.desk import Desk
from chengyun_core.centre.plan_runs import begun
from chengyun_core.centre.plan_start import chosen
from chengyun_core.model.dispatch_call import Call, Need, Proposal
from chengyun_core.model.dispatch_rules import Roster, propose_for
from chengyun_core.model.event import Event
from chengyun_core.model.failure import Refused
from chengyun_core.model.order import ReceiptState, Role, key_of
from chengyun_core.model.order_commands import OrderDraft, Recipient
from chengyun_core.model.plan import DoneBy, PlanRun, RunStep, RunStepState
from chengyun_core.model.plan_commands import StartPlan
from chengyun_core.model.plan_deadlines import within_of
from chengyun_core.model.plan_texts import filled, lacking
from chengyun_core.store import order_table, plan_table, risk_point_table
from chengyun_core.wire.plan_asks import AskDrafts, AskTry, Drafts, StepDraft, Tried
from chengyun_resources.texts import LANGUAGES, Texts

TITLE_LENGTH = 60


def drafts(desk: Desk, connection: Connection, ask: AskDrafts) -> Drafts:
    """Return orders for the ready steps of a run, or for those asked for."""
    run = plan_table.run(connection, ask.run)
    if run is None:
        raise Refused("plan.run_unknown", run=ask.run)
    event = event_care.get(connection, run.event)
    steps = [step for step in run.steps if step.state is RunStepState.READY and _is_ordered(step)]
    wanted = [step for step in steps if not ask.steps or step.action.code in ask.steps]
    made = _Maker(desk, connection, event, run)
    template = plan_table.template(connection, run.template, run.edition)
    return Drafts(
        run=run.number, version=run.version, drafts=tuple(made.draft(step) for step in wanted),
        messages=made.messages(template.messages if template else {}), parties=template.parties if template else (),
    )  # fmt: skip


def tried(desk: Desk, connection: Connection, ask: AskTry) -> Tried:
    """Return what would start for an event and whom it would call; nothing is written (P5)."""
    event = event_care.get(connection, ask.event)
    known = event if not ask.attributes else _with(event, ask.attributes)
    command = StartPlan(
        event=ask.event, template=ask.template, edition=ask.edition, risk_point=ask.risk_point, tier=ask.tier,
        reason="—" if ask.tier else "",
    )  # fmt: skip
    picked = chosen(connection, known, command)
    run = begun(picked, command, at_ns=desk.clock.utc_ns(), number=0, account="", seat="")
    made = _Maker(desk, connection, known, run)
    ends = max((step.due_at for step in run.steps if step.due_at is not None), default=run.started_at)
    steps = tuple(made.draft(step) for step in run.steps if _is_ordered(step))
    return Tried(run=run, tiers=picked.tiers, drafts=steps, ends_at=ends)


class _Maker:
    """Makes drafts of one run; how the units stand is looked up once, and each draft adds to what its unit carries."""

    def __init__(self, desk: Desk, connection: Connection, event: Event, run: PlanRun) -> None:
        self._desk = desk
        self._connection = connection
        self._event = event
        self._run = run
        # An order is in the language of the house it goes to, not of the seat that sends it.
        self._texts = Texts(LANGUAGES[0])
        point = risk_point_table.point(connection, run.risk_point) if run.risk_point else None
        self._point_name = point.name if point else ""
        self._attributes = {**(point.attributes if point else {}), **event.attributes}
        self._place = (event.longitude, event.latitude)
        if event.longitude is None and point is not None:
            self._place = (point.longitude, point.latitude)
        self._roster: Roster = units.roster(desk, connection)

    def draft(self, step: RunStep) -> StepDraft:
        """Return a step as an order for the best unit, or why there is none."""
        action = step.action
        need = Need(
            role=Role.LEAD if action.lead else Role.ASSIST, unit=action.unit,
            capability="" if action.unit else action.capability,
        )  # fmt: skip
        proposal = propose_for(self._call(), (need,), self._roster)
        text = step.redlined or action.text
        if not proposal.picks:
            return StepDraft(step=action.code, draft=None, proposal=proposal, lacking=self._lacking(text, ""))
        unit = proposal.picks[0]
        standing = self._roster.standings[unit.unit]
        self._roster = self._roster.with_changed((replace(standing, load=standing.load + 1),))
        words = filled(text, self._words(unit.name), self._attributes)
        return StepDraft(
            step=action.code, draft=self._order(step, words, proposal), proposal=proposal,
            lacking=self._lacking(text, unit.name),
        )  # fmt: skip

    def messages(self, texts: Mapping[str, str]) -> dict[str, str]:
        """Return the template's messages with what is known filled in."""
        return {to: filled(text, self._words(""), self._attributes) for to, text in texts.items()}

    def _order(self, step: RunStep, words: str, proposal: Proposal) -> OrderDraft:
        action, pick = step.action, proposal.picks[0]
        title = f"{self._run.name}·{words}"
        return OrderDraft(
            event=self._event.number, plan_run=self._run.number, plan_step=action.code, title=title[:TITLE_LENGTH],
            text=words, place=self._event.place or self._point_name, centre=self._event.centre,
            critical=action.critical, template=action.order_template, within=within_of(action),
            recipients=(Recipient(code=pick.unit, role=Role.LEAD if action.lead else Role.ASSIST),),
            instead_of=self._returned(step),
        )  # fmt: skip

    def _returned(self, step: RunStep) -> str:
        """Return the key of the returned receipt that this order would replace, so that it is settled with it."""
        before = plan_care.fallen_order(step)
        receipts = [] if before is None else order_table.receipts_of(self._connection, before)
        open_yet = (one for one in receipts if one.state is ReceiptState.RETURNED and not one.settled)
        return next((key_of(one) for one in open_yet), "")

    def _call(self) -> Call:
        event = self._event
        return Call(
            matter=event.matter, centre=event.centre, path=self._desk.city.path(event.centre), grade=event.grade,
            longitude=self._place[0], latitude=self._place[1], attributes=self._attributes,
            minute=time.fromisoformat(self._desk.shown(self._desk.clock.utc_ns())[11:16]),
            now_ns=self._desk.clock.utc_ns(),
        )  # fmt: skip

    def _words(self, unit: str) -> dict[str, str]:
        event, city = self._event, self._desk.city
        matter = city.matters.get(event.matter)
        place = event.place or self._point_name
        return {
            "code": event.code, "title": event.title, "narrative": event.narrative, "place": place,
            "grade": "" if event.grade is None else self._texts.say(f"plan.grade.{event.grade.name.lower()}"),
            "matter": matter.name if matter else "", "risk_point": self._point_name,
            "time": self._desk.shown(event.source_at), "unit": unit,
        }  # fmt: skip

    def _lacking(self, text: str, unit: str) -> tuple[str, ...]:
        return lacking(text, self._words(unit), self._attributes)


def _is_ordered(step: RunStep) -> bool:
    """Return whether a step is done by sending an order: somebody is named for it, whatever ends it."""
    return step.action.done_by is DoneBy.RECEIPT or bool(step.action.unit or step.action.capability)


def _with(event: Event, attributes: dict[str, str]) -> Event:
    return replace(event, attributes={**event.attributes, **attributes})
