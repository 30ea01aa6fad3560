"""The search in events knows triples and lengths: the index is made anew by the centre in its idle rounds."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"


def upgrade() -> None:
    """Make the table of postings anew: where no triple is told, an older index knew of none."""
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
        sa.Column("lengths", sa.LargeBinary(), nullable=False, comment="bytes of each block's postings, uint16"),
        sa.Column("postings", sa.LargeBinary(), nullable=False, comment="see store.event_grams"),
        sa.PrimaryKeyConstraint("segment", "gram", name=op.f("pk_event_grams")),
        sqlite_with_rowid=False,
    )
    if op.get_bind().dialect.name == "postgresql":
        # Postings are packed already: trying to pack them again would only cost time, at each read as well.
        op.execute("ALTER TABLE event_grams ALTER COLUMN postings SET STORAGE EXTERNAL")
