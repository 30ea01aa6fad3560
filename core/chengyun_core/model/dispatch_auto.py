"""Whether the machine may send out by itself (D6): only what is 一般, of a matter made automatic, and sure enough."""

from collections.abc import Sequence

from chengyun_core.model.dispatch import Matter
from chengyun_core.model.dispatch_call import Proposal
from chengyun_core.model.dispatch_words import Guess
from chengyun_core.model.event import Event, EventState
from chengyun_core.model.failure import Reason
from chengyun_core.model.order import Role
from chengyun_core.model.scales import EventGrade


def considers(event: Event, matter: Matter | None, least: float) -> bool:
    """Return whether an event is one of those the machine may look at: 较大 and graver are never (D6)."""
    ready = event.state is EventState.GRADED and not event.lead and event.grade is EventGrade.GENERAL
    alone = not event.by_rules_of_its_own and event.parent is None and not event.also_in and not event.may_escalate
    return 0 < least <= 1 and ready and alone and matter is not None and matter.automatic


def confidence(event: Event, guesses: Sequence[Guess], proposal: Proposal) -> float:
    """Return how sure classification and routing are together: the lesser of the two.

    The narrative's own words must speak for the event's matter: what an officer chose against them, and what has no
    words at all, is for people to send.
    """
    told = next((guess.confidence for guess in guesses if guess.matter == event.matter), 0.0)
    first = bool(guesses) and guesses[0].matter == event.matter
    return min(told, proposal.confidence) if first else 0.0


def against(event: Event, guesses: Sequence[Guess], proposal: Proposal, least: float) -> Reason | None:
    """Return why people are to decide, None when the machine may send."""
    if not any(pick.need.role is Role.LEAD for pick in proposal.picks):
        return Reason(code="dispatch.doubt_no_lead")
    sure = confidence(event, guesses, proposal)
    if sure < least:
        return Reason(code="dispatch.not_sure", params={"confidence": f"{sure:.2f}", "least": f"{least:.2f}"})
    return None
