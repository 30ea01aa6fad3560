"""Rounds of cameras, locks of moving cameras, and evidence."""

import sqlalchemy as sa
from alembic import op

revision = "0016"
down_revision = "0015"


def upgrade() -> None:
    """Make the four tables, empty: nothing before them knew of cameras."""
    _rounds()
    _locks()
    _evidence()
    _wishes()


def _rounds() -> None:
    op.create_table(
        "camera_rounds",
        sa.Column("number", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("removed", sa.Boolean(), nullable=False),
        sa.Column("record", sa.LargeBinary(), nullable=False, comment="msgpack of model.camera.CameraRound"),
        sa.Column("version", sa.BigInteger(), nullable=False),
        sa.Column("change", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("number", name=op.f("pk_camera_rounds")),
    )


def _locks() -> None:
    op.create_table(
        "ptz_locks",
        sa.Column("camera", sa.Text(), nullable=False),
        sa.Column("living", sa.Boolean(), nullable=False),
        sa.Column(
            "record", sa.LargeBinary(), nullable=False, comment="msgpack of model.camera.PtzLock, the last one of it"
        ),
        sa.Column("version", sa.BigInteger(), nullable=False),
        sa.Column("change", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("camera", name=op.f("pk_ptz_locks")),
    )
    op.create_index("ix_ptz_locks_living", "ptz_locks", ["living"])


def _evidence() -> None:
    op.create_table(
        "evidence",
        sa.Column("number", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("event", sa.BigInteger(), nullable=True),
        sa.Column("alarm", sa.BigInteger(), nullable=True),
        sa.Column("camera", sa.Text(), nullable=False),
        sa.Column("record", sa.LargeBinary(), nullable=False, comment="msgpack of model.camera.Evidence"),
        sa.Column("version", sa.BigInteger(), nullable=False),
        sa.Column("change", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("number", name=op.f("pk_evidence")),
    )
    op.create_index("ix_evidence_alarm_number", "evidence", ["alarm", "number"])
    op.create_index("ix_evidence_camera_number", "evidence", ["camera", "number"])
    op.create_index("ix_evidence_event_number", "evidence", ["event", "number"])


def _wishes() -> None:
    op.create_table(
        "evidence_wishes",
        sa.Column("number", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("alarm", sa.BigInteger(), nullable=False),
        sa.Column("camera", sa.Text(), nullable=False),
        sa.Column("living", sa.Boolean(), nullable=False),
        sa.Column("until", sa.BigInteger(), nullable=False),
        sa.Column("record", sa.LargeBinary(), nullable=False, comment="msgpack of model.camera.EvidenceWish"),
        sa.Column("version", sa.BigInteger(), nullable=False),
        sa.Column("change", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("number", name=op.f("pk_evidence_wishes")),
    )
    op.create_index("ix_evidence_wishes_alarm", "evidence_wishes", ["alarm"])
    op.create_index("ix_evidence_wishes_living_until", "evidence_wishes", ["living", "until"])
