"""Facts one centre sends another (orders, receipts, reports): signed bytes with realm, issuer, target and expiry.

An order is a signed object, not a trusted connection (RELIABILITY, rule 8): whoever carries it, broker or stick, can
neither make one, nor change one, nor bring an old one again, nor carry a drill's into the live city.
"""

from dataclasses import dataclass
from typing import Protocol

import msgspec

from chengyun_core.crypto.port import Provider
from chengyun_core.model.clock import NS_PER_S
from chengyun_core.model.failure import Refused
from chengyun_core.model.rights import Label
from chengyun_core.wire import codec

FORMAT = "CYO1"
"""First of the signed values: bytes signed for anything else are never taken for a fact."""
SKEW_S = 300.0
"""By how much two centres' clocks may differ: a fact from further ahead than that is not believed yet."""
LONGEST = 2**20
"""Bytes; a record is some kilobytes."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SignedFact:
    """One journal row as it leaves its centre. All of it is signed."""

    realm: str
    issuer: str
    """Code of the centre that says it."""
    target: str
    """Code of the centre it is said to."""
    place: int
    """Dense per target: a hole tells that one was withheld."""
    chain: int
    number: int
    """Of the issuer's journal row; with the chain it names the fact for good."""
    account: str
    post: str
    """Who answers for it there, and by virtue of which post."""
    action: str
    kind: str
    key: str
    version: int
    record: bytes
    """msgpack as in a change of the kind: for an order, number, recipients and words are in here."""
    issued_at: int
    """Profile ns UTC."""
    expires_at: int
    label: Label = Label.NORMAL
    """Under which label the record lay where it comes from (G6): who takes it lays the same."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Sealed:
    """What travels: the exact bytes that were signed, and the signature."""

    signed: bytes
    signature: bytes
    algorithm: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Roster:
    """The receiver's own list: which centres it takes facts from, and the keys they sign with."""

    keys: dict[str, bytes]

    def key_of(self, centre: str) -> bytes:
        """Return a centre's public key; raise Refused for one that is not on the list (any more)."""
        if centre not in self.keys:
            raise Refused("fact.unknown_issuer", issuer=centre[:64])
        return self.keys[centre]


class Seen(Protocol):
    """Remembers facts that were taken, until they have expired."""

    def take(self, fact: SignedFact) -> bool:
        """Take note of a fact; return False when it was taken before."""
        ...


def signed(fact: SignedFact, key: bytes, provider: Provider) -> bytes:
    """Return the bytes that travel."""
    body = msgspec.msgpack.encode([FORMAT, codec.pack(fact)])
    return codec.pack(Sealed(signed=body, signature=provider.sign(key, body), algorithm=provider.signature_name))


def verified(data: bytes, roster: Roster, provider: Provider, *, realm: str, centre: str, now_ns: int) -> SignedFact:
    """Return the fact in bytes that came for this centre in this realm.

    Raises:
        Refused: `fact.bad` for what is no fact, `fact.unknown_issuer`, `fact.signature_wrong`, `fact.other_realm`,
            `fact.not_for_us`, `fact.not_yet`, `fact.expired`. Nothing of a fact is believed before its signature is.
    """
    fact, sealed = _opened(data)
    good = sealed.algorithm == provider.signature_name and provider.is_signed(
        roster.key_of(fact.issuer), sealed.signature, sealed.signed
    )
    if not good:
        raise Refused("fact.signature_wrong", issuer=fact.issuer[:64])
    if fact.realm != realm:
        raise Refused("fact.other_realm", theirs=fact.realm[:64], ours=realm, issuer=fact.issuer)
    if fact.target != centre:
        raise Refused("fact.not_for_us", target=fact.target[:64], ours=centre)
    if fact.issued_at > now_ns + round(SKEW_S * NS_PER_S):
        raise Refused("fact.not_yet", issuer=fact.issuer, seconds=(fact.issued_at - now_ns) // NS_PER_S)
    if fact.expires_at <= now_ns:
        raise Refused("fact.expired", issuer=fact.issuer, seconds=(now_ns - fact.expires_at) // NS_PER_S)
    return fact


def taken(
    data: bytes, roster: Roster, provider: Provider, seen: Seen, *, realm: str, centre: str, now_ns: int
) -> SignedFact:  # fmt: skip
    """Return the fact, once: raise Refused `fact.seen` for one that was taken before, and as `verified` does."""
    fact = verified(data, roster, provider, realm=realm, centre=centre, now_ns=now_ns)
    if not seen.take(fact):
        raise Refused("fact.seen", issuer=fact.issuer, number=fact.number)
    return fact


def _opened(data: bytes) -> tuple[SignedFact, Sealed]:
    if len(data) > LONGEST:
        raise Refused("fact.bad", reason="longer than any fact")
    try:
        sealed = codec.unpack(data, Sealed)
        name, body = msgspec.msgpack.decode(sealed.signed, type=tuple[str, bytes])
        if name != FORMAT:
            raise Refused("fact.bad", reason="another format")
        return codec.unpack(body, SignedFact), sealed
    except (codec.BadMessage, msgspec.MsgspecError, UnicodeDecodeError, RecursionError) as fault:
        raise Refused("fact.bad", reason=type(fault).__name__) from fault
