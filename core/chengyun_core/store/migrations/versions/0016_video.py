"""Rounds of cameras, locks of moving cameras, and evidence."""

revision = "0016"
down_revision = "0015"


def upgrade() -> None:
    """Nothing yet."""
