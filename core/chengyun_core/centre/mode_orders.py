"""A superior orders a lower centre to switch (H2): followed or refused by it, told upwards when neither comes in time.

He orders and does not overrule: a lower centre's own declaration is lifted by itself alone (RF22).
"""

from dataclasses import replace
from functools import partial

from sqlalchemy import Connection

from chengyun_core.centre import mode_care, mode_preview
from chengyun_core.centre.desk import Desk
from chengyun_core.centre.gate import Caller
from chengyun_core.centre.ledger import Ledger
from chengyun_core.centre.wording import clean
from chengyun_core.centre.work import Work
from chengyun_core.model.audit import CENTRE
from chengyun_core.model.clock import NS_PER_S
from chengyun_core.model.failure import Refused
from chengyun_core.model.holding import Subject
from chengyun_core.model.mode import Declaration, ModeOrder, ModeOrderState, Scope
from chengyun_core.model.mode_commands import OrderMode, RefuseModeOrder
from chengyun_core.model.scales import Mode
from chengyun_core.store import counters
from chengyun_core.wire.envelope import Done

TIMER = "mode_order"
LONGEST_MINUTES = 24 * 60
OPEN = frozenset({ModeOrderState.OPEN, ModeOrderState.LATE})
_ANSWERED = {
    ModeOrderState.FOLLOWED: "mode.order_followed", ModeOrderState.REFUSED: "mode.refuse_order",
    ModeOrderState.LATE: "mode.order_late", ModeOrderState.OPEN: "mode.order_open_again",
}  # fmt: skip
"""How a lower centre's answer stands → the journal's action where it is heard."""


def subjects(desk: Desk, work: Work, command: OrderMode) -> tuple[Subject, ...]:  # noqa: ARG001 - see HANDLERS
    """Return the centre that is ordered."""
    return (Subject(name=command.centre, path=desk.city.path(command.centre)),)


def subjects_of_answer(desk: Desk, work: Work, command: RefuseModeOrder) -> tuple[Subject, ...]:
    """Return the centre that was ordered."""
    found = mode_care.ORDERS.get(work.connection, command.order)
    return () if found is None else (Subject(name=str(found.number), path=desk.city.path(found.centre)),)


def order(desk: Desk, work: Work, caller: Caller, command: OrderMode) -> Done:
    """Write the order; the centre below sees it at once and answers by its own switch or its reason."""
    reason = clean(command.reason, field="reason", required=True)
    mode_preview.check_scope(desk, command.scope)
    by_centre = mode_care.issuer_of(desk, work.actor)
    if by_centre not in desk.city.path(command.centre)[1:]:
        raise Refused("mode.order_not_above", centre=command.centre[:64], by=by_centre)
    if command.centre not in desk.city.path(command.scope.centre):
        raise Refused("mode.order_outside", centre=command.centre, scope=command.scope.key)
    if not 1 <= command.minutes <= LONGEST_MINUTES:
        raise Refused("mode.order_minutes", minutes=command.minutes, most=LONGEST_MINUTES)
    mode_care.preset(work.connection, command.preset)
    written = ModeOrder(
        number=counters.take(work.connection, mode_care.ORDER_COUNTER, 1), by_centre=by_centre, centre=command.centre,
        scope=command.scope, mode=command.mode, preset=command.preset, reason=reason, ordered_at=work.at_ns,
        ordered_by=caller.account, due_at=work.at_ns + round(command.minutes * 60 * NS_PER_S),
    )  # fmt: skip
    change = _put(desk, work, written, "mode.order")
    return Done(change=change, key=str(written.number), version=written.version)


def refuse(desk: Desk, work: Work, caller: Caller, command: RefuseModeOrder) -> Done:
    """Write why it is not followed; by the centre that was ordered, not by one above it."""
    reason = clean(command.reason, field="reason", required=True)
    held = known(work, command.order)
    if mode_care.issuer_of(desk, work.actor) != held.centre:
        raise Refused("mode.order_not_yours", order=held.number, centre=held.centre)
    if held.version != command.version or held.state not in OPEN:
        raise Refused("mode.order_answered", order=held.number, state=held.state.value, who=held.answered_by)
    refused = replace(
        held, state=ModeOrderState.REFUSED, answer=reason, answered_by=caller.account, version=held.version + 1
    )
    change = _put(desk, work, refused, "mode.refuse_order")
    return Done(change=change, key=str(refused.number), version=refused.version)


def known(work: Work, number: int) -> ModeOrder:
    """Return an order; raise Refused for a number nobody gave."""
    found = mode_care.ORDERS.get(work.connection, number)
    if found is None:
        raise Refused("mode.order_unknown", order=number)
    return found


def to_follow(work: Work, number: int, scope: Scope, mode: Mode) -> ModeOrder:
    """Return an order that such a switch follows; raise Refused for an answered one, and for another switch."""
    held = known(work, number)
    if held.state not in OPEN:
        raise Refused("mode.order_answered", order=held.number, state=held.state.value, who=held.answered_by)
    if (held.scope, held.mode) != (scope, mode):
        raise Refused("mode.order_other", order=held.number, scope=held.scope.key, mode=held.mode.value)
    return held


def followed(desk: Desk, work: Work, number: int, declaration: Declaration) -> None:
    """Write that an order was followed."""
    held = to_follow(work, number, declaration.scope, declaration.mode)
    answered = replace(
        held, state=ModeOrderState.FOLLOWED, declaration=declaration.number, answered_by=declaration.declared_by,
        version=held.version + 1,
    )  # fmt: skip
    _put(desk, work, answered, "mode.order_followed")


def opened_again(desk: Desk, work: Work, number: int) -> None:
    """Write that the switch which followed an order was undone: the order waits again."""
    held = known(work, number)
    if held.state is not ModeOrderState.FOLLOWED:
        return
    late = held.due_at <= work.at_ns
    again = replace(
        held, state=ModeOrderState.LATE if late else ModeOrderState.OPEN, declaration=None, answered_by="",
        version=held.version + 1,
    )  # fmt: skip
    _put(desk, work, again, "mode.order_open_again")


def tend(desk: Desk, ledger: Ledger) -> None:
    """Tell upwards what was neither followed nor refused in time; called by the loop."""
    for key in [key for kind, key in desk.due.due() if kind == TIMER]:
        with ledger.work(CENTRE) as work:
            held = mode_care.ORDERS.get(work.connection, key)
            if held is None or held.state is not ModeOrderState.OPEN:
                work.after_commit(partial(desk.due.wait, (TIMER, key), None))
                continue
            _put(desk, work, replace(held, state=ModeOrderState.LATE, version=held.version + 1), "mode.order_late")


def load(desk: Desk, connection: Connection) -> None:
    """Wait for the answers to open orders, at start."""
    for held, _ in mode_care.ORDERS.standing(connection, lambda one: one.state is ModeOrderState.OPEN):
        _wait_for(desk, held)


def _put(desk: Desk, work: Work, held: ModeOrder, action: str, source: str = "") -> int:
    """Write an order with its journal row; source: the centre it was heard from, which is not told it again."""
    work.after_commit(partial(_wait_for, desk, held))
    told = {"by": held.by_centre, "centre": held.centre, "scope": held.scope.key, "mode": held.mode.value}
    told |= {"from": source} if source else {}
    change = work.note(action, mode_care.ORDERS.kind, held.number, held.version, held, params=told)
    targets = [held.centre] if held.centre in desk.settings.linked_centres else []
    targets += [desk.settings.upper_centre] if held.origin else []
    for target in targets:
        if target != source:
            work.send_to(change, target)
    return change


def take(desk: Desk, work: Work, source: str, told: ModeOrder) -> bool:
    """Take what another centre tells of an order: a new one of the centre above, or how a lower one answered ours.

    An order is written by who gives it and answered by who got it; what anybody else tells is left. Returns whether
    it was news; told twice, or late, it changes nothing.
    """
    if source == desk.settings.upper_centre and told.by_centre in desk.city.path(source) and not told.origin:
        return _taken_from_above(desk, work, source, told)
    if source in desk.settings.linked_centres and told.origin.partition("/")[0] == _own(desk):
        return _answered_below(desk, work, source, told)
    return False


def _taken_from_above(desk: Desk, work: Work, source: str, told: ModeOrder) -> bool:
    origin = f"{source}/{told.number}"
    if _own(desk) not in desk.city.path(told.centre) or told.state is not ModeOrderState.OPEN:
        return False
    if any(one.origin == origin for one, _ in mode_care.ORDERS.standing(work.connection, lambda _: True)):
        return False
    number = counters.take(work.connection, mode_care.ORDER_COUNTER, 1)
    _put(desk, work, replace(told, number=number, origin=origin, version=1), "mode.order", source)
    return True


def _answered_below(desk: Desk, work: Work, source: str, told: ModeOrder) -> bool:
    held = mode_care.ORDERS.get(work.connection, told.origin.partition("/")[2])
    if held is None or source not in desk.city.path(held.centre) or told.version <= held.heard:
        return False
    answered = replace(
        held, state=told.state, answer=told.answer, answered_by=told.answered_by, heard=told.version,
        version=held.version + 1,
    )  # fmt: skip
    _put(desk, work, answered, _ANSWERED[told.state], source)
    return True


def _own(desk: Desk) -> str:
    return desk.settings.centre or desk.city.root()


def _wait_for(desk: Desk, held: ModeOrder) -> None:
    desk.due.wait((TIMER, str(held.number)), held.due_at if held.state is ModeOrderState.OPEN else None)
