"""Sends 一般 events of automatic matters out by itself when it is sure enough, and tells the journal that and why (D6).

Off unless the settings give a confidence. What it does not send it leaves to people, and does not come back to an event
whose words, grade, matter, place and attributes are the same.
"""

import logging
from dataclasses import dataclass

from chengyun_core.centre import dispatch_asks, dispatch_due, event_care, event_deeds, order_care, units
from chengyun_core.centre.desk import Desk
from chengyun_core.centre.gate import Caller
from chengyun_core.centre.ledger import Ledger
from chengyun_core.centre.work import Work
from chengyun_core.model import dispatch_auto
from chengyun_core.model.audit import CENTRE
from chengyun_core.model.dispatch_call import Proposal
from chengyun_core.model.dispatch_words import Guess, classify
from chengyun_core.model.event import Event
from chengyun_core.model.event_commands import AssignEvent
from chengyun_core.model.failure import Reason, Refused, Trouble
from chengyun_core.model.order import Role
from chengyun_core.model.order_commands import OrderDraft, Recipient
from chengyun_core.store.record_log import RecordLog
from chengyun_core.wire.dispatch_asks import AskProposal

logger = logging.getLogger(__name__)

AT_ONCE = 20
"""Events looked at in one turn of the loop; each takes some milliseconds."""
_MACHINE = Caller(account=CENTRE.account, holdings=())


@dataclass(frozen=True, slots=True, kw_only=True)
class Dispatched:
    """What the machine decided about an event (journal kind `dispatch`, key the event's number)."""

    event: int
    sent: bool
    confidence: float
    least: float
    """What the settings asked for."""
    words: tuple[str, ...] = ()
    """Words of the narrative that decided on the matter."""
    picks: tuple[tuple[str, str, float], ...] = ()
    """(unit, role, score)."""
    routes: tuple[str, ...] = ()
    reason: Reason | None = None
    """Why it left the event to people; None: it sent."""
    version: int = 1


LOG = RecordLog("dispatch", Dispatched)


def tend(desk: Desk, ledger: Ledger) -> int:
    """Look at the events that wait for it; return how many. Called by the loop, one transaction for each event."""
    due = [int(number) for kind, number in desk.due.due() if kind == dispatch_due.TIMER][:AT_ONCE]
    for number in due:
        try:
            with ledger.work(CENTRE) as work:
                _look(desk, work, number)
        except Refused as refused:
            # A unit filled up, an order the rules refuse: nothing was written, people see the event unassigned.
            logger.info("event %d is left to people: %s", number, refused)
            _leave(desk, number, "refused")
        except Trouble:
            raise
        except Exception:
            # A bug of ours in one event must not keep the timers behind it waiting for ever; people see it unassigned.
            logger.exception("event %d could not be looked at", number)
            _leave(desk, number, "bugs")
    return len(due)


def _leave(desk: Desk, number: int, why: str) -> None:
    desk.count(f"auto_dispatch.{why}")
    desk.due.wait((dispatch_due.TIMER, str(number)), None)


def _look(desk: Desk, work: Work, number: int) -> None:
    event = event_care.get(work.connection, number)
    least = desk.settings.dispatch_auto_confidence
    work.after_commit(lambda: dispatch_due.done_with(desk, event))
    if not dispatch_auto.considers(event, desk.city.matters.get(event.matter), least):
        return
    guesses = classify(f"{event.title}\n{event.narrative}", desk.city.reader.lexicon)
    call = dispatch_asks.call_of(desk, work.connection, AskProposal(event=number))
    proposal = dispatch_asks.whom_to_call(desk, call, (), units.roster(desk, work.connection))
    reason = dispatch_auto.against(event, guesses, proposal, least)
    if reason is None:
        _send(desk, work, event, proposal)
    _note(work, event, guesses, proposal, least, reason)


def _send(desk: Desk, work: Work, event: Event, proposal: Proposal) -> None:
    lead = next(pick.unit for pick in proposal.picks if pick.need.role is Role.LEAD)
    assisting = tuple(pick.unit for pick in proposal.picks if pick.unit != lead)
    named = AssignEvent(event=event.number, version=event.version, lead=lead, assisting=assisting)
    event_deeds.assign(desk, work, _MACHINE, named)
    recipients = tuple(Recipient(code=pick.unit, role=pick.need.role) for pick in proposal.picks)
    text = event.narrative or event.title
    draft = OrderDraft(event=event.number, title=event.title, text=text, place=event.place, recipients=recipients)
    order_care.send(desk, work, _MACHINE, (draft,))


def _note(
    work: Work, event: Event, guesses: tuple[Guess, ...], proposal: Proposal, least: float, reason: Reason | None
) -> None:  # fmt: skip
    record = Dispatched(
        event=event.number, sent=reason is None, least=least, routes=proposal.routes, reason=reason,
        confidence=dispatch_auto.confidence(event, guesses, proposal), words=guesses[0].words if guesses else (),
        picks=tuple((pick.unit, pick.need.role.value, pick.score) for pick in proposal.picks),
    )  # fmt: skip
    before = LOG.get(work.connection, event.number)
    if before == record:
        return  # looked at again after a restart, with the same outcome
    action = "dispatch.sent_by_machine" if record.sent else "dispatch.left_to_people"
    told = {"confidence": f"{record.confidence:.2f}", "least": f"{least:.2f}", "words": " ".join(record.words)}
    work.note(action, LOG.kind, event.number, event.version, record, params=told | {"event": event.number})
