"""Evidence kept of alarms before they were an event's: files of the event from then on (WF2, steps 4 and 5)."""

from collections.abc import Sequence

from sqlalchemy import Connection

from chengyun_core.centre.desk import Desk
from chengyun_core.model.camera import Evidence
from chengyun_core.model.event import Event
from chengyun_core.store import camera_table

MOST = 200
"""Files an event takes over from its alarms at a time, the newest; the others stay with `evidence.page`."""


def files_of(connection: Connection, alarms: Sequence[int]) -> tuple[int, ...]:
    """Return the numbers of the files kept of alarms and of no event, oldest first."""
    return tuple(kept.attachment for kept in _kept_of(connection, alarms))


def before(connection: Connection, event: Event, alarms: Sequence[int]) -> list[str]:
    """Return the keys of what was kept of these alarms before the event was: later ones are told by its own rows."""
    return [str(kept.number) for kept in _kept_of(connection, alarms) if kept.added_at <= event.opened_at]


def taken_over(connection: Connection, event: Event, alarms: Sequence[int]) -> dict[str, object]:
    """Return the fields in which an event changes when it gets these alarms: those of its files, or none."""
    files = tuple(dict.fromkeys((*event.attachment_numbers, *files_of(connection, alarms))))
    if files == event.attachment_numbers:
        return {}
    return {"attachments": len(files), "attachment_numbers": files}


def owner(desk: Desk, alarm: int | None) -> Event | None:
    """Return the living event that has an alarm."""
    return next((event for event in desk.events.values() if alarm in event.alarms), None)


def _kept_of(connection: Connection, alarms: Sequence[int]) -> list[Evidence]:
    if not alarms:
        return []
    found = camera_table.page(connection, event=None, alarms=alarms, camera="", before=0, limit=MOST)
    return [kept for kept in reversed(found) if kept.event is None]
