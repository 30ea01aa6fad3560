"""What a console orders as its room changes: calls, relay, voice, who is looked at; and how it tries again."""

from dataclasses import replace

from chengyun_core.model.room import Member, MemberState, Room, Route, SignalKind
from chengyun_core.rtc.conductor import AGAIN_NS, Conductor
from chengyun_core.rtc.orders import Call, HangUp, Hear, Look, Mute, PeerNow, Record, Relayed
from chengyun_core.wire.room_asks import Mail, Relay, Word

RELAY = Relay(address="http://relay", secret="s", room=1, pin="p")
JOINED, DROPPED = MemberState.JOINED, MemberState.DROPPED


def _room(*members: tuple[str, MemberState, int], route: Route = Route.DIRECT, chair: str = "A") -> Room:
    made = tuple(Member(code=code, centre="c", state=state, since=since) for code, state, since in members)
    return Room(
        number=1, event=1, title="t", centre="c", chair=chair, members=made, route=route, opened_at=1, opened_by="a"
    )


TWO = _room(("A", JOINED, 1), ("B", JOINED, 2))
THREE = _room(("A", JOINED, 1), ("B", JOINED, 2), ("C", JOINED, 3), route=Route.RELAYED)


def test_that_one_of_two_calls_and_only_once() -> None:
    caller, called = Conductor("A"), Conductor("B")
    assert caller.look(TWO, 0) == [Call(peer="B"), Mute(is_muted=True)]
    assert called.look(TWO, 0) == [Mute(is_muted=True)]
    assert caller.look(TWO, 1) == []


def test_that_a_drop_hangs_up_and_a_return_calls_anew() -> None:
    caller = Conductor("A")
    caller.look(TWO, 0)
    assert caller.look(_room(("A", JOINED, 1), ("B", DROPPED, 9)), 1) == [HangUp(peer="B")]
    assert caller.look(_room(("A", JOINED, 1), ("B", JOINED, 20)), 2) == [Call(peer="B")]
    assert caller.look(_room(("A", DROPPED, 30), ("B", JOINED, 20)), 3) == [HangUp()]
    assert caller.look(_room(("A", DROPPED, 30), ("B", JOINED, 20)), 3) == []
    assert caller.look(_room(("A", JOINED, 40), ("B", JOINED, 20)), 4) == [Call(peer="B")]


def test_that_the_third_moves_everybody_to_the_relay_once_it_is_told() -> None:
    caller = Conductor("A")
    caller.look(TWO, 0)
    assert caller.look(THREE, 1) == []
    orders = caller.mail(Mail(relay=RELAY), 2)
    assert orders == [
        Relayed(address="http://relay", secret="s", room=1, pin="p", own="A"), Look(peer="B"),
    ]  # fmt: skip
    assert caller.mail(Mail(relay=RELAY), 3) == []
    assert caller.choose("C") == [Look(peer="C")]
    assert caller.choose("") == [Look(peer="B")]


def test_that_without_a_relay_the_line_ends_and_words_stay() -> None:
    caller = Conductor("A")
    caller.look(TWO, 0)
    assert caller.look(replace(THREE, route=Route.TEXT_ONLY), 1) == [HangUp()]


def test_that_words_are_heard_once_and_a_restarted_centre_is_heard_too() -> None:
    called = Conductor("B")
    words = tuple(Word(number=n, sender="A", kind=SignalKind.OFFER, data=str(n)) for n in (7, 8))
    assert called.mail(Mail(words=words), 0) == [
        Hear(sender="A", kind=SignalKind.OFFER, data="7"), Hear(sender="A", kind=SignalKind.OFFER, data="8"),
    ]  # fmt: skip
    assert called.after == 8
    anew = Word(number=1, sender="A", kind=SignalKind.OFFER, data="1")
    assert called.mail(Mail(words=(anew,)), 1) == [Hear(sender="A", kind=SignalKind.OFFER, data="1")]
    assert called.after == 1


def test_that_a_lost_line_is_tried_every_five_seconds_by_who_called() -> None:
    caller, called = Conductor("A"), Conductor("B")
    caller.look(TWO, 0)
    called.look(TWO, 0)
    caller.told(PeerNow(peer="B", state="connected"), 1)
    caller.told(PeerNow(peer="B", state="lost"), AGAIN_NS)
    assert caller.look(TWO, AGAIN_NS) == []
    assert caller.look(TWO, AGAIN_NS + 1) == [Call(peer="B")]
    assert caller.look(TWO, AGAIN_NS + 2) == []
    assert called.look(TWO, 3 * AGAIN_NS) == []
    caller.told(PeerNow(peer="stranger", state="connected"), 9 * AGAIN_NS)
    assert caller.look(TWO, 9 * AGAIN_NS) == [Call(peer="B")]


def test_that_a_lost_relay_is_tried_again() -> None:
    caller = Conductor("A")
    caller.look(THREE, 0)
    caller.mail(Mail(relay=RELAY), 0)
    caller.told(PeerNow(peer="relay", state="lost"), AGAIN_NS - 1)
    assert caller.look(THREE, AGAIN_NS - 1) == []
    assert [type(order) for order in caller.look(THREE, AGAIN_NS)] == [Relayed, Look]


def test_that_a_new_worker_is_told_everything() -> None:
    caller = Conductor("A")
    room = replace(TWO, members=(replace(TWO.members[0], is_muted=False), TWO.members[1]))
    caller.look(room, 0)
    assert caller.record("/r.ogg") == [Record(path="/r.ogg")]
    assert caller.record("/r.ogg") == []
    assert caller.restarted(1) == [Call(peer="B"), Mute(is_muted=False)]
    assert caller.record("/r2.ogg") == [Record(path="/r2.ogg")]
