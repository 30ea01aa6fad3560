"""What texts are found by: their characters, pairs of neighbours and some triples, each with the places it stands in.

A triple stands beside its two pairs only where both of them are common: where one is rare it leaves few texts to look
at, and triples of everything would double the index. A place is a number's lowest 16 bits: postings never reach beyond
a block of 65 536 numbers. Postings are packed the shortest of three ways, told by their first byte: places as they are
(2 bytes each), the gaps between them (mostly one byte each), or a bit for each of the 65 536 places.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

BLOCK_BITS = 16
_PLACES, _GAPS, _BITS = b"\x00", b"\x01", b"\x02"
_BITS_BYTES = 2 ** (BLOCK_BITS - 3)
COMMON = 128
"""Postings of a pair that are longer than so many bytes are common; of two that overlap, the triple is indexed, too.

A search takes a triple that is missing there for one that no text has: whoever changes this makes every index anew.
"""
_CHARACTER_BITS = 21
_PART = 4096
"""Texts whose grams are sorted at once: bounds the memory of a build."""
_RANK_BITS = 24
_RANGES = 8
_FEW = 4
_BLANKS = np.array([0, ord("\n"), ord(" ")], np.uint32)
"""Characters no word of a query contains, so that pairs with them are not worth a row."""

Places = NDArray[np.uint16]
Keys = NDArray[np.uint64]
Triple = tuple[int, int, int]
"""A triple's gram and those of its first and its second pair."""


def grams_of(word: str) -> tuple[int, ...]:
    """Return what a folded word without blanks is looked up by: each pair of neighbours, or its one character."""
    letters = [ord(letter) for letter in word]
    if len(letters) == 1:
        return (letters[0],)
    return tuple(dict.fromkeys(first << _CHARACTER_BITS | second for first, second in pairwise(letters)))


def triples_of(word: str) -> tuple[Triple, ...]:
    """Return the triples of a folded word without blanks."""
    pairs = [ord(first) << _CHARACTER_BITS | ord(second) for first, second in pairwise(word)]
    return tuple(dict.fromkeys((_triple(first, second), first, second) for first, second in pairwise(pairs)))


def _triple(first: int, second: int) -> int:
    return first << _CHARACTER_BITS | second & (1 << _CHARACTER_BITS) - 1


def built(texts: Sequence[tuple[int, str]]) -> list[tuple[int, bytes]]:
    """Return (gram, postings) of numbered folded texts of one block of 65 536 numbers, by gram.

    The long steps are numpy's and let other threads run.
    """
    parts = [_laid_out(texts[start : start + _PART]) for start in range(0, len(texts), _PART)]
    rows = [row for keys in _ranges([_keys(part) for part in parts]) for row in _rows(keys)]
    common_pairs = [gram for gram, held in rows if gram >> _CHARACTER_BITS and len(held) > COMMON]
    return rows + _triples(parts, np.array(common_pairs, np.uint64))


@dataclass(frozen=True, slots=True)
class _Laid:
    """Characters of some texts one after the other."""

    letters: NDArray[np.uint32]
    told: NDArray[np.bool_]
    """What a query's word may contain."""
    place: Places


def _laid_out(texts: Sequence[tuple[int, str]]) -> _Laid:
    joined = "\0".join(text for _, text in texts)
    letters = np.frombuffer(joined.encode("utf-32-le", "surrogatepass"), np.uint32)
    lengths = np.fromiter((len(text) + 1 for _, text in texts), np.int64, len(texts))
    places = np.fromiter((number & 0xFFFF for number, _ in texts), np.uint16, len(texts))
    place = np.repeat(places, lengths)[: len(letters)]
    return _Laid(letters, ~np.isin(letters, _BLANKS), place)


def _keys(part: _Laid) -> Keys:
    """Return gram * 2^16 + place of every character and pair, each once, sorted."""
    both = part.told[:-1] & part.told[1:]
    singles = _key(part.letters[part.told].astype(np.uint64), part.place[part.told])
    return _sorted(np.concatenate((singles, _key(_pairs(part)[both], part.place[:-1][both]))))


def _pairs(part: _Laid) -> Keys:
    wide = part.letters.astype(np.uint64)
    return wide[:-1] << np.uint64(_CHARACTER_BITS) | wide[1:]


def _triples(parts: Sequence[_Laid], common_pairs: Keys) -> list[tuple[int, bytes]]:
    """Return the rows of every triple of two of these pairs; they are ascending, and so are the triples."""
    if not len(common_pairs):
        return []
    pairs, mask = common_pairs.tolist(), (1 << _RANK_BITS) - 1
    return [
        (_triple(pairs[both >> _RANK_BITS], pairs[both & mask]), held)
        for keys in _ranges([_triple_keys(part, common_pairs) for part in parts])
        for both, held in _rows(keys)
    ]


def _triple_keys(part: _Laid, common_pairs: Keys) -> Keys:
    """Return (rank of the first pair, rank of the second, place) of every triple: three characters leave no room."""
    pairs = _pairs(part)
    rank = np.minimum(np.searchsorted(common_pairs, pairs), len(common_pairs) - 1)
    known = common_pairs[rank] == pairs
    at = np.flatnonzero(known[:-1] & known[1:])
    ranks = rank.astype(np.uint64)
    return _sorted(_key(ranks[at] << np.uint64(_RANK_BITS) | ranks[at + 1], part.place[at]))


def _sorted(keys: Keys) -> Keys:
    keys.sort()
    return keys[_firsts(keys)]


def _key(gram: Keys, place: Places) -> Keys:
    return gram << np.uint64(BLOCK_BITS) | place


def _firsts(ordered: Keys) -> NDArray[np.bool_]:
    """Return which of some ordered values differ from the one before."""
    first = np.ones(len(ordered), np.bool_)
    np.not_equal(ordered[1:], ordered[:-1], out=first[1:])
    return first


def _ranges(parts: Sequence[Keys]) -> Iterator[Keys]:
    """Merge sorted parts range by range of grams, so that never all is there twice."""
    longest = max(parts, key=len, default=np.zeros(0, np.uint64))
    step = max(1, len(longest) // _RANGES)
    cuts = longest[step::step] >> np.uint64(BLOCK_BITS) << np.uint64(BLOCK_BITS)
    bounds = [np.searchsorted(part, cuts) for part in parts]
    for at in range(len(cuts) + 1):
        pieces = [
            part[(bound[at - 1] if at else 0) : (bound[at] if at < len(cuts) else len(part))]
            for part, bound in zip(parts, bounds, strict=True)
        ]
        keys = np.concatenate(pieces) if pieces else longest
        keys.sort(kind="stable")
        yield keys


def _rows(keys: Keys) -> Iterator[tuple[int, bytes]]:
    """Pack everything at once: most grams stand in a few texts, and steps of their own would cost more than packing."""
    if not len(keys):
        return
    grams = keys >> np.uint64(BLOCK_BITS)
    places = keys.astype(np.uint16)
    starts = np.flatnonzero(_firsts(grams))
    ends = np.append(starts[1:], len(keys))
    gaps, reached = _as_gaps(places, starts)
    sizes = np.diff(reached[ends - 1], prepend=0)
    few, told, plain = ends - starts <= _FEW, gaps.tobytes(), places.tobytes()
    as_bits = (sizes >= _BITS_BYTES) & ~few
    as_gaps = (sizes < 2 * (ends - starts)) & ~few & ~as_bits
    each = (one.tolist() for one in (grams[starts], starts, ends, sizes, reached[ends - 1], as_bits, as_gaps))
    for gram, start, end, size, upto, in_bits, in_gaps in zip(*each, strict=True):
        if in_gaps:
            yield gram, _GAPS + told[upto - size : upto]
        elif in_bits:
            yield gram, _BITS + _as_bits(places[start:end])
        else:
            yield gram, _PLACES + plain[2 * start : 2 * end]


def packed(places: Places) -> bytes:
    """Pack ascending places, at least one."""
    return next(_rows(places.astype(np.uint64)))[1]


def _as_gaps(places: Places, starts: NDArray[np.int64]) -> tuple[NDArray[np.uint8], NDArray[np.int64]]:
    """Return the gaps of rows that start at some of the places, and how many bytes they fill up to each place.

    A gap is as many bytes of 255 as fit into it and a last one below: 255 stands for no place.
    """
    wide = places.astype(np.int64)
    gaps = np.diff(wide, prepend=0)
    gaps[starts] = wide[starts] + 1
    reached = np.cumsum(gaps // 255 + 1)
    told = np.full(reached[-1], 255, np.uint8)
    told[reached - 1] = gaps % 255
    return told, reached


def _as_bits(places: Places) -> bytes:
    bits = np.zeros(2**BLOCK_BITS, np.uint8)
    bits[places] = 1
    return np.packbits(bits, bitorder="little").tobytes()


def unpacked(postings: bytes) -> Places:
    """Return the places of packed postings, ascending."""
    way, body = postings[:1], np.frombuffer(postings, np.uint8, offset=1)
    if way == _PLACES:
        return body.view(np.uint16)
    if way == _BITS:
        return _places_of(body)
    reached = np.cumsum(body, dtype=np.int64) - 1
    found: Places = reached[body != 255].astype(np.uint16)
    return found


def _places_of(bits: NDArray[np.uint8]) -> Places:
    return np.asarray(np.flatnonzero(np.unpackbits(bits, bitorder="little")), np.uint16)


def common(several: Iterable[bytes], among: Places | None = None) -> Places:
    """Return the places that stand in all of some postings (and in `among`, ascending), ascending.

    several: at least one, the shortest first; the next is taken only while something is left.
    """
    each = iter(several)
    if among is None:
        first = next(each)
        if first[:1] == _BITS:
            return _common_bits(first, each)
        among = unpacked(first)
    while len(among) and (other := next(each, None)) is not None:
        among = among[_stand_in(among, other)]
    return among


def _common_bits(first: bytes, others: Iterator[bytes]) -> Places:
    """Nothing is longer than bits: what comes after bits is bits."""
    bits = np.frombuffer(first, np.uint8, offset=1)
    for other in others:
        bits = bits & np.frombuffer(other, np.uint8, offset=1)
    return _places_of(bits)


def _stand_in(places: Places, postings: bytes) -> NDArray[np.bool_]:
    if postings[:1] == _BITS:
        bits = np.frombuffer(postings, np.uint8, offset=1)
        return np.asarray(bits[places >> 3] >> (places & 7).astype(np.uint8) & 1, np.bool_)
    held = unpacked(postings)
    at = np.minimum(np.searchsorted(held, places), len(held) - 1)
    return np.asarray(held[at] == places)
