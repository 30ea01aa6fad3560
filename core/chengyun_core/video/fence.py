"""The fence about addresses of cameras (RS11): what may be connected to, resolved once, and connected to by address."""

import ipaddress
import re
import socket
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Self
from urllib.parse import urlsplit

from chengyun_core.model.failure import Refused, Trouble
from chengyun_core.video.settings import VideoSettings

DEMO_HOST = "cameras.demo.invalid"
"""The demo cameras' name: `.invalid` is in no name service (RFC 2606), so that only a profile's setting can give it."""
STREAMS = ("rtsp", "rtsps")
PORTS = {"http": 80, "https": 443, "rtsp": 554, "rtsps": 322}
"""Scheme → its port where the address names none, and the only one below 1024 that it may name."""
FIRST_FREE_PORT = 1024
LONGEST = 1024

Address = ipaddress.IPv4Address | ipaddress.IPv6Address
Network = ipaddress.IPv4Network | ipaddress.IPv6Network
Resolver = Callable[[str], Sequence[str]]

NEVER: tuple[Network, ...] = tuple(
    ipaddress.ip_network(told)
    for told in (
        "0.0.0.0/8",  # this host
        "127.0.0.0/8",  # loopback
        "169.254.0.0/16",  # link-local, and the metadata service of most clouds
        "100.100.100.200/32",  # the metadata service of Alibaba Cloud
        "192.0.0.0/24",  # protocol assignments, and the metadata service of Oracle's
        "224.0.0.0/4",  # multicast
        "240.0.0.0/4",  # reserved, and broadcast
        "::/96",  # unspecified, loopback, and IPv4 in old clothes
        "::ffff:0:0/96",  # IPv4 in IPv6: say it as IPv4
        "64:ff9b::/96",  # IPv4 behind NAT64
        "64:ff9b:1::/48",
        "100::/64",  # discard
        "2001::/32",  # Teredo: IPv4 inside
        "2002::/16",  # 6to4: IPv4 inside
        "fd00:ec2::254/128",  # the metadata service of Amazon's
        "fe80::/10",  # link-local
        "fec0::/10",  # site-local, deprecated
        "ff00::/8",  # multicast
    )
)
"""Refused whatever `[video] networks` says."""

_LABEL = re.compile(r"(?!-)[a-z0-9_-]{1,63}(?<!-)", re.ASCII)
_PLAIN = re.compile(r"[!-~]+", re.ASCII)
_NUMBER = re.compile(r"0x[0-9a-f]*|[0-9]+", re.ASCII)


@dataclass(frozen=True, slots=True, kw_only=True)
class Pinned:
    """Where to connect: an address that was judged, never a name that could mean another one a moment later."""

    scheme: str
    host: str
    """As the address names it: for the certificate and for requests."""
    address: str
    port: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Fence:
    """What may be reached. Plain data, so that it travels to the worker that connects."""

    networks: tuple[str, ...] = ()
    ports: tuple[int, ...] = ()
    demo_server: str = ""
    """`address:port` for the name DEMO_HOST and nothing else; a loopback address."""

    @classmethod
    def of(cls, settings: VideoSettings) -> Self:
        """Return the fence of a profile. Raises Refused when a network or the demo server is written wrongly."""
        for told in settings.networks:
            _network(told)
        if settings.demo_server:
            _demo_place(settings.demo_server)
        return cls(networks=settings.networks, ports=settings.ports, demo_server=settings.demo_server)

    def pin(self, url: str, resolve: Resolver | None = None, schemes: Sequence[str] = STREAMS) -> Pinned:
        """Return where an address may be connected to.

        Args:
            url: of a stream, or of a camera's service (CAMERAS gives other schemes).
            resolve: name → addresses; asked once, for names only. May take seconds: never in a window's thread.
            schemes: those allowed here, of PORTS.

        Raises:
            Refused: with the rule that says no (`video.fence.*`). Trouble: the name is not known now.
        """
        scheme, host, port = _parts(url, schemes)
        if host == DEMO_HOST:
            return self._pin_demo(scheme)
        self._judge_port(scheme, port)
        literal = _literal(host)
        found = [literal] if literal else _resolved(host, resolve or system_resolver)
        for address in found:  # every one: a name that also means an inner address is a trap (DNS rebinding)
            self._judge(address, host)
        return Pinned(scheme=scheme, host=host, address=str(found[0]), port=port)

    def _pin_demo(self, scheme: str) -> Pinned:
        if not self.demo_server:
            raise Refused("video.fence.no_demo")
        address, port = _demo_place(self.demo_server)
        return Pinned(scheme=scheme, host=DEMO_HOST, address=address, port=port)

    def _judge_port(self, scheme: str, port: int) -> None:
        allowed = port in self.ports if self.ports else port == PORTS[scheme] or port >= FIRST_FREE_PORT
        if not allowed:
            raise Refused("video.fence.port", port=port)

    def _judge(self, address: Address, host: str) -> None:
        if any(address in network for network in NEVER if network.version == address.version):
            raise Refused("video.fence.never", host=host, address=address)
        networks = (_network(told) for told in self.networks)
        if not any(address in network for network in networks if network.version == address.version):
            raise Refused("video.fence.outside", host=host, address=address)


def system_resolver(host: str) -> Sequence[str]:
    """Return the addresses the system knows for a name. Raises OSError."""
    found = socket.getaddrinfo(host, None, type=socket.SOCK_STREAM)
    return list(dict.fromkeys(str(entry[4][0]) for entry in found))


def _parts(url: str, schemes: Sequence[str]) -> tuple[str, str, int]:
    """Return scheme, host and port. What two readers could read differently is refused, not read."""
    if len(url) > LONGEST or not _PLAIN.fullmatch(url) or "\\" in url:
        raise Refused("video.fence.characters")
    try:
        split = urlsplit(url)
    except ValueError:
        raise Refused("video.fence.host") from None
    if split.scheme not in schemes or not url.lower().startswith(f"{split.scheme}://"):
        raise Refused("video.fence.scheme", scheme=split.scheme[:16])
    if "@" in url.partition("#")[0].partition("?")[0]:  # a path with one, too: some readers take it for credentials
        raise Refused("video.fence.credentials")
    host, port = _host_and_port(split.netloc)
    return split.scheme, host, port or PORTS[split.scheme]


def _host_and_port(netloc: str) -> tuple[str, int]:
    found = re.fullmatch(r"(?P<host>\[[0-9A-Fa-f:.]+\]|[^\[\]:/?#%]+)(:(?P<port>[0-9]{1,5}))?", netloc, re.ASCII)
    if not found or (found["port"] and not 0 < int(found["port"]) < 2**16):
        raise Refused("video.fence.host")
    return found["host"].lower(), int(found["port"] or 0)


def _literal(host: str) -> Address | None:
    """Return the address a host literally is, or None for a name; raise Refused for what is neither.

    A last label that is a number (decimal, octal, hex) makes a host an IPv4 address to many readers (WHATWG URL,
    inet_aton), each in its own way: only the four plain decimal numbers are taken.
    """
    try:
        if host.startswith("["):
            return ipaddress.IPv6Address(host[1:-1])
        if _NUMBER.fullmatch(host.removesuffix(".").rpartition(".")[2]):
            return ipaddress.IPv4Address(host)
    except ValueError:
        raise Refused("video.fence.host") from None
    labels = host.split(".")
    if len(host) > 253 or not all(_LABEL.fullmatch(label) for label in labels) or "xn--" in host:
        raise Refused("video.fence.host")
    return None


def _resolved(host: str, resolve: Resolver) -> list[Address]:
    if host == "localhost" or host.endswith((".localhost", ".invalid")):
        raise Refused("video.fence.never", host=host, address=host)
    try:
        found = [ipaddress.ip_address(told.partition("%")[0]) for told in resolve(host)]
    except (OSError, UnicodeError) as fault:
        raise Trouble("video.unknown_host", host=host) from fault
    if not found:
        raise Trouble("video.unknown_host", host=host)
    return found


def _network(told: str) -> Network:
    try:
        return ipaddress.ip_network(told)
    except ValueError as fault:
        raise Refused("video.fence.network", network=told, reason=str(fault)) from fault


def _demo_place(told: str) -> tuple[str, int]:
    """Return address and port; only loopback, so that the name can never be given to another machine."""
    host, _, port = told.rpartition(":")
    try:
        address = ipaddress.IPv4Address(host)
        if address.is_loopback and FIRST_FREE_PORT <= int(port) < 2**16:
            return str(address), int(port)
    except ValueError:
        pass
    raise Refused("video.fence.demo_server", address=told)
