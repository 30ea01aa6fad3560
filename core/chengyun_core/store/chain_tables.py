"""Tables of the chain: events, orders, receipts, plans, running plans. Columns to find by; the record itself packed."""

from sqlalchemy import BigInteger, Boolean, Column, Float, Index, Integer, LargeBinary, Table, Text

from chengyun_core.store.tables import METADATA

EVENTS = Table(
    "events",
    METADATA,
    Column("number", BigInteger, primary_key=True, autoincrement=False),
    Column("code", Text, nullable=False, unique=True),
    Column("state", Text, nullable=False),
    Column("living", Boolean, nullable=False),
    Column("owed", Boolean, nullable=False, comment="closed, and the review it must have has not been held"),
    Column("grade", Integer, nullable=False, comment="0: not graded"),
    Column("matter", Text, nullable=False),
    Column("centre", Text, nullable=False),
    Column("district", Text, nullable=False, comment="the centre's district, or itself: pages of one district"),
    Column("source", Text, nullable=False),
    Column("source_ref", Text, nullable=False),
    Column("lead", Text, nullable=False),
    Column("parent", BigInteger),
    Column("source_at", BigInteger, nullable=False),
    Column("opened_at", BigInteger, nullable=False),
    Column("text", Text, nullable=False, comment="title, narrative, place, code: folded for searching"),
    Column("record", LargeBinary, nullable=False, comment="msgpack of model.event.Event"),
    Column("version", BigInteger, nullable=False),
    Column("change", BigInteger, nullable=False),
    # A page is one range of one of these, read backwards from a number: no OFFSET, no sort (PERFORMANCE, event page).
    Index("ix_events_living_number", "living", "number"),
    Index("ix_events_owed_number", "owed", "number"),
    Index("ix_events_state_number", "state", "number"),
    Index("ix_events_grade_number", "grade", "number"),
    Index("ix_events_matter_number", "matter", "number"),
    Index("ix_events_district_number", "district", "number"),
    Index("ix_events_centre_number", "centre", "number"),
    Index("ix_events_lead_number", "lead", "number"),
    Index("ix_events_parent", "parent"),
    Index("ix_events_source_ref", "source_ref"),
)

ORDERS = Table(
    "orders",
    METADATA,
    Column("number", BigInteger, primary_key=True, autoincrement=False),
    Column("code", Text, nullable=False, unique=True),
    Column("event", BigInteger),
    Column("state", Text, nullable=False),
    Column("living", Boolean, nullable=False),
    Column("centre", Text, nullable=False),
    Column("issued_at", BigInteger, nullable=False),
    Column("record", LargeBinary, nullable=False, comment="msgpack of model.order.Order"),
    Column("version", BigInteger, nullable=False),
    Column("change", BigInteger, nullable=False),
    Index("ix_orders_centre_number", "centre", "number"),
    Index("ix_orders_event_number", "event", "number"),
    Index("ix_orders_issued_at", "issued_at"),
    Index("ix_orders_living_number", "living", "number"),
)

RECEIPTS = Table(
    "receipts",
    METADATA,
    Column("order_number", BigInteger, primary_key=True, autoincrement=False),
    Column("place", Integer, primary_key=True, autoincrement=False),
    Column("event", BigInteger),
    Column("recipient", Text, nullable=False),
    Column("step", Text, nullable=False),
    Column("state", Text, nullable=False),
    Column("living", Boolean, nullable=False),
    Column("due_at", BigInteger, comment="next deadline of the ladder; NULL: none runs"),
    Column("heard_at", BigInteger, comment="when it last climbed, while somebody still has to climb; NULL: nobody has"),
    Column("record", LargeBinary, nullable=False, comment="msgpack of model.order.Receipt"),
    Column("version", BigInteger, nullable=False),
    Column("change", BigInteger, nullable=False),
    Index("ix_receipts_recipient_living", "recipient", "living"),
    Index("ix_receipts_recipient_order_number_place", "recipient", "order_number", "place"),
    Index("ix_receipts_living_due", "living", "due_at", "order_number", "place"),
    Index("ix_receipts_living_heard", "living", "heard_at", "order_number", "place"),
    Index("ix_receipts_event", "event"),
)

SIDE_REQUESTS = Table(
    "side_requests",
    METADATA,
    Column("number", BigInteger, primary_key=True, autoincrement=False),
    Column("order_number", BigInteger, nullable=False),
    Column("place", Integer, nullable=False),
    Column("recipient", Text, nullable=False),
    Column("kind", Text, nullable=False),
    Column("state", Text, nullable=False),
    Column("asked_at", BigInteger, nullable=False),
    Column("record", LargeBinary, nullable=False, comment="msgpack of model.order.SideRequest"),
    Column("version", BigInteger, nullable=False),
    Column("change", BigInteger, nullable=False),
    Index("ix_side_requests_order_number_place", "order_number", "place"),
    Index("ix_side_requests_state", "state"),
    Index("ix_side_requests_asked_at", "asked_at"),
)

PLAN_TEMPLATES = Table(
    "plan_templates",
    METADATA,
    Column("code", Text, primary_key=True),
    Column("edition", Integer, primary_key=True, autoincrement=False),
    Column("state", Text, nullable=False),
    Column("matter", Text, nullable=False),
    Column("name", Text, nullable=False),
    Column("record", LargeBinary, nullable=False, comment="msgpack of model.plan.PlanTemplate"),
    Column("version", BigInteger, nullable=False),
    Column("change", BigInteger, nullable=False),
    Index("ix_plan_templates_matter_state", "matter", "state"),
)

RISK_POINTS = Table(
    "risk_points",
    METADATA,
    Column("library", BigInteger, primary_key=True, autoincrement=False, comment="which library: store.library_stage"),
    Column("code", Text, primary_key=True),
    Column("name", Text, nullable=False),
    Column("centre", Text, nullable=False),
    Column("kind", Text, nullable=False),
    Column("longitude", Float(53)),
    Column("latitude", Float(53)),
    Column("record", LargeBinary, nullable=False, comment="msgpack of model.plan.RiskPoint"),
    Column("change", BigInteger, nullable=False, comment="0: as it was imported"),
    Index("ix_risk_points_library_latitude_longitude", "library", "latitude", "longitude"),
)

RISK_POINT_VITALS = Table(
    "risk_point_vitals",
    METADATA,
    Column("library", BigInteger, primary_key=True, autoincrement=False, comment="which library: store.library_stage"),
    Column("vital", Text, primary_key=True, comment="code of a vital that watches the point"),
    Column("risk_point", Text, primary_key=True),
)

PLAN_BINDINGS = Table(
    "plan_bindings",
    METADATA,
    Column("library", BigInteger, primary_key=True, autoincrement=False, comment="which library: store.library_stage"),
    Column("risk_point", Text, primary_key=True),
    Column("template", Text, primary_key=True),
    Column("record", LargeBinary, nullable=False, comment="msgpack of model.plan.PlanBinding"),
    Column("change", BigInteger, nullable=False, comment="0: as it was imported"),
    Index("ix_plan_bindings_library_template", "library", "template"),
)

PLAN_RUNS = Table(
    "plan_runs",
    METADATA,
    Column("number", BigInteger, primary_key=True, autoincrement=False),
    Column("event", BigInteger, nullable=False),
    Column("living", Boolean, nullable=False),
    Column("record", LargeBinary, nullable=False, comment="msgpack of model.plan.PlanRun"),
    Column("version", BigInteger, nullable=False),
    Column("change", BigInteger, nullable=False),
    Index("ix_plan_runs_event", "event"),
    Index("ix_plan_runs_living", "living"),
)
