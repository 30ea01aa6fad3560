"""What happens to call-outs (叫应, H8): begun over a list or over chains, tried, ended when nobody is left to reach."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial

from sqlalchemy import Connection

from chengyun_core.centre import call_people
from chengyun_core.centre.desk import Desk
from chengyun_core.centre.work import Work
from chengyun_core.model import call_rules
from chengyun_core.model.audit import Actor
from chengyun_core.model.callout import Call, CallList, CallOut, CallState
from chengyun_core.model.failure import Refused
from chengyun_core.store import call_table, counters
from chengyun_core.store.record_log import RecordLog

LISTS = RecordLog("call_list", CallList)
CALL_OUT, CALL = "call_out", "call"
TIMER = "call"
"""What the desk waits for with a call: its next try, or its end."""
MOST_ADDRESSEES = 1200
"""As many as there are centres, and some: the outline of a storm names nearly every town."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Addressee:
    """Somebody to be reached: who is tried in which order, and for which centre he answers."""

    centre: str
    chain: tuple[str, ...]
    waits: call_rules.Patience | None = None
    """How long his list waits; None: as the centre is set."""


def start(desk: Desk, work: Work, list_code: str, about: str, title: str, words: str) -> CallOut:
    """Begin a call-out over a saved list within the caller's unit of work: all of it is written, or nothing.

    Raises:
        Refused: `call_list.unknown`; `call_out.nobody` for a list without chains.
    """
    held = LISTS.get(work.connection, list_code)
    if held is None:
        raise Refused("call_list.unknown", list=list_code[:64])
    return begin(desk, work, addressees_of(desk, work.connection, held), about, title, words)


def begin(
    desk: Desk, work: Work, addressees: Sequence[Addressee], about: str, title: str, words: str, centre: str = ""
) -> CallOut:  # fmt: skip
    """Begin a call-out over chains; who is in several chains first is called once.

    Raises:
        Refused: `call_out.nobody`, `call_out.too_many`.
    """
    wanted = _once(addressees)
    if not wanted:
        raise Refused("call_out.nobody", about=about)
    if len(wanted) > MOST_ADDRESSEES:
        raise Refused("call_out.too_many", count=len(wanted), most=MOST_ADDRESSEES)
    held = CallOut(
        number=counters.take(work.connection, call_table.COUNTER, 1), about=about, title=title, words=words,
        addressees=len(wanted), started_at=work.at_ns, started_by=work.actor.account,
        centre=centre or desk.settings.centre or desk.city.root(),
    )  # fmt: skip
    put_call_out(work, held, "call_out.start", {"about": about, "title": title, "count": len(wanted)})
    waits = patience(desk)
    for place, one in enumerate(wanted):
        work.breathe()
        put_call(
            desk, work,
            call_rules.begun(held.number, place, one.centre, one.chain, work.at_ns, one.waits or waits), "call.begin",
        )  # fmt: skip
    return held


def cancel(desk: Desk, work: Work, held: CallOut, reason: str) -> CallOut:
    """End a running call-out: who was not reached yet is not called any more. An ended one stays as it is."""
    if held.ended_at is not None:
        return held
    for call, _, _ in call_table.calls_of(work.connection, held.number):
        if call.state in call_rules.OPEN:
            put_call(desk, work, call_rules.cancelled(call), "call.cancel", {"reason": reason})
    ended = replace(held, ended_at=work.at_ns, cancelled=reason, version=held.version + 1)
    put_call_out(work, ended, "call_out.cancel", {"reason": reason})
    return ended


def settle(work: Work, before: Call, after: Call, actor: Actor | None = None) -> None:
    """Count what one of its calls became into its call-out, which ends when nobody is left to be called."""
    held = call_table.call_out(work.connection, after.call_out)
    assert held is not None
    confirmed = held.confirmed + _became(before, after, CallState.CONFIRMED)
    escalated = held.escalated + _became(before, after, CallState.ESCALATED)
    over = held.ended_at is None and not call_table.anybody_waits(work.connection, held.number)
    if (confirmed, escalated, over) == (held.confirmed, held.escalated, False):
        return
    ended_at = work.at_ns if over else held.ended_at
    told = {"confirmed": confirmed, "escalated": escalated, "count": held.addressees}
    counted = replace(held, confirmed=confirmed, escalated=escalated, ended_at=ended_at, version=held.version + 1)
    put_call_out(work, counted, "call_out.end" if over else "call_out.count", told, actor)


def put_call(
    desk: Desk, work: Work, call: Call, action: str, params: Mapping[str, object] | None = None,
    number: str | None = None, actor: Actor | None = None,
) -> int:  # fmt: skip
    """Write a call with its journal row; return the row's number. `number`: the one just tried, in whole."""
    told = {"call_out": call.call_out, "centre": call.for_centre, "person": call.chain[call.at], **(params or {})}
    change = work.note(action, CALL, key_of(call), call.version, call, params=told, actor=actor)
    call_table.put_call(work.connection, call, change, number)
    work.after_commit(partial(wait_for, desk, call))
    return change


def put_call_out(
    work: Work, held: CallOut, action: str, params: Mapping[str, object], actor: Actor | None = None
) -> int:  # fmt: skip
    """Write a call-out with its journal row; return the row's number."""
    change = work.note(action, CALL_OUT, held.number, held.version, held, params=params, actor=actor)
    call_table.put_call_out(work.connection, held, change)
    return change


def escalation(desk: Desk, call: Call) -> Call:
    """Return an escalated call with the centre that is told: the one above, the uppermost for its own."""
    above = desk.city.path(call.for_centre)[1:2]
    return replace(call, superior=above[0] if above else call.for_centre)


def addressees_of(desk: Desk, connection: Connection, held: CallList) -> list[Addressee]:
    """Return who a list has called, each for the centre of the first of its chain."""
    found, waits = [], patience_of(desk, held)
    for chain in held.chains:
        first = call_people.known(desk.city, connection, chain[0]) if chain else None
        if first is not None:
            found.append(Addressee(centre=first.centre, chain=chain, waits=waits))
    return found


def patience(desk: Desk) -> call_rules.Patience:
    """Return how long calls wait, by the settings."""
    return call_rules.patience(desk.settings.call_try_minutes, desk.settings.call_escalate_minutes)


def patience_of(desk: Desk, held: CallList) -> call_rules.Patience | None:
    """Return how long the calls of a list wait; None: as the centre is set."""
    if not (held.tries or held.try_minutes or held.escalate_minutes):
        return None
    settings = desk.settings
    waits = call_rules.patience(
        held.try_minutes or settings.call_try_minutes, held.escalate_minutes or settings.call_escalate_minutes
    )
    return replace(waits, tries=held.tries, is_own=True)


def key_of(call: Call) -> str:
    """Return the key of a call's change."""
    return f"{call.call_out}.{call.place}"


def wait_for(desk: Desk, call: Call) -> None:
    """Wait for what is due of a call, on the clock that never steps (RF12)."""
    desk.due.wait((TIMER, key_of(call)), call.due_at if call.state in call_rules.OPEN else None)


def load(desk: Desk, connection: Connection) -> None:
    """Wait for what is due of every call, at start."""
    for call in call_table.waiting(connection):
        wait_for(desk, call)


def _became(before: Call, after: Call, state: CallState) -> int:
    return int(after.state is state) - int(before.state is state)


def _once(addressees: Sequence[Addressee]) -> list[Addressee]:
    found: dict[str, Addressee] = {}
    for one in addressees:
        chain = call_people.distinct(one.chain)
        if chain:
            found.setdefault(chain[0], replace(one, chain=chain))
    return list(found.values())
