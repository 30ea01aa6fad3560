"""Tables of the search in events: which blocks of numbers are indexed, the postings, texts that changed since."""

from sqlalchemy import BigInteger, Column, Integer, LargeBinary, Table, Text

from chengyun_core.store.tables import METADATA

EVENT_SEGMENTS = Table(
    "event_segments",
    METADATA,
    Column("segment", Integer, primary_key=True, autoincrement=False),
    Column("level", Integer, nullable=False, comment="0: 4 096 numbers, 1: 65 536, 2: 1 048 576"),
    Column("block", Integer, nullable=False, comment="its numbers divided by their count"),
    Column("state", Text, nullable=False, comment="building, sealed, dropped"),
    comment="an index of a block of event numbers; only sealed ones are read",
)

EVENT_GRAMS = Table(
    "event_grams",
    METADATA,
    # By segment first: what is written together lies together, or each of 10^5 rows would touch a page of its own.
    Column("segment", Integer, primary_key=True, autoincrement=False),
    Column(
        "gram", BigInteger, primary_key=True, autoincrement=False, comment="characters, 21 bits each: one, two or three"
    ),
    # Before the postings, so that it is read without them: they fill pages of their own.
    Column("lengths", LargeBinary, nullable=False, comment="bytes of each block's postings, uint16"),
    Column("postings", LargeBinary, nullable=False, comment="see store.event_grams"),
    sqlite_with_rowid=False,
)

EVENT_EDITS = Table(
    "event_edits",
    METADATA,
    Column("number", BigInteger, primary_key=True, autoincrement=False),
    Column("version", BigInteger, primary_key=True, autoincrement=False, comment="of the event whose text changed"),
    comment="events whose segment does not know their text of now",
)
