"""Official warnings with what they refer to, call-outs and their calls."""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"


def upgrade() -> None:
    """Make the four tables."""
    _warnings()
    _references()
    _call_outs()
    _calls()


def _warnings() -> None:
    op.create_table(
        "warnings",
        sa.Column("number", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("sender", sa.Text(), nullable=False),
        sa.Column("identifier", sa.Text(), nullable=False),
        sa.Column("issued_at", sa.BigInteger(), nullable=False),
        sa.Column("chain", sa.BigInteger(), nullable=False, comment="lowest number of all that refer to one another"),
        sa.Column("living", sa.Boolean(), nullable=False, comment="in force, or waits for a second person"),
        sa.Column("colour", sa.Integer(), nullable=False),
        sa.Column("expires_at", sa.BigInteger(), nullable=True),
        sa.Column("record", sa.LargeBinary(), nullable=False, comment="msgpack of model.warning.OfficialWarning"),
        sa.Column("version", sa.BigInteger(), nullable=False),
        sa.Column("change", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("number", name=op.f("pk_warnings")),
    )
    op.create_index("ix_warnings_sender_identifier", "warnings", ["sender", "identifier"])
    op.create_index("ix_warnings_chain", "warnings", ["chain"])
    op.create_index("ix_warnings_living_number", "warnings", ["living", "number"])


def _references() -> None:
    told = "the warning that refers"
    op.create_table(
        "warning_references",
        sa.Column("number", sa.BigInteger(), autoincrement=False, nullable=False, comment=told),
        sa.Column("place", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("sender", sa.Text(), nullable=False),
        sa.Column("identifier", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("number", "place", name=op.f("pk_warning_references")),
    )
    op.create_index("ix_warning_references_sender_identifier", "warning_references", ["sender", "identifier"])


def _call_outs() -> None:
    op.create_table(
        "call_outs",
        sa.Column("number", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("about", sa.Text(), nullable=False),
        sa.Column("living", sa.Boolean(), nullable=False),
        sa.Column("record", sa.LargeBinary(), nullable=False, comment="msgpack of model.callout.CallOut"),
        sa.Column("version", sa.BigInteger(), nullable=False),
        sa.Column("change", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("number", name=op.f("pk_call_outs")),
    )
    op.create_index("ix_call_outs_about", "call_outs", ["about"])
    op.create_index("ix_call_outs_living_number", "call_outs", ["living", "number"])


def _calls() -> None:
    whole = "msgpack of the numbers tried, whole: no record has them"
    op.create_table(
        "calls",
        sa.Column("call_out", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("place", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("waits", sa.Boolean(), nullable=False, comment="somebody is still to be called"),
        sa.Column("due_at", sa.BigInteger(), nullable=True, comment="NULL: nothing is waited for"),
        sa.Column("record", sa.LargeBinary(), nullable=False, comment="msgpack of model.callout.Call"),
        sa.Column("numbers", sa.LargeBinary(), nullable=False, comment=whole),
        sa.Column("version", sa.BigInteger(), nullable=False),
        sa.Column("change", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("call_out", "place", name=op.f("pk_calls")),
    )
    op.create_index("ix_calls_waits_due", "calls", ["waits", "due_at", "call_out", "place"])
