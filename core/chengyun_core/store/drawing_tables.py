"""Table of drawings on events: columns to find by, and the record itself packed."""

from sqlalchemy import BigInteger, Boolean, Column, Index, LargeBinary, Table

from chengyun_core.store.tables import METADATA

DRAWINGS = Table(
    "drawings",
    METADATA,
    Column("number", BigInteger, primary_key=True, autoincrement=False),
    Column("event", BigInteger, nullable=False),
    Column("standing", Boolean, nullable=False, comment="still on the map"),
    Column("record", LargeBinary, nullable=False, comment="msgpack of model.drawing.Drawing"),
    Column("version", BigInteger, nullable=False),
    Column("change", BigInteger, nullable=False),
    Index("ix_drawings_event_number", "event", "number"),
)
