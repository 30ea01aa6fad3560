"""Whom to call about a node, a vital or a KPI: posts in the order in which they answer for it, and who is on a seat."""

from collections.abc import Iterable, Iterator

from chengyun_console.desk import Desk
from chengyun_console.wording.figures import NO_VALUE
from chengyun_core.mirror.tree import Node, NodeKind
from chengyun_core.model.catalogue import Kpi
from chengyun_core.model.change import SessionRecord
from chengyun_resources.theme.tokens import Colour, Severity
from chengyun_widgets.fact_model import FactRow

About = Node | Kpi | int
"""What is asked about: a node of the tree, a KPI, or the number of a vital."""
WATCH_CHIEF = "watch_chief"
POST = "post:"


def person_line(desk: Desk, post_code: str) -> str:
    """Return post, holder and telephone in one line; the code when the catalogue does not know the post."""
    post = desk.names.post(post_code) if desk.names else None
    if post is None:
        return post_code or NO_VALUE
    return " ".join(part for part in (post.name, post.holder, post.phone) if part)


def about_name(desk: Desk, about: About) -> str:
    """Return what is asked about by its name."""
    if isinstance(about, Node | Kpi):
        return about.name
    vital = desk.names.vital(about) if desk.names else None
    return vital.name if vital else str(about)


def call_rows(desk: Desk, about: About) -> list[FactRow]:
    """Return a row per post: first who answers for it, then who is asked when nobody picks up, by rank.

    Who is on a seat now is known from the sign-ons; the roster comes with the duty page, and no one is said to be off
    duty for want of it.
    """
    rows: list[FactRow] = []
    known: set[str] = set()
    for heading, posts in _parts(desk, about):
        fresh = []
        for role, code in posts:
            if code and code not in known:
                known.add(code)
                fresh.append((role, code))
        if fresh:
            rows.append(FactRow(key=f"head:{heading}", severity=Severity.NONE, is_heading=True,
                                title=desk.say(f"cockpit.call.head.{heading}")))  # fmt: skip
            rows += [_row(desk, role, code) for role, code in fresh]
    return rows


def on_seat(desk: Desk, post_code: str) -> SessionRecord | None:
    """Return who has signed on with this post, None when nobody has."""
    sessions = desk.session.facts.sessions.values()
    return next((row for row in sessions if post_code in row.posts and not row.signed_off), None)


def _parts(desk: Desk, about: About) -> Iterator[tuple[str, list[tuple[str, str]]]]:
    if isinstance(about, Node) and about.kind is NodeKind.SECTOR:
        tracks = desk.names.view.children(about) if desk.names else ()
        yield "tracks", [(track.name, track.owner_post) for track in tracks]
        yield "above", list(_chiefs(desk, desk.session.own_centre))
        return
    yield "first", list(_first(desk, about))
    yield "above", [*_up_the_tree(desk, about), *_chiefs(desk, _centre(desk, about))]


def _first(desk: Desk, about: About) -> Iterator[tuple[str, str]]:
    """Yield who is called first: whom the guidance of the alarm names (A14), then who answers for it."""
    names = desk.names
    if names is None:
        return
    if isinstance(about, Node | Kpi):
        yield desk.say("cockpit.call.role.owner"), about.owner_post
        return
    found, vital = names.guidance(about), names.vital(about)
    if found is not None and found.call_post:
        yield desk.say("cockpit.call.role.guidance"), found.call_post
    if vital is not None:
        yield desk.say("cockpit.call.role.owner"), vital.owner_post


def _up_the_tree(desk: Desk, about: About) -> Iterator[tuple[str, str]]:
    for node in reversed(_path(desk, about)):
        if node.owner_post:
            yield desk.say(f"cockpit.call.role.{node.kind.value}", name=node.name), node.owner_post


def _path(desk: Desk, about: About) -> tuple[Node, ...]:
    names = desk.names
    if names is None:
        return ()
    if isinstance(about, Node):
        return names.view.path(about)
    if isinstance(about, Kpi):
        layer = names.view.tree.subtracks
        node = next((node for node in layer.nodes if node.code == about.subtrack), None)
        return names.view.path(node) if node else ()
    return names.view.place_of(about) if 0 <= about < names.view.count else ()


def _centre(desk: Desk, about: About) -> str:
    if isinstance(about, Kpi):
        return about.centre
    vital = desk.names.vital(about) if isinstance(about, int) and desk.names else None
    return vital.centre if vital else desk.session.own_centre


def _chiefs(desk: Desk, centre: str) -> Iterable[tuple[str, str]]:
    """Yield the watch chiefs of a centre and of those above it, up to the city."""
    names = desk.names
    while names is not None and centre:
        prefix = f"{centre}.{WATCH_CHIEF}"
        for post in names.view.catalogue.posts:
            if post.code == prefix or post.code.startswith(f"{prefix}."):
                yield desk.say("cockpit.call.role.chief", name=names.place(centre)), post.code
        row = names.view.centre(centre)
        centre = (row.parent or "") if row else ""


def _row(desk: Desk, role: str, code: str) -> FactRow:
    post = desk.names.post(code) if desk.names else None
    seated = on_seat(desk, code)
    name = " ".join(part for part in (post.name, post.holder) if part) if post else code
    phone = post.phone if post and post.phone else desk.say("cockpit.call.no_phone")
    told, badges = desk.say("cockpit.call.not_seated"), tuple[str, ...]()
    if seated is not None:
        since = desk.figures.clock(seated.since)
        told = desk.say("cockpit.call.seated", name=seated.name or seated.account, since=since)
        badges = (desk.say("cockpit.call.seat", seat=seated.seat),)
    has_phone = bool(post and post.phone)
    return FactRow(
        key=f"{POST}{code}",
        severity=Severity.NONE,
        title=name,
        detail=f"{role} · {told}",
        status=phone,
        status_colour=Colour.TEXT if has_phone else Colour.TEXT_THIRD,
        badges=badges,
    )
