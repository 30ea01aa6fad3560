"""The layers of the map as rows: found by code, and whether a content is one of theirs."""

from sqlalchemy import Connection, delete, insert, select

from chengyun_core.model.map_layer import MapLayer
from chengyun_core.store.map_tables import MAP_CONTENTS, MAP_LAYERS
from chengyun_core.wire import codec


def get(connection: Connection, code: str) -> MapLayer | None:
    """Return a layer, one that was taken off too; None for one that never was."""
    packed = connection.execute(select(MAP_LAYERS.c.record).where(MAP_LAYERS.c.code == code)).scalar_one_or_none()
    return None if packed is None else codec.unpack(packed, MapLayer)


def layers(connection: Connection, *, retired: bool = False) -> list[tuple[MapLayer, int]]:
    """Return the layers with the journal number of their last change, by code; `retired`: those taken off as well."""
    statement = select(MAP_LAYERS.c.record, MAP_LAYERS.c.change).order_by(MAP_LAYERS.c.code)
    if not retired:
        statement = statement.where(MAP_LAYERS.c.retired.is_(False))
    return [(codec.unpack(row.record, MapLayer), row.change) for row in connection.execute(statement)]


def put(connection: Connection, layer: MapLayer, change: int) -> None:
    """Write a layer anew, and note its contents besides those it had."""
    connection.execute(delete(MAP_LAYERS).where(MAP_LAYERS.c.code == layer.code))
    row = {"code": layer.code, "retired": layer.retired, "record": codec.pack(layer)}
    connection.execute(insert(MAP_LAYERS).values(**row, version=layer.version, change=change))
    known = set(connection.execute(select(MAP_CONTENTS.c.digest).where(MAP_CONTENTS.c.layer == layer.code)).scalars())
    sizes = {one.digest: one.size for one in layer.levels} | {layer.sha256: layer.size}
    rows = [
        {"digest": digest, "layer": layer.code, "size": size} for digest, size in sizes.items() if digest not in known
    ]
    if rows:
        connection.execute(insert(MAP_CONTENTS), rows)


def size_of(connection: Connection, digest: str) -> int | None:
    """Return the bytes of a content some layer has or had, None when it is none of theirs."""
    wanted = select(MAP_CONTENTS.c.size).where(MAP_CONTENTS.c.digest == digest).limit(1)
    size: int | None = connection.execute(wanted).scalar_one_or_none()
    return size
