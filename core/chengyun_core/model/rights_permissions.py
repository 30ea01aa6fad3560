"""Who may do what with accounts, sessions, exports and the journal as proof; read by `permission` alone.

Three administrators, as 等保 asks (GB/T 22239, 8.1.10): the system's (`it_admin`) keeps accounts and machines, the
security's (`security_admin`) gives rights, the auditor (`audit_admin`) reads the journal and changes nothing.
"""

from chengyun_core.model.holding import MACHINES, Area, Permission, PostKind

_LOCAL_ADMIN = Permission(post=PostKind.LOCAL_ADMIN, area=Area.EVERYWHERE)
_IT = (Permission(post=PostKind.IT_ADMIN), _LOCAL_ADMIN)
_SECURITY = (Permission(post=PostKind.SECURITY_ADMIN), _LOCAL_ADMIN)
_PEOPLE = tuple(Permission(post=kind, area=Area.EVERYWHERE) for kind in PostKind if kind not in MACHINES)
_AUDITORS = (Permission(post=PostKind.AUDIT_ADMIN, area=Area.EVERYWHERE), _LOCAL_ADMIN)
_GLASS_READERS = (
    Permission(post=PostKind.IT_ADMIN, area=Area.EVERYWHERE),
    Permission(post=PostKind.SECURITY_ADMIN, area=Area.EVERYWHERE),
    *_AUDITORS,
)

RIGHTS_PERMISSIONS: dict[str, tuple[Permission, ...]] = {
    "account.create": _IT,
    "account.disable": _IT,
    "account.drop_totp": (Permission(post=PostKind.IT_ADMIN), *_SECURITY),
    # Whose it is, is asked by the deed: two accounts may hold one post.
    "account.enrol_totp": (*_PEOPLE, _LOCAL_ADMIN),
    "account.phone": (*_PEOPLE, _LOCAL_ADMIN),
    "account.set_password": _IT,
    "account.set_clearance": _SECURITY,
    "account.set_posts": _SECURITY,
    "audit.check": _AUDITORS,
    # Whoever signs a hand-over prints the head on it, and so becomes its witness.
    "audit.head": (*_PEOPLE, _LOCAL_ADMIN),
    "audit.page": _AUDITORS,
    "audit.row": _AUDITORS,
    "export.note": (*_PEOPLE, _LOCAL_ADMIN),
    "glass.codes": _GLASS_READERS,
    "glass.deeds": _GLASS_READERS,
    # Whether it is his to end is asked by the deed: one of the two, or an administrator.
    "glass.end": (*_PEOPLE, _LOCAL_ADMIN),
    "glass.lose_code": _SECURITY,
    "glass.page": _GLASS_READERS,
    "glass.review": (Permission(post=PostKind.IT_ADMIN), *_SECURITY),
    # Codes are printed where they are made, and envelopes are sealed by hand: at the machine itself.
    "glass.seal_codes": (_LOCAL_ADMIN,),
    # Who commands says what is not for everybody; he labels no more than he sees himself.
    "label.set": (Permission(post=PostKind.WATCH_CHIEF), *_SECURITY),
    "session.end": (Permission(post=PostKind.IT_ADMIN), *_SECURITY),
    "session.page": (Permission(post=PostKind.IT_ADMIN, area=Area.EVERYWHERE),
                     Permission(post=PostKind.SECURITY_ADMIN, area=Area.EVERYWHERE),
                     *_AUDITORS),
    "session.sign_off": _PEOPLE,
}  # fmt: skip
"""Action → rows. Alphabetical."""

FOR_AUDITORS = frozenset({"account.enrol_totp", "export.note", "session.sign_off"})
"""The only commands an auditor's post allows: who audits cannot change (G3)."""
