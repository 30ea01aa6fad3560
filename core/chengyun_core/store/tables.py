"""The tables of the centre's database, dialect-neutral; times are int64 ns UTC, enums are kept by value."""

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    Float,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    Table,
    Text,
    UniqueConstraint,
    false,
)

METADATA = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "ck": "ck_%(table_name)s_%(constraint_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
        "pk": "pk_%(table_name)s",
    }
)

FACTS = Table(
    "profile_facts",
    METADATA,
    Column("name", Text, primary_key=True),
    Column("value", Text, nullable=False),
    comment="realm, process epoch, clock law, mode: one row each",
)

COUNTERS = Table(
    "counters",
    METADATA,
    Column("name", Text, primary_key=True),
    Column("value", BigInteger, nullable=False),
    comment="last number given; a sequence would burn numbers on rollback (RELIABILITY, clone trap 1)",
)

JOURNAL = Table(
    "journal",
    METADATA,
    Column("number", BigInteger, primary_key=True, autoincrement=False),
    Column("chain", Integer, nullable=False),
    Column("realm", Text, nullable=False),
    Column("account", Text, nullable=False),
    Column("seat", Text, nullable=False),
    Column("post", Text, nullable=False),
    Column("area", Text, nullable=False),
    Column("action", Text, nullable=False),
    Column("command_id", Text, nullable=False),
    Column("part", Integer, nullable=False),
    Column("kind", Text, nullable=False),
    Column("key", Text, nullable=False),
    Column("version", BigInteger, nullable=False),
    Column("record", LargeBinary, nullable=False),
    Column("params", LargeBinary, nullable=False),
    Column("at_ns", BigInteger, nullable=False),
    Column("prev_hash", LargeBinary, nullable=False),
    Column("hashed", LargeBinary, nullable=False),
    Column("hash", LargeBinary, nullable=False),
    Column("signature", LargeBinary, nullable=False),
    UniqueConstraint("command_id", "part"),
    Index("ix_journal_kind_key_number", "kind", "key", "number"),
    Index("ix_journal_action_number", "action", "number"),
    comment="append-only, hash-chained, signed; `part` counts the rows of one command",
)

COMMANDS = Table(
    "commands",
    METADATA,
    Column("id", Text, primary_key=True),
    Column("account", Text, nullable=False),
    Column("kind", Text, nullable=False),
    Column("digest", LargeBinary, nullable=False),
    Column("answer", LargeBinary, nullable=False),
    Column("at_ns", BigInteger, nullable=False, index=True),
    comment="answers given, by command id: the same id gets the same answer (RF24)",
)

OUTBOX = Table(
    "outbox",
    METADATA,
    Column("number", BigInteger, ForeignKey("journal.number"), primary_key=True, autoincrement=False),
    Column("target", Text, primary_key=True),
    Column("due_ns", BigInteger, nullable=False),
    Column("attempts", Integer, nullable=False, server_default="0"),
    Column("sealed", LargeBinary, comment="wire.signed_fact; NULL: not signed yet"),
    Column("lane", Integer, nullable=False, server_default="1", comment="0 leaves before 1 (store.outbox)"),
    Index("ix_outbox_target_lane_number", "target", "lane", "number"),
    comment="rows another centre must get; dropped on that centre's signed receipt only",
)

TAKEN_FACTS = Table(
    "taken_facts",
    METADATA,
    Column("issuer", Text, primary_key=True),
    Column("chain", Integer, primary_key=True, autoincrement=False),
    Column("number", BigInteger, primary_key=True, autoincrement=False),
    Column("target", Text, primary_key=True),
    Column("expires_ns", BigInteger, nullable=False, index=True),
    comment="facts of other centres that were taken, until they expire",
)

LABELS = Table(
    "labels",
    METADATA,
    Column("kind", Text, primary_key=True),
    Column("key", Text, primary_key=True),
    Column("label", Text, nullable=False),
    Column("change", BigInteger, nullable=False),
    comment="records somebody labelled dim or hide; what is not here is normal",
)

ACCOUNTS = Table(
    "accounts",
    METADATA,
    Column("account", Text, primary_key=True),
    Column("name", Text, nullable=False),
    Column("password_hash", Text, nullable=False),
    Column("posts", LargeBinary, nullable=False, comment="msgpack list of post codes"),
    Column("disabled", Boolean, nullable=False, server_default=false()),
    Column("failures", Integer, nullable=False, server_default="0"),
    Column("locked_until_ns", BigInteger, nullable=False, server_default="0"),
    Column("version", BigInteger, nullable=False),
    Column("totp", LargeBinary, comment="sealed secret; NULL: no second factor"),
    Column("totp_step", BigInteger, nullable=False, server_default="0"),
    Column("recovery", LargeBinary, comment="msgpack list of hashes"),
    Column("clearance", Text, nullable=False, server_default="normal"),
)

SESSIONS = Table(
    "sessions",
    METADATA,
    Column("token_hash", LargeBinary, primary_key=True, comment="SHA-256 of the token; the token itself is nowhere"),
    Column("account", Text, ForeignKey("accounts.account"), nullable=False, index=True),
    Column("name", Text, nullable=False),
    Column("seat", Text, nullable=False, unique=True, comment="a seat has one holder"),
    Column("posts", LargeBinary, nullable=False),
    Column("area", Text, nullable=False),
    Column("since_ns", BigInteger, nullable=False),
    Column("version", BigInteger, nullable=False),
    Column("change", BigInteger, nullable=False),
    Column("until_ns", BigInteger, comment="ends by itself then; NULL: by its age"),
    Column("glass", BigInteger, nullable=False, server_default="0"),
    comment="living sessions; ended ones are in the journal",
)

SEATS = Table(
    "seats",
    METADATA,
    Column("seat", Text, primary_key=True),
    Column("version", BigInteger, nullable=False),
    comment="last version given to a seat's record, so that versions rise over many sessions",
)

ALARMS = Table(
    "alarms",
    METADATA,
    Column("number", BigInteger, primary_key=True, autoincrement=False),
    Column("vital", BigInteger, nullable=False),
    Column("vital_code", Text, nullable=False),
    Column("colour", Integer, nullable=False),
    Column("band", Integer, nullable=False),
    Column("side", Integer, nullable=False),
    Column("value", Float(53), comment="NULL is NaN: SQLite stores no NaN"),
    Column("limit", Float(53)),
    Column("raised_at", BigInteger, nullable=False),
    Column("changed_at", BigInteger, nullable=False),
    Column("returned_at", BigInteger),
    Column("acked_at", BigInteger),
    Column("acked_by", Text),
    Column("acked_seat", Text),
    Column("note_code", Text),
    Column("note", Text, nullable=False),
    Column("shelved_at", BigInteger),
    Column("shelved_until", BigInteger),
    Column("shelved_by", Text),
    Column("shelve_reason", Text, nullable=False),
    Column("raises", Integer, nullable=False),
    Column("closed", Boolean, nullable=False),
    Column("version", BigInteger, nullable=False),
    Column("change", BigInteger, nullable=False, comment="journal number of the last change"),
    Column("aspect", Integer, nullable=False, server_default="0"),
    Column("priority", Integer, nullable=False, server_default="2"),
    Column("overrides", LargeBinary, comment="msgpack of model.alarm.Override; NULL: none stands"),
    Column("cause", BigInteger),
    Column("first_out", Boolean, nullable=False, server_default=false()),
    Column("situation", BigInteger),
    Column("assigned_to", Text, nullable=False, server_default=""),
    Column("due_at", BigInteger),
    Column("comments", Integer, nullable=False, server_default="0"),
    Column("chattering", Boolean, nullable=False, server_default=false()),
    Column("proposed_delay_s", Float(53), nullable=False, server_default="0"),
    Column("realarms", Integer, nullable=False, server_default="0"),
)
Index(
    "uq_alarms_living_vital",
    ALARMS.c.vital,
    ALARMS.c.aspect,
    unique=True,
    sqlite_where=ALARMS.c.closed == false(),
    postgresql_where=ALARMS.c.closed == false(),
)

STREAMS = Table(
    "streams",
    METADATA,
    Column("shard", Integer, primary_key=True, autoincrement=False),
    Column("epoch", BigInteger, primary_key=True, autoincrement=False),
    Column("seq", BigInteger, nullable=False),
    comment="last activation confirmed, per shard and spool epoch",
)

CATALOGUES = Table(
    "catalogues",
    METADATA,
    Column("version", BigInteger, primary_key=True, autoincrement=False),
    Column("threshold_set", Text, nullable=False),
    Column("vitals", Integer, nullable=False),
    Column("devices", BigInteger, nullable=False),
    Column("content", LargeBinary, nullable=False, comment="zlib of msgpack of model.catalogue.Catalogue"),
    Column("digest", LargeBinary, nullable=False, comment="SHA-256 of the msgpack"),
    Column("at_ns", BigInteger, nullable=False),
    Column("change", BigInteger, nullable=False),
)

NUMBERS = Table(
    "catalogue_numbers",
    METADATA,
    Column("kind", Text, primary_key=True, comment="vital or channel"),
    Column("code", Text, primary_key=True),
    Column("first", BigInteger, nullable=False),
    Column("count", BigInteger, nullable=False),
    UniqueConstraint("kind", "first"),
    comment="numbers given to vitals and channels: kept when the thing is gone, never given again",
)
