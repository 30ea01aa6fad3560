"""May this be shown to all in a room (Y6), and how its record tells it. Whether one may see it each console asks."""

from sqlalchemy import Connection

from chengyun_core.centre import event_files
from chengyun_core.centre.desk import Desk
from chengyun_core.model.failure import Refused
from chengyun_core.model.rights import Label
from chengyun_core.model.room import Room
from chengyun_core.model.room_share import SharedCamera, SharedFile, SharedMap, SharedTrend, kind_of, read
from chengyun_core.store import event_table

SIGHT = "sight"
"""Word of the record for a map that is shown as its sharer sees it; the other ones are those a name begins with."""
_SHOWN = 40
"""Characters of a name nobody knows that its refusal repeats."""


def told(desk: Desk, connection: Connection, room: Room, name: str) -> dict[str, object]:
    """Return how the record tells what is shared: a word for it (`share`), and what it is called (`name`).

    Raises:
        Refused: `room.unknown_share`; `room.unknown_trend` with the vital; `room.file_not_shared` for one that is not
            of the room's event, or is labelled: a room's record is read by all of its members, cleared or not.
    """
    if not name:
        return {"share": "", "name": ""}
    share = read(name)
    match share:
        case None:
            raise Refused("room.unknown_share", share=name[:_SHOWN])
        case SharedCamera():
            called = _camera(desk, share, name)
        case SharedTrend():
            called = _vitals(desk, share)
        case SharedFile():
            called = _file(desk, connection, room, share.number)
        case _:
            called = ""
    is_sight = isinstance(share, SharedMap) and share.sight is not None
    return {"share": SIGHT if is_sight else kind_of(name), "name": called}


def _camera(desk: Desk, share: SharedCamera, name: str) -> str:
    camera = desk.city.cameras.get(share.code)
    if camera is None or camera.label is Label.HIDE:
        raise Refused("room.unknown_share", share=name[:_SHOWN])
    return camera.name


def _vitals(desk: Desk, share: SharedTrend) -> str:
    names = {one.code: one.name for one in desk.city.vitals.values() if one.code in share.vitals}
    for code in share.vitals:
        if code not in names:
            raise Refused("room.unknown_trend", vital=code[:_SHOWN])
    return ", ".join(names[code] for code in share.vitals)


def _file(desk: Desk, connection: Connection, room: Room, number: int) -> str:
    event = event_table.get(connection, room.event)
    kept = event_files.LOG.get(connection, number) if event and number in event.attachment_numbers else None
    label = desk.labels.get(("attachment", str(number)), Label.NORMAL)
    if kept is None or label is not Label.NORMAL:
        raise Refused("room.file_not_shared", file=number)
    return kept.name
