"""Keys that come and go while a daemon runs (CURVE trap 4): a revoked one is cut, a new one gets in."""

from pathlib import Path

import pytest
import zmq
from zmq.auth.thread import ThreadAuthenticator

from chengyun_core.wire import addresses, codec, curve
from chengyun_core.wire.endpoints import TOPIC_CHANGE
from chengyun_core.wire.envelope import Reply
from chengyun_core.wire.roles import Role
from tests.support.curve_stand import (
    Gatehouse,
    allow,
    awaited,
    client,
    door_of,
    fresh_pair,
    handshake,
    request,
    server,
)
from tests.support.waiting import wait_until


def test_that_a_bare_publisher_goes_on_sending_to_a_key_that_was_revoked(bare: zmq.Context) -> None:
    class Book:
        allowed = True

        def callback(self, domain: str, key: bytes) -> bool:
            return self.allowed

    book, pair = Book(), fresh_pair()
    judge = ThreadAuthenticator(bare)
    judge.start()
    judge.configure_curve_callback(domain="*", credentials_provider=book)
    socket, address = server(bare, zmq.XPUB, pair)
    listener = client(bare, zmq.SUB, address, pair.public, fresh_pair())
    listener.subscribe(b"H/")
    assert socket.recv() == b"\x01H/"
    book.allowed = False
    socket.send(b"H/ after the revocation")
    assert listener.poll(5000), "trap 4 is gone: the library cuts live sessions by itself"
    judge.stop()


def test_that_a_revoked_listener_receives_nothing_more_and_the_others_go_on(
    house: Gatehouse, bare: zmq.Context
) -> None:  # fmt: skip
    at = addresses.of_profile(house.profile)
    broadcast = house.guard.broadcast(at.centre_changes, queued=100)
    house.poller.register(broadcast.socket, zmq.POLLIN)
    leaver, stayer = fresh_pair(), fresh_pair()
    allow(house.profile, "leaver", Role.CONSOLE, leaver)
    allow(house.profile, "stayer", Role.CONSOLE, stayer)
    house.tend_until(lambda: house.guard.answerer.card(leaver.public) is not None, "the key is known")
    ears = [client(bare, zmq.SUB, at.centre_changes, house.server_key, pair) for pair in (leaver, stayer)]
    for ear in ears:
        ear.subscribe(TOPIC_CHANGE)
    heard: list[list[bytes]] = [[], []]

    def told(text: bytes) -> None:
        broadcast.joined()
        broadcast.send([TOPIC_CHANGE, text])
        for ear, got in zip(ears, heard, strict=True):
            while ear.poll(0):
                got.append(ear.recv_multipart()[1])

    def both_hear() -> bool:
        told(b"before")
        return all(b"before" in got for got in heard)

    house.tend_until(both_hear, "both listen")
    curve.revoke(house.profile, "leaver")
    house.tend_until(lambda: house.guard.answerer.removals > 0, "the revocation is known")
    house.guard.tend(house.poller)

    def stayer_hears() -> bool:
        told(b"after")
        return heard[1].count(b"after") >= 20

    house.tend_until(stayer_hears, "who stays is connected again and hears")
    assert b"after" not in heard[0]
    assert house.guard.answerer.refused > 0, "who left was there and was turned away"


def test_that_a_request_over_a_live_connection_is_refused_once_its_key_is_revoked(
    house: Gatehouse, bare: zmq.Context
) -> None:  # fmt: skip
    door, pair = door_of(house), fresh_pair()
    allow(house.profile, "leaver", Role.CONSOLE, pair)
    house.tend_until(lambda: house.guard.answerer.card(pair.public) is not None, "the key is known")
    asker = client(bare, zmq.DEALER, addresses.of_profile(house.profile).centre_door, house.server_key, pair)
    asker.send(request())
    assert awaited(house, door)[-1] == request()
    curve.revoke(house.profile, "leaver")
    house.tend_until(lambda: house.guard.answerer.card(pair.public) is None, "the revocation is known")
    asker.send(request())
    wait_until(lambda: door.received() is None and bool(asker.poll(0)), "the refusal comes")
    assert codec.unpack(asker.recv(), Reply).code == "wire.key_revoked"
    assert door.refused == 1


def test_that_a_key_allowed_while_running_is_let_in_without_a_restart(house: Gatehouse, bare: zmq.Context) -> None:
    door_of(house)
    pair, address = fresh_pair(), addresses.of_profile(house.profile).centre_door
    assert handshake(bare, address, house.server_key, pair) == "auth"
    allow(house.profile, "late", Role.CONSOLE, pair)
    house.tend_until(lambda: house.guard.answerer.card(pair.public) is not None, "the key is known")
    assert handshake(bare, address, house.server_key, pair) == "succeeded"


@pytest.mark.usefixtures("caplog")  # faults are logged as errors
def test_that_a_key_folder_opened_to_others_lets_nobody_in_and_says_so(house: Gatehouse, bare: zmq.Context) -> None:
    door_of(house)
    folder = curve.folder_of(house.profile)
    folder.chmod(0o777)
    house.tend_until(lambda: house.guard.light == "wire.keys_faulty", "the light is lit")
    known = Path(folder / "console.key").read_text().strip().encode()
    own = curve.Pair(zmq.curve_public(known), known)
    address = addresses.of_profile(house.profile).centre_door
    assert handshake(bare, address, house.server_key, own) == "auth"
    folder.chmod(0o700)
    house.tend_until(lambda: house.guard.light == "ok", "the light is out")
    assert handshake(bare, address, house.server_key, own) == "succeeded"
