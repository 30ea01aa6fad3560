"""Who may do what along the chain: rows of events, orders and plans; read by `permission` alone."""

from chengyun_core.model import event_permissions
from chengyun_core.model.holding import MACHINES, Permission, PostKind, Sectors

_COMMANDERS = (Permission(post=PostKind.DUTY_OFFICER), Permission(post=PostKind.WATCH_CHIEF))
_CHIEF = (Permission(post=PostKind.WATCH_CHIEF),)
_RECIPIENTS = tuple(Permission(post=kind, sectors=Sectors.OWNED) for kind in PostKind if kind not in MACHINES)
"""Whoever holds the very post that signs for the recipient: a unit's, or the post the order went to."""

EVENT_PERMISSIONS = event_permissions.EVENT_PERMISSIONS

ORDER_PERMISSIONS: dict[str, tuple[Permission, ...]] = {
    "order.recall": _COMMANDERS,
    "order.release": _COMMANDERS,
    "order.send": _COMMANDERS,
    # 作废 of what people already work on is the chief's, and not of his own order (数字城管).
    "order.void": _CHIEF,
    "receipt.arrive": _RECIPIENTS,
    "receipt.check": _COMMANDERS,
    "receipt.confirm": _COMMANDERS,
    # Return, extension, void, suspension: approved by who answers for the watch (数字城管).
    "receipt.decide": _CHIEF,
    "receipt.deliver": _RECIPIENTS,
    "receipt.escalate": _COMMANDERS,
    "receipt.feed_back": _RECIPIENTS,
    "receipt.handle": _RECIPIENTS,
    "receipt.read": _RECIPIENTS,
    "receipt.request": _RECIPIENTS,
    "receipt.resume": _COMMANDERS,
    "receipt.settle": _COMMANDERS,
    "receipt.sign": _RECIPIENTS,
    "receipt.urge": _COMMANDERS,
    "receipt.withdraw": _RECIPIENTS,
    "roll_call.answer": _RECIPIENTS,
    "roll_call.end": _COMMANDERS,
    "roll_call.note": _COMMANDERS,
    "roll_call.start": _COMMANDERS,
}
"""Action → rows. Alphabetical."""

PLAN_PERMISSIONS: dict[str, tuple[Permission, ...]] = {}
"""Action → rows. Alphabetical."""
