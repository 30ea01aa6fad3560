"""Who may see, move and keep what about cameras; read by `permission` alone."""

from chengyun_core.model.holding import MACHINES, Area, Permission, PostKind

_PEOPLE = tuple(kind for kind in PostKind if kind not in MACHINES)
_OFFICERS = (Permission(post=PostKind.DUTY_OFFICER), Permission(post=PostKind.WATCH_CHIEF))
_LOCAL_ADMIN = Permission(post=PostKind.LOCAL_ADMIN, area=Area.EVERYWHERE)
_READERS = (*(Permission(post=kind, area=Area.EVERYWHERE) for kind in _PEOPLE), _LOCAL_ADMIN)
# Pictures of people in public places (个人信息保护法 art. 26: for public security only): who watches over the area,
# and who handles what happens there; not administrators, auditors or editors of catalogue and plans.
_WATCHERS = (*_OFFICERS, Permission(post=PostKind.TRACK_OWNER), Permission(post=PostKind.UNIT),
             Permission(post=PostKind.SENSING_OPS))  # fmt: skip

CAMERA_PERMISSIONS: dict[str, tuple[Permission, ...]] = {
    "camera.health": _READERS,
    "camera.stream": _WATCHERS,
    "camera.told": _WATCHERS,
    "catalogue.whole": (_LOCAL_ADMIN,),
    "evidence.hand_out": (*_OFFICERS, _LOCAL_ADMIN),
    "evidence.keep": _OFFICERS,
    "evidence.page": _READERS,
    "ptz.give": _WATCHERS,
    "ptz.move": _WATCHERS,
    "ptz.preset": _WATCHERS,
    "ptz.presets": _WATCHERS,
    "ptz.take": _WATCHERS,
    "round.remove": _OFFICERS,
    "round.save": _OFFICERS,
}
"""Action → rows. Alphabetical."""
