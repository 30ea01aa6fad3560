"""CURVE keys on disk: this machine's own pairs, the daemons' key clients pin, and who is allowed as what."""

import os
import re
import secrets
import stat
import tomllib
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from types import MappingProxyType

import msgspec
import zmq

from chengyun_core.model.failure import Reason, Refused, Trouble
from chengyun_core.wire import addresses, secret_file
from chengyun_core.wire.roles import Role

SERVER = "server"
"""Name of the daemons' own pair; clients hold its public half as `server.pub`."""
_NAME = re.compile(r"[a-z0-9][a-z0-9._-]{0,63}")
_Z85 = re.compile(r"[0-9a-zA-Z.\-:+=^!/*?&<>()\[\]{}@%$#]{40}")
_LONGEST_CARD = 1024


@dataclass(frozen=True, slots=True)
class Pair:
    """One CURVE key pair, Z85 text as bytes."""

    public: bytes
    secret: bytes = field(repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Card:
    """One allowed key, as its file in `allowed/` says."""

    name: str
    role: Role
    key: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Allowed:
    """Everybody who may connect, at one instant."""

    cards: Mapping[bytes, Card] = field(default_factory=lambda: MappingProxyType({}))
    """By public key, Z85 bytes: the form in which ZeroMQ names a peer (User-Id)."""
    faults: tuple[Reason, ...] = ()
    """Files that are not used, and why."""


def folder_of(profile: Path) -> Path:
    """Return where a profile's CURVE keys lie."""
    return profile / "keys" / "curve"


def is_elsewhere(profile: Path) -> bool:
    """Return whether the profile's daemons run on another machine: a host is named, and their key is not here."""
    return bool(addresses.settings_of(profile).host) and not (folder_of(profile) / f"{SERVER}.key").exists()


def own_pair(profile: Path, name: str) -> Pair:
    """Return this machine's pair of a role or of the server. Raises Trouble when missing, open or damaged."""
    folder = folder_of(profile)
    file = folder / f"{name}.key"
    if not file.exists():
        raise Trouble("wire.curve_key_missing", file=file, name=name)
    secret_file.expect_private_folder(folder)
    return _pair(file)


def client_pair(profile: Path, role: Role) -> Pair:
    """Return the pair with which this machine connects; the command line takes the console's where it is not local."""
    if role is Role.ADMIN and not (folder_of(profile) / f"{role}.key").exists():
        role = Role.CONSOLE
    return own_pair(profile, role)


def pinned_server(profile: Path) -> bytes:
    """Return the daemons' public key: nobody else is talked to. Raises Trouble when missing, writable or damaged."""
    file = folder_of(profile) / f"{SERVER}.pub"
    if not file.exists():
        raise Trouble("wire.server_not_pinned", file=file)
    return _public(_card_text(file), file)


def make(profile: Path, name: str) -> Pair:
    """Return the pair of this name, made when missing, its public half beside it."""
    folder = folder_of(profile)
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    secret_file.expect_private_folder(folder)
    file = folder / f"{name}.key"
    secret_file.make_once(file, _fresh)
    pair = _pair(file)
    _replace(folder / f"{name}.pub", pair.public.decode("ascii") + "\n")
    return pair


def pin(profile: Path, public: str) -> None:
    """Take this as the daemons' public key. Raises Refused when it is none, or where the daemons' own key lies."""
    folder = folder_of(profile)
    if (folder / f"{SERVER}.key").exists():
        raise Refused("wire.server_is_here", folder=folder)
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    _replace(folder / f"{SERVER}.pub", expect_public(public) + "\n")


def allow(profile: Path, card: Card) -> None:
    """Let the holder of a key in. Raises Refused for a name, key or role that cannot be, is taken, or was revoked."""
    folder = folder_of(profile)
    if not _NAME.fullmatch(card.name):
        raise Refused("wire.key_name", name=card.name[:80])
    expect_public(card.key)
    for known in _cards(folder / "allowed").cards.values():
        if card.key == known.key and card.name != known.name:
            raise Refused("wire.key_allowed_already", name=known.name, role=known.role)
    file = folder / "allowed" / f"{card.name}.pub"
    if file.exists():
        raise Refused("wire.key_name_taken", name=card.name)
    if any(card.key == gone.key for gone in _cards(folder / "revoked").cards.values()):
        raise Refused("wire.key_was_revoked", name=card.name)
    file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    _replace(file, f'role = "{card.role}"\nkey = "{card.key}"\n')


def revoke(profile: Path, name: str) -> None:
    """Let a key in no more, and never again; running daemons cut its sessions within seconds. Raises Refused."""
    folder = folder_of(profile)
    file = folder / "allowed" / f"{name}.pub"
    if not _NAME.fullmatch(name) or not file.exists():
        raise Refused("wire.key_unknown", name=name[:80])
    (folder / "revoked").mkdir(mode=0o700, exist_ok=True)
    file.rename(folder / "revoked" / f"{name}.{secrets.token_hex(4)}.pub")


def allowed(profile: Path) -> Allowed:
    """Return who is allowed, and which files are not used; a fault never lets anybody in."""
    folder = folder_of(profile)
    if not folder.exists():
        return Allowed()
    try:
        secret_file.expect_private_folder(folder)
    except Trouble as fault:
        return Allowed(faults=(fault.reason,))
    return _cards(folder / "allowed")


def expect_public(text: str) -> str:
    """Return a public key's text. Raises Refused when it is none."""
    if not _Z85.fullmatch(text):
        raise Refused("wire.key_not_z85", given=text[:80])
    return text


def _cards(folder: Path) -> Allowed:
    if not folder.exists():
        return Allowed()
    cards: list[Card] = []
    faults: list[Reason] = []
    try:
        secret_file.expect_private_folder(folder)
        files = sorted(folder.glob("*.pub"))
    except (OSError, Trouble) as fault:
        return Allowed(faults=(_reason(folder, fault),))
    for file in files:
        try:
            cards.append(_card(file))
        except (OSError, Refused, Trouble) as fault:
            faults.append(_reason(file, fault))
    count = Counter(card.key for card in cards)
    # One key under two names could have two roles; which was meant cannot be known, so it has none.
    faults += [
        Reason(code="wire.key_twice", params={"name": card.name, "folder": str(folder)})
        for card in cards
        if count[card.key] > 1
    ]
    once = {card.key.encode("ascii"): card for card in cards if count[card.key] == 1}
    return Allowed(cards=MappingProxyType(once), faults=tuple(faults))


def _card(file: Path) -> Card:
    text = _card_text(file)
    try:
        card = msgspec.convert({"name": file.name.removesuffix(".pub"), **tomllib.loads(text)}, Card)
    except (tomllib.TOMLDecodeError, msgspec.ValidationError) as fault:
        raise Trouble("wire.key_card_damaged", file=file, reason=fault) from fault
    expect_public(card.key)
    return card


def _card_text(file: Path) -> str:
    """Return a public file's text; public, yet whoever can write it decides who gets in."""
    with file.open("rb") as opened:
        status = os.fstat(opened.fileno())
        data = opened.read(_LONGEST_CARD)
    if status.st_uid != os.getuid() or status.st_mode & (stat.S_IWGRP | stat.S_IWOTH):
        raise Trouble("wire.key_card_open", file=file, mode=f"{stat.S_IMODE(status.st_mode):04o}")
    try:
        return data.decode("ascii")
    except UnicodeDecodeError as fault:
        raise Trouble("wire.key_card_damaged", file=file, reason=fault) from fault


def _public(text: str, file: Path) -> bytes:
    if not _Z85.fullmatch(text.strip()):
        raise Trouble("wire.key_card_damaged", file=file, reason="Z85")
    return text.strip().encode("ascii")


def _fresh() -> str:
    """Return a new secret; its public half begins with a letter or digit, for `--public -x` is no value to a shell."""
    while True:
        public, secret = zmq.curve_keypair()
        if public[:1].isalnum():
            return secret.decode("ascii") + "\n"


def _pair(file: Path) -> Pair:
    secret = secret_file.read(file)
    if not _Z85.fullmatch(secret):
        raise Trouble("wire.curve_key_damaged", file=file)
    try:
        return Pair(zmq.curve_public(secret.encode("ascii")), secret.encode("ascii"))
    except zmq.ZMQError as fault:
        raise Trouble("wire.curve_key_damaged", file=file) from fault


def _replace(file: Path, text: str) -> None:
    """Write a public file whole or not at all: daemons read it whenever it changes."""
    draft = file.with_name(f".{file.name}.{secrets.token_hex(8)}")
    secret_file.write_new(draft, text)
    draft.replace(file)


def _reason(path: Path, fault: OSError | Refused | Trouble) -> Reason:
    if isinstance(fault, OSError):
        return Reason(code="secret.unreadable", params={"file": str(path), "reason": fault.strerror or str(fault)})
    if isinstance(fault, Refused):
        return Reason(code="wire.key_card_damaged", params={"file": str(path), "reason": str(fault)})
    return fault.reason
