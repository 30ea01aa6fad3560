"""Lengths of postings lie apart from them: the index is made anew by the centre in its idle rounds."""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"


def upgrade() -> None:
    """Make the table of lengths, and that of postings anew without them: taking a column away rewrites it, too."""
    op.drop_table("event_grams")
    op.execute("DELETE FROM event_segments")
    op.execute("DELETE FROM event_edits")
    op.create_table(
        "event_grams",
        sa.Column("segment", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column(
            "gram",
            sa.BigInteger(),
            autoincrement=False,
            nullable=False,
            comment="characters, 21 bits each: one, two or three",
        ),
        sa.Column("postings", sa.LargeBinary(), nullable=False, comment="see store.event_grams"),
        sa.PrimaryKeyConstraint("segment", "gram", name=op.f("pk_event_grams")),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "event_lengths",
        sa.Column(
            "shelf",
            sa.Integer(),
            autoincrement=False,
            nullable=False,
            comment="0: large segments; of others the segment",
        ),
        sa.Column("gram", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("segment", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("lengths", sa.LargeBinary(), nullable=False, comment="bytes of each block's postings, uint16"),
        sa.PrimaryKeyConstraint("shelf", "gram", "segment", name=op.f("pk_event_lengths")),
        comment="how long the postings of event_grams are",
        sqlite_with_rowid=False,
    )
    if op.get_bind().dialect.name == "postgresql":
        # Postings are packed already: trying to pack them again would only cost time, at each read as well.
        op.execute("ALTER TABLE event_grams ALTER COLUMN postings SET STORAGE EXTERNAL")
