"""Who may read reports and number them; read by `permission` alone."""

from chengyun_core.model.holding import MACHINES, Area, Permission, PostKind

_LOCAL_ADMIN = Permission(post=PostKind.LOCAL_ADMIN, area=Area.EVERYWHERE)
_OFFICERS = (Permission(post=PostKind.DUTY_OFFICER), Permission(post=PostKind.WATCH_CHIEF), _LOCAL_ADMIN)
_READERS = (*(Permission(post=kind, area=Area.EVERYWHERE) for kind in PostKind if kind not in MACHINES), _LOCAL_ADMIN)

PAPER_PERMISSIONS: dict[str, tuple[Permission, ...]] = {
    "paper.daily": _READERS,
    "paper.event": _READERS,
    "paper.handover": _READERS,
    "paper.number": _OFFICERS,
    "paper.page": _READERS,
}
"""Action → rows. Alphabetical."""
