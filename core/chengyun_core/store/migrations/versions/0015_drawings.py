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
    _add_repairs()


def _add_repairs() -> None:
    """Add repair tickets of sensing devices."""
    op.create_table(
        "repairs",
        sa.Column("number", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("device", sa.Text(), nullable=False),
        sa.Column("member", sa.BigInteger(), nullable=False),
        sa.Column("centre", sa.Text(), nullable=False),
        sa.Column("fault", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("living", sa.Boolean(), nullable=False),
        sa.Column("due_at", sa.BigInteger(), nullable=False, comment="profile ns UTC"),
        sa.Column("record", sa.LargeBinary(), nullable=False, comment="msgpack of model.device_file.Repair"),
        sa.Column("version", sa.BigInteger(), nullable=False),
        sa.Column("change", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("number", name=op.f("pk_repairs")),
    )
    op.create_index("ix_repairs_device_living", "repairs", ["device", "living"])
    op.create_index("ix_repairs_living_number", "repairs", ["living", "number"])
