"""Commands and questions about rights and proof with what carries them out; merged into `centre.handlers`."""

from collections.abc import Callable

from chengyun_core.centre import (
    account_rights,
    audit_asks,
    exports,
    glass_after,
    glass_codes,
    labels,
    phones,
    session_care,
)
from chengyun_core.centre.handler import Handler

RIGHTS_HANDLERS: dict[str, Handler] = {
    "account.drop_totp": Handler(handle=phones.drop, subjects=phones.subjects),
    "account.enrol_totp": Handler(handle=phones.enrol),
    "account.set_clearance": Handler(handle=labels.set_clearance, subjects=labels.subjects_of_clearance),
    "account.set_posts": Handler(handle=account_rights.set_posts, subjects=account_rights.subjects_of_posts),
    "export.note": Handler(handle=exports.note),
    "glass.end": Handler(handle=glass_after.end_early),
    "glass.lose_code": Handler(handle=glass_codes.lose, subjects=glass_codes.subjects_of_lost),
    "glass.review": Handler(handle=glass_after.review),
    "glass.seal_codes": Handler(handle=glass_codes.seal),
    "label.set": Handler(handle=labels.set_label, subjects=labels.subjects_of_label),
    "session.end": Handler(handle=session_care.end, subjects=session_care.subjects),
}
"""Kind → handler. Alphabetical."""

RIGHTS_ANSWERS: dict[str, Callable[..., bytes]] = {
    "account.phone": phones.told,
    "audit.check": audit_asks.check,
    "audit.head": audit_asks.head,
    "audit.page": audit_asks.page,
    "audit.row": audit_asks.row,
    "glass.codes": glass_codes.page,
    "glass.deeds": glass_after.deeds,
    "glass.page": glass_after.page,
    "session.page": session_care.page,
}
"""Ask → what answers it."""
