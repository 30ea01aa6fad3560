"""RF9: daemons and consoles of the version before and the version after: refused with both numbers, never mis-decoded.

Everything that travels is said once in each version: heartbeats, frames, changes, every ask and command at each door,
and replies. Another version may have any other meaning, so no field of it but its version may be believed.
"""

import random
from collections.abc import Iterator
from pathlib import Path

import msgspec
import pytest
import zmq

from chengyun_console.session.replica import Replica
from chengyun_core.ingest.historian.door import HistoryDoor
from chengyun_core.launch.door_client import DoorClient
from chengyun_core.mirror.links import Reach
from chengyun_core.model.failure import Refused
from chengyun_core.wire import codec, frames, sockets
from chengyun_core.wire.endpoints import PROTOCOL_VERSION, TOPIC_CHANGE, TOPIC_HEARTBEAT, TOPIC_STATE
from chengyun_core.wire.envelope import HistoryStatus, Reply
from chengyun_core.wire.frames import BadFrame
from chengyun_resources.texts import Texts
from tests.core.centre.room import ADMIN_KEY, INGEST_KEY, Room
from tests.core.ingest.daemon.test_door import Stand
from tests.faults.fuzz import specimens
from tests.support.news_from import S, alarm, beat, change, moment

NEIGHBOURS = (PROTOCOL_VERSION - 1, PROTOCOL_VERSION + 1)


def said_in(version: int, record: bytes) -> bytes:
    """Return a message as a build of another version says it: with its number, and a field we do not know."""
    fields = msgspec.msgpack.decode(record)
    return msgspec.msgpack.encode({**fields, "protocol": version, "colour_of_the_sky": "grey"})


def only_renumbered(version: int, record: bytes) -> bytes:
    """Return a message that looks exactly like one of ours and means who knows what."""
    return msgspec.msgpack.encode({**msgspec.msgpack.decode(record), "protocol": version})


TEXTS = Texts("zh_CN")
DISGUISES = (said_in, only_renumbered)


def assert_is_told(reply: Reply, version: int, request: bytes) -> None:
    """The asker is told under its own id, with both numbers, in a sentence that says what to do."""
    assert (reply.outcome, reply.code) == ("refused", "wire.other_protocol")
    assert reply.id == msgspec.msgpack.decode(request)["id"]
    assert reply.params == {"theirs": str(version), "ours": str(PROTOCOL_VERSION)}
    told = TEXTS.say(reply.code, **reply.params)
    assert str(version) in told
    assert "更新" in told


@pytest.mark.parametrize("disguise", DISGUISES)
@pytest.mark.parametrize("version", NEIGHBOURS)
def test_that_no_ask_or_command_of_another_version_is_carried_out_by_the_centre(tmp_path, version, disguise) -> None:
    with Room(tmp_path) as room:
        session = room.officer()
        before, rows = room.ledger.tail, len(room.published)
        for request in specimens.asked_of_centre(session, ADMIN_KEY, INGEST_KEY):
            other = disguise(version, request)
            assert_is_told(codec.unpack(room.raw(other), Reply), version, other)
        assert (room.ledger.tail, len(room.published)) == (before, rows)


@pytest.mark.parametrize("disguise", DISGUISES)
@pytest.mark.parametrize("version", NEIGHBOURS)
def test_that_no_ask_of_another_version_is_answered_by_ingest_or_the_historian(version, disguise) -> None:
    stand = Stand()
    historian = HistoryDoor(None, status=HistoryStatus, epoch=1, realm="live")
    for request in specimens.asked_of_ingest():
        other = disguise(version, request)
        assert_is_told(codec.unpack(stand.door.answer(b"me", other), Reply), version, other)
    for request in specimens.asked_of_historian():
        other = disguise(version, request)
        assert_is_told(codec.unpack(historian.answer(other), Reply), version, other)
    assert stand.watching.channels.size == 0


@pytest.mark.parametrize("version", NEIGHBOURS)
def test_that_a_hello_of_another_version_is_refused_by_every_door(tmp_path, version) -> None:
    from chengyun_core.wire.envelope import Hello, Request

    hello = codec.pack(Request(id="1", kind="hello", body=codec.pack(Hello(protocol=version, client="new"))))
    historian = HistoryDoor(None, status=HistoryStatus, epoch=1, realm="live")
    with Room(tmp_path) as room:
        for answer in (room.raw(hello), Stand().door.answer(b"me", hello), historian.answer(hello)):
            reply = codec.unpack(answer, Reply)
            assert reply.outcome == "refused"
            assert reply.params["theirs"] == str(version)
            assert TEXTS.say(reply.code, **reply.params) != reply.code


@pytest.mark.parametrize("version", NEIGHBOURS)
def test_that_frames_of_another_version_are_refused_and_their_version_is_named(version) -> None:
    for frame in specimens.some_frames():
        with pytest.raises(BadFrame, match=f"of version '{version}'"):
            frames.decode(b"CYF%d" % version + frame[4:])


@pytest.mark.parametrize("disguise", DISGUISES)
@pytest.mark.parametrize("version", NEIGHBOURS)
def test_that_a_console_uses_nothing_of_a_daemon_of_another_version_and_says_so(version, disguise) -> None:
    replica = Replica()
    shown, now = replica.post(), moment(S)
    for daemon, hear in (("ingest", replica.heard_ingest), ("centre", replica.heard_centre)):
        hear(TOPIC_HEARTBEAT, disguise(version, codec.pack(beat(daemon=daemon, tail=3, sent_ns=S))), now)
    for frame in specimens.some_frames(epoch=1):
        replica.heard_ingest(TOPIC_STATE, frame, now)
    replica.heard_centre(TOPIC_CHANGE, codec.pack(change(1, alarm(1))), now)
    replica.replied(disguise(version, codec.pack(Reply(id="facts-1", outcome="done"))), now)
    assert replica.turn(now) == [], "nothing is asked of it either"
    shown = replica.post()
    assert shown is not None
    assert (shown.state, shown.facts, shown.watch) == (None, None, None)
    assert shown.links is not None
    for link in (shown.links.ingest, shown.links.centre):
        assert link.reach is Reach.REFUSED
        assert (link.reason.params["theirs"], link.reason.params["ours"]) == (str(version), str(PROTOCOL_VERSION))
        assert str(version) in TEXTS.say(link.reason.code, **link.reason.params)


@pytest.fixture
def stranger(tmp_path: Path) -> Iterator[tuple[str, "zmq.Socket[bytes]"]]:
    """A door of another build, whose answers the test gives."""
    context: zmq.Context[zmq.Socket[bytes]] = zmq.Context()
    address = f"ipc://{tmp_path}/door"
    door = sockets.door(context, address)
    yield address, door
    context.destroy(linger=0)


@pytest.mark.parametrize("version", NEIGHBOURS)
def test_that_the_command_line_says_that_a_daemon_is_of_another_version(stranger, version) -> None:
    import threading

    address, door = stranger

    def answer() -> None:
        peer, request = door.recv_multipart()
        reply = {"id": msgspec.msgpack.decode(request)["id"], "outcome": "done", "protocol": version, "tint": 3}
        door.send_multipart([peer, msgspec.msgpack.encode(reply)])

    answering = threading.Thread(target=answer)
    answering.start()
    try:
        with DoorClient(address) as client, pytest.raises(Refused) as refused:
            client.hello()
    finally:
        answering.join()
    assert refused.value.reason.code == "wire.other_protocol"


def test_that_whatever_a_neighbour_says_nothing_is_decoded_by_accident() -> None:
    """The matrix once more, with damage on top: an unlucky byte must not turn another version into ours."""
    dice = random.Random(9)
    stand = Stand()
    for _ in range(2000):
        request = dice.choice(specimens.asked_of_ingest())
        data = bytearray(said_in(dice.choice(NEIGHBOURS), request))
        data[dice.randrange(len(data))] = dice.randrange(256)
        answer = stand.door.answer(b"me", bytes(data))
        assert answer is None or codec.unpack(answer, Reply).outcome == "refused"
