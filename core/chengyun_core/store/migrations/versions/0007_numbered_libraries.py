"""Risk points and bindings carry the number of their library, so that an import is written beside the one in force."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"

_NUMBER = "which library: store.library_stage"
_IMPORTED = "0: as it was imported"
_BEFORE = "carried_over"


def upgrade() -> None:
    """Make the three tables anew with their rows, which are of library 0, the one in force."""
    op.drop_index("ix_risk_points_centre", "risk_points")
    op.drop_index("ix_risk_points_latitude_longitude", "risk_points")
    op.drop_index("ix_plan_bindings_template", "plan_bindings")
    _points()
    _vitals()
    _bindings()
    op.create_index("ix_risk_points_library_latitude_longitude", "risk_points", ["library", "latitude", "longitude"])
    op.create_index("ix_plan_bindings_library_template", "plan_bindings", ["library", "template"])


def _points() -> None:
    columns = ("code", "name", "centre", "kind", "longitude", "latitude", "record", "change")
    _carry("risk_points")
    op.create_table(
        "risk_points",
        sa.Column("library", sa.BigInteger(), autoincrement=False, nullable=False, comment=_NUMBER),
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("centre", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("longitude", sa.Float(precision=53), nullable=True),
        sa.Column("latitude", sa.Float(precision=53), nullable=True),
        sa.Column("record", sa.LargeBinary(), nullable=False, comment="msgpack of model.plan.RiskPoint"),
        sa.Column("change", sa.BigInteger(), nullable=False, comment=_IMPORTED),
        sa.PrimaryKeyConstraint("library", "code", name=op.f("pk_risk_points")),
    )
    _bring_back("risk_points", columns)


def _vitals() -> None:
    _carry("risk_point_vitals")
    op.create_table(
        "risk_point_vitals",
        sa.Column("library", sa.BigInteger(), autoincrement=False, nullable=False, comment=_NUMBER),
        sa.Column("vital", sa.Text(), nullable=False, comment="code of a vital that watches the point"),
        sa.Column("risk_point", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("library", "vital", "risk_point", name=op.f("pk_risk_point_vitals")),
    )
    _bring_back("risk_point_vitals", ("vital", "risk_point"))


def _bindings() -> None:
    _carry("plan_bindings")
    op.create_table(
        "plan_bindings",
        sa.Column("library", sa.BigInteger(), autoincrement=False, nullable=False, comment=_NUMBER),
        sa.Column("risk_point", sa.Text(), nullable=False),
        sa.Column("template", sa.Text(), nullable=False),
        sa.Column("record", sa.LargeBinary(), nullable=False, comment="msgpack of model.plan.PlanBinding"),
        sa.Column("change", sa.BigInteger(), nullable=False, comment=_IMPORTED),
        sa.PrimaryKeyConstraint("library", "risk_point", "template", name=op.f("pk_plan_bindings")),
    )
    _bring_back("plan_bindings", ("risk_point", "template", "record", "change"))


def _carry(table: str) -> None:
    op.rename_table(table, _BEFORE)
    if op.get_bind().dialect.name == "postgresql":
        # A server keeps the name of a renamed table's key, and the new table is to have it.
        op.drop_constraint(f"pk_{table}", _BEFORE)


def _bring_back(table: str, columns: Sequence[str]) -> None:
    before = sa.table(_BEFORE, *map(sa.column, columns))
    new = sa.table(table, sa.column("library"), *map(sa.column, columns))
    rows = sa.select(sa.literal(0, sa.BigInteger()), *before.c)
    op.execute(new.insert().from_select(("library", *columns), rows))
    op.drop_table(_BEFORE)
