"""Deeds in a consultation; its letters act while the sheet of the room has the keyboard and no text field does."""

import re
from collections.abc import Callable
from dataclasses import replace

from chengyun_console.actions.action import Action, Choice, Question, Say, Where
from chengyun_console.actions.subject import Subject
from chengyun_core.model import room_commands
from chengyun_core.model.clock import NS_PER_S
from chengyun_core.model.failure import Reason
from chengyun_core.model.order import Channel
from chengyun_core.model.room import Heard, Member, MemberMove, MemberState, Poll, Room, Stance, Way
from chengyun_core.model.room_rules import possible, sharer

_MOST_SHOWN = 60
Why = Callable[[Subject], Reason | None]


def room_of(subject: Subject) -> Room:
    """Return the room a deed is about; `_needs_room` has been asked before."""
    assert subject.room.room is not None
    return subject.room.room


def own_of(subject: Subject) -> Member:
    """Return who one is in it; `_is_in` has been asked before."""
    assert subject.room.own is not None
    return subject.room.own


def _needs_room(subject: Subject) -> Reason | None:
    return None if subject.room.room is not None else Reason(code="rooms.none_open")


def _may_join(subject: Subject) -> Reason | None:
    own = subject.room.own
    if own is None:
        return _needs_room(subject) or Reason(code="rooms.not_asked")
    return None if MemberMove.JOIN in possible(own) else Reason(code="rooms.in_already")


def _is_in(subject: Subject) -> Reason | None:
    own = subject.room.own
    if own is None or own.state is not MemberState.JOINED:
        return _needs_room(subject) or Reason(code="rooms.not_in")
    return None


def _leads(subject: Subject) -> Reason | None:
    own, room = subject.room.own, subject.room.room
    if own is None or room is None or own.code != room.chair:
        return _is_in(subject) or Reason(code="rooms.not_chair")
    return _is_in(subject)


def _chosen_in(subject: Subject) -> Reason | None:
    chosen = subject.room.chosen
    if chosen is None or chosen.state is not MemberState.JOINED:
        return _leads(subject) or Reason(code="rooms.none_chosen")
    return _leads(subject)


def _poll_open(subject: Subject) -> Reason | None:
    poll = subject.room.poll
    return None if poll is not None and poll.closed_at is None else Reason(code="rooms.no_poll")


def _may_vote(subject: Subject) -> Reason | None:
    return _is_in(subject) or _poll_open(subject)


def _may_ask(subject: Subject) -> Reason | None:
    return _leads(subject) or (None if _poll_open(subject) is not None else Reason(code="rooms.poll_open"))


def _may_end(subject: Subject) -> Reason | None:
    return _leads(subject) or _poll_open(subject)


def _may_take_lead(subject: Subject) -> Reason | None:
    """Give the lead to the chosen one; take it oneself while the chair is not there."""
    return _chosen_in(subject) if _leads(subject) is None else _is_in(subject)


def _has_decision(subject: Subject) -> Reason | None:
    return None if subject.room.decision is not None else Reason(code="rooms.no_decision")


def _is_shown(subject: Subject) -> Reason | None:
    room = subject.room.room
    if room is None or sharer(room) is None:
        return _is_in(subject) or Reason(code="rooms.nothing_shared")
    return _is_in(subject)


def _has_ticked(subject: Subject) -> Reason | None:
    return _needs_room(subject) or (None if subject.room.ticked else Reason(code="rooms.all_asked"))


def _number(subject: Subject) -> int:
    return room_of(subject).number


def _poll(subject: Subject) -> Poll:
    assert subject.room.poll is not None
    return subject.room.poll


def _text(title: str) -> tuple[Question, ...]:
    return (Question(title=title),)


def _join(subject: Subject, _answers: tuple[object, ...], _say: Say) -> object:
    return room_commands.JoinRoom(room=_number(subject), code=own_of(subject).code)


def _leave(subject: Subject, _answers: tuple[object, ...], _say: Say) -> object:
    return room_commands.LeaveRoom(room=_number(subject), code=own_of(subject).code)


def _mute(subject: Subject, _answers: tuple[object, ...], _say: Say) -> object:
    own = own_of(subject)
    return room_commands.MuteInRoom(room=_number(subject), code=own.code, is_muted=not own.is_muted)


def _mute_other(subject: Subject, _answers: tuple[object, ...], _say: Say) -> object:
    chosen = subject.room.chosen
    assert chosen is not None
    return room_commands.MuteInRoom(room=_number(subject), code=chosen.code, is_muted=not chosen.muted_by)


def _hand(subject: Subject, _answers: tuple[object, ...], _say: Say) -> object:
    own = own_of(subject)
    return room_commands.RaiseHand(room=_number(subject), code=own.code, is_raised=own.hand_at is None)


def _invite(subject: Subject, _answers: tuple[object, ...], _say: Say) -> object:
    return room_commands.InviteToRoom(room=_number(subject), invited=subject.room.ticked)


def _shares(subject: Subject) -> tuple[Choice, ...]:
    found = [Choice(title="rooms.share.map", value="map"), Choice(title="rooms.share.self", value="self")]
    camera = subject.room.camera
    if camera is not None:
        found.append(Choice(title="rooms.share.camera", text=camera.name, value=f"camera/{camera.code}"))
    # The text names what it is; what a title stands for is the same word for each of them.
    found += [Choice(title="rooms.share.offer", text=one.text, value=one.name) for one in subject.room.offers]
    own = subject.room.own
    if own is not None and own.shares:
        found.append(Choice(title="rooms.share.stop", value=""))
    return tuple(found)


def _share(subject: Subject, answers: tuple[object, ...], _say: Say) -> object:
    return room_commands.ShareInRoom(room=_number(subject), code=own_of(subject).code, shares=str(answers[0]))


def _say_in(subject: Subject, answers: tuple[object, ...], _say: Say) -> object:
    return room_commands.SayInRoom(room=_number(subject), code=own_of(subject).code, text=str(answers[0]))


def _ask(subject: Subject, answers: tuple[object, ...], _say: Say) -> object:
    return room_commands.AskPoll(room=_number(subject), question=str(answers[0]))


def _end(subject: Subject, _answers: tuple[object, ...], _say: Say) -> object:
    return room_commands.EndPoll(room=_number(subject), poll=_poll(subject).number)


def _vote(stance: Stance) -> Callable[[Subject, tuple[object, ...], Say], object]:
    def made(subject: Subject, answers: tuple[object, ...], _say: Say) -> object:
        words = str(answers[0]) if answers else ""
        return room_commands.CastVote(
            room=_number(subject), poll=_poll(subject).number, code=own_of(subject).code, stance=stance, words=words
        )

    return made


def _decide(subject: Subject, answers: tuple[object, ...], _say: Say) -> object:
    poll = subject.room.poll
    return room_commands.Decide(room=_number(subject), text=str(answers[0]), poll=poll.number if poll else 0)


def _chair(subject: Subject, _answers: tuple[object, ...], _say: Say) -> object:
    target = subject.room.chosen if _leads(subject) is None else own_of(subject)
    assert target is not None
    return room_commands.PassChair(room=_number(subject), code=target.code)


def _record(subject: Subject, _answers: tuple[object, ...], _say: Say) -> object:
    room = room_of(subject)
    return room_commands.RecordRoom(room=room.number, is_recorded=not room.is_recorded)


def _agenda(subject: Subject, answers: tuple[object, ...], _say: Say) -> object:
    return room_commands.SetAgenda(room=_number(subject), agenda=(*room_of(subject).agenda, str(answers[0])))


def _close(subject: Subject, answers: tuple[object, ...], say: Say) -> object:
    return room_commands.CloseRoom(room=_number(subject), reason=say(str(answers[0])))


_CLOSING = Question(
    title="rooms.question.close",
    choices=lambda _subject: tuple(
        Choice(title=f"rooms.close.{word}", value=f"rooms.close.{word}") for word in ("decided", "over", "mistake")
    ),
)


_SAID = tuple(
    Choice(title=f"heard.said.{channel.value}.{way.value}", value=(channel, way))
    for channel in (Channel.PHONE, Channel.RADIO)
    for way in Way
)
_DUE_MIN = (0, 10, 30, 60)
_HEARD = (
    Question(title="heard.question.said", choices=lambda _subject: _SAID),
    Question(title="heard.question.party"),
    Question(title="heard.question.words"),
    Question(
        title="heard.question.due",
        choices=lambda _subject: tuple(Choice(title=f"heard.due.{minutes}", value=minutes) for minutes in _DUE_MIN),
    ),
)
_NUMBER = re.compile(r"\+?\d[\d -]{3,}\d")


def _heard(subject: Subject, answers: tuple[object, ...], _say: Say) -> object:
    """A number that is told with the party is what is called back; of a radio line it is the party itself."""
    said, party, words, minutes = answers
    assert isinstance(said, tuple)
    assert isinstance(minutes, int)
    found = _NUMBER.search(str(party))
    return room_commands.WriteHeard(
        event=subject.event.number if subject.event is not None else None, channel=said[0], way=said[1],
        party=str(party), words=str(words),
        call_back=(found.group() if found else str(party)[:40]) if minutes else "",
        due_at=subject.now_ns + minutes * 60 * NS_PER_S if minutes else None,
    )  # fmt: skip


def _heard_of_none(subject: Subject, answers: tuple[object, ...], say: Say) -> object:
    return _heard(replace(subject, event=None), answers, say)


def _waits(subject: Subject) -> Reason | None:
    return None if subject.room.waiting else Reason(code="heard.none_waits")


def _waiting(subject: Subject) -> tuple[Choice, ...]:
    return tuple(
        Choice(title="", text=f"{line.party} {line.words}"[:_MOST_SHOWN], value=line)
        for line in subject.room.waiting[:9]
    )  # fmt: skip


def _called(_subject: Subject, answers: tuple[object, ...], _say: Say) -> object:
    line, words = answers
    assert isinstance(line, Heard)
    return room_commands.CallBack(heard=line.number, version=line.version, answer=str(words))


_CALLED = (Question(title="heard.question.who", choices=_waiting), Question(title="heard.question.answer"))


def _deed(
    name: str, key: str, record: type, why_not: Why, make: Callable[[Subject, tuple[object, ...], Say], object],
    questions: tuple[Question, ...] = (),
) -> Action:  # fmt: skip
    return Action(
        id=f"room.{name}", title=f"rooms.action.{name}", keys=(key,), where=Where.ROOM, record=record,
        why_not=why_not, questions=questions, make=make,
    )  # fmt: skip


ROOM_ACTIONS: tuple[Action, ...] = (
    Action(
        id="heard.write", title="heard.action.write", keys=("Shift+D",), where=Where.EVENT,
        record=room_commands.WriteHeard, questions=_HEARD, make=_heard,
        why_not=lambda subject: None if subject.event is not None else Reason(code="events.none_in_focus"),
    ),
    Action(
        id="heard.write_free", title="heard.action.write_free", keys=("Ctrl+Shift+J",),
        record=room_commands.WriteHeard, questions=_HEARD, make=_heard_of_none,
    ),
    Action(
        id="heard.call_back", title="heard.action.call_back", keys=("Shift+B",), where=Where.EVENT,
        record=room_commands.CallBack, questions=_CALLED, make=_called, why_not=_waits,
    ),
    Action(id="room.open_for_event", title="rooms.action.open_for_event", keys=("Shift+H",), where=Where.EVENT),
    Action(
        id="room.open", title="rooms.action.open", keys=("O",), where=Where.ROOM, record=room_commands.OpenRoom,
        why_not=lambda subject: None if subject.room.room is None else Reason(code="rooms.open_already"),
    ),
    _deed("join", "J", room_commands.JoinRoom, _may_join, _join),
    _deed("mute", "M", room_commands.MuteInRoom, _is_in, _mute),
    _deed("hand", "H", room_commands.RaiseHand, _is_in, _hand),
    _deed("invite", "I", room_commands.InviteToRoom, _has_ticked, _invite),
    Action(id="room.find", title="rooms.action.find", keys=("F",), where=Where.ROOM),
    _deed("poll", "Q", room_commands.AskPoll, _may_ask, _ask, _text("rooms.question.poll")),
    _deed("agree", "1", room_commands.CastVote, _may_vote, _vote(Stance.AGREE)),
    _deed("reserve", "2", room_commands.CastVote, _may_vote, _vote(Stance.RESERVE), _text("rooms.question.reserve")),
    _deed("oppose", "3", room_commands.CastVote, _may_vote, _vote(Stance.OPPOSE), _text("rooms.question.oppose")),
    _deed("end_poll", "E", room_commands.EndPoll, _may_end, _end),
    _deed("decide", "D", room_commands.Decide, _leads, _decide, _text("rooms.question.decide")),
    Action(id="room.order", title="rooms.action.order", keys=("T",), where=Where.ROOM, why_not=_has_decision),
    _deed("say", "N", room_commands.SayInRoom, _is_in, _say_in, _text("rooms.question.say")),
    _deed("agenda", "A", room_commands.SetAgenda, _leads, _agenda, _text("rooms.question.agenda")),
    _deed(
        "share", "S", room_commands.ShareInRoom, _is_in, _share,
        (Question(title="rooms.question.share", choices=_shares),),
    ),
    Action(id="room.watch", title="rooms.action.watch", keys=("W",), where=Where.ROOM, why_not=_is_shown),
    Action(id="room.picture", title="rooms.action.picture", keys=("C",), where=Where.ROOM, why_not=_is_in),
    Action(id="room.look", title="rooms.action.look", keys=("P",), where=Where.ROOM, why_not=_is_in),
    _deed("record", "R", room_commands.RecordRoom, _leads, _record),
    _deed("mute_other", "Shift+M", room_commands.MuteInRoom, _chosen_in, _mute_other),
    _deed("chair", "G", room_commands.PassChair, _may_take_lead, _chair),
    _deed("leave", "L", room_commands.LeaveRoom, _is_in, _leave),
    _deed("close", "X", room_commands.CloseRoom, _leads, _close, (_CLOSING,)),
)  # fmt: skip
"""In the order in which the sheet shows its keys."""

ROOM_KEYS = ("room.agree", "room.oppose", "room.reserve")
"""Digits: bound by the sheet, for they mean something else everywhere else."""
