"""A small reader of pcap files: every packet once, with its TCP or UDP payload where it has one."""

import struct
from typing import NamedTuple

HEAD, RECORD = 24, 16
ETHERNET, IPV4, TCP, UDP = 1, 0x0800, 6, 17


class Packet(NamedTuple):
    """One captured packet; `protocol` is tcp, udp or other."""

    protocol: str
    source: int
    target: int
    payload: bytes


def read_pcap(file):
    """Give all packets in order. Raises ValueError for a file of another kind or one that ends in mid-packet."""
    data = file.read_bytes()
    if data[:4] != b"\xd4\xc3\xb2\xa1" or struct.unpack_from("<I", data, 20)[0] != ETHERNET:
        raise ValueError(f"{file} is no little-endian Ethernet pcap")
    packets, at = [], HEAD
    while at < len(data):
        _, _, size, _ = struct.unpack_from("<IIII", data, at)
        at += RECORD
        if at + size > len(data):
            raise ValueError(f"{file} ends in the middle of packet {len(packets) + 1}")
        packets.append(_packet(data[at : at + size]))
        at += size
    return packets


def _packet(frame):
    if len(frame) < 34 or struct.unpack_from(">H", frame, 12)[0] != IPV4:
        return Packet("other", 0, 0, b"")
    inside = frame[14:]
    length, kind = struct.unpack_from(">H", inside, 2)[0], inside[9]
    body = inside[(inside[0] & 15) * 4 : length]
    if kind not in (TCP, UDP) or len(body) < 8:
        return Packet("other", 0, 0, b"")
    source, target = struct.unpack_from(">HH", body)
    if kind == UDP:
        return Packet("udp", source, target, body[8:])
    return Packet("tcp", source, target, body[(body[12] >> 4) * 4 :])
