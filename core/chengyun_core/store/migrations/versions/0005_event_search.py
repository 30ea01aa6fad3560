"""The search in events: segments, postings, texts that changed since. The centre fills them in its idle rounds."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"


def upgrade() -> None:
    """Make the tables."""
    op.create_table(
        "event_segments",
        sa.Column("segment", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("level", sa.Integer(), nullable=False, comment="0: 4 096 numbers, 1: 65 536, 2: 1 048 576"),
        sa.Column("block", sa.Integer(), nullable=False, comment="its numbers divided by their count"),
        sa.Column("state", sa.Text(), nullable=False, comment="building, sealed, dropped"),
        sa.PrimaryKeyConstraint("segment", name=op.f("pk_event_segments")),
        comment="an index of a block of event numbers; only sealed ones are read",
    )
    op.create_table(
        "event_grams",
        sa.Column("segment", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column(
            "gram", sa.BigInteger(), autoincrement=False, nullable=False, comment="one character, or two: first * 2^21"
        ),
        sa.Column("postings", sa.LargeBinary(), nullable=False, comment="see store.event_grams"),
        sa.PrimaryKeyConstraint("segment", "gram", name=op.f("pk_event_grams")),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "event_edits",
        sa.Column("number", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column(
            "version", sa.BigInteger(), autoincrement=False, nullable=False, comment="of the event whose text changed"
        ),
        sa.PrimaryKeyConstraint("number", "version", name=op.f("pk_event_edits")),
        comment="events whose segment does not know their text of now",
    )
