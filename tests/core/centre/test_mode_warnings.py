"""What a preview warns of before a switch: who will hardly confirm, who is missing; nothing is refused for it."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from chengyun_core.centre.mode_warnings import INGEST_SILENT_S
from chengyun_core.model.clock import NS_PER_S
from chengyun_core.model.duty import Assignment, DutyRole, Person
from chengyun_core.model.duty_commands import SavePerson, SaveShift
from chengyun_core.model.mode import Scope, ScopeKind, SwitchState
from chengyun_core.wire import codec
from chengyun_core.wire.duty_asks import AskDutyNow, DutyNow
from tests.core.centre.mode_room import CITY, FLOOD, WHOLE, YUZHONG, ModeRoom
from tests.core.centre.room import NOON_NS

HOUR_NS = 3600 * NS_PER_S
POST = FLOOD.reinforcement[0]


@pytest.fixture
def city(tmp_path: Path) -> Iterator[ModeRoom]:
    """A city in which everybody lives."""
    made = ModeRoom(tmp_path)
    with made.room:
        yield made


def warned(city: ModeRoom, scope: Scope = WHOLE, preset: str = "flood") -> dict[str, str]:
    """Return code → who may be left out for it."""
    return {one.reason.code: one.who for one in city.preview(scope, preset).warnings}


def pass_by(city: ModeRoom, seconds: float, *sessions: str) -> None:
    """Let time go by in which ingest runs on, and these consoles live."""
    city.room.clock.advance(seconds)
    city.runs()
    city.here(*sessions)


def test_that_nobody_is_warned_of_where_everybody_lives(city: ModeRoom) -> None:
    assert warned(city, preset="bare") == {}
    assert warned(city, preset="water") == {}


def test_that_a_silent_ingest_is_told_before_the_switch_and_can_be_left_out(city: ModeRoom) -> None:
    city.room.clock.advance(INGEST_SILENT_S + 1)
    city.here(city.officer, city.chief, city.of_yuzhong)
    assert warned(city, preset="water") == {"mode.warn.ingest_silent": "ingest/0"}
    assert warned(city, preset="bare") == {}, "without limits nobody waits for ingest"
    asked = city.ask_for(preset="water", without=("ingest/0",))
    assert city.give(asked).outcome == "done"
    city.confirm(city.officer, "A-01", city.newest())
    city.confirm(city.chief, "A-02", city.newest())
    city.confirm(city.of_yuzhong, "Y-01", city.newest())
    assert city.newest().state is SwitchState.IN_FORCE


def test_that_an_ingest_nobody_heard_and_one_that_lags_behind_are_told(city: ModeRoom) -> None:
    city.runs(shard=3)
    city.room.desk.city = replace(city.room.desk.city, version=city.room.desk.city.version + 1)
    city.runs(shard=0)
    assert [(one.reason.code, one.who) for one in city.preview(preset="water").warnings] == [
        ("mode.warn.ingest_behind", "ingest/3")
    ]
    city.room.desk.running.clear()
    city.room.desk.ingest_heard.clear()
    assert warned(city, preset="water") == {"mode.warn.ingest_unheard": "ingest/0"}


def test_that_a_console_that_is_late_is_told_and_one_that_is_gone_is_not_waited_for(city: ModeRoom) -> None:
    pass_by(city, 8, city.officer, city.chief)
    assert warned(city, preset="water") == {"mode.warn.seat_late": "Y-01"}
    pass_by(city, 8, city.officer, city.chief)
    (told,) = city.preview(preset="water").warnings
    assert (told.reason.code, told.who, told.reason.params["seat"]) == ("mode.warn.seat_away", "", "Y-01")
    assert warned(city, Scope(kind=ScopeKind.TRACK, centre=CITY, track="YJ01"), "water") == {}


def test_that_who_made_the_last_switch_fail_is_told_once(city: ModeRoom, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level("ERROR")
    declared = city.declare(preset="water")
    city.turn()
    city.runs()
    city.confirm(city.officer, "A-01", declared)
    city.confirm(city.chief, "A-02", declared)
    city.pass_time(3)
    assert city.newest().state is SwitchState.UNDONE
    city.here(city.officer, city.chief, city.of_yuzhong)
    city.runs()
    assert warned(city, preset="water") == {"mode.warn.failed_before": "Y-01"}
    assert warned(city, Scope(centre=YUZHONG), "water") == {}, "another scope's failure is not this one's"


def _roster(city: ModeRoom, *posts: str) -> None:
    for place, post in enumerate(posts):
        person = Person(code=f"p{place}", name=f"人{place}", centre=CITY, posts=(post,))
        assert city.room.do(SavePerson(person=person, version=0), city.chief).outcome == "done"
    saved = SaveShift(
        number=0, version=0, centre=CITY, name="白班", begins_at=NOON_NS - HOUR_NS, ends_at=NOON_NS + 7 * HOUR_NS,
        assignments=(Assignment(person="p0", role=DutyRole.ROTATING),),
    )  # fmt: skip
    assert city.room.do(saved, city.chief).outcome == "done"
    city.room.tend()


def _gaps(city: ModeRoom) -> list[str]:
    reply = city.room.ask("duty.now", AskDutyNow(centre=CITY), city.chief)
    assert reply.outcome == "done", reply
    return [gap.post for gap in codec.unpack(reply.body, DutyNow).gaps if gap.why == "reinforcement"]


def test_that_a_post_nobody_on_the_shift_holds_is_told_before_with_whom_to_call(city: ModeRoom) -> None:
    told = {one.reason.code: one.reason.params for one in city.preview().warnings}
    assert told == {"mode.warn.post_nobody": {"post": POST, "people": ""}}
    _roster(city, "500000.duty_officer.1", POST)
    told = {one.reason.code: one.reason.params for one in city.preview().warnings}
    assert told == {"mode.warn.post_missing": {"post": POST, "people": "人1"}}


def test_that_reinforcement_is_a_gap_of_the_roster_while_it_is_in_effect_and_lifting_takes_it_away(
    city: ModeRoom,
) -> None:
    _roster(city, "500000.duty_officer.1", POST)
    assert _gaps(city) == []
    declared = city.in_force()
    assert _gaps(city) == [POST]
    assert warned(city, Scope(centre=YUZHONG)).get("mode.warn.post_missing") is None, "it is wanted already"
    city.lift(declared.number)
    city.confirm_all()
    assert city.of(declared.number).state is SwitchState.LIFTED
    assert _gaps(city) == []


def test_that_a_shift_with_the_post_on_it_lacks_nothing(city: ModeRoom) -> None:
    _roster(city, POST)
    assert warned(city) == {}
    city.in_force()
    assert _gaps(city) == []
