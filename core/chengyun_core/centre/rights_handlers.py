"""Commands and questions about rights and proof with what carries them out; merged into `centre.handlers`."""

from collections.abc import Callable

from chengyun_core.centre import account_rights, audit_asks, break_glass, exports, second_factors, session_care
from chengyun_core.centre.handler import Handler

RIGHTS_HANDLERS: dict[str, Handler] = {
    "account.drop_totp": Handler(handle=second_factors.drop, subjects=second_factors.subjects),
    "account.enrol_totp": Handler(handle=second_factors.enrol),
    "account.set_posts": Handler(handle=account_rights.set_posts, subjects=account_rights.subjects_of_posts),
    "export.note": Handler(handle=exports.note),
    "glass.review": Handler(handle=break_glass.review),
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
