"""Who may do what, in the officer's words, from the permission table the centre applies."""

from collections.abc import Iterable, Sequence

from chengyun_core.model.holding import MACHINES, Permission, PostKind, Sectors
from chengyun_core.model.permission import PERMISSIONS
from chengyun_resources.texts import Texts

_PEOPLE = frozenset(kind for kind in PostKind if kind not in MACHINES)


def posts_of(permission: str, texts: Texts) -> str:
    """Return the kinds of posts that may do something, with `、` or a comma between.

    Raises:
        KeyError: the permission table has no such row.
    """
    return texts.say("guide.between").join(texts.say(code) for code in _codes(PERMISSIONS[permission]))


def _codes(rows: Sequence[Permission]) -> Iterable[str]:
    free = [row.post for row in rows if row.sectors is Sectors.ALL]
    if set(free) >= _PEOPLE:
        return ("guide.post.everybody",)
    named = (f"guide.post.{post.value}" for post in dict.fromkeys(free))
    owners = ("guide.post.owner",) if any(row.sectors is Sectors.OWNED for row in rows) else ()
    return (*named, *owners)
