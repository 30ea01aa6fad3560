"""Who may do what with official warnings and call-outs; read by `permission` alone."""

from chengyun_core.model.holding import MACHINES, Area, Permission, PostKind
from chengyun_core.model.scales import Level

_LOCAL_ADMIN = Permission(post=PostKind.LOCAL_ADMIN, area=Area.EVERYWHERE)
_OFFICERS = (Permission(post=PostKind.DUTY_OFFICER), Permission(post=PostKind.WATCH_CHIEF))
_READERS = (
    *(Permission(post=kind, area=Area.EVERYWHERE) for kind in PostKind if kind not in MACHINES),
    _LOCAL_ADMIN,
)
# 突发事件应对法 art. 64: 县级以上 publish; a town passes on what they publish. Which level may publish which colour
# (重庆市突发事件应对条例 art. 30) hangs on the warning, not on the post: model.warning_rules.
_PUBLISHERS = tuple(
    Permission(post=kind, levels=frozenset({Level.CITY, Level.DISTRICT}))
    for kind in (PostKind.DUTY_OFFICER, PostKind.WATCH_CHIEF)
)

WARNING_PERMISSIONS: dict[str, tuple[Permission, ...]] = {
    "call.note": _OFFICERS,
    # Numbers are hidden in the answer: for who writes lists and who calls over them.
    "call_list.check": (*_OFFICERS, Permission(post=PostKind.CATALOGUE_EDITOR), _LOCAL_ADMIN),
    "call_list.page": _READERS,
    "call_list.save": (Permission(post=PostKind.WATCH_CHIEF), Permission(post=PostKind.CATALOGUE_EDITOR), _LOCAL_ADMIN),
    "call_out.cancel": _OFFICERS,
    # The answer has the numbers to call: for who may call, not for everybody who may read.
    "call_out.get": _OFFICERS,
    "call_out.page": _READERS,
    "call_out.start": _OFFICERS,
    "warning.call": _OFFICERS,
    "warning.cancel": _PUBLISHERS,
    "warning.check": (*_OFFICERS, _LOCAL_ADMIN),
    "warning.get": _READERS,
    "warning.import": (*_OFFICERS, _LOCAL_ADMIN),
    "warning.issue": _PUBLISHERS,
    "warning.page": _READERS,
}
"""Action → rows. Alphabetical."""
