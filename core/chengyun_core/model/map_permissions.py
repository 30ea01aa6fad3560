"""Who may do what with the map: everybody reads it, who keeps the catalogue changes its layers."""

from chengyun_core.model.holding import MACHINES, Area, Permission, PostKind

_PEOPLE = tuple(kind for kind in PostKind if kind not in MACHINES)
_LOCAL_ADMIN = Permission(post=PostKind.LOCAL_ADMIN, area=Area.EVERYWHERE)
_READERS = (*(Permission(post=kind, area=Area.EVERYWHERE) for kind in _PEOPLE), _LOCAL_ADMIN)
_KEEPERS = (Permission(post=PostKind.CATALOGUE_EDITOR), _LOCAL_ADMIN)

MAP_PERMISSIONS: dict[str, tuple[Permission, ...]] = {
    "map.held": _KEEPERS,
    "map.import": _KEEPERS,
    "map.layers": _READERS,
    "map.part": _KEEPERS,
    "map.reach": _READERS,
    "map.retire": _KEEPERS,
    "map.shapes": _READERS,
    "map.tile": _READERS,
    "map.trace": _READERS,
    "map.within": _READERS,
}
"""Action → rows. Alphabetical."""
