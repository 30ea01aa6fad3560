"""Duty: people, shifts, hand-overs, free lines of the log."""

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"


def upgrade() -> None:
    """Make the four tables, empty: nothing before them kept a roster."""
    _people()
    _shifts()
    _handovers()
    _lines()


def _people() -> None:
    op.create_table(
        "duty_people",
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("centre", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("account", sa.Text(), nullable=False),
        sa.Column("record", sa.LargeBinary(), nullable=False, comment="msgpack of model.duty.Person, telephones too"),
        sa.Column("version", sa.BigInteger(), nullable=False),
        sa.Column("change", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("code", name=op.f("pk_duty_people")),
    )
    op.create_index("ix_duty_people_account", "duty_people", ["account"])
    op.create_index("ix_duty_people_centre_code", "duty_people", ["centre", "code"])


def _shifts() -> None:
    op.create_table(
        "duty_shifts",
        sa.Column("number", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("centre", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("begins_at", sa.BigInteger(), nullable=False),
        sa.Column("ends_at", sa.BigInteger(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("record", sa.LargeBinary(), nullable=False, comment="msgpack of model.duty.Shift"),
        sa.Column("version", sa.BigInteger(), nullable=False),
        sa.Column("change", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("number", name=op.f("pk_duty_shifts")),
    )
    op.create_index("ix_duty_shifts_centre_begins_at", "duty_shifts", ["centre", "begins_at"])
    op.create_index("ix_duty_shifts_state_begins_at", "duty_shifts", ["state", "begins_at"])


def _handovers() -> None:
    op.create_table(
        "handovers",
        sa.Column("number", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("centre", sa.Text(), nullable=False),
        sa.Column("seat", sa.Text(), nullable=False),
        sa.Column("shift", sa.BigInteger(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("living", sa.Boolean(), nullable=False),
        sa.Column("signed_at", sa.BigInteger(), comment="when the taker signed; NULL: not locked"),
        sa.Column("record", sa.LargeBinary(), nullable=False, comment="msgpack of model.duty.Handover"),
        sa.Column("version", sa.BigInteger(), nullable=False),
        sa.Column("change", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("number", name=op.f("pk_handovers")),
        sa.UniqueConstraint("code", name=op.f("uq_handovers_code")),
    )
    op.create_index("ix_handovers_centre_number", "handovers", ["centre", "number"])
    op.create_index("ix_handovers_living", "handovers", ["living"])
    op.create_index("ix_handovers_seat_number", "handovers", ["seat", "number"])
    op.create_index("ix_handovers_shift", "handovers", ["shift"])


def _lines() -> None:
    op.create_table(
        "log_lines",
        sa.Column("number", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("centre", sa.Text(), nullable=False),
        sa.Column("shift", sa.BigInteger(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("corrects", sa.BigInteger()),
        sa.Column("settled", sa.Boolean(), nullable=False, comment="a later line corrects it"),
        sa.Column("record", sa.LargeBinary(), nullable=False, comment="msgpack of model.duty.LogLine"),
        sa.Column("change", sa.BigInteger(), nullable=False, comment="number of its journal row"),
        sa.PrimaryKeyConstraint("number", name=op.f("pk_log_lines")),
        sa.UniqueConstraint("change", name=op.f("uq_log_lines_change")),
    )
    op.create_index("ix_log_lines_corrects", "log_lines", ["corrects"])
    op.create_index("ix_log_lines_kind_settled", "log_lines", ["kind", "settled"])
