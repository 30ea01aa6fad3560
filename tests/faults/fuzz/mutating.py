"""Damages valid messages as a wire, another build or an enemy does; every draw comes from one seed."""

import random
import struct
from collections.abc import Sequence

ABSURD = (0, 1, 2**31 - 1, 2**31, 2**32 - 1, 2**62, 2**63 - 1, 2**63, 2**64 - 1)
NUMBERS = (
    *(struct.pack("<Q", number) for number in ABSURD),
    *(struct.pack("<d", number) for number in (float("nan"), float("inf"), -1e308)),
)
PACKED = (
    b"\xcf\xff\xff\xff\xff\xff\xff\xff\xff", b"\xd3\x80\x00\x00\x00\x00\x00\x00\x00",
    b"\xcb\x7f\xf0\x00\x00\x00\x00\x00\x00", b"\xcb\x7f\xf8\x00\x00\x00\x00\x00\x00", b"\xc0", b"\xc3", b"\xff",
    b"\xdd\xff\xff\xff\xff", b"\xdf\xff\xff\xff\xff", b"\xc6\xff\xff\xff\xff", b"\xdb\xff\xff\xff\xff", b"\x91" * 64,
    b"\x90", b"\x80", b"\xa0", b"\xc4\x00", b"\xd9\x04\xff\xfe\xfd\xfc", b"\xa9\xe2\x80\xae\x1b[2J\n\x00",
)  # fmt: skip
"""Values of msgpack that break the careless: greatest and least integers, infinities, bombs, wrong types, bad text."""
LONGEST = 1 << 16
SMALL, FLOAT = (1, 2, 7), 0xCB
"""Bytes that are most likely a number of their own in the specimens: small integers, and the head of a float."""


def damaged(whole: bytes, others: Sequence[bytes], dice: random.Random) -> bytes:
    """Return a message with one to four damages, mostly one; `others` are spliced in."""
    data = bytearray(whole)
    for _ in range(dice.choice((1, 1, 1, 2, 2, 4))):
        _damage(data, others, dice)
    return bytes(data[:LONGEST])


def _damage(data: bytearray, others: Sequence[bytes], dice: random.Random) -> None:
    at = dice.randrange(len(data) + 1)
    match dice.randrange(14):
        case 0 if at < len(data):
            data[at] = dice.randrange(256)
        case 1 if at < len(data):
            data[at] ^= 1 << dice.randrange(8)
        case 2:
            del data[at:]
        case 3:
            data += dice.randbytes(dice.randrange(1, 40))
        case 4:
            del data[at : at + dice.randrange(1, 9)]
        case 5:
            data[at : at + 8] = dice.choice(NUMBERS)
        case 6:
            data[at : at + dice.randrange(10)] = dice.choice(PACKED)
        case 7:
            other = dice.choice(others)
            data[at:] = other[dice.randrange(len(other) + 1) :]
        case 8:
            data[at:at] = data[at : at + dice.randrange(1, 30)]
        case _:
            _swap_number(data, dice)


def _swap_number(data: bytearray, dice: random.Random) -> None:
    """Replace a small whole number of a msgpack record by an absurd one; most seeds hold many ones."""
    places = [place for place, byte in enumerate(data) if byte in SMALL or byte == FLOAT]
    if places:
        place = dice.choice(places)
        data[place : place + (9 if data[place] == FLOAT else 1)] = dice.choice(PACKED)
