"""Pages of orders and receipts read one range of one index each: no scan, no sort, however many there are."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from sqlalchemy import Connection, event

from chengyun_core.store import order_pages
from chengyun_core.store.engine import Database
from chengyun_core.store.upgrade import upgrade

AFTER = (3, 5, 2)
PAGES: dict[str, Callable[[Connection], object]] = {
    "orders": lambda c: order_pages.orders(c, 50, 10, living=None, event=None, centre=""),
    "living": lambda c: order_pages.orders(c, 50, 10, living=True, event=None, centre=""),
    "of an event": lambda c: order_pages.orders(c, 50, 10, living=None, event=3, centre=""),
    "in a centre": lambda c: order_pages.orders(c, 50, 10, living=None, event=None, centre="500103"),
    "received": lambda c: order_pages.received(c, "U", None, AFTER, 10),
    "due": lambda c: order_pages.timed(c, "due_at", "", (0, 9), AFTER, 10),
    "heard": lambda c: order_pages.timed(c, "heard_at", "", (0, 9), AFTER, 10),
    "of a unit": lambda c: order_pages.of_unit(c, "U", (1, 9), 10),
    "issued": lambda c: order_pages.issued_between(c, 1, 9),
    "counted": lambda c: order_pages.count_between(c, (1, 9), ""),
}


@pytest.fixture
def connection(tmp_path: Path) -> Iterator[Connection]:
    database = Database(tmp_path / "a.db")
    upgrade(database)
    with database.reading() as made:
        yield made
    database.close()


def _plan(connection: Connection, page: Callable[[Connection], object]) -> list[str]:
    said: list[tuple[str, object]] = []

    def listen(_c: object, _u: object, statement: str, parameters: object, _x: object, _m: object) -> None:
        said.append((statement, parameters))

    event.listen(connection.engine, "before_cursor_execute", listen)
    page(connection)
    event.remove(connection.engine, "before_cursor_execute", listen)
    ((statement, parameters),) = said
    rows = connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", parameters)  # type: ignore[arg-type]
    return [row[-1] for row in rows]


def test_that_every_page_is_a_range_of_an_index_without_a_sort(connection: Connection) -> None:
    plans = {name: _plan(connection, page) for name, page in PAGES.items()}
    wrong = {name: plan for name, plan in plans.items() if len(plan) != 1 or not plan[0].startswith("SEARCH")}
    assert wrong == {}
    # The continuation bounds the range: a late page costs what the first one does.
    assert "order_number<?" in plans["received"][0]
    assert "due_at>" in plans["due"][0]
