"""Who may do what in consultation: officers open, members speak for themselves; read by `permission` alone."""

from chengyun_core.model.holding import MACHINES, Area, Permission, PostKind, Sectors

_OFFICERS = (Permission(post=PostKind.DUTY_OFFICER), Permission(post=PostKind.WATCH_CHIEF))
_PEOPLE = tuple(Permission(post=kind, area=Area.EVERYWHERE) for kind in PostKind if kind not in MACHINES)
_READERS = (*_PEOPLE, Permission(post=PostKind.LOCAL_ADMIN, area=Area.EVERYWHERE))
_CALLERS = (
    *(Permission(post=one.post, area=Area.EVERYWHERE) for one in _OFFICERS),
    Permission(post=PostKind.LOCAL_ADMIN, area=Area.EVERYWHERE),
)
# A room's member is the post he was asked as, wherever that is; its unit's post speaks for a unit.
_MEMBERS = tuple(
    Permission(post=kind, area=Area.EVERYWHERE, sectors=Sectors.OWNED) for kind in PostKind if kind not in MACHINES
)

ROOM_PERMISSIONS: dict[str, tuple[Permission, ...]] = {
    "heard.call_back": _OFFICERS,
    # With numbers whole: for who may call.
    "heard.page": _CALLERS,
    "heard.write": _OFFICERS,
    "room.agenda": (*_OFFICERS, *_MEMBERS),
    "room.chair": (*_OFFICERS, *_MEMBERS),
    # Who is the chair is judged by the room itself: he may be of a place that is not the event's.
    "room.close": (*_OFFICERS, *_MEMBERS),
    "room.decide": (*_OFFICERS, *_MEMBERS),
    "room.end_poll": (*_OFFICERS, *_MEMBERS),
    "room.hand": _MEMBERS,
    "room.invite": (*_OFFICERS, *_MEMBERS),
    "room.join": _MEMBERS,
    "room.leave": _MEMBERS,
    "room.lines": _READERS,
    "room.link": _OFFICERS,
    "room.mail": _PEOPLE,
    "room.mute": _MEMBERS,
    "room.open": _OFFICERS,
    "room.page": _READERS,
    # By the machine's own key, as the demo's accounts; whether a drill is on here is asked by the deed.
    "room.play": (Permission(post=PostKind.LOCAL_ADMIN, area=Area.EVERYWHERE),),
    "room.poll": (*_OFFICERS, *_MEMBERS),
    "room.record": (*_OFFICERS, *_MEMBERS),
    "room.say": _MEMBERS,
    "room.share": _MEMBERS,
    "room.signal": _PEOPLE,
    "room.suggest": _READERS,
    "room.vote": _MEMBERS,
}
"""Action → rows. Alphabetical."""
