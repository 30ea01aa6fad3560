"""Brings a database file to the newest step: backup first, all steps in one transaction, newer files refused."""

import logging
from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection

from chengyun_core.model.failure import Trouble
from chengyun_core.store.port import Store

logger = logging.getLogger(__name__)


def newest() -> str:
    """Return the id of the newest step this program knows."""
    return _head(ScriptDirectory.from_config(_config()))


def _head(script: ScriptDirectory) -> str:
    # One script directory each: every one made reads and compiles all steps anew, while a killed centre is waited for.
    head = script.get_current_head()
    assert head is not None
    return head


def upgrade(database: Store) -> str:
    """Bring the file to the newest step and return its id.

    Raises Trouble `store.newer` when the file was written by a newer program: nothing is touched then.
    """
    script = ScriptDirectory.from_config(_config())
    with database.reading() as connection:
        found = _step_of(connection)
    head = _head(script)
    known = {step.revision for step in script.walk_revisions()}
    if found is not None and found not in known:
        raise Trouble("store.newer", file=database.path, found=found, known=head)
    if found == head:
        return found
    if found is not None:
        database.keep_copy(found)
    logger.info("database %s goes from step %s to %s", database.path, found, head)
    with database.writing() as connection:
        _run(connection)
    return head


def _step_of(connection: Connection) -> str | None:
    return MigrationContext.configure(connection).get_current_revision()


def _run(connection: Connection) -> None:
    config = _config()
    config.attributes["connection"] = connection
    command.upgrade(config, "head")


def _config() -> Config:
    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent / "migrations"))
    config.set_main_option("path_separator", "os")
    return config
