"""Consultation rooms at the door: who opens, comes, speaks, drops and comes back; what the timeline keeps (Y5, Y6)."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from chengyun_core.model.rights import Label
from chengyun_core.model.rights_commands import SetClearance, SetLabel
from chengyun_core.model.room import MemberState, RoomState, Route, Stance
from chengyun_core.model.room_commands import (
    AskPoll,
    CastVote,
    CloseRoom,
    Decide,
    EndPoll,
    Invitee,
    InviteToRoom,
    JoinRoom,
    LeaveRoom,
    LinkDecision,
    MuteInRoom,
    OpenRoom,
    PassChair,
    RaiseHand,
    RecordRoom,
    SayInRoom,
    SetAgenda,
    ShareInRoom,
)
from chengyun_core.model.room_rules import sharer
from chengyun_core.store import room_table
from chengyun_core.wire.endpoints import PROTOCOL_VERSION
from chengyun_core.wire.envelope import Hello, Snapshot
from chengyun_core.wire.event_asks import AskTimeline, Timeline
from chengyun_core.wire.room_asks import AskRoomLines, AskRooms, AskSuggested, RoomLines, Rooms, Suggestions
from tests.core.centre.camera_stand import CAMERAS
from tests.core.centre.order_stand import draft, order_city
from tests.core.centre.room import ADMIN_KEY, SETTINGS
from tests.core.centre.room_stand import CHAIR, DISTRICT, POLICE, WATER, RoomStand

RELAYED = replace(SETTINGS, rooms_relay="http://127.0.0.1:8088/janus")


@pytest.fixture
def stand(tmp_path: Path) -> Iterator[RoomStand]:
    with RoomStand(tmp_path, RELAYED) as made:
        yield made


def _timeline(stand: RoomStand) -> list[str]:
    told = stand.ask("event.timeline", AskTimeline(event=1, after=0, limit=200), Timeline)
    return [line.code.removeprefix("timeline.") for line in told.lines]


def test_that_lead_help_place_and_owner_are_suggested(stand: RoomStand) -> None:
    told = stand.ask("room.suggest", AskSuggested(event=1), Suggestions)
    assert [(one.code, one.why.code.rpartition(".")[2]) for one in told.people] == [
        (WATER, "lead"), (POLICE, "assist"), (DISTRICT, "place"),
        ("500000.track_owner.1", "owner"), ("500000.track_owner.2", "owner"),
    ]  # fmt: skip
    assert told.people[0].name == "水厂抢修队"


def test_that_its_opener_is_in_and_leads_and_an_event_has_one_open_room(stand: RoomStand) -> None:
    room = stand.opened(WATER, POLICE, agenda=("通报水情", "是否转移"))
    assert (room.title, room.chair, room.agenda) == ("嘉西村爆管", CHAIR, ("通报水情", "是否转移"))
    assert [(one.code, one.state) for one in room.members] == [
        (CHAIR, MemberState.JOINED), (WATER, MemberState.INVITED), (POLICE, MemberState.INVITED),
    ]  # fmt: skip
    assert stand.room.done(OpenRoom(event=1), stand.other).key == "1"
    assert stand.code(OpenRoom(event=9)) == "event.unknown"
    assert stand.code(OpenRoom(event=1, title="\x07")) == "", "the open one is answered, whatever the title"
    assert stand.code(OpenRoom(event=1), stand.unit()) == "permission.no_post"


def test_that_only_who_was_asked_comes_and_only_for_himself(stand: RoomStand) -> None:
    stand.opened(WATER)
    assert stand.code(JoinRoom(room=1, code=WATER), stand.unit(POLICE)) == "permission.not_owner"
    assert stand.code(JoinRoom(room=1, code=POLICE), stand.unit(WATER)) == "room.not_invited"
    assert stand.code(JoinRoom(room=1, code=CHAIR), stand.other) == "room.not_yours"
    assert stand.code(JoinRoom(room=7, code=WATER), stand.unit(WATER)) in ("permission.not_owner", "room.unknown")
    stand.join(WATER)
    assert stand.join(WATER).change == 0
    member = stand.member(WATER)
    assert (member.state, member.seat, member.account) == (MemberState.JOINED, "S-U-WATER", "u-water")
    assert member.is_muted, "a room that is entered does not listen"


def test_that_a_second_console_of_a_post_does_not_push_the_first_out(stand: RoomStand) -> None:
    stand.opened("500000.duty_officer")
    stand.join("500000.duty_officer", stand.other)
    third = stand.room.officer("third", "500000.duty_officer", seat="A-04")
    assert stand.code(JoinRoom(room=1, code="500000.duty_officer"), third) == "room.place_taken"
    stand.room.done(InviteToRoom(room=1, invited=(Invitee(code="A-04"),)), third)
    stand.join("A-04", third)
    assert [one.state for one in stand.held().members] == [MemberState.JOINED] * 3


def test_that_three_go_through_the_relay_and_stay_there(stand: RoomStand) -> None:
    stand.opened(WATER, POLICE)
    stand.join(WATER)
    assert stand.held().route is Route.DIRECT
    assert stand.mail(WATER, stand.unit(WATER)).relay is None
    stand.join(POLICE)
    assert stand.held().route is Route.RELAYED
    relay = stand.mail(WATER, stand.unit(WATER)).relay
    assert relay is not None
    assert relay == stand.mail(CHAIR, stand.officer).relay
    assert (relay.address, relay.room, len(relay.pin)) == (RELAYED.rooms_relay, 1, 32)
    stand.room.done(LeaveRoom(room=1, code=POLICE), stand.unit(POLICE))
    assert stand.held().route is Route.RELAYED


def test_that_without_a_relay_three_have_words_alone(tmp_path: Path) -> None:
    with RoomStand(tmp_path) as stand:
        stand.opened(WATER, POLICE)
        stand.join(WATER)
        stand.join(POLICE)
        assert stand.held().route is Route.TEXT_ONLY
        assert stand.mail(WATER, stand.unit(WATER)).relay is None


def test_that_words_pass_between_members_and_nobody_else(stand: RoomStand) -> None:
    stand.opened(WATER, POLICE)
    stand.join(WATER)
    assert stand.signal(CHAIR, stand.officer, WATER, "offer").waiting == 1
    (word,) = stand.mail(WATER, stand.unit(WATER)).words
    assert (word.sender, word.data) == (CHAIR, "offer")
    assert stand.mail(WATER, stand.unit(WATER), word.number).words == ()
    stranger = stand.unit(POLICE)
    before = len(stand.room.published)
    for sender, session, to, code in (
        (WATER, stand.officer, CHAIR, "room.not_yours"), (CHAIR, stand.officer, POLICE, "room.no_member"),
        (POLICE, stranger, CHAIR, "room.not_in"),
    ):  # fmt: skip
        with pytest.raises(AssertionError, match=code):
            stand.signal(sender, session, to)
    with pytest.raises(AssertionError, match="word_too_long"):
        stand.signal(CHAIR, stand.officer, WATER, "x" * 70_000)
    assert not stand.mail(WATER, stand.officer).is_member, "another's box is nobody's"
    assert len(stand.room.published) == before, "nothing of what passes is journalled"


def test_that_who_is_not_heard_drops_since_he_was_heard_and_comes_back_with_notes(stand: RoomStand) -> None:
    stand.opened(WATER)
    stand.join(WATER)
    stand.mail(WATER, stand.unit(WATER))
    heard_at = stand.room.clock.utc_ns()
    stand.room.clock.advance(4)
    stand.mail(CHAIR, stand.officer)
    stand.room.tend()
    assert stand.member(WATER).state is MemberState.JOINED
    stand.room.done(SayInRoom(room=1, code=CHAIR, text="水位 183.62 米"), stand.officer)
    stand.room.clock.advance(2)
    stand.mail(CHAIR, stand.officer)
    stand.room.tend()
    dropped = stand.member(WATER)
    assert (dropped.state, dropped.since) == (MemberState.DROPPED, heard_at)
    assert not stand.mail(WATER, stand.unit(WATER)).is_member
    stand.room.clock.advance(6)
    stand.join(WATER)
    told = stand.ask("room.lines", AskRoomLines(room=1, after=dropped.notes_seen), RoomLines)
    codes = [line.sentence.code.removeprefix("timeline.") for line in told.lines]
    assert codes == ["room.say", "room.drop", "room.rejoin"]
    assert told.lines[0].sentence.params["text"] == "水位 183.62 米"
    assert told.lines[-1].sentence.params["seconds"] == "12"
    assert not told.more
    assert told.through == stand.room.published[-1].number


def test_that_a_restarted_centre_knows_its_rooms_and_gives_all_time_to_be_heard(stand: RoomStand) -> None:
    stand.opened(WATER)
    stand.join(WATER)
    stand.restart()
    stand.room.tend()
    stand.room.clock.advance(4)
    stand.room.tend()
    assert stand.member(WATER).state is MemberState.JOINED
    stand.room.clock.advance(2)
    stand.room.tend()
    assert stand.member(WATER).state is MemberState.DROPPED


def test_that_a_voice_is_ones_own_and_the_chairs(stand: RoomStand) -> None:
    stand.opened(WATER)
    stand.join(WATER)
    water = stand.unit(WATER)
    assert stand.code(MuteInRoom(room=1, code=WATER, is_muted=False), stand.officer) == "room.not_yours"
    stand.room.done(MuteInRoom(room=1, code=WATER, is_muted=False), water)
    assert not stand.member(WATER).is_muted
    assert stand.code(MuteInRoom(room=1, code=CHAIR, is_muted=True), water) == "room.not_yours"
    stand.room.done(MuteInRoom(room=1, code=WATER, is_muted=True), stand.officer)
    assert stand.code(MuteInRoom(room=1, code=WATER, is_muted=False), water) == "room.muted_by_chair"
    stand.room.done(RaiseHand(room=1, code=WATER, is_raised=True), water)
    assert stand.code(RaiseHand(room=1, code=CHAIR, is_raised=True), water) == "room.not_yours"
    stand.room.done(RaiseHand(room=1, code=WATER, is_raised=False), stand.officer)
    stand.room.done(MuteInRoom(room=1, code=WATER, is_muted=False), stand.officer)
    given = stand.member(WATER)
    assert (given.muted_by, given.is_muted, given.hand_at) == ("", True, None), "given the word, mouth still closed"
    stand.room.done(MuteInRoom(room=1, code=WATER, is_muted=False), water)
    assert not stand.member(WATER).is_muted


def test_that_one_thing_is_shared_at_a_time_and_since_when_is_kept(stand: RoomStand) -> None:
    stand.room.adopt(replace(order_city(), cameras=CAMERAS))
    stand.opened(WATER)
    stand.join(WATER)
    stand.room.done(ShareInRoom(room=1, code=CHAIR, shares="map"), stand.officer)
    stand.room.clock.advance(3)
    shown = ShareInRoom(room=1, code=WATER, shares="camera/C-RTSP")
    stand.room.done(shown, stand.unit(WATER))
    assert [one.shares for one in stand.held().members] == ["", "camera/C-RTSP"]
    began = stand.member(WATER).shares_at
    assert (began, stand.member(CHAIR).shares_at) == (stand.room.clock.utc_ns(), None)
    stand.room.clock.advance(3)
    assert stand.room.done(shown, stand.unit(WATER)).change == 0
    assert stand.member(WATER).shares_at == began, "what is shown already is as old as it is"
    for unknown in ("camera/C-0007", "camera/C-HIDE", "camera/"):
        told = ShareInRoom(room=1, code=WATER, shares=unknown)
        assert stand.code(told, stand.unit(WATER)) == "room.unknown_share"
    assert stand.code(ShareInRoom(room=1, code=WATER, shares="file:///etc"), stand.unit(WATER)) == "room.unknown_share"
    stand.room.done(ShareInRoom(room=1, code=WATER, shares=""), stand.officer)
    assert [(one.shares, one.shares_at) for one in stand.held().members] == [("", None), ("", None)]


def test_that_what_is_shared_ends_with_whoever_goes(stand: RoomStand) -> None:
    stand.opened(WATER)
    stand.join(WATER)
    stand.room.done(ShareInRoom(room=1, code=WATER, shares="self"), stand.unit(WATER))
    shown = sharer(stand.held())
    assert shown is not None
    assert shown.code == WATER
    stand.room.done(LeaveRoom(room=1, code=WATER), stand.unit(WATER))
    assert sharer(stand.held()) is None
    assert (stand.member(WATER).shares, stand.member(WATER).shares_at) == ("", None)


def test_that_the_lead_is_given_and_taken_only_when_nobody_leads(stand: RoomStand) -> None:
    stand.opened(WATER)
    stand.join(WATER)
    water = stand.unit(WATER)
    assert stand.code(PassChair(room=1, code=WATER), water) == "room.not_chair"
    stand.room.clock.advance(4)
    stand.mail(WATER, water)
    stand.room.tend()
    stand.room.clock.advance(4)
    stand.mail(WATER, water)
    stand.room.tend()
    stand.room.clock.advance(4)
    stand.mail(WATER, water)
    stand.room.tend()
    assert stand.member(CHAIR).state is MemberState.DROPPED
    stand.room.done(PassChair(room=1, code=WATER), water)
    assert stand.held().chair == WATER
    stand.join(CHAIR, stand.officer)
    assert stand.code(AskPoll(room=1, question="转移？"), stand.officer) == "room.not_chair"
    stand.room.done(PassChair(room=1, code=CHAIR), water)
    assert stand.held().chair == CHAIR


def test_that_a_poll_a_decision_and_its_order_stand_in_the_timeline(stand: RoomStand) -> None:
    stand.opened(WATER, POLICE, DISTRICT)
    stand.join(WATER)
    stand.join(POLICE)
    ask = AskPoll(room=1, question="是否转移群众")
    assert stand.code(ask, stand.unit(WATER)) == "room.not_chair"
    stand.room.done(ask, stand.officer)
    assert stand.code(AskPoll(room=1, question="再问")) == "room.poll_open"
    agree = CastVote(room=1, poll=1, code=CHAIR, stance=Stance.AGREE)
    stand.room.done(agree, stand.officer)
    oppose = CastVote(room=1, poll=1, code=WATER, stance=Stance.OPPOSE)
    assert stand.code(oppose, stand.unit(WATER)) == "text.missing.words"
    stand.room.done(replace(oppose, words="管线两小时可修复"), stand.unit(WATER))
    stand.room.done(replace(oppose, stance=Stance.RESERVE, words="先转移低洼户"), stand.unit(WATER))
    assert stand.code(agree, stand.unit(WATER)) == "room.not_yours"
    stand.room.done(Decide(room=1, text="转移沿江低洼户", poll=1), stand.officer)
    assert stand.code(agree) == "room.poll_over"
    stand.send(draft(event=1, title="转移沿江低洼户"))
    link = LinkDecision(room=1, decision=1, orders=(1,))
    stand.room.done(link, stand.officer)
    assert stand.room.done(link, stand.officer).change == 0
    assert stand.code(LinkDecision(room=1, decision=1, orders=(77,))) == "order.unknown"
    told = stand.ask("room.page", AskRooms(event=1), Rooms)
    (poll,), (decision,) = told.rooms[0].polls, told.rooms[0].decisions
    assert [(vote.code, vote.stance) for vote in poll.votes] == [(CHAIR, Stance.AGREE), (WATER, Stance.RESERVE)]
    assert poll.closed_at is not None
    assert (decision.orders, decision.present, decision.poll) == ((1,), (CHAIR, WATER, POLICE), 1)
    assert [code for code in _timeline(stand) if code.startswith("room.")] == [
        "room.open", "room.join", "room.join", "room.poll", "room.vote", "room.vote", "room.vote", "room.end_poll",
        "room.decide", "room.link",
    ]  # fmt: skip


def test_that_an_order_of_another_event_is_not_its_decisions(stand: RoomStand) -> None:
    stand.open_event()
    stand.opened()
    stand.room.done(Decide(room=1, text="转移"), stand.officer)
    stand.send(draft(event=2))
    assert stand.code(LinkDecision(room=1, decision=1, orders=(1,))) == "order.unknown"


def test_that_a_poll_may_end_without_a_decision(stand: RoomStand) -> None:
    stand.opened(WATER)
    stand.room.done(AskPoll(room=1, question="升级响应？"), stand.officer)
    stand.join(WATER)
    late = CastVote(room=1, poll=1, code=WATER, stance=Stance.AGREE)
    assert stand.code(late, stand.unit(WATER)) == "room.not_asked"
    stand.room.done(EndPoll(room=1, poll=1), stand.officer)
    (change,) = [one for one in stand.room.published if one.action == "room.end_poll"]
    assert (change.params["agree"], change.params["silent"]) == ("0", "1")
    stand.room.done(AskPoll(room=1, question="再问"), stand.officer)


def test_that_a_recording_has_a_number_for_good(stand: RoomStand) -> None:
    stand.opened(WATER)
    for on in (True, True, False, True):
        stand.room.done(RecordRoom(room=1, is_recorded=on), stand.officer)
    assert (stand.held().recording, stand.held().is_recorded) == ("R-1-2", True)
    stand.room.done(CloseRoom(room=1, reason="已决定"), stand.officer)
    closed = stand.held()
    assert (closed.state, closed.recording, closed.is_recorded) == (RoomState.CLOSED, "R-1-2", False)
    assert {one.state for one in closed.members} == {MemberState.LEFT}
    assert stand.code(JoinRoom(room=1, code=WATER), stand.unit(WATER)) == "room.closed"
    (change,) = [one for one in stand.room.published if one.action == "room.close"]
    assert (change.params["came"], change.params["missing"], change.params["recording"]) == ("1", "1", "R-1-2")
    stand.opened()
    assert stand.held(2).state is RoomState.OPEN, "the event may be consulted on again"


def test_that_a_snapshot_tells_open_rooms_with_what_hangs_on_them(stand: RoomStand) -> None:
    stand.opened(WATER)
    stand.room.done(AskPoll(room=1, question="转移？"), stand.officer)
    stand.room.done(Decide(room=1, text="转移", poll=1), stand.officer)
    hello = Hello(protocol=PROTOCOL_VERSION, client="test")
    told = stand.ask("snapshot", hello, Snapshot)
    kinds = [change.kind for change in told.records if change.kind.startswith("room")]
    assert kinds == ["room", "room_poll", "room_decision"]


def test_that_an_agenda_and_notes_are_bounded_and_clean(stand: RoomStand) -> None:
    stand.opened()
    assert stand.code(SetAgenda(room=1, agenda=("x",) * 13)) == "room.agenda_too_long"
    assert stand.code(SetAgenda(room=1, agenda=("",))) == "text.missing.agenda"
    stand.room.done(SetAgenda(room=1, agenda=("一", "二")), stand.officer)
    assert stand.code(SayInRoom(room=1, code=CHAIR, text="a\u202eb")) == "text.control_characters"
    assert stand.code(InviteToRoom(room=1, invited=(Invitee(code="nobody"),))) == "order.unknown_recipient"
    many = tuple(Invitee(code=f"500103.duty_officer.{n}") for n in range(70))
    assert stand.code(InviteToRoom(room=1, invited=many)) == "room.too_many"


def test_that_a_hidden_event_hides_its_room(stand: RoomStand) -> None:
    stand.opened(WATER)
    chief = stand.chief
    stand.room.done(SetClearance(account="chief", clearance=Label.HIDE, reason="指挥"), ADMIN_KEY)
    stand.room.done(SetLabel(kind="event", key="1", label=Label.HIDE, reason="涉密"), chief)
    refused = stand.room.ask("room.page", AskRooms(event=1), stand.other)
    assert (refused.outcome, refused.code) == ("refused", "event.unknown")
    assert stand.code(JoinRoom(room=1, code=WATER), stand.unit(WATER)) == "label.not_cleared"
    hello = Hello(protocol=PROTOCOL_VERSION, client="test")
    told = stand.ask("snapshot", hello, Snapshot, stand.other)
    assert [change.kind for change in told.records if change.kind in ("event", "room")] == []


def test_that_rooms_are_read_back_by_event_newest_first(stand: RoomStand) -> None:
    stand.opened()
    stand.room.done(CloseRoom(room=1), stand.officer)
    stand.opened()
    with stand.room.ledger.reading() as connection:
        assert [room.number for room in room_table.of_event(connection, 1)] == [2, 1]
        assert [room.number for room, _ in room_table.living(connection)] == [2]
