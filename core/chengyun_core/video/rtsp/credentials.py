"""Answers a camera that asks who we are: Digest (RFC 7616, 2617) where it offers one, else Basic."""

import base64
import hashlib
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

_FIELD = re.compile(r'(\w+)\s*=\s*(?:"((?:[^"\\]|\\.)*)"|([^\s,"]+))', re.ASCII)
_HASHES: dict[str, Callable[[bytes], str]] = {
    "sha-256": lambda text: hashlib.sha256(text).hexdigest(),
    "md5": lambda text: hashlib.md5(text, usedforsecurity=False).hexdigest(),
}
"""Best first. MD5 is what nearly every camera knows; it never leaves the cameras' network."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Challenge:
    """What a camera asked for."""

    scheme: str
    realm: str = ""
    nonce: str = ""
    algorithm: str = "md5"
    qop: str = ""
    opaque: str = ""
    is_stale: bool = False


@dataclass(slots=True, kw_only=True)
class Credentials:
    """A user's name and password, and the camera's last challenge. Nothing of it is shown by repr."""

    user: str = field(repr=False)
    password: str = field(repr=False)
    make_nonce: Callable[[], str] = field(repr=False)
    challenge: Challenge | None = None
    _count: int = 0

    def challenged(self, lines: Sequence[str]) -> bool:
        """Take the lines of WWW-Authenticate; return whether they can be answered anew."""
        found = best(lines)
        is_first = self.challenge is None
        self.challenge, self._count = found, 0
        return bool(self.user) and found is not None and (is_first or found.is_stale)

    def line(self, method: str, uri: str) -> str:
        """Return the value of the Authorization header, or nothing when none was asked for."""
        asked = self.challenge
        if asked is None:
            return ""
        if asked.scheme == "basic":
            pair = f"{self.user}:{self.password}".encode()
            return f"Basic {base64.b64encode(pair).decode('ascii')}"
        return self._digest(asked, method, uri)

    def _digest(self, asked: Challenge, method: str, uri: str) -> str:
        digest = _HASHES[asked.algorithm]
        first = digest(f"{self.user}:{asked.realm}:{self.password}".encode())
        second = digest(f"{method}:{uri}".encode())
        said = {"username": self.user, "realm": asked.realm, "nonce": asked.nonce, "uri": uri}
        more = ""
        if asked.qop:
            self._count += 1
            count, ours = f"{self._count:08x}", self.make_nonce()
            response = digest(f"{first}:{asked.nonce}:{count}:{ours}:auth:{second}".encode())
            more = f', qop=auth, nc={count}, cnonce="{ours}"'
        else:
            response = digest(f"{first}:{asked.nonce}:{second}".encode())
        if asked.opaque:
            said["opaque"] = asked.opaque
        told = ", ".join(f'{name}="{_quoted(value)}"' for name, value in said.items())
        algorithm = ", algorithm=SHA-256" if asked.algorithm == "sha-256" else ""
        return f'Digest {told}, response="{response}"{algorithm}{more}'


def best(lines: Sequence[str]) -> Challenge | None:
    """Return the strongest challenge that can be answered, or None."""
    order = [*_HASHES, "basic"]
    ranked = [(order.index(asked.algorithm if asked.scheme == "digest" else "basic"), asked) for asked in _asked(lines)]
    return min(ranked, key=lambda pair: pair[0])[1] if ranked else None


def _asked(lines: Sequence[str]) -> list[Challenge]:
    found = []
    for line in lines:
        scheme, _, rest = line.partition(" ")
        told = {name.lower(): quoted or plain for name, quoted, plain in _FIELD.findall(rest)}
        algorithm = told.get("algorithm", "md5").lower()
        qops = [word.strip() for word in told.get("qop", "").split(",")]
        if scheme.lower() == "basic":
            found.append(Challenge(scheme="basic"))
        elif scheme.lower() == "digest" and algorithm in _HASHES and (qops == [""] or "auth" in qops):
            found.append(
                Challenge(
                    scheme="digest",
                    realm=told.get("realm", ""),
                    nonce=told.get("nonce", ""),
                    algorithm=algorithm,
                    qop="auth" if "auth" in qops else "",
                    opaque=told.get("opaque", ""),
                    is_stale=told.get("stale", "").lower() == "true",
                )
            )
    return found


def _quoted(text: str) -> str:
    return text if "\\" in text else text.replace('"', '\\"')
