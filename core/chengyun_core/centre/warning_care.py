"""What happens to warnings: written, joined to their chain, replaced, lifted, expired; calls end with them."""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from functools import partial

from sqlalchemy import Connection

from chengyun_core.centre import call_care, due_work, warning_calls
from chengyun_core.centre.desk import Desk, Due
from chengyun_core.centre.ledger import Ledger
from chengyun_core.centre.work import Work
from chengyun_core.model import warning_rules
from chengyun_core.model.audit import CENTRE, Actor
from chengyun_core.model.callout import CallOut
from chengyun_core.model.warning import OfficialWarning, WarningState
from chengyun_core.store import call_table, warning_table

KIND = "warning"
TIMER = "warning"
"""What the desk waits for with a warning: that it expires."""
_DEEDS = {
    WarningState.SUPERSEDED: "warning.supersede", WarningState.CANCELLED: "warning.end",
    WarningState.EXPIRED: "warning.expire", WarningState.IN_FORCE: "warning.restore",
}  # fmt: skip
"""State → the row that tells it of an older message of a chain."""


def about(number: int) -> str:
    """Return what a call-out over a warning says that it is about."""
    return f"{KIND}/{number}"


def publish(desk: Desk, work: Work, held: OfficialWarning, action: str) -> OfficialWarning:
    """Write a new message, let its chain become what it makes of it, and go on with the calls of those before it."""
    change = work.note(action, KIND, held.number, held.version, held, params=told_of(held))
    warning_table.add(work.connection, held, change)
    work.after_commit(partial(wait_for, desk, held))
    return settled(desk, work, held)


def settled(desk: Desk, work: Work, held: OfficialWarning) -> OfficialWarning:
    """Give every message of a chain the state that is due to it; return the one at hand as it then is."""
    chain = warning_table.chain_of(work.connection, held.number)
    fates = warning_rules.fates(chain, work.at_ns)
    for one in chain:
        fate = fates.get(one.number)
        if fate is not None and (fate.state, fate.replaced_by) != (one.state, one.replaced_by):
            changed = replace(one, state=fate.state, replaced_by=fate.replaced_by, version=one.version + 1)
            put(desk, work, changed, _DEEDS[fate.state], {"by": fate.replaced_by or ""})
            held = changed if one.number == held.number else held
    return _calls_went_on(desk, work, held)


def put(
    desk: Desk, work: Work, held: OfficialWarning, action: str, params: Mapping[str, object] | None = None,
    actor: Actor | None = None,
) -> int:  # fmt: skip
    """Write a known warning anew with its journal row; return the row's number."""
    told = {**told_of(held), **(params or {})}
    change = work.note(action, KIND, held.number, held.version, held, params=told, actor=actor)
    warning_table.replace(work.connection, held, change)
    work.after_commit(partial(wait_for, desk, held))
    return change


def told_of(held: OfficialWarning) -> dict[str, object]:
    """Return what every row of a warning tells besides the record."""
    return {"code": held.code, "headline": held.headline, "category": held.category, "colour": held.colour.name.lower()}


def expire(desk: Desk, ledger: Ledger) -> int:
    """End what has expired, and the calls for it; return how many were looked at. Called by the loop."""
    return due_work.tend(desk, ledger, {TIMER: _expire})


def _expire(desk: Desk, work: Work, timer: Due) -> None:
    held = warning_table.get(work.connection, int(timer[1]))
    if held is None or held.state is not WarningState.IN_FORCE:
        due_work.let_go(desk, work, timer)
        return
    ended = replace(held, state=WarningState.EXPIRED, version=held.version + 1)
    put(desk, work, ended, "warning.expire", actor=CENTRE)
    _end_calls(desk, work, [ended], "call_out.warning_expired")


def load(desk: Desk, connection: Connection) -> None:
    """Wait for the end of every warning in force, at start."""
    for held, _ in warning_table.living(connection):
        wait_for(desk, held)


def wait_for(desk: Desk, held: OfficialWarning) -> None:
    """Wait until a warning expires, on the clock that never steps (RF12)."""
    ends = held.expires_at if held.state is WarningState.IN_FORCE else None
    desk.due.wait((TIMER, str(held.number)), ends)


def _calls_went_on(desk: Desk, work: Work, held: OfficialWarning) -> OfficialWarning:
    """Let the calls of a chain go on with the message that holds now, or end when none does (WF5)."""
    chain = warning_table.chain_of(work.connection, held.number)
    running = _running(work.connection, chain)
    in_force = [one for one in chain if one.state is WarningState.IN_FORCE]
    if not running:
        return held
    if not in_force:
        _end_calls(desk, work, chain, "call_out.warning_ended")
        return held
    newest = warning_rules.oldest_first(in_force)[-1]
    if all(one.about == about(newest.number) for one in running):
        return held
    carried = warning_calls.to_call(desk, work.connection, newest, chain)
    _end_calls(desk, work, chain, "call_out.warning_updated")
    if not carried:
        return held
    begun = warning_calls.begin(desk, work, newest, carried, "", about(newest.number))
    called = replace(newest, call_out=begun.number, version=newest.version + 1)
    put(desk, work, called, "warning.call_on", {"call_out": begun.number, "count": begun.addressees})
    return called if called.number == held.number else held


def _end_calls(desk: Desk, work: Work, chain: Iterable[OfficialWarning], reason: str) -> None:
    for one in _running(work.connection, chain):
        call_care.cancel(desk, work, one, reason)


def _running(connection: Connection, chain: Iterable[OfficialWarning]) -> list[CallOut]:
    return [one for one in call_table.of_about(connection, map(_about, chain)) if one.ended_at is None]


def _about(held: OfficialWarning) -> str:
    return about(held.number)
