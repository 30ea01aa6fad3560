"""Tables of cameras: rounds over them, who moves which, pictures kept as evidence and what rules want kept."""

from sqlalchemy import BigInteger, Boolean, Column, Index, LargeBinary, Table, Text

from chengyun_core.store.tables import METADATA

CAMERA_ROUNDS = Table(
    "camera_rounds",
    METADATA,
    Column("number", BigInteger, primary_key=True, autoincrement=False),
    Column("removed", Boolean, nullable=False),
    Column("record", LargeBinary, nullable=False, comment="msgpack of model.camera.CameraRound"),
    Column("version", BigInteger, nullable=False),
    Column("change", BigInteger, nullable=False),
)

PTZ_LOCKS = Table(
    "ptz_locks",
    METADATA,
    Column("camera", Text, primary_key=True),
    Column("living", Boolean, nullable=False),
    Column("record", LargeBinary, nullable=False, comment="msgpack of model.camera.PtzLock, the last one of it"),
    Column("version", BigInteger, nullable=False),
    Column("change", BigInteger, nullable=False),
    Index("ix_ptz_locks_living", "living"),
)

EVIDENCE = Table(
    "evidence",
    METADATA,
    Column("number", BigInteger, primary_key=True, autoincrement=False),
    Column("event", BigInteger),
    Column("alarm", BigInteger),
    Column("camera", Text, nullable=False),
    Column("record", LargeBinary, nullable=False, comment="msgpack of model.camera.Evidence"),
    Column("version", BigInteger, nullable=False),
    Column("change", BigInteger, nullable=False),
    Index("ix_evidence_alarm_number", "alarm", "number"),
    Index("ix_evidence_camera_number", "camera", "number"),
    Index("ix_evidence_event_number", "event", "number"),
)

EVIDENCE_WISHES = Table(
    "evidence_wishes",
    METADATA,
    Column("number", BigInteger, primary_key=True, autoincrement=False),
    Column("alarm", BigInteger, nullable=False),
    Column("camera", Text, nullable=False),
    Column("living", Boolean, nullable=False),
    Column("until", BigInteger, nullable=False),
    Column("record", LargeBinary, nullable=False, comment="msgpack of model.camera.EvidenceWish"),
    Column("version", BigInteger, nullable=False),
    Column("change", BigInteger, nullable=False),
    Index("ix_evidence_wishes_living_until", "living", "until"),
    Index("ix_evidence_wishes_alarm", "alarm"),
)
