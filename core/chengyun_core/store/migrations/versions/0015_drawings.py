"""Drawings on events, and repair tickets of devices."""

revision = "0015"
down_revision = "0014"


def upgrade() -> None:
    """Nothing yet."""
