"""Who may switch between 平时 and 急时, order it, answer an order, keep presets; read by `permission` alone."""

from chengyun_core.model.holding import MACHINES, Area, Permission, PostKind
from chengyun_core.model.scales import Level

_OFFICERS = (Permission(post=PostKind.DUTY_OFFICER), Permission(post=PostKind.WATCH_CHIEF))
_CHIEFS = (Permission(post=PostKind.WATCH_CHIEF),)
_PEOPLE = tuple(Permission(post=kind, area=Area.EVERYWHERE) for kind in PostKind if kind not in MACHINES)
_LOCAL_ADMIN = Permission(post=PostKind.LOCAL_ADMIN, area=Area.EVERYWHERE)
_READERS = (*_PEOPLE, _LOCAL_ADMIN, Permission(post=PostKind.SCREEN, area=Area.EVERYWHERE))

MODE_PERMISSIONS: dict[str, tuple[Permission, ...]] = {
    "catalogue.sets": (*_READERS, Permission(post=PostKind.INGEST, area=Area.EVERYWHERE)),
    "ingest.runs": (Permission(post=PostKind.INGEST, area=Area.EVERYWHERE),),
    # Whoever sits at a seat answers for its screen; that the seat is his own is asked besides.
    "mode.confirm": _PEOPLE,
    # Two people, one of them a chief of the watch (WF3): asked with the deed.
    "mode.declare": _OFFICERS,
    "mode.give_report": _OFFICERS,
    "mode.lift": _OFFICERS,
    # 管理办法 art. 25: the centre above orders, the one below switches.
    "mode.order": (Permission(post=PostKind.WATCH_CHIEF, levels=frozenset({Level.CITY, Level.DISTRICT})),),
    "mode.page": _READERS,
    "mode.preview": _READERS,
    "mode.refuse_order": _CHIEFS,
    "mode_preset.check": _READERS,
    # Shared by all centres, as the catalogue is.
    "mode_preset.save": (
        Permission(post=PostKind.PLAN_EDITOR, levels=frozenset({Level.CITY})),
        Permission(post=PostKind.WATCH_CHIEF, levels=frozenset({Level.CITY})),
        _LOCAL_ADMIN,
    ),
    "session.here": _PEOPLE,
}
"""Action → rows. Alphabetical."""
