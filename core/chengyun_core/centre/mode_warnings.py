"""What may go wrong with a switch of the mode, told before it is asked for: who will hardly confirm, who is missing."""

from collections.abc import Iterable, Iterator

from sqlalchemy import Connection

from chengyun_core.centre import duty_care
from chengyun_core.centre.desk import Desk
from chengyun_core.model.clock import NS_PER_S
from chengyun_core.model.failure import Reason
from chengyun_core.model.mode import Declaration, Scope, ScopeKind, SwitchState
from chengyun_core.model.mode_rules import covers
from chengyun_core.model.permission import centre_of
from chengyun_core.model.reinforcement import GONE, holds, missing, posts_at
from chengyun_core.store import duty_table, session_table
from chengyun_core.wire.mode_asks import PreviewWarning

INGEST = "ingest/"
FIRST_SHARD = 0
INGEST_SILENT_S = 6.0
"""It says every two seconds what it runs; one that missed two of these will hardly confirm within two."""
SEAT_LATE_S = 6.0
"""A console says every four seconds that it lives; it is waited for until it has been silent for `seat_present_s`."""
MOST_NAMED = 12


def of(
    desk: Desk, connection: Connection, scope: Scope, held: Iterable[Declaration], *, limits: bool,
    seats: tuple[str, ...],
) -> tuple[PreviewWarning, ...]:  # fmt: skip
    """Return what to warn of before a switch.

    held: all declarations as they would be. limits: whether thresholds change, which ingest has to confirm. seats: who
    would have to confirm besides.
    """
    found = [
        *(_of_ingest(desk) if limits else ()), *_of_seats(desk, seats), *_away(desk, connection, scope, seats),
        *_failed_before(desk, scope, limits=limits, seats=seats), *_of_posts(desk, connection, list(held)),
    ]  # fmt: skip
    # One who is silent now and failed before is told once.
    return tuple({(one.who or repr(one.reason)): one for one in reversed(found)}.values())[::-1]


def _of_ingest(desk: Desk) -> Iterator[PreviewWarning]:
    now = desk.clock.monotonic_ns()
    for shard in sorted(desk.running) or [FIRST_SHARD]:
        who, heard = f"{INGEST}{shard}", desk.ingest_heard.get(shard)
        if heard is None:
            yield _warning("mode.warn.ingest_unheard", who, shard=shard)
        elif now - heard > INGEST_SILENT_S * NS_PER_S:
            yield _warning("mode.warn.ingest_silent", who, shard=shard, seconds=(now - heard) // NS_PER_S)
        elif desk.running.get(shard, 0) < desk.city.version:
            yield _warning("mode.warn.ingest_behind", who, shard=shard, version=desk.running.get(shard, 0),
                           newest=desk.city.version)  # fmt: skip


def _of_seats(desk: Desk, seats: Iterable[str]) -> Iterator[PreviewWarning]:
    now = desk.clock.monotonic_ns()
    for seat in seats:
        silent = now - desk.seen.get(seat, now)
        if silent > SEAT_LATE_S * NS_PER_S:
            yield _warning("mode.warn.seat_late", seat, seat=seat, seconds=silent // NS_PER_S)


def _away(desk: Desk, connection: Connection, scope: Scope, seats: tuple[str, ...]) -> Iterator[PreviewWarning]:
    """Tell of seats where somebody is signed on and whose console is silent: not waited for, and not switched."""
    if scope.kind is ScopeKind.TRACK:
        return
    for session in session_table.living(connection):
        seat = desk.city.seats.get(session.seat)
        if seat is not None and seat.code not in seats and covers(scope, desk.city.path(seat.area or seat.centre)):
            yield _warning("mode.warn.seat_away", "", seat=seat.code, name=session.name)


def _failed_before(desk: Desk, scope: Scope, *, limits: bool, seats: tuple[str, ...]) -> Iterator[PreviewWarning]:
    for one in desk.declarations.values():
        is_asked = one.faulty in seats or (limits and one.faulty.startswith(INGEST))
        if one.state is SwitchState.UNDONE and one.scope == scope and is_asked:
            yield _warning("mode.warn.failed_before", one.faulty, who=one.faulty, at=desk.shown(one.ended_at))


def _of_posts(desk: Desk, connection: Connection, held: list[Declaration]) -> Iterator[PreviewWarning]:
    """Tell which posts would be called that nobody on the shift of their centre fills, and whom to call for them."""
    before = list(desk.declarations.values())
    centres = [code for code in desk.city.centres if posts_at(held, code, desk.city.path)]
    for centre in centres:
        known = posts_at(before, centre, desk.city.path)
        for post in _unfilled(desk, connection, held, centre):
            if post not in known:
                yield _of_post(connection, post)


def _unfilled(desk: Desk, connection: Connection, held: list[Declaration], centre: str) -> list[str]:
    shift = duty_care.running(connection, centre)
    people = {one.code: one.posts for one in duty_table.people(connection, centre)}
    there = [] if shift is None else [one.person for one in shift.assignments if one.presence not in GONE]
    return missing(posts_at(held, centre, desk.city.path), {code: people[code] for code in there if code in people})


def _of_post(connection: Connection, post: str) -> PreviewWarning:
    people = [one.name for one in duty_table.people(connection, centre_of(post)) if holds(one.posts, post)]
    code = "mode.warn.post_missing" if people else "mode.warn.post_nobody"
    return _warning(code, "", post=post, people=" ".join(people[:MOST_NAMED]))


def _warning(code: str, who: str, /, **params: object) -> PreviewWarning:
    told = {name: str(value) for name, value in params.items()}
    return PreviewWarning(reason=Reason(code=code, params=told), who=who)
