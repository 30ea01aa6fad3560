"""Rules of 叫应 (H8): what one try does to a call, when the next is due, and who is called after whom. Pure."""

from dataclasses import dataclass, replace

from chengyun_core.model.callout import Attempt, Call, CallState, Outcome
from chengyun_core.model.clock import NS_PER_S

TRIES = 2
"""Tries without an answer after which the next of the chain is called (WORKFLOWS, WF5)."""
OPEN = frozenset({CallState.WAITING, CallState.CALLING, CallState.UNREACHABLE})
"""States in which somebody is still to be called."""
CONFIRMABLE = OPEN | {CallState.ESCALATED}
"""Who could not be reached may call back: that he confirms at last is written down, too."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Patience:
    """How long a call waits, in profile ns."""

    try_ns: int
    """From one try to the next."""
    whole_ns: int
    """From the beginning until the superior is told."""
    tries: int = 0
    """A list's own number of tries; 0: TRIES."""
    is_own: bool = False
    """Whether a list says so of itself: its calls then keep the time from try to try."""


def patience(try_minutes: float, escalate_minutes: float) -> Patience:
    """Return the patience of settings in minutes; the whole is never shorter than one try."""
    try_ns = round(try_minutes * 60 * NS_PER_S)
    return Patience(try_ns=try_ns, whole_ns=max(try_ns, round(escalate_minutes * 60 * NS_PER_S)))


def begun(call_out: int, place: int, centre: str, chain: tuple[str, ...], now: int, waits: Patience) -> Call:
    """Return the call of one addressee as it begins; its chain is not empty."""
    ends_at = now + waits.whole_ns
    return Call(
        call_out=call_out, place=place, for_centre=centre, chain=chain, due_at=now + waits.try_ns, ends_at=ends_at,
        tries=waits.tries, try_ns=waits.try_ns if waits.is_own else 0,
    )  # fmt: skip


def tried(call: Call, attempt: Attempt, waits: Patience) -> Call:
    """Return a call after one try at whoever is to be called now.

    Confirmed ends it. Two tries without an answer (or as many as its list says; busy, a wrong number and nobody there
    are alike to who has to be reached), or a refusal, call the next of the chain; after the last one the superior is
    told.
    """
    tries = (*call.attempts, attempt)
    after = replace(call, attempts=tries, version=call.version + 1)
    if attempt.outcome is Outcome.CONFIRMED:
        return replace(after, state=CallState.CONFIRMED, due_at=None, overdue=False)
    if call.state not in OPEN:
        return after
    due_at = attempt.at + (call.try_ns or waits.try_ns)
    if attempt.outcome is not Outcome.REFUSED and _tries_at(call, tries) < (call.tries or TRIES):
        return _waiting(after, CallState.CALLING, due_at)
    if call.at + 1 < len(call.chain):
        return _waiting(replace(after, at=call.at + 1), CallState.UNREACHABLE, due_at)
    return escalated(after)


def late(call: Call, now: int) -> Call:
    """Return an open call whose time has come: first told as overdue, at its end given to the superior."""
    changed = replace(call, version=call.version + 1)
    if now >= call.ends_at:
        return escalated(changed)
    return replace(changed, overdue=True, due_at=call.ends_at)


def escalated(call: Call) -> Call:
    """Return the call as one nobody of which could be reached."""
    return replace(call, state=CallState.ESCALATED, due_at=None, overdue=False)


def cancelled(call: Call) -> Call:
    """Return an open call as one that is not made any more."""
    return replace(call, state=CallState.CANCELLED, due_at=None, overdue=False, version=call.version + 1)


def masked(number: str) -> str:
    """Return a number as everybody may see it: its last four digits."""
    digits = [place for place, letter in enumerate(number) if letter.isdigit()]
    hidden = set(digits[: max(0, len(digits) - 4)] if len(digits) > 4 else digits)
    return "".join("*" if place in hidden else letter for place, letter in enumerate(number))


def _waiting(call: Call, state: CallState, due_at: int) -> Call:
    return replace(call, state=state, due_at=min(due_at, call.ends_at), overdue=False)


def _tries_at(call: Call, tries: tuple[Attempt, ...]) -> int:
    """Count the tries at whoever is to be called now: those after the one before him was given up."""
    person, count = call.chain[call.at], 0
    for attempt in reversed(tries):
        if attempt.person != person:
            break
        count += 1
    return count
