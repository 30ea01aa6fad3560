"""Posts that come on duty besides the roster while 急时 is in effect (H1): which there are, and which are missing."""

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence

from chengyun_core.model.duty import DutyRole, Gap, Person, Presence, Shift, ShiftState
from chengyun_core.model.holding import PostKind
from chengyun_core.model.mode import Declaration, Part
from chengyun_core.model.mode_rules import in_effect, is_held
from chengyun_core.model.permission import centre_of, kind_of

WHY = "reinforcement"
"""Of a Gap: a post that 急时 calls on duty, and nobody on the shift holds."""
_STANDS = frozenset({ShiftState.PLANNED, ShiftState.RUNNING})
"""Of a shift that hands over the next one's people are asked for."""
GONE = frozenset({Presence.ABSENT, Presence.RELIEVED})
_ROLES = {PostKind.DUTY_OFFICER: DutyRole.OFFICER, PostKind.WATCH_CHIEF: DutyRole.CHIEF}


def posts_at(
    declarations: Iterable[Declaration], centre: str, path_of: Callable[[str], tuple[str, ...]]
) -> tuple[str, ...]:  # fmt: skip
    """Return the posts of a centre that come on duty by what is in effect, in whatever scope.

    In each scope the narrowest declaration that carries posts says which (`mode_rules.in_effect`), so nested scopes and
    tracks are asked each for itself. A post is wanted at its own centre: a district that calls on an officer of the
    city has a place at the city's watch to be filled. path_of: as `in_effect` has a place's path, by code of a centre.
    """
    held = [one for one in declarations if is_held(one)]
    places = {(one.scope.centre, one.scope.track) for one in held}
    effects = (in_effect(held, path_of(code), track) for code, track in places)
    posts = {post for effect in effects for post in effect.parts.get(Part.ROSTER, "").split()}
    return tuple(sorted(post for post in posts if centre_of(post) == centre))


def gaps(shift: Shift, people: Mapping[str, Person], posts: Sequence[str]) -> list[Gap]:
    """Return the posts that nobody on a shift fills; none of a shift that is over or hands over."""
    if shift.state not in _STANDS:
        return []
    there = [one.person for one in shift.assignments if one.presence not in GONE]
    return [
        Gap(shift=shift.number, role=role_of(post), missing=1, why=WHY, post=post)
        for post in missing(posts, {code: people[code].posts for code in there if code in people})
    ]


def missing(posts: Iterable[str], held: Mapping[str, Collection[str]]) -> list[str]:
    """Return the posts that are left when everybody fills one at most, as many being filled as can be.

    held: person → posts of his. A post without a number is filled by who holds it with any number.
    """
    filled: dict[str, str] = {}
    return [post for post in posts if not _filled(post, held, filled, set())]


def role_of(post: str) -> DutyRole:
    """Return as whom the holder of a post does duty: officers and chiefs as such, others for their department."""
    kind = kind_of(post)
    return _ROLES.get(kind, DutyRole.RESIDENT) if kind is not None else DutyRole.RESIDENT


def holds(posts: Collection[str], post: str) -> bool:
    """Return whether somebody with these posts holds one that is asked for."""
    return any(one == post or one.startswith(f"{post}.") for one in posts)


def _filled(post: str, held: Mapping[str, Collection[str]], filled: dict[str, str], tried: set[str]) -> bool:
    """Find somebody for a post, who may leave another one to somebody else for it (Kuhn's augmenting paths)."""
    for person, posts in held.items():
        if person not in tried and holds(posts, post):
            tried.add(person)
            if person not in filled or _filled(filled[person], held, filled, tried):
                filled[person] = post
                return True
    return False
