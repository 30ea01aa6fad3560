"""The layers of the map, and the contents that may be given out because a layer has or had them."""

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"


def upgrade() -> None:
    """Make the two tables."""
    op.create_table(
        "map_layers",
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("retired", sa.Boolean(), nullable=False),
        sa.Column("record", sa.LargeBinary(), nullable=False, comment="msgpack of model.map_layer.MapLayer"),
        sa.Column("version", sa.BigInteger(), nullable=False),
        sa.Column("change", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("code", name=op.f("pk_map_layers")),
    )
    told = "SHA-256, hex, of a content in the store of attachments"
    op.create_table(
        "map_contents",
        sa.Column("digest", sa.Text(), nullable=False, comment=told),
        sa.Column("layer", sa.Text(), nullable=False),
        sa.Column("size", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("digest", "layer", name=op.f("pk_map_contents")),
    )
