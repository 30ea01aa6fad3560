"""Who may do what to events: rows of the permission table; merged into `chain_permissions`."""

from chengyun_core.model.holding import MACHINES, Area, Permission, PostKind, Sectors

_OFFICERS = (Permission(post=PostKind.DUTY_OFFICER), Permission(post=PostKind.WATCH_CHIEF))
_LOCAL_ADMIN = Permission(post=PostKind.LOCAL_ADMIN, area=Area.EVERYWHERE)
_PEOPLE = tuple(Permission(post=kind, area=Area.EVERYWHERE) for kind in PostKind if kind not in MACHINES)
_READERS = (*_PEOPLE, _LOCAL_ADMIN)
# Who works at an event tells what he sees there; he decides nothing about it.
_TELLERS = (*_OFFICERS, Permission(post=PostKind.UNIT), Permission(post=PostKind.TRACK_OWNER))
# A post of another place may own an item of a review, a receipt, or be that of a unit named to the event.
_OWNERS = tuple(
    Permission(post=kind, area=Area.EVERYWHERE, sectors=Sectors.OWNED)
    for kind in PostKind
    if kind not in MACHINES
)  # fmt: skip

EVENT_PERMISSIONS: dict[str, tuple[Permission, ...]] = {
    "attachment.add": (*_TELLERS, *_OWNERS),
    "attachment.get": _READERS,
    "attachment.held": _READERS,
    "attachment.part": _READERS,
    "event.assign": _OFFICERS,
    "event.check": _OFFICERS,
    "event.check_import": (*_OFFICERS, _LOCAL_ADMIN),
    "event.citizen": _OFFICERS,
    "event.close": _OFFICERS,
    "event.counts": _READERS,
    "event.draft_report": _READERS,
    "event.edit": _OFFICERS,
    "event.evaluate": _OFFICERS,
    "event.feed_back": _OFFICERS,
    "event.get": _READERS,
    "event.grade": _OFFICERS,
    "event.hand_command": _OFFICERS,
    "event.hops": _READERS,
    "event.import": (*_OFFICERS, _LOCAL_ADMIN),
    "event.link": _OFFICERS,
    "event.link_alarms": _OFFICERS,
    "event.merge": _OFFICERS,
    "event.note": (*_TELLERS, *_OWNERS),
    "event.open": _OFFICERS,
    "event.owed": _READERS,
    "event.page": _READERS,
    "event.people": _READERS,
    "event.prefill": _READERS,
    "event.report": _OFFICERS,
    "event.report_received": _OFFICERS,
    "event.resume": _OFFICERS,
    "event.return": _OFFICERS,
    "event.review": _OFFICERS,
    "event.search": _READERS,
    "event.similar": _READERS,
    "event.split": _OFFICERS,
    "event.suspend": _OFFICERS,
    "event.take_command": _OFFICERS,
    "event.timeline": _READERS,
    "event.verify": _OFFICERS,
    "event.void": _OFFICERS,
    "improvement.finish": (*_OFFICERS, *_OWNERS),
}
"""Action → rows. Alphabetical."""
