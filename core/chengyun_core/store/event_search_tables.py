"""Tables of the search in events: which blocks are indexed, the postings and their lengths, texts changed since."""

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
    Column("postings", LargeBinary, nullable=False, comment="see store.event_grams"),
    sqlite_with_rowid=False,
)

EVENT_LENGTHS = Table(
    "event_lengths",
    METADATA,
    # Apart from the postings, whose rows fill pages: one is found here in a quarter of the time. And those a gram has
    # in all large segments lie together, so that ten millions of events cost a search little more than one.
    Column("shelf", Integer, primary_key=True, autoincrement=False, comment="0: large segments; of others the segment"),
    Column("gram", BigInteger, primary_key=True, autoincrement=False),
    Column("segment", Integer, primary_key=True, autoincrement=False),
    Column("lengths", LargeBinary, nullable=False, comment="bytes of each block's postings, uint16"),
    comment="how long the postings of event_grams are",
    sqlite_with_rowid=False,
)

EVENT_EDITS = Table(
    "event_edits",
    METADATA,
    Column("number", BigInteger, primary_key=True, autoincrement=False),
    Column("version", BigInteger, primary_key=True, autoincrement=False, comment="of the event whose text changed"),
    comment="events whose segment does not know their text of now",
)
