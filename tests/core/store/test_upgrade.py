"""Database steps: the newest equals the tables, an old file is brought up with its rows, a newer one is refused."""

import random
from pathlib import Path

import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from sqlalchemy import Connection, select

from chengyun_core.model.failure import Trouble
from chengyun_core.model.plan import PlanBinding, RiskPoint
from chengyun_core.store import chain, keys, migrations, risk_point_table
from chengyun_core.store.engine import Database, back_up, driver
from chengyun_core.store.tables import JOURNAL, METADATA
from chengyun_core.store.upgrade import newest, upgrade
from chengyun_core.wire import codec
from tests.core.centre.event_room import opened, peopled_city
from tests.core.centre.room import Room

OLD = Path(__file__).parent / "old"
OLD_ROWS = {"0001": 8, "0003": 11}
"""Step → rows in the journal of a database its program wrote (`sqlite3 .dump`); the public key lies beside it."""


def _old(path: Path, step: str = "0001") -> Database:
    path.parent.mkdir(parents=True, exist_ok=True)
    raw = driver().connect(str(path), isolation_level=None)
    raw.executescript((OLD / f"step_{step}.sql").read_text("utf-8"))
    raw.close()
    return Database(path)


def _public_key(step: str = "0001") -> bytes:
    return bytes.fromhex((OLD / f"step_{step}.pub").read_text("ascii").strip())


def test_that_the_steps_lead_to_the_tables(tmp_path: Path) -> None:
    database = Database(tmp_path / "a.db")
    assert upgrade(database) == newest()
    with database.reading() as connection:
        assert compare_metadata(MigrationContext.configure(connection), METADATA) == []
    database.close()


@pytest.mark.parametrize("step", OLD_ROWS)
def test_that_an_old_file_is_brought_up_with_every_row_after_a_backup(tmp_path: Path, step: str) -> None:
    database = _old(tmp_path / "a.db", step)
    with database.reading() as connection:
        before = connection.execute(select(JOURNAL)).all()
    assert len(before) == OLD_ROWS[step]
    upgrade(database)
    with database.reading() as connection:
        assert connection.execute(select(JOURNAL)).all() == before
        assert compare_metadata(MigrationContext.configure(connection), METADATA) == []
        assert chain.verify(connection, _public_key(step), 1, OLD_ROWS[step]).fault == ""
    database.close()
    backup = tmp_path / "backup" / f"chengyun-{step}.db"
    assert backup.stat().st_mode & 0o777 == 0o600
    raw = driver().connect(f"file:{backup}?mode=ro", uri=True)
    assert raw.execute("SELECT version_num FROM alembic_version").fetchone() == (step,)
    assert raw.execute("SELECT count(*) FROM journal").fetchone() == (OLD_ROWS[step],)
    raw.close()


def test_that_a_centre_of_before_the_chain_goes_on_with_its_alarms_and_opens_events(tmp_path: Path) -> None:
    _old(tmp_path / "centre" / "chengyun.db", "0003").close()
    with Room(tmp_path) as room:
        living = room.living()
        assert [(alarm.vital, alarm.comments) for alarm in living.values()] == [(1, 1), (2, 0)]
        room.adopt(peopled_city())
        session = room.officer("zhao", seat="A-03")
        assert opened(room, session, alarms=(living[1].number,)) == 1


def test_that_a_file_of_a_newer_program_is_refused_and_left_as_it_is(tmp_path: Path) -> None:
    database = Database(tmp_path / "a.db")
    upgrade(database)
    with database.writing() as connection:
        connection.exec_driver_sql("UPDATE alembic_version SET version_num = '9999'")
    with pytest.raises(Trouble) as refused:
        upgrade(database)
    assert refused.value.reason.code == "store.newer"
    assert refused.value.reason.params["found"] == "9999"
    assert not (tmp_path / "backup").exists()
    database.close()


def test_that_a_step_that_fails_leaves_the_old_file(tmp_path: Path) -> None:
    database = _old(tmp_path / "a.db")
    with database.writing() as connection:
        connection.exec_driver_sql("CREATE TABLE outbox (in_the_way INTEGER)")
    with pytest.raises(Trouble):
        upgrade(database)
    with database.reading() as connection:
        assert connection.exec_driver_sql("SELECT version_num FROM alembic_version").scalar_one() == "0001"
    database.close()


def test_that_a_backup_is_whole_while_the_original_is_written(tmp_path: Path) -> None:
    database = Database(tmp_path / "a.db")
    upgrade(database)
    with database.writing() as connection:
        connection.exec_driver_sql("INSERT INTO counters VALUES ('x', 1)")
        back_up(database.path, tmp_path / "b.db")
    raw = driver().connect(str(tmp_path / "b.db"))
    assert raw.execute("PRAGMA integrity_check").fetchone() == ("ok",)
    assert raw.execute("SELECT count(*) FROM counters").fetchone() == (0,)
    raw.close()
    database.close()


@pytest.mark.fault
def test_that_a_damaged_file_is_never_taken_for_a_good_one(tmp_path: Path) -> None:
    signer = keys.signer(tmp_path / "keys")
    source = _old(tmp_path / "a.db")
    source.close()
    whole = (tmp_path / "a.db").read_bytes()
    public = _public_key()
    chance = random.Random(20200820)
    found = 0
    for _ in range(60):
        damaged = bytearray(whole)
        at = _journal_byte(whole, chance)
        damaged[at] ^= 0xFF
        path = tmp_path / "d.db"
        path.write_bytes(damaged)
        found += _is_noticed(path, public)
    assert found == 60
    assert signer.public() != public


def _journal_byte(whole: bytes, chance: random.Random) -> int:
    """Return a position inside the stored words of some journal row: `alarm.raise` stands in each twice."""
    spots = [at for at in range(len(whole) - 11) if whole[at : at + 11] == b"alarm.raise"]
    return chance.choice(spots) + chance.randrange(11)


def _is_noticed(path: Path, public: bytes) -> bool:
    try:
        database = Database(path)
    except Trouble:
        return True
    try:
        with database.reading() as connection:
            return chain.verify(connection, public, 1, 8).fault != ""
    except Trouble:
        return True
    finally:
        database.close()


def test_that_risk_points_and_bindings_of_before_are_of_the_library_in_force(tmp_path: Path) -> None:
    database = Database(tmp_path / "a.db")
    point = RiskPoint(code="R-1", name="嘉西村DN400供水管", centre="500103", kind="供水管", vitals=("SW-1",))
    bound = PlanBinding(risk_point="R-1", template="BAOGUAN")
    with database.writing() as connection:
        stepped(connection, "0006")
        connection.exec_driver_sql(
            "INSERT INTO risk_points VALUES ('R-1', ?, '500103', '供水管', NULL, NULL, ?, 7)",
            (point.name, codec.pack(point)),
        )
        connection.exec_driver_sql("INSERT INTO risk_point_vitals VALUES ('SW-1', 'R-1')")
        connection.exec_driver_sql("INSERT INTO plan_bindings VALUES ('R-1', 'BAOGUAN', ?, 8)", (codec.pack(bound),))
    upgrade(database)
    with database.reading() as connection:
        assert risk_point_table.point(connection, "R-1") == point
        assert risk_point_table.binding(connection, "R-1", "BAOGUAN") == bound
        assert risk_point_table.watched_by(connection, ["SW-1"]) == ["R-1"]
        assert risk_point_table.stamp_of(connection, "R-1") == "0.7"
    database.close()


def stepped(connection: Connection, step: str) -> None:
    """Bring an empty file to a step that is not the newest."""
    config = Config()
    config.set_main_option("script_location", str(Path(migrations.__file__).parent))
    config.attributes["connection"] = connection
    command.upgrade(config, step)
