"""Roll calls (T9): who answers within its windows; the missing are known when it ends."""

from dataclasses import replace
from functools import partial

from sqlalchemy import Connection

from chengyun_core.centre import recipients
from chengyun_core.centre.desk import Desk
from chengyun_core.centre.gate import Caller
from chengyun_core.centre.ledger import Ledger
from chengyun_core.centre.wording import clean
from chengyun_core.centre.work import Work
from chengyun_core.model.audit import CENTRE, Actor
from chengyun_core.model.clock import NS_PER_S
from chengyun_core.model.failure import Refused
from chengyun_core.model.holding import PostKind, Subject
from chengyun_core.model.order import Channel, RollAnswer, RollCall
from chengyun_core.model.receipt_commands import AnswerRollCall, EndRollCall, NoteRollAnswer, StartRollCall
from chengyun_core.store import counters
from chengyun_core.store.record_log import RecordLog
from chengyun_core.wire.envelope import Done

LOG = RecordLog("roll_call", RollCall)
ANSWERS = RecordLog("roll_answer", RollAnswer)
COUNTER = "roll_call"
TIMER = "roll_call"
LOOKED_AT = 50
"""Newest roll calls among which the running ones are: each ends by itself within minutes."""
MOST_ANSWERS = 2400
MOST_CALLED = 1200
SHORTEST_S, LONGEST_S = 10, 3600


def subjects_of_start(desk: Desk, work: Work, command: StartRollCall) -> tuple[Subject, ...]:  # noqa: ARG001 - see HANDLERS
    """Return the centre whose roll is called."""
    code = command.centre or _own(desk)
    return (Subject(name=code, path=desk.city.path(code)),)


def subjects_of_answer(desk: Desk, work: Work, command: AnswerRollCall) -> tuple[Subject, ...]:  # noqa: ARG001 - see HANDLERS
    """Return who is answered for, owned by the post that signs for it."""
    return (recipients.subject(desk.city, command.code),)


def subjects(desk: Desk, work: Work, command: NoteRollAnswer | EndRollCall) -> tuple[Subject, ...]:
    """Return the centre of a roll call; an unknown one is refused to the permitted."""
    call = LOG.get(work.connection, command.call)
    return () if call is None else (Subject(name=call.title, path=desk.city.path(call.centre)),)


def start(desk: Desk, work: Work, caller: Caller, command: StartRollCall) -> Done:
    """Call the roll; it ends by itself when its second window is over, or when all have answered."""
    called = command.called or _everybody(desk, command.centre or _own(desk))
    _check(desk, command, called)
    call = RollCall(
        number=counters.take(work.connection, COUNTER, 1), title=clean(command.title, field="title", required=True),
        called=called, centre=command.centre or _own(desk), window_s=command.window_s,
        late_window_s=command.late_window_s, started_at=work.at_ns, started_by=caller.account,
        started_seat=caller.session.seat if caller.session else "",
    )  # fmt: skip
    change = work.note("roll_call.start", LOG.kind, call.number, call.version, call, params={"called": len(called)})
    work.after_commit(partial(_wait_for, desk, call))
    return Done(change=change, key=str(call.number), version=call.version)


def answer(desk: Desk, work: Work, caller: Caller, command: AnswerRollCall) -> Done:
    """Answer for oneself; a second answer adds nothing."""
    words = clean(command.words, field="words")
    given = RollAnswer(
        call=command.call, code=command.code, at=work.at_ns, account=caller.account,
        seat=caller.session.seat if caller.session else "", words=words,
    )  # fmt: skip
    return _answered(desk, work, given, "roll_call.answer")


def note(desk: Desk, work: Work, caller: Caller, command: NoteRollAnswer) -> Done:
    """Note an answer heard by another channel, with its words."""
    words = clean(command.words, field="words", required=True)
    if command.channel is Channel.CONSOLE:
        raise Refused("receipt.channel", receipt=command.code)
    given = RollAnswer(
        call=command.call, code=command.code, at=work.at_ns, account=caller.account,
        seat=caller.session.seat if caller.session else "", channel=command.channel, words=words,
        said_by=clean(command.said_by, field="said_by"), on_behalf=True,
    )  # fmt: skip
    return _answered(desk, work, given, "roll_call.note")


def end(desk: Desk, work: Work, caller: Caller, command: EndRollCall) -> Done:  # noqa: ARG001 - see HANDLERS
    """End it before its windows are over."""
    call = _running(desk, work, command.call)
    if call.version != command.version:
        raise Refused("roll_call.changed", call=call.number, version=call.version)
    return _end(desk, work, call, work.actor)


def tend(desk: Desk, ledger: Ledger) -> int:
    """End the roll calls whose windows are over; return how many. Called by the loop."""
    due = [int(key) for kind, key in desk.due.due() if kind == TIMER]
    if not due:
        return 0
    with ledger.work(CENTRE) as work:
        for number in due:
            call = LOG.get(work.connection, number)
            if call is None or call.ended_at is not None:
                work.after_commit(partial(desk.due.wait, (TIMER, str(number)), None))
            else:
                _end(desk, work, call, CENTRE)
    return len(due)


def load(desk: Desk, connection: Connection) -> None:
    """Wait for the end of every roll call that runs, at start."""
    for call, _ in running(connection):
        _wait_for(desk, call)


def running(connection: Connection) -> list[tuple[RollCall, int]]:
    """Return the roll calls that run, with the journal number of their last change."""
    return [(call, number) for call, number in LOG.newest(connection, LOOKED_AT) if call.ended_at is None]


def answers_of_running(connection: Connection) -> list[tuple[RollAnswer, int]]:
    """Return the answers to roll calls that run."""
    open_ones = {call.number for call, _ in running(connection)}
    if not open_ones:
        return []
    return [(given, number) for given, number in ANSWERS.newest(connection, MOST_ANSWERS) if given.call in open_ones]


def answers_of(connection: Connection, call: RollCall) -> tuple[RollAnswer, ...]:
    """Return the answers to one roll call, in the order in which they were called."""
    found = (ANSWERS.get(connection, f"{call.number}.{code}") for code in call.called)
    return tuple(given for given in found if given is not None)


def missing(call: RollCall) -> tuple[str, ...]:
    """Return who had not answered when an ended roll call ended, in the order in which they were called."""
    return tuple(code for code in call.called if code not in call.answered)


def _answered(desk: Desk, work: Work, given: RollAnswer, action: str) -> Done:
    call = _running(desk, work, given.call)
    key = f"{call.number}.{given.code}"
    if given.code not in call.called:
        raise Refused("roll_call.not_called", call=call.number, who=given.code)
    if ANSWERS.get(work.connection, key) is not None:
        return Done(change=0, key=key, version=1)
    late = work.at_ns > call.started_at + call.window_s * NS_PER_S
    change = work.note(
        action, ANSWERS.kind, key, given.version, replace(given, late=late), params={"words": given.words}
    )
    # A counter, not a count of rows: what this unit of work notes is seen in the journal only after its COMMIT.
    if counters.take(work.connection, f"roll_call.{call.number}.answers", 1) == len(call.called):
        _end(desk, work, call, work.actor, last=replace(given, late=late))
    return Done(change=change, key=key, version=given.version)


def _end(desk: Desk, work: Work, call: RollCall, actor: Actor, *, last: RollAnswer | None = None) -> Done:
    found = list(answers_of(work.connection, call))
    found += [last] if last is not None else []
    ended = replace(
        call, answered={one.code: one.at for one in found}, words={one.code: one.words for one in found if one.words},
        ended_at=work.at_ns, version=call.version + 1,
    )  # fmt: skip
    told = {"answered": len(found), "missing": len(missing(ended))}
    change = work.note("roll_call.end", LOG.kind, ended.number, ended.version, ended, params=told, actor=actor)
    work.after_commit(partial(_wait_for, desk, ended))
    return Done(change=change, key=str(ended.number), version=ended.version)


def _running(desk: Desk, work: Work, number: int) -> RollCall:
    call = LOG.get(work.connection, number)
    if call is None:
        raise Refused("roll_call.unknown", call=number)
    if call.ended_at is not None or desk.due.is_over((TIMER, str(number))):
        raise Refused("roll_call.over", call=number, at=desk.shown(call.ended_at or work.at_ns))
    return call


def _wait_for(desk: Desk, call: RollCall) -> None:
    over = call.started_at + call.late_window_s * NS_PER_S
    desk.due.wait((TIMER, str(call.number)), over if call.ended_at is None else None)


def _check(desk: Desk, command: StartRollCall, called: tuple[str, ...]) -> None:
    if not SHORTEST_S <= command.window_s <= command.late_window_s <= LONGEST_S:
        raise Refused("roll_call.windows", shortest=SHORTEST_S, longest=LONGEST_S)
    if not 0 < len(set(called)) == len(called) <= MOST_CALLED:
        raise Refused("roll_call.called", count=len(called), most=MOST_CALLED)
    for code in called:
        recipients.centre(desk.city, code)


def _everybody(desk: Desk, centre: str) -> tuple[str, ...]:
    below = (code for code in desk.city.centres if centre in desk.city.path(code) and code != centre)
    return tuple(f"{code}.{PostKind.DUTY_OFFICER}" for code in below)


def _own(desk: Desk) -> str:
    return desk.settings.centre or desk.city.root()
