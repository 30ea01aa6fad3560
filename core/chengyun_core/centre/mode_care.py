"""The registers of the mode: written, told, kept at hand, and merged with what other centres tell of theirs."""

from collections.abc import Iterable, Mapping
from functools import partial

from sqlalchemy import Connection

from chengyun_core.centre.desk import Desk
from chengyun_core.centre.work import Work
from chengyun_core.model.audit import Actor
from chengyun_core.model.failure import Refused
from chengyun_core.model.mode import Declaration, ModeOrder, Preset, ReportDue
from chengyun_core.model.mode_rules import is_living, newer, rank
from chengyun_core.model.permission import centre_of
from chengyun_core.store.record_log import RecordLog

LOG = RecordLog("mode", Declaration)
PRESETS = RecordLog("mode_preset", Preset)
ORDERS = RecordLog("mode_order", ModeOrder)
REPORTS = RecordLog("mode_report", ReportDue)
COUNTER = "mode"
"""Numbers of declarations, dense from 1."""
ORDER_COUNTER = "mode_order"


def put(
    desk: Desk, work: Work, declaration: Declaration, action: str, params: Mapping[str, object] | None = None
) -> int:  # fmt: skip
    """Write a register's new state into the journal and return the row's number; the desk learns after COMMIT."""
    told = {"scope": declaration.scope.key, "preset": declaration.preset, **(params or {})}
    work.after_commit(partial(desk.declarations.__setitem__, declaration.key, declaration))
    change = work.note(action, LOG.kind, declaration.key, rank(declaration), declaration, params=told)
    for centre in desk.settings.linked_centres:
        # A centre with a daemon of its own computes what holds there from the registers of those above it.
        if declaration.issuer not in (centre, *_below(desk, centre)):
            work.send_to(change, centre)
    if desk.settings.upper_centre and declaration.issuer not in desk.city.path(desk.settings.upper_centre):
        work.send_to(change, desk.settings.upper_centre)
    return change


def issuer_of(desk: Desk, actor: Actor) -> str:
    """Return the centre for which somebody acts: that of the post by virtue of which he may."""
    centre = centre_of(actor.post)
    return centre if centre in desk.city.centres else desk.settings.centre or desk.city.root()


def writer_of(desk: Desk, actor: Actor) -> str:
    """Return the centre in whose registers somebody writes here.

    Raises Refused for a centre that runs a daemon of its own: a register with two writers would be none (RF22).
    """
    issuer = issuer_of(desk, actor)
    linked = set(desk.settings.linked_centres) & set(desk.city.path(issuer))
    if linked:
        raise Refused("mode.issuer_linked", centre=issuer)
    return issuer


def known(desk: Desk, number: int) -> Declaration:
    """Return the declaration with a number; raise Refused for one nobody made, or that a later one replaced."""
    found = [one for one in desk.declarations.values() if one.number == number]
    if not found:
        raise Refused("mode.unknown", declaration=number)
    # Another centre counts its own declarations from 1, too: the number means ours where there is one of ours.
    return min(found, key=lambda one: one.issuer in told_by_others(desk))


def preset(connection: Connection, code: str) -> Preset:
    """Return a preset, one that carries nothing for no code; raise Refused for an unknown one."""
    if not code:
        return Preset(code="", name="", version=0)
    found = PRESETS.get(connection, code)
    if found is None:
        raise Refused("mode.preset_unknown", preset=code[:64])
    return found


def take(desk: Desk, work: Work, source: str, told: Iterable[Declaration]) -> int:
    """Merge what another centre tells of registers, in whatever order and however often; return how many were new.

    Each register is written by its declarer only (RF22): one above us tells of itself and of those above it, a linked
    one below of itself and of those below it; what anybody else tells is left. What follows for limits is put in
    force by `mode_keeper`.
    """
    taken: dict[str, Declaration] = {}
    for declaration in told:
        held = taken.get(declaration.key) or desk.declarations.get(declaration.key)
        if _may_tell(desk, source, declaration.issuer) and (held is None or newer(held, declaration) != held):
            taken[declaration.key] = declaration
    for declaration in taken.values():
        put(desk, work, declaration, "mode.heard", {"issuer": declaration.issuer, "from": source})
    return len(taken)


def _may_tell(desk: Desk, source: str, issuer: str) -> bool:
    own = desk.settings.centre or desk.city.root()
    if source in desk.city.path(own)[1:]:
        return issuer in desk.city.path(source)
    return source in desk.settings.linked_centres and source in desk.city.path(issuer)


def told_by_others(desk: Desk) -> frozenset[str]:
    """Return the centres whose registers are written elsewhere: those above, and linked ones with all below them."""
    own = desk.settings.centre or desk.city.root()
    above = desk.city.path(own)[1:]
    return frozenset(above).union(*(_below(desk, linked) | {linked} for linked in desk.settings.linked_centres))


def _below(desk: Desk, centre: str) -> frozenset[str]:
    return frozenset(code for code in desk.city.centres if centre in desk.city.path(code))


def load(desk: Desk, connection: Connection) -> None:
    """Take the registers from the journal, at start."""
    desk.declarations.clear()
    desk.declarations.update({one.key: one for one, _ in LOG.standing(connection, lambda _: True)})


def told(connection: Connection) -> list[tuple[str, str, int, int, object]]:
    """Return (kind, key, version, journal number, record) of what screens hold of the mode, for the snapshot."""
    found: list[tuple[str, str, int, int, object]] = [
        (LOG.kind, one.key, rank(one), number, one) for one, number in LOG.standing(connection, is_living)
    ]
    found += [(PRESETS.kind, one.code, one.version, n, one) for one, n in PRESETS.standing(connection, lambda _: True)]
    found += [
        (ORDERS.kind, str(one.number), one.version, n, one)
        for one, n in ORDERS.standing(connection, lambda order: order.state in ("open", "late"))
    ]
    return found + [
        (REPORTS.kind, f"{one.declaration}.{one.place}", one.version, n, one)
        for one, n in REPORTS.standing(connection, lambda due: due.given_at is None)
    ]
