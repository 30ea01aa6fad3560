"""Pages of events: paging on to the end gives exactly what a look at every row gives, whatever is filtered."""

from collections.abc import Iterator
from dataclasses import replace

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import event, literal, select

from chengyun_core.model.event import Event, EventSource, EventState
from chengyun_core.model.event_rules import is_living, owes_review
from chengyun_core.model.scales import EventGrade
from chengyun_core.store import event_pages, event_table
from chengyun_core.store.chain_tables import EVENTS
from chengyun_core.store.engine import Database
from chengyun_core.store.event_table import Stored
from chengyun_core.store.upgrade import upgrade
from chengyun_core.wire import codec

COUNT = 300
STATES, GRADES = tuple(EventState), (None, *EventGrade)
CENTRES, MATTERS, LEADS = ("500103", "500106", "500000"), ("M1", "M2", ""), ("U1", "U2", "")


def made(number: int) -> Event:
    """Return the event of a number: every combination comes, some are rare."""
    return Event(
        number=number, code=f"C{number}", title=f"第{number}件", centre=CENTRES[number % 3],
        matter=MATTERS[number % 7 % 3], source=EventSource.CITIZEN if number % 50 == 0 else EventSource.MANUAL,
        source_at=number, opened_at=number * 10, opened_by="li", changed_at=number,
        state=STATES[number % len(STATES)], grade=GRADES[number % 5],
        lead=LEADS[number % 11 % 3],
    )  # fmt: skip


@pytest.fixture(scope="module")
def filled(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Database]:
    """Return a database with many events, each in the district of its centre."""
    database = Database(tmp_path_factory.mktemp("pages") / "a.db")
    upgrade(database)
    with database.writing() as connection:
        rows = [Stored(made(number), number, made(number).centre) for number in range(1, COUNT + 1)]
        event_table.add(connection, rows)
    yield database
    database.close()


FILTERS = st.fixed_dictionaries(
    {},
    optional={
        "state": st.sampled_from([state.value for state in EventState]), "grade": st.integers(0, 4),
        "matter": st.sampled_from(MATTERS), "centre": st.sampled_from(CENTRES), "district": st.sampled_from(CENTRES),
        "lead": st.sampled_from(LEADS), "source": st.sampled_from(["citizen", "manual", "alarm"]),
        "living": st.booleans(), "owed": st.booleans(),
    },
)  # fmt: skip


def _has(event: Event, wanted: dict[str, object]) -> bool:
    told = {
        "state": event.state.value, "grade": int(event.grade or 0), "matter": event.matter, "centre": event.centre,
        "district": event.centre, "lead": event.lead, "source": event.source.value, "living": is_living(event),
        "owed": owes_review(event),
    }  # fmt: skip
    return all(told[name] == value for name, value in wanted.items())


@given(FILTERS, st.integers(0, COUNT), st.integers(1, 40), st.integers(3, 50))
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_that_paging_to_the_end_gives_each_event_once_newest_first(
    filled: Database, wanted: dict[str, object], above: int, limit: int, examined: int
) -> None:
    found: list[int] = []
    with pytest.MonkeyPatch.context() as patch, filled.reading() as connection:
        patch.setattr(event_pages, "MOST_EXAMINED", examined)
        before = 0
        for _ in range(COUNT):
            page = event_pages.page(connection, wanted, above=above, below=before, limit=limit)
            assert len(page.records) <= limit
            assert page.examined <= max(examined, limit)
            found += [codec.unpack(record, Event).number for record in page.records]
            before = page.before
            if not before:
                break
    every = [number for number in range(COUNT, above, -1) if _has(made(number), wanted)]
    assert found == every


def test_that_a_page_which_its_first_window_fills_is_one_statement(filled: Database) -> None:
    asked: list[str] = []

    def listen(_c: object, _u: object, statement: str, _p: object, _x: object, _m: object) -> None:
        asked.append(statement)

    with filled.reading() as connection:
        event.listen(connection.engine, "before_cursor_execute", listen)
        page = event_pages.page(connection, {"centre": "500103", "source": "manual"}, above=0, below=0, limit=40)
        event.remove(connection.engine, "before_cursor_execute", listen)
    assert (len(page.records), len(asked)) == (40, 1)


@pytest.mark.parametrize("name", event_pages.NARROWING)
def test_that_each_filter_by_itself_is_one_range_of_an_index_and_sorts_nothing(filled: Database, name: str) -> None:
    columns = select(EVENTS.c.number, EVENTS.c.record).where(EVENTS.c[name] == literal(1), EVENTS.c.number < 99)
    with filled.reading() as connection:
        made_sql = columns.order_by(EVENTS.c.number.desc()).compile(connection, compile_kwargs={"literal_binds": True})
        told = " ".join(str(row) for row in connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {made_sql}"))
    assert f"ix_events_{name}_number" in told
    assert "TEMP B-TREE" not in told
    assert "SCAN" not in told


@given(st.integers(-5, COUNT * 10 + 50))
@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_that_a_time_is_found_among_numbers_by_halving(filled: Database, at_ns: int) -> None:
    with filled.reading() as connection:
        found = event_pages.first_opened_at(connection, at_ns, COUNT)
    assert found == next((number for number in range(1, COUNT + 1) if number * 10 >= at_ns), COUNT + 1)


def test_that_a_row_follows_its_record_and_words_are_folded(filled: Database) -> None:
    event = replace(made(5), title="ＤＮ400 爆管", narrative="Water", place="嘉西村", state=EventState.CLOSED)
    assert event_table.text_of(event) == "dn400 爆管\nwater\n嘉西村\nc5"
    with filled.reading() as connection:
        assert event_table.get(connection, 10**9) is None
        assert {one.number for one, _ in event_table.owed(connection)} == {
            number for number in range(1, COUNT + 1) if owes_review(made(number))
        }
        assert len(event_table.living(connection)) == sum(is_living(made(number)) for number in range(1, COUNT + 1))
