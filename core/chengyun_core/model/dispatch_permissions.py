"""Who may ask dispatch, and who may say how a unit stands; read by `permission` alone."""

from chengyun_core.model.holding import MACHINES, Area, Permission, PostKind, Sectors

_ASKERS = (
    *(Permission(post=kind, area=Area.EVERYWHERE) for kind in PostKind if kind not in MACHINES),
    Permission(post=PostKind.LOCAL_ADMIN, area=Area.EVERYWHERE),
)

DISPATCH_PERMISSIONS: dict[str, tuple[Permission, ...]] = {
    "dispatch.classify": _ASKERS,
    "dispatch.misroutes": _ASKERS,
    "dispatch.propose": _ASKERS,
    # A unit speaks for itself; an officer writes down what it said by telephone.
    "unit.state": (
        Permission(post=PostKind.UNIT, sectors=Sectors.OWNED),
        Permission(post=PostKind.DUTY_OFFICER),
        Permission(post=PostKind.WATCH_CHIEF),
    ),
}
"""Action → rows. Alphabetical."""
