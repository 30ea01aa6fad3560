"""The envelope of a seal: who knows the passphrase gets the key out of it; its date and number are readable outside.

Everything readable is bound to the wrapped key: an envelope whose date was changed cannot be opened any more.
"""

import hashlib
import hmac
import json
import secrets
import time
import unicodedata
from collections.abc import Callable
from dataclasses import asdict, dataclass, replace
from pathlib import Path

import msgspec

from chengyun_core.crypto import choice
from chengyun_core.crypto.port import Provider
from chengyun_core.custody import erasing
from chengyun_core.model.failure import Refused, Trouble
from chengyun_core.wire import durable

NAME = "envelope.json"
FORM = "CYSEAL1"
SHORTEST_PASSPHRASE = 12
"""Characters. Offline guessing is held up by scrypt alone, which a short word does not outlast."""
LEAST_COST, MOST_COST = 15, 20
"""Powers of two of scrypt's N. Below 2^15 nothing is opened; above 2^20 (1 GiB) an envelope is an attack on memory."""
DEAREST_MADE = 18
"""Seals are made with at most 2^18 (256 MiB), so that a smaller laptop than the one that made it opens it, too."""
WANTED_S = 1.0
"""How long one try may take on the machine that makes the seal."""
BLOCK = 8
KEY_BYTES = 32


@dataclass(frozen=True, slots=True, kw_only=True)
class Envelope:
    """What lies in `seal/envelope.json`; bytes as hex."""

    form: str = FORM
    suite: str
    """Suite of the crypto port that seals pieces and index."""
    cost: int
    """scrypt's N as a power of two; r = 8, p = 1."""
    salt: str
    number: str
    """Of this seal, for ever: 16 random bytes."""
    epoch: int
    """Raised with each new key (change of the passphrase): names the folder of what is sealed under it."""
    serial: int
    """Raised with each envelope: an older one beside newer content is refused."""
    made_ns: int
    until_ns: int
    """Expiry, ns UTC."""
    wrapped: str = ""
    """Master key under scrypt's key, bound to all above."""
    vouched: str = ""
    """Code over all above under the master key, for who has the seal open while the envelope is made anew."""

    def about(self) -> bytes:
        """Return the bytes everything readable is bound by."""
        open_part = {name: value for name, value in asdict(self).items() if name not in ("wrapped", "vouched")}
        return json.dumps(open_part, sort_keys=True, separators=(",", ":")).encode("ascii")


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class Keys:
    """What an opened envelope gives. Never printed: it has no repr of its fields."""

    suite: Provider
    master: bytes

    def of(self, purpose: bytes) -> bytes:
        """Return the key of one purpose."""
        return self.suite.mac(self.master, b"chengyun seal " + purpose)


def make(passphrase: str, *, suite: str, now_ns: int, until_ns: int, cost: int) -> tuple[Envelope, Keys]:
    """Return a new seal's envelope and keys. Raises Refused for a passphrase that is too weak."""
    number = secrets.token_hex(16)
    bare = Envelope(
        suite=suite, cost=cost, salt="", number=number, epoch=1, serial=1, made_ns=now_ns, until_ns=until_ns
    )
    return _wrapped(bare, passphrase, secrets.token_bytes(KEY_BYTES))


def moved(old: Envelope, passphrase: str, keys: Keys, until_ns: int) -> Envelope:
    """Return the next envelope of the same key, with another date."""
    bare = replace(old, serial=old.serial + 1, until_ns=until_ns, wrapped="", vouched="")
    return _wrapped(bare, passphrase, keys.master)[0]


def rekeyed(old: Envelope, passphrase: str, cost: int) -> tuple[Envelope, Keys]:
    """Return the next envelope of the same seal around a new key, under the next epoch."""
    bare = replace(old, serial=old.serial + 1, epoch=old.epoch + 1, cost=cost, wrapped="", vouched="")
    return _wrapped(bare, passphrase, secrets.token_bytes(KEY_BYTES))


def opened(envelope: Envelope, passphrase: str) -> Keys:
    """Return the keys.

    Raises Refused `custody.wrong_passphrase` after the whole of scrypt, for another passphrase and for a changed
    envelope alike: nothing tells them apart.
    """
    suite = choice.provider(envelope.suite)
    try:
        master = suite.unseal(_key_of(envelope, passphrase), bytes.fromhex(envelope.wrapped), envelope.about())
    except Refused as fault:
        raise Refused("custody.wrong_passphrase") from fault
    return Keys(suite=suite, master=master)


def is_vouched(envelope: Envelope, keys: Keys) -> bool:
    """Return whether who made the envelope had the master key."""
    return hmac.compare_digest(_vouched(envelope, keys), envelope.vouched)


def expect_passphrase(passphrase: str) -> None:
    """Raise Refused for a passphrase that is too short, or the same few characters over and over."""
    if len(passphrase) < SHORTEST_PASSPHRASE or len(set(passphrase)) < SHORTEST_PASSPHRASE // 2:
        raise Refused("custody.weak_passphrase", least=SHORTEST_PASSPHRASE, kinds=SHORTEST_PASSPHRASE // 2)


def measured_cost(seconds: Callable[[int], float] | None = None) -> int:
    """Return the greatest power of two for which one try takes at most about a second on this machine."""
    once = (seconds or _seconds)(LEAST_COST)
    cost = LEAST_COST
    while cost < DEAREST_MADE and once * 2 ** (cost + 1 - LEAST_COST) <= WANTED_S:
        cost += 1
    return cost


def read(folder: Path) -> Envelope:
    """Return the envelope of a seal folder; raise Trouble when it is not there, not ours or not to be opened."""
    file = folder / NAME
    try:
        data = file.read_bytes()
        found = msgspec.json.decode(data, type=Envelope)
        bytes.fromhex(found.salt), bytes.fromhex(found.wrapped)
    except (OSError, msgspec.MsgspecError, ValueError) as fault:
        raise Trouble("custody.no_envelope", file=file, reason=fault) from fault
    if found.form != FORM or not LEAST_COST <= found.cost <= MOST_COST:
        raise Trouble("custody.foreign_envelope", file=file, form=found.form, cost=found.cost)
    return found


def write(folder: Path, envelope: Envelope) -> None:
    """Put the envelope in the place of the old one, whose bytes are overwritten afterwards. Raises OSError."""
    file = folder / NAME
    data = json.dumps(asdict(envelope), indent=1).encode("ascii")
    with erasing.replaced(file):
        durable.write_bytes(file, data)


def _wrapped(bare: Envelope, passphrase: str, master: bytes) -> tuple[Envelope, Keys]:
    expect_passphrase(passphrase)
    salted = replace(bare, salt=secrets.token_hex(KEY_BYTES))
    suite = choice.provider(salted.suite)
    keys = Keys(suite=suite, master=master)
    wrapped = suite.seal(_key_of(salted, passphrase), master, salted.about()).hex()
    return replace(salted, wrapped=wrapped, vouched=_vouched(salted, keys)), keys


def _vouched(envelope: Envelope, keys: Keys) -> str:
    return keys.suite.mac(keys.of(b"envelope"), envelope.about()).hex()


def _key_of(envelope: Envelope, passphrase: str) -> bytes:
    # NFC: the same words from another input method are the same bytes (RFC 8265, OpaqueString).
    text = unicodedata.normalize("NFC", passphrase).encode("utf-8")
    return _scrypt(text, bytes.fromhex(envelope.salt), envelope.cost)


def _scrypt(text: bytes, salt: bytes, cost: int) -> bytes:
    needed = 128 * BLOCK * (1 << cost)
    return hashlib.scrypt(text, salt=salt, n=1 << cost, r=BLOCK, p=1, maxmem=needed + (1 << 20), dklen=KEY_BYTES)


def _seconds(cost: int) -> float:
    begun = time.monotonic()
    _scrypt(b"measuring", bytes(KEY_BYTES), cost)
    return time.monotonic() - begun
