"""Call-outs at the centre: over a list, tries by officers, time, cancel; what screens hear of it and what not."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from chengyun_core.model.callout import Call, CallList, CallOut, CallState, Outcome
from chengyun_core.model.places import Post
from chengyun_core.model.warning_commands import CancelCallOut, NoteCall, SaveCallList, StartCallOut
from chengyun_core.store import call_table
from chengyun_core.wire import codec
from chengyun_core.wire.envelope import Hello, Reply, Snapshot
from chengyun_core.wire.warning_asks import AskCallLists, AskCallOut, AskCallOuts, CallLists, CallOuts, CallOutTold
from tests.core.centre.event_room import asked
from tests.core.centre.room import SCREEN_KEY, Room, city

YZ, YZ_CHIEF, SPB = "500103.duty_officer", "500103.watch_chief", "500106.duty_officer"
NUMBER = "023-0000-4321"
LIST = CallList(code="flood", name="防汛叫应", grades=(4,), chains=((YZ, YZ_CHIEF), (SPB,)))


@pytest.fixture
def room(tmp_path: Path) -> Iterator[Room]:
    with Room(tmp_path) as made:
        posts = [Post(code=code, name=code, centre=code[:6], phone=NUMBER, holder="某") for code in (YZ, YZ_CHIEF, SPB)]
        made.adopt(replace(city(), posts=tuple(posts)))
        yield made


@pytest.fixture
def chief(room: Room) -> str:
    return room.officer("chief", "500000.watch_chief", "500000.duty_officer")


def _started(room: Room, chief: str) -> None:
    room.done(SaveCallList(call_list=LIST, version=0), chief)
    room.done(StartCallOut(call_list="flood", about="warning/1", title="暴雨红色预警", words="请立即转移"), chief)


def _call(room: Room, place: int = 0) -> Call:
    with room.ledger.reading() as connection:
        found = call_table.call(connection, 1, place)
    assert found is not None
    return found


def _whole(room: Room) -> CallOut:
    with room.ledger.reading() as connection:
        found = call_table.call_out(connection, 1)
    assert found is not None
    return found


def _try(room: Room, session: str, outcome: Outcome, place: int = 0, **told: str) -> Reply:
    version = _call(room, place).version
    given = {"channel": "电话", "number": NUMBER, **told}
    return room.do(NoteCall(call_out=1, place=place, version=version, outcome=outcome, **given), session)


def test_that_it_ends_when_everybody_is_confirmed_or_escalated(room: Room, chief: str) -> None:
    _started(room, chief)
    assert _try(room, chief, Outcome.CONFIRMED, words="明白，已通知各社区", said_by="赵某").outcome == "done"
    for _ in range(2):
        assert _try(room, chief, Outcome.NO_ANSWER, 1).outcome == "done"
    assert (_call(room).state, _call(room, 1).state) == (CallState.CONFIRMED, CallState.ESCALATED)
    assert _call(room, 1).superior == "500000"
    whole = _whole(room)
    assert (whole.confirmed, whole.escalated, whole.ended_at) == (1, 1, room.clock.utc_ns())


def test_that_a_confirmation_needs_who_and_his_words(room: Room, chief: str) -> None:
    _started(room, chief)
    assert _try(room, chief, Outcome.CONFIRMED, said_by="赵某").code == "text.missing.words"
    assert _try(room, chief, Outcome.CONFIRMED, words="明白").code == "text.missing.said_by"
    assert _call(room).attempts == ()


def test_that_two_tries_without_an_answer_lead_to_the_next_of_the_chain(room: Room, chief: str) -> None:
    _started(room, chief)
    for _ in range(2):
        _try(room, chief, Outcome.NO_ANSWER)
    told = asked(room, chief, "call_out.get", AskCallOut(call_out=1), CallOutTold)
    assert told.calls[0].call.chain[told.calls[0].call.at] == YZ_CHIEF
    assert (told.calls[0].phones, told.calls[0].chain_names) == ((NUMBER,), ("某", "某"))
    assert [one.number for one in told.calls[0].call.attempts] == [NUMBER, NUMBER]


def test_that_no_screen_hears_a_number_in_whole(room: Room, chief: str) -> None:
    _started(room, chief)
    _try(room, chief, Outcome.NO_ANSWER)
    assert all(NUMBER.encode() not in codec.pack(change) for change in room.published)
    snapshot = codec.unpack(room.ask("snapshot", Hello(protocol=1, client="t"), SCREEN_KEY).body, Snapshot)
    shown = [codec.unpack(change.record, Call) for change in snapshot.records if change.kind == "call"]
    assert [one.number for call in shown for one in call.attempts] == ["***-****-4321"]
    assert room.ask("call_out.get", AskCallOut(call_out=1), SCREEN_KEY).outcome == "refused"


def test_that_a_cancelled_call_out_lets_nobody_be_called_any_more(room: Room, chief: str) -> None:
    _started(room, chief)
    before = _call(room, 1).version
    room.done(CancelCallOut(call_out=1, version=1, reason="预警解除"), chief)
    late = NoteCall(call_out=1, place=1, version=before, channel="电话", number="", outcome=Outcome.NO_ANSWER)
    assert room.do(late, chief).code == "call.cancelled"
    room.clock.advance(10_000)
    room.tend()
    assert {_call(room, place).state for place in (0, 1)} == {CallState.CANCELLED}
    assert _whole(room).cancelled == "预警解除"
    assert room.do(CancelCallOut(call_out=1, version=1, reason="又一次"), chief).code == "call_out.ended"


def test_that_of_two_officers_at_the_same_call_one_learns_of_the_other(room: Room, chief: str) -> None:
    _started(room, chief)
    other = room.officer("other", seat="A-02")
    note = NoteCall(call_out=1, place=0, version=1, channel="电话", number=NUMBER, outcome=Outcome.BUSY)
    assert [room.do(note, who).code for who in (chief, other)] == ["", "call.changed"]
    assert len(_call(room).attempts) == 1


def test_that_time_tells_what_is_overdue_and_gives_it_to_the_superior_even_over_a_restart(
    room: Room, chief: str
) -> None:
    _started(room, chief)
    room.clock.advance(5 * 60)
    room.tend()
    assert (_call(room).overdue, _call(room).state) == (True, CallState.WAITING)
    posts = room.desk.city.posts
    room.restart()
    room.adopt(replace(city(), posts=tuple(posts.values())))
    room.clock.advance(25 * 60)
    room.tend()
    assert [_call(room, place).state for place in (0, 1)] == [CallState.ESCALATED] * 2
    assert _whole(room).escalated == 2
    told = [change.action for change in room.published if change.kind in ("call", "call_out")]
    assert told.count("call.escalate") == 2
    assert told[-1] == "call_out.end"


def test_that_lists_and_call_outs_are_found(room: Room, chief: str) -> None:
    _started(room, chief)
    lists = asked(room, chief, "call_list.page", AskCallLists(words="防汛"), CallLists).lists
    assert [(one.code, one.version) for one in lists] == [("flood", 1)]
    assert asked(room, chief, "call_list.page", AskCallLists(words="地震"), CallLists).lists == ()
    found = asked(room, chief, "call_out.page", AskCallOuts(about="warning/1"), CallOuts).call_outs
    assert [one.addressees for one in found] == [2]


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"chains": ()}, "call_list.empty"),
        ({"chains": ((),)}, "call_list.long_chain"),
        ({"chains": (("nobody",),)}, "call_list.unknown_person"),
        ({"grades": (5,)}, "call_list.grade"),
        ({"name": ""}, "text.missing.name"),
    ],
)
def test_that_a_list_nobody_could_be_called_by_is_refused(
    room: Room, chief: str, change: dict[str, object], code: str
) -> None:
    assert room.do(SaveCallList(call_list=replace(LIST, **change), version=0), chief).code == code


def test_that_a_list_is_saved_only_as_it_was_seen(room: Room, chief: str) -> None:
    room.done(SaveCallList(call_list=LIST, version=0), chief)
    assert room.do(SaveCallList(call_list=LIST, version=0), chief).code == "call_list.changed"
    assert room.done(SaveCallList(call_list=LIST, version=1), chief).version == 2


def test_that_a_call_out_over_an_unknown_list_writes_nothing(room: Room, chief: str) -> None:
    start = StartCallOut(call_list="none", about="", title="试", words="试")
    assert room.do(start, chief).code == "call_list.unknown"
    with room.ledger.reading() as connection:
        assert call_table.page(connection, "", 10) == []
