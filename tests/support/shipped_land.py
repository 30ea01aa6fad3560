"""The layers that ship, brought into a running city of a test, and layers of files beside them."""

import hashlib
from pathlib import Path
from typing import Any

from chengyun_core.launch.door_client import DoorClient
from chengyun_core.model.map_commands import ImportLayer
from chengyun_core.model.map_layer import Datum, LayerKind
from chengyun_core.wire.event_asks import UploadPart
from chengyun_resources import boundaries


def bring_land(door: DoorClient, *codes: str) -> None:
    """Import these of the layers that ship."""
    for one in boundaries.shipped():
        if one.code in codes:
            told: dict[str, Any] = {**one.fields, "kind": LayerKind(one.fields["kind"])}
            told["datum"] = Datum(told.get("datum", Datum.CGCS2000))
            bring_layer(door, one.files[0], one.code, **told)


def bring_layer(door: DoorClient, file: Path, code: str, **told: Any) -> None:
    """Import a file as a layer; it must fit into one part of an upload."""
    data = file.read_bytes()
    digest = hashlib.sha256(data).hexdigest()
    door.ask("attachment.part", UploadPart(digest=digest, size=len(data), offset=0, data=data))
    door.send(ImportLayer(code=code, file=file.name, digest=digest, size=len(data), **told), timeout_s=60)
