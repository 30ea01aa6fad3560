"""The first tables: journal, answers, accounts, sessions, alarms, streams, catalogues, numbers."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None

_APPEND_ONLY = tuple(
    f"CREATE TRIGGER {name} BEFORE {deed} ON journal BEGIN SELECT RAISE(ABORT, 'the journal is append-only'); END"
    for name, deed in (("journal_keeps_rows", "DELETE"), ("journal_keeps_words", "UPDATE"))
)

_APPEND_ONLY_ON_A_SERVER = (
    """CREATE FUNCTION journal_is_append_only() RETURNS trigger LANGUAGE plpgsql AS
       'BEGIN RAISE EXCEPTION ''the journal is append-only''; END'""",
    """CREATE TRIGGER journal_keeps_rows BEFORE DELETE OR UPDATE OR TRUNCATE ON journal
       FOR EACH STATEMENT EXECUTE FUNCTION journal_is_append_only()""",
)


def upgrade() -> None:
    """Make the tables."""
    op.create_table(
        "accounts",
        sa.Column("account", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("password_hash", sa.Text(), nullable=False),
        sa.Column("posts", sa.LargeBinary(), nullable=False, comment="msgpack list of post codes"),
        sa.Column("disabled", sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.Column("failures", sa.Integer(), server_default="0", nullable=False),
        sa.Column("locked_until_ns", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("version", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("account", name=op.f("pk_accounts")),
    )

    op.create_table(
        "alarms",
        sa.Column("number", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("vital", sa.BigInteger(), nullable=False),
        sa.Column("vital_code", sa.Text(), nullable=False),
        sa.Column("colour", sa.Integer(), nullable=False),
        sa.Column("band", sa.Integer(), nullable=False),
        sa.Column("side", sa.Integer(), nullable=False),
        sa.Column("value", sa.Float(precision=53), nullable=True, comment="NULL is NaN: SQLite stores no NaN"),
        sa.Column("limit", sa.Float(precision=53), nullable=True),
        sa.Column("raised_at", sa.BigInteger(), nullable=False),
        sa.Column("changed_at", sa.BigInteger(), nullable=False),
        sa.Column("returned_at", sa.BigInteger(), nullable=True),
        sa.Column("acked_at", sa.BigInteger(), nullable=True),
        sa.Column("acked_by", sa.Text(), nullable=True),
        sa.Column("acked_seat", sa.Text(), nullable=True),
        sa.Column("note_code", sa.Text(), nullable=True),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("shelved_at", sa.BigInteger(), nullable=True),
        sa.Column("shelved_until", sa.BigInteger(), nullable=True),
        sa.Column("shelved_by", sa.Text(), nullable=True),
        sa.Column("shelve_reason", sa.Text(), nullable=False),
        sa.Column("raises", sa.Integer(), nullable=False),
        sa.Column("closed", sa.Boolean(), nullable=False),
        sa.Column("version", sa.BigInteger(), nullable=False),
        sa.Column("change", sa.BigInteger(), nullable=False, comment="journal number of the last change"),
        sa.PrimaryKeyConstraint("number", name=op.f("pk_alarms")),
    )

    op.create_index(
        "uq_alarms_living_vital",
        "alarms",
        ["vital"],
        unique=True,
        sqlite_where=sa.text("closed = 0"),
        postgresql_where=sa.text("closed = false"),
    )

    op.create_table(
        "catalogue_numbers",
        sa.Column("kind", sa.Text(), nullable=False, comment="vital or channel"),
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("first", sa.BigInteger(), nullable=False),
        sa.Column("count", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("kind", "code", name=op.f("pk_catalogue_numbers")),
        sa.UniqueConstraint("kind", "first", name=op.f("uq_catalogue_numbers_kind_first")),
        comment="numbers given to vitals and channels: kept when the thing is gone, never given again",
    )

    op.create_table(
        "catalogues",
        sa.Column("version", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("threshold_set", sa.Text(), nullable=False),
        sa.Column("vitals", sa.Integer(), nullable=False),
        sa.Column("devices", sa.BigInteger(), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False, comment="zlib of msgpack of model.catalogue.Catalogue"),
        sa.Column("digest", sa.LargeBinary(), nullable=False, comment="SHA-256 of the msgpack"),
        sa.Column("at_ns", sa.BigInteger(), nullable=False),
        sa.Column("change", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("version", name=op.f("pk_catalogues")),
    )

    op.create_table(
        "commands",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("account", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("digest", sa.LargeBinary(), nullable=False),
        sa.Column("answer", sa.LargeBinary(), nullable=False),
        sa.Column("at_ns", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_commands")),
        comment="answers given, by command id: the same id gets the same answer (RF24)",
    )

    op.create_index(op.f("ix_commands_at_ns"), "commands", ["at_ns"], unique=False)

    op.create_table(
        "counters",
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("value", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_counters")),
        comment="last number given; a sequence would burn numbers on rollback (RELIABILITY, clone trap 1)",
    )

    op.create_table(
        "journal",
        sa.Column("number", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("chain", sa.Integer(), nullable=False),
        sa.Column("realm", sa.Text(), nullable=False),
        sa.Column("account", sa.Text(), nullable=False),
        sa.Column("seat", sa.Text(), nullable=False),
        sa.Column("post", sa.Text(), nullable=False),
        sa.Column("area", sa.Text(), nullable=False),
        sa.Column("action", sa.Text(), nullable=False),
        sa.Column("command_id", sa.Text(), nullable=False),
        sa.Column("part", sa.Integer(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("version", sa.BigInteger(), nullable=False),
        sa.Column("record", sa.LargeBinary(), nullable=False),
        sa.Column("params", sa.LargeBinary(), nullable=False),
        sa.Column("at_ns", sa.BigInteger(), nullable=False),
        sa.Column("prev_hash", sa.LargeBinary(), nullable=False),
        sa.Column("hashed", sa.LargeBinary(), nullable=False),
        sa.Column("hash", sa.LargeBinary(), nullable=False),
        sa.Column("signature", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("number", name=op.f("pk_journal")),
        sa.UniqueConstraint("command_id", "part", name=op.f("uq_journal_command_id_part")),
        comment="append-only, hash-chained, signed; `part` counts the rows of one command",
    )

    op.create_index("ix_journal_kind_key_number", "journal", ["kind", "key", "number"], unique=False)

    op.create_table(
        "profile_facts",
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("value", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_profile_facts")),
        comment="realm, process epoch, clock law, mode: one row each",
    )

    op.create_table(
        "seats",
        sa.Column("seat", sa.Text(), nullable=False),
        sa.Column("version", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("seat", name=op.f("pk_seats")),
        comment="last version given to a seat's record, so that versions rise over many sessions",
    )

    op.create_table(
        "streams",
        sa.Column("shard", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("epoch", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("seq", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("shard", "epoch", name=op.f("pk_streams")),
        comment="last activation confirmed, per shard and spool epoch",
    )

    op.create_table(
        "sessions",
        sa.Column(
            "token_hash", sa.LargeBinary(), nullable=False, comment="SHA-256 of the token; the token itself is nowhere"
        ),
        sa.Column("account", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("seat", sa.Text(), nullable=False, comment="a seat has one holder"),
        sa.Column("posts", sa.LargeBinary(), nullable=False),
        sa.Column("area", sa.Text(), nullable=False),
        sa.Column("since_ns", sa.BigInteger(), nullable=False),
        sa.Column("version", sa.BigInteger(), nullable=False),
        sa.Column("change", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["account"], ["accounts.account"], name=op.f("fk_sessions_account_accounts")),
        sa.PrimaryKeyConstraint("token_hash", name=op.f("pk_sessions")),
        sa.UniqueConstraint("seat", name=op.f("uq_sessions_seat")),
        comment="living sessions; ended ones are in the journal",
    )

    op.create_index(op.f("ix_sessions_account"), "sessions", ["account"], unique=False)
    for trigger in _APPEND_ONLY if op.get_bind().dialect.name == "sqlite" else _APPEND_ONLY_ON_A_SERVER:
        op.execute(trigger)
