"""Who may do what about duty: officers at their seat, the chief for roster and seats; read by `permission` alone."""

from chengyun_core.model.holding import MACHINES, Area, Permission, PostKind

_PEOPLE = tuple(kind for kind in PostKind if kind not in MACHINES)
_OFFICERS = (Permission(post=PostKind.DUTY_OFFICER), Permission(post=PostKind.WATCH_CHIEF))
_CHIEF = (Permission(post=PostKind.WATCH_CHIEF),)
_LOCAL_ADMIN = Permission(post=PostKind.LOCAL_ADMIN, area=Area.EVERYWHERE)
_ROSTER = (*_CHIEF, _LOCAL_ADMIN)
_READERS = (*(Permission(post=kind, area=Area.EVERYWHERE) for kind in _PEOPLE), _LOCAL_ADMIN)
_CALLERS = (*(Permission(post=one.post, area=Area.EVERYWHERE) for one in _OFFICERS), _LOCAL_ADMIN)

DUTY_PERMISSIONS: dict[str, tuple[Permission, ...]] = {
    # 常驻、轮驻 departments tell for themselves whether they are there (办法 art. 25); of others, officers do.
    # As `seats`: the log-in shows who holds each seat and what falls there, before anybody has signed on (WF1).
    "duty.now": (*_READERS, Permission(post=PostKind.SCREEN, area=Area.EVERYWHERE)),
    "duty.presence": tuple(Permission(post=kind, area=Area.EVERYWHERE) for kind in _PEOPLE),
    "handover.cancel": _OFFICERS,
    "handover.check": _OFFICERS,
    "handover.force": _OFFICERS,
    "handover.get": _READERS,
    "handover.lines": _OFFICERS,
    "handover.open": _OFFICERS,
    "handover.page": _READERS,
    "handover.refuse": _OFFICERS,
    "handover.sign": _OFFICERS,
    "handover.tick": _OFFICERS,
    "log.page": _READERS,
    "log.write": _OFFICERS,
    # With telephone numbers: for who may call.
    "person.page": _CALLERS,
    "person.save": _ROSTER,
    "roster.check": _CALLERS,
    "roster.import": _ROSTER,
    "seat.cover": _OFFICERS,
    "seat.give_back": _OFFICERS,
    "seat.lend": _OFFICERS,
    "session.seated": _READERS,
    "shift.begin": _ROSTER,
    "shift.cancel": _ROSTER,
    "shift.check": _READERS,
    "shift.copy": _ROSTER,
    "shift.page": _READERS,
    "shift.save": _ROSTER,
    "shift.swap": _ROSTER,
}
"""Action → rows. Alphabetical."""
