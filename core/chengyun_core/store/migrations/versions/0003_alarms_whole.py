"""Alarms at full depth: aspects, priorities, overrides, causes, situations, assignment, comments, chatter."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"

_OLD_INDEX = "uq_alarms_living_vital"


def upgrade() -> None:
    """Add the columns; a vital may have a living alarm for each aspect from now on."""
    for column in (
        sa.Column("aspect", sa.Integer(), nullable=False, server_default="0"),
        sa.Column("priority", sa.Integer(), nullable=False, server_default="2"),
        sa.Column("overrides", sa.LargeBinary(), comment="msgpack of model.alarm.Override; NULL: none stands"),
        sa.Column("cause", sa.BigInteger()),
        sa.Column("first_out", sa.Boolean(), nullable=False, server_default=sa.false()),
        sa.Column("situation", sa.BigInteger()),
        sa.Column("assigned_to", sa.Text(), nullable=False, server_default=""),
        sa.Column("due_at", sa.BigInteger()),
        sa.Column("comments", sa.Integer(), nullable=False, server_default="0"),
        sa.Column("chattering", sa.Boolean(), nullable=False, server_default=sa.false()),
        sa.Column("proposed_delay_s", sa.Float(53), nullable=False, server_default="0"),
        sa.Column("realarms", sa.Integer(), nullable=False, server_default="0"),
    ):
        op.add_column("alarms", column)
    # An alarm for readings that stayed away is of the link from now on (side 5 is MISSING).
    op.execute(sa.text("UPDATE alarms SET aspect = 1 WHERE side = 5"))
    op.drop_index(_OLD_INDEX, table_name="alarms")
    op.create_index(
        _OLD_INDEX, "alarms", ["vital", "aspect"], unique=True,
        sqlite_where=sa.text("closed = 0"), postgresql_where=sa.text("closed = false"),
    )  # fmt: skip
