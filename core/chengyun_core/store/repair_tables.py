"""Table of repair tickets: columns to find by, and the record itself packed."""

from sqlalchemy import BigInteger, Boolean, Column, Index, LargeBinary, Table, Text

from chengyun_core.store.tables import METADATA

REPAIRS = Table(
    "repairs",
    METADATA,
    Column("number", BigInteger, primary_key=True, autoincrement=False),
    Column("device", Text, nullable=False),
    Column("member", BigInteger, nullable=False),
    Column("centre", Text, nullable=False),
    Column("fault", Text, nullable=False),
    Column("state", Text, nullable=False),
    Column("living", Boolean, nullable=False),
    Column("due_at", BigInteger, nullable=False, comment="profile ns UTC"),
    Column("record", LargeBinary, nullable=False, comment="msgpack of model.device_file.Repair"),
    Column("version", BigInteger, nullable=False),
    Column("change", BigInteger, nullable=False),
    Index("ix_repairs_device_living", "device", "living"),
    Index("ix_repairs_living_number", "living", "number"),
)
