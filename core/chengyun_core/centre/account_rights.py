"""Posts of accounts: which may stand together (G3), who may give them, and that sessions end when they change."""

from dataclasses import replace

from chengyun_core.centre import sessions
from chengyun_core.centre.account_rows import noted, of_another, places
from chengyun_core.centre.desk import Desk
from chengyun_core.centre.gate import Caller
from chengyun_core.centre.wording import clean
from chengyun_core.centre.work import Work
from chengyun_core.model.failure import Refused
from chengyun_core.model.holding import PostKind, Subject
from chengyun_core.model.permission import centre_of, kind_of
from chengyun_core.model.rights_commands import SetPosts
from chengyun_core.store import account_table
from chengyun_core.wire.envelope import Done

ADMINISTRATORS = frozenset({PostKind.IT_ADMIN, PostKind.SECURITY_ADMIN, PostKind.AUDIT_ADMIN})
"""三员: no account holds two of these kinds (GB/T 22239, 8.1.10.2 to 8.1.10.4)."""


def subjects_of_posts(desk: Desk, work: Work, command: SetPosts) -> tuple[Subject, ...]:
    """Return the places of the posts an account has and gets: nobody gives or takes rights above his own area."""
    record = account_table.get(work.connection, command.account)
    return places(desk, command.account, (*command.posts, *(record.posts if record else ())))


def set_posts(desk: Desk, work: Work, caller: Caller, command: SetPosts) -> Done:
    """Give an account other posts and end its sessions at once: a session has the posts of its sign-on."""
    reason = clean(command.reason, field="reason", required=True)
    record = of_another(work, command.account, caller)
    check(desk, command.posts, caller)
    changed = replace(record, posts=command.posts, version=record.version + 1)
    account_table.replace(work.connection, changed)
    told = {"before": " ".join(record.posts), "after": " ".join(command.posts), "reason": reason}
    done = noted(work, "account.set_posts", changed, told)
    sessions.end_all(desk, work, record.account, "posts_changed")
    return done


def check(desk: Desk, posts: tuple[str, ...], caller: Caller) -> None:
    """Raise Refused for posts that do not exist, may not stand together, or that the caller may not give."""
    if not posts:
        raise Refused("account.no_posts")
    for post in posts:
        known = not desk.city.centres or centre_of(post) in desk.city.centres
        if kind_of(post) is None or not known:
            raise Refused("account.post_unknown", post=post)
    _expect_apart(posts)
    given_by = {holding.kind for holding in caller.holdings}
    powers = {PostKind.SECURITY_ADMIN, PostKind.AUDIT_ADMIN}
    if powers & _kinds(posts) and not given_by & {PostKind.SECURITY_ADMIN, PostKind.LOCAL_ADMIN}:
        # Else the system's administrator would make himself the one who watches him.
        raise Refused("account.post_not_yours", post=" ".join(posts))


def _expect_apart(posts: tuple[str, ...]) -> None:
    kinds = _kinds(posts)
    if len(kinds & ADMINISTRATORS) > 1:
        raise Refused("account.two_administrators", posts=" ".join(posts))
    if PostKind.AUDIT_ADMIN in kinds and len(kinds) > 1:
        # Who audits cannot change, by no other post either.
        raise Refused("account.auditor_with_post", posts=" ".join(posts))


def _kinds(posts: tuple[str, ...]) -> set[PostKind]:
    return {kind for post in posts if (kind := kind_of(post)) is not None}
