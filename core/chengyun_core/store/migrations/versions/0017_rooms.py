"""Rooms of consultation, what was asked and decided in them, and the radio and phone log."""

import sqlalchemy as sa
from alembic import op

revision = "0017"
down_revision = "0016"


def upgrade() -> None:
    """Add their tables; what each record was before is in the journal alone."""
    op.create_table(
        "rooms",
        sa.Column("number", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("event", sa.BigInteger(), nullable=False),
        sa.Column("living", sa.Boolean(), nullable=False),
        sa.Column("record", sa.LargeBinary(), nullable=False, comment="msgpack of model.room.Room"),
        sa.Column("version", sa.BigInteger(), nullable=False),
        sa.Column("change", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("number", name=op.f("pk_rooms")),
    )
    op.create_index("ix_rooms_event", "rooms", ["event"])
    op.create_index("ix_rooms_living", "rooms", ["living"])
    op.create_table(
        "room_items",
        sa.Column("kind", sa.Text(), nullable=False, comment="room_poll or room_decision"),
        sa.Column("room", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("number", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("record", sa.LargeBinary(), nullable=False, comment="msgpack of model.room.Poll or Decision"),
        sa.Column("version", sa.BigInteger(), nullable=False),
        sa.Column("change", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("kind", "room", "number", name=op.f("pk_room_items")),
    )
    op.create_table(
        "heard",
        sa.Column("number", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("event", sa.BigInteger(), nullable=True),
        sa.Column("waits", sa.Boolean(), nullable=False, comment="the party is to be called back"),
        sa.Column("call_back", sa.Text(), nullable=False, comment="the whole number; the record shows it masked"),
        sa.Column("record", sa.LargeBinary(), nullable=False, comment="msgpack of model.room.Heard"),
        sa.Column("version", sa.BigInteger(), nullable=False),
        sa.Column("change", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("number", name=op.f("pk_heard")),
    )
    op.create_index("ix_heard_event_number", "heard", ["event", "number"])
    op.create_index("ix_heard_waits", "heard", ["waits"])
