"""What the benchmarks load by the million is what deeds and the indexer's small steps make, byte by byte."""

from dataclasses import replace
from pathlib import Path

import pytest
from sqlalchemy import Connection, insert, select

from chengyun_core.model.event import Event
from chengyun_core.store import counters, event_grams, event_segments, event_table
from chengyun_core.store.chain_tables import EVENTS
from chengyun_core.store.engine import Database
from chengyun_core.store.event_search_tables import EVENT_GRAMS, EVENT_LENGTHS
from chengyun_core.store.event_table import Stored
from chengyun_core.store.upgrade import upgrade
from chengyun_core.wire import codec
from tests.bench import event_bulk, event_load
from tests.bench.event_mill import EVERY_NS, Mill


@pytest.fixture(scope="module")
def mill() -> Mill:
    return Mill()


def test_that_texts_indexed_at_once_have_the_postings_of_the_small_steps(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, mill: Mill
) -> None:
    monkeypatch.setattr(event_segments, "LEVEL_BITS", (4, 6, 8))
    monkeypatch.setattr(event_grams, "COMMON", 3)
    held = []
    for name in ("steps", "bulk"):
        database = Database(tmp_path / name / "events.db")
        upgrade(database)
        for first in range(1, 701, 100):
            with database.writing() as connection:
                connection.execute(insert(EVENTS), list(mill.rows(first, 100)))
                counters.take(connection, event_table.COUNTER, 100)
            if name == "steps":
                event_bulk.steps(database)
        event_bulk.indexed(database)
        with database.reading() as connection:
            held.append(_postings(connection))
        database.close()
    assert {level for level, _, _ in held[0]} == {0, 1, 2}
    assert any(gram >= 1 << 42 for _, _, gram in held[0])
    assert held[0] == held[1]


def _postings(connection: Connection) -> dict[tuple[int, int, int], tuple[bytes, bytes]]:
    known = {one.segment: (one.level, one.block) for one in event_segments.sealed(connection)}
    both = EVENT_GRAMS.c.segment == EVENT_LENGTHS.c.segment, EVENT_GRAMS.c.gram == EVENT_LENGTHS.c.gram
    columns = select(EVENT_GRAMS, EVENT_LENGTHS.c.lengths, EVENT_LENGTHS.c.shelf).where(*both)
    shelves = {segment: 0 if level == 2 else segment for segment, (level, _) in known.items()}
    return {
        (*known[row.segment], row.gram): (row.lengths, row.postings)
        for row in connection.execute(columns)
        if row.shelf == shelves[row.segment]
    }


def test_that_a_load_writes_the_rows_a_deed_writes(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, mill: Mill
) -> None:  # fmt: skip
    monkeypatch.setattr(event_load, "DIFFERENT", 60)
    monkeypatch.setattr(event_load, "BATCH", 20)
    monkeypatch.setattr(event_load, "COPIED", 20)
    # Batches are made here: another process would not know the small sizes.
    monkeypatch.setattr(event_load, "_made", lambda firsts: map(event_load.batch, firsts))
    file = tmp_path / "events.db"
    event_load.fill_file(file, 140)
    database = Database(file)
    with database.reading() as connection:
        loaded = connection.execute(select(EVENTS).order_by(EVENTS.c.number)).all()
        assert counters.last(connection, event_table.COUNTER) == 140
    events = [codec.unpack(row.record, Event) for row in loaded]
    assert [event.number for event in events] == list(range(1, 141))
    assert [event.source_at for event in events[60:]] == [one.source_at + 60 * EVERY_NS for one in events[:80]]
    assert [replace(one, number=0, code="", source_at=0, opened_at=0, changed_at=0) for one in events[60:]] == [
        replace(one, number=0, code="", source_at=0, opened_at=0, changed_at=0) for one in events[:80]
    ]
    with database.writing() as connection:
        connection.execute(EVENTS.delete())
        event_table.add(
            connection, [Stored(one, row.change, row.district) for one, row in zip(events, loaded, strict=True)]
        )
    with database.reading() as connection:
        by_deeds = connection.execute(select(EVENTS).order_by(EVENTS.c.number)).all()
    database.close()
    # The number of the source is a column of the table only: the mill's records have none.
    names = [name for name in event_load.COLUMNS if name != "source_ref"]
    assert [[getattr(row, name) for name in names] for row in by_deeds] == [
        [getattr(row, name) for name in names] for row in loaded
    ]
