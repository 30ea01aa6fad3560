"""The picture a phone is shown is read back here module by module, without the library that made it."""

from hypothesis import given, settings
from hypothesis import strategies as st

from chengyun_console.glass import qr
from chengyun_core.model import totp

URI = totp.uri(bytes(range(20)), "li", "城运指挥台")
_TURNED = {
    0b101010000010010: 0, 0b101000100100101: 1, 0b101111001111100: 2, 0b101101101001011: 3,
    0b100010111111001: 4, 0b100000011001110: 5, 0b100111110010111: 6, 0b100101010100000: 7,
}  # fmt: skip
"""Format bits at level M → mask (ISO/IEC 18004, annex C)."""
_WHERE = (
    lambda y, x: (y + x) % 2, lambda y, _x: y % 2, lambda _y, x: x % 3, lambda y, x: (y + x) % 3,
    lambda y, x: (y // 2 + x // 3) % 2, lambda y, x: y * x % 2 + y * x % 3,
    lambda y, x: (y * x % 2 + y * x % 3) % 2, lambda y, x: ((y + x) % 2 + y * x % 3) % 2,
)  # fmt: skip
_BLOCKS = (1, 1, 1, 2, 2, 4, 4, 4, 5, 5)
_CHECKS = (10, 16, 26, 18, 24, 16, 18, 22, 22, 26)
_ALIGNED = ((), (6, 18), (6, 22), (6, 26), (6, 30), (6, 34), (6, 22, 38), (6, 24, 42), (6, 26, 46), (6, 28, 50))


def _is_frame(y: int, x: int, version: int) -> bool:
    size = 17 + 4 * version
    finders = (y < 9 and x < 9) or (y < 9 and x >= size - 8) or (y >= size - 8 and x < 9)
    places = _ALIGNED[version - 1]
    last = places[-1] if places else 0
    for down in places:
        for across in places:
            if (down, across) not in {(6, 6), (6, last), (last, 6)} and abs(y - down) < 3 and abs(x - across) < 3:
                return True
    told = version >= 7 and ((y < 6 and x >= size - 11) or (x < 6 and y >= size - 11))
    return finders or 6 in (y, x) or told


def _words(grid: qr.Grid, version: int) -> list[int]:
    size = len(grid)
    bits = [grid[8][x] for x in (0, 1, 2, 3, 4, 5, 7, 8)] + [grid[y][8] for y in (7, 5, 4, 3, 2, 1, 0)]
    mask = _TURNED[int("".join("1" if bit else "0" for bit in bits), 2)]
    found = []
    columns = [x for x in range(size - 1, -1, -1) if x != 6]
    for turn, at in enumerate(range(0, len(columns), 2)):
        for y in range(size) if turn % 2 else range(size - 1, -1, -1):
            free = (x for x in columns[at : at + 2] if not _is_frame(y, x, version))
            found.extend(grid[y][x] ^ (_WHERE[mask](y, x) == 0) for x in free)
    return [int("".join("1" if bit else "0" for bit in found[at : at + 8]), 2) for at in range(0, len(found) - 7, 8)]


def _read(grid: qr.Grid) -> str:
    """Return the text, having seen that no block has an error in it."""
    version = (len(grid) - 17) // 4
    words, count, checks = _words(grid, version), _BLOCKS[version - 1], _CHECKS[version - 1]
    room = len(words) - count * checks
    blocks: list[list[int]] = [[] for _ in range(count)]
    short = room // count
    order = [at % count for at in range(short * count)] + list(range(count - room % count, count))
    for word, block in zip(words[:room], order, strict=True):
        blocks[block].append(word)
    for at, word in enumerate(words[room:]):
        blocks[at % count].append(word)
    for block in blocks:
        assert [_valued(block, power) for power in range(checks)] == [0] * checks
    data = [word for block in blocks for word in block[:-checks]]
    bits = "".join(f"{word:08b}" for word in data)
    assert bits[:4] == "0100"
    wide = 8 if version < 10 else 16
    length = int(bits[4 : 4 + wide], 2)
    raw = bits[4 + wide : 4 + wide + 8 * length]
    return bytes(int(raw[at : at + 8], 2) for at in range(0, len(raw), 8)).decode()


def _multiplied(one: int, other: int) -> int:
    """Return a product in the field of 256 of ISO/IEC 18004 (8.5.2)."""
    found = 0
    while other:
        found ^= one if other & 1 else 0
        one = one << 1 ^ (0x11D if one & 0x80 else 0)
        other >>= 1
    return found


def _valued(block: list[int], power: int) -> int:
    """Return the block's polynomial at a power of the field's generator: 0 where nothing is wrong."""
    at, found = 1, 0
    for _ in range(power):
        at = at << 1 ^ (0x11D if at & 0x80 else 0)
    for word in block:
        found = _multiplied(found, at) ^ word
    return found


@settings(max_examples=25, deadline=None)
@given(account=st.text(alphabet=st.characters(codec="ascii", categories=["L", "N"]), min_size=1, max_size=40))
def test_that_the_address_of_any_account_is_read_back_without_a_single_error(account: str) -> None:
    text = totp.uri(bytes(range(20)), account, "城运指挥台")
    assert _read(qr.qr_of(text)) == text


def test_that_what_an_authenticator_reads_is_read_back() -> None:
    assert _read(qr.qr_of(URI)) == URI
