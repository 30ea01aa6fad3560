"""Search in events: exactly the set a look at every text gives, in whatever state the index is."""

import random
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import Connection, func, select
from sqlalchemy import event as sqlalchemy_event

from chengyun_core.centre.event_indexer import EventIndexer
from chengyun_core.centre.workers import Job, Result
from chengyun_core.model.event import Event, EventSource
from chengyun_core.store import (
    counters,
    event_candidates,
    event_grams,
    event_narrowing,
    event_search,
    event_segments,
    event_table,
    event_tags,
)
from chengyun_core.store.engine import Database
from chengyun_core.store.event_search_tables import EVENT_EDITS, EVENT_GRAMS, EVENT_LENGTHS, EVENT_SEGMENTS
from chengyun_core.store.event_table import Stored
from chengyun_core.store.port import Store
from chengyun_core.store.upgrade import upgrade
from chengyun_core.wire import codec
from tests.support.postgres import Server, opened

LETTERS = "爆管水渝中区负一楼车库dn4 %_\\\n"
BITS = (3, 5, 7)
"""Blocks of 8, 32 and 128 numbers, so that a few hundred events have all three levels."""


@dataclass
class Work:
    connection: Connection


class Books:
    """What the indexer needs of a ledger."""

    def __init__(self, database: Store) -> None:
        self.database = database
        self.reading = database.reading

    @contextmanager
    def work(self, _actor: object) -> Iterator[Work]:
        with self.database.writing() as connection:
            yield Work(connection)


def indexer(books: Books) -> EventIndexer:
    """Return an indexer with short steps whose worker is done at once."""

    def undertake(job: Job, then: Callable[[Result], None]) -> bool:
        then(Result(0, value=job()))
        return True

    made = EventIndexer(books, undertake)  # type: ignore[arg-type]
    made.texts_a_step, made.rows_a_step, made.grams_a_step = 16, 60, 20
    return made


@pytest.fixture(params=["file", "server"])
def books(request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Books]:
    """Return an empty database, once a file and once on a server, whose blocks are small."""
    monkeypatch.setattr(event_segments, "LEVEL_BITS", BITS)
    monkeypatch.setattr(event_segments, "MOST_EDITS", 20)
    monkeypatch.setattr(event_segments, "WORTH_A_BLOCK", 3)
    monkeypatch.setattr(event_grams, "COMMON", 3)
    if request.param == "file":
        database: Store = Database(tmp_path / "a.db")
        upgrade(database)
    else:
        server: Server = request.getfixturevalue("postgres_server")
        server.drop("searched")
        server.make("searched", "newest")
        database = opened(server, "searched", tmp_path / "database.url")
    yield Books(database)
    database.close()


def event(number: int, words: str, matter: str = "") -> Event:
    return Event(
        number=number, code=f"事〔2026〕{number:06d}", title=words, centre="500103", source=EventSource.MANUAL,
        source_at=number, opened_at=number, opened_by="li", changed_at=number,
        matter=matter or "ABCDEFG"[number % 7], lead="UVW"[number % 3],
    )  # fmt: skip


def add(books: Books, texts: dict[int, str], words: list[str]) -> None:
    """Write events with these titles, numbered on."""
    with books.database.writing() as connection:
        first = counters.take(connection, event_table.COUNTER, len(words))
        made = [event(number, title) for number, title in enumerate(words, first)]
        event_table.add(connection, [Stored(one, one.number, "500103") for one in made])
    texts.update({one.number: event_table.text_of(one) for one in made})


def edit(books: Books, texts: dict[int, str], number: int, words: str, version: int, matter: str = "") -> None:
    """Give an event another title, and perhaps another matter."""
    one = replace(event(number, words, matter), version=version)
    with books.database.writing() as connection:
        event_table.replace(connection, [Stored(one, number, "500103")])
    texts[number] = event_table.text_of(one)


def found(books: Books, words: list[str], wanted: dict[str, object], limit: int, above: int = 0) -> list[int]:
    """Ask on to the end."""
    numbers: list[int] = []
    with books.database.reading() as connection:
        below = counters.last(connection, event_table.COUNTER) + 1
        while below:
            page = event_search.search(connection, words, wanted, above=above, below=below, limit=limit)
            assert len(page.records) <= limit
            assert page.before < below
            numbers += [codec.unpack(record, Event).number for record in page.records]
            below = page.before
    return numbers


def looked_up(texts: dict[int, str], words: list[str]) -> list[int]:
    return [number for number in sorted(texts, reverse=True) if all(word in texts[number] for word in words)]


def some_words(chance: random.Random, texts: dict[int, str]) -> list[str]:
    """Return words that stand somewhere, or nearly so."""
    words = []
    for _ in range(chance.randint(1, 2)):
        parts = chance.choice(list(texts.values())).split()
        part = chance.choice(parts)
        start = chance.randrange(len(part))
        words.append(part[start : start + chance.randint(1, 5)])
    return words


@pytest.mark.parametrize("seed", range(1))
def test_that_every_search_finds_what_a_look_at_every_text_finds(
    books: Books, seed: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    chance, texts, keeper, version = random.Random(seed), {}, indexer(books), 1
    matters: dict[int, str] = {}
    monkeypatch.setattr(event_candidates, "WIDE", 5)
    monkeypatch.setattr(event_search, "MOST_UNINDEXED", 40)
    monkeypatch.setattr(event_search, "MOST_EXAMINED", 60)
    monkeypatch.setattr(event_search, "_ROWS", 9)
    monkeypatch.setattr(event_search, "ENOUGH_TO_TELL", 5)
    monkeypatch.setattr(event_narrowing, "FIRST_RANGE", 16)
    monkeypatch.setattr(event_narrowing, "MOST_RANGE", 64)
    for _ in range(8):
        add(
            books,
            texts,
            ["".join(chance.choices(LETTERS, k=chance.randint(1, 12))) for _ in range(chance.randint(10, 60))],
        )
        for _ in range(chance.randint(0, 4)):
            version += 1
            number = chance.choice(list(texts))
            matters[number] = chance.choice("ABC")
            edit(books, texts, number, "".join(chance.choices(LETTERS, k=8)), version, matters[number])
        for _ in range(chance.choice((20, 60, 300))):
            keeper.step()
        if chance.random() < 0.2:
            keeper = indexer(books)  # killed: whatever was begun is thrown away
        for _ in range(2):
            words, limit, above = some_words(chance, texts), chance.randint(5, 40), chance.choice((0, 0, 50))
            assert found(books, words, {}, limit, above) == [one for one in looked_up(texts, words) if one > above]
            having = {
                matter: [one for one in looked_up(texts, words) if matters.get(one, "ABCDEFG"[one % 7]) == matter]
                for matter in "AC"
            }
            assert found(books, words, {"matter": "A", "district": "500103"}, limit) == having["A"]
            assert found(books, words, {"matter": "C", "lead": "V", "state": "reported"}, limit) == [
                one for one in having["C"] if one % 3 == 1
            ]  # fmt: skip
    with books.database.reading() as connection:
        levels = {one.level for one in event_segments.sealed(connection)}
    assert levels & {1, 2}


def test_that_an_indexer_with_nothing_to_do_has_indexed_every_full_block_and_left_nothing_over(books: Books) -> None:
    texts: dict[int, str] = {}
    add(books, texts, [f"爆管{number}" for number in range(300)])
    keeper = indexer(books)
    while keeper.step():
        pass
    with books.database.reading() as connection:
        segments = event_segments.sealed(connection)
        assert event_segments.covered(segments) == 296
        assert [(one.level, one.block) for one in segments] == [(0, 36), (1, 8), (2, 0), (2, 1)]
        states = set(connection.execute(select(EVENT_SEGMENTS.c.state)).scalars())
        rows = set(connection.execute(select(EVENT_GRAMS.c.segment, EVENT_GRAMS.c.gram)).all())
        lengths = set(connection.execute(select(EVENT_LENGTHS.c.segment, EVENT_LENGTHS.c.gram)).all())
    assert states == {"sealed"}
    assert {segment for segment, _ in rows} == {one.segment for one in segments}
    assert lengths == rows


def test_that_texts_changed_since_are_taken_into_the_index_when_they_are_many(books: Books) -> None:
    texts: dict[int, str] = {}
    add(books, texts, [f"爆管{number}" for number in range(200)])
    keeper = indexer(books)
    while keeper.step():
        pass
    for number in range(1, 31):
        edit(books, texts, number, f"漏水{number}", 2)
        edit(books, texts, number, f"漏水{number}", 3)
    with books.database.reading() as connection:
        assert connection.execute(select(func.count()).select_from(EVENT_EDITS)).scalar_one() == 30
    while keeper.step():
        pass
    with books.database.reading() as connection:
        assert connection.execute(select(func.count()).select_from(EVENT_EDITS)).scalar_one() < 20
    assert found(books, ["漏水"], {}, 50) == list(range(30, 0, -1))
    assert found(books, ["爆管"], {}, 50) == list(range(200, 30, -1))


def test_that_an_event_is_found_by_the_matter_it_has_now_though_its_text_stayed(books: Books) -> None:
    texts: dict[int, str] = {}
    add(books, texts, [f"爆管{number}" for number in range(300)])
    keeper = indexer(books)
    while keeper.step():
        pass
    before = [number for number in range(300, 0, -1) if number % 7 == 2]
    assert found(books, ["爆管"], {"matter": "C"}, 50) == before
    edit(books, texts, 9, "爆管8", 2, "D")
    edit(books, texts, 10, "爆管9", 2, "C")
    assert found(books, ["爆管"], {"matter": "C"}, 50) == sorted({*before, 10} - {9}, reverse=True)


def test_that_a_character_a_value_is_indexed_by_is_found_only_where_a_text_has_it(books: Books) -> None:
    texts: dict[int, str] = {}
    mark = event_tags.tag("matter", "C")
    add(books, texts, [f"爆管{mark if number == 20 else ''}" for number in range(40)])
    keeper = indexer(books)
    while keeper.step():
        pass
    assert found(books, [mark], {}, 50) == [21]
    assert found(books, [f"管{mark}"], {"matter": "A"}, 50) == [21]
    assert found(books, [mark], {"matter": "C"}, 50) == []


def test_that_an_edit_during_the_build_of_its_block_is_not_lost(books: Books) -> None:
    texts: dict[int, str] = {}
    add(books, texts, [f"爆管{number}" for number in range(40)])
    keeper = indexer(books)
    for _ in range(6):
        keeper.step()
    for number in (1, 2, 3, 30):
        edit(books, texts, number, "漏水", 2)
    while keeper.step():
        assert found(books, ["漏水"], {}, 3) == [30, 3, 2, 1]
    assert found(books, ["漏水"], {}, 3) == [30, 3, 2, 1]


def test_that_a_phrase_asks_hardly_more_of_many_large_segments_than_of_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(event_segments, "LEVEL_BITS", BITS)
    monkeypatch.setattr(event_grams, "COMMON", 3)
    database = Database(tmp_path / "a.db")
    upgrade(database)
    books, texts, asked = Books(database), {}, {}
    keeper = indexer(books)
    keeper.texts_a_step = keeper.rows_a_step = keeper.grams_a_step = 10_000
    for large in (1, 8):
        count = 128 * large - len(texts)
        add(books, texts, [f"渝中区上清寺爆管{'东南西北'[n % 4]}侧{n % 50}号请派人处理" for n in range(count)])
        while keeper.step():
            pass
        asked[large] = _asked(books, "渝中区上清寺爆管西侧42号请派人处理")
    database.close()
    # One for the lengths in all large segments; postings of eight at a time, and texts tell of a place or two.
    assert asked[1]["event_lengths"] == asked[8]["event_lengths"]
    assert asked[8]["event_grams"] <= asked[1]["event_grams"] + 1


def _asked(books: Books, phrase: str) -> Counter[str]:
    """Return how many statements a search sends to each table of the index until the end."""
    told: Counter[str] = Counter()

    def listen(_c: object, _u: object, statement: str, _p: object, _x: object, _m: object) -> None:
        told.update(table for table in ("event_lengths", "event_grams") if table in statement)

    with books.reading() as connection:
        last = counters.last(connection, event_table.COUNTER)
        sqlalchemy_event.listen(connection.engine, "before_cursor_execute", listen)
        page = event_search.search(connection, [phrase], {}, above=0, below=last + 1, limit=50)
        sqlalchemy_event.remove(connection.engine, "before_cursor_execute", listen)
    assert 0 < len(page.records) < 50
    assert page.before == 0
    return told


@given(st.sets(st.integers(0, 65535), min_size=1, max_size=300), st.sets(st.integers(0, 65535), min_size=1))
def test_that_postings_give_back_what_was_packed_and_what_they_have_in_common(one: set[int], other: set[int]) -> None:
    packed = [event_grams.packed(np.array(sorted(places), np.uint16)) for places in (one, other)]
    assert [event_grams.unpacked(postings).tolist() for postings in packed] == [sorted(one), sorted(other)]
    assert event_grams.common(sorted(packed, key=len)).tolist() == sorted(one & other)


@pytest.mark.parametrize("count", [1, 2, 300, 8191, 8192, 40_000, 65_536])
def test_that_postings_of_any_density_are_shorter_than_a_bit_a_place(count: int) -> None:
    places = np.sort(np.random.default_rng(count).choice(65_536, count, replace=False)).astype(np.uint16)
    every_third = np.arange(0, 65_536, 3).astype(np.uint16)
    packed, third = event_grams.packed(places), event_grams.packed(every_third)
    assert len(packed) <= min(8193, 2 * count + 1)
    assert np.array_equal(event_grams.unpacked(packed), places)
    assert np.array_equal(event_grams.common(sorted([packed, third], key=len)), np.intersect1d(places, every_third))
    assert np.array_equal(event_grams.common([packed, packed]), places)
