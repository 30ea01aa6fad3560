"""Commands and questions about rights and proof with what carries them out; merged into `centre.handlers`."""

from collections.abc import Callable

from chengyun_core.centre import account_rights, audit_asks, break_glass, exports, labels, second_factors, session_care
from chengyun_core.centre.handler import Handler

RIGHTS_HANDLERS: dict[str, Handler] = {
    "account.drop_totp": Handler(handle=second_factors.drop, subjects=second_factors.subjects),
    "account.enrol_totp": Handler(handle=second_factors.enrol),
    "account.set_clearance": Handler(handle=labels.set_clearance, subjects=labels.subjects_of_clearance),
    "account.set_posts": Handler(handle=account_rights.set_posts, subjects=account_rights.subjects_of_posts),
    "export.note": Handler(handle=exports.note),
    "glass.review": Handler(handle=break_glass.review),
    "label.set": Handler(handle=labels.set_label, subjects=labels.subjects_of_label),
    "session.end": Handler(handle=session_care.end, subjects=session_care.subjects),
}
"""Kind → handler. Alphabetical."""

RIGHTS_ANSWERS: dict[str, Callable[..., bytes]] = {
    "audit.check": audit_asks.check,
    "audit.head": audit_asks.head,
    "audit.page": audit_asks.page,
    "audit.row": audit_asks.row,
    "glass.page": break_glass.page,
    "session.page": session_care.page,
}
"""Ask → what answers it."""
