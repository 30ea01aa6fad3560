"""Signed outbox, facts taken from others, second factors, broken glass, labels and clearances."""

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"


def upgrade() -> None:
    """Add columns that say «none» for what was there before, and two tables."""
    op.add_column("outbox", sa.Column("sealed", sa.LargeBinary(), comment="wire.signed_fact; NULL: not signed yet"))
    op.add_column("accounts", sa.Column("totp", sa.LargeBinary(), comment="sealed secret; NULL: no second factor"))
    op.add_column("accounts", sa.Column("totp_step", sa.BigInteger(), nullable=False, server_default="0"))
    op.add_column("accounts", sa.Column("recovery", sa.LargeBinary(), comment="msgpack list of hashes"))
    op.add_column("accounts", sa.Column("clearance", sa.Text(), nullable=False, server_default="normal"))
    op.add_column("sessions", sa.Column("until_ns", sa.BigInteger(), comment="ends by itself then; NULL: by its age"))
    op.add_column("sessions", sa.Column("glass", sa.BigInteger(), nullable=False, server_default="0"))
    op.create_table(
        "taken_facts",
        sa.Column("issuer", sa.Text(), nullable=False),
        sa.Column("chain", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("number", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("target", sa.Text(), nullable=False),
        sa.Column("expires_ns", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("issuer", "chain", "number", "target", name=op.f("pk_taken_facts")),
        comment="facts of other centres that were taken, until they expire",
    )
    op.create_index("ix_taken_facts_expires_ns", "taken_facts", ["expires_ns"])
    op.create_table(
        "labels",
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("label", sa.Text(), nullable=False),
        sa.Column("change", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("kind", "key", name=op.f("pk_labels")),
        comment="records somebody labelled dim or hide; what is not here is normal",
    )
