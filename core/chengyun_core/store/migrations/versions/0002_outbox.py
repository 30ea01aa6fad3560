"""The outbox of the federation: rows wait here for the receiving centre's signed receipt."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    """Make the tables."""
    op.create_table(
        "outbox",
        sa.Column("number", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("target", sa.Text(), nullable=False),
        sa.Column("due_ns", sa.BigInteger(), nullable=False),
        sa.Column("attempts", sa.Integer(), server_default="0", nullable=False),
        sa.ForeignKeyConstraint(["number"], ["journal.number"], name=op.f("fk_outbox_number_journal")),
        sa.PrimaryKeyConstraint("number", "target", name=op.f("pk_outbox")),
        comment="rows another centre must get; dropped on that centre's signed receipt only",
    )
