"""Tables of official warnings and call-outs: columns to find by, and the record itself packed."""

from sqlalchemy import BigInteger, Boolean, Column, Index, Integer, LargeBinary, Table, Text

from chengyun_core.store.tables import METADATA

WARNINGS = Table(
    "warnings",
    METADATA,
    Column("number", BigInteger, primary_key=True, autoincrement=False),
    Column("sender", Text, nullable=False),
    Column("identifier", Text, nullable=False),
    Column("issued_at", BigInteger, nullable=False),
    Column("chain", BigInteger, nullable=False, comment="lowest number of all that refer to one another"),
    Column("living", Boolean, nullable=False, comment="in force, or waits for a second person"),
    Column("colour", Integer, nullable=False),
    Column("expires_at", BigInteger),
    Column("record", LargeBinary, nullable=False, comment="msgpack of model.warning.OfficialWarning"),
    Column("version", BigInteger, nullable=False),
    Column("change", BigInteger, nullable=False),
    Index("ix_warnings_sender_identifier", "sender", "identifier"),
    Index("ix_warnings_chain", "chain"),
    Index("ix_warnings_living_number", "living", "number"),
)

WARNING_REFERENCES = Table(
    "warning_references",
    METADATA,
    Column("number", BigInteger, primary_key=True, autoincrement=False, comment="the warning that refers"),
    Column("place", Integer, primary_key=True, autoincrement=False),
    Column("sender", Text, nullable=False),
    Column("identifier", Text, nullable=False),
    Index("ix_warning_references_sender_identifier", "sender", "identifier"),
)

CALL_OUTS = Table(
    "call_outs",
    METADATA,
    Column("number", BigInteger, primary_key=True, autoincrement=False),
    Column("about", Text, nullable=False),
    Column("living", Boolean, nullable=False),
    Column("record", LargeBinary, nullable=False, comment="msgpack of model.callout.CallOut"),
    Column("version", BigInteger, nullable=False),
    Column("change", BigInteger, nullable=False),
    Index("ix_call_outs_about", "about"),
    Index("ix_call_outs_living_number", "living", "number"),
)

CALLS = Table(
    "calls",
    METADATA,
    Column("call_out", BigInteger, primary_key=True, autoincrement=False),
    Column("place", Integer, primary_key=True, autoincrement=False),
    Column("waits", Boolean, nullable=False, comment="somebody is still to be called"),
    Column("due_at", BigInteger, comment="NULL: nothing is waited for"),
    Column("record", LargeBinary, nullable=False, comment="msgpack of model.callout.Call"),
    Column("numbers", LargeBinary, nullable=False, comment="msgpack of the numbers tried, whole: no record has them"),
    Column("version", BigInteger, nullable=False),
    Column("change", BigInteger, nullable=False),
    Index("ix_calls_waits_due", "waits", "due_at", "call_out", "place"),
)
