"""A call list tried while it is written: who would be called now, for what it is meant, and whose code nobody has."""

import math
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import TypeVar

import pytest

from chengyun_core.model.callout import Call, CallList, CallState, Outcome
from chengyun_core.model.clock import NS_PER_S
from chengyun_core.model.duty import Assignment, DutyRole, Person, Presence
from chengyun_core.model.duty_commands import BeginShift, SavePerson, SaveShift, TellPresence
from chengyun_core.model.places import Post
from chengyun_core.model.scales import WarningColour
from chengyun_core.model.warning_commands import NoteCall, SaveCallList, StartCallOut
from chengyun_core.store import call_table
from chengyun_core.wire import codec
from chengyun_core.wire.warning_asks import AskCallListCheck, CallListChecked
from tests.core.centre.room import NOON_NS, Room, city

T = TypeVar("T")
YZ, YZ_CHIEF, SPB = "500103.duty_officer", "500103.watch_chief", "500106.duty_officer"
LIST = CallList(code="flood", name="防汛叫应", grades=(4,), matters=("rain",), chains=((YZ, YZ_CHIEF), ("p-1", "gone")))
MIN_NS = 60 * NS_PER_S


@pytest.fixture
def room(tmp_path: Path) -> Iterator[Room]:
    with Room(tmp_path) as made:
        given = {"phone": "023-0000-4321", "holder": "某"}
        posts = [Post(code=code, name=code, centre=code[:6], **given) for code in (YZ, YZ_CHIEF, SPB)]
        made.adopt(replace(city(), posts=tuple(posts)))
        yield made


@pytest.fixture
def chief(room: Room) -> str:
    session = room.officer("chief", "500000.watch_chief", "500000.duty_officer")
    person = Person(code="p-1", name="周一", centre="500000", unit="水务局", phones=("13812345678",))
    room.done(SavePerson(person=person, version=0), session)
    return session


def _tried(room: Room, session: str, given: CallList = LIST, **more: object) -> CallListChecked:
    reply = room.ask("call_list.check", AskCallListCheck(call_list=given, **more), session)  # type: ignore[arg-type]
    assert reply.outcome == "done", reply
    return codec.unpack(reply.body, CallListChecked)


def test_that_a_list_says_whom_it_would_call_with_hidden_numbers_and_who_comes_next(room: Room, chief: str) -> None:
    told = _tried(room, chief)
    first, second = told.lines
    assert (first.code, first.centre, first.then, first.listed) == (YZ, "500103", ("某",), "防汛叫应")
    assert (second.name, second.phone, second.then) == ("周一", "*******5678", ("gone",))
    assert (told.unknown, told.count, told.is_meant) == (("gone",), 2, True)
    assert (told.tries, told.try_minutes > 0, told.escalate_minutes > 0) == (2, True, True)


def test_that_where_somebody_is_on_the_running_shift_is_told(room: Room, chief: str) -> None:
    rows = (Assignment(person="p-1", role=DutyRole.OFFICER),)
    saved = SaveShift(number=0, version=0, centre="500000", name="白班", begins_at=NOON_NS, assignments=rows,
                      ends_at=NOON_NS + 8 * 60 * MIN_NS)  # fmt: skip
    number = int(room.done(saved, chief).key)
    room.done(BeginShift(shift=number, version=1), chief)
    room.done(TellPresence(shift=number, version=2, person="p-1", presence=Presence.ABSENT, reason="病"), chief)
    assert [line.presence for line in _tried(room, chief).lines] == ["", "absent"]


def test_that_a_warning_calls_by_the_lists_for_it_and_elsewhere_by_the_places_posts(room: Room, chief: str) -> None:
    told = _tried(room, chief, category="rain", colour=WarningColour.RED)
    assert told.is_meant
    assert [(line.code, line.listed) for line in told.lines] == [(YZ, "防汛叫应"), ("p-1", "防汛叫应"), (SPB, "")]
    other = _tried(room, chief, category="rain", colour=WarningColour.BLUE)
    assert not other.is_meant
    assert {(line.code, line.listed) for line in other.lines} == {(YZ, ""), (SPB, "")}
    district = _tried(room, chief, category="rain", colour=WarningColour.RED, centre="500106")
    assert "500103" not in {line.centre for line in district.lines}


def test_that_the_draft_stands_for_the_saved_list_of_its_code(room: Room, chief: str) -> None:
    room.done(SaveCallList(call_list=replace(LIST, chains=((SPB,),)), version=0), chief)
    told = _tried(room, chief, category="rain", colour=WarningColour.RED)
    assert SPB not in {line.code for line in told.lines if line.listed}


def test_that_a_centre_nobody_knows_is_refused(room: Room, chief: str) -> None:
    ask = AskCallListCheck(call_list=LIST, category="rain", centre="999999")
    assert room.ask("call_list.check", ask, chief).code == "person.centre_unknown"


def _call(room: Room) -> Call:
    with room.ledger.reading() as connection:
        found = call_table.call(connection, 1, 0)
    assert found is not None
    return found


def test_that_a_lists_own_tries_and_minutes_hold_for_its_calls(room: Room, chief: str) -> None:
    given = replace(LIST, chains=((YZ, YZ_CHIEF),), tries=3, try_minutes=2.0, escalate_minutes=9.0)
    room.done(SaveCallList(call_list=given, version=0), chief)
    room.done(StartCallOut(call_list="flood", about="warning/1", title="暴雨红色预警", words="请转移"), chief)
    begun = _call(room)
    assert (begun.due_at, begun.ends_at) == (NOON_NS + 2 * MIN_NS, NOON_NS + 9 * MIN_NS)
    for at in range(3):
        assert _call(room).at == 0, at
        made = NoteCall(call_out=1, place=0, version=_call(room).version, channel="电话", number="1",
                        outcome=Outcome.NO_ANSWER)  # fmt: skip
        room.done(made, chief)
    after = _call(room)
    assert (after.at, after.state) == (1, CallState.UNREACHABLE)
    assert after.due_at == room.clock.utc_ns() + 2 * MIN_NS


@pytest.mark.parametrize(
    "wrong",
    [{"tries": 11}, {"tries": -1}, {"try_minutes": -1.0}, {"escalate_minutes": 1e9}, {"escalate_minutes": math.nan}],
)
def test_that_waiting_times_that_cannot_be_are_refused(room: Room, chief: str, wrong: dict[str, float]) -> None:
    given = replace(LIST, chains=((YZ,),), **wrong)  # type: ignore[arg-type]
    assert room.do(SaveCallList(call_list=given, version=0), chief).code == "call_list.waits"
    tried = room.ask("call_list.check", AskCallListCheck(call_list=given), chief)
    assert (tried.outcome, tried.code) == ("refused", "call_list.waits"), "a draft is tried by the same rule"
