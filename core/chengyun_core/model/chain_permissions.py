"""Who may do what along the chain: rows of events, orders and plans; read by `permission` alone."""

from chengyun_core.model import event_permissions
from chengyun_core.model.holding import Permission, PostKind

_COMMANDERS = (Permission(post=PostKind.DUTY_OFFICER), Permission(post=PostKind.WATCH_CHIEF))
_CHIEF = (Permission(post=PostKind.WATCH_CHIEF),)

EVENT_PERMISSIONS = event_permissions.EVENT_PERMISSIONS

ORDER_PERMISSIONS: dict[str, tuple[Permission, ...]] = {
    "order.recall": _COMMANDERS,
    "order.release": _COMMANDERS,
    "order.send": _COMMANDERS,
    # 作废 of what people already work on is the chief's, and not of his own order (数字城管).
    "order.void": _CHIEF,
}
"""Action → rows. Alphabetical."""

PLAN_PERMISSIONS: dict[str, tuple[Permission, ...]] = {}
"""Action → rows. Alphabetical."""
