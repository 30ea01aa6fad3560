"""Rooms' rules: the life of a member as a table, how media go, what a poll says."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chengyun_core.model.failure import Refused
from chengyun_core.model.room import Member, MemberMove, MemberState, Poll, Room, Route, Stance, Vote
from chengyun_core.model.room_rules import (
    MEMBER_MOVES,
    caller_of,
    counted,
    hands,
    missing,
    moved,
    possible,
    present,
    route,
    silent,
    with_member,
)

MEMBER = Member(code="U-WATER", centre="500103", since=1)
ROOM = Room(number=1, event=1, title="爆管", centre="500103", chair="A-01", opened_at=1, opened_by="officer")


def _in(code: str, state: MemberState = MemberState.JOINED) -> Member:
    return Member(code=code, centre="500103", state=state, since=1)


@given(st.lists(st.sampled_from(MemberMove), max_size=12))
def test_that_no_walk_leaves_the_table(moves: list[MemberMove]) -> None:
    member = replace(MEMBER, hand_at=1, shares="map")
    for at, move in enumerate(moves, 2):
        allowed = move in possible(member)
        assert allowed == ((member.state, move) in MEMBER_MOVES)
        if not allowed:
            with pytest.raises(Refused, match="member_move"):
                moved(member, move, at)
            continue
        before, member = member, moved(member, move, at)
        assert (member.state, member.since) == (MEMBER_MOVES[before.state, move], at)
        if member.state is not MemberState.JOINED:
            assert (member.hand_at, member.shares, member.is_muted) == (None, "", True)


def test_that_who_came_once_keeps_the_time_he_first_answered() -> None:
    came = moved(MEMBER, MemberMove.JOIN, 5)
    back = moved(moved(came, MemberMove.DROP, 7), MemberMove.JOIN, 9)
    assert (came.answered_at, back.answered_at, back.since) == (5, 5, 9)


@given(st.integers(0, 6), st.booleans(), st.sampled_from(Route))
def test_that_two_speak_directly_and_more_need_a_relay(inside: int, has_relay: bool, before: Route) -> None:
    members = (*(_in(f"A-{n}") for n in range(inside)), _in("B", MemberState.DROPPED))
    found = route(replace(ROOM, route=before), members, has_relay=has_relay)
    if has_relay and (inside > 2 or before is Route.RELAYED):
        assert found is Route.RELAYED
    elif inside > 2:
        assert found is Route.TEXT_ONLY
    else:
        assert found is Route.DIRECT


@given(st.text(min_size=1), st.text(min_size=1))
def test_that_both_parties_agree_who_calls(one: str, other: str) -> None:
    assert caller_of(one, other) == caller_of(other, one)
    assert caller_of(one, other) in (one, other)


def test_that_matrix_hands_and_silence_are_read_from_the_members() -> None:
    raised = replace(_in("C"), hand_at=3)
    room = replace(ROOM, members=(_in("A"), _in("B", MemberState.INVITED), raised, replace(_in("D"), hand_at=2)))
    assert [one.code for one in present(room)] == ["A", "C", "D"]
    assert [one.code for one in missing(room)] == ["B"]
    assert [one.code for one in hands(room)] == ["D", "C"]
    assert [one.code for one in with_member(room, _in("E"))] == ["A", "B", "C", "D", "E"]
    assert len(with_member(room, _in("A"))) == 4


def test_that_a_poll_counts_each_stance_and_names_the_silent() -> None:
    votes = (
        Vote(code="A", stance=Stance.AGREE, at=1, account="a"), Vote(code="B", stance=Stance.OPPOSE, at=1, account="b"),
    )  # fmt: skip
    poll = Poll(room=1, number=1, event=1, question="?", asked=("A", "B", "C"), votes=votes, opened_at=1, opened_by="a")
    assert counted(poll) == {Stance.AGREE: 1, Stance.RESERVE: 0, Stance.OPPOSE: 1}
    assert silent(poll) == ("C",)
