"""Risk points as rows: near ones equal to a look at every one, pages of a search equal to a scan of all."""

from collections.abc import Iterable, Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import Connection, func, select

from chengyun_core.model.geo import metres_between
from chengyun_core.model.plan import PlanBinding, RiskPoint
from chengyun_core.store import library_stage, risk_point_table
from chengyun_core.store.chain_tables import PLAN_BINDINGS, RISK_POINTS
from chengyun_core.store.engine import Database
from chengyun_core.store.risk_point_table import Key, Word
from chengyun_core.store.upgrade import upgrade
from chengyun_core.wire import codec

NAMES = ("上清寺嘉西村供水管", "嘉西村边坡", "解放碑广场", "DN400_供水管", "100%隐患点")
POINTS = tuple(
    RiskPoint(
        code=f"R-{n:03d}", name=NAMES[n % len(NAMES)], centre=("500103", "500106")[n % 2], kind="点",
        longitude=None if n % 11 == 0 else 106.5 + (n * 37 % 100) / 1000,
        latitude=None if n % 11 == 0 else 29.5 + (n * 53 % 100) / 1000,
    )
    for n in range(200)
)  # fmt: skip
BINDINGS = tuple(
    PlanBinding(risk_point=point.code, template=template) for point in POINTS for template in ("GUAN", "PO")
)


def written(connection: Connection, number: int, points: Iterable[RiskPoint]) -> None:
    """Write a library beside the one in force."""
    held = tuple(points)
    rows = [(one.code, one.name, one.centre, one.kind, one.longitude, one.latitude, codec.pack(one)) for one in held]
    library_stage.write(connection, number, RISK_POINTS, library_stage.POINT_COLUMNS, rows)
    codes = {one.code for one in held}
    bound = [(one.risk_point, one.template, codec.pack(one)) for one in BINDINGS if one.risk_point in codes]
    library_stage.write(connection, number, PLAN_BINDINGS, library_stage.BINDING_COLUMNS, bound)


@pytest.fixture(scope="module")
def database(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Database]:
    """Return a database with the points and two plans at each."""
    folder: Path = tmp_path_factory.mktemp("points")
    made = Database(folder / "chengyun.db")
    upgrade(made)
    with made.writing() as connection:
        # Two libraries that are not in force lie around it, as after an import that never ended.
        for number, points in ((1, POINTS[:50]), (2, POINTS), (3, POINTS[50:])):
            written(connection, number, points)
        library_stage.put_in_force(connection, 2)
    yield made
    made.close()


@given(st.floats(106.4, 106.7), st.floats(29.4, 29.7), st.floats(1.0, 20_000.0), st.sampled_from([8, 300]))
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=60)
def test_that_near_points_are_those_a_look_at_every_one_finds(
    database: Database, longitude: float, latitude: float, radius_m: float, at_once: int
) -> None:  # fmt: skip
    with database.reading() as connection, pytest.MonkeyPatch.context() as patch:
        patch.setattr(risk_point_table, "_AT_ONCE", at_once)
        found = risk_point_table.near(connection, longitude, latitude, radius_m, len(POINTS))
    away = {
        point.code: metres_between(longitude, latitude, point.longitude, point.latitude)
        for point in POINTS
        if point.longitude is not None and point.latitude is not None
    }
    assert {point.code: metres for point, metres in found} == {
        code: metres for code, metres in away.items() if metres <= radius_m
    }
    assert [metres for _, metres in found] == sorted(metres for _, metres in found)


def scan(words: tuple[Word, ...]) -> list[Key]:
    """Return what a look at every bound plan finds."""
    points = {point.code: point for point in POINTS}

    def holds(key: Key, word: Word) -> bool:
        point, small = points[key[0]], word.text.lower()
        told = small in point.name.lower() or small in point.code.lower()
        return told or key[1] in word.templates or point.centre in word.centres

    keys = sorted((one.risk_point, one.template) for one in BINDINGS)
    return [key for key in keys if all(holds(key, word) for word in words)]


WORDS = (
    Word(text="嘉西村"), Word(text="dn400_"), Word(text="0%"), Word(text="_"), Word(text="爆管", templates=("GUAN",)),
    Word(text="渝中", centres=("500103",)), Word(text="没有"), Word(text="r-00"),
)  # fmt: skip


@given(st.lists(st.sampled_from(WORDS), max_size=3).map(tuple), st.integers(1, 90))
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=60)
def test_that_the_pages_of_a_search_are_together_what_a_scan_finds(
    database: Database, words: tuple[Word, ...], size: int
) -> None:  # fmt: skip
    found: list[Key] = []
    with database.reading() as connection:
        while page := risk_point_table.search(connection, words, found[-1] if found else None, size):
            found += page
    assert found == scan(words)


def test_that_a_degree_of_latitude_is_what_the_earth_says() -> None:
    assert metres_between(106.5, 29.0, 106.5, 30.0) == pytest.approx(111_195, abs=1)
    assert metres_between(106.5, 29.5, 106.5, 29.5) == 0
    assert metres_between(179.9, 0.0, -179.9, 0.0) == pytest.approx(22_239, abs=1)


def test_that_what_is_not_in_force_is_swept_away_by_parts_and_what_is_stays(tmp_path: Path) -> None:
    made = Database(tmp_path / "chengyun.db")
    upgrade(made)
    with made.writing() as connection:
        for number in (1, 2, 3, 4):
            written(connection, number, POINTS)
        library_stage.put_in_force(connection, 2)
    rounds, more = 0, True
    while more:
        with made.writing() as connection:
            more = library_stage.sweep(connection, 3, 60)
        rounds += 1
    with made.reading() as connection:
        left = select(RISK_POINTS.c.library, func.count()).group_by(RISK_POINTS.c.library)
        # The fourth is of an import that is under way: its number is beyond what the sweeper was told.
        assert [tuple(row) for row in connection.execute(left)] == [(2, 200), (4, 200)]
    assert rounds > 2 * 200 / 60
    made.close()
