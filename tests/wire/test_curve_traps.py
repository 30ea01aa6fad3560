"""The nine traps of CURVE and ZAP (RELIABILITY.md): each shown with a bare socket, each closed by ours; accepted: 0."""

import logging
import os
import socket as plain
import threading
from pathlib import Path

import pytest
import zmq
import zmq.auth
from zmq.auth.thread import ThreadAuthenticator

from chengyun_core.model.failure import Trouble
from chengyun_core.wire import addresses, codec, curve, sockets
from chengyun_core.wire.endpoints import TOPIC_CHANGE, TOPIC_HEARTBEAT, TOPIC_STATE
from chengyun_core.wire.envelope import Reply, Request
from chengyun_core.wire.handshake import HandshakeWatch
from chengyun_core.wire.roles import Role, may_hear
from tests.support.curve_stand import (
    Gatehouse,
    allow,
    awaited,
    client,
    door_of,
    fresh_pair,
    gatehouse,
    handshake,
    request,
    server,
)
from tests.support.waiting import wait_until

# Trap 1: fail-open.


def test_that_a_bare_curve_server_without_an_answerer_lets_every_stranger_in(bare: zmq.Context) -> None:
    pair = fresh_pair()
    _socket, address = server(bare, zmq.ROUTER, pair)
    assert handshake(bare, address, pair.public, fresh_pair()) == "succeeded"


def test_that_our_server_socket_without_an_answerer_lets_nobody_in(profile: Path, bare: zmq.Context) -> None:
    lock = curve.own_pair(profile, curve.SERVER)
    address = addresses.of_profile(profile).centre_door
    socket = sockets.door(bare, address, lock=lock)
    known = curve.own_pair(profile, Role.CONSOLE)
    answers = [handshake(bare, address, lock.public, own) for own in (known, fresh_pair())]
    assert all(answers)
    assert "succeeded" not in answers
    assert not socket.poll(0)


def test_that_unknown_keys_get_in_again_behind_a_bare_server_when_its_answerer_stops(bare: zmq.Context) -> None:
    pair = fresh_pair()
    judge = ThreadAuthenticator(bare)
    judge.start()
    judge.configure_curve_callback(domain="*", credentials_provider=_Nobody())
    _socket, address = server(bare, zmq.ROUTER, pair)
    assert handshake(bare, address, pair.public, fresh_pair()) == "auth"
    judge.stop()
    # One that asks while the answerer is going away is never answered at all; the next one is let in.
    endings = (handshake(bare, address, pair.public, fresh_pair(), most_ms=3_000) for _ in range(5))
    assert next((ending for ending in endings if ending), "") == "succeeded"


class _Nobody:
    def callback(self, domain: str, key: bytes) -> bool:
        return False


def test_that_nobody_gets_in_after_our_answerer_ended(house: Gatehouse, bare: zmq.Context) -> None:
    door_of(house)
    address = addresses.of_profile(house.profile).centre_door
    known = curve.own_pair(house.profile, Role.CONSOLE)
    assert handshake(bare, address, house.server_key, known) == "succeeded"
    house.guard.answerer.close()
    assert handshake(bare, address, house.server_key, known) != "succeeded"
    assert handshake(bare, address, house.server_key, fresh_pair()) != "succeeded"


def test_that_a_dead_answerer_is_noticed_told_by_a_light_and_ends_the_daemon(house: Gatehouse) -> None:
    house.guard.answerer.close()
    assert house.guard.light == "wire.answerer_dead"
    with pytest.raises(Trouble, match=r"wire\.answerer_dead"):
        house.guard.tend(house.poller)


def test_that_a_tcp_socket_without_a_key_cannot_be_opened_at_all(bare: zmq.Context, tmp_path: Path) -> None:
    for opened in (
        lambda: sockets.door(bare, "tcp://127.0.0.1:*"),
        lambda: sockets.publisher(bare, "tcp://127.0.0.1:*", queued=1),
        lambda: sockets.caller(bare, "tcp://127.0.0.1:1"),
        lambda: sockets.subscriber(bare, "tcp://127.0.0.1:1", b"", queued=1),
    ):
        with pytest.raises(Trouble, match=r"wire\.open_address"):
            opened()
    (tmp_path / "profile.toml").write_text('[wire]\nhost = "127.0.0.1"\n')
    with pytest.raises(Trouble, match=r"wire\.curve_key_missing"), gatehouse(tmp_path):
        pass


def test_that_of_unknown_plain_and_wrongly_pinned_clients_none_is_accepted(house: Gatehouse, bare: zmq.Context) -> None:
    door = door_of(house)
    address = addresses.of_profile(house.profile).centre_door
    known = curve.own_pair(house.profile, Role.CONSOLE)
    outcomes = [handshake(bare, address, house.server_key, fresh_pair()) for _ in range(5)]
    outcomes.append(handshake(bare, address, None, None))
    outcomes.append(handshake(bare, address, fresh_pair().public, known))
    assert outcomes.count("succeeded") == 0
    assert outcomes[:5] == ["auth"] * 5
    assert door.received() is None
    assert house.guard.answerer.admitted == 0


# Trap 2: a raising callback.


@pytest.mark.filterwarnings("ignore::pytest.PytestUnhandledThreadExceptionWarning")
def test_that_a_raising_callback_ends_the_library_s_thread(bare: zmq.Context) -> None:
    class Raising:
        def callback(self, domain: str, key: bytes) -> bool:
            raise ValueError(domain, key)

    pair = fresh_pair()
    judge = ThreadAuthenticator(bare)
    judge.start()
    judge.configure_curve_callback(domain="*", credentials_provider=Raising())
    _socket, address = server(bare, zmq.ROUTER, pair)
    stranger = client(bare, zmq.DEALER, address, pair.public, fresh_pair())
    wait_until(lambda: not judge.thread.is_alive(), "the library's thread is dead")
    stranger.close()
    judge.pipe = judge.pipe.close(0)  # its own stop() would wait for the dead thread for ever


def test_that_a_judgement_that_raises_is_a_no_and_the_next_key_is_judged(
    house: Gatehouse, bare: zmq.Context, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:  # fmt: skip
    door_of(house)
    address = addresses.of_profile(house.profile).centre_door
    known = curve.own_pair(house.profile, Role.CONSOLE)

    def fails(key: bytes) -> None:
        raise RuntimeError(key)

    with monkeypatch.context() as patch, caplog.at_level(logging.CRITICAL):
        patch.setattr(house.guard.answerer, "card", fails)
        assert handshake(bare, address, house.server_key, known) == "auth"
    assert handshake(bare, address, house.server_key, known) == "succeeded"
    house.guard.tend(house.poller)


@pytest.mark.usefixtures("caplog")  # faults are logged as errors
def test_that_questions_that_are_no_zap_request_are_survived(house: Gatehouse) -> None:
    asker = house.context.socket(zmq.DEALER)
    asker.linger = 0
    asker.connect("inproc://zeromq.zap.01")
    for parts in ([b""], [b"", b"1.0"], [b"", b"9", b"n", b"d", b"a", b"i", b"CURVE", b"x"], [b"x"] * 40):
        asker.send_multipart(parts)
    asker.send_multipart([b"", b"1.0", b"last", b"other", b"a", b"i", b"CURVE", b"k" * 32])
    replies: list[list[bytes]] = []
    wait_until(lambda: _drained(asker, replies) and replies[-1][2] == b"last", "the last question is answered")
    assert {reply[3] for reply in replies} == {b"400"}
    assert house.guard.answerer.is_alive
    asker.close()


def _drained(socket: zmq.Socket, into: list[list[bytes]]) -> bool:
    while socket.poll(0):
        into.append(socket.recv_multipart())
    return bool(into)


# Trap 3: domains and the form of a key.


def test_that_the_library_s_star_is_no_wildcard(bare: zmq.Context) -> None:
    class Everybody:
        def callback(self, domain: str, key: bytes) -> bool:
            return True

    judge = ThreadAuthenticator(bare)
    judge.start()
    judge.configure_curve_callback(domain="*", credentials_provider=Everybody())
    pair = fresh_pair()
    socket = bare.socket(zmq.ROUTER)
    socket.curve_server, socket.curve_secretkey, socket.zap_domain = True, pair.secret, b"chengyun"
    socket.bind("tcp://127.0.0.1:*")
    assert handshake(bare, socket.last_endpoint.decode(), pair.public, fresh_pair()) == "auth"
    judge.stop()


def test_that_our_answerer_knows_its_named_domain_and_keys_in_z85(house: Gatehouse, bare: zmq.Context) -> None:
    door_of(house)
    known = curve.own_pair(house.profile, Role.ADMIN)
    address = addresses.of_profile(house.profile).centre_door
    assert handshake(bare, address, house.server_key, known) == "succeeded"
    assert house.guard.answerer.card(known.public).role is Role.ADMIN


# Trap 5: a client is not told.


def test_that_a_refused_client_learns_it_from_our_watch_and_a_bare_socket_never_does(
    house: Gatehouse, bare: zmq.Context
) -> None:  # fmt: skip
    door_of(house)
    socket = client(
        bare, zmq.DEALER, addresses.of_profile(house.profile).centre_door, house.server_key, fresh_pair(), connect=False
    )  # fmt: skip
    watch = HandshakeWatch(socket, addresses.of_profile(house.profile).centre_door)
    wait_until(lambda: watch.refusal() is not None, "the watch sees the refusal")
    assert watch.refusal().code == "link.key_refused"
    assert not socket.poll(0, zmq.POLLIN), "the socket itself says nothing: no message, no error"
    watch.close()


def test_that_the_watch_listens_before_it_connects_and_misses_no_refusal(
    house: Gatehouse, bare: zmq.Context, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refused_before_the_next_line(socket: zmq.Socket, address: str) -> None:
        """Connect as on a busy machine: the refusal is there before this thread goes on."""
        socket.connect(address)
        wait_until(lambda: house.guard.answerer.refused == 1, "the key is refused")

    door_of(house)
    monkeypatch.setattr(sockets, "connect_to", refused_before_the_next_line)
    address = addresses.of_profile(house.profile).centre_door
    watch = HandshakeWatch(
        client(bare, zmq.DEALER, address, house.server_key, fresh_pair(), connect=False), address
    )  # fmt: skip
    wait_until(lambda: watch.refusal() is not None, "the watch sees it all the same")
    assert watch.refusal().code == "link.key_refused"
    watch.close()


def test_that_a_key_allowed_after_its_refusal_gets_in_by_our_watch_and_never_by_a_bare_socket(
    house: Gatehouse, bare: zmq.Context
) -> None:  # fmt: skip
    door_of(house)
    address, pair = addresses.of_profile(house.profile).centre_door, fresh_pair()
    ours, theirs = (
        client(bare, zmq.DEALER, address, house.server_key, pair, connect=is_theirs) for is_theirs in (False, True)
    )
    watch = HandshakeWatch(ours, address)
    wait_until(lambda: watch.refusal() is not None and house.guard.answerer.refused >= 2, "both are refused")
    allow(house.profile, "late", Role.CONSOLE, pair)
    house.tend_until(lambda: house.guard.answerer.card(pair.public) is not None, "the key is known")
    wait_until(lambda: watch.refusal() is None, "ours is let in")
    wait_until(lambda: house.guard.answerer.admitted == 1, "once")
    theirs.immediate = True
    assert not theirs.poll(500, zmq.POLLOUT) or house.guard.answerer.admitted == 1
    watch.close()


def test_that_another_server_than_the_pinned_one_is_told_apart(house: Gatehouse, bare: zmq.Context) -> None:
    door_of(house)
    known = curve.own_pair(house.profile, Role.CONSOLE)
    address = addresses.of_profile(house.profile).centre_door
    socket = bare.socket(zmq.DEALER)
    socket.linger, socket.reconnect_ivl = 0, 20
    socket.curve_serverkey, socket.curve_publickey, socket.curve_secretkey = (
        fresh_pair().public, known.public, known.secret,
    )  # fmt: skip
    watch = HandshakeWatch(socket, address)
    wait_until(lambda: watch.refusal() is not None, "the watch sees that no handshake is ever finished")
    assert watch.refusal().code == "link.handshake_failed"
    watch.close()


# Trap 6: secrets on disk.


def test_that_the_library_writes_its_secret_for_everybody_and_we_for_the_owner(tmp_path: Path) -> None:
    before = os.umask(0o022)
    try:
        _public, secret = zmq.auth.create_certificates(tmp_path, "theirs")
        curve.make(tmp_path, "ours")
    finally:
        os.umask(before)
    assert Path(secret).stat().st_mode & 0o777 == 0o644
    assert (curve.folder_of(tmp_path) / "ours.key").stat().st_mode & 0o777 == 0o600


# Trap 7: who subscribes to what.


def test_that_a_subscription_is_admitted_by_the_role_of_its_key(house: Gatehouse, bare: zmq.Context) -> None:
    at = addresses.of_profile(house.profile)
    broadcast = house.guard.broadcast(at.ingest_state, queued=100)
    house.poller.register(broadcast.socket, zmq.POLLIN)
    ears = {
        role: client(bare, zmq.SUB, at.ingest_state, house.server_key, curve.own_pair(house.profile, role))
        for role in (Role.CONSOLE, Role.INGEST)
    }
    for ear in ears.values():
        ear.subscribe(b"")  # everything, for which no role is good enough
        ear.subscribe(TOPIC_STATE)
        ear.subscribe(TOPIC_HEARTBEAT)
    heard: dict[Role, set[bytes]] = {role: set() for role in ears}

    def beats_reach_both() -> bool:
        broadcast.joined()
        for topic in (TOPIC_STATE, TOPIC_HEARTBEAT, b"X/"):
            broadcast.send([topic, b"-"])
        for role, ear in ears.items():
            while ear.poll(0):
                heard[role].add(ear.recv_multipart()[0])
        return TOPIC_HEARTBEAT in heard[Role.INGEST] and heard[Role.CONSOLE] >= {TOPIC_STATE, TOPIC_HEARTBEAT}

    house.tend_until(beats_reach_both, "both hear the heartbeats")
    assert heard == {Role.CONSOLE: {TOPIC_STATE, TOPIC_HEARTBEAT}, Role.INGEST: {TOPIC_HEARTBEAT}}
    assert broadcast.refused >= 3


def test_that_a_console_s_key_cannot_send_what_only_ingest_may(house: Gatehouse, bare: zmq.Context) -> None:
    door, at = door_of(house), addresses.of_profile(house.profile).centre_door
    console = client(bare, zmq.DEALER, at, house.server_key, curve.own_pair(house.profile, Role.CONSOLE))
    console.send(request("ingest.activations"))
    wait_until(lambda: door.received() is None and bool(console.poll(0)), "the refusal comes")
    reply = codec.unpack(console.recv(), Reply)
    assert (reply.outcome, reply.code, reply.params["kind"]) == ("refused", "wire.role_may_not", "ingest.activations")
    sensing = client(bare, zmq.DEALER, at, house.server_key, curve.own_pair(house.profile, Role.INGEST))
    sensing.send(request("ingest.activations"))
    assert codec.unpack(awaited(house, door)[-1], Request).kind == "ingest.activations"


# Trap 8: topics match by prefix.


def test_that_bare_topics_match_by_prefix_and_ours_end_with_a_stroke(bare: zmq.Context) -> None:
    publisher, ear = bare.socket(zmq.XPUB), bare.socket(zmq.SUB)
    publisher.bind("inproc://prefix")
    ear.connect("inproc://prefix")
    ear.subscribe(b"area/1")
    publisher.recv()
    for topic in (b"area/1", b"area/10"):
        publisher.send(topic)
    assert [ear.recv(), ear.recv()] == [b"area/1", b"area/10"]
    for topic in (TOPIC_STATE, TOPIC_HEARTBEAT, TOPIC_CHANGE):
        assert topic.endswith(b"/")
        assert may_hear(Role.CONSOLE, topic)
        assert not may_hear(Role.CONSOLE, topic[:-1]), "a prefix of a topic would get others' too"
        assert not may_hear(Role.CONSOLE, topic[:-1] + b"0/")


# Trap 9: the size of a message, and bytes that are no ZeroMQ.


def test_that_no_socket_of_ours_takes_messages_of_any_size(house: Gatehouse, bare: zmq.Context) -> None:
    assert bare.socket(zmq.DEALER).maxmsgsize == -1
    at = addresses.of_profile(house.profile)
    made = [
        house.guard.broadcast(at.ingest_state, queued=1).socket,
        house.guard.door(at.ingest_door).socket,
        sockets.caller(bare, at.centre_door),
        sockets.subscriber(bare, at.centre_changes, b"H/", queued=1),
    ]
    assert all(0 < socket.maxmsgsize <= 64 * 2**20 for socket in made)
    assert made[0].maxmsgsize == sockets.MAX_SUBSCRIPTION_BYTES


GREETING = b"\xff" + b"\0" * 7 + b"\x01\x7f" + b"\x03\x00"
HOSTILE = {
    "nothing": b"",
    "random": bytes(range(256)) * 64,
    "http": b"GET / HTTP/1.1\r\nHost: x\r\n\r\n",
    "plain greeting": GREETING + b"NULL".ljust(20, b"\0") + b"\0" * 32 + b"\x04\x19\x05READY",
    "forged curve": GREETING + b"CURVE".ljust(20, b"\0") + b"\0" * 32 + b"\x04\xc8\x05HELLO" + b"\x01" * 194,
    "endless frame": GREETING + b"CURVE".ljust(20, b"\0") + b"\0" * 32 + b"\x06" + b"\xff" * 8 + b"x" * 4096,
}


@pytest.mark.parametrize("sent", HOSTILE.values(), ids=HOSTILE)
def test_that_bytes_of_strangers_on_the_port_do_no_harm(house: Gatehouse, bare: zmq.Context, sent: bytes) -> None:
    door, at = door_of(house), addresses.of_profile(house.profile).centre_door
    port = int(at.rpartition(":")[2])
    for _ in range(3):
        with plain.create_connection(("127.0.0.1", port), timeout=5) as stranger:
            stranger.sendall(sent)
    known = client(bare, zmq.DEALER, at, house.server_key, curve.own_pair(house.profile, Role.CONSOLE))
    known.send(request())
    assert awaited(house, door)[-1] == request()
    assert door.received() is None
    assert house.guard.answerer.is_alive
    assert threading.active_count() < 50
