"""What waits for other centres leaves by lanes and is counted in an index; so are the figures of a shift."""

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"


def upgrade() -> None:
    """Add the lane; what waits already is of the lane of its kind."""
    lane = sa.Column(
        "lane", sa.Integer(), nullable=False, server_default="1", comment="0 leaves before 1 (store.outbox)"
    )
    op.add_column("outbox", lane)
    op.execute(
        "UPDATE outbox SET lane = 0 WHERE number IN "
        "(SELECT number FROM journal WHERE kind IN ('mode', 'mode_order', 'order', 'receipt'))"
    )
    op.create_index("ix_journal_action_number", "journal", ["action", "number"])
    op.create_index("ix_outbox_target_lane_number", "outbox", ["target", "lane", "number"])
