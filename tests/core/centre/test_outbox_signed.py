"""What leaves for another centre is signed when it is put there, and taken there once: an order's whole way."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from chengyun_core.centre.settings import CentreSettings
from chengyun_core.crypto.choice import provider
from chengyun_core.model.audit import CENTRE
from chengyun_core.model.failure import Refused
from chengyun_core.model.order import Receipt
from chengyun_core.model.order_commands import OrderDraft, Recipient, SendOrders
from chengyun_core.store import outbox
from chengyun_core.store.taken_facts import TakenFacts
from chengyun_core.wire import codec, signed_fact
from chengyun_core.wire.signed_fact import Roster, SignedFact
from tests.core.centre.event_room import LEAD, peopled_city
from tests.core.centre.room import Room

SUITE = provider("international")
AWAY = "500103"
LINKED = CentreSettings(argon2_time_cost=1, argon2_memory_kib=64, reserve_mib=0, linked_centres=(AWAY,))


@pytest.fixture
def city(tmp_path: Path) -> Iterator[Room]:
    """A city with a district that runs a centre of its own."""
    with Room(tmp_path, LINKED) as made:
        made.adopt(peopled_city())
        yield made


def _sent(city: Room, times: int = 1) -> list[bytes]:
    session = city.officer("li")
    for number in range(times):
        draft = OrderDraft(title=f"抢修 {number}", text="到嘉西村抢修", centre=AWAY, recipients=(Recipient(code=LEAD),))
        city.done(SendOrders(drafts=(draft,)), session)
    with city.ledger.reading() as connection:
        return outbox.waiting(connection, AWAY, 1000)


def _taken(room: Room, data: bytes, roster: Roster, *, realm: str = "live") -> SignedFact:
    with room.ledger.work(CENTRE) as work:
        return signed_fact.taken(
            data, roster, SUITE, TakenFacts(work.connection), realm=realm, centre=AWAY, now_ns=room.clock.utc_ns()
        )  # fmt: skip


def _taken_and_fell(room: Room, data: bytes, roster: Roster) -> None:
    with room.ledger.work(CENTRE) as work:
        seen = TakenFacts(work.connection)
        signed_fact.taken(data, roster, SUITE, seen, realm="live", centre=AWAY, now_ns=room.clock.utc_ns())
        raise Refused("fell")


def _roster(room: Room) -> Roster:
    return Roster(keys={"500000": room.desk.public})


def test_that_an_order_for_another_centre_lies_signed_in_the_outbox(city: Room) -> None:
    fact = _taken(city, _sent(city)[0], _roster(city))
    assert (fact.realm, fact.issuer, fact.target, fact.place) == ("live", "500000", AWAY, 1)
    assert (fact.account, fact.post, fact.kind) == ("li", "500000.duty_officer", "receipt")
    assert fact.expires_at - fact.issued_at == 48 * 3600 * 10**9
    assert codec.unpack(fact.record, Receipt).recipient == LEAD


def test_that_places_for_one_centre_have_no_hole(city: Room) -> None:
    facts = [_taken(city, data, _roster(city)) for data in _sent(city, 3)]
    assert [fact.place for fact in facts] == [1, 2, 3]
    assert len({(fact.chain, fact.number) for fact in facts}) == 3


def test_that_it_is_taken_once_over_a_restart_and_forgotten_when_its_expiry_refuses_it(city: Room) -> None:
    (data,), roster = _sent(city), _roster(city)
    _taken(city, data, roster)
    city.restart()
    with pytest.raises(Refused, match=r"fact\.seen"):
        _taken(city, data, roster)
    city.clock.advance(49 * 3600)
    with city.ledger.work(CENTRE) as work:
        seen = TakenFacts(work.connection)
        assert (seen.forget_before(city.clock.utc_ns()), seen.count()) == (1, 0)
    with pytest.raises(Refused, match=r"fact\.expired"):
        _taken(city, data, roster)


def test_that_a_taker_who_fails_has_not_taken_it(city: Room) -> None:
    (data,), roster = _sent(city), _roster(city)
    with pytest.raises(Refused, match="fell"):
        _taken_and_fell(city, data, roster)
    assert _taken(city, data, roster).place == 1


def test_that_a_drill_s_order_does_nothing_in_the_live_city_and_a_live_one_nothing_in_a_drill(tmp_path: Path) -> None:
    for realm, other in (("drill", "live"), ("live", "drill")):
        settings = CentreSettings(
            argon2_time_cost=1, argon2_memory_kib=64, reserve_mib=0, linked_centres=(AWAY,), realm=realm
        )  # fmt: skip
        with Room(tmp_path / realm, settings) as room:
            room.adopt(peopled_city())
            (data,) = _sent(room)
            with pytest.raises(Refused, match=r"fact\.other_realm"):
                _taken(room, data, _roster(room), realm=other)
            assert _taken(room, data, _roster(room), realm=realm).realm == realm
