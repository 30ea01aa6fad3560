"""Runs the steps on the connection it is given; there is no alembic.ini and no other way in."""

from alembic import context

from chengyun_core.store import (  # noqa: F401 - their tables are of METADATA too
    camera_tables,
    chain_tables,
    drawing_tables,
    duty_tables,
    event_search_tables,
    map_tables,
    repair_tables,
    room_tables,
    warning_tables,
)
from chengyun_core.store.tables import METADATA

connection = context.config.attributes["connection"]
context.configure(connection=connection, target_metadata=METADATA, transaction_per_migration=False)
context.run_migrations()
