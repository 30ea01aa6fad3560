"""What may be done about the mode at this seat: declare, lift, report, follow or refuse an order, order a lower one."""

from dataclasses import dataclass
from enum import StrEnum

from chengyun_console.desk import Desk
from chengyun_console.mode.standing import path_of, seat_place
from chengyun_console.mode.wording import ModeWords
from chengyun_core.model import mode_rules
from chengyun_core.model.mode import Declaration, ModeOrder, ReportDue, Scope, SwitchState
from chengyun_core.model.mode_commands import DeclareMode, GiveModeReport, LiftMode, OrderMode, RefuseModeOrder
from chengyun_core.model.scales import Mode


class ActKind(StrEnum):
    """Kinds of acts, in the order in which they are offered."""

    FOLLOW = "follow"
    DECLARE = "declare"
    LIFT = "lift"
    REPORT = "report"
    REFUSE = "refuse"
    ORDER = "order"
    ORDER_LIFT = "order_lift"


_PERMISSION = {
    ActKind.FOLLOW: "mode.declare", ActKind.DECLARE: "mode.declare", ActKind.LIFT: "mode.lift",
    ActKind.REPORT: "mode.give_report",
    ActKind.REFUSE: "mode.refuse_order", ActKind.ORDER: "mode.order", ActKind.ORDER_LIFT: "mode.order",
}  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Act:
    """One thing that can be done now."""

    kind: ActKind
    declaration: Declaration | None = None
    """The one that is lifted."""
    order: ModeOrder | None = None
    """The one that is followed or refused."""
    report: ReportDue | None = None
    """The one that is given."""

    @property
    def key(self) -> str:
        """Return what tells it from the others, whatever version its record has."""
        if self.report is not None:
            return f"{self.kind.value}.{self.report.declaration}.{self.report.place}"
        number = (self.declaration or self.order).number if self.declaration or self.order else ""  # type: ignore[union-attr]
        return f"{self.kind.value}.{number}"

    @property
    def is_lift(self) -> bool:
        """Whether it leads back to 平时."""
        return self.kind in (ActKind.LIFT, ActKind.ORDER_LIFT) or self.follows_lift

    @property
    def follows_lift(self) -> bool:
        """Whether it follows an order to go back to 平时."""
        return self.kind is ActKind.FOLLOW and self.order is not None and self.order.mode is Mode.PEACETIME

    @property
    def chooses_scope(self) -> bool:
        """Whether the officer says where."""
        return self.kind in (ActKind.DECLARE, ActKind.ORDER, ActKind.ORDER_LIFT)

    @property
    def chooses_preset(self) -> bool:
        """Whether the officer says which preset."""
        given = self.order is not None and bool(self.order.preset)
        return self.kind in (ActKind.DECLARE, ActKind.ORDER) or (
            self.kind is ActKind.FOLLOW and not given and not self.is_lift
        )

    @property
    def is_previewed(self) -> bool:
        """Whether what would change is shown before it is sent."""
        return self.kind in (ActKind.DECLARE, ActKind.LIFT, ActKind.FOLLOW)


@dataclass(frozen=True, slots=True, kw_only=True)
class Chosen:
    """What the officer put into the fields."""

    scope: Scope
    preset: str
    reason: str
    evidence: str = ""
    minutes: float = 10.0
    seen: str = ""
    seen_alarms: int = -1
    """How many vitals would alarm, as ingest told; -1: not told."""
    without: tuple[str, ...] = ()
    """Who need not confirm, because he failed to before."""


def acts(desk: Desk) -> tuple[Act, ...]:
    """Return what can be done at this seat now, a superior's orders first; empty: nothing by this post."""
    place, allowed = seat_place(desk), desk.allowed()
    facts = desk.session.facts.mode
    orders = sorted((one for one in facts.orders.values() if one.centre == place), key=lambda one: one.due_at)
    own = desk.session.own_centre
    lifted = [
        Act(kind=ActKind.LIFT, declaration=one) for one in facts.declarations.values()
        if one.state is SwitchState.IN_FORCE and mode_rules.is_held(one) and one.issuer in (own, place)
    ]  # fmt: skip
    offered = [
        *(Act(kind=ActKind.FOLLOW, order=one, declaration=_own_of(desk, one)) for one in orders),
        Act(kind=ActKind.DECLARE), *lifted, *_reports(desk, place),
        *(Act(kind=ActKind.REFUSE, order=one) for one in orders),
        Act(kind=ActKind.ORDER), Act(kind=ActKind.ORDER_LIFT),
    ]  # fmt: skip
    return tuple(act for act in offered if _PERMISSION[act.kind] in allowed and _makes_sense(act))


def command_of(act: Act, chosen: Chosen) -> object:
    """Return the command of an act."""
    order = act.order
    match act.kind:
        case ActKind.REPORT:
            assert act.report is not None
            due = act.report
            return GiveModeReport(
                declaration=due.declaration, place=due.place, version=due.version, words=chosen.reason
            )  # fmt: skip
        case ActKind.REFUSE:
            assert order is not None
            return RefuseModeOrder(order=order.number, version=order.version, reason=chosen.reason)
        case ActKind.ORDER | ActKind.ORDER_LIFT:
            mode = Mode.EMERGENCY if act.kind is ActKind.ORDER else Mode.PEACETIME
            return OrderMode(
                centre=chosen.scope.centre, mode=mode, scope=chosen.scope,
                preset=chosen.preset if act.kind is ActKind.ORDER else "", reason=chosen.reason,
                minutes=chosen.minutes,
            )  # fmt: skip
        case _ if act.is_lift:
            assert act.declaration is not None
            found = act.declaration
            return LiftMode(
                declaration=found.number, version=found.version, reason=chosen.reason, seen=chosen.seen,
                order=order.number if order else None, without=chosen.without, seen_alarms=chosen.seen_alarms,
            )  # fmt: skip
        case _:
            scope, preset = (order.scope, order.preset or chosen.preset) if order else (chosen.scope, chosen.preset)
            return DeclareMode(
                scope=scope, mode=Mode.EMERGENCY, preset=preset, reason=chosen.reason, evidence=chosen.evidence,
                seen=chosen.seen, order=order.number if order else None, without=chosen.without,
                seen_alarms=chosen.seen_alarms,
            )  # fmt: skip


def title(desk: Desk, act: Act) -> str:
    """Return what an act is called in the list of them."""
    words, code = ModeWords(desk), f"mode.act.{act.kind.value}"
    if act.report is not None:
        return words.report_due(act.report)
    if act.kind is ActKind.LIFT and act.declaration is not None:
        one = act.declaration
        since = desk.figures.clock(one.declared_at)[:-3]
        return desk.say(code, scope=words.scope(one.scope), preset=words.preset(one.preset), since=since)
    if act.order is not None:
        who = desk.names.place(act.order.by_centre) if desk.names is not None else act.order.by_centre
        return desk.say(code, who=who, time=desk.figures.clock(act.order.ordered_at)[:-3])
    return desk.say(code)


def deed(desk: Desk, act: Act, chosen: Chosen) -> str:
    """Return what was sent, in words."""
    if act.kind is ActKind.REFUSE:
        return desk.say("mode.deed.refuse")
    if act.report is not None:
        return ModeWords(desk).report(act.report)
    one = act.declaration if act.is_lift and act.declaration is not None else None
    scope = one.scope if one is not None else act.order.scope if act.order is not None else chosen.scope
    is_order = act.kind in (ActKind.ORDER, ActKind.ORDER_LIFT)
    code = "order" if is_order else "lift" if act.is_lift else "declare"
    return desk.say(f"mode.deed.{code}", scope=ModeWords(desk).scope(scope))


def _reports(desk: Desk, place: str) -> list[Act]:
    """Return the situation reports of this place and those below it that nobody gave, the most urgent last."""
    due = [one for one in desk.session.facts.mode.reports.values() if place in path_of(desk, one.centre)]
    return [Act(kind=ActKind.REPORT, report=one) for one in sorted(due, key=lambda one: -one.due_at)]


def _makes_sense(act: Act) -> bool:
    """An order to lift is followed by lifting one's own; without one there is nothing to lift."""
    return not act.follows_lift or act.declaration is not None


def _own_of(desk: Desk, order: ModeOrder) -> Declaration | None:
    """Return the own declaration that an order to lift is about."""
    own = (desk.session.own_centre, order.centre)
    declarations = desk.session.facts.mode.declarations.values()
    found = (one for one in declarations if one.issuer in own and one.scope == order.scope and mode_rules.is_held(one))
    return next(found, None)
