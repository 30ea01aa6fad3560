"""Simulated parties at the door: in a drill and nowhere else, for members nobody plays, and no more than members."""

import hashlib
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from chengyun_core.centre.seat_silences import SilenceKeeper
from chengyun_core.model.command import COMMANDS, CreateAccount, SetPassword, SignOff, SignOn
from chengyun_core.model.room import MemberState, Stance
from chengyun_core.model.room_commands import (
    AskPoll,
    CastVote,
    Invitee,
    InviteToRoom,
    JoinRoom,
    LeaveRoom,
    MuteInRoom,
    PassChair,
    PlayMember,
    RaiseHand,
    SayInRoom,
)
from chengyun_core.model.room_parties import PLAYED_IN, PLAYED_MAY, may_be_played, played_seat
from chengyun_core.model.scales import Realm
from chengyun_core.store import session_table
from chengyun_core.wire.room_asks import AskRoomLines, RoomLines
from tests.core.centre.room import ADMIN_KEY, PASSWORD, SETTINGS
from tests.core.centre.room_stand import CHAIR, DISTRICT, POLICE, WATER, RoomStand

DRILL = replace(SETTINGS, realm="drill", rooms_relay="http://127.0.0.1:8088/janus")
NAME = "水厂抢修队（模拟）"


@pytest.fixture
def stand(tmp_path: Path) -> Iterator[RoomStand]:
    with RoomStand(tmp_path, DRILL) as made:
        made.opened(WATER, POLICE, DISTRICT)
        yield made


def _asked(code: str = WATER, token: str = "t" * 64, name: str = NAME) -> PlayMember:
    return PlayMember(room=1, code=code, name=name, token_hash=hashlib.sha256(token.encode()).digest())


def _played(stand: RoomStand, code: str = WATER) -> str:
    """Have a member played, and return the session of who plays him."""
    token = code.ljust(64, "t")
    stand.room.done(_asked(code, token), ADMIN_KEY)
    return token


def _came(stand: RoomStand, code: str = WATER) -> str:
    token = _played(stand, code)
    stand.join(code, token)
    return token


def test_that_a_live_realm_has_none(tmp_path: Path) -> None:
    with RoomStand(tmp_path, replace(DRILL, realm="live")) as stand:
        stand.opened(WATER)
        assert stand.code(_asked(), ADMIN_KEY) == "room.not_played_here"
        with stand.room.ledger.reading() as connection:
            assert session_table.at_seat(connection, played_seat(WATER)) is None


def test_that_only_realms_of_the_table_allow_them() -> None:
    assert {realm for realm, allowed in PLAYED_IN.items() if allowed} == {Realm.DRILL}
    assert set(PLAYED_IN) == set(Realm), "a realm that comes to be is decided about"
    assert not may_be_played("rehearsal")


def test_that_nobody_but_the_machine_opens_them(stand: RoomStand) -> None:
    assert stand.code(_asked()) == "permission.no_post"
    assert stand.code(_asked(), stand.chief) == "permission.no_post"


def test_that_it_comes_as_any_member_does_and_is_said_to_be_simulated(stand: RoomStand) -> None:
    token = _came(stand)
    member = stand.member(WATER)
    assert (member.state, member.is_simulated, member.name) == (MemberState.JOINED, True, NAME)
    assert (member.account, member.seat) == (played_seat(WATER), played_seat(WATER))
    assert not stand.member(CHAIR).is_simulated
    stand.room.done(MuteInRoom(room=1, code=WATER, is_muted=False), token)
    stand.room.done(RaiseHand(room=1, code=WATER, is_raised=True), token)
    stand.room.done(SayInRoom(room=1, code=WATER, text="已到位"), token)
    stand.room.done(AskPoll(room=1, question="是否转移？"), stand.officer)
    stand.room.done(CastVote(room=1, poll=1, code=WATER, stance=Stance.RESERVE, words="人手不够"), token)
    told = stand.ask("room.lines", AskRoomLines(room=1), RoomLines)
    members = [line.sentence.params.get("member") for line in told.lines if line.account == played_seat(WATER)]
    assert members == [NAME] * 3, "what it did stands in the record under a name that says what it is"


def test_that_it_plays_one_member_and_no_other(stand: RoomStand) -> None:
    token = _came(stand)
    assert stand.code(JoinRoom(room=1, code=DISTRICT), token) == "room.not_yours"
    assert stand.code(LeaveRoom(room=1, code=CHAIR), token) == "room.not_yours"
    assert stand.code(MuteInRoom(room=1, code=CHAIR, is_muted=True), token) == "room.not_yours"


def test_that_it_may_what_the_table_says_and_leads_nothing(stand: RoomStand) -> None:
    token = _came(stand)
    assert set(COMMANDS) >= PLAYED_MAY
    assert stand.code(InviteToRoom(room=1, invited=()), token) == "session.played"
    assert stand.code(AskPoll(room=1, question="?"), token) == "session.played"
    assert stand.code(PassChair(room=1, code=WATER)) == "room.chair_not_played"
    assert stand.code(_asked(CHAIR), ADMIN_KEY) == "room.chair_not_played"
    assert stand.code(_asked("U-FIRE"), ADMIN_KEY) == "room.no_member"


def test_that_somebody_who_is_there_is_not_played(stand: RoomStand) -> None:
    police = stand.unit(POLICE)
    assert stand.code(_asked(POLICE), ADMIN_KEY) == "room.somebody_there", "he is on duty, and may come any moment"
    stand.join(POLICE, police)
    stand.room.done(LeaveRoom(room=1, code=POLICE), police)
    stand.room.done(SignOff(), police)
    assert stand.code(_asked(POLICE), ADMIN_KEY) == "room.somebody_there", "he came, and went by his own will"


def test_that_whoever_comes_for_the_member_takes_his_place(stand: RoomStand) -> None:
    token = _came(stand)
    stand.room.done(MuteInRoom(room=1, code=WATER, is_muted=False), token)
    first = stand.member(WATER).answered_at
    water = stand.unit()
    stand.join(WATER, water)
    member = stand.member(WATER)
    assert (member.state, member.is_simulated, member.account) == (MemberState.JOINED, False, WATER.lower())
    assert member.is_muted, "nobody is heard because a machine spoke for him"
    assert member.answered_at == first
    assert stand.code(MuteInRoom(room=1, code=WATER, is_muted=False), token) == "session.none"
    assert stand.code(_asked(), ADMIN_KEY) == "room.somebody_there"


def test_that_one_that_begins_anew_takes_its_own_place_again(stand: RoomStand) -> None:
    first = _came(stand)
    second = "s" * 64
    stand.room.done(_asked(token=second), ADMIN_KEY)
    assert stand.code(SayInRoom(room=1, code=WATER, text="在"), first) == "session.none"
    assert stand.code(JoinRoom(room=1, code=WATER), second) == ""
    assert stand.code(SayInRoom(room=1, code=WATER, text="在"), second) == ""


def test_that_a_duty_officers_post_is_played_without_a_seat(stand: RoomStand) -> None:
    _came(stand, DISTRICT)
    assert stand.member(DISTRICT).is_simulated
    keeper = SilenceKeeper(stand.room.desk, stand.room.ledger)
    stand.room.clock.advance(2.0)
    keeper.tend()
    stand.room.clock.advance(60.0)
    assert keeper.tend() == 1, "the officer's seat fell silent; nobody waits for a console that is none"


def test_that_a_seat_that_was_asked_is_played_while_nobody_sits_there(stand: RoomStand) -> None:
    stand.room.done(InviteToRoom(room=1, invited=(Invitee(code="A-02"),)), stand.officer)
    _came(stand, "A-02")
    assert stand.member("A-02").is_simulated
    stand.join("A-02", stand.other)
    assert not stand.member("A-02").is_simulated


def test_that_it_drops_and_comes_back_like_anybody(stand: RoomStand) -> None:
    token = _came(stand)
    stand.mail(WATER, token)
    stand.room.clock.advance(6.0)
    stand.mail(CHAIR, stand.officer)
    stand.room.tend()
    assert stand.member(WATER).state is MemberState.DROPPED
    stand.join(WATER, token)
    assert (stand.member(WATER).state, stand.member(WATER).is_simulated) == (MemberState.JOINED, True)


@pytest.mark.parametrize("account", [played_seat("U-WATER"), "x/simulated"])
def test_that_nobody_makes_an_account_of_its_name(stand: RoomStand, account: str) -> None:
    made = CreateAccount(account=account, name="某", password=PASSWORD, posts=("500000.duty_officer",))
    assert stand.code(made, ADMIN_KEY) == "account.name_not_allowed"


def test_that_nobody_signs_on_as_a_party(stand: RoomStand) -> None:
    _came(stand)
    account = played_seat(WATER)
    assert stand.code(SetPassword(account=account, password=PASSWORD), ADMIN_KEY) == "account.name_not_allowed"
    assert stand.code(SignOn(account=account, password="", seat="A-02")) == "session.wrong_password"


def test_that_a_session_without_its_proof_or_name_is_refused(stand: RoomStand) -> None:
    assert stand.code(PlayMember(room=1, code=WATER, name=NAME, token_hash=b""), ADMIN_KEY) == "room.no_token"
    assert stand.code(_asked(name="  "), ADMIN_KEY) != ""
    assert stand.code(PlayMember(room=9, code=WATER, name=NAME, token_hash=bytes(32)), ADMIN_KEY) == "room.unknown"
