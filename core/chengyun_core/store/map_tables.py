"""Tables of the map's layers: the record itself packed, and which contents each layer has or had."""

from sqlalchemy import BigInteger, Boolean, Column, LargeBinary, Table, Text

from chengyun_core.store.tables import METADATA

MAP_LAYERS = Table(
    "map_layers",
    METADATA,
    Column("code", Text, primary_key=True),
    Column("retired", Boolean, nullable=False),
    Column("record", LargeBinary, nullable=False, comment="msgpack of model.map_layer.MapLayer"),
    Column("version", BigInteger, nullable=False),
    Column("change", BigInteger, nullable=False),
)

MAP_CONTENTS = Table(
    "map_contents",
    METADATA,
    Column("digest", Text, primary_key=True, comment="SHA-256, hex, of a content in the store of attachments"),
    Column("layer", Text, primary_key=True),
    Column("size", BigInteger, nullable=False),
)
