"""Tables of the chain: events, orders, receipts, plans, running plans."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"


def upgrade() -> None:
    """Make the tables."""
    op.create_table(
        "events",
        sa.Column("number", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("living", sa.Boolean(), nullable=False),
        sa.Column(
            "owed", sa.Boolean(), nullable=False, comment="closed, and the review it must have has not been held"
        ),
        sa.Column("grade", sa.Integer(), nullable=False, comment="0: not graded"),
        sa.Column("matter", sa.Text(), nullable=False),
        sa.Column("centre", sa.Text(), nullable=False),
        sa.Column(
            "district", sa.Text(), nullable=False, comment="the centre's district, or itself: pages of one district"
        ),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("source_ref", sa.Text(), nullable=False),
        sa.Column("lead", sa.Text(), nullable=False),
        sa.Column("parent", sa.BigInteger(), nullable=True),
        sa.Column("source_at", sa.BigInteger(), nullable=False),
        sa.Column("opened_at", sa.BigInteger(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False, comment="title, narrative, place, code: folded for searching"),
        sa.Column("record", sa.LargeBinary(), nullable=False, comment="msgpack of model.event.Event"),
        sa.Column("version", sa.BigInteger(), nullable=False),
        sa.Column("change", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("number", name=op.f("pk_events")),
        sa.UniqueConstraint("code", name=op.f("uq_events_code")),
    )
    op.create_index("ix_events_centre_number", "events", ["centre", "number"], unique=False)
    op.create_index("ix_events_district_number", "events", ["district", "number"], unique=False)
    op.create_index("ix_events_grade_number", "events", ["grade", "number"], unique=False)
    op.create_index("ix_events_lead_number", "events", ["lead", "number"], unique=False)
    op.create_index("ix_events_living_number", "events", ["living", "number"], unique=False)
    op.create_index("ix_events_matter_number", "events", ["matter", "number"], unique=False)
    op.create_index("ix_events_owed_number", "events", ["owed", "number"], unique=False)
    op.create_index("ix_events_parent", "events", ["parent"], unique=False)
    op.create_index("ix_events_source_ref", "events", ["source_ref"], unique=False)
    op.create_index("ix_events_state_number", "events", ["state", "number"], unique=False)
    op.create_table(
        "orders",
        sa.Column("number", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("event", sa.BigInteger(), nullable=True),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("living", sa.Boolean(), nullable=False),
        sa.Column("centre", sa.Text(), nullable=False),
        sa.Column("issued_at", sa.BigInteger(), nullable=False),
        sa.Column("record", sa.LargeBinary(), nullable=False, comment="msgpack of model.order.Order"),
        sa.Column("version", sa.BigInteger(), nullable=False),
        sa.Column("change", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("number", name=op.f("pk_orders")),
        sa.UniqueConstraint("code", name=op.f("uq_orders_code")),
    )
    op.create_index("ix_orders_centre_number", "orders", ["centre", "number"], unique=False)
    op.create_index("ix_orders_event_number", "orders", ["event", "number"], unique=False)
    op.create_index("ix_orders_issued_at", "orders", ["issued_at"], unique=False)
    op.create_index("ix_orders_living_number", "orders", ["living", "number"], unique=False)
    op.create_table(
        "plan_bindings",
        sa.Column("risk_point", sa.Text(), nullable=False),
        sa.Column("template", sa.Text(), nullable=False),
        sa.Column("record", sa.LargeBinary(), nullable=False, comment="msgpack of model.plan.PlanBinding"),
        sa.Column("change", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("risk_point", "template", name=op.f("pk_plan_bindings")),
    )
    op.create_index("ix_plan_bindings_template", "plan_bindings", ["template"], unique=False)
    op.create_table(
        "plan_runs",
        sa.Column("number", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("event", sa.BigInteger(), nullable=False),
        sa.Column("living", sa.Boolean(), nullable=False),
        sa.Column("record", sa.LargeBinary(), nullable=False, comment="msgpack of model.plan.PlanRun"),
        sa.Column("version", sa.BigInteger(), nullable=False),
        sa.Column("change", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("number", name=op.f("pk_plan_runs")),
    )
    op.create_index("ix_plan_runs_event", "plan_runs", ["event"], unique=False)
    op.create_index("ix_plan_runs_living", "plan_runs", ["living"], unique=False)
    op.create_table(
        "plan_templates",
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("edition", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("matter", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("record", sa.LargeBinary(), nullable=False, comment="msgpack of model.plan.PlanTemplate"),
        sa.Column("version", sa.BigInteger(), nullable=False),
        sa.Column("change", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("code", "edition", name=op.f("pk_plan_templates")),
    )
    op.create_index("ix_plan_templates_matter_state", "plan_templates", ["matter", "state"], unique=False)
    op.create_table(
        "receipts",
        sa.Column("order_number", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("place", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("event", sa.BigInteger(), nullable=True),
        sa.Column("recipient", sa.Text(), nullable=False),
        sa.Column("step", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("living", sa.Boolean(), nullable=False),
        sa.Column("due_at", sa.BigInteger(), nullable=True, comment="next deadline of the ladder; NULL: none runs"),
        sa.Column(
            "heard_at",
            sa.BigInteger(),
            nullable=True,
            comment="when it last climbed, while somebody still has to climb; NULL: nobody has",
        ),
        sa.Column("record", sa.LargeBinary(), nullable=False, comment="msgpack of model.order.Receipt"),
        sa.Column("version", sa.BigInteger(), nullable=False),
        sa.Column("change", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("order_number", "place", name=op.f("pk_receipts")),
    )
    op.create_index("ix_receipts_event", "receipts", ["event"], unique=False)
    op.create_index("ix_receipts_living_due", "receipts", ["living", "due_at", "order_number", "place"], unique=False)
    op.create_index(
        "ix_receipts_living_heard", "receipts", ["living", "heard_at", "order_number", "place"], unique=False
    )
    op.create_index("ix_receipts_recipient_living", "receipts", ["recipient", "living"], unique=False)
    op.create_index(
        "ix_receipts_recipient_order_number_place", "receipts", ["recipient", "order_number", "place"], unique=False
    )
    op.create_table(
        "side_requests",
        sa.Column("number", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("order_number", sa.BigInteger(), nullable=False),
        sa.Column("place", sa.Integer(), nullable=False),
        sa.Column("recipient", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("asked_at", sa.BigInteger(), nullable=False),
        sa.Column("record", sa.LargeBinary(), nullable=False, comment="msgpack of model.order.SideRequest"),
        sa.Column("version", sa.BigInteger(), nullable=False),
        sa.Column("change", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("number", name=op.f("pk_side_requests")),
    )
    op.create_index("ix_side_requests_asked_at", "side_requests", ["asked_at"], unique=False)
    op.create_index("ix_side_requests_order_number_place", "side_requests", ["order_number", "place"], unique=False)
    op.create_index("ix_side_requests_state", "side_requests", ["state"], unique=False)
    op.create_table(
        "risk_point_vitals",
        sa.Column("vital", sa.Text(), nullable=False, comment="code of a vital that watches the point"),
        sa.Column("risk_point", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("vital", "risk_point", name=op.f("pk_risk_point_vitals")),
    )
    op.create_table(
        "risk_points",
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("centre", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("longitude", sa.Float(precision=53), nullable=True),
        sa.Column("latitude", sa.Float(precision=53), nullable=True),
        sa.Column("record", sa.LargeBinary(), nullable=False, comment="msgpack of model.plan.RiskPoint"),
        sa.Column("change", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("code", name=op.f("pk_risk_points")),
    )
    op.create_index("ix_risk_points_centre", "risk_points", ["centre"], unique=False)
    op.create_index("ix_risk_points_latitude_longitude", "risk_points", ["latitude", "longitude"], unique=False)
    # ### end Alembic commands ###
