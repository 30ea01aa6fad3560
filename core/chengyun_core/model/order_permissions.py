"""Who may do what with orders, receipts, requests and roll calls; read through `chain_permissions`."""

from chengyun_core.model.holding import MACHINES, Area, Permission, PostKind, Sectors

_PEOPLE = tuple(kind for kind in PostKind if kind not in MACHINES)
_COMMANDERS = (Permission(post=PostKind.DUTY_OFFICER), Permission(post=PostKind.WATCH_CHIEF))
_CHIEF = (Permission(post=PostKind.WATCH_CHIEF),)
_RECIPIENTS = tuple(Permission(post=kind, sectors=Sectors.OWNED) for kind in _PEOPLE)
"""Whoever holds the very post that signs for the recipient: a unit's, or the post the order went to."""
_ASKERS = tuple(Permission(post=kind, area=Area.EVERYWHERE) for kind in (*_PEOPLE, PostKind.LOCAL_ADMIN))

ORDER_PERMISSIONS: dict[str, tuple[Permission, ...]] = {
    "order.get": _ASKERS,
    "order.outbox": _ASKERS,
    "order.page": _ASKERS,
    "order.recall": _COMMANDERS,
    "order.release": _COMMANDERS,
    "order.send": _COMMANDERS,
    "order.templates": _ASKERS,
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
    "receipt.page": _ASKERS,
    "receipt.read": _RECIPIENTS,
    "receipt.request": _RECIPIENTS,
    "receipt.resume": _COMMANDERS,
    "receipt.settle": _COMMANDERS,
    "receipt.sign": _RECIPIENTS,
    "receipt.urge": _COMMANDERS,
    "receipt.withdraw": _RECIPIENTS,
    "roll_call.answer": _RECIPIENTS,
    "roll_call.end": _COMMANDERS,
    "roll_call.get": _ASKERS,
    "roll_call.note": _COMMANDERS,
    "roll_call.start": _COMMANDERS,
    "side_request.ledger": _ASKERS,
    "supervision.board": _ASKERS,
    "unit.scorecard": _ASKERS,
}
"""Action → rows. Alphabetical."""
