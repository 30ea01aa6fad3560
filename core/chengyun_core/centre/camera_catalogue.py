"""What of the cameras is published: their rows without addresses, and hidden ones not at all."""

from dataclasses import replace

import msgspec
from sqlalchemy import Connection

from chengyun_core.centre.desk import Desk
from chengyun_core.model.camera import Camera
from chengyun_core.model.failure import Refused
from chengyun_core.model.rights import Label
from chengyun_core.store import catalogue_table
from chengyun_core.wire import codec
from chengyun_core.wire.envelope import AskCatalogue

_TABLES = msgspec.msgpack.Decoder(dict[str, msgspec.Raw])
_CAMERAS = msgspec.msgpack.Decoder(tuple[Camera, ...])
_TABLE = "cameras"


def published(packed: bytes) -> bytes:
    """Return a packed catalogue as consoles and ingest get it. Other tables are copied, not taken apart."""
    tables = _TABLES.decode(packed)
    if _TABLE not in tables:
        return packed
    known = _CAMERAS.decode(tables[_TABLE])
    if not known:
        return packed
    bare = tuple(_bare(camera) for camera in known if camera.label is not Label.HIDE)
    return msgspec.msgpack.encode({**tables, _TABLE: msgspec.Raw(codec.pack(bare))})


def whole(desk: Desk, connection: Connection, ask: AskCatalogue) -> bytes:
    """Answer `catalogue.whole`: a version with the addresses of its cameras, for who stands at the machine."""
    if desk.packed and ask.version in (0, desk.city.version):
        return desk.packed
    stored = catalogue_table.get(connection, ask.version)
    if stored is None:
        raise Refused("catalogue.no_version" if ask.version else "catalogue.none_yet", version=ask.version)
    return catalogue_table.unsqueezed(stored)


def _bare(camera: Camera) -> Camera:
    return replace(camera, address="", sub_address="", platform_id="")
