"""Who may do what along the chain: rows of events, orders and plans; read by `permission` alone."""

from chengyun_core.model import event_permissions, order_permissions
from chengyun_core.model.holding import MACHINES, Area, Permission, PostKind

_COMMANDERS = (Permission(post=PostKind.DUTY_OFFICER), Permission(post=PostKind.WATCH_CHIEF))

EVENT_PERMISSIONS = event_permissions.EVENT_PERMISSIONS

ORDER_PERMISSIONS = order_permissions.ORDER_PERMISSIONS

_LOCAL_ADMIN = Permission(post=PostKind.LOCAL_ADMIN, area=Area.EVERYWHERE)
_READERS = (
    *(Permission(post=kind, area=Area.EVERYWHERE) for kind in PostKind if kind not in MACHINES),
    _LOCAL_ADMIN,
)
# One person writes, another approves (P6): the chief of the watch that will work with it, or another editor.
_PLAN_EDITORS = (Permission(post=PostKind.PLAN_EDITOR), Permission(post=PostKind.WATCH_CHIEF))
_PLAN_KEEPERS = (Permission(post=PostKind.PLAN_EDITOR), _LOCAL_ADMIN)

PLAN_PERMISSIONS: dict[str, tuple[Permission, ...]] = {
    "plan.bind": _PLAN_EDITORS,
    "plan.diff": _READERS,
    "plan.drafts": _READERS,
    "plan.end_step": _COMMANDERS,
    "plan.export": _READERS,
    "plan.gaps": _READERS,
    "plan.get": _READERS,
    # As a catalogue's: by who keeps the library, or who stands at the machine.
    "plan.import": _PLAN_KEEPERS,
    "plan.library": _READERS,
    "plan.match": _READERS,
    "plan.note_drill": _PLAN_EDITORS,
    "plan.page": _READERS,
    "plan.raise_tier": _COMMANDERS,
    "plan.redline": _COMMANDERS,
    "plan.retire": _PLAN_EDITORS,
    "plan.run": _READERS,
    "plan.save": _PLAN_EDITORS,
    "plan.send_orders": _COMMANDERS,
    "plan.skip_step": _COMMANDERS,
    "plan.start": _COMMANDERS,
    "plan.stop": _COMMANDERS,
    "plan.submit": _PLAN_EDITORS,
    "plan.try": _READERS,
    "plan.unbind": _PLAN_EDITORS,
    "risk_point.drop": _PLAN_EDITORS,
    "risk_point.get": _READERS,
    "risk_point.near": _READERS,
    "risk_point.page": _READERS,
    "risk_point.places": _READERS,
    "risk_point.save": _PLAN_EDITORS,
}
"""Action → rows. Alphabetical."""
