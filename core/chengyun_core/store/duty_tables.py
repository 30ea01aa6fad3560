"""Tables of duty: people (whose telephones are in no journal row), shifts, hand-overs, free lines of the log."""

from sqlalchemy import BigInteger, Boolean, Column, Index, LargeBinary, Table, Text

from chengyun_core.store.tables import METADATA

DUTY_PEOPLE = Table(
    "duty_people",
    METADATA,
    Column("code", Text, primary_key=True),
    Column("centre", Text, nullable=False),
    Column("name", Text, nullable=False),
    Column("account", Text, nullable=False),
    Column("record", LargeBinary, nullable=False, comment="msgpack of model.duty.Person, telephones too"),
    Column("version", BigInteger, nullable=False),
    Column("change", BigInteger, nullable=False),
    Index("ix_duty_people_centre_code", "centre", "code"),
    Index("ix_duty_people_account", "account"),
)

DUTY_SHIFTS = Table(
    "duty_shifts",
    METADATA,
    Column("number", BigInteger, primary_key=True, autoincrement=False),
    Column("centre", Text, nullable=False),
    Column("name", Text, nullable=False),
    Column("begins_at", BigInteger, nullable=False),
    Column("ends_at", BigInteger, nullable=False),
    Column("state", Text, nullable=False),
    Column("record", LargeBinary, nullable=False, comment="msgpack of model.duty.Shift"),
    Column("version", BigInteger, nullable=False),
    Column("change", BigInteger, nullable=False),
    Index("ix_duty_shifts_centre_begins_at", "centre", "begins_at"),
    Index("ix_duty_shifts_state_begins_at", "state", "begins_at"),
)

HANDOVERS = Table(
    "handovers",
    METADATA,
    Column("number", BigInteger, primary_key=True, autoincrement=False),
    Column("code", Text, nullable=False, unique=True),
    Column("centre", Text, nullable=False),
    Column("seat", Text, nullable=False),
    Column("shift", BigInteger, nullable=False),
    Column("state", Text, nullable=False),
    Column("living", Boolean, nullable=False),
    Column("signed_at", BigInteger, comment="when the taker signed; NULL: not locked"),
    Column("record", LargeBinary, nullable=False, comment="msgpack of model.duty.Handover"),
    Column("version", BigInteger, nullable=False),
    Column("change", BigInteger, nullable=False),
    Index("ix_handovers_centre_number", "centre", "number"),
    Index("ix_handovers_living", "living"),
    Index("ix_handovers_seat_number", "seat", "number"),
    Index("ix_handovers_shift", "shift"),
)

LOG_LINES = Table(
    "log_lines",
    METADATA,
    Column("number", BigInteger, primary_key=True, autoincrement=False),
    Column("centre", Text, nullable=False),
    Column("shift", BigInteger, nullable=False),
    Column("kind", Text, nullable=False),
    Column("corrects", BigInteger),
    Column("settled", Boolean, nullable=False, comment="a later line corrects it"),
    Column("record", LargeBinary, nullable=False, comment="msgpack of model.duty.LogLine"),
    Column("change", BigInteger, nullable=False, unique=True, comment="number of its journal row"),
    Index("ix_log_lines_corrects", "corrects"),
    Index("ix_log_lines_kind_settled", "kind", "settled"),
)
