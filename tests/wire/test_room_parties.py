"""One officer alone in a drill: the others come, speak, show, vote, drop and come back, by what real members do (Y5).

Real centre daemon, real media workers, a real Janus, and `chengyun parties` in a process of its own.
"""

import signal
from collections.abc import Callable
from pathlib import Path

import pytest

from chengyun_core.centre.room_mail import relay_secret
from chengyun_core.launch import profile as profiles
from chengyun_core.launch import up
from chengyun_core.model.room import OWN_PICTURE, MemberState, Route, Stance
from chengyun_core.model.room_commands import AskPoll, CloseRoom, Invitee, InviteToRoom, JoinRoom
from chengyun_core.model.room_rules import sharer
from chengyun_core.rtc.relay import PEER
from chengyun_core.store import keys
from tests.support.janus_stand import JanusStand
from tests.support.party_stand import CHAIR, QUICK, PartyStand, party_stand
from tests.support.played_room import seed_that_shows

pytestmark = [pytest.mark.wire, pytest.mark.slow, pytest.mark.timeout(180)]
AUDIBLE_DB = -50.0
FAST = "clock_rate = 5.0\n"
"""A drill's clock: what they do in words needs no second to be heard in."""
PATIENT = f"{FAST}room_silent_s = 120.0\n"
"""Nobody counts as dropped: a person who joined here has no console that asks for his words."""
NAME = "值班席（模拟）"


def _is_in(stand: PartyStand, *codes: str) -> Callable[[], bool]:
    return lambda: all(stand.member(code).state is MemberState.JOINED for code in codes)


def _is_heard(stand: PartyStand, peer: str) -> Callable[[], bool]:
    """Return what says whether a voice comes out at the officer's console."""
    return lambda: (
        stand.console is not None
        and (told := stand.console.peers.get(peer)) is not None
        and told.state == "connected"
        and told.sound_db > AUDIBLE_DB
    )


def _is_seen(stand: PartyStand, peer: str) -> Callable[[], bool]:
    return lambda: (
        stand.console is not None
        and sharer(stand.room()) is not None
        and (told := stand.console.peers.get(peer)) is not None
        and told.pictures_s > 0
    )


def test_that_one_alone_speaks_with_a_party_directly(tmp_path: Path) -> None:
    with party_stand(tmp_path, parties=f"{QUICK}seed = {seed_that_shows('S-2')}\n") as stand:
        stand.start()
        stand.open("S-2")
        stand.pumped(_is_in(stand, "S-2"), "it answered the invitation")
        assert stand.member("S-2").is_simulated
        assert stand.room().route is Route.DIRECT
        stand.pumped(_is_heard(stand, "S-2"), "it is heard")
        stand.pumped(_is_seen(stand, "S-2"), "its picture is seen")
        assert sharer(stand.room()) is not None
        assert stand.member("S-2").shares in ("", OWN_PICTURE)
        assert stand.centre.do(AskPoll(room=1, question="是否转移？"), stand.session).outcome == "done"
        stand.pumped(lambda: len(stand.poll().votes) == 1, "it took a stance")
        (vote,) = stand.poll().votes
        assert vote.stance in (Stance.AGREE, Stance.RESERVE)
        assert bool(vote.words) == (vote.stance is Stance.RESERVE)
        said = [line.sentence.params["member"] for line in stand.lines() if line.account == "S-2/simulated"]
        assert said
        assert set(said) == {NAME}, "the record says of every line of its what it is"
        assert stand.centre.do(CloseRoom(room=1), stand.session).outcome == "done"
        assert stand.end() == 0


def test_that_more_than_two_speak_through_the_relay(tmp_path: Path) -> None:
    token_key = keys.secret(profiles.ensure(tmp_path / "p").folder / "keys" / "token.key")
    with (
        JanusStand(tmp_path / "janus", relay_secret(token_key)) as janus,
        party_stand(tmp_path, centre=f'rooms_relay = "{janus.address}"') as stand,
    ):
        stand.start()
        stand.open("S-2", "S-3")
        stand.pumped(_is_in(stand, "S-2", "S-3"), "both came")
        assert stand.room().route is Route.RELAYED
        stand.pumped(_is_heard(stand, PEER), "one of them is heard")


def test_that_without_a_relay_they_take_part_in_words(tmp_path: Path) -> None:
    with party_stand(tmp_path, centre=FAST) as stand:
        stand.start()
        stand.open("S-2", "S-3")
        stand.pumped(_is_in(stand, "S-2", "S-3"), "both came")
        assert stand.room().route is Route.TEXT_ONLY
        stand.pumped(lambda: len(_noted(stand)) > 1, "they wrote what they had to say")


def test_that_one_drops_as_a_line_does_and_comes_back_by_itself(tmp_path: Path) -> None:
    quick = QUICK.replace("drops = 0.0", "drops = 1.0")
    with party_stand(tmp_path, centre="room_silent_s = 2.0", parties=quick) as stand:
        stand.start()
        stand.open("S-2")
        stand.pumped(lambda: "timeline.room.drop" in _told(stand), "the centre missed it")
        stand.pumped(lambda: "timeline.room.rejoin" in _told(stand), "it came back")
        assert stand.member("S-2").is_simulated


def test_that_a_person_who_comes_takes_over_and_is_not_put_out(tmp_path: Path) -> None:
    with party_stand(tmp_path, centre=PATIENT) as stand:
        stand.start()
        stand.open("S-2", "S-3")
        stand.pumped(_is_in(stand, "S-2", "S-3"), "both came")
        session = stand.signed_on("S-2")
        assert stand.centre.do(JoinRoom(room=1, code="S-2"), session).outcome == "done"
        before = len(_noted(stand, "S-3/simulated"))
        stand.pumped(lambda: len(_noted(stand, "S-3/simulated")) > before + 1, "the other one goes on")
        member = stand.member("S-2")
        assert (member.account, member.is_simulated) == ("s-2", False)


def test_that_one_that_was_killed_takes_up_where_it_was(tmp_path: Path) -> None:
    with party_stand(tmp_path, centre=FAST) as stand:
        stand.start()
        stand.open("S-2")
        stand.pumped(_is_heard(stand, "S-2"), "it is heard")
        stand.end(signal.SIGKILL)
        invited = InviteToRoom(room=1, invited=(Invitee(code="S-3"),))
        assert stand.centre.do(invited, stand.session).outcome == "done"
        stand.start()
        stand.pumped(_is_in(stand, "S-2", "S-3"), "both are in")
        before = len(_noted(stand, "S-2/simulated"))
        stand.pumped(lambda: len(_noted(stand, "S-2/simulated")) > before, "it goes on in words, for there are three")
        assert stand.member("S-2").name == NAME, "what it is called does not grow with every start"


def test_that_no_more_come_than_were_set_and_those_without_a_voice_write(tmp_path: Path) -> None:
    with party_stand(tmp_path, centre=FAST, parties=f"{QUICK}most = 1\nvoices = 0\n") as stand:
        stand.start()
        stand.open("S-2", "S-3")
        stand.pumped(lambda: len(_noted(stand)) > 1, "it wrote what it had to say")
        assert (stand.member("S-2").state, stand.member("S-3").state) == (MemberState.JOINED, MemberState.INVITED)
        assert stand.member("S-2").is_muted


def test_that_a_centre_that_was_gone_finds_them_again(tmp_path: Path) -> None:
    with party_stand(tmp_path, centre=FAST, parties=f"{QUICK}voices = 0\n") as stand:
        stand.start()
        stand.open("S-2")
        stand.pumped(_is_in(stand, "S-2"), "it came")
        stand.centre.kill()
        stand.centre.start()
        before = len(_noted(stand))
        stand.pumped(lambda: len(_noted(stand)) > before + 1, "it goes on")
        stand.centre.kill()
        assert stand.end() == 0, "it ends without a centre to sign off at"


@pytest.mark.parametrize("parties", ["is_on = true\n", "is_on = false\n"])
def test_that_it_runs_with_the_daemons_of_a_drill_unless_it_is_turned_off(tmp_path: Path, parties: str) -> None:
    for realm in ("live", "drill"):
        made = profiles.ensure(tmp_path / realm, realm=realm, more_settings=f"\n[parties]\n{parties}")
        runs = "parties" in {child.name for child in up.children(made)}
        assert runs == (realm == "drill" and "true" in parties)


def test_that_in_a_live_realm_it_ends_and_says_why(tmp_path: Path) -> None:
    with party_stand(tmp_path, realm="live") as stand:
        stand.open("S-2")
        stand.start()
        assert stand.ended() != 0
        assert "只有演练环境可以" in stand.log()
        assert stand.member("S-2").state is MemberState.INVITED
        assert stand.member(CHAIR).state is MemberState.JOINED


def _told(stand: PartyStand) -> set[str]:
    return {line.sentence.code for line in stand.lines()}


def _noted(stand: PartyStand, account: str = "") -> list[str]:
    """Return the notes of parties, or of one of them."""
    return [
        line.sentence.params["text"] for line in stand.lines()
        if line.sentence.code == "timeline.room.say" and line.account.endswith(account or "/simulated")
    ]  # fmt: skip
