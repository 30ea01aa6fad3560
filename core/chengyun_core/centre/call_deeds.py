"""Commands about call-outs and their lists: begin, cancel, note a try, save a list."""

from collections.abc import Sequence
from dataclasses import replace

from chengyun_core.centre import call_care, call_people
from chengyun_core.centre.desk import Desk
from chengyun_core.centre.event_texts import clean_lines
from chengyun_core.centre.gate import Caller
from chengyun_core.centre.wording import clean
from chengyun_core.centre.work import Work
from chengyun_core.model import call_rules
from chengyun_core.model.callout import Attempt, Call, CallList, CallOut, CallState, Outcome
from chengyun_core.model.failure import Refused
from chengyun_core.model.holding import Subject
from chengyun_core.model.warning_commands import CancelCallOut, NoteCall, SaveCallList, StartCallOut
from chengyun_core.store import call_table
from chengyun_core.wire.envelope import Done

LONGEST_CODE, LONGEST_TITLE, LONGEST_WORDS = 64, 100, 1000
LONGEST_CHAIN = 10
GRADES = range(1, 5)
MOST_TRIES, LONGEST_MINUTES = 10, 24 * 60.0


def subjects(desk: Desk, work: Work, command: CancelCallOut) -> tuple[Subject, ...]:
    """Return whose call-out it is; an unknown one is refused to the permitted."""
    held = call_table.call_out(work.connection, command.call_out)
    return () if held is None else (Subject(name=held.title, path=desk.city.path(held.centre)),)


def subjects_of_try(desk: Desk, work: Work, command: NoteCall) -> tuple[Subject, ...]:
    """Return the centre that is called: whoever watches over it may call it, too."""
    call = call_table.call(work.connection, command.call_out, command.place)
    return () if call is None else (Subject(name=call.for_centre, path=desk.city.path(call.for_centre)),)


def start(desk: Desk, work: Work, caller: Caller, command: StartCallOut) -> Done:  # noqa: ARG001 - see HANDLERS
    """Begin a call-out over a list."""
    title = clean(command.title, field="title", most=LONGEST_TITLE, required=True)
    words = clean_lines(command.words, field="words", most=LONGEST_WORDS, required=True)
    about = clean(command.about, field="about", most=LONGEST_CODE)
    held = call_care.start(desk, work, command.call_list, about, title, words)
    return Done(change=work.noted, key=str(held.number), version=held.version)


def cancel(desk: Desk, work: Work, caller: Caller, command: CancelCallOut) -> Done:  # noqa: ARG001 - see HANDLERS
    """End a call-out."""
    reason = clean(command.reason, field="reason", required=True)
    held = _running(desk, work, command)
    ended = call_care.cancel(desk, work, held, reason)
    return Done(change=work.noted, key=str(ended.number), version=ended.version)


def note(desk: Desk, work: Work, caller: Caller, command: NoteCall) -> Done:
    """Write down one try at whoever is to be called now."""
    call = _call_as_seen(desk, work, command)
    attempt = _attempt(work, caller, call, command)
    after = call_rules.tried(call, attempt, call_care.patience(desk))
    escalated = after.state is CallState.ESCALATED and call.state is not CallState.ESCALATED
    if escalated:
        after = call_care.escalation(desk, after)
    told = {
        "outcome": attempt.outcome.value, "person": attempt.person, "words": attempt.words, "said_by": attempt.said_by,
        "superior": after.superior,
    }  # fmt: skip
    action = "call.escalate" if escalated else "call.note"
    change = call_care.put_call(desk, work, after, action, told, number=_number(command))
    call_care.settle(work, call, after)
    return Done(change=change, key=call_care.key_of(after), version=after.version)


def save(desk: Desk, work: Work, caller: Caller, command: SaveCallList) -> Done:  # noqa: ARG001 - see HANDLERS
    """Write a call list, new or known."""
    given = checked(desk, work, command.call_list)
    known = call_care.LISTS.get(work.connection, given.code)
    version = known.version if known else 0
    if version != command.version:
        raise Refused("call_list.changed", list=given.code, version=version)
    saved = replace(given, version=version + 1)
    change = work.note(
        "call_list.save", call_care.LISTS.kind, saved.code, saved.version, saved, params={"name": saved.name}
    )
    return Done(change=change, key=saved.code, version=saved.version)


def checked(desk: Desk, work: Work, given: CallList) -> CallList:
    """Return a list with clean texts and known people.

    Raises:
        Refused: `call_list.empty`, `call_list.long_chain`, `call_list.grade`, `call_list.waits`,
            `call_list.unknown_person`.
    """
    name = clean(given.name, field="name", most=LONGEST_TITLE, required=True)
    code = clean(given.code, field="code", most=LONGEST_CODE, required=True)
    if not 0 < len(given.chains) <= call_care.MOST_ADDRESSEES:
        raise Refused("call_list.empty", list=name, most=call_care.MOST_ADDRESSEES)
    if any(grade not in GRADES for grade in given.grades):
        raise Refused("call_list.grade", list=name)
    check_waits(given)
    for chain in given.chains:
        _check_chain(desk, work, name, chain)
    return replace(given, code=code, name=name)


def check_waits(given: CallList) -> None:
    """Raise Refused `call_list.waits` when a list's tries or minutes are no waits: negative, too long, not a number."""
    minutes = (given.try_minutes, given.escalate_minutes)
    if not 0 <= given.tries <= MOST_TRIES or any(not 0 <= one <= LONGEST_MINUTES for one in minutes):
        raise Refused("call_list.waits", list=given.name[:LONGEST_TITLE], tries=MOST_TRIES, minutes=LONGEST_MINUTES)


def _check_chain(desk: Desk, work: Work, name: str, chain: Sequence[str]) -> None:
    if not 0 < len(chain) <= LONGEST_CHAIN:
        raise Refused("call_list.long_chain", list=name, most=LONGEST_CHAIN)
    for code in chain:
        if call_people.known(desk.city, work.connection, code) is None:
            raise Refused("call_list.unknown_person", list=name, person=code[:64])


def _attempt(work: Work, caller: Caller, call: Call, command: NoteCall) -> Attempt:
    """Return the try; who confirmed and what he said are needed word for word (H8)."""
    confirmed = command.outcome is Outcome.CONFIRMED
    return Attempt(
        at=work.at_ns, channel=clean(command.channel, field="channel", most=40, required=True),
        number=call_rules.masked(_number(command)), outcome=command.outcome, by=caller.account,
        person=call.chain[call.at], words=clean(command.words, field="words", required=confirmed),
        said_by=clean(command.said_by, field="said_by", most=60, required=confirmed),
    )  # fmt: skip


def _number(command: NoteCall) -> str:
    return clean(command.number, field="number", most=40)


def _running(desk: Desk, work: Work, command: CancelCallOut) -> CallOut:
    """Return the call-out at hand; its version is not asked: it moves with every try, and all that is open is meant."""
    held = call_table.call_out(work.connection, command.call_out)
    if held is None:
        raise Refused("call_out.unknown", call_out=command.call_out)
    if held.ended_at is not None:
        raise Refused("call_out.ended", title=held.title, at=desk.shown(held.ended_at))
    return held


def _call_as_seen(desk: Desk, work: Work, command: NoteCall) -> Call:
    call = call_table.call(work.connection, command.call_out, command.place)
    if call is None:
        raise Refused("call.unknown", call_out=command.call_out, place=command.place)
    if call.state is CallState.CANCELLED:
        held = call_table.call_out(work.connection, call.call_out)
        assert held is not None
        raise Refused("call.cancelled", title=held.title, at=desk.shown(held.ended_at), reason=held.cancelled)
    if call.state is CallState.CONFIRMED:
        last = call.attempts[-1]
        raise Refused("call.confirmed", who=last.said_by, at=desk.shown(last.at))
    if call.version != command.version:
        raise Refused("call.changed", version=call.version)
    return call
