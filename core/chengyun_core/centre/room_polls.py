"""What a room is asked and what it decides (Y6): stances with their words, decisions, and the orders sent upon them."""

from collections.abc import Mapping
from dataclasses import replace

from chengyun_core.centre.desk import Desk
from chengyun_core.centre.event_seen import seat_of
from chengyun_core.centre.event_texts import clean_lines
from chengyun_core.centre.gate import Caller
from chengyun_core.centre.room_care import as_chair, as_member, get, write
from chengyun_core.centre.wording import clean
from chengyun_core.centre.work import Work
from chengyun_core.model.failure import Refused
from chengyun_core.model.room import Decision, Poll, Room, Stance, Vote
from chengyun_core.model.room_commands import AskPoll, CastVote, Decide, EndPoll, LinkDecision
from chengyun_core.model.room_rules import counted, present, silent
from chengyun_core.store import order_table, room_table
from chengyun_core.wire.envelope import Done

LONGEST_QUESTION = 200
LONGEST_DECISION = 1000
MOST_ORDERS = 50


def ask(desk: Desk, work: Work, caller: Caller, command: AskPoll) -> Done:
    """Ask everybody who is in; one question at a time."""
    room = get(work.connection, command.room)
    as_chair(room, caller)
    question = clean(command.question, field="question", most=LONGEST_QUESTION, required=True)
    running = next((poll for poll, _ in room_table.polls(work.connection, room.number) if poll.closed_at is None), None)
    if running is not None:
        raise Refused("room.poll_open", question=running.question)
    poll = Poll(
        room=room.number, number=room.polls + 1, event=room.event, question=question,
        asked=tuple(one.code for one in present(room)), opened_at=work.at_ns, opened_by=caller.account,
    )  # fmt: skip
    write(desk, work, room, "room.asked", params={"question": question}, polls=poll.number)
    return _put_poll(work, poll, "room.poll", {"question": question, "asked": len(poll.asked)})


def vote(_desk: Desk, work: Work, caller: Caller, command: CastVote) -> Done:
    """Take a stance; what is not agreement needs words."""
    room = get(work.connection, command.room)
    member = as_member(room, caller)
    if member.code != command.code:
        raise Refused("room.not_yours", member=command.code[:64])
    poll = _open_poll(work, room, command.poll)
    if member.code not in poll.asked:
        raise Refused("room.not_asked", question=poll.question)
    words = clean(command.words, field="words", required=command.stance is not Stance.AGREE)
    made = Vote(
        code=member.code, stance=command.stance, words=words, at=work.at_ns, account=caller.account,
        seat=seat_of(caller),
    )  # fmt: skip
    kept = tuple(one for one in poll.votes if one.code != member.code)
    after = replace(poll, votes=(*kept, made), version=poll.version + 1)
    told = {"member": member.name or member.code, "stance": command.stance.value, "words": words}
    return _put_poll(work, after, "room.vote", told)


def end(_desk: Desk, work: Work, caller: Caller, command: EndPoll) -> Done:
    """Close a question; the count and who said nothing go into the timeline."""
    room = get(work.connection, command.room)
    as_chair(room, caller)
    poll = _open_poll(work, room, command.poll)
    after = replace(poll, closed_at=work.at_ns, version=poll.version + 1)
    told = {"question": poll.question, **_counts(after)}
    return _put_poll(work, after, "room.end_poll", told)


def decide(desk: Desk, work: Work, caller: Caller, command: Decide) -> Done:
    """Record a decision; one resting on a poll closes it."""
    room = get(work.connection, command.room)
    as_chair(room, caller)
    text = clean_lines(command.text, field="text", most=LONGEST_DECISION, required=True)
    poll = _poll(work, room, command.poll) if command.poll else None
    if poll is not None and poll.closed_at is None:
        after = replace(poll, closed_at=work.at_ns, version=poll.version + 1)
        _put_poll(work, after, "room.end_poll", {"question": poll.question, **_counts(after)})
    made = Decision(
        room=room.number, number=room.decisions + 1, event=room.event, text=text, poll=command.poll,
        decided_at=work.at_ns, decided_by=caller.account, decided_seat=seat_of(caller),
        present=tuple(one.code for one in present(room)),
    )  # fmt: skip
    write(desk, work, room, "room.decided", params={"decision": made.number}, decisions=made.number)
    told = {"text": text, "present": len(made.present), "question": poll.question if poll else ""}
    return _put_decision(work, made, "room.decide", told)


def link(_desk: Desk, work: Work, _caller: Caller, command: LinkDecision) -> Done:
    """Tie orders to the decision they were sent upon; also when the room is closed already."""
    known = room_table.decisions(work.connection, command.room)
    decision = next((one for one, _ in known if one.number == command.decision), None)
    if decision is None:
        raise Refused("room.no_decision", decision=command.decision)
    new = tuple(number for number in dict.fromkeys(command.orders) if number not in decision.orders)
    codes = [_order_of(work, decision, number) for number in new]
    if len(decision.orders) + len(new) > MOST_ORDERS:
        raise Refused("room.too_many_orders", count=len(decision.orders) + len(new), most=MOST_ORDERS)
    if not new:
        return Done(change=0, key=f"{decision.room}.{decision.number}", version=decision.version)
    after = replace(decision, orders=(*decision.orders, *new), version=decision.version + 1)
    return _put_decision(work, after, "room.link", {"orders": ", ".join(codes), "text": decision.text})


def _order_of(work: Work, decision: Decision, number: int) -> str:
    order = order_table.get(work.connection, number)
    if order is None or order.event != decision.event:
        raise Refused("order.unknown", order=number)
    return order.code


def _poll(work: Work, room: Room, number: int) -> Poll:
    found = next((one for one, _ in room_table.polls(work.connection, room.number) if one.number == number), None)
    if found is None:
        raise Refused("room.no_poll", poll=number)
    return found


def _open_poll(work: Work, room: Room, number: int) -> Poll:
    poll = _poll(work, room, number)
    if poll.closed_at is not None:
        raise Refused("room.poll_over", question=poll.question)
    return poll


def _counts(poll: Poll) -> dict[str, object]:
    return {**{stance.value: count for stance, count in counted(poll).items()}, "silent": len(silent(poll))}


def _put_poll(work: Work, poll: Poll, action: str, told: Mapping[str, object]) -> Done:
    key = f"{poll.room}.{poll.number}"
    change = work.note(action, room_table.POLL, key, poll.version, poll, params=told)
    room_table.put_item(work.connection, poll, change)
    return Done(change=change, key=key, version=poll.version)


def _put_decision(work: Work, decision: Decision, action: str, told: Mapping[str, object]) -> Done:
    key = f"{decision.room}.{decision.number}"
    change = work.note(action, room_table.DECISION, key, decision.version, decision, params=told)
    room_table.put_item(work.connection, decision, change)
    return Done(change=change, key=key, version=decision.version)
