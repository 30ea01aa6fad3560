"""Tables of consultation: rooms, what was asked and decided in them, the radio and phone log."""

from sqlalchemy import BigInteger, Boolean, Column, Index, LargeBinary, Table, Text

from chengyun_core.store.tables import METADATA

ROOMS = Table(
    "rooms",
    METADATA,
    Column("number", BigInteger, primary_key=True, autoincrement=False),
    Column("event", BigInteger, nullable=False),
    Column("living", Boolean, nullable=False),
    Column("record", LargeBinary, nullable=False, comment="msgpack of model.room.Room"),
    Column("version", BigInteger, nullable=False),
    Column("change", BigInteger, nullable=False),
    Index("ix_rooms_event", "event"),
    Index("ix_rooms_living", "living"),
)

ROOM_ITEMS = Table(
    "room_items",
    METADATA,
    Column("kind", Text, primary_key=True, comment="room_poll or room_decision"),
    Column("room", BigInteger, primary_key=True, autoincrement=False),
    Column("number", BigInteger, primary_key=True, autoincrement=False),
    Column("record", LargeBinary, nullable=False, comment="msgpack of model.room.Poll or Decision"),
    Column("version", BigInteger, nullable=False),
    Column("change", BigInteger, nullable=False),
)

HEARD = Table(
    "heard",
    METADATA,
    Column("number", BigInteger, primary_key=True, autoincrement=False),
    Column("event", BigInteger),
    Column("waits", Boolean, nullable=False, comment="the party is to be called back"),
    Column("call_back", Text, nullable=False, comment="the whole number; the record shows it masked"),
    Column("record", LargeBinary, nullable=False, comment="msgpack of model.room.Heard"),
    Column("version", BigInteger, nullable=False),
    Column("change", BigInteger, nullable=False),
    Index("ix_heard_event_number", "event", "number"),
    Index("ix_heard_waits", "waits"),
)
