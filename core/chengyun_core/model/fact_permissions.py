"""Who may bring facts of other centres in and take facts for them out; read by `permission` alone."""

from chengyun_core.model.holding import Area, Permission, PostKind

_BY_THE_MACHINE = (Permission(post=PostKind.LOCAL_ADMIN, area=Area.EVERYWHERE),)

FACT_PERMISSIONS: dict[str, tuple[Permission, ...]] = {
    # A file comes by hand: whoever stands at the machine answers for it. What it does is signed by another centre.
    "facts.take": _BY_THE_MACHINE,
    "facts.waiting": _BY_THE_MACHINE,
}
"""Action → rows. Alphabetical."""
