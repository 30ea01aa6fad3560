"""Who may draw on events, and who may ask how things stood: rows of the permission table."""

from chengyun_core.model.holding import MACHINES, Area, Permission, PostKind, Sectors

# As a line on the timeline: who works at an event draws what he sees there, units by the posts the event names.
_DRAWERS = (
    Permission(post=PostKind.DUTY_OFFICER),
    Permission(post=PostKind.WATCH_CHIEF),
    Permission(post=PostKind.UNIT),
    Permission(post=PostKind.UNIT, area=Area.EVERYWHERE, sectors=Sectors.OWNED),
)
_READERS = (
    *(Permission(post=kind, area=Area.EVERYWHERE) for kind in PostKind if kind not in MACHINES),
    Permission(post=PostKind.LOCAL_ADMIN, area=Area.EVERYWHERE),
)

DRAWING_PERMISSIONS: dict[str, tuple[Permission, ...]] = {
    "drawing.erase": _DRAWERS,
    "drawing.of_event": _READERS,
    "drawing.put": _DRAWERS,
    "past.facts": _READERS,
}
"""Action → rows. Alphabetical."""
