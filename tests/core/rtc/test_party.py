"""What a simulated party does: after a human while, one thing at a time, the same again with the same seed."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chengyun_core.model.clock import NS_PER_S
from chengyun_core.model.room import OWN_PICTURE, MemberState, Poll, RoomState, Route, Stance
from chengyun_core.model.room_commands import CastVote, JoinRoom, MuteInRoom, RaiseHand, SayInRoom, ShareInRoom
from chengyun_core.rtc.party import Deed, Party
from chengyun_core.rtc.settings import PartySettings
from tests.support.played_room import CHAIR, CODE, LINES, OTHER, SETTINGS, Played


def _poll(number: int = 1) -> Poll:
    return Poll(
        room=1, number=number, event=1, question="转移？", asked=(CHAIR, CODE), opened_at=0, opened_by="officer"
    )


def test_that_it_answers_an_invitation_after_a_human_while() -> None:
    played = Played()
    assert played.run(SETTINGS.answer_s * 0.4) == []
    assert played.run(SETTINGS.answer_s * 1.2) == [JoinRoom(room=1, code=CODE)]
    assert played.own.state is MemberState.JOINED


def test_that_a_clock_that_stands_holds_it() -> None:
    played = Played()
    played.party.look(played.room, None, 0)
    assert [played.party.look(played.room, None, 0) for _ in range(10_000)] == [[]] * 10_000


def test_that_the_same_seed_does_the_same_and_another_does_not() -> None:
    def story(seed: int) -> list[tuple[float, Deed]]:
        played = Played(replace(SETTINGS, seed=seed))
        played.run(900)
        return played.deeds

    assert story(1) == story(1)
    assert story(1) != story(2)


def test_that_two_members_of_a_seed_do_not_speak_in_step() -> None:
    one, other = (Party(code, 1, LINES, SETTINGS, has_sound=True) for code in (CODE, OTHER))
    played = Played()
    came = [next(now for now in range(60) if party.look(played.room, None, now * NS_PER_S)) for party in (one, other)]
    assert came[0] != came[1]


def test_that_it_opens_its_voice_speaks_and_closes_it() -> None:
    played = Played()
    deeds = played.run(60)
    assert deeds[:3] == [
        JoinRoom(room=1, code=CODE), MuteInRoom(room=1, code=CODE, is_muted=False),
        MuteInRoom(room=1, code=CODE, is_muted=True),
    ]  # fmt: skip


def test_that_it_does_every_thing_in_time_and_ends_what_it_began() -> None:
    played = Played()
    deeds = played.run(3600)
    kinds = {type(deed) for deed in deeds}
    assert kinds == {JoinRoom, MuteInRoom, RaiseHand, ShareInRoom}
    shown = [deed.shares for deed in deeds if isinstance(deed, ShareInRoom)]
    assert shown == [OWN_PICTURE, ""] * (len(shown) // 2) + [OWN_PICTURE] * (len(shown) % 2)


@pytest.mark.parametrize(("route", "sound"), [(Route.TEXT_ONLY, True), (Route.RELAYED, False)])
def test_that_without_sound_it_writes(route: Route, sound: bool) -> None:
    played = Played(route=route, sound=sound)
    deeds = played.run(1800)
    said = [deed.text for deed in deeds if isinstance(deed, SayInRoom)]
    assert said[0] == LINES.said[0]
    assert set(said[1:]) == set(LINES.said[1:])
    assert not any(isinstance(deed, MuteInRoom | ShareInRoom) for deed in deeds)


def test_that_it_shows_nothing_while_somebody_else_does() -> None:
    played = Played()
    played.change(CHAIR, shares="map")
    assert not any(isinstance(deed, ShareInRoom) for deed in played.run(3600))


def test_that_it_does_not_speak_over_another_party() -> None:
    played = Played()
    played.change(OTHER, state=MemberState.JOINED, is_simulated=True, is_muted=False)
    assert not any(isinstance(deed, MuteInRoom) for deed in played.run(1800))


def test_that_a_voice_the_chair_took_stays_taken() -> None:
    played = Played()
    played.run(30)
    played.change(is_muted=True, muted_by="officer")
    assert not any(isinstance(deed, MuteInRoom) for deed in played.run(1800))
    assert any(isinstance(deed, RaiseHand) for deed in played.run(1800)), "it raises its hand instead"


def test_that_it_takes_a_stance_once_and_with_words_where_it_reserves() -> None:
    reserves = replace(SETTINGS, reservations=1.0)
    for settings, stance, words in ((replace(SETTINGS, reservations=0.0), Stance.AGREE, ""),
                                    (reserves, Stance.RESERVE, LINES.reserved[0])):  # fmt: skip
        played = Played(settings)
        played.run(30)
        played.poll = _poll()
        votes = [deed for deed in played.run(60) if isinstance(deed, CastVote)]
        assert votes == [CastVote(room=1, poll=1, code=CODE, stance=stance, words=words)]
        played.poll = _poll(2)
        assert sum(isinstance(deed, CastVote) for deed in played.run(60)) == 1


def test_that_it_is_not_asked_it_does_not_vote() -> None:
    played = Played()
    played.run(30)
    played.poll = replace(_poll(), asked=(CHAIR,))
    assert not any(isinstance(deed, CastVote) for deed in played.run(120))


def test_that_a_line_that_drops_is_silent_until_it_is_missed_and_comes_back() -> None:
    played = Played(replace(SETTINGS, drops=1.0))
    played.run(120)
    assert played.party.is_cut
    assert played.run(600) == [], "the centre has to find out: it says nothing"
    played.drop()
    assert played.run(30) == [JoinRoom(room=1, code=CODE)]
    assert not played.party.is_cut


def test_that_parties_do_not_talk_among_themselves() -> None:
    played = Played()
    played.run(30)
    played.change(CHAIR, state=MemberState.DROPPED)
    played.run(60)
    assert played.run(3600) == []


@pytest.mark.parametrize("state", [RoomState.CLOSED, RoomState.OPEN])
def test_that_whoever_is_no_member_of_an_open_room_does_nothing(state: RoomState) -> None:
    played = Played()
    members = played.room.members if state is RoomState.CLOSED else played.room.members[:1]
    room = replace(played.room, state=state, members=members)
    assert [played.party.look(room, None, at * NS_PER_S) for at in range(100)] == [[]] * 100


_CHANGES = st.sampled_from(("mute", "hand", "share", "drop", "poll", "close_poll", "text", "relay", "wait"))


@given(st.integers(0, 2**16), st.lists(st.tuples(_CHANGES, st.integers(1, 120)), max_size=12))
def test_that_whatever_happens_in_the_room_its_deeds_are_ones_a_member_may_do(
    seed: int, story: list[tuple[str, int]]
) -> None:  # fmt: skip
    played = Played(PartySettings(seed=seed, drops=0.2))
    for number, (what, seconds) in enumerate(story, 1):
        match what:
            case "mute":
                played.change(is_muted=True, muted_by="officer")
            case "hand":
                played.change(hand_at=None)
            case "share":
                played.change(shares="")
            case "drop" if played.own.state is MemberState.JOINED:
                played.drop()
            case "poll":
                played.poll = _poll(number)
            case "close_poll":
                played.poll = None
            case "text" | "relay":
                played.room = replace(played.room, route=Route.TEXT_ONLY if what == "text" else Route.RELAYED)
        for deed in played.run(seconds):
            assert deed.room == 1
            assert deed.code == CODE
            assert not (isinstance(deed, MuteInRoom) and not deed.is_muted and played.own.muted_by)
            assert not (isinstance(deed, CastVote) and deed.stance is not Stance.AGREE and not deed.words)
