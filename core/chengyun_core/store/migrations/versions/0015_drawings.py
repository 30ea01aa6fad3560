"""Drawings on events, and repair tickets of devices."""

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision = "0014"


def upgrade() -> None:
    """Add what is drawn on events; what each drawing was before is in the journal alone."""
    op.create_table(
        "drawings",
        sa.Column("number", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("event", sa.BigInteger(), nullable=False),
        sa.Column("standing", sa.Boolean(), nullable=False, comment="still on the map"),
        sa.Column("record", sa.LargeBinary(), nullable=False, comment="msgpack of model.drawing.Drawing"),
        sa.Column("version", sa.BigInteger(), nullable=False),
        sa.Column("change", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("number", name=op.f("pk_drawings")),
    )
    op.create_index("ix_drawings_event_number", "drawings", ["event", "number"])
