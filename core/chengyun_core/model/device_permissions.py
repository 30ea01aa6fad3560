"""Who keeps the files of sensing devices, and who opens and ends repair tickets: rows of the permission table."""

from chengyun_core.model.holding import MACHINES, Area, Permission, PostKind, Sectors

_LOCAL_ADMIN = Permission(post=PostKind.LOCAL_ADMIN, area=Area.EVERYWHERE)
_KEEPERS = (Permission(post=PostKind.SENSING_OPS), Permission(post=PostKind.CATALOGUE_EDITOR), _LOCAL_ADMIN)
# Whoever sees that a sensor is wrong may say so in one key (S3); an owner for the devices of his own tracks.
_REPORTERS = (
    Permission(post=PostKind.DUTY_OFFICER),
    Permission(post=PostKind.WATCH_CHIEF),
    Permission(post=PostKind.SENSING_OPS),
    Permission(post=PostKind.TRACK_OWNER, area=Area.EVERYWHERE, sectors=Sectors.OWNED),
)
_MENDERS = (Permission(post=PostKind.SENSING_OPS), Permission(post=PostKind.UNIT))
_READERS = (
    *(Permission(post=kind, area=Area.EVERYWHERE) for kind in PostKind if kind not in MACHINES),
    _LOCAL_ADMIN,
)

DEVICE_PERMISSIONS: dict[str, tuple[Permission, ...]] = {
    "device.move": _KEEPERS,
    "device.note": _KEEPERS,
    "device.page": _READERS,
    "device.places": (_LOCAL_ADMIN,),
    "repair.done": _MENDERS,
    "repair.give_back": _MENDERS,
    "repair.open": _REPORTERS,
    "repair.page": _READERS,
    "repair.reject": (Permission(post=PostKind.SENSING_OPS), Permission(post=PostKind.WATCH_CHIEF)),
    "repair.reopen": _REPORTERS,
    "repair.take": _MENDERS,
}
"""Action → rows. Alphabetical."""
