"""What is looked for among millions of events, how long a first page takes, and whether all are what LIKE finds."""

import random
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

import msgspec
from sqlalchemy import Connection, literal_column, select

from chengyun_core.store import event_search, event_table
from chengyun_core.store.chain_tables import EVENTS
from chengyun_core.store.port import Store
from tests.bench.event_timing import Clock, Taken

PAGE = 50
COMPARED = 500
"""Rows on a page where everything is paged through."""
MOST_COMPARED = 20_000
"""Events a phrase may have to be paged through at a great size: what half of all have is compared at a small one."""


@dataclass(frozen=True, slots=True)
class Case:
    """Words and filters."""

    name: str
    words: str
    wanted: Mapping[str, object] = field(default_factory=dict)


CASES = (
    Case("one character", "水"),
    Case("one rare character", "谭"),
    Case("two characters", "爆管"),
    Case("three characters", "污水外"),
    Case("a phrase", "负一楼车库"),
    Case("a phrase and a place", "负一楼车库 上清寺"),
    Case("three words", "渝中区 爆管 dn400"),
    Case("a telephone number, not there", "13800123456"),
    Case("part of a number", "000777"),
    Case("a code", "事〔2020〕000777"),
    Case("a name", "谭梓萱"),
    Case("two common that never meet", "爆管 非法集资"),
    Case("common pairs, no phrase", "一人受伤"),
    Case("common pairs and triples, no phrase", "交通受阻约7厘米"),
    Case("pairs of two words", "管爆管"),
    Case("not there", "外星人"),
    Case("common word, wide filter", "水", {"state": "closed"}),
    Case("common word, district", "爆管", {"district": "500103"}),
    Case("common word, two narrow filters", "水", {"state": "void", "district": "500103"}),
    Case("rare word, filter", "谭梓萱", {"state": "closed"}),
    Case("word and matter that never meet", "非法集资", {"matter": "SS-BAOGUAN"}),
    Case("common word, nothing is living", "爆管", {"living": True}),
)


class _Numbered(msgspec.Struct):
    number: int


_NUMBER = msgspec.msgpack.Decoder(_Numbered)


def searched(database: Store, clock: Clock, size: int, rounds: int) -> dict[str, Taken]:
    """Measure and print the first page of every case; `size`: number of the newest event."""
    taken = {}
    print(f"first page of {PAGE}, asking on until it is full or the end is reached; {rounds} rounds", flush=True)
    for case in (*CASES, long_phrase(database, size)):
        words = event_table.fold(case.words).split()
        seen: list[tuple[int, int]] = []

        def ask(words: Sequence[str] = words, case: Case = case, seen: list[tuple[int, int]] = seen) -> None:
            with database.reading() as connection:
                seen.append(first_page(connection, words, case.wanted, size))

        taken[case.name] = clock.rounds(ask, rounds)
        asks, found = seen[-1]
        print(f"  {case.name:36}{found:3} found, {asks} asks, {taken[case.name].told(0.95)}", flush=True)
    return taken


def long_phrase(database: Store, size: int) -> Case:
    """Return a phrase of some thirty characters that an event in the middle tells."""
    with database.reading() as connection:
        told = connection.execute(select(EVENTS.c.text).where(EVENTS.c.number == size // 2)).scalar_one()
    narrative = told.split("\n")[1]
    return Case("a long phrase that stands there", narrative[4:36])


def first_page(
    connection: Connection, words: Sequence[str], wanted: Mapping[str, object], last: int
) -> tuple[int, int]:  # fmt: skip
    """Ask on until a page is full or all was looked at; return asks and events found."""
    below, found, asks = last + 1, 0, 0
    while below and found < PAGE:
        page = event_search.search(connection, words, wanted, above=0, below=below, limit=PAGE - found)
        below, found, asks = page.before, found + len(page.records), asks + 1
    return asks, found


def compared(database: Store, size: int, count: int) -> int:
    """Page to the end for phrases from texts by chance and compare with one LIKE scan; return how many differ."""
    phrases = _phrases(database, size, count)
    found = {phrase: list(_paged(database, phrase, size)) for phrase in phrases}
    liked = _liked(database, list(found), size)
    wrong = [phrase for phrase, numbers in found.items() if numbers != liked[phrase]]
    events = sum(len(numbers) for numbers in found.values())
    print(
        f"paged to the end and compared with a LIKE scan of all: {len(found)} phrases of "
        f"{min(map(len, found))} to {max(map(len, found))} characters, {events:,} events, "
        f"{len(wrong)} differ {wrong or ''}", flush=True,
    )  # fmt: skip
    return len(wrong)


def _phrases(database: Store, size: int, count: int) -> list[str]:
    """Return parts of texts that few enough events have, of one to seven characters, and some that none has."""
    chance, kept = random.Random(size), ["一人受伤", "管爆管"]
    while len(kept) < count + 2:
        number = chance.randrange(1, size)
        with database.reading() as connection:
            told = connection.execute(select(EVENTS.c.text).where(EVENTS.c.number == number)).scalar_one()
        part = chance.choice([one for one in told.split() if len(one) > 9] or [told])
        start, length = chance.randrange(len(part) - 1), chance.randint(1, 7)
        phrase = part[start : start + length]
        if phrase not in kept and _few(database, phrase, size):
            kept.append(phrase)
    return kept


def _few(database: Store, phrase: str, size: int) -> bool:
    """Return whether no more of the newest have it than lets it be paged through."""
    newest = 20_000
    with database.reading() as connection:
        below = EVENTS.c.number > size - newest
        texts = connection.execute(select(EVENTS.c.text).where(below)).scalars()
        return sum(phrase in told for told in texts) * (size / newest) <= MOST_COMPARED


def _paged(database: Store, phrase: str, size: int) -> Iterator[int]:
    below = size + 1
    while below:
        with database.reading() as connection:
            page = event_search.search(connection, [phrase], {}, above=0, below=below, limit=COMPARED)
        for record in page.records:
            yield _NUMBER.decode(record).number
        below = page.before


def _liked(database: Store, phrases: Sequence[str], size: int) -> dict[str, list[int]]:
    """Look at every text once; return numbers from the newest."""
    likes = [EVENTS.c.text.contains(phrase, autoescape=True) for phrase in phrases]
    columns = [EVENTS.c.number, *(like.label(f"has_{at}") for at, like in enumerate(likes))]
    any_of = likes[0]
    for like in likes[1:]:
        any_of = any_of | like
    held: dict[str, list[int]] = {phrase: [] for phrase in phrases}
    statement = select(*columns).where(any_of, EVENTS.c.number <= size).order_by(literal_column("number").desc())
    with database.reading() as connection:
        for number, *has in connection.execute(statement):
            for phrase, one in zip(phrases, has, strict=True):
                if one:
                    held[phrase].append(number)
    return held
