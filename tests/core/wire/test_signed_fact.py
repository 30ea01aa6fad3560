"""Facts between centres: ten thousand each of forged, replayed, cross-realm, expired ones, and none is taken."""

import random
from collections.abc import Iterator
from dataclasses import replace

import pytest

from chengyun_core.crypto.choice import provider
from chengyun_core.model.clock import NS_PER_S
from chengyun_core.model.failure import Refused
from chengyun_core.wire import codec, signed_fact
from chengyun_core.wire.signed_fact import Roster, Sealed, SignedFact

SEED, TIMES = 20_261_121, 10_000
NOON_NS = 1_800_000_000_000_000_000
CITY_KEY, THIEF_KEY, OTHER_KEY = bytes([1]) * 32, bytes([2]) * 32, bytes([3]) * 32
SUITE = provider("international")
ROSTER = Roster(keys={"500000": SUITE.public_of(CITY_KEY), "500106": SUITE.public_of(OTHER_KEY)})
ORDER = SignedFact(
    realm="live", issuer="500000", target="500103", place=1, chain=1, number=77, account="li",
    post="500000.duty_officer", action="receipt.send", kind="receipt", key="5.1", version=1, record=b"\x80" * 200,
    issued_at=NOON_NS, expires_at=NOON_NS + 3600 * NS_PER_S,
)  # fmt: skip


class Memory:
    """What was taken, in a set."""

    def __init__(self) -> None:
        self.seen: set[tuple[str, int, int]] = set()

    def take(self, fact: SignedFact) -> bool:
        """As the table does."""
        key = (fact.issuer, fact.chain, fact.number)
        if key in self.seen:
            return False
        self.seen.add(key)
        return True


def _sent(fact: SignedFact = ORDER, key: bytes = CITY_KEY) -> bytes:
    return signed_fact.signed(fact, key, SUITE)


def _refusal(data: bytes, *, realm: str = "live", centre: str = "500103", now_ns: int = NOON_NS) -> str:
    try:
        signed_fact.verified(data, ROSTER, SUITE, realm=realm, centre=centre, now_ns=now_ns)
    except Refused as refused:
        return refused.reason.code
    return ""


def _orders(times: int = TIMES) -> Iterator[tuple[random.Random, SignedFact]]:
    chosen = random.Random(SEED)
    for number in range(1, times + 1):
        yield chosen, replace(ORDER, number=number, key=f"{number}.1", record=chosen.randbytes(64))


def test_that_what_was_signed_comes_out_as_it_was() -> None:
    assert signed_fact.verified(_sent(), ROSTER, SUITE, realm="live", centre="500103", now_ns=NOON_NS) == ORDER


def test_that_of_ten_thousand_forged_orders_none_is_taken() -> None:
    """One byte changed anywhere, a field changed under the old signature, another's key, another's name."""
    good = codec.unpack(_sent(), Sealed)
    for chosen, order in _orders():
        match chosen.randrange(4):
            case 0:
                data = bytearray(_sent())
                data[chosen.randrange(len(data))] ^= 1 << chosen.randrange(8)
            case 1:
                body = codec.unpack(_sent(order, THIEF_KEY), Sealed).signed
                data = bytearray(codec.pack(replace(good, signed=body)))
            case 2:
                data = bytearray(_sent(order, THIEF_KEY))
            case _:
                data = bytearray(_sent(replace(order, issuer="500106")))
        assert _refusal(bytes(data)) in {"fact.bad", "fact.signature_wrong", "fact.unknown_issuer"}


@pytest.mark.parametrize("name", sorted(SignedFact.__dataclass_fields__))
def test_that_every_field_is_under_the_signature(name: str) -> None:
    value = getattr(ORDER, name)
    other = value + (b"x" if isinstance(value, bytes) else "x" if isinstance(value, str) else 1)
    changed = codec.unpack(_sent(replace(ORDER, **{name: other}), THIEF_KEY), Sealed).signed
    assert _refusal(codec.pack(replace(codec.unpack(_sent(), Sealed), signed=changed))) != ""


def test_that_of_ten_thousand_replayed_orders_none_acts_again() -> None:
    seen, refused = Memory(), 0
    sent = [_sent(order) for _, order in _orders(100)]
    for data in sent:
        signed_fact.taken(data, ROSTER, SUITE, seen, realm="live", centre="500103", now_ns=NOON_NS)
    for turn in range(TIMES):
        with pytest.raises(Refused, match=r"fact\.seen"):
            signed_fact.taken(
                sent[turn % 100], ROSTER, SUITE, seen, realm="live", centre="500103", now_ns=NOON_NS + turn
            )  # fmt: skip
        refused += 1
    assert (refused, len(seen.seen)) == (TIMES, 100)


@pytest.mark.parametrize(("theirs", "ours"), [("drill", "live"), ("live", "drill")])
def test_that_of_ten_thousand_orders_of_the_other_realm_none_is_taken(theirs: str, ours: str) -> None:
    # The same key in both realms, as after a profile was copied for a drill: only the signed realm keeps them apart.
    for _, order in _orders(TIMES // 2):
        assert _refusal(_sent(replace(order, realm=theirs)), realm=ours) == "fact.other_realm"


def test_that_of_ten_thousand_expired_or_early_orders_none_is_taken() -> None:
    for chosen, order in _orders(TIMES // 20):
        data, early = _sent(order), NOON_NS - 3600 * NS_PER_S
        for _ in range(10):
            assert _refusal(data, now_ns=order.expires_at + chosen.randrange(10**15)) == "fact.expired"
            assert _refusal(data, now_ns=early - chosen.randrange(10**15)) == "fact.not_yet"


def test_that_of_ten_thousand_orders_of_a_centre_taken_off_the_roster_none_is_taken() -> None:
    shrunk = Roster(keys={"500106": SUITE.public_of(OTHER_KEY)})
    for _, order in _orders(TIMES // 20):
        data = _sent(order)
        for turn in range(20):
            with pytest.raises(Refused, match=r"fact\.unknown_issuer"):
                signed_fact.verified(data, shrunk, SUITE, realm="live", centre="500103", now_ns=NOON_NS + turn)


def test_that_an_order_for_another_centre_is_not_taken_here() -> None:
    assert _refusal(_sent(), centre="500106") == "fact.not_for_us"


def test_that_a_few_minutes_between_two_clocks_keep_no_order_out() -> None:
    assert _refusal(_sent(), now_ns=NOON_NS - 299 * NS_PER_S) == ""
    assert _refusal(_sent(), now_ns=NOON_NS - 301 * NS_PER_S) == "fact.not_yet"
    assert _refusal(_sent(), now_ns=ORDER.expires_at - 1) == ""


@pytest.mark.parametrize("data", [b"", b"\x80", b"\xff" * 100, b"x" * (2**20 + 1), codec.pack(ORDER)])
def test_that_what_is_no_fact_is_refused_as_such(data: bytes) -> None:
    assert _refusal(data) == "fact.bad"


def test_that_bytes_signed_for_something_else_are_no_fact() -> None:
    body = codec.pack(ORDER)
    data = codec.pack(Sealed(signed=body, signature=SUITE.sign(CITY_KEY, body), algorithm="ed25519"))
    assert _refusal(data) == "fact.bad"
