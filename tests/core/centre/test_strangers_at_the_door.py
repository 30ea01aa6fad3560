"""Commands with forged, foreign, expired and revoked sessions, and replays: ten thousand of each, nothing is done."""

import random
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from chengyun_core.model.command import AcknowledgeAlarm, CommentAlarm, DisableAccount, SetPassword, SignOff
from chengyun_core.model.rights_commands import EndSession, SetPosts
from chengyun_core.model.scales import WarningColour
from chengyun_core.wire import codec
from chengyun_core.wire.envelope import Hello, Reply, Request
from tests.core.centre.room import ADMIN_KEY, SETTINGS, Room
from tests.support.in_memory import memory_folder

SEED, TIMES = 20_261_121, 10_000
HELLO = codec.pack(Hello(protocol=1, client="test"))
ACK = codec.pack(AcknowledgeAlarm(alarm=1, version=1))
ASKED_PER_DEED = 9
"""Deeds take a transaction each, questions none: of ten knocks one is a deed."""


@pytest.fixture
def city() -> Iterator[Room]:
    """A room with an alarm nobody has acknowledged."""
    with memory_folder() as folder, Room(folder) as made:
        made.observe(0, WarningColour.YELLOW)
        yield made


def _knock(room: Room, turn: int, token: str) -> str:
    """Ask with a token, every tenth time for a deed; return the code of the refusal, empty when it was let in."""
    is_deed = turn % (ASKED_PER_DEED + 1) == 0
    kind, body = ("alarm.acknowledge", ACK) if is_deed else ("snapshot", HELLO)
    reply = codec.unpack(room.raw(codec.pack(Request(id=f"k{turn}", kind=kind, body=body, session=token))), Reply)
    assert reply.outcome in ("done", "refused"), reply
    return reply.code


def _nothing_was_done(room: Room) -> None:
    assert room.alarm(1).acked_at is None
    assert [change for change in room.published if change.action == "alarm.acknowledge"] == []


def test_that_of_ten_thousand_forged_tokens_none_opens(city: Room) -> None:
    chosen, good = random.Random(SEED), city.officer("li")
    made = {
        0: lambda: f"{chosen.getrandbits(256):064x}",
        1: lambda: _flipped(good, chosen),
        2: lambda: good[: chosen.randrange(64)],
        3: lambda: good + chosen.choice(("0", "\x00", " ", "\n", good)),
        4: lambda: chosen.choice(("li", "local-admin", "centre", "'; --", good.upper() + "x", "%", "*", "\u202e")),
    }
    codes = {_knock(city, turn, made[chosen.randrange(5)]()) for turn in range(TIMES)}
    assert codes == {"session.none"}
    _nothing_was_done(city)
    assert _knock(city, 0, good) == "", "the token itself opens"


def _flipped(token: str, chosen: random.Random) -> str:
    place = chosen.randrange(len(token))
    other = chosen.choice([digit for digit in "0123456789abcdef" if digit != token[place]])
    return token[:place] + other + token[place + 1 :]


def test_that_of_ten_thousand_tokens_of_the_other_realm_none_opens(city: Room, tmp_path: Path) -> None:
    with Room(tmp_path, replace(SETTINGS, realm="drill")) as other:
        tokens = [other.officer(f"a{number}", seat=f"A-0{number}") for number in range(1, 6)]
        city.officer("a1")
        codes = {_knock(city, turn, tokens[turn % 5]) for turn in range(TIMES)}
        assert codes == {"session.none"}
        _nothing_was_done(city)
        assert all(other.ask("snapshot", Hello(protocol=1, client="t"), token).outcome == "done" for token in tokens)


def test_that_of_ten_thousand_knocks_with_an_expired_session_none_opens(city: Room) -> None:
    token = city.officer("li")
    city.clock.advance(city.settings.session_hours * 3600)
    assert _knock(city, 1, token) == ""
    city.clock.advance(1)
    assert {_knock(city, turn, token) for turn in range(TIMES)} == {"session.expired"}
    _nothing_was_done(city)


def test_that_of_ten_thousand_knocks_with_a_revoked_session_none_opens(city: Room) -> None:
    """Revoked in every way there is: left, moved, password, posts, disabled, ended by an administrator."""
    tokens = [city.officer(f"a{number}", seat=f"A-0{number}") for number in range(1, 7)]
    assert {_knock(city, 1, token) for token in tokens} == {""}
    city.done(SignOff(), tokens[0])
    city.signed_on("a2", "A-07")
    city.done(SetPassword(account="a3", password="another password"), ADMIN_KEY)
    city.done(SetPosts(account="a4", posts=("500103.duty_officer",), reason="轮岗"), ADMIN_KEY)
    city.done(DisableAccount(account="a5"), ADMIN_KEY)
    city.done(EndSession(seat="A-06", reason="无人在席"), ADMIN_KEY)
    codes = {(turn % 6, _knock(city, turn, tokens[turn % 6])) for turn in range(TIMES)}
    assert codes == {(which, "session.none") for which in range(6)}
    _nothing_was_done(city)


def test_that_ten_thousand_replays_are_answered_as_the_first_and_do_nothing(city: Room) -> None:
    """Commands that were listened to and are sent again: by who said them first, and by another with his session."""
    session, other = city.officer("li"), city.officer("wang", seat="A-02")
    bodies = [codec.pack(CommentAlarm(alarm=1, text=f"第 {number} 句")) for number in range(50)]
    heard = [
        Request(id=f"c{number}", kind="alarm.comment", body=body, session=session) for number, body in enumerate(bodies)
    ]
    first = [city.raw(codec.pack(request)) for request in heard]
    assert all(codec.unpack(answer, Reply).outcome == "done" for answer in first)
    rows = len(city.published)
    replays = [codec.pack(request) for request in heard]
    stolen = [codec.pack(replace(request, session=other)) for request in heard]
    for turn in range(TIMES):
        which = turn % 50
        if turn % 10:
            assert city.raw(replays[which]) == first[which]
        else:
            assert codec.unpack(city.raw(stolen[which]), Reply).code == "command.id_used"
    assert len(city.published) == rows
