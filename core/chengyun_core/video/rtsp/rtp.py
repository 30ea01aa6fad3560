"""Reads RTP packets (RFC 3550) and what a sender's report tells of the camera's clock."""

import struct
from dataclasses import dataclass

NTP_TO_UNIX_S = 2_208_988_800
_REPORT = 200


@dataclass(frozen=True, slots=True)
class Packet:
    """One RTP packet."""

    payload_type: int
    sequence: int
    timestamp: int
    is_last: bool
    """The marker: the last packet of a picture."""
    payload: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class SenderReport:
    """The camera's clock and its stream's at one instant."""

    utc_ns: int
    timestamp: int


def packet(data: bytes) -> Packet | None:
    """Return the packet, or None when it is none."""
    if len(data) < 12 or data[0] >> 6 != 2:
        return None
    first, second, sequence, timestamp = struct.unpack_from(">BBHI", data)
    begin = 12 + 4 * (first & 0x0F)
    if first & 0x10:  # header extension
        if len(data) < begin + 4:
            return None
        begin += 4 + 4 * int.from_bytes(data[begin + 2 : begin + 4], "big")
    end = len(data) - (data[-1] if first & 0x20 else 0)
    if begin >= end:
        return None
    return Packet(second & 0x7F, sequence, timestamp, bool(second & 0x80), data[begin:end])


def sender_report(data: bytes) -> SenderReport | None:
    """Return what a compound RTCP packet begins with, when that is a sender's report."""
    if len(data) < 20 or data[0] >> 6 != 2 or data[1] != _REPORT:
        return None
    seconds, fraction, timestamp = struct.unpack_from(">III", data, 8)
    if not seconds:  # the camera has no clock
        return None
    utc_ns = (seconds - NTP_TO_UNIX_S) * 1_000_000_000 + (fraction * 1_000_000_000 >> 32)
    return SenderReport(utc_ns=utc_ns, timestamp=timestamp)


def unwrapped(timestamp: int, last: int) -> int:
    """Return a 32-bit timestamp as the number nearest to the last one."""
    return last + ((timestamp - last + 2**31) & 0xFFFFFFFF) - 2**31
